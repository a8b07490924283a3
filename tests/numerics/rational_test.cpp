#include <boost/multiprecision/cpp_int.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <type_traits>

#include "numerics/scalar/rational.hpp"
#include "tests/support/random_rational.hpp"
#include "tests/support/seed.hpp"

using flowproof::rational;
using namespace flowproof::support;
using oracle = boost::multiprecision::cpp_rational;

namespace {

oracle same(const rational& q) {
    return oracle(boost::multiprecision::cpp_int(q.numerator().str()),
                  boost::multiprecision::cpp_int(q.denominator().str()));
}
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double tiny = std::numeric_limits<double>::denorm_min();

} // namespace

BOOST_AUTO_TEST_SUITE(rational_test)

BOOST_AUTO_TEST_CASE(field_operations_agree_with_boost_rationals) {
    std::mt19937_64 rng(seed(1));
    for (int trial = 0; trial < trials(2000); ++trial) {
        const rational x = random_rational(rng), y = random_rational(rng);
        BOOST_TEST_CONTEXT("trial " << trial << ", x = " << x << ", y = " << y) {
            BOOST_TEST((same(x + y) == same(x) + same(y)));
            BOOST_TEST((same(x - y) == same(x) - same(y)));
            BOOST_TEST((same(x * y) == same(x) * same(y)));
            BOOST_TEST((same(-x) == -same(x)));
            if (!y.is_zero()) BOOST_TEST((same(x / y) == same(x) / same(y)));
            BOOST_TEST((x < y) == (same(x) < same(y)));
            BOOST_TEST((x == y) == (same(x) == same(y)));
            BOOST_TEST(x.sign() == (same(x) > 0) - (same(x) < 0));
            BOOST_TEST((x.floor() <= x && x < x.floor() + 1 && x.floor().is_integer()));
            BOOST_TEST((x.ceil() >= x && x > x.ceil() - 1 && x.ceil().is_integer()));
            BOOST_TEST(rational::parse(x.str()) == x);
        }
    }
}

BOOST_AUTO_TEST_CASE(copies_moves_and_aliased_operations_keep_the_value) {
    rational x = power(rational(3, 7), 90), copy = x;
    rational moved = std::move(copy);
    BOOST_TEST(moved == x);
    rational& self = moved;
    moved -= self;
    BOOST_TEST(moved.is_zero());
    rational& same_x = x;
    x /= same_x;
    BOOST_TEST(x == 1);
    x = same_x;
    BOOST_TEST(x == 1);
}

BOOST_AUTO_TEST_CASE(powers_are_repeated_products) {
    BOOST_TEST(power(rational(-2, 3), 5) == rational(-32, 243));
    BOOST_TEST(power(rational(-2, 3), -3) == rational(-27, 8));
    BOOST_TEST(power(rational(0), 0) == 1);
    BOOST_CHECK_THROW(power(rational(0), -1), std::domain_error);
    BOOST_CHECK_THROW(power(rational(3), std::int64_t{1} << 40), std::domain_error);
    BOOST_CHECK_THROW(power(rational(3), std::numeric_limits<std::int64_t>::min()),
                      std::domain_error);
    BOOST_TEST(power(rational(-1), std::numeric_limits<std::int64_t>::min()) == 1);
}

BOOST_AUTO_TEST_CASE(square_roots_are_found_where_they_are_rational) {
    rational root(5);
    BOOST_TEST(rational(49, 64).square_root(root));
    BOOST_TEST(root == rational(7, 8));
    BOOST_TEST(!rational(2).square_root(root));
    BOOST_TEST(!rational(-1).square_root(root));
    BOOST_TEST(!rational(4, 3).square_root(root));
    BOOST_TEST(root == rational(7, 8));
}

BOOST_AUTO_TEST_CASE(text_is_read_exactly_or_refused) {
    BOOST_TEST(rational::parse("0.1") == rational(1, 10));
    BOOST_TEST(rational::parse("-6/4") == rational(-3, 2));
    BOOST_TEST(rational::parse("+1.50e-3") == rational(3, 2000));
    BOOST_TEST(rational::parse(".5") == rational(1, 2));
    BOOST_TEST(rational::parse("5.") == 5);
    BOOST_TEST(rational::parse("2E3") == 2000);
    BOOST_TEST(rational::parse("-0") == 0);
    BOOST_TEST(rational::parse("123456789012345678901234567890").numerator().str() ==
               "123456789012345678901234567890");
    for (const char* bad :
         {"",    "-",   "+",    ".",   "1/0", "1/-2", "2/0.5", "1e",  "1e+",   "1e1000000",
          "nan", "inf", "0x10", "1,5", " 1",  "1 ",   "1..2",  "--1", "1/2/3", "e5"})
        BOOST_TEST_CONTEXT("text \"" << bad << "\"") {
            BOOST_CHECK_EXCEPTION(
                rational::parse(bad), std::invalid_argument, [&](const std::invalid_argument& e) {
                    const std::string what = e.what();
                    return what.find("rational::parse") == 0 &&
                           what.find("\"" + std::string(bad) + "\"") != std::string::npos;
                });
        }
}

BOOST_AUTO_TEST_CASE(decimals_round_to_nearest_at_the_digits_asked) {
    std::mt19937_64 rng(seed(2));
    for (int trial = 0; trial < trials(2000); ++trial) {
        const rational x = random_rational(rng);
        const int digits = static_cast<int>(rng() % 25) + 1;
        BOOST_TEST_CONTEXT("trial " << trial << ", x = " << x << ", digits " << digits) {
            const rational error = abs(rational::parse(x.decimal(digits)) - x);
            // Half a unit of the last digit: |x| < 10^(e+1) makes the unit at most 10^(e+1-digits).
            rational unit(1);
            while (unit > abs(x) && !x.is_zero())
                unit /= 10;
            while (unit * 10 <= abs(x))
                unit *= 10;
            BOOST_TEST((error * 2 <= unit * power(rational(10), 1 - digits)));
        }
    }
    BOOST_TEST(rational(1, 3).decimal(5) == "0.33333");
    BOOST_TEST(rational(-2, 3).decimal(3) == "-0.667");
    BOOST_TEST(rational(1, 8).decimal(10) == "0.125");
    BOOST_TEST(rational(999999, 1000).decimal(3) == "1.00e3");
    BOOST_TEST(rational::parse("1.5e-12").decimal(20) == "1.5e-12");
    BOOST_TEST(rational(1200).decimal(2) == "1200");
    BOOST_TEST(rational(0).decimal(3) == "0");
    BOOST_CHECK_THROW(rational(1).decimal(0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(conversion_to_double_agrees_with_the_c_library_and_brackets) {
    std::mt19937_64 rng(seed(3));
    for (int trial = 0; trial < trials(3000); ++trial) {
        // Decimals across the whole range and beyond it, many of them subnormal.
        std::string text = rng() % 2 == 0 ? "-" : "";
        text += std::to_string(rng() % 10) + "." + std::to_string(rng()) + std::to_string(rng());
        const int exponent = trial % 2 == 0 ? static_cast<int>(rng() % 640) - 330
                                            : -300 - static_cast<int>(rng() % 26);
        text += "e" + std::to_string(exponent);
        const rational x = rational::parse(text);
        const double nearest = std::strtod(text.c_str(), nullptr);
        const double low = x.round_down(), high = x.round_up();
        BOOST_TEST_CONTEXT("trial " << trial << ", text " << text) {
            BOOST_TEST(x.nearest() == nearest);
            BOOST_TEST((low == -infinity || rational::exactly(low) <= x));
            BOOST_TEST((high == infinity || rational::exactly(high) >= x));
            BOOST_TEST((low == high || std::nextafter(low, infinity) == high));
            BOOST_TEST((low == nearest || high == nearest));
        }
    }
}

BOOST_AUTO_TEST_CASE(rounding_decides_ties_subnormals_and_overflow_as_ieee_754_does) {
    const rational unit = rational::exactly(tiny), half(1, 2);
    const rational largest = rational::exactly(std::numeric_limits<double>::max());
    const rational limit = power(rational(2), 1024); // first power beyond the range
    for (int n = 0; n < 12; ++n)
        for (const int sign : {1, -1})
            for (const rational& off : {rational(0), rational(1, 1000), rational(-1, 1000)}) {
                const rational steps = (rational(n) + half + off) * sign;
                // Oracle: scaled by 2^1074 these are small numbers, rounded by hand.
                const double up = static_cast<double>(steps.ceil().to_int64()) * tiny;
                const double down = static_cast<double>(steps.floor().to_int64()) * tiny;
                const bool tie = off.is_zero();
                const double away = sign > 0 ? up : down, toward = sign > 0 ? down : up;
                const double nearest =
                    tie ? (n % 2 == 0 ? toward : away) : (off.sign() > 0 ? away : toward);
                BOOST_TEST_CONTEXT("steps " << steps) {
                    BOOST_TEST((steps * unit).round_up() == up);
                    BOOST_TEST((steps * unit).round_down() == down);
                    BOOST_TEST((steps * unit).nearest() == nearest);
                }
            }
    const rational midway = (largest + limit) / 2;
    BOOST_TEST(midway.nearest() == infinity);
    BOOST_TEST((midway - 1).nearest() == std::numeric_limits<double>::max());
    BOOST_TEST((-midway).nearest() == -infinity);
    BOOST_TEST(limit.round_down() == std::numeric_limits<double>::max());
    BOOST_TEST(limit.round_up() == infinity);
    BOOST_TEST((-limit).round_up() == std::numeric_limits<double>::lowest());
    BOOST_TEST((-limit).round_down() == -infinity);
    BOOST_TEST((rational(1) + power(rational(2), -53)).nearest() == 1.0);
    BOOST_TEST((rational(1) + 3 * power(rational(2), -53)).nearest() == 1.0 + 0x1p-51);
    BOOST_TEST(power(rational(10), -400).round_up() == tiny);
    BOOST_TEST(power(rational(10), -400).round_down() == 0.0);
}

BOOST_AUTO_TEST_CASE(every_double_converts_there_and_back) {
    std::mt19937_64 rng(seed(4));
    for (int trial = 0; trial < trials(2000); ++trial) {
        double x = std::ldexp(static_cast<double>(static_cast<std::int64_t>(rng())),
                              static_cast<int>(rng() % 2000) - 1130);
        if (!std::isfinite(x)) continue;
        const rational q = rational::exactly(x);
        BOOST_TEST(q.nearest() == x);
        BOOST_TEST(q.round_down() == x);
        BOOST_TEST(q.round_up() == x);
        BOOST_TEST((same(q) == oracle(x)));
    }
    BOOST_CHECK_THROW(rational::exactly(infinity), std::domain_error);
    BOOST_CHECK_THROW(rational::exactly(std::nan("")), std::domain_error);
}

BOOST_AUTO_TEST_CASE(integers_convert_back_only_if_they_fit) {
    const auto most = std::numeric_limits<std::int64_t>::max();
    BOOST_TEST(rational(most).to_int64() == most);
    BOOST_TEST((rational(-most) - 1).to_int64() == std::numeric_limits<std::int64_t>::min());
    BOOST_CHECK_THROW((rational(most) + 1).to_int64(), std::domain_error);
    BOOST_CHECK_THROW(rational(1, 2).to_int64(), std::domain_error);
    BOOST_CHECK_THROW(rational(1, 0), std::domain_error);
    BOOST_CHECK_THROW(rational(1) / rational(0), std::domain_error);
}

BOOST_AUTO_TEST_CASE(hashes_are_those_of_every_other_build) {
    // 64-bit FNV-1a of "0" and of "-3/4", from an independent implementation.
    BOOST_TEST(rational(0).hash() == 0xaf63ad4c86019cafULL);
    BOOST_TEST(rational(-3, 4).hash() == 0xd2ed1c8e3771ae6aULL);
    BOOST_TEST(rational(-3, 4).hash() == rational(-6, 8).hash());
    BOOST_TEST(rational(3, 4).hash() != rational(-3, 4).hash());
    BOOST_TEST((power(rational(2), 200) / power(rational(2), 199)).hash() == rational(2).hash());
}

BOOST_AUTO_TEST_CASE(neither_bool_nor_floating_point_becomes_rational) {
    static_assert(!std::is_constructible_v<rational, double>);
    static_assert(!std::is_constructible_v<rational, float>);
    static_assert(!std::is_constructible_v<rational, bool>);
    static_assert(std::is_convertible_v<int, rational>);
    BOOST_TEST(rational() == 0);
}

BOOST_AUTO_TEST_CASE(results_beyond_two_to_the_thirty_bits_throw_and_do_not_abort) {
    const rational large = power(rational(2), (std::int64_t{1} << 29) - 1),
                   tiny = rational(1) / large;
    BOOST_CHECK_THROW(large * (large * rational(8)), std::domain_error);
    BOOST_CHECK_THROW(large * rational(8) / (tiny * rational(3)), std::domain_error);
    BOOST_CHECK_THROW(tiny / rational(8) + tiny / rational(3), std::domain_error);
}

BOOST_AUTO_TEST_SUITE_END()
