#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>

#include "numerics/scalar/rational.hpp"

namespace flowproof::stats {

/// Count, mean, spread and range of a sample, updated one draw at a time in constant memory.
///
/// Accuracy Welford's recurrence: relative error of variance() about n 2^-53 times
///          sqrt(1 + mean^2 / variance), measured, not proved. NaN draws give NaN results.
/// Source   T. Chan, G. Golub, R. LeVeque, Am. Stat. 37 (1983), for combine().
class summary {
public:
    void add(double x);
    /// As if other's draws had been added after ours, up to rounding.
    void combine(const summary& other);

    std::int64_t count() const noexcept { return count_; }
    double mean() const;           ///< @throws std::domain_error for an empty sample
    double variance() const;       ///< unbiased, divisor n - 1. @throws std::domain_error if n < 2
    double standard_error() const; ///< of the mean, sqrt(variance / n). @throws as variance()
    double minimum() const noexcept { return minimum_; } ///< +inf for an empty sample
    double maximum() const noexcept { return maximum_; } ///< -inf for an empty sample

private:
    std::int64_t count_ = 0;
    double mean_ = 0, squares_ = 0; // squares_: sum of (x - mean)^2
    double minimum_ = std::numeric_limits<double>::infinity();
    double maximum_ = -std::numeric_limits<double>::infinity();
};

/// Sums that do not depend on the number of threads: draw i belongs to lane i mod 64, a lane adds
/// its draws in increasing i, and the 64 lanes are combined in one fixed binary tree. Any thread
/// may compute any lane.
inline constexpr std::int64_t virtual_lanes = 64;

/// The tree over the finished lanes.
summary combine_lanes(const std::array<summary, virtual_lanes>& lanes);

/// Lane `lane` of draw(0), ..., draw(draws - 1).
template <class Draw>
summary summarise_lane(std::int64_t lane, std::int64_t draws, const Draw& draw) {
    summary result;
    for (std::int64_t i = lane; i < draws; i += virtual_lanes)
        result.add(draw(i));
    return result;
}

/// All lanes on the calling thread: what a parallel loop over summarise_lane must reproduce.
/// @param draw  std::int64_t -> double, a pure function of the index (a stream per index).
template <class Draw> summary summarise(std::int64_t draws, const Draw& draw) {
    std::array<summary, virtual_lanes> lanes;
    for (std::int64_t lane = 0; lane < virtual_lanes; ++lane)
        lanes[static_cast<std::size_t>(lane)] = summarise_lane(lane, draws, draw);
    return combine_lanes(lanes);
}
summary summarise(std::span<const double> sample);

/// The same without rounding, for integers and rationals; order never matters.
class exact_summary {
public:
    void add(const rational& x);
    void combine(const exact_summary& other);

    std::int64_t count() const noexcept { return count_; }
    const rational& sum() const noexcept { return sum_; }
    rational mean() const;     ///< @throws std::domain_error for an empty sample
    rational variance() const; ///< unbiased, divisor n - 1. @throws std::domain_error if n < 2

private:
    std::int64_t count_ = 0;
    rational sum_, squares_; // squares_: sum of x^2
};

} // namespace flowproof::stats
