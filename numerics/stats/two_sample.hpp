#pragma once

#include "numerics/stats/summary.hpp"

namespace flowproof::stats {

/// What a test saw. The p-value is the probability, if the hypothesis holds, of a statistic at
/// least this extreme; reject at error level alpha when p_value <= alpha.
struct test_result {
    double statistic = 0;
    double degrees_of_freedom = 0; ///< 0 where the law of the statistic has none
    double p_value = 1;
};

/// Welch's two-sided test of: mean(x) - mean(y) = difference. Variances may differ; exact only in
/// the limit of many draws or, nearly, for normal draws. Tail accurate to 1e-10, relative.
/// Source  B. L. Welch, Biometrika 34 (1947).
/// @throws std::domain_error if a sample has fewer than two draws, is not finite, or if both
///         variances are 0.
test_result two_sample_mean(const summary& x, const summary& y, double difference = 0);

} // namespace flowproof::stats
