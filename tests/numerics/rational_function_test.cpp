#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>

#include "numerics/poly/rational_function.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;

namespace {

const std::uint64_t seed = support::seed(20240612);
const polynomial_ring xy({"x", "y"});

rational random_rational(std::mt19937_64& rng) {
    return {static_cast<std::int64_t>(rng() % 21) - 10, static_cast<std::int64_t>(1 + rng() % 5)};
}

polynomial random_polynomial(std::mt19937_64& rng) {
    polynomial result = polynomial(random_rational(rng)) + 0 * xy.variable(0);
    for (int i = 0; i < 2; ++i)
        result += random_rational(rng) * (power(xy.variable(0), static_cast<int>(rng() % 3)) *
                                          power(xy.variable(1), static_cast<int>(rng() % 3)));
    return result;
}

rational_function random_function(std::mt19937_64& rng) {
    polynomial below = random_polynomial(rng);
    if (below.is_zero()) below = below + 1;
    return {random_polynomial(rng), below};
}

bool in_lowest_terms(const rational_function& f) {
    return gcd(f.numerator(), f.denominator()) == polynomial(1) &&
           f.denominator().leading_coefficient() == rational(1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(rational_function_test)

BOOST_AUTO_TEST_CASE(field_axioms_hold_and_results_are_in_lowest_terms) {
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(60); ++trial) {
        const auto f = random_function(rng), g = random_function(rng), h = random_function(rng);
        BOOST_TEST_CONTEXT("trial " << trial << ", f = " << f << ", g = " << g << ", h = " << h) {
            BOOST_TEST(f + g == g + f);
            BOOST_TEST((f + g) + h == f + (g + h));
            BOOST_TEST((f * g) * h == f * (g * h));
            BOOST_TEST(f * (g + h) == f * g + f * h);
            BOOST_TEST((f - f).is_zero());
            BOOST_TEST(f + g - g == f);
            BOOST_TEST(in_lowest_terms(f + g));
            BOOST_TEST(in_lowest_terms(f * g));
            if (!g.is_zero()) {
                BOOST_TEST(f / g * g == f);
                BOOST_TEST(in_lowest_terms(f / g));
                BOOST_TEST(power(g, -2) * g * g == rational_function(1));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(operations_commute_with_evaluation) {
    std::mt19937_64 rng(seed + 1);
    int compared = 0;
    for (int trial = 0; trial < support::trials(200); ++trial) {
        const auto f = random_function(rng), g = random_function(rng);
        const std::vector<rational> at{random_rational(rng), random_rational(rng)};
        if (f.denominator().evaluate(at).is_zero() || g.denominator().evaluate(at).is_zero())
            continue;
        ++compared;
        const rational x = f.evaluate(at), y = g.evaluate(at);
        BOOST_TEST_CONTEXT("f = " << f << ", g = " << g << " at " << at[0] << ", " << at[1]) {
            BOOST_TEST((f + g).evaluate(at) == x + y);
            BOOST_TEST((f - 2 * g).evaluate(at) == x - 2 * y);
            BOOST_TEST((f * g).evaluate(at) == x * y);
            BOOST_TEST(power(f, 3).evaluate(at) == power(x, 3));
            if (!y.is_zero()) BOOST_TEST((f / g).evaluate(at) == x / y);
        }
    }
    BOOST_TEST(compared > 100);
}

BOOST_AUTO_TEST_CASE(partial_fractions_recombine) {
    const rational_function x = xy.variable(0);
    BOOST_TEST(rational(1, 2) / (x - 1) - rational(1, 2) / (x + 1) == 1 / (x * x - 1));
    BOOST_TEST((1 / (x * (x + 1))).str() == "(1)/(x^2 + x)");
    BOOST_TEST(((x * x - 1) / (x - 1)).str() == "x + 1");
    BOOST_TEST((1 / x).derivative(0) == -power(x, -2));
}

BOOST_AUTO_TEST_CASE(tapes_evaluate_to_rational_functions) {
    const tape t = record({"x", "y"}, [](auto x, auto y) { return (x + y) / (x - y) - 1; });
    const auto value =
        evaluate(t, std::vector<rational_function>{xy.variable("x"), xy.variable("y")});
    BOOST_TEST(value.at(0).str() == "(2*y)/(x - y)");
}

BOOST_AUTO_TEST_CASE(division_by_the_zero_function_is_refused) {
    const rational_function x = xy.variable(0);
    BOOST_CHECK_EXCEPTION(x / (x - x), std::domain_error, [](const std::domain_error& e) {
        return std::string(e.what()).find("zero function") != std::string::npos;
    });
    BOOST_CHECK_THROW(x / 0, std::domain_error);
    BOOST_CHECK_THROW(power(x - x, -1), std::domain_error);
    BOOST_CHECK_THROW(rational_function(xy.variable(0), polynomial(0)), std::domain_error);
    BOOST_CHECK_THROW((1 / x).evaluate({rational(0), rational(1)}), std::domain_error);
    BOOST_TEST(power(x - x, 0) == rational_function(1));
    BOOST_TEST(rational_function(rational(2, 4)) / 3 == rational_function(rational(1, 6)));
}

BOOST_AUTO_TEST_SUITE_END()
