#include "numerics/stats/goodness_of_fit.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <stdexcept>
#include <vector>

namespace flowproof::stats {

test_result chi_square_test(std::span<const std::int64_t> counts, std::span<const rational> law) {
    constexpr const char* who = "stats::chi_square_test";
    if (counts.size() != law.size())
        throw std::invalid_argument(fmt::format("{}: need one probability per count, got {} and {}",
                                                who, law.size(), counts.size()));
    rational sum;
    std::int64_t total = 0;
    int cells = 0;
    for (std::size_t i = 0; i < law.size(); ++i) {
        if (law[i].sign() < 0 || counts[i] < 0)
            throw std::invalid_argument(
                fmt::format("{}: need probabilities and counts >= 0, got {} and {} at index {}",
                            who, law[i].str(), counts[i], i));
        sum += law[i];
        total += counts[i];
        cells += law[i].sign();
    }
    if (sum != rational(1) || cells < 2 || total == 0)
        throw std::invalid_argument(
            fmt::format("{}: need a law that sums to 1 with two positive entries and a positive "
                        "total count, got sum {}, {} positive entries, total {}",
                        who, sum.str(), cells, total));
    test_result result;
    result.degrees_of_freedom = cells - 1;
    for (std::size_t i = 0; i < law.size(); ++i) {
        if (law[i].is_zero()) {
            if (counts[i] == 0) continue;
            result.statistic = std::numeric_limits<double>::infinity();
            result.p_value = 0;
            return result;
        }
        const double expected = (law[i] * rational(total)).nearest();
        const double deviation = (rational(counts[i]) - law[i] * rational(total)).nearest();
        result.statistic += deviation * deviation / expected;
    }
    const boost::math::chi_squared_distribution<double> chi(result.degrees_of_freedom);
    result.p_value = cdf(complement(chi, result.statistic));
    return result;
}

test_result kolmogorov_smirnov_test(std::span<const double> draws,
                                    const std::function<double(double)>& cdf) {
    if (draws.empty())
        throw std::invalid_argument("stats::kolmogorov_smirnov_test: need a sample, got 0 draws");
    std::vector<double> u(draws.size());
    for (std::size_t i = 0; i < u.size(); ++i) {
        u[i] = cdf(draws[i]);
        if (!(u[i] >= 0 && u[i] <= 1))
            throw std::domain_error(
                fmt::format("stats::kolmogorov_smirnov_test: the distribution function must lie in "
                            "[0, 1], got {} at {}",
                            u[i], draws[i]));
    }
    std::sort(u.begin(), u.end());
    const auto n = static_cast<double>(u.size());
    test_result result;
    for (std::size_t i = 0; i < u.size(); ++i) {
        const auto below = static_cast<double>(i);
        result.statistic = std::max({result.statistic, u[i] - below / n, (below + 1) / n - u[i]});
    }
    result.p_value = std::min(
        1.0, 2 * one_sided_kolmogorov_tail(static_cast<std::int64_t>(u.size()), result.statistic));
    return result;
}

double one_sided_kolmogorov_tail(std::int64_t n, double d) {
    if (n < 1 || !(d >= 0 && d <= 1))
        throw std::invalid_argument(fmt::format(
            "stats::one_sided_kolmogorov_tail: need n >= 1 and 0 <= d <= 1, got n = {}, "
            "d = {}",
            n, d));
    if (d == 0) return 1;
    const auto size = static_cast<double>(n);
    double sum = 0, log_binomial = 0; // all terms positive: no cancellation
    for (std::int64_t j = 0; j < n; ++j) {
        const auto k = static_cast<double>(j);
        const double rest = 1 - d - k / size;
        if (rest <= 0) break;
        sum += std::exp(log_binomial + (k - 1) * std::log(d + k / size) +
                        (size - k) * std::log1p(-(d + k / size)));
        log_binomial += std::log((size - k) / (k + 1));
    }
    return std::min(1.0, d * sum);
}

} // namespace flowproof::stats
