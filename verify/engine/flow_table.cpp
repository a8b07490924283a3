#include <fmt/format.h>
#include <map>
#include <stdexcept>

#include "verify/engine/engines.hpp"
#include "verify/engine/flow.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

/// How often the digits may be doubled to decide a row.
int attempts(profile p) { return p == profile::quick ? 2 : p == profile::full ? 3 : 4; }

flow_budget budget_of(const engine_context& context) {
    return {static_cast<std::int64_t>(100'000 * work_factor(context.level)), context.stop};
}

/// Rows at the same point share one estimate; it is made anew when more digits are asked.
class estimates {
public:
    estimates(const flow_table& what, const engine_context& context)
        : what_(what), budget_(budget_of(context)) {}

    const flow_estimate& at(const arguments& point, int digits) {
        flow_estimate& e = known_[point.str()];
        if (e.digits < digits) e = estimate(what_.value, point, digits, budget_);
        return e;
    }

private:
    const flow_table& what_;
    flow_budget budget_;
    std::map<std::string, flow_estimate> known_;
};

struct decided_row {
    truth holds = truth::unknown;
    rational value, error;
    int digits = 0;
    std::string failure{}, cure{};
};

decided_row decide_row(const table_row& row, estimates& all, const engine_context& context) {
    decided_row result;
    int digits = context.digits + 6;
    for (int attempt = 0; attempt < attempts(context.level); ++attempt, digits *= 2) {
        look(context);
        const flow_estimate& e = all.at(row.at, digits);
        result.digits = e.digits;
        if (!e.failure.empty()) {
            result.failure = e.failure;
            result.cure = e.cure;
            return result;
        }
        const auto [i, j] = place_of(row, e.value.rows(), e.value.cols(), "flow table");
        result.value = e.value(i, j);
        result.error = e.error(i, j);
        const auto within = [&](const rational& margin) {
            return lies_within(result.value - margin, result.value + margin, row.within);
        };
        if (certainly(within(result.error))) result.holds = truth::yes;
        if (certainly_not(within(rational(10) * result.error))) result.holds = truth::no;
        if (result.holds != truth::unknown) break;
    }
    return result;
}

} // namespace

decision decide_flow_table(const flow_table& what, const engine_context& context) {
    check_rows("flow table", what.rows);
    estimates all(what, context);
    integrated evidence;
    evidence.model = "two integrations with different tolerances, Taylor orders and precisions; "
                     "error: their difference";
    certificate proof;
    proof.kind = "numeric";
    proof.covers = coverage::listed;
    proof.domain.push_back(fmt::format("{} listed rows", what.rows.size()));
    fnv_hash outputs;
    std::optional<std::size_t> fallen, open;
    std::vector<decided_row> decided;
    for (std::size_t i = 0; i < what.rows.size(); ++i) {
        const table_row& row = what.rows[i];
        decided.push_back(decide_row(row, all, context));
        const decided_row& d = decided.back();
        const bool known = d.failure.empty();
        const std::string value = known ? d.value.decimal(context.digits) : d.failure;
        evidence.rows.push_back(
            {row.name, value, known ? decimal_above(d.error, 3) : "", printed(row.within)});
        evidence.digits = std::max(evidence.digits, d.digits);
        outputs.add(row.name).add(row.at.str()).add(printed(row.within));
        outputs.add(known ? d.value.decimal(10) : d.failure);
        add_payload(proof, "row " + row.name,
                    fmt::format("{}; entry {}; {} +/- {}; must lie in {}", row.at.str(), row.entry,
                                value, known ? decimal_above(d.error, 3) : "?",
                                printed(row.within)),
                    "a declared row");
        if (!fallen && d.holds == truth::no) fallen = i;
        if (!open && d.holds == truth::unknown) open = i;
    }
    proof.fingerprint = outputs.str();

    if (fallen) {
        proof.covers.reset();
        integrated why{evidence.model, {evidence.rows[*fallen]}, decided[*fallen].digits};
        return {verdict::falls(std::move(why)), std::move(proof)};
    }
    if (open) {
        proof.covers.reset();
        const decided_row& d = decided[*open];
        const std::string& name = what.rows[*open].name;
        if (!d.failure.empty())
            return {verdict::undecided(fmt::format("row \"{}\": {}", name, d.failure), d.cure,
                                       std::move(evidence)),
                    std::move(proof)};
        return {verdict::undecided(
                    fmt::format("row \"{}\": {} +/- {} with {} digits a step neither lies in {} "
                                "nor misses it by ten times the error",
                                name, d.value.decimal(10), decimal_above(d.error, 3), d.digits,
                                printed(what.rows[*open].within)),
                    context.level == profile::paper ? "bounds that are not met exactly"
                                                    : "more digits: --digits or a larger profile",
                    std::move(evidence)),
                std::move(proof)};
    }
    return {verdict::holds(std::move(evidence)), std::move(proof)};
}

} // namespace flowproof::engine
