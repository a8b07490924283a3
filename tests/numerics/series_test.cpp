#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/dual.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"
#include "numerics/scalar/series.hpp"
#include "tests/support/random_tape.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;

namespace {

using exact = series<rational>;

exact random_series(std::mt19937_64& rng, int order) {
    std::vector<rational> c{small_nonzero(rng)};
    const auto size = 1 + rng() % static_cast<unsigned>(order + 1);
    while (c.size() < size)
        c.push_back(rng() % 3 == 0 ? rational(0) : small_nonzero(rng));
    return {c, order};
}

/// n! for the tables below.
rational factorial(int n) { return n < 2 ? rational(1) : factorial(n - 1) * n; }

template <class T> exact expected(int order, T coefficient) {
    std::vector<rational> c;
    for (int k = 0; k <= order; ++k)
        c.push_back(coefficient(k));
    return {c, order};
}

} // namespace

BOOST_AUTO_TEST_SUITE(series_test)

BOOST_AUTO_TEST_CASE(products_are_truncated_polynomial_products) {
    std::mt19937_64 rng(seed(51));
    for (int trial = 0; trial < trials(200); ++trial) {
        const int m = static_cast<int>(rng() % 9), n = static_cast<int>(rng() % 9);
        const exact x = random_series(rng, m), y = random_series(rng, n);
        const exact product = x * y, sum = x + y, difference = x - y, quotient = x / y;
        const int order = std::min(m, n);
        BOOST_TEST((product.order() == order && sum.order() == order && quotient.order() == order));
        for (int k = 0; k <= order; ++k) {
            rational c(0);
            for (int j = 0; j <= k; ++j)
                c += x[j] * y[k - j];
            BOOST_TEST(product[k] == c);
            BOOST_TEST(sum[k] == x[k] + y[k]);
            BOOST_TEST(difference[k] == x[k] - y[k]);
        }
        BOOST_CHECK_THROW(product[order + 1], std::out_of_range);
        BOOST_TEST((quotient * y == x + 0 * y));
        BOOST_TEST((power(x, 3) == x * x * x));
        BOOST_TEST((power(x, -2) * x * x == exact({rational(1)}, m)));
        BOOST_TEST((power(x, 0) == exact({rational(1)}, m)));
        BOOST_TEST((-x + x == exact({rational(0)}, m)));
    }
}

BOOST_AUTO_TEST_CASE(known_series_come_out) {
    const int n = 12;
    const exact t = exact::variable(0, n);
    BOOST_TEST((exp(t) == expected(n, [](int k) { return 1 / factorial(k); })));
    BOOST_TEST((log(1 + t) == expected(n, [](int k) {
                    return k == 0 ? rational(0) : rational(k % 2 == 0 ? -1 : 1, k);
                })));
    BOOST_TEST((sin(t) == expected(n, [](int k) {
                    return k % 2 == 0 ? rational(0) : (k % 4 == 1 ? 1 : -1) / factorial(k);
                })));
    BOOST_TEST((cos(t) == expected(n, [](int k) {
                    return k % 2 == 1 ? rational(0) : (k % 4 == 0 ? 1 : -1) / factorial(k);
                })));
    BOOST_TEST((1 / (1 - t) == expected(n, [](int) { return rational(1); })));
    // binomial(1/2, k)
    BOOST_TEST((sqrt(1 + t) == expected(n, [](int k) {
                    rational c(1);
                    for (int j = 0; j < k; ++j)
                        c = c * (rational(1, 2) - j) / (j + 1);
                    return c;
                })));
}

BOOST_AUTO_TEST_CASE(functions_satisfy_their_equations_on_composed_series) {
    std::mt19937_64 rng(seed(52));
    for (int trial = 0; trial < trials(60); ++trial) {
        const exact x = random_series(rng, 7), small = x - x[0];
        BOOST_TEST((exp(small) * exp(-small) == exact({rational(1)}, 7)));
        BOOST_TEST((log(exp(small)) == small));
        BOOST_TEST((exp(log(1 + small)) == 1 + small));
        BOOST_TEST((power(sin(small), 2) + power(cos(small), 2) == exact({rational(1)}, 7)));
        BOOST_TEST((sin(2 * small) == 2 * sin(small) * cos(small)));
        BOOST_TEST((sqrt(x * x) == (x[0].sign() > 0 ? x : -x)));
    }
    BOOST_CHECK_THROW(exp(exact::variable(1, 3)), std::domain_error);
    BOOST_CHECK_THROW(sqrt(exact::variable(2, 3)), std::domain_error);
    BOOST_CHECK_THROW(1 / exact::variable(0, 3), std::domain_error);
}

BOOST_AUTO_TEST_CASE(constants_have_no_order_and_adopt_it) {
    const exact c(rational(2, 3)), t = exact::variable(5, 4);
    BOOST_TEST(!c.order().has_value());
    BOOST_TEST(!(c * c + 1).order().has_value());
    BOOST_TEST(c[1000] == 0);
    BOOST_TEST((c * t).order().value() == 4);
    BOOST_TEST((t / c)[1] == rational(3, 2));
    BOOST_TEST((c / t).order().value() == 4);
    BOOST_TEST((rational(1, 2) + t)[0] == rational(11, 2));
    BOOST_TEST((exact::variable(1, 9) + t).order().value() == 4);
    BOOST_TEST((exact::variable(1, 0).order() == 0));
    BOOST_TEST((exp(exact(0)) == exact(1)));
    BOOST_CHECK_THROW(t[-1], std::out_of_range);
    BOOST_CHECK_THROW(exact(std::vector<rational>{}, 3), std::invalid_argument);
    BOOST_CHECK_THROW(exact({1, 2, 3}, 1), std::invalid_argument);
    const embed<exact> constants{6};
    BOOST_TEST(constants(rational(1, 3)).order().value() == 6);
    BOOST_TEST((known_zero(exact(0)) && !known_zero(t) && known_zero(0 * t)));
}

BOOST_AUTO_TEST_CASE(tapes_expand_about_a_point_to_their_taylor_series) {
    // Oracle: the k-th derivative by k applications of derivative(), over k!.
    std::mt19937_64 rng(seed(53));
    int compared = 0;
    for (int trial = 0; trial < trials(40); ++trial) {
        tape t = random_tape(rng, 6, vocabulary::rational_function);
        const std::vector<rational> at{small_nonzero(rng), small_nonzero(rng), small_nonzero(rng)};
        std::vector<exact> inputs{exact::variable(at[0], 3), exact(at[1]), exact(at[2])};
        try {
            const auto f = evaluate(t, inputs, embed<exact>{3});
            for (int k = 0; k <= 3; ++k) {
                if (t.nodes().size() > 3000) break;
                const auto value = evaluate(t, at);
                for (std::size_t i = 0; i < f.size(); ++i, ++compared)
                    BOOST_TEST(f[i][k] == value[i] / factorial(k), t.text());
                t = derivative(t, 0);
            }
        } catch (const std::domain_error&) {
            continue;
        }
    }
    BOOST_TEST(compared > 50);
}

BOOST_AUTO_TEST_CASE(enclosing_coefficients_enclose_the_exact_ones) {
    const int n = 10;
    const std::int64_t bits = 90;
    const auto t = series<ball>::variable(ball(rational(0), bits), n);
    const exact u = exact::variable(0, n);
    const auto compare = [&](const series<ball>& f, const exact& g) {
        for (int k = 0; k <= n; ++k) {
            BOOST_TEST(f[k].contains(g[k]));
            BOOST_TEST((f[k].radius() < power(rational(2), 20 - bits)));
        }
    };
    compare(exp(t) / (1 + t), exp(u) / (1 + u));
    compare(log(1 + t) * sqrt(1 + t), log(1 + u) * sqrt(1 + u));
    compare(sin(t * 3) + cos(t), sin(u * 3) + cos(u));
    compare(rational(1, 3) * t, rational(1, 3) * u);
    BOOST_TEST((t * rational(1, 3))[1].bits() == bits);
    // exp about 1: every coefficient is e / k!.
    const auto e = exp(series<ball>::variable(ball(rational(1), bits), n));
    for (int k = 0; k <= n; ++k)
        BOOST_TEST((e[k] * factorial(k)).overlaps(exp(ball(rational(1), bits))));
}

BOOST_AUTO_TEST_CASE(doubles_duals_and_expressions_are_coefficients_too) {
    const auto x = series<double>::variable(0.5, 8);
    const auto back = log(exp(x)) - x;
    for (int k = 0; k <= 8; ++k)
        BOOST_TEST(std::abs(back[k]) < 1e-15); // a few roundings of numbers below 2
    using nested = series<dual<rational>>;
    const nested a(dual<rational>(2, 1)); // d/da of 1 / (a - t) at a = 2: -(k + 1) / 2^(k + 2)
    const nested f = 1 / (a - nested::variable(0, 5));
    for (int k = 0; k <= 5; ++k)
        BOOST_TEST(f[k].slope == -rational(k + 1) / power(rational(2), k + 2));
    recorder r;
    const expr c = r.variable("c");
    const auto g = exp(series(c) * series<expr>::variable(r.constant(rational(0)), 3));
    const tape t = r.finish(std::vector{g[0], g[1], g[2], g[3]});
    const auto value = evaluate(t, std::vector{rational(3)});
    BOOST_TEST((value == std::vector<rational>{1, 3, rational(9, 2), rational(9, 2)}));
}

BOOST_AUTO_TEST_SUITE_END()
