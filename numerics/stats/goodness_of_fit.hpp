#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "numerics/scalar/rational.hpp"
#include "numerics/stats/two_sample.hpp"

namespace flowproof::stats {

/// Pearson's test of: the counts were drawn from `law`. Asymptotic; the usual rule asks for an
/// expected count of 5 or more in each cell, which the caller arranges by merging cells.
/// Cells of probability 0 do not count as degrees of freedom; a draw in one gives p_value 0.
/// @throws std::invalid_argument if the sizes differ, a count is negative, the law has fewer than
///         two positive entries, a negative one or a sum other than 1, or nothing was counted.
test_result chi_square_test(std::span<const std::int64_t> counts, std::span<const rational> law);

/// Kolmogorov-Smirnov test of: the draws have the continuous distribution function cdf.
///
/// statistic  D = sup |F_n - cdf|.
/// p_value    min(1, 2 P(D+ >= d)), P(D+ >= d) the exact one-sided law: never below the exact
///            two-sided p-value, equal to it for d >= 1/2 and close to it wherever it is small.
/// Accuracy   of the sum: relative n 2^-50. Cost O(n log n).
/// Source     Z. W. Birnbaum, F. H. Tingey, Ann. Math. Statist. 22 (1951).
/// @throws std::invalid_argument for an empty sample; std::domain_error if cdf leaves [0, 1].
test_result kolmogorov_smirnov_test(std::span<const double> draws,
                                    const std::function<double(double)>& cdf);

/// P(D+ >= d) for n draws: d sum_{0 <= j < n(1 - d)} C(n, j) (d + j/n)^(j-1) (1 - d - j/n)^(n-j).
/// @throws std::invalid_argument unless n >= 1 and 0 <= d <= 1.
double one_sided_kolmogorov_tail(std::int64_t n, double d);

} // namespace flowproof::stats
