#pragma once

#include <cstdint>
#include <string_view>

#include "numerics/stats/level.hpp"
#include "numerics/stats/summary.hpp"

namespace flowproof::stats {

enum class interval_method {
    clt,                 ///< normal quantile: asymptotic
    student,             ///< Student quantile: exact for normal draws, else asymptotic
    clopper_pearson,     ///< proportion: holds for every n
    hoeffding,           ///< bounded draws: holds for every n
    empirical_bernstein, ///< bounded draws, adapts to the variance: holds for every n
    percentile_bootstrap ///< asymptotic
};
std::string_view name(interval_method method);

/// Two-sided interval for an unknown number. It misses with probability `level`, split evenly
/// between the two sides. What is random is the interval; one interval proves nothing.
/// Endpoints are honest floating point, not enclosures (accuracy at each method).
struct interval_estimate {
    double lower = 0, upper = 0;
    double level = 0; ///< error probability alpha, see level.hpp
    interval_method method = interval_method::clt;

    double half_width() const { return (upper - lower) / 2; }
    bool contains(double x) const { return lower <= x && x <= upper; }
};

/// mean -+ z(1 - level / 2) standard errors. Asymptotic. Quantile accurate to 1e-14, relative.
/// @throws std::domain_error if the sample has fewer than two draws or is not finite.
interval_estimate clt_interval(const summary& sample, double level);

/// mean -+ t(n - 1; 1 - level / 2) standard errors. Quantile accurate to 1e-14, relative (measured,
/// n - 1 from 1 to 1e7, levels to 1e-12).
/// @throws as clt_interval
interval_estimate student_interval(const summary& sample, double level);

/// For the success probability behind `successes` in `trials` independent trials; covers with
/// probability at least 1 - level for every true value.
/// Accuracy endpoints pushed outward by a relative 1e-12, so that rounding does not cost coverage:
///          the inverse incomplete beta function errs by less than 1e-14 (measured against balls,
///          1 <= trials <= 1e8, levels 0.05 to 1e-12).
/// Source   C. Clopper, E. Pearson, Biometrika 26 (1934).
/// @throws std::invalid_argument unless trials >= 1 and 0 <= successes <= trials.
interval_estimate clopper_pearson(std::int64_t successes, std::int64_t trials, double level);

/// For the mean of independent draws that lie in [lowest, highest]; holds for every n. Cut to
/// [lowest, highest]. Half-width (highest - lowest) sqrt(log(2 / level) / (2 n)), to a few ulp.
/// Source   W. Hoeffding, J. Am. Stat. Assoc. 58 (1963), theorem 2.
/// @throws std::invalid_argument unless lowest < highest are finite; std::domain_error if the
///         sample is empty or leaves [lowest, highest].
interval_estimate hoeffding_interval(const summary& sample, double lowest, double highest,
                                     double level);

/// The same with the sample variance V in place of the range:
///     sqrt(2 V log(4 / level) / n) + 7 (highest - lowest) log(4 / level) / (3 (n - 1)).
/// Source   A. Maurer, M. Pontil, COLT 2009, arXiv:0907.3740v1, theorem 4, at level / 2 a side.
/// @throws as hoeffding_interval; std::domain_error also for fewer than two draws.
interval_estimate empirical_bernstein_interval(const summary& sample, double lowest, double highest,
                                               double level);

/// The least n for which clt_interval is expected to have half-width <= tolerance, for draws of
/// the given variance: ceil((z(1 - level / 2))^2 variance / tolerance^2), at least 2.
/// @throws std::invalid_argument unless variance >= 0 and tolerance > 0 are finite;
///         std::domain_error if n would exceed 2^53.
std::int64_t draws_for_half_width(double variance, double tolerance, double level);

} // namespace flowproof::stats
