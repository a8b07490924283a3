#include <fmt/format.h>
#include <map>
#include <optional>
#include <stdexcept>

#include "verify/engine/engines.hpp"
#include "verify/engine/flow.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

/// How often the digits may be doubled to decide a row.
int attempts(profile p) { return p == profile::quick ? 2 : p == profile::full ? 3 : 4; }

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
    certificate proof;
    proof.kind = "flow";
    proof.covers = coverage::listed;
    proof.domain.push_back(fmt::format("{} listed rows", what.rows.size()));
    fnv_hash outputs;
    std::optional<std::size_t> fallen, open;
    std::vector<decided_row> decided;
    for (std::size_t i = 0; i < what.rows.size(); ++i) {
        const table_row& row = what.rows[i];
        decided.push_back(decide_row(row, all, context));
        const decided_row& d = decided.back();
        const std::string seen = d.known ? printed(d.value, context.digits) : d.failure;
        evidence.rows.push_back({row.name,
                                 d.known ? decimal_below(d.value.lower(), context.digits) : "-inf",
                                 d.known ? decimal_above(d.value.upper(), context.digits) : "inf",
                                 printed(row.within)});
        evidence.bits = std::max(evidence.bits, bits_for_digits(d.digits));
        // Ten digits: what every precision and every version of the ball arithmetic agrees on.
        outputs.add(row.name).add(row.at.str()).add(printed(row.within));
        outputs.add(d.known ? d.value.midpoint().decimal(10) : d.failure);
        add_payload(proof, "row " + row.name,
                    fmt::format("{}; entry {}; in {}; must lie in {}", row.at.str(), row.entry,
                                seen, printed(row.within)),
                    "a declared row");
        if (!fallen && d.holds == truth::no) fallen = i;
        if (!open && d.holds == truth::unknown) open = i;
    }
    proof.fingerprint = outputs.str();

    if (fallen) {
        proof.covers.reset();
        const table_row& row = what.rows[*fallen];
        return {verdict::falls(counterexample{row.name, bindings_of(row.at),
                                              printed(decided[*fallen].value, context.digits),
                                              printed(row.within)}),
                std::move(proof)};
    }
    if (open) {
        proof.covers.reset();
        const decided_row& d = decided[*open];
        const table_row& row = what.rows[*open];
        if (!d.known)
            return {verdict::undecided(fmt::format("row \"{}\": {}", row.name, d.failure), d.cure,
                                       std::move(evidence)),
                    std::move(proof)};
        return {verdict::undecided(
                    fmt::format("row \"{}\": the enclosure has width {} with {} digits asked and "
                                "neither lies in {} nor misses it",
                                row.name, decimal_above(2 * d.value.radius(), 3), d.digits,
                                printed(row.within)),
                    context.level == profile::paper ? "bounds that are not met exactly"
                                                    : "more digits: --digits or a larger profile",
                    std::move(evidence)),
                std::move(proof)};
    }
    all.add_certificates(proof);
    return {verdict::holds(std::move(evidence)), std::move(proof)};
}

} // namespace flowproof::engine
