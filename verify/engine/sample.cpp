#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <stdexcept>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "numerics/stats/interval_estimate.hpp"
#include "numerics/stats/summary.hpp"
#include "verify/engine/engines.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

const experiment& find_experiment(const sample& what, const engine_context& context) {
    if (context.from == nullptr)
        throw std::invalid_argument("sample: no paper was given to look for experiment " +
                                    what.experiment);
    std::string known;
    for (const experiment& e : context.from->experiments) {
        if (e.id == what.experiment) return e;
        known += (known.empty() ? "" : ", ") + e.id;
    }
    throw std::invalid_argument("sample: no experiment " + what.experiment + " in paper " +
                                context.from->id + " (it has " + (known.empty() ? "none" : known) +
                                ")");
}

std::size_t find_statistic(const experiment& e, const std::string& statistic) {
    const auto it = std::find(e.statistics.begin(), e.statistics.end(), statistic);
    if (it == e.statistics.end())
        throw std::invalid_argument("sample: experiment " + e.id + " has no statistic " +
                                    statistic);
    return static_cast<std::size_t>(it - e.statistics.begin());
}

/// One virtual lane: its draws in increasing order.
struct lane {
    stats::summary all;
    std::int64_t ones = 0;
    bool binary = true; ///< every draw was 0 or 1
    std::exception_ptr failure;
};

struct drawn {
    stats::summary all;
    std::optional<std::int64_t> successes; ///< where every draw was 0 or 1
};

drawn draw_all(const experiment::draw& draw, std::size_t statistic, std::size_t statistics,
               std::int64_t draws, const engine_context& context) {
    std::array<lane, stats::virtual_lanes> lanes;
    double first_draw = 0;
    // A statistic that the experiment forgets to write is not a number.
    const auto draw_one = [&](std::int64_t index, std::vector<double>& slots) {
        slots.assign(statistics, std::numeric_limits<double>::quiet_NaN());
        draw(context.seed, static_cast<std::uint64_t>(index), slots.data());
        return slots[statistic];
    };
    const auto fill = [&](std::int64_t l) {
        lane& mine = lanes[static_cast<std::size_t>(l)];
        std::vector<double> slots;
        const kept_float_environment keep;
        try {
            mine.all = stats::summarise_lane(l, draws, [&](std::int64_t index) {
                look(context);
                const double x = draw_one(index, slots);
                if (index == 0) first_draw = x;
                mine.binary = mine.binary && (x == 0 || x == 1);
                mine.ones += x == 1 ? 1 : 0;
                return x;
            });
        } catch (...) {
            mine.failure = std::current_exception();
        }
    };
    // Isolated: a thread that waits for its lanes must not pick up another claim meanwhile.
    tbb::this_task_arena::isolate(
        [&] { tbb::parallel_for(std::int64_t{0}, stats::virtual_lanes, fill); });

    std::array<stats::summary, stats::virtual_lanes> parts;
    std::int64_t ones = 0;
    bool binary = true;
    for (std::size_t l = 0; l < lanes.size(); ++l) {
        // The first lane's failure, whichever came first: the same for any number of threads.
        if (lanes[l].failure) std::rethrow_exception(lanes[l].failure);
        parts[l] = lanes[l].all;
        ones += lanes[l].ones;
        binary = binary && lanes[l].binary;
    }
    drawn result{stats::combine_lanes(parts), std::nullopt};
    if (result.all.count() != draws) throw interrupted{}; // the scheduler left lanes out
    std::vector<double> slots;
    if (const double again = draw_one(0, slots); again < first_draw || first_draw < again)
        throw std::invalid_argument(
            fmt::format("sample: draw 0 gave {} at first and {} when asked again; a draw must be a "
                        "function of seed and index",
                        first_draw, again));
    if (binary) result.successes = ones;
    return result;
}

/// What rounding may have done to the interval of the mean: a lane's mean moves by at most two
/// units in the last place of the largest draw with each of its draws, and squares of deviations
/// below 1e-150 are lost.
double rounding_of(const stats::summary& seen) {
    const double per_lane = static_cast<double>(seen.count() / stats::virtual_lanes + 8);
    return per_lane * std::max(std::abs(seen.minimum()), std::abs(seen.maximum())) * 0x1p-51 +
           1e-150;
}

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
    const experiment& from = find_experiment(what, context);
    const std::size_t statistic = find_statistic(from, what.statistic);
    const std::uint64_t factor = work_factor(context.level);
    if (what.draws < 2 || what.draws > (std::uint64_t{1} << 53) / factor)
        throw std::invalid_argument(
            fmt::format("sample: need 2 to 2^53 draws, got {} times {}", what.draws, factor));
    const std::uint64_t draws = what.draws * factor;
    const arguments set = restricted(context.set, from.parameters);
    const arguments at = from.defaults.overridden_by(what.at).overridden_by(set);
    if (!set.all().empty()) check_shapes("sample (--set)", from.parameters, at);
    const matrix<rational> expected_value = what.expected(at);
    if (expected_value.size() != 1 || expected_value(0, 0).is_zero() || what.tolerance.sign() <= 0)
        throw std::invalid_argument(
            "sample: need a single expected value other than 0 and a relative tolerance > 0, got " +
            str(expected_value) + " and " + what.tolerance.str());
    const rational expected = expected_value(0, 0);

    const drawn seen = draw_all(from.prepare(at), statistic, from.statistics.size(),
                                static_cast<std::int64_t>(draws), context);
    stats::interval_estimate interval =
        seen.successes ? stats::clopper_pearson(*seen.successes, seen.all.count(), what.level)
                       : stats::student_interval(seen.all, what.level);
    if (!seen.successes) {
        interval.lower -= rounding_of(seen.all);
        interval.upper += rounding_of(seen.all);
    }

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

    if (!seen.successes && seen.all.minimum() == seen.all.maximum())
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
