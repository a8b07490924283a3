#include <fmt/format.h>
#include <map>
#include <stdexcept>

#include "verify/engine/engines.hpp"
#include "verify/engine/support.hpp"

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
    const auto first = [&](truth t) {
        std::size_t i = 0;
        while (i < n && state[i] != t)
            ++i;
        return i;
    };

    std::int64_t bits = bits_for_digits(context.digits);
    for (;; bits *= 2) {
        table values(what, bits);
        for (std::size_t i = 0; i < n; ++i) {
            if (state[i] == truth::yes) continue;
            look(context);
            found[i] = values.entry(what.rows[i]);
            state[i] = lies_within(found[i], what.rows[i].within);
        }
        const bool open = first(truth::no) == n && first(truth::unknown) < n;
        if (!open || 2 * bits > most_bits(context.level)) break;
    }

    decision result{verdict::broken("enclosure: not decided"), {}};
    certificate& proof = result.proof;
    proof.kind = "enclosure";
    proof.covers = coverage::listed;
    proof.domain.push_back(fmt::format("{} listed rows", n));
    fnv_hash outputs;
    enclosed evidence{coverage::listed, {}, bits};
    for (std::size_t i = 0; i < n; ++i) {
        const auto& row = what.rows[i];
        const bool finite = found[i].is_finite();
        evidence.rows.push_back({row.name,
                                 finite ? decimal_below(found[i].lower(), context.digits) : "-inf",
                                 finite ? decimal_above(found[i].upper(), context.digits) : "inf",
                                 printed(row.within)});
        // Ten digits: what every precision and every version of the ball arithmetic agrees on.
        outputs.add(row.name).add(row.at.str()).add(printed(row.within));
        outputs.add(finite ? found[i].midpoint().decimal(10) : "not finite");
        add_payload(proof, "row " + row.name,
                    fmt::format("{}; entry {}; in {}; must lie in {}", row.at.str(), row.entry,
                                printed(found[i], context.digits), printed(row.within)),
                    "a declared row");
    }
    proof.fingerprint = outputs.str();

    if (const std::size_t i = first(truth::no); i < n) {
        const auto& row = what.rows[i];
        proof.covers.reset();
        result.result = verdict::falls(counterexample{
            row.name, bindings_of(row.at), printed(found[i], context.digits), printed(row.within)});
    } else if (const std::size_t j = first(truth::unknown); j < n) {
        const std::string width =
            found[j].is_finite() ? decimal_above(2 * found[j].radius(), 3) : "not finite";
        proof.covers.reset();
        result.result = verdict::undecided(
            fmt::format("row \"{}\": the enclosure has width {} at {} bits and neither lies in {} "
                        "nor misses it",
                        what.rows[j].name, width, bits, printed(what.rows[j].within)),
            context.level == profile::paper
                ? "a tighter closure, or bounds that are not met exactly"
                : fmt::format("more bits: a larger profile (now {}, up to {} bits)",
                              name(context.level), most_bits(context.level)),
            std::move(evidence));
    } else {
        result.result = verdict::holds(std::move(evidence));
    }
    return result;
}

} // namespace flowproof::engine
