#include "verify/engine/draws.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <fmt/format.h>
#include <limits>
#include <stdexcept>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

/// One virtual lane: its draws in increasing order.
struct lane {
    stats::summary all;
    std::int64_t ones = 0;
    bool binary = true; ///< every draw was 0 or 1
    std::exception_ptr failure;
};

/// What rounding may have done to the interval of the mean: a lane's mean moves by at most two
/// units in the last place of the largest draw with each of its draws, and squares of deviations
/// below 1e-150 are lost.
double rounding_of(const stats::summary& seen) {
    const double per_lane = static_cast<double>(seen.count() / stats::virtual_lanes + 8);
    return per_lane * std::max(std::abs(seen.minimum()), std::abs(seen.maximum())) * 0x1p-51 +
           1e-150;
}

} // namespace

const experiment& find_experiment(const std::string& who, const std::string& id,
                                  const engine_context& context) {
    if (context.from == nullptr)
        throw std::invalid_argument(who + ": no paper was given to look for experiment " + id);
    std::string known;
    for (const experiment& e : context.from->experiments) {
        if (e.id == id) return e;
        known += (known.empty() ? "" : ", ") + e.id;
    }
    throw std::invalid_argument(who + ": no experiment " + id + " in paper " + context.from->id +
                                " (it has " + (known.empty() ? "none" : known) + ")");
}

std::size_t find_statistic(const std::string& who, const experiment& e,
                           const std::string& statistic) {
    const auto it = std::find(e.statistics.begin(), e.statistics.end(), statistic);
    if (it == e.statistics.end())
        throw std::invalid_argument(who + ": experiment " + e.id + " has no statistic " +
                                    statistic);
    return static_cast<std::size_t>(it - e.statistics.begin());
}

std::uint64_t draws_of(const std::string& who, std::uint64_t draws, profile level) {
    const std::uint64_t factor = work_factor(level);
    if (draws < 2 || draws > (std::uint64_t{1} << 53) / factor)
        throw std::invalid_argument(
            fmt::format("{}: need 2 to 2^53 draws, got {} times {}", who, draws, factor));
    return draws * factor;
}

arguments arguments_of(const std::string& who, const experiment& e, const arguments& own,
                       const engine_context& context) {
    const arguments set = restricted(context.set, e.parameters);
    const arguments at = e.defaults.overridden_by(own).overridden_by(set);
    if (!set.all().empty()) check_shapes(who + " (--set)", e.parameters, at);
    return at;
}

drawn draw_all(const std::string& who, const experiment& e, const arguments& at,
               std::size_t statistic, power_of averaged, std::uint64_t draws, std::uint64_t seed,
               const engine_context& context) {
    const experiment::draw draw = e.prepare(at);
    const auto count = static_cast<std::int64_t>(draws);
    std::array<lane, stats::virtual_lanes> lanes;
    double first_draw = 0;
    // A statistic that the experiment forgets to write is not a number.
    const auto draw_one = [&](std::int64_t index, std::vector<double>& slots) {
        slots.assign(e.statistics.size(), std::numeric_limits<double>::quiet_NaN());
        draw(seed, static_cast<std::uint64_t>(index), slots.data());
        const double x = slots[statistic];
        return averaged == power_of::square ? x * x : x;
    };
    const auto fill = [&](std::int64_t l) {
        lane& mine = lanes[static_cast<std::size_t>(l)];
        std::vector<double> slots;
        const kept_float_environment keep;
        try {
            mine.all = stats::summarise_lane(l, count, [&](std::int64_t index) {
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
    if (result.all.count() != count) throw interrupted{}; // the scheduler left lanes out
    std::vector<double> slots;
    if (const double again = draw_one(0, slots); again < first_draw || first_draw < again)
        throw std::invalid_argument(
            fmt::format("{}: draw 0 gave {} at first and {} when asked again; a draw must be a "
                        "function of seed and index",
                        who, first_draw, again));
    if (binary) result.successes = ones;
    return result;
}

stats::interval_estimate interval_of_mean(const drawn& seen, double level) {
    if (seen.successes) return stats::clopper_pearson(*seen.successes, seen.all.count(), level);
    stats::interval_estimate interval = stats::student_interval(seen.all, level);
    interval.lower -= rounding_of(seen.all);
    interval.upper += rounding_of(seen.all);
    return interval;
}

} // namespace flowproof::engine
