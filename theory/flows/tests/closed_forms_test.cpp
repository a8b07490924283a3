#include <boost/test/unit_test.hpp>
#include <random>

#include "numerics/scalar/ball.hpp"
#include "tests/support/seed.hpp"
#include "theory/core/paper.hpp"
#include "theory/flows/closed_forms.hpp"
#include "verify/registry/eval.hpp"
#include "verify/registry/select.hpp"

using namespace flowproof;
using namespace flowproof::flows;

namespace {

constexpr std::int64_t bits = 1024;

ball exactly(const rational& q) { return ball(q, bits); }
ball decimal(const char* text) { return exactly(rational::parse(text)); }

/// Is |x - y| < 10^-digits for certain?
bool near(const ball& x, const ball& y, int digits) {
    return certainly(less(abs(x - y), exactly(power(rational(10), -digits))));
}
std::string both(const ball& x, const ball& y) { return x.str(30) + " and " + y.str(30); }

using state = std::array<ball, 2>;

struct parameters {
    ball KP, KQ;
};

/// A random fraction in (low, high).
ball between(std::mt19937_64& random, const rational& low, const rational& high) {
    const auto k = static_cast<std::int64_t>(1 + random() % 9998);
    return exactly(low + (high - low) * rational(k, 9999));
}
parameters strengths(std::mt19937_64& random) {
    const ball KP = between(random, {1, 20}, 2);
    return {KP, between(random, {1, 20}, 2)};
}

/// (f(t + h) - f(t - h)) / 2h with an error of order h^2 = 2^-400, at 1024 bits.
template <class F> ball slope(const F& f, const ball& t) {
    const ball h = exactly(power(rational(2), -200));
    return (f(t + h) - f(t - h)) / (2 * h);
}

/// Does z(t) start at z0, move with the velocity and compose: z(s + t) = z(t) from z(s)?
template <class Flow, class Velocity>
void check_flow(const Flow& flow, const Velocity& velocity, const state& z0, const ball& s,
                const ball& t) {
    const state at = flow(z0, t), v = velocity(at), on = flow(flow(z0, s), t),
                far = flow(z0, s + t);
    const state begin = flow(z0, exactly(0));
    for (std::size_t i = 0; i < 2; ++i) {
        const ball measured = slope([&](const ball& x) { return flow(z0, x)[i]; }, t);
        BOOST_TEST(near(measured, v[i], 100), "velocity " << i << ": " << both(measured, v[i]));
        BOOST_TEST(near(begin[i], z0[i], 200), "start " << i << ": " << both(begin[i], z0[i]));
        BOOST_TEST(near(on[i], far[i], 200), "in two steps " << i << ": " << both(on[i], far[i]));
    }
}

arguments set(const std::vector<std::pair<const char*, const char*>>& values) {
    arguments at;
    for (const auto& [name, value] : values)
        at.set(name, rational::parse(value));
    return at;
}

std::string evaluated_to(const char* id, const arguments& at, int digits, std::size_t entry = 0) {
    static const std::vector<paper> papers = all_papers();
    return evaluate_quantity(find_quantity(papers, id), at, digits).entries.at(entry).decimal;
}

} // namespace

BOOST_AUTO_TEST_SUITE(closed_forms_test)

BOOST_AUTO_TEST_CASE(numbers_checked_by_hand) {
    const ball one = exactly(1), zero = exactly(0), t = exactly({7, 3});
    // M = [[0, 1], [1, 0]] from (1, 0): (cosh t, sinh t).
    const affine2<ball> swap{zero, one, one, zero, zero, zero};
    const state hyperbolic = linear2(swap, {one, zero}, t);
    BOOST_TEST(near(hyperbolic[0], (exp(t) + exp(-t)) / 2, 200));
    BOOST_TEST(near(hyperbolic[1], (exp(t) - exp(-t)) / 2, 200));
    // x' = 2 x + 3 from 1: 5/2 e^(2 t) - 3/2; y' = -y from 4.
    const affine2<ball> diagonal{exactly(2), zero, zero, -one, exactly(3), zero};
    const state apart = linear2(diagonal, {one, exactly(4)}, t);
    BOOST_TEST(near(apart[0], exactly({5, 2}) * exp(2 * t) - exactly({3, 2}), 200));
    BOOST_TEST(near(apart[1], 4 * exp(-t), 200));
    // (1/2) / (1/2 + 1/2 * 1/3) = 3/4 at t = ln 3.
    BOOST_TEST(near(logistic(one, exactly({1, 2}), log(exactly(3))), exactly({3, 4}), 200));
    // KP = KQ = 1, p0 = 1/4, t = ln(3)/2: p = 1/2.
    const state even = balanced_product(one, one, exactly({1, 2}), log(exactly(3)) / 2);
    BOOST_TEST(near(even[0] * even[0], exactly({1, 2}), 200));
    // KP = KQ = 1 from (sqrt(3/2), 0): c = 3/2, R = 5/2, high = 9/2, low = -1/2, z0 = 3/2; at
    // t = ln(4)/R: z = 3/2 + 3 * 2 * (3/4) / (2 + 3/4) = 69/22 and p = (z - c^2/z)/4.
    const state start = {sqrt(exactly({3, 2})), zero};
    const ball when = log(exactly(4)) / exactly({5, 2});
    const state uneven = unbalanced_product(one, one, start[0], start[1], when);
    const rational z(69, 22), p = (z - rational(9, 4) / z) / 4;
    BOOST_TEST(near(uneven[0] * uneven[1], exactly(p), 200));
    BOOST_TEST(near(product_time(one, one, start[0], start[1], exactly(p)), when, 200));
    // G(2) - G(3) at KP = KQ: -2 (ln 1 - ln 2) + ln(2/3) - (1/2 - 1/3) - (1/8 - 1/18)
    // - (1/24 - 1/81).
    const ball clock = valley_clock(one, one, exactly(2)) - valley_clock(one, one, exactly(3));
    BOOST_TEST(near(clock,
                    log(exactly({8, 3})) - exactly({1, 6}) - exactly({5, 72}) - exactly({19, 648}),
                    200));
}

BOOST_AUTO_TEST_CASE(tabulated_numbers_come_from_the_command_line) {
    BOOST_TEST(evaluated_to("flows.product.time", set({{"u0", "1/2"}}), 25) ==
               "2.988426250403706819799301");
    // The flow of the two-factor model linearised at 0, T = 10^4, at t = 10.
    const arguments early = set({{"m11", "-1/10000"}, {"b1", "1/10000"}});
    BOOST_TEST(evaluated_to("flows.linear2", early, 19, 0) == "0.007256124725790465848");
    BOOST_TEST(evaluated_to("flows.linear2", early, 20, 1) == "0.0085930471615271197681");
    // A simulation with T = 10^6 was at these u after the times T and 3 T; the drift along the
    // valley starts at the landing point of c = 0 and is off by O(log T / T).
    const ball KP = exactly({1, 2}), KQ = exactly({1, 3});
    const ball u0 = landing_point(KP, KQ, exactly(0))[0];
    BOOST_TEST(near(u0, 1 / sqrt(sqrt(KP / KQ)), 200));
    const struct {
        int s;
        const char* u;
    } drift[] = {{1, "0.94285723"}, {3, "0.98157203"}};
    for (const auto& [s, u] : drift) {
        const ball clock = valley_clock(KP, KQ, decimal(u)) - valley_clock(KP, KQ, u0);
        BOOST_TEST(certainly(less(abs(clock - s), decimal("1.8e-5"))), clock.str(12));
    }
}

BOOST_AUTO_TEST_CASE(closed_forms_move_with_the_velocity_start_right_and_compose) {
    const std::uint64_t seed = support::seed(20261122);
    for (int trial = 0; trial < support::trials(20); ++trial) {
        std::mt19937_64 random(seed + static_cast<std::uint64_t>(trial));
        const parameters strength = strengths(random);
        const ball &KP = strength.KP, &KQ = strength.KQ;
        const ball u0 = between(random, -2, 2), v0 = between(random, {1, 10}, 2);
        const ball s = between(random, 0, 3), t = between(random, 0, 3);
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", KP " << KP << ", KQ " << KQ
                                   << ", u0 " << u0 << ", v0 " << v0 << ", s " << s << ", t "
                                   << t) {
            const auto two_factors = [&](const state& z) {
                return product_velocity(KP, KQ, z[0], z[1]);
            };
            check_flow([&](const state& z,
                           const ball& x) { return unbalanced_product(KP, KQ, z[0], z[1], x); },
                       two_factors, {u0, v0}, s, t);
            const ball kappa = sqrt(KP / KQ);
            check_flow(
                [&](const state& z, const ball& x) { return balanced_product(KP, KQ, z[0], x); },
                two_factors, {u0, kappa * u0}, s, t);
            // m12 m21 > 0: distinct real eigenvalues, of either sign.
            const affine2<ball> affine{u0, KP, KQ, -v0, between(random, -1, 1), s};
            check_flow([&](const state& z, const ball& x) { return linear2(affine, z, x); },
                       [&](const state& z) { return affine.velocity(z); }, {t, u0}, s, t);
            const ball p0 = KP / 2, r = 3 * u0;
            check_flow(
                [&](const state& z, const ball& x) {
                    return state{logistic(r, z[0], x), logistic(-r, z[1], x)};
                },
                [&](const state& z) {
                    return state{r * z[0] * (1 - z[0]), -(r * z[1] * (1 - z[1]))};
                },
                {p0, KQ / 2}, s, t);
            const ball on_valley = v0 + exactly({1, 7});
            const ball G = slope([&](const ball& x) { return valley_clock(KP, KQ, x); }, on_valley);
            BOOST_TEST(near(G * valley_velocity(KP, KQ, on_valley), exactly(1), 100));
        }
    }
}

BOOST_AUTO_TEST_CASE(two_factors_conserve_their_balance_swap_and_land) {
    const std::uint64_t seed = support::seed(20261122);
    for (int trial = 0; trial < support::trials(40); ++trial) {
        std::mt19937_64 random(seed + static_cast<std::uint64_t>(trial));
        const parameters strength = strengths(random);
        const ball &KP = strength.KP, &KQ = strength.KQ;
        const ball u0 = between(random, {1, 100}, 1), v0 = between(random, 0, {9, 10});
        const ball t = between(random, 0, 30);
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", KP " << KP << ", KQ " << KQ
                                   << ", u0 " << u0 << ", v0 " << v0 << ", t " << t) {
            const ball c = product_balance(KP, KQ, u0, v0);
            const auto [u, v] = unbalanced_product(KP, KQ, u0, v0, t);
            BOOST_TEST(near(product_balance(KP, KQ, u, v), c, 200));
            const auto [b, a] = unbalanced_product(KQ, KP, v0, u0, t); // c changes its sign
            BOOST_TEST(near(a, u, 200), both(a, u));
            BOOST_TEST(near(b, v, 200), both(b, v));
            const ball tau = product_time(KP, KQ, u0, v0, u * v);
            BOOST_TEST(near(tau, t, 150), both(tau, t));
            const state last = unbalanced_product(KP, KQ, u0, v0, exactly(100000));
            const state landed = landing_point(KP, KQ, c);
            BOOST_TEST(near(last[0], landed[0], 200), both(last[0], landed[0]));
            BOOST_TEST(near(last[1], landed[1], 200), both(last[1], landed[1]));
            // Near the landing point 1 - u v falls by e^-1 in a time 1/R.
            const ball R = landing_rate(KP, KQ, c), late = 200 / R;
            const auto gap = [&](const ball& x) {
                const auto [p, q] = unbalanced_product(KP, KQ, u0, v0, x);
                return 1 - p * q;
            };
            BOOST_TEST(near(gap(late + 1 / R) / gap(late), exp(exactly(-1)), 60));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_balance_near_0_is_near_the_balanced_flow) {
    const ball KP = exactly({3, 5}), KQ = exactly({1, 5}), u0 = exactly({1, 50}), t = exactly(12);
    const ball v0 = sqrt(KP / KQ) * u0;
    const auto [u, v] = balanced_product(KP, KQ, u0, t);
    for (const int digits : {10, 40, 80})
        for (const int sign : {-1, 1}) {
            const ball off = exactly(sign * power(rational(10), -digits));
            const auto [x, y] = unbalanced_product(KP, KQ, u0, ball(v0 + off), t);
            BOOST_TEST_CONTEXT("v0 off by " << off) {
                BOOST_TEST(near(x, u, digits - 3), both(x, u));
                BOOST_TEST(near(y, v, digits - 3), both(y, v));
                BOOST_TEST(!near(x, u, digits + 3), "the balance must matter");
            }
        }
}

BOOST_AUTO_TEST_CASE(large_times_do_not_overflow_in_double) {
    for (const double t : {1e3, 1e6, 1e300}) {
        BOOST_TEST(logistic(1.0, 1e-200, t) == 1.0);
        const auto [u, v] = unbalanced_product(0.5, 0.3, 0.25, 0.0, t);
        BOOST_TEST(std::abs(u * v - 1) < 1e-14);
        const auto [x, y] = balanced_product(0.5, 0.3, 0.01, t);
        BOOST_TEST(std::abs(x * y - 1) < 1e-14);
    }
    BOOST_TEST(logistic(1.0, 0.5, -1e6) == 0.0);
    BOOST_TEST(logistic(1.0, 0.0, 700.0) == 0.0);
}

// Relative errors in units of 2^-53; the bounds are those of closed_forms.hpp.
BOOST_AUTO_TEST_CASE(logistic_in_double_is_as_accurate_as_stated) {
    double worst = 0;
    const std::uint64_t seed = support::seed(20261122);
    for (int trial = 0; trial < support::trials(2000); ++trial) {
        std::mt19937_64 random(seed + static_cast<std::uint64_t>(trial));
        const double p0 = std::ldexp(static_cast<double>(random() >> 11) + 1, -54);
        const double rt = std::ldexp(static_cast<double>(random() >> 11), -53) * 60 - 30;
        const ball exact = logistic(exactly(1), ball(rational::exactly(p0), 256),
                                    ball(rational::exactly(rt), 256));
        const ball computed = ball(rational::exactly(logistic(1.0, p0, rt)), 256);
        const double error = (abs(computed - exact) / exact).midpoint().nearest() / 0x1p-53;
        BOOST_TEST(error < 6, "p0 " << p0 << ", r t " << rt << ", error " << error);
        worst = std::max(worst, error);
    }
    BOOST_TEST_MESSAGE("largest error " << worst);
    BOOST_TEST(worst > 0.1);
}

BOOST_AUTO_TEST_CASE(quantities_refuse_what_lies_outside_their_domain) {
    const auto refused = [](const std::string& words) {
        return [words](const std::exception& e) {
            BOOST_TEST_MESSAGE(e.what());
            return std::string(e.what()).find(words) != std::string::npos;
        };
    };
    // p0 = 2 runs from a blow-up at e^(-t) = 2.
    BOOST_TEST(evaluated_to("flows.logistic", set({{"p0", "2"}, {"t", "-69/100"}}), 3) == "318");
    BOOST_CHECK_EXCEPTION(evaluated_to("flows.logistic", set({{"p0", "2"}, {"t", "-7/10"}}), 3),
                          std::invalid_argument, refused("no blow-up"));
    BOOST_CHECK_EXCEPTION(evaluated_to("flows.linear2", set({{"m12", "-1/3"}}), 10),
                          std::invalid_argument, refused("(tr M)^2 > 4 det M"));
    BOOST_CHECK_EXCEPTION(evaluated_to("flows.product.unbalanced", set({{"t", "-100"}}), 10),
                          std::invalid_argument, refused("no blow-up"));
    BOOST_CHECK_EXCEPTION(evaluated_to("flows.product.time", set({{"u0", "2"}, {"v0", "1"}}), 10),
                          std::invalid_argument, refused("u0 v0 < 1"));
    BOOST_CHECK_EXCEPTION(evaluated_to("flows.valley.time", set({{"u", "2"}}), 10),
                          std::invalid_argument, refused("one side of 1"));
}

BOOST_AUTO_TEST_SUITE_END()
