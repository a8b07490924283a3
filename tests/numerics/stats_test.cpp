#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <thread>

#include "numerics/random/instances.hpp"
#include "numerics/random/normal.hpp"
#include "numerics/random/uniform.hpp"
#include "numerics/stats/bootstrap.hpp"
#include "numerics/stats/goodness_of_fit.hpp"
#include "numerics/stats/interval_estimate.hpp"
#include "numerics/stats/line_fit.hpp"
#include "numerics/stats/summary.hpp"
#include "numerics/stats/two_sample.hpp"

using flowproof::rational;
using namespace flowproof::stats;
namespace rng = flowproof::random;

namespace {

const double not_a_number = std::numeric_limits<double>::quiet_NaN();
const double inf = std::numeric_limits<double>::infinity();

double relative(double x, double y) { return std::abs(x - y) / std::abs(y); }

summary of(std::initializer_list<double> sample) {
    return summarise(std::span<const double>(sample.begin(), sample.size()));
}

template <class Error> auto says(std::string text) {
    return [text](const Error& e) { return std::string(e.what()).find(text) != std::string::npos; };
}

/// C(n, k) p^k (1 - p)^(n - k), exactly, for k = 0, ..., n.
std::vector<rational> binomial_law(std::int64_t n, const rational& p) {
    std::vector<rational> law;
    rational coefficient(1);
    for (std::int64_t k = 0; k <= n; ++k) {
        law.push_back(coefficient * power(p, k) * power(rational(1) - p, n - k));
        coefficient *= rational(n - k, k + 1);
    }
    return law;
}

/// P(X >= k), exactly.
rational upper_tail(std::int64_t n, std::int64_t k, const rational& p) {
    const auto law = binomial_law(n, p);
    return std::accumulate(law.begin() + k, law.end(), rational());
}

} // namespace

BOOST_AUTO_TEST_SUITE(stats_test)

BOOST_AUTO_TEST_CASE(summary_agrees_with_exact_rationals) {
    rng::stream bits(41);
    for (const double shift : {0.0, 1e6, -1e9}) {
        summary rounded;
        exact_summary exact;
        for (int i = 0; i < 1000; ++i) {
            const double x = shift + rng::normal(bits);
            rounded.add(x);
            exact.add(rational::exactly(x));
        }
        BOOST_TEST_CONTEXT("shift " << shift) {
            BOOST_TEST(rounded.count() == exact.count());
            BOOST_TEST(std::abs(rounded.mean() - exact.mean().nearest()) <
                       1e-14 * (1 + std::abs(shift)));
            // documented: about n 2^-53 sqrt(1 + mean^2 / variance)
            BOOST_TEST(relative(rounded.variance(), exact.variance().nearest()) <
                       1e-13 * (1 + std::abs(shift)));
        }
    }
}

BOOST_AUTO_TEST_CASE(summary_of_small_samples_is_known) {
    const summary s = of({2, 4, 4, 4, 5, 5, 7, 9});
    BOOST_TEST(s.mean() == 5.0);
    BOOST_TEST(relative(s.variance(), 32.0 / 7) < 1e-15);
    BOOST_TEST(relative(s.standard_error(), std::sqrt(4.0 / 7)) < 1e-15);
    BOOST_TEST(s.minimum() == 2.0);
    BOOST_TEST(s.maximum() == 9.0);
    BOOST_TEST(of({3}).mean() == 3.0);
    BOOST_CHECK_EXCEPTION(of({3}).variance(), std::domain_error,
                          says<std::domain_error>("at least 2 draws, got 1"));
    BOOST_CHECK_THROW(summary().mean(), std::domain_error);
    BOOST_CHECK_THROW(of({3}).standard_error(), std::domain_error);
    BOOST_TEST(std::isnan(of({3, not_a_number}).mean()));
}

BOOST_AUTO_TEST_CASE(exact_summary_is_exact_in_any_order_and_grouping) {
    rng::stream bits(42);
    std::vector<rational> sample;
    for (int i = 0; i < 50; ++i)
        sample.push_back(rng::random_rational(bits, 1000, 1000));
    exact_summary all, first, second;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        all.add(sample[i]);
        (i % 3 == 0 ? first : second).add(sample[i]);
    }
    second.combine(first);
    rational mean, variance;
    for (const auto& x : sample)
        mean += x / rational(50);
    for (const auto& x : sample)
        variance += (x - mean) * (x - mean) / rational(49);
    for (const auto& s : {all, second}) {
        BOOST_TEST(s.count() == 50);
        BOOST_TEST((s.mean() == mean && s.sum() == mean * rational(50)));
        BOOST_TEST((s.variance() == variance));
    }
    BOOST_CHECK_THROW(exact_summary().mean(), std::domain_error);
}

BOOST_AUTO_TEST_CASE(combining_equals_adding_up_to_rounding) {
    rng::stream bits(43);
    summary all, first, second, none;
    for (int i = 0; i < 1000; ++i) {
        const double x = 100 * rng::normal(bits) + 7;
        all.add(x);
        (i < 137 ? first : second).add(x);
    }
    first.combine(second);
    first.combine(none);
    none.combine(first);
    for (const summary& s : {first, none}) {
        BOOST_TEST(s.count() == all.count());
        BOOST_TEST(std::abs(s.mean() - all.mean()) < 1e-12);
        BOOST_TEST(relative(s.variance(), all.variance()) < 1e-13);
        BOOST_TEST(s.minimum() == all.minimum());
        BOOST_TEST(s.maximum() == all.maximum());
    }
}

BOOST_AUTO_TEST_CASE(lanes_give_the_same_bits_for_any_number_of_threads) {
    const auto draw = [](std::int64_t i) {
        rng::stream bits(44, 0, static_cast<std::uint32_t>(i));
        return rng::normal(bits);
    };
    for (const std::int64_t draws : {1, 63, 64, 1000, 10007}) {
        const summary expected = summarise(draws, draw);
        BOOST_TEST(expected.count() == draws);
        for (const std::int64_t threads : {1, 2, 3, 8}) {
            std::array<summary, virtual_lanes> lanes;
            std::vector<std::thread> pool;
            for (std::int64_t t = 0; t < threads; ++t)
                pool.emplace_back([&, t] {
                    for (std::int64_t lane = virtual_lanes - 1 - t; lane >= 0; lane -= threads)
                        lanes[static_cast<std::size_t>(lane)] = summarise_lane(lane, draws, draw);
                });
            for (auto& thread : pool)
                thread.join();
            const summary s = combine_lanes(lanes);
            BOOST_TEST(s.mean() == expected.mean());
            if (draws > 1) BOOST_TEST(s.variance() == expected.variance());
        }
    }
}

// Quantiles from tables: z = 1.959964, t(9; 0.975) = 2.262157, t(2; 0.995) = 9.924843.
BOOST_AUTO_TEST_CASE(mean_intervals_use_the_textbook_quantiles) {
    const summary ten = of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), three = of({1, 2, 3});
    const auto quantile = [](const interval_estimate& e, const summary& s) {
        BOOST_TEST(std::abs((e.upper + e.lower) / 2 - s.mean()) < 1e-12);
        return e.half_width() / s.standard_error();
    };
    BOOST_TEST(std::abs(quantile(clt_interval(ten, 0.05), ten) - 1.959963984540054) < 1e-13);
    BOOST_TEST(std::abs(quantile(student_interval(ten, 0.05), ten) - 2.262157162740992) < 1e-10);
    BOOST_TEST(std::abs(quantile(student_interval(three, 0.01), three) - 9.924843200918287) < 1e-9);
    // t with two degrees of freedom in closed form: (1 - a) sqrt(2 / (a (2 - a))), a = level.
    const double a = 1e-12, closed = (1 - a) * std::sqrt(2 / (a * (2 - a)));
    BOOST_TEST(relative(quantile(student_interval(three, a), three), closed) < 1e-10);
    BOOST_TEST(relative(quantile(clt_interval(ten, 1e-12), ten), 7.130506848171324) < 1e-12);
    BOOST_TEST((student_interval(ten, 0.05).method == interval_method::student));
    BOOST_TEST((clt_interval(ten, 0.05).method == interval_method::clt));
    BOOST_TEST(clt_interval(ten, 0.05).level == 0.05);
}

// C. Clopper, E. Pearson (1934) and later tables: 4 of 10 -> (0.1216, 0.7376) at 95 %.
BOOST_AUTO_TEST_CASE(clopper_pearson_reproduces_textbook_intervals) {
    const auto e = clopper_pearson(4, 10, 0.05);
    BOOST_TEST(std::abs(e.lower - 0.12155226) < 1e-8);
    BOOST_TEST(std::abs(e.upper - 0.73762192) < 1e-8);
    const auto none = clopper_pearson(0, 30, 0.05), all = clopper_pearson(30, 30, 0.05);
    BOOST_TEST(none.lower == 0.0);
    BOOST_TEST(relative(none.upper, 1 - std::pow(0.025, 1 / 30.0)) < 1e-9); // closed form
    BOOST_TEST(all.upper == 1.0);
    BOOST_TEST(relative(all.lower, std::pow(0.025, 1 / 30.0)) < 1e-9);
    const auto rare = clopper_pearson(0, 1'000'000'000, 1e-12);
    BOOST_TEST(relative(rare.upper, -std::expm1(std::log(0.5e-12) / 1e9)) < 1e-9);
}

// The endpoints are doubles, hence rationals: the binomial law there is computed without rounding.
BOOST_AUTO_TEST_CASE(clopper_pearson_endpoints_invert_the_exact_binomial_tails) {
    for (const double level : {0.5, 0.05, 1e-6, 1e-12})
        for (const std::int64_t n : {1, 2, 7, 30, 100})
            for (std::int64_t k = 0; k <= n; k += std::max<std::int64_t>(1, n / 10)) {
                const auto e = clopper_pearson(k, n, level);
                const rational half = rational::exactly(level) / rational(2);
                BOOST_TEST_CONTEXT("level " << level << ", " << k << " of " << n) {
                    if (k > 0) {
                        const rational tail = upper_tail(n, k, rational::exactly(e.lower));
                        BOOST_TEST((tail <= half));
                        BOOST_TEST((tail >= half * rational(999999999, 1000000000)));
                    }
                    if (k < n && e.upper < 1) {
                        const rational tail =
                            rational(1) - upper_tail(n, k + 1, rational::exactly(e.upper));
                        BOOST_TEST((tail <= half));
                    }
                }
            }
}

BOOST_AUTO_TEST_CASE(clopper_pearson_covers_every_proportion_with_exact_probability) {
    for (const double level : {0.1, 0.01})
        for (const std::int64_t n : {1, 5, 20}) {
            std::vector<interval_estimate> e;
            std::vector<rational> proportions;
            for (std::int64_t i = 0; i <= 40; ++i)
                proportions.push_back(rational(i, 40));
            for (std::int64_t k = 0; k <= n; ++k) {
                e.push_back(clopper_pearson(k, n, level));
                // just outside an interval, where coverage is least
                const double below = std::nextafter(e.back().lower, 0.0);
                const double above = std::nextafter(e.back().upper, 1.0);
                proportions.push_back(rational::exactly(below));
                proportions.push_back(rational::exactly(above));
            }
            for (const rational& p : proportions) {
                const auto law = binomial_law(n, p);
                rational covered;
                for (std::size_t k = 0; k < law.size(); ++k)
                    if (rational::exactly(e[k].lower) <= p && p <= rational::exactly(e[k].upper))
                        covered += law[k];
                BOOST_TEST((covered >= rational(1) - rational::exactly(level)),
                           "level " << level << ", n " << n << ", p " << p << ", covered "
                                    << covered.decimal(12));
            }
        }
}

// Two-point draws: the mean's law is binomial, so the coverage is an exact sum.
BOOST_AUTO_TEST_CASE(bounded_intervals_cover_the_exact_binomial) {
    for (const double level : {0.5, 0.1, 0.01})
        for (const std::int64_t n : {2, 10, 40})
            for (const rational& p : {rational(1, 100), rational(1, 5), rational(1, 2)}) {
                const auto law = binomial_law(n, p);
                rational hoeffding, bernstein;
                for (std::int64_t k = 0; k <= n; ++k) {
                    summary s; // draws in {-1, 3}, mean 4 p - 1
                    for (std::int64_t i = 0; i < n; ++i)
                        s.add(i < k ? 3 : -1);
                    const double mean = (rational(4) * p - rational(1)).nearest();
                    const rational& mass = law[static_cast<std::size_t>(k)];
                    if (hoeffding_interval(s, -1, 3, level).contains(mean)) hoeffding += mass;
                    if (empirical_bernstein_interval(s, -1, 3, level).contains(mean))
                        bernstein += mass;
                }
                const rational wanted = rational(1) - rational::exactly(level);
                BOOST_TEST_CONTEXT("level " << level << ", n " << n << ", p " << p) {
                    BOOST_TEST((hoeffding >= wanted), hoeffding.decimal(6));
                    BOOST_TEST((bernstein >= wanted), bernstein.decimal(6));
                }
            }
}

BOOST_AUTO_TEST_CASE(bounded_intervals_have_the_published_widths) {
    summary s; // 500 draws of 1/2, 500 of 3/2: mean 1, variance 250/999
    for (int i = 0; i < 1000; ++i)
        s.add(i % 2 == 0 ? 0.5 : 1.5);
    const auto h = hoeffding_interval(s, 0, 2, 0.02);
    BOOST_TEST(relative(h.half_width(), 2 * std::sqrt(std::log(100.0) / 2000)) < 1e-13);
    const auto b = empirical_bernstein_interval(s, 0, 2, 0.02);
    const double log_term = std::log(200.0);
    BOOST_TEST(relative(b.half_width(), std::sqrt(2 * (250.0 / 999) * log_term / 1000) +
                                            7 * 2 * log_term / (3 * 999)) < 1e-13);
    // cut to the range
    BOOST_TEST(hoeffding_interval(of({0, 1}), 0, 1, 1e-12).lower == 0.0);
    BOOST_TEST(hoeffding_interval(of({0, 1}), 0, 1, 1e-12).upper == 1.0);
    BOOST_TEST(empirical_bernstein_interval(of({0, 1}), 0, 1, 1e-12).lower == 0.0);
    BOOST_TEST(empirical_bernstein_interval(of({0, 1}), 0, 1, 1e-12).upper == 1.0);
}

BOOST_AUTO_TEST_CASE(misuse_of_intervals_is_refused_with_both_values) {
    const summary s = of({0, 1});
    for (const double level : {0.0, 1.0, -0.1, 2.0, not_a_number}) {
        BOOST_CHECK_THROW(clt_interval(s, level), std::invalid_argument);
        BOOST_CHECK_THROW(student_interval(s, level), std::invalid_argument);
        BOOST_CHECK_THROW(clopper_pearson(1, 2, level), std::invalid_argument);
        BOOST_CHECK_THROW(hoeffding_interval(s, 0, 1, level), std::invalid_argument);
        BOOST_CHECK_THROW(empirical_bernstein_interval(s, 0, 1, level), std::invalid_argument);
        BOOST_CHECK_THROW(percentile_interval({1, 2, 3}, level), std::invalid_argument);
        BOOST_CHECK_THROW(draws_for_half_width(1, 1, level), std::invalid_argument);
    }
    BOOST_CHECK_EXCEPTION(clopper_pearson(3, 2, 0.1), std::invalid_argument,
                          says<std::invalid_argument>("got 3 successes in 2 trials"));
    BOOST_CHECK_THROW(clopper_pearson(-1, 2, 0.1), std::invalid_argument);
    BOOST_CHECK_THROW(clopper_pearson(0, 0, 0.1), std::invalid_argument);
    BOOST_CHECK_THROW(clt_interval(of({1}), 0.1), std::domain_error);
    BOOST_CHECK_THROW(student_interval(of({1}), 0.1), std::domain_error);
    BOOST_CHECK_THROW(student_interval(of({1, inf}), 0.1), std::domain_error);
    BOOST_CHECK_EXCEPTION(hoeffding_interval(of({0, 1.5}), 0, 1, 0.1), std::domain_error,
                          says<std::domain_error>("must lie in [0, 1], got draws from 0 to 1.5"));
    BOOST_CHECK_THROW(hoeffding_interval(of({0, not_a_number}), 0, 1, 0.1), std::domain_error);
    BOOST_CHECK_THROW(hoeffding_interval(summary(), 0, 1, 0.1), std::domain_error);
    BOOST_CHECK_THROW(hoeffding_interval(s, 1, 0, 0.1), std::invalid_argument);
    BOOST_CHECK_THROW(empirical_bernstein_interval(of({0}), 0, 1, 0.1), std::domain_error);
    BOOST_CHECK_THROW(empirical_bernstein_interval(s, 0, inf, 0.1), std::invalid_argument);
    BOOST_TEST(name(interval_method::empirical_bernstein) == "empirical Bernstein");
}

BOOST_AUTO_TEST_CASE(sample_sizes_are_the_least_that_reach_the_tolerance) {
    BOOST_TEST(draws_for_half_width(1, 0.1, 0.05) == 385);      // 1.959964^2 * 100 = 384.15
    BOOST_TEST(draws_for_half_width(0.25, 0.03, 0.05) == 1068); // the pollster's number
    BOOST_TEST(draws_for_half_width(0, 0.1, 0.05) == 2);
    BOOST_CHECK_THROW(draws_for_half_width(1, 0, 0.05), std::invalid_argument);
    BOOST_CHECK_THROW(draws_for_half_width(-1, 1, 0.05), std::invalid_argument);
    BOOST_CHECK_THROW(draws_for_half_width(not_a_number, 1, 0.05), std::invalid_argument);
    BOOST_CHECK_THROW(draws_for_half_width(1, 1e-12, 0.05), std::domain_error);
}

BOOST_AUTO_TEST_CASE(welch_test_matches_its_formula_and_a_closed_form) {
    const summary x = of({1, 2, 3}), y = of({2, 4, 9});
    const auto result = two_sample_mean(x, y);
    // means 2 and 5, variances 1 and 13 over 3 draws
    BOOST_TEST(relative(result.statistic, -3 / std::sqrt(14.0 / 3)) < 1e-14);
    BOOST_TEST(relative(result.degrees_of_freedom, 2 * 14.0 * 14 / (1 + 13.0 * 13)) < 1e-14);
    BOOST_TEST(two_sample_mean(x, y, -3).p_value == 1.0);
    BOOST_TEST(two_sample_mean(y, x).p_value == result.p_value);
    // two draws each of equal variance: df = 2, and P(|T| >= t) = 1 - t / sqrt(2 + t^2)
    const auto equal = two_sample_mean(of({0, 2}), of({10, 12}));
    const double t = std::abs(equal.statistic);
    BOOST_TEST(relative(equal.degrees_of_freedom, 2) < 1e-14);
    BOOST_TEST(relative(t, 10 / std::sqrt(2.0)) < 1e-14);
    BOOST_TEST(relative(equal.p_value, 1 - t / std::sqrt(2 + t * t)) < 1e-10);
    BOOST_CHECK_THROW(two_sample_mean(of({1, 1}), of({2, 2})), std::domain_error);
    BOOST_CHECK_THROW(two_sample_mean(of({1}), of({2, 3})), std::domain_error);
    BOOST_CHECK_THROW(two_sample_mean(of({1, not_a_number}), of({2, 3})), std::domain_error);
}

BOOST_AUTO_TEST_CASE(least_squares_agrees_with_the_exact_rational_solution) {
    rng::stream bits(45);
    for (const std::size_t n : {2u, 3u, 10u, 200u})
        for (const double shift : {0.0, 1000.0}) {
            std::vector<double> x(n), y(n);
            for (std::size_t i = 0; i < n; ++i) {
                x[i] = shift + rng::uniform01(bits);
                y[i] = 3 - 2 * x[i] + 0.1 * rng::normal(bits);
            }
            const auto fit = ordinary_least_squares(x, y);
            // normal equations, exactly
            rational sx, sy, sxx, sxy, syy;
            const rational count(static_cast<std::int64_t>(n));
            for (std::size_t i = 0; i < n; ++i) {
                const rational a = rational::exactly(x[i]), b = rational::exactly(y[i]);
                sx += a, sy += b, sxx += a * a, sxy += a * b, syy += b * b;
            }
            const rational cxx = sxx - sx * sx / count, cxy = sxy - sx * sy / count;
            const rational cyy = syy - sy * sy / count, slope = cxy / cxx;
            const rational residual = cyy - slope * cxy;
            BOOST_TEST_CONTEXT("n " << n << ", shift " << shift) {
                const double tolerance = 1e-14 * (1 + shift * 10);
                BOOST_TEST(relative(fit.slope, slope.nearest()) < tolerance);
                BOOST_TEST(std::abs(fit.intercept - ((sy - slope * sx) / count).nearest()) <
                           tolerance * (10 + 2 * shift));
                if (n == 2) {
                    BOOST_TEST(std::isnan(fit.slope_standard_error));
                    BOOST_CHECK_THROW(slope_interval(fit, 0.1), std::domain_error);
                    continue;
                }
                const double variance = (residual / (count - rational(2))).nearest();
                BOOST_TEST(relative(fit.residual_variance, variance) < 1e-11 * (1 + shift));
                BOOST_TEST(relative(fit.slope_standard_error,
                                    std::sqrt((residual / (count - rational(2)) / cxx).nearest())) <
                           1e-11 * (1 + shift));
                BOOST_TEST(std::abs(fit.r_squared - (rational(1) - residual / cyy).nearest()) <
                           1e-11 * (1 + shift));
            }
        }
}

// Points (1, 2), (2, 3), (3, 5), (4, 6): slope 7/5, residual variance 1/10, SE sqrt(1/50),
// t(2; 0.975) = 4.302653.
BOOST_AUTO_TEST_CASE(slope_interval_matches_a_worked_example) {
    const auto fit =
        ordinary_least_squares(std::vector<double>{1, 2, 3, 4}, std::vector<double>{2, 3, 5, 6});
    BOOST_TEST(relative(fit.slope, 1.4) < 1e-14);
    BOOST_TEST(relative(fit.intercept, 0.5) < 1e-13);
    BOOST_TEST(relative(fit.residual_variance, 0.1) < 1e-13);
    const auto e = slope_interval(fit, 0.05);
    BOOST_TEST(relative(e.half_width(), 4.302652729696142 * std::sqrt(0.02)) < 1e-9);
    const std::vector<double> two{1, 2}, one{1}, same{1, 1}, bad{1, inf};
    BOOST_CHECK_THROW(ordinary_least_squares(two, one), std::invalid_argument);
    BOOST_CHECK_THROW(ordinary_least_squares(one, one), std::invalid_argument);
    BOOST_CHECK_EXCEPTION(ordinary_least_squares(same, two), std::domain_error,
                          says<std::domain_error>("all are 1"));
    BOOST_CHECK_THROW(ordinary_least_squares(two, bad), std::domain_error);
    BOOST_TEST(ordinary_least_squares(two, same).r_squared == 1.0);
    // all x equal to a number whose rounded mean differs from it
    const std::vector<double> tenth(10, 0.1), rising{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    BOOST_CHECK_THROW(ordinary_least_squares(tenth, rising), std::domain_error);
}

BOOST_AUTO_TEST_CASE(percentiles_are_the_documented_order_statistics) {
    std::vector<double> values(99);
    for (int i = 0; i < 99; ++i)
        values[static_cast<std::size_t>(i)] = (i * 37) % 99 + 1; // 1, ..., 99 shuffled
    const auto e = percentile_interval(values, 0.1);
    BOOST_TEST(e.lower == 5.0);
    BOOST_TEST(e.upper == 95.0);
    BOOST_TEST(percentile_interval(values, 0.02).lower == 1.0);
    BOOST_CHECK_EXCEPTION(percentile_interval(values, 0.01), std::invalid_argument,
                          says<std::invalid_argument>("2 / level - 1 = 199 replicates, got 99"));
    values[3] = not_a_number;
    BOOST_CHECK_THROW(percentile_interval(values, 0.1), std::domain_error);
}

// Three points, mean: the 27 resamples are equally likely, so the replicates' law is known.
BOOST_AUTO_TEST_CASE(bootstrap_replicates_follow_the_enumerated_law) {
    const std::vector<double> sample{0, 1, 3};
    const statistic sum = [](std::span<const double> s) { return s[0] + s[1] + s[2]; };
    std::vector<std::int64_t> counts(10), ways(10);
    for (const double a : sample)
        for (const double b : sample)
            for (const double c : sample)
                ++ways[static_cast<std::size_t>(a + b + c)];
    for (std::uint32_t i = 0; i < 20000; ++i)
        ++counts[static_cast<std::size_t>(bootstrap_replicate(sample, sum, 46, 0, i))];
    std::vector<rational> law;
    for (const std::int64_t w : ways)
        law.push_back(rational(w, 27));
    const double p = chi_square_test(counts, law).p_value;
    BOOST_TEST((p > 1e-6 && p < 1 - 1e-6), "p " << p); // fixed before the first run
}

BOOST_AUTO_TEST_CASE(bootstrap_of_a_mean_is_close_to_the_clt_and_independent_of_order) {
    rng::stream bits(47);
    std::vector<double> sample(400);
    rng::fill_normal(bits, sample);
    const statistic mean = [](std::span<const double> s) { return summarise(s).mean(); };
    const auto e = bootstrap_interval(sample, mean, 0.05, 1999, 48);
    const auto clt = clt_interval(summarise(sample), 0.05);
    BOOST_TEST(std::abs(e.lower - clt.lower) < 0.15 * clt.half_width());
    BOOST_TEST(std::abs(e.upper - clt.upper) < 0.15 * clt.half_width());
    std::vector<double> backwards(1999);
    for (std::uint32_t i = 1999; i-- > 0;)
        backwards[1998 - i] = bootstrap_replicate(sample, mean, 48, 0, i);
    const auto again = percentile_interval(backwards, 0.05);
    BOOST_TEST(e.lower == again.lower);
    BOOST_TEST(e.upper == again.upper);
    BOOST_TEST(e.lower != bootstrap_interval(sample, mean, 0.05, 1999, 48, 1).lower);
    BOOST_CHECK_THROW(bootstrap_interval({}, mean, 0.05, 1999, 48), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(chi_square_matches_closed_forms) {
    // two degrees of freedom: p = exp(-statistic / 2). Expected 10, 10, 20.
    const std::vector<rational> law{rational(1, 4), rational(1, 4), rational(1, 2)};
    const auto result = chi_square_test(std::vector<std::int64_t>{14, 8, 18}, law);
    BOOST_TEST(relative(result.statistic, 2.2) < 1e-15);
    BOOST_TEST(result.degrees_of_freedom == 2.0);
    BOOST_TEST(relative(result.p_value, std::exp(-1.1)) < 1e-13);
    const std::vector<rational> with_hole{rational(1, 2), rational(), rational(1, 2)};
    BOOST_TEST(chi_square_test(std::vector<std::int64_t>{1, 0, 1}, with_hole).degrees_of_freedom ==
               1.0);
    BOOST_TEST(chi_square_test(std::vector<std::int64_t>{1, 1, 1}, with_hole).p_value == 0.0);
    const std::vector<std::int64_t> two{1, 2}, three{1, 2, 3}, negative{1, -1, 3}, nothing{0, 0, 0};
    BOOST_CHECK_THROW(chi_square_test(two, law), std::invalid_argument);
    BOOST_CHECK_THROW(chi_square_test(negative, law), std::invalid_argument);
    BOOST_CHECK_THROW(chi_square_test(nothing, law), std::invalid_argument);
    BOOST_CHECK_THROW(chi_square_test(two, std::vector<rational>{rational(1, 2), rational(1, 3)}),
                      std::invalid_argument);
    BOOST_CHECK_THROW(chi_square_test(two, std::vector<rational>{rational(1), rational()}),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(kolmogorov_tail_agrees_with_the_exact_rational_sum) {
    for (const std::int64_t n : {1, 2, 10, 50})
        for (const double d : {0.05, 0.25, 0.4, 0.5, 0.75, 0.99}) {
            const rational x = rational::exactly(d);
            rational sum, binomial(1);
            for (std::int64_t j = 0; rational(j, n) < rational(1) - x; ++j) {
                const rational at = x + rational(j, n);
                sum += binomial * power(at, j - 1) * power(rational(1) - at, n - j);
                binomial *= rational(n - j, j + 1);
            }
            BOOST_TEST(relative(one_sided_kolmogorov_tail(n, d), (x * sum).nearest()) < 1e-12,
                       "n " << n << ", d " << d);
        }
    BOOST_TEST(one_sided_kolmogorov_tail(5, 0) == 1.0);
    BOOST_TEST(one_sided_kolmogorov_tail(5, 1) == 0.0);
    BOOST_CHECK_THROW(one_sided_kolmogorov_tail(0, 0.5), std::invalid_argument);
    BOOST_CHECK_THROW(one_sided_kolmogorov_tail(3, not_a_number), std::invalid_argument);
}

// Two-sided critical values at 5 %: 0.40925 for n = 10, 0.29408 for n = 20 (L. H. Miller, 1956).
BOOST_AUTO_TEST_CASE(kolmogorov_smirnov_reproduces_tabulated_critical_values) {
    BOOST_TEST(std::abs(2 * one_sided_kolmogorov_tail(10, 0.40925) - 0.05) < 5e-5);
    BOOST_TEST(std::abs(2 * one_sided_kolmogorov_tail(20, 0.29408) - 0.05) < 5e-5);
    const auto cdf = [](double x) { return x; };
    const std::vector<double> sample{0.9, 0.1, 0.3}; // F_n - F: 1/3 - 0.1, 2/3 - 0.3, ...
    BOOST_TEST(relative(kolmogorov_smirnov_test(sample, cdf).statistic, 2.0 / 3 - 0.3) < 1e-15);
    const std::vector<double> one{0.2}; // exact: P(max(u, 1 - u) >= 0.8) = 0.4
    BOOST_TEST(relative(kolmogorov_smirnov_test(one, cdf).p_value, 0.4) < 1e-14);
    BOOST_CHECK_THROW(kolmogorov_smirnov_test({}, cdf), std::invalid_argument);
    BOOST_CHECK_THROW(kolmogorov_smirnov_test(std::vector<double>{2}, cdf), std::domain_error);
}

BOOST_AUTO_TEST_SUITE_END()
