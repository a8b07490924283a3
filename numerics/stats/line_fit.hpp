#pragma once

#include <cstdint>
#include <span>

#include "numerics/stats/interval_estimate.hpp"

namespace flowproof::stats {

/// Least-squares line y = intercept + slope x.
struct line_fit {
    std::int64_t count = 0;
    double slope = 0, intercept = 0;
    double residual_variance = 0;    ///< sum of squared residuals / (n - 2); NaN if n = 2
    double slope_standard_error = 0; ///< NaN if n = 2
    double r_squared = 0;            ///< explained share of the variance; 1 if y is constant
};

/// Fits by centred sums in two passes: relative error of the slope about 2^-53 times the condition
/// max |x| / spread(x) (measured against exact rationals, see stats_test).
/// @throws std::invalid_argument if the sizes differ or are below 2;
///         std::domain_error if a value is not finite or all x are equal.
line_fit ordinary_least_squares(std::span<const double> x, std::span<const double> y);

/// slope -+ t(n - 2; 1 - level / 2) standard errors: exact for normal errors of equal variance.
/// @throws std::domain_error if the fit has fewer than three points.
interval_estimate slope_interval(const line_fit& fit, double level);

} // namespace flowproof::stats
