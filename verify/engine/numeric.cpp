#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <stdexcept>

#include "verify/engine/engines.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

rational largest(const ball& x) { return std::max(abs(x.lower()), abs(x.upper())); }
rational smallest(const ball& x) {
    return x.contains_zero() ? rational(0) : std::min(abs(x.lower()), abs(x.upper()));
}

struct levels_seen {
    ball value, reference;
    ball last, previous; ///< v(L) - v(L - 1), v(L - 1) - v(L - 2)
    bool finite = false;
};

levels_seen evaluate(const numeric& what, const arguments& at, std::int64_t deepest,
                     std::int64_t bits, const engine_context& context) {
    std::array<ball, 3> v;
    for (std::int64_t k = 0; k < 3; ++k) {
        look(context);
        v[static_cast<std::size_t>(k)] = what.value(at, deepest - 2 + k, bits);
    }
    levels_seen seen{v[2], what.reference(at, bits), v[2] - v[1], v[1] - v[0]};
    seen.finite = seen.last.is_finite() && seen.previous.is_finite() && seen.reference.is_finite();
    return seen;
}

} // namespace

decision decide_numeric(const numeric& what, const engine_context& context) {
    if (!what.value || !what.reference)
        throw std::invalid_argument("numeric: needs a value and a reference");
    if (what.levels < 2 || what.tolerance.sign() <= 0)
        throw std::invalid_argument(
            fmt::format("numeric: need levels >= 2 and tolerance > 0, got levels = {} and "
                        "tolerance = {}",
                        what.levels, what.tolerance.str()));
    const arguments set = restricted(context.set, what.parameters);
    const arguments at = what.at.overridden_by(set);
    if (!set.all().empty()) check_shapes("numeric (--set)", what.parameters, at);
    const std::int64_t deepest = what.levels + (context.level == profile::quick  ? 0
                                                : context.level == profile::full ? 2
                                                                                 : 4);
    const rational slack = what.tolerance / rational(1000);

    // The balls' own radii must not matter beside the tolerance.
    std::int64_t bits = bits_for_digits(context.digits);
    levels_seen seen = evaluate(what, at, deepest, bits, context);
    for (int attempt = 0; attempt < 3; ++attempt) {
        if (seen.finite && seen.value.radius() + seen.reference.radius() <= slack) break;
        bits *= 2;
        seen = evaluate(what, at, deepest, bits, context);
    }

    certificate proof;
    proof.kind = "numeric";
    if (!at.all().empty()) proof.domain.push_back(at.str());
    add_payload(proof, "model", what.model, "the claim's model");
    add_payload(proof, "at", at.str(), "the claim's arguments");
    add_payload(proof, "levels", fmt::format("{} to {}", deepest - 2, deepest), "");
    if (!seen.finite)
        return {verdict::undecided(fmt::format("levels {} to {} or the reference are not finite at "
                                               "{} bits",
                                               deepest - 2, deepest, bits),
                                   "a closure that stays inside its domain"),
                std::move(proof)};
    proof.fingerprint = fnv_hash()
                            .add(at.str())
                            .add(seen.value.midpoint().decimal(10))
                            .add(seen.reference.midpoint().decimal(10))
                            .str();
    add_payload(proof, "value", printed(seen.value, context.digits), "the value at these levels");
    add_payload(proof, "reference", printed(seen.reference, context.digits), "the reference");

    const ball difference = seen.value - seen.reference;
    const rational error = largest(seen.last), before = largest(seen.previous);
    const int digits = context.digits;
    refinement evidence{what.model,
                        seen.value.midpoint().decimal(digits),
                        seen.reference.midpoint().decimal(digits),
                        decimal_above(largest(difference), 3),
                        decimal_above(error, 3),
                        what.tolerance.str(),
                        deepest};
    const bool shrinks = error <= rational(2, 3) * before || (error <= slack && before <= slack);
    const std::string deeper = context.level == profile::paper ? "deeper levels or a better method"
                                                               : "deeper levels: a larger profile";
    const auto undecided = [&](std::string reason, std::string cure) {
        return decision{verdict::undecided(std::move(reason), std::move(cure), std::move(evidence)),
                        proof};
    };
    if (!shrinks)
        return undecided(
            fmt::format("the differences do not shrink by 2/3: {} after {} at level {}",
                        decimal_above(error, 3), decimal_above(before, 3), deepest),
            deeper + ", where the model holds");
    if (error > what.tolerance)
        return undecided(fmt::format("estimated error {} at level {}, but {} asked",
                                     decimal_above(error, 3), deepest, what.tolerance.str()),
                         deeper);
    if (largest(difference) <= rational(2) * error + slack)
        return {verdict::holds(std::move(evidence)), std::move(proof)};
    if (smallest(difference) > rational(10) * (error + what.tolerance))
        return {verdict::falls(std::move(evidence)), std::move(proof)};
    return undecided(
        fmt::format("|value - reference| <= {} is more than twice the estimated error {} and not "
                    "beyond ten times error and tolerance",
                    decimal_above(largest(difference), 3), decimal_above(error, 3)),
        deeper + ", or a smaller tolerance");
}

} // namespace flowproof::engine
