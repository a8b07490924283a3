#include <boost/test/unit_test.hpp>
#include <random>

#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/dual.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/random_rational.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;

using slope_of = dual<rational>;

BOOST_AUTO_TEST_SUITE(dual_test)

BOOST_AUTO_TEST_CASE(slopes_follow_the_rules_of_differentiation_exactly) {
    std::mt19937_64 rng(seed(41));
    for (int trial = 0; trial < trials(500); ++trial) {
        const rational x = small_nonzero(rng), y = small_nonzero(rng), s = random_rational(rng),
                       t = random_rational(rng);
        const slope_of X(x, s), Y(y, t);
        BOOST_TEST((X + Y == slope_of(x + y, s + t)));
        BOOST_TEST((X - Y == slope_of(x - y, s - t)));
        BOOST_TEST((X * Y == slope_of(x * y, s * y + t * x)));
        BOOST_TEST((X / Y == slope_of(x / y, (s * y - x * t) / (y * y))));
        BOOST_TEST((-X == slope_of(-x, -s)));
        BOOST_TEST((power(X, 5) == X * X * X * X * X));
        BOOST_TEST((power(X, -2) == 1 / (X * X)));
        BOOST_TEST((power(X, 1) == X));
        BOOST_TEST((power(X, 0) == slope_of(1)));
        BOOST_TEST((3 * X - rational(1, 2) == slope_of(3 * x - rational(1, 2), 3 * s)));
        BOOST_TEST((2 / X == slope_of(rational(2), rational(0)) / X));
    }
}

BOOST_AUTO_TEST_CASE(second_derivatives_come_from_duals_of_duals) {
    using second = dual<slope_of>;
    const second x(slope_of(2, 1), slope_of(1, 0));
    const second cube = x * x * x;
    BOOST_TEST(cube.value.value == 8);
    BOOST_TEST(cube.slope.value == 12);
    BOOST_TEST(cube.slope.slope == 12);
    BOOST_TEST((1 / x).slope.slope == rational(1, 4)); // 2 / x^3
}

BOOST_AUTO_TEST_CASE(enclosing_slopes_enclose) {
    const std::int64_t bits = 80;
    const dual<ball> x(ball(rational(1, 3), bits), ball(1));
    const dual<ball> f = exp(x) * sin(x) + log(x) / sqrt(x) + cos(x);
    BOOST_TEST(f.slope.bits() == bits);
    BOOST_TEST(f.slope.relative_accuracy_bits() > bits - 15);
    // Oracle: a symmetric difference of balls at 2000 bits with h = 2^-600, error near 2^-1200.
    const auto at = [](const rational& q) {
        const ball p(q, 2000);
        return exp(p) * sin(p) + log(p) / sqrt(p) + cos(p);
    };
    const rational h = power(rational(2), -600), third(1, 3);
    const ball quotient = (at(third + h) - at(third - h)) / (2 * h);
    const ball widened = quotient + ball::hull(-h, h, 2000);
    BOOST_TEST(f.slope.overlaps(widened));
    BOOST_TEST(f.slope.contains(quotient.midpoint()));
}

BOOST_AUTO_TEST_CASE(slopes_that_are_zero_by_construction_stay_zero) {
    recorder r;
    const expr x = r.variable("x"), inverse = 1 / x;
    const dual<expr> c(inverse, expr(0)), v(x, expr(1));
    for (const dual<expr>& f : {c * c, c / c, power(c, 3), power(c, -1), sqrt(c), exp(c), log(c),
                                sin(c), cos(c), -c, c + c, c * 2, c / 3, 3 / c})
        BOOST_TEST(known_zero(f.slope));
    BOOST_TEST(!known_zero((v * c).slope));
    BOOST_TEST(known_zero(dual<expr>(0)));
    BOOST_TEST(!known_zero(v));
    // Never for scalars with infinities: 0 * inf has to show.
    BOOST_TEST(!known_zero(0.0));
    BOOST_TEST(!known_zero(ball(0)));
}

BOOST_AUTO_TEST_SUITE_END()
