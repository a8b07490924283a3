#pragma once
// What the sampling engines share: finding an experiment, drawing it, the interval of a mean.

#include <cstdint>
#include <optional>
#include <string>

#include "numerics/stats/interval_estimate.hpp"
#include "numerics/stats/summary.hpp"
#include "verify/engine/engine.hpp"

namespace flowproof::engine {

/// The experiment with this id in the context's paper. @param who  kind of the obligation.
/// @throws std::invalid_argument naming the experiments there are.
const experiment& find_experiment(const std::string& who, const std::string& id,
                                  const engine_context& context);
/// @throws std::invalid_argument for a statistic that the experiment does not have.
std::size_t find_statistic(const std::string& who, const experiment& e,
                           const std::string& statistic);
/// draws times the profile's factor. @throws std::invalid_argument unless 2 <= result <= 2^53.
std::uint64_t draws_of(const std::string& who, std::uint64_t draws, profile level);
/// The experiment's defaults, overridden by the obligation's own arguments and by --set.
arguments arguments_of(const std::string& who, const experiment& e, const arguments& own,
                       const engine_context& context);

/// Many draws of one number.
struct drawn {
    stats::summary all;
    std::optional<std::int64_t> successes; ///< where every draw was 0 or 1

    bool varies() const { return all.minimum() < all.maximum(); }
};

/// Which power of the statistic is averaged.
enum class power_of { statistic, square };

/// Draws 0 .. draws - 1 under a seed, spread over 64 fixed lanes: the same bits for any number of
/// threads. @throws std::invalid_argument if draw 0 differs when asked for again; interrupted.
drawn draw_all(const std::string& who, const experiment& e, const arguments& at,
               std::size_t statistic, power_of averaged, std::uint64_t draws, std::uint64_t seed,
               const engine_context& context);

/// Of the mean: Clopper-Pearson where every draw is 0 or 1, else Student, widened by what rounding
/// may have done.
stats::interval_estimate interval_of_mean(const drawn& seen, double level);

} // namespace flowproof::engine
