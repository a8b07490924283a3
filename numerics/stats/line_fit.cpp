#include "numerics/stats/line_fit.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <stdexcept>

namespace flowproof::stats {

line_fit ordinary_least_squares(std::span<const double> x, std::span<const double> y) {
    if (x.size() != y.size() || x.size() < 2)
        throw std::invalid_argument(
            fmt::format("stats::ordinary_least_squares: need as many x as y and at least 2, got {} "
                        "and {}",
                        x.size(), y.size()));
    const summary xs = summarise(x), ys = summarise(y);
    if (!std::isfinite(xs.variance()) || !std::isfinite(ys.variance()))
        throw std::domain_error(fmt::format(
            "stats::ordinary_least_squares: need finite values, got variances {} and {}",
            xs.variance(), ys.variance()));
    if (xs.minimum() == xs.maximum())
        throw std::domain_error(fmt::format(
            "stats::ordinary_least_squares: need two different x, all are {}", xs.minimum()));
    double sxx = 0, sxy = 0, syy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double dx = x[i] - xs.mean(), dy = y[i] - ys.mean();
        sxx += dx * dx;
        sxy += dx * dy;
        syy += dy * dy;
    }
    line_fit fit;
    fit.count = xs.count();
    fit.slope = sxy / sxx;
    fit.intercept = ys.mean() - fit.slope * xs.mean();
    double residual = 0; // from the residuals themselves: syy - slope sxy would cancel
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double r = (y[i] - ys.mean()) - fit.slope * (x[i] - xs.mean());
        residual += r * r;
    }
    const bool enough = fit.count > 2;
    fit.residual_variance = enough ? residual / static_cast<double>(fit.count - 2)
                                   : std::numeric_limits<double>::quiet_NaN();
    fit.slope_standard_error = std::sqrt(fit.residual_variance / sxx);
    fit.r_squared = syy > 0 ? 1 - residual / syy : 1;
    return fit;
}

interval_estimate slope_interval(const line_fit& fit, double level) {
    check_level("stats::slope_interval", level);
    if (fit.count < 3)
        throw std::domain_error(
            fmt::format("stats::slope_interval: need at least 3 points, got {}", fit.count));
    const boost::math::students_t_distribution<double> law(static_cast<double>(fit.count - 2));
    const double half =
        quantile(boost::math::complement(law, level / 2)) * fit.slope_standard_error;
    return {fit.slope - half, fit.slope + half, level, interval_method::student};
}

} // namespace flowproof::stats
