#include "numerics/stats/two_sample.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <fmt/format.h>
#include <stdexcept>

namespace flowproof::stats {

test_result two_sample_mean(const summary& x, const summary& y, double difference) {
    const auto nx = static_cast<double>(x.count()), ny = static_cast<double>(y.count());
    const double vx = x.variance() / nx, vy = y.variance() / ny, v = vx + vy;
    if (!(v > 0) || !std::isfinite(v) || !std::isfinite(x.mean() - y.mean() - difference))
        throw std::domain_error(fmt::format(
            "stats::two_sample_mean: need finite draws and a positive variance in one sample, got "
            "means {} and {}, variances {} and {}, difference {}",
            x.mean(), y.mean(), x.variance(), y.variance(), difference));
    test_result result;
    result.statistic = (x.mean() - y.mean() - difference) / std::sqrt(v);
    // Welch-Satterthwaite, by shares of the variance so that nothing overflows.
    const double sx = vx / v, sy = vy / v;
    result.degrees_of_freedom = 1 / (sx * sx / (nx - 1) + sy * sy / (ny - 1));
    const boost::math::students_t_distribution<double> law(result.degrees_of_freedom);
    result.p_value = 2 * cdf(law, -std::abs(result.statistic));
    return result;
}

} // namespace flowproof::stats
