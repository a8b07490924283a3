#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <stdexcept>

#include "verify/engine/engines.hpp"
#include "verify/engine/rows.hpp"

namespace flowproof::engine {

namespace {

/// Does every number of the ball lie within the bounds (yes), none (no)?
truth lies_within(const ball& x, const bounds& b) {
    if (!x.is_finite()) return truth::unknown;
    return flowproof::lies_within(x.lower(), x.upper(), b);
}

std::int64_t most_bits(profile p) {
    return p == profile::quick ? 2048 : p == profile::full ? 16384 : 131072;
}

/// The closure's values at one precision; rows at the same point share one evaluation.
class table {
public:
    table(const enclosure& what, std::int64_t bits) : what_(what), bits_(bits) {}

    const ball& entry(const table_row& row) {
        auto [it, fresh] = values_.try_emplace(row.at.str());
        if (fresh) it->second = what_.value(row.at, bits_);
        const matrix<ball>& m = it->second;
        const auto [i, j] = place_of(row, m.rows(), m.cols(), "enclosure");
        return m(i, j);
    }

private:
    const enclosure& what_;
    std::int64_t bits_;
    std::map<std::string, matrix<ball>> values_;
};

void check(const enclosure& what) {
    if (!what.value) throw std::invalid_argument("enclosure: needs a closure");
    check_rows("enclosure", what.rows);
}

} // namespace

decision decide_enclosure(const enclosure& what, const engine_context& context) {
    check(what);
    const std::size_t n = what.rows.size();
    std::vector<ball> found(n);
    std::vector<truth> state(n, truth::unknown);
    std::int64_t bits = bits_for_digits(context.digits);
    for (;; bits *= 2) {
        table values(what, bits);
        for (std::size_t i = 0; i < n; ++i) {
            if (state[i] == truth::yes) continue;
            look(context);
            found[i] = values.entry(what.rows[i]);
            state[i] = lies_within(found[i], what.rows[i].within);
        }
        const auto met = [&](truth t) { return std::count(state.begin(), state.end(), t) > 0; };
        if (met(truth::no) || !met(truth::unknown) || 2 * bits > most_bits(context.level)) break;
    }

    enclosed evidence{coverage::listed, {}, bits};
    std::vector<seen_row> seen;
    for (std::size_t i = 0; i < n; ++i) {
        const bool finite = found[i].is_finite();
        evidence.rows.push_back(enclosed_row(what.rows[i], found[i], finite, context.digits));
        seen.push_back({state[i], "in " + printed(found[i], context.digits),
                        finite ? found[i].midpoint().decimal(10) : "not finite"});
    }
    const auto falls = [&](std::size_t i) {
        return verdict::falls(counterexample_of(what.rows[i], found[i], context.digits));
    };
    const auto open = [&](std::size_t i) -> std::pair<std::string, std::string> {
        return {fmt::format("the enclosure has width {} at {} bits and neither lies in {} nor "
                            "misses it",
                            found[i].is_finite() ? decimal_above(2 * found[i].radius(), 3)
                                                 : "not finite",
                            bits, printed(what.rows[i].within)),
                context.level == profile::paper
                    ? "a tighter closure, or bounds that are not met exactly"
                    : fmt::format("more bits: a larger profile (now {}, up to {} bits)",
                                  name(context.level), most_bits(context.level))};
    };
    return conclude_rows("enclosure", what.rows, seen, std::move(evidence), falls, open);
}

} // namespace flowproof::engine
