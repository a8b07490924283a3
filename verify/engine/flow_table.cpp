#include <fmt/format.h>
#include <map>
#include <stdexcept>

#include "verify/engine/engines.hpp"
#include "verify/engine/flow.hpp"
#include "verify/engine/rows.hpp"

namespace flowproof::engine {

namespace {

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
    std::vector<decided_row> decided;
    std::vector<seen_row> seen;
    for (const table_row& row : what.rows) {
        const decided_row& d = decided.emplace_back(decide_row(row, all, context));
        const bool known = d.failure.empty();
        const std::string value = known ? d.value.decimal(context.digits) : d.failure;
        const std::string error = known ? decimal_above(d.error, 3) : "";
        evidence.rows.push_back({row.name, value, error, printed(row.within)});
        evidence.digits = std::max(evidence.digits, d.digits);
        seen.push_back({d.holds, value + " +/- " + (known ? error : "?"),
                        known ? d.value.decimal(10) : d.failure});
    }
    const auto falls = [&](std::size_t i) {
        return verdict::falls(integrated{evidence.model, {evidence.rows[i]}, decided[i].digits});
    };
    const auto open = [&](std::size_t i) -> std::pair<std::string, std::string> {
        const decided_row& d = decided[i];
        if (!d.failure.empty()) return {d.failure, d.cure};
        return {fmt::format("{} +/- {} with {} digits a step neither lies in {} nor misses it by "
                            "ten times the error",
                            d.value.decimal(10), decimal_above(d.error, 3), d.digits,
                            printed(what.rows[i].within)),
                tighter(context.level)};
    };
    return conclude_rows("numeric", what.rows, seen, evidence, falls, open);
}

} // namespace flowproof::engine
