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
    oracle(arb_function f, double x) {
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
    /// Is value >= x (<= x), decided with certainty?
    bool at_least(double x) const {
        return compare(x, [](auto a, auto b) { return arb_ge(a, b); });
    }
    bool at_most(double x) const {
        return compare(x, [](auto a, auto b) { return arb_le(a, b); });
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

double above(double x) { return std::nextafter(x, inf); }
double below(double x) { return std::nextafter(x, -inf); }

/// Does z enclose f(x), with endpoints at most one double from the tightest?
void check_point(const char* name, arb_function f, set (*g)(const set&), double x) {
    const oracle exact(f, x);
    const set z = g(set(x));
    BOOST_TEST_CONTEXT(name << " at " << decimal_down(x) << " gave " << z) {
        BOOST_TEST(exact.sharp());
        BOOST_TEST(exact.at_least(z.lower()));
        BOOST_TEST(exact.at_most(z.upper()));
        BOOST_TEST(exact.at_most(above(above(z.lower()))));
        BOOST_TEST(exact.at_least(below(below(z.upper()))));
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

BOOST_AUTO_TEST_CASE(exponentials_of_points_enclose_within_one_double) {
    draw next;
    for (int trial = 0; trial < support::trials(1500); ++trial)
        check_point("exp", arb_exp, exp, next.sign() * std::min(709.5, next.positive(-80, 90)));
    for (int trial = 0; trial < support::trials(200); ++trial) // subnormal results
        check_point("exp", arb_exp, exp, -708 - next.positive(-4, 9));
}

BOOST_AUTO_TEST_CASE(logarithms_of_points_enclose_within_one_double) {
    draw next;
    for (int trial = 0; trial < support::trials(1500); ++trial)
        check_point("log", arb_log, log, next.positive(-1074, 2097));
    for (int trial = 0; trial < support::trials(200); ++trial) // cancellation near 1
        check_point("log", arb_log, log, 1 + next.sign() * next.positive(-53, 50));
}

BOOST_AUTO_TEST_CASE(sines_and_cosines_of_points_enclose_within_one_double) {
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
                    BOOST_TEST(exact.at_least(z.lower()));
                    BOOST_TEST(exact.at_most(z.upper()));
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
}

BOOST_AUTO_TEST_SUITE_END()
