#include <fmt/format.h>
#include <map>

#include "verify/engine/engines.hpp"
#include "verify/engine/flow.hpp"
#include "verify/engine/rows.hpp"

namespace flowproof::engine {

namespace {

/// Rows at the same point share one enclosure; it is made anew when more digits are asked.
class enclosures {
public:
    enclosures(const flow_table& what, const engine_context& context)
        : what_(what), budget_{static_cast<std::int64_t>(20'000 * work_factor(context.level)),
                               context.stop} {}

    const flow_enclosure& at(const arguments& point, int digits) {
        flow_enclosure& e = known_[point.str()];
        if (e.digits < digits) e = enclose(what_.value, point, digits, budget_);
        return e;
    }

    /// One text for each point: that its rows lie within their bounds.
    void add_certificates(certificate& proof) const {
        for (const auto& [point, e] : known_) {
            if (!e.certificate) continue;
            std::vector<std::pair<std::size_t, bounds>> values;
            for (const table_row& row : what_.rows)
                if (row.at.str() == point)
                    values.emplace_back(static_cast<std::size_t>(row.entry), row.within);
            proof.payload.emplace_back("proof at " + point, e.certificate(values));
        }
    }

private:
    const flow_table& what_;
    flow_budget budget_;
    std::map<std::string, flow_enclosure> known_;
};

struct decided_row {
    truth holds = truth::unknown;
    ball value{};
    bool known = false;
    int digits = 0;
    std::string failure{}, cure{};
};

decided_row decide_row(const table_row& row, enclosures& all, const engine_context& context) {
    decided_row result;
    int digits = context.digits + 2;
    for (int attempt = 0; attempt < attempts(context.level); ++attempt, digits *= 2) {
        look(context);
        const flow_enclosure& e = all.at(row.at, digits);
        result.digits = e.digits;
        result.failure = e.failure;
        result.cure = e.cure;
        result.known = e.failure.empty();
        if (!result.known) continue; // more digits may help
        const auto [i, j] = place_of(row, e.value.rows(), e.value.cols(), "flow");
        result.value = e.value(i, j);
        result.holds = lies_within(result.value.lower(), result.value.upper(), row.within);
        if (result.holds != truth::unknown) break;
    }
    return result;
}

} // namespace

decision decide_flow_table_enclosed(const flow_table& what, const engine_context& context) {
    check_rows("flow", what.rows);
    enclosures all(what, context);
    enclosed evidence{coverage::listed, {}, 0};
    std::vector<decided_row> decided;
    std::vector<seen_row> seen;
    for (const table_row& row : what.rows) {
        const decided_row& d = decided.emplace_back(decide_row(row, all, context));
        evidence.rows.push_back(enclosed_row(row, d.value, d.known, context.digits));
        evidence.bits = std::max(evidence.bits, bits_for_digits(d.digits));
        seen.push_back({d.holds, "in " + (d.known ? printed(d.value, context.digits) : d.failure),
                        d.known ? d.value.midpoint().decimal(10) : d.failure});
    }
    const auto falls = [&](std::size_t i) {
        return verdict::falls(counterexample_of(what.rows[i], decided[i].value, context.digits));
    };
    const auto open = [&](std::size_t i) -> std::pair<std::string, std::string> {
        const decided_row& d = decided[i];
        if (!d.known) return {d.failure, d.cure};
        return {fmt::format("the enclosure has width {} with {} digits asked and neither lies in "
                            "{} nor misses it",
                            decimal_above(2 * d.value.radius(), 3), d.digits,
                            printed(what.rows[i].within)),
                tighter(context.level)};
    };
    decision result = conclude_rows("flow", what.rows, seen, std::move(evidence), falls, open);
    if (result.proof.covers) all.add_certificates(result.proof);
    return result;
}

} // namespace flowproof::engine
