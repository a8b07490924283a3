#include "numerics/stats/interval_estimate.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <fmt/format.h>
#include <stdexcept>

namespace flowproof::stats {

namespace {

using boost::math::complement;

double normal_quantile_upper(double tail) {
    return quantile(complement(boost::math::normal_distribution<double>(), tail));
}

interval_estimate about_mean(const char* who, const summary& sample, double quantile, double level,
                             interval_method method) {
    const double mean = sample.mean(), error = sample.standard_error();
    if (!std::isfinite(mean) || !std::isfinite(error))
        throw std::domain_error(fmt::format(
            "{}: need finite draws, got mean {} and standard error {}", who, mean, error));
    return {mean - quantile * error, mean + quantile * error, level, method};
}

void check_range(const char* who, const summary& sample, std::int64_t needed, double lowest,
                 double highest) {
    if (!(lowest < highest) || !std::isfinite(highest - lowest))
        throw std::invalid_argument(fmt::format(
            "{}: need finite bounds lowest < highest, got {} and {}", who, lowest, highest));
    if (sample.count() < needed)
        throw std::domain_error(
            fmt::format("{}: need at least {} draws, got {}", who, needed, sample.count()));
    if (std::isnan(sample.mean()) || sample.minimum() < lowest || sample.maximum() > highest)
        throw std::domain_error(
            fmt::format("{}: draws must lie in [{}, {}], got draws from {} to {} with mean {}", who,
                        lowest, highest, sample.minimum(), sample.maximum(), sample.mean()));
}

} // namespace

std::string_view name(interval_method method) {
    switch (method) {
    case interval_method::clt:
        return "CLT";
    case interval_method::student:
        return "Student";
    case interval_method::clopper_pearson:
        return "Clopper-Pearson";
    case interval_method::hoeffding:
        return "Hoeffding";
    case interval_method::empirical_bernstein:
        return "empirical Bernstein";
    case interval_method::percentile_bootstrap:
        return "percentile bootstrap";
    }
    throw std::invalid_argument(
        fmt::format("stats::name: not an interval method: {}", static_cast<int>(method)));
}

interval_estimate clt_interval(const summary& sample, double level) {
    check_level("stats::clt_interval", level);
    return about_mean("stats::clt_interval", sample, normal_quantile_upper(level / 2), level,
                      interval_method::clt);
}

interval_estimate student_interval(const summary& sample, double level) {
    check_level("stats::student_interval", level);
    sample.variance(); // at least two draws, so that the law below exists
    const boost::math::students_t_distribution<double> law(static_cast<double>(sample.count() - 1));
    return about_mean("stats::student_interval", sample, quantile(complement(law, level / 2)),
                      level, interval_method::student);
}

interval_estimate clopper_pearson(std::int64_t successes, std::int64_t trials, double level) {
    check_level("stats::clopper_pearson", level);
    if (trials < 1 || successes < 0 || successes > trials)
        throw std::invalid_argument(
            fmt::format("stats::clopper_pearson: need 0 <= successes <= trials and trials >= 1, "
                        "got {} successes in {} trials",
                        successes, trials));
    using law = boost::math::beta_distribution<double>;
    constexpr double outward = 1e-12;
    const auto k = static_cast<double>(successes), n = static_cast<double>(trials);
    const double low = successes == 0 ? 0 : quantile(law(k, n - k + 1), level / 2);
    const double high =
        successes == trials ? 1 : quantile(complement(law(k + 1, n - k), level / 2));
    return {low * (1 - outward), std::min(1.0, high * (1 + outward)), level,
            interval_method::clopper_pearson};
}

interval_estimate hoeffding_interval(const summary& sample, double lowest, double highest,
                                     double level) {
    check_level("stats::hoeffding_interval", level);
    check_range("stats::hoeffding_interval", sample, 1, lowest, highest);
    const auto n = static_cast<double>(sample.count());
    const double half = (highest - lowest) * std::sqrt(std::log(2 / level) / (2 * n));
    return {std::max(lowest, sample.mean() - half), std::min(highest, sample.mean() + half), level,
            interval_method::hoeffding};
}

interval_estimate empirical_bernstein_interval(const summary& sample, double lowest, double highest,
                                               double level) {
    check_level("stats::empirical_bernstein_interval", level);
    check_range("stats::empirical_bernstein_interval", sample, 2, lowest, highest);
    const auto n = static_cast<double>(sample.count());
    const double log_term = std::log(4 / level);
    const double half = std::sqrt(2 * sample.variance() * log_term / n) +
                        7 * (highest - lowest) * log_term / (3 * (n - 1));
    return {std::max(lowest, sample.mean() - half), std::min(highest, sample.mean() + half), level,
            interval_method::empirical_bernstein};
}

std::int64_t draws_for_half_width(double variance, double tolerance, double level) {
    check_level("stats::draws_for_half_width", level);
    if (!(variance >= 0 && std::isfinite(variance)) || !(tolerance > 0 && std::isfinite(tolerance)))
        throw std::invalid_argument(fmt::format(
            "stats::draws_for_half_width: need variance >= 0 and tolerance > 0, got {} and {}",
            variance, tolerance));
    const double z = normal_quantile_upper(level / 2);
    const double draws = std::ceil(z * z * (variance / tolerance / tolerance));
    if (!(draws <= 0x1p53))
        throw std::domain_error(
            fmt::format("stats::draws_for_half_width: more than 2^53 draws ({}) for variance {}, "
                        "tolerance {}",
                        draws, variance, tolerance));
    return std::max<std::int64_t>(2, static_cast<std::int64_t>(draws));
}

} // namespace flowproof::stats
