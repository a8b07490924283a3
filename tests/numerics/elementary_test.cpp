#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "numerics/interval/elementary.hpp"
#include "numerics/scalar/flint.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;

namespace {

using set = interval<double>;
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();
constexpr double tiny = std::numeric_limits<double>::denorm_min();
const std::uint64_t seed = support::seed(20240611);

using arb_function = void (*)(arb_t, const arb_t, slong);

/// f(x) as a ball of more than 200 correct bits, the oracle.
class oracle {
public:
    template <class F> oracle(const F& f, double x) {
        arb_init(value_);
        arb_t argument;
        arb_init(argument);
        arb_set_d(argument, x);
        f(value_, argument, 2600); // tells cos(2^-1074) from 1 and reduces 2^1023 modulo pi
        arb_clear(argument);
    }
    ~oracle() { arb_clear(value_); }
    oracle(const oracle&) = delete;
    oracle& operator=(const oracle&) = delete;

    bool sharp() const { return arb_rel_accuracy_bits(value_) >= 200; }
    /// Is the value < x (> x) with certainty?
    bool below(double x) const {
        return compare(x, [](auto a, auto b) { return arb_lt(a, b); });
    }
    bool above(double x) const {
        return compare(x, [](auto a, auto b) { return arb_gt(a, b); });
    }

private:
    template <class F> bool compare(double x, F f) const {
        arb_t bound;
        arb_init(bound);
        arb_set_d(bound, x);
        const bool result = f(value_, bound) != 0;
        arb_clear(bound);
        return result;
    }
    arb_t value_;
};

/// Is z the smallest interval of doubles around f(x)?
void check_point(const char* name, arb_function f, set (*g)(const set&), double x) {
    const oracle exact(f, x);
    const set z = g(set(x));
    BOOST_TEST_CONTEXT(name << " at " << decimal_down(x) << " gave " << z) {
        BOOST_TEST(exact.sharp());
        BOOST_TEST(!exact.below(z.lower()));
        BOOST_TEST(!exact.above(z.upper()));
        BOOST_TEST(exact.below(std::nextafter(z.lower(), inf)));
        BOOST_TEST(exact.above(std::nextafter(z.upper(), -inf)));
    }
}

class draw {
public:
    double positive(int least_exponent, int range) {
        const double fraction = 1 + std::ldexp(static_cast<double>(bits_() >> 12), -52);
        return std::ldexp(fraction, static_cast<int>(bits_() % static_cast<unsigned>(range)) +
                                        least_exponent);
    }
    double sign() { return bits_() % 2 == 0 ? 1 : -1; }
    std::uint64_t operator()() { return bits_(); }

private:
    std::mt19937_64 bits_{seed};
};

} // namespace

BOOST_AUTO_TEST_SUITE(elementary_test)

BOOST_AUTO_TEST_CASE(exponentials_of_points_are_tightest) {
    draw next;
    for (int trial = 0; trial < support::trials(1500); ++trial)
        check_point("exp", arb_exp, exp, next.sign() * std::min(709.5, next.positive(-80, 90)));
    for (int trial = 0; trial < support::trials(200); ++trial) // subnormal results
        check_point("exp", arb_exp, exp, -708 - next.positive(-4, 9));
}

BOOST_AUTO_TEST_CASE(logarithms_of_points_are_tightest) {
    draw next;
    for (int trial = 0; trial < support::trials(1500); ++trial)
        check_point("log", arb_log, log, next.positive(-1074, 2097));
    for (int trial = 0; trial < support::trials(200); ++trial) // cancellation near 1
        check_point("log", arb_log, log, 1 + next.sign() * next.positive(-53, 50));
}

BOOST_AUTO_TEST_CASE(sines_and_cosines_of_points_are_tightest) {
    draw next;
    for (int trial = 0; trial < support::trials(1500); ++trial) {
        const double x =
            next.sign() * next.positive(trial % 2 == 0 ? -1074 : -30, trial % 2 == 0 ? 2097 : 60);
        check_point("sin", arb_sin, sin, x);
        check_point("cos", arb_cos, cos, x);
    }
    // Doubles next to multiples of pi / 2, the last one the closest of all.
    for (const double x :
         {0x1.921fb54442d18p0, 0x1.921fb54442d18p1, 0x1.2d97c7f3321d2p2, 0x1.6ac5b262ca1ffp849}) {
        check_point("sin", arb_sin, sin, x);
        check_point("cos", arb_cos, cos, x);
    }
}

// Functions that Arb lacks.
void arb_exp2(arb_t y, const arb_t x, slong bits) {
    arb_const_log2(y, bits);
    arb_mul(y, y, x, bits);
    arb_exp(y, y, bits);
}
void arb_exp10(arb_t y, const arb_t x, slong bits) {
    arb_const_log10(y, bits);
    arb_mul(y, y, x, bits);
    arb_exp(y, y, bits);
}
void arb_log2(arb_t y, const arb_t x, slong bits) { arb_log_base_ui(y, x, 2, bits); }
void arb_log10(arb_t y, const arb_t x, slong bits) { arb_log_base_ui(y, x, 10, bits); }

BOOST_AUTO_TEST_CASE(all_functions_of_points_are_tightest) {
    draw next;
    struct entry {
        const char* name;
        arb_function f;
        set (*g)(const set&);
        double low, high; ///< arguments, inside the domain
    };
    for (const entry& e : {entry{"exp2", arb_exp2, exp2, -1080, 1023},
                           {"exp10", arb_exp10, exp10, -325, 308},
                           {"expm1", arb_expm1, expm1, -60, 709},
                           {"log2", arb_log2, log2, 0, 1e300},
                           {"log10", arb_log10, log10, 0, 1e300},
                           {"log1p", arb_log1p, log1p, -0.999, 1e300},
                           {"tan", arb_tan, tan, -1e300, 1e300},
                           {"asin", arb_asin, asin, -1, 1},
                           {"acos", arb_acos, acos, -1, 1},
                           {"atan", arb_atan, atan, -1e300, 1e300},
                           {"sinh", arb_sinh, sinh, -710, 710},
                           {"cosh", arb_cosh, cosh, -710, 710},
                           {"tanh", arb_tanh, tanh, -30, 30},
                           {"asinh", arb_asinh, asinh, -1e300, 1e300},
                           {"acosh", arb_acosh, acosh, 1, 1e300},
                           {"atanh", arb_atanh, atanh, -1, 1}})
        for (int trial = 0; trial < support::trials(200); ++trial) {
            const double range = std::log2(std::max(-e.low, e.high)) + 60;
            double x = next.sign() * next.positive(-59, static_cast<int>(range));
            if (trial % 4 == 0 && e.low > 0) x += 1;
            if (trial % 8 == 1) x = std::round(x); // exact values among them
            if (trial % 50 == 2) x = next.sign() * next.positive(-1074, 100);
            if (x > e.low && x < e.high) check_point(e.name, e.f, e.g, x);
        }
}

BOOST_AUTO_TEST_CASE(exact_values_are_points) {
    for (int n = -1074; n < 1024; ++n)
        BOOST_TEST(
            (exp2(set(n)) == set(std::ldexp(1.0, n)) && log2(set(std::ldexp(1.0, n))) == set(n)));
    double ten = 1;
    for (int n = 0; n <= 22; ++n, ten *= 10)
        BOOST_TEST((exp10(set(n)) == set(ten) && log10(set(ten)) == set(n)));
    BOOST_TEST(exp10(set(23)).width() > 0);
    BOOST_TEST(pow(set(1.5), set(3)) == set(3.375));
    BOOST_TEST(pow(set(2.25), set(2.5)) == set(7.59375));
    BOOST_TEST(pow(set(0.25), set(-1.5)) == set(8));
    BOOST_TEST(root(set(-3.375), 3) == set(-1.5));
    BOOST_TEST(hypot(set(3), set(-4)) == set(5));
    BOOST_TEST((acos(set(1)) == set(0) && acosh(set(1)) == set(0) && tan(set(0)) == set(0)));
}

BOOST_AUTO_TEST_CASE(functions_of_two_points_are_tightest) {
    draw next;
    struct entry {
        const char* name;
        void (*f)(arb_t, const arb_t, const arb_t, slong);
        set (*g)(const set&, const set&);
        bool positive;
    };
    for (const entry& e : {entry{"atan2", arb_atan2, atan2, false},
                           {"pow", arb_pow, pow, true},
                           {"hypot", arb_hypot, hypot, false}})
        for (int trial = 0; trial < support::trials(400); ++trial) {
            const double x = (e.positive ? 1 : next.sign()) * next.positive(-20, 30);
            const double y = next.sign() * next.positive(-20, 25);
            const oracle exact(
                [&](arb_t z, const arb_t first, slong bits) {
                    arb_t second;
                    arb_init(second);
                    arb_set_d(second, y);
                    e.f(z, first, second, bits);
                    arb_clear(second);
                },
                x);
            const set z = e.g(set(x), set(y));
            BOOST_TEST_CONTEXT(e.name << "(" << decimal_down(x) << ", " << decimal_down(y)
                                      << ") gave " << z) {
                BOOST_TEST(!exact.below(z.lower()));
                BOOST_TEST(!exact.above(z.upper()));
                BOOST_TEST(exact.below(std::nextafter(z.lower(), inf)));
                BOOST_TEST(exact.above(std::nextafter(z.upper(), -inf)));
            }
        }
}

BOOST_AUTO_TEST_CASE(functions_of_two_sets_contain_the_values_of_members) {
    draw next;
    const auto around = [&](bool positive) {
        const double start = (positive ? 1 : next.sign()) * next.positive(-3, 5);
        return set(start, start + next.positive(-4, 7));
    };
    const auto member = [&](const set& x) {
        return std::min(x.upper(), x.lower() + static_cast<double>(next() % 17) / 16 *
                                                   (x.upper() - x.lower()));
    };
    for (int trial = 0; trial < support::trials(500); ++trial) {
        const set x = around(false), y = around(false), p = around(true);
        for (int k = 0; k < 10; ++k) {
            const set a(member(x)), b(member(y)), c(member(p));
            BOOST_TEST_CONTEXT("x = " << x << ", y = " << y << ", p = " << p << ", members " << a
                                      << b << c) {
                BOOST_TEST(subset(atan2(b, a), atan2(y, x)));
                BOOST_TEST(subset(hypot(a, b), hypot(x, y)));
                BOOST_TEST(subset(pow(c, b), pow(p, y)));
                BOOST_TEST(subset(tan(a), tan(x)));
                BOOST_TEST(subset(cosh(a), cosh(x)));
                BOOST_TEST(subset(root(a, 3), root(x, 3)));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(images_contain_the_images_of_members_and_touch_them) {
    draw next;
    struct entry {
        const char* name;
        arb_function f;
        set (*g)(const set&);
        bool positive;
    };
    for (const entry& e : {entry{"exp", arb_exp, exp, false}, entry{"log", arb_log, log, true},
                           entry{"sin", arb_sin, sin, false}, entry{"cos", arb_cos, cos, false}})
        for (int trial = 0; trial < support::trials(150); ++trial) {
            const double start = (e.positive ? 1 : next.sign()) * next.positive(-8, 14);
            const set x(start, start + next.positive(-6, 9));
            const set z = e.g(x);
            double reach_low = inf, reach_high = -inf; // of f over a fine grid, to nearest
            for (int k = 0; k <= 64; ++k) {
                const double t = std::min(x.upper(), x.lower() + k * (x.upper() - x.lower()) / 64);
                const oracle exact(e.f, t);
                BOOST_TEST_CONTEXT(e.name << " over " << x << " gave " << z << ", member "
                                          << decimal_down(t)) {
                    BOOST_TEST(!exact.below(z.lower()));
                    BOOST_TEST(!exact.above(z.upper()));
                }
                const set point = e.g(set(t));
                reach_low = std::min(reach_low, point.upper());
                reach_high = std::max(reach_high, point.lower());
            }
            // Not needlessly wide: between grid points at distance h, |sin| gains below h^2 / 8,
            // a monotone function nothing.
            const double h = x.width() / 64;
            const double gain = e.f == arb_sin || e.f == arb_cos ? h * h / 8 + 1e-15 : 0;
            BOOST_TEST_CONTEXT(e.name << " over " << x << " gave " << z) {
                BOOST_TEST(z.lower() >= reach_low - gain - 1e-15 * std::abs(reach_low));
                BOOST_TEST(z.upper() <= reach_high + gain + 1e-15 * std::abs(reach_high));
            }
        }
}

BOOST_AUTO_TEST_CASE(special_arguments_follow_the_standard) {
    const set none = set::empty(), all = set::entire(), full(-1, 1);
    BOOST_TEST(exp(none) == none);
    BOOST_TEST(exp(all) == set(0, inf));
    BOOST_TEST(exp(set(-inf, 0)) == set(0, 1));
    BOOST_TEST(exp(set(0)) == set(1));
    BOOST_TEST(exp(set(1e308)) == set(largest, inf));
    BOOST_TEST(exp(set(-1e308)) == set(0, tiny));
    BOOST_TEST(log(none) == none);
    BOOST_TEST(log(all) == all);
    BOOST_TEST(log(set(0, 1)) == set(-inf, 0));
    BOOST_TEST(log(set(-1, 1)) == set(-inf, 0));
    BOOST_TEST(log(set(1, inf)) == set(0, inf));
    BOOST_TEST(log(set(0)) == none);
    BOOST_TEST(log(set(-2, -1)) == none);
    BOOST_TEST(sin(none) == none);
    BOOST_TEST(cos(none) == none);
    BOOST_TEST(sin(all) == full);
    BOOST_TEST(cos(set(1, inf)) == full);
    BOOST_TEST(sin(set(0)) == set(0));
    BOOST_TEST(cos(set(0)) == set(1));
    BOOST_TEST(cos(set(-1, 1)).upper() == 1);
    BOOST_TEST(sin(set(1, 2)).upper() == 1);
    BOOST_TEST(sin(set(-2, -1)).lower() == -1);
    BOOST_TEST(cos(set(3, 4)).lower() == -1);
    BOOST_TEST(cos(set(3, 4)).upper() < 0);
    BOOST_TEST(sin(set(0, 7)) == full);
    BOOST_TEST(sin(set(0, 6)) == full);
    BOOST_TEST(sin(set(-5, 1)) == full);
    BOOST_TEST(sin(set(-4, 1)).upper() < 0.85);
    BOOST_TEST(cos(set(-largest, largest)) == full);
    BOOST_TEST(cos(set(1e300, 1.0000000001e300)) == full);
    const set quarter = 2 * atan(set(1)), half = 2 * quarter; // pi / 2, pi
    BOOST_TEST((tan(set(1, 2)) == all && tan(all) == all && tan(set(2, 4)) != all));
    BOOST_TEST((asin(set(2, 3)) == none && acos(all) == set(0, half.upper())));
    BOOST_TEST((atan(all) == set(-quarter.upper(), quarter.upper())));
    BOOST_TEST((cosh(set(-1, 2)).lower() == 1 && sinh(all) == all && tanh(all) == full));
    BOOST_TEST((acosh(set(-1, 1)) == set(0) && acosh(set(0, 0.5)) == none));
    BOOST_TEST((atanh(full) == all && atanh(set(1)) == none && atanh(set(-5, -1)) == none));
    BOOST_TEST((log1p(set(-1)) == none && log1p(all) == all && expm1(all) == set(-1, inf)));
    BOOST_TEST(
        (atan2(set(0), set(0)) == none && atan2(set(0), set(-1, 1)) == set(0, half.upper())));
    BOOST_TEST((atan2(set(0), set(-2, 0)) == half && atan2(set(0), set(0, 2)) == set(0)));
    BOOST_TEST((atan2(set(-1, 1), set(-1)) == set(-half.upper(), half.upper())));
    BOOST_TEST((atan2(set(-1, 0), set(-2, -1)) == set(-half.upper(), half.upper())));
    BOOST_TEST((atan2(set(-1, 1), set(0, 1)) == set(-quarter.upper(), quarter.upper())));
    BOOST_TEST((atan2(set(-1, -0.5), set(-1)).upper() < -2 && atan2(all, none) == none));
    BOOST_TEST((pow(set(0), set(-1)) == none && pow(set(0), set(-1, 2)) == set(0)));
    BOOST_TEST((pow(set(-3, 2), set(2)) == set(0, 4) && pow(set(0, 2), set(-1)) == set(0.5, inf)));
    BOOST_TEST((pow(set(0, 1), set(0)) == set(1) && pow(set(0, 2), set(0, 1)) == set(0, 2)));
    BOOST_TEST((pow(set(0.5, 2), all) == set(0, inf) && pow(set(-2, -1), set(1)) == none));
    BOOST_TEST((root(set(-8, 16), 4) == set(0, 2) && root(set(-2, -1), 2) == none));
    BOOST_CHECK_THROW(root(set(1), 0), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
