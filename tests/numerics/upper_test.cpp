#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "numerics/ode/upper.hpp"
#include "numerics/scalar/rational.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using rigorous::upper;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Is it a bound of the exact number, and near it where there are normal doubles?
bool bounds(upper x, const rational& exact) {
    if (!x.is_finite()) return exact > rational::exactly(0x1p1000);
    const rational value = rational::exactly(x.value());
    return exact <= value && (value == rational(0) ? exact == rational(0)
                                                   : value <= exact + exact / rational(1LL << 50) +
                                                                  rational::exactly(0x1p-1071));
}
} // namespace

BOOST_AUTO_TEST_SUITE(upper_test)

BOOST_AUTO_TEST_CASE(operations_round_up_by_a_few_units) {
    const std::uint64_t seed = support::seed(20261122);
    std::mt19937_64 rng(seed);
    const auto any = [&] { // all exponents, subnormal numbers and 0
        const double mantissa = static_cast<double>(rng() >> 11) * 0x1p-53;
        return rng() % 12 == 0 ? 0 : std::ldexp(mantissa, static_cast<int>(rng() % 2090) - 1070);
    };
    for (int trial = 0; trial < support::trials(4000); ++trial) {
        const double a = any(), b = rng() % 2 ? any() : a * (1 + 0x1p-52);
        const auto e = static_cast<std::int64_t>(rng() % 4000) - 2000;
        const rational x = rational::exactly(a), y = rational::exactly(b);
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", " << a << ", " << b << ", "
                                   << e) {
            BOOST_TEST(bounds(upper(a) + upper(b), x + y));
            BOOST_TEST(bounds(upper(a) * upper(b), x * y));
            if (b > 0) BOOST_TEST(bounds(upper(a) / b, x / y));
            BOOST_TEST(bounds(scaled(upper(a), e), x * power(rational(2), e)));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_unknown_is_infinite) {
    const upper nan = std::numeric_limits<double>::quiet_NaN(), unknown = infinity;
    BOOST_TEST(nan.value() == infinity);
    BOOST_TEST((upper(0) * unknown).value() == infinity);
    BOOST_TEST((unknown * upper(0)).value() == infinity);
    BOOST_TEST((unknown + upper(0)).value() == infinity);
    BOOST_TEST((upper(0) / 0.0).value() == infinity);
    BOOST_TEST((upper(1) / -1.0).value() == infinity);
    BOOST_TEST((upper(1) / std::numeric_limits<double>::quiet_NaN()).value() == infinity);
    BOOST_TEST((unknown / infinity).value() == infinity);
    BOOST_TEST(scaled(unknown, -5000).value() == infinity);
    BOOST_TEST(scaled(upper(0), 5000).value() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
