#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "numerics/stats/interval_estimate.hpp"

namespace flowproof::stats {

/// A number computed from a sample, e.g. its median; must not depend on the thread it runs on.
using statistic = std::function<double(std::span<const double>)>;

/// Replicate number `index`: the statistic of sample.size() draws with replacement from the
/// sample, taken from random::stream(seed, stream_id, index). Any order, any thread, same bits.
double bootstrap_replicate(std::span<const double> sample, const statistic& f, std::uint64_t seed,
                           std::uint32_t stream_id, std::uint32_t index);

/// Percentile interval from finished replicates: the order statistics floor(level / 2 (R + 1)) from
/// below and from above. Asymptotic.
/// Source  B. Efron, R. Tibshirani, An introduction to the bootstrap (1993), chapter 13.
/// @throws std::invalid_argument unless replicates.size() >= 2 / level - 1, below which the
///         percentile does not exist; std::domain_error if a replicate is NaN.
interval_estimate percentile_interval(std::vector<double> replicates, double level);

/// Both steps on the calling thread.
/// @throws std::invalid_argument if the sample is empty, or as percentile_interval.
interval_estimate bootstrap_interval(std::span<const double> sample, const statistic& f,
                                     double level, std::uint32_t replicates, std::uint64_t seed,
                                     std::uint32_t stream_id = 0);

} // namespace flowproof::stats
