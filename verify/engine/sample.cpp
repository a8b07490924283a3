#include <cmath>
#include <fmt/format.h>
#include <stdexcept>

#include "verify/engine/draws.hpp"
#include "verify/engine/engines.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

/// How many draws would move the interval off the nearer edge of the band, in words.
std::string draws_needed(const stats::summary& seen, double expected, double tolerance,
                         double level) {
    const double to_edge =
        std::abs(std::abs(expected) * tolerance - std::abs(seen.mean() - expected));
    try {
        return fmt::format("about {:.2g} draws", static_cast<double>(stats::draws_for_half_width(
                                                     seen.variance(), to_edge, level)));
    } catch (const std::exception&) { // on the edge, or beyond 2^53 draws
        return "more draws than can be made; a wider tolerance";
    }
}

} // namespace

decision decide_sample(const sample& what, const engine_context& context) {
    const experiment& from = find_experiment("sample", what.experiment, context);
    const std::size_t statistic = find_statistic("sample", from, what.statistic);
    const std::uint64_t draws = draws_of("sample", what.draws, context.level);
    const arguments at = arguments_of("sample", from, what.at, context);
    const matrix<rational> expected_value = what.expected(at);
    if (expected_value.size() != 1 || expected_value(0, 0).is_zero() || what.tolerance.sign() <= 0)
        throw std::invalid_argument(
            "sample: need a single expected value other than 0 and a relative tolerance > 0, got " +
            str(expected_value) + " and " + what.tolerance.str());
    const rational expected = expected_value(0, 0);

    const drawn seen =
        draw_all("sample", from, at, statistic, power_of::statistic, draws, context.seed, context);
    const stats::interval_estimate interval = interval_of_mean(seen, what.level);

    const rational margin = abs(expected) * what.tolerance;
    const rational lower = rational::exactly(interval.lower),
                   upper = rational::exactly(interval.upper);
    sampled evidence{from.id,
                     what.statistic,
                     fmt::format("{:.17g}", seen.all.mean()),
                     fmt::format("{:.17g}", interval.lower),
                     fmt::format("{:.17g}", interval.upper),
                     expected.str(),
                     what.tolerance.str(),
                     what.level,
                     draws,
                     context.seed,
                     std::string(stats::name(interval.method))};

    certificate proof;
    proof.kind = "sample";
    proof.domain.push_back(from.id + " at " + at.str());
    proof.fingerprint =
        fnv_hash().add(from.id).add(what.statistic).add(at.str()).add(expected.str()).str();
    add_payload(proof, "experiment", from.id + ", " + what.statistic, "");
    add_payload(proof, "at", at.str(), "the experiment's arguments");
    add_payload(proof, "expected", expected.str(), "the exact value");
    add_payload(proof, "draws", fmt::format("{} with seed {}", draws, context.seed), "");
    add_payload(proof, "mean", evidence.mean, "");

    if (!seen.successes && !seen.varies())
        return {
            verdict::undecided("every draw gave " + evidence.mean +
                                   ", so that the interval of the mean has no spread to rest on",
                               "a statistic that varies, or an exact check", evidence),
            std::move(proof)};
    if (expected - margin <= lower && upper <= expected + margin)
        return {verdict::holds(std::move(evidence)), std::move(proof)};
    if (upper < expected - margin || expected + margin < lower)
        return {verdict::falls(std::move(evidence)), std::move(proof)};
    return {verdict::undecided(
                fmt::format("the interval [{}, {}] of {} draws crosses an edge of {} (1 +- {})",
                            evidence.lower, evidence.upper, draws, expected.decimal(10),
                            what.tolerance.str()),
                "needs " + draws_needed(seen.all, expected.nearest(), what.tolerance.nearest(),
                                        what.level),
                std::move(evidence)),
            std::move(proof)};
}

} // namespace flowproof::engine
