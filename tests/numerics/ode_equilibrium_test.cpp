#include <boost/test/unit_test.hpp>
#include <cmath>

#include "numerics/ode/integrate.hpp"
#include "numerics/scalar/expr.hpp"

using namespace flowproof;
using approx::ending;
using approx::integrate;
using approx::ode_options;

namespace {

const rational KP(1, 2), KQ(1, 3), T(100);
const rational saddle = -1 / (T * KQ);
const rational tiny = rational::parse("1e-30");

ode_options with_digits(int d) {
    ode_options o;
    o.digits = d;
    return o;
}

/// Backward in time u' = -((1 - u)/T + K_Q v (1 - u v)), v' = -K_P u (1 - u v), which leaves the
/// saddle (0, -1/(T K_Q)) along its stable direction, until v = 0.
vector_field plain() {
    return vector_field(
        record(
            {"u", "v"},
            [](auto u, auto v) {
                return std::vector{-((1 - u) / T + KQ * v * (1 - u * v)), -(KP * u * (1 - u * v))};
            }),
        record({"u", "v"}, [](auto, auto v) { return v; }));
}
/// The same in u and w = v - saddle, where a start near the saddle keeps all its digits.
vector_field shifted() {
    return vector_field(
        record({"u", "w"},
               [](auto u, auto w) {
                   auto v = w + saddle;
                   return std::vector{u * (1 / T + KQ * v * v) - KQ * w, -(KP * u * (1 - u * v))};
               }),
        record({"u", "w"}, [](auto, auto w) { return w + saddle; }));
}
/// The eigenvalue that is negative in forward time.
ball rate(std::int64_t bits) {
    const rational linear = 1 / T + 1 / (T * T * KQ);
    return -(ball(linear, bits) + sqrt(ball(linear * linear + 4 * KP * KQ, bits))) / 2;
}
/// u and w at the start, on the stable direction.
std::vector<ball> near_saddle(std::int64_t bits) {
    const ball u(saddle * tiny, bits);
    return {u, ball(KP, bits) * u / rate(bits)};
}

rational difference(const ball& x, const ball& y) { return abs(x.midpoint() - y.midpoint()); }
rational ten_to(int n) { return power(rational(10), n); }

} // namespace

BOOST_AUTO_TEST_SUITE(ode_equilibrium_test)

BOOST_AUTO_TEST_CASE(a_separatrix_leaves_its_saddle_alike_in_plain_and_shifted_coordinates) {
    const std::int64_t bits = 500;
    const auto expected = integrate(shifted(), near_saddle(bits), {}, ball(300), with_digits(80));
    BOOST_TEST((expected.why == ending::event));
    for (const int d : {20, 40, 60}) {
        BOOST_TEST_CONTEXT(d << " digits") {
            const auto s = integrate(shifted(), near_saddle(bits), {}, ball(300), with_digits(d));
            BOOST_TEST((s.why == ending::event));
            BOOST_TEST((difference(s.time, expected.time) < ten_to(3 - d)));
            BOOST_TEST((difference(s.state[0], expected.state[0]) < ten_to(-d)));
            std::vector<ball> start = near_saddle(bits);
            start[1] = start[1] + ball(saddle, bits);
            const auto p = integrate(plain(), start, {}, ball(300), with_digits(d));
            // v holds 7 digits more than asked, of a distance of 10^-30 only what is left of them:
            // at 20 digits the time is anybody's, but all starts come out along one curve.
            BOOST_TEST((p.why == ending::event), approx::name(p.why));
            BOOST_TEST(p.steps < 40);
            BOOST_TEST((difference(p.state[0], expected.state[0]) < ten_to(1 - d)));
            if (d > 20) BOOST_TEST((difference(p.time, expected.time) < ten_to(26 - d)));
        }
    }
    std::vector<double> start;
    for (const ball& x : near_saddle(bits))
        start.push_back(x.midpoint().nearest());
    const auto d = integrate(shifted(), start, {}, 300.0);
    BOOST_TEST((d.why == ending::event));
    BOOST_TEST(std::abs(d.state[0] / expected.state[0].midpoint().nearest() - 1) < 1e-13);
    BOOST_TEST(std::abs(d.time - expected.time.midpoint().nearest()) < 1e-12);
}

BOOST_AUTO_TEST_CASE(a_state_at_rest_stays) {
    // (1, 1) is an equilibrium of the plain flow, attracting in forward time (backward duration).
    for (const double t : {-1.0, -1e3, -1e9}) {
        const auto d = integrate(plain(), {1.0, 1.0}, {}, t);
        BOOST_TEST((d.why == ending::reached));
        BOOST_TEST((d.state == std::vector{1.0, 1.0}));
        for (const int digits : {20, 60}) {
            const auto b = integrate(plain(), {ball(1), ball(1)}, {},
                                     ball(rational::exactly(t), 100), with_digits(digits));
            BOOST_TEST((b.why == ending::reached));
            BOOST_TEST((difference(b.state[0], ball(1)) < ten_to(-digits)));
            BOOST_TEST((difference(b.state[1], ball(1)) < ten_to(-digits)));
        }
    }
    // At the rounded saddle only its rounding grows: 10^-69 e^(0.413 50) = 10^-60.
    const auto b = integrate(plain(), {ball(0), ball(saddle, 300)}, {}, ball(50), with_digits(60));
    BOOST_TEST((b.why == ending::reached));
    BOOST_TEST((abs(b.state[0].midpoint()) < ten_to(-56)));
    BOOST_TEST((abs(b.state[1].midpoint() - saddle) < ten_to(-56)));
}

BOOST_AUTO_TEST_CASE(starts_beside_the_nodes_of_logistic_growth_keep_their_digits) {
    // x' = x (1 - x): x = e^t / (1/x_0 - 1 + e^t), from beside the unstable node 0, and, backward,
    // from beside 1.
    const vector_field f(record({"x"}, [](auto x) { return x * (1 - x); }));
    const std::int64_t bits = 600;
    const auto exact = [&](const rational& x0, const rational& t) {
        const ball growth = exp(ball(t, bits));
        return growth / (ball(1 / x0 - 1, bits) + growth);
    };
    for (const int d : {20, 40, 60}) {
        BOOST_TEST_CONTEXT(d << " digits") {
            for (const rational& t : {rational(10), rational(69), rational(200)}) {
                const auto up = integrate(f, {ball(tiny, bits)}, {}, ball(t, bits), with_digits(d));
                BOOST_TEST((up.why == ending::reached));
                const ball x = exact(tiny, t);
                BOOST_TEST((difference(up.state[0], x) < ten_to(2 - d) * x.midpoint()));
            }
            for (const rational& t : {rational(10), rational(1000)}) {
                const auto on =
                    integrate(f, {ball(1 - tiny, bits)}, {}, ball(t, bits), with_digits(d));
                BOOST_TEST((on.why == ending::reached));
                BOOST_TEST((difference(on.state[0], exact(1 - tiny, t)) < ten_to(-d)));
            }
            const auto back = integrate(f, {ball(1 - tiny, bits)}, {}, ball(-60), with_digits(d));
            BOOST_TEST((back.why == ending::reached));
            if (d > 30)
                BOOST_TEST(
                    (difference(back.state[0], exact(1 - tiny, rational(-60))) < ten_to(28 - d)));
        }
    }
    for (const double t : {10.0, 69.0, 200.0}) {
        const auto up = integrate(f, {1e-30}, {}, t);
        BOOST_TEST((up.why == ending::reached));
        BOOST_TEST(std::abs(up.state[0] / (1 / (1 + (1e30 - 1) * std::exp(-t))) - 1) < 1e-13);
    }
    for (const double distance : {0x1p-52, 1e-10})
        for (const double t : {1.0, 1e6}) {
            const double x0 = 1 - distance;
            const auto on = integrate(f, {x0}, {}, t);
            BOOST_TEST((on.why == ending::reached));
            BOOST_TEST(std::abs(on.state[0] - (1 - (1 - x0) * std::exp(-t))) <= 0x1p-52);
        }
}

BOOST_AUTO_TEST_CASE(blow_ups_far_from_equilibria_are_found_quickly_and_in_time) {
    const rational pi = ball::pi(400).midpoint();
    struct {
        vector_field f;
        rational start, time;
    } const poles[] = {
        {vector_field(record({"y"}, [](auto y) { return y * y; })), rational(3), rational(1, 3)},
        {vector_field(record({"y"}, [](auto y) { return 1 + y * y; })), rational(0), pi / 2},
        {vector_field(record({"y"}, [](auto y) { return y * y * y; })), rational(2),
         rational(1, 8)}};
    for (const auto& pole : poles) {
        const auto d = integrate(pole.f, {pole.start.nearest()}, {}, 10.0);
        BOOST_TEST((d.why == ending::blow_up));
        BOOST_TEST(std::abs(d.time / pole.time.nearest() - 1) < 1e-13);
        BOOST_TEST(d.steps < 300);
        for (const int digits : {20, 60}) {
            const auto b =
                integrate(pole.f, {ball(pole.start, 300)}, {}, ball(10), with_digits(digits));
            BOOST_TEST((b.why == ending::blow_up));
            BOOST_TEST((abs(b.time.midpoint() / pole.time - 1) < ten_to(-20)));
            BOOST_TEST(b.steps < 300);
        }
    }
    // The separatrix, too, once it is past v = 0; its time in plain coordinates is that of the
    // shifted ones.
    const auto backward = [](auto u, auto v) {
        return std::vector{-((1 - u) / T + KQ * v * (1 - u * v)), -(KP * u * (1 - u * v))};
    };
    std::vector<ball> start = near_saddle(500);
    start[1] = start[1] + ball(saddle, 500);
    const vector_field without_event(record({"u", "v"}, backward));
    const auto coarse = integrate(without_event, start, {}, ball(300), with_digits(50));
    const auto fine = integrate(without_event, start, {}, ball(300), with_digits(70));
    BOOST_TEST((coarse.why == ending::blow_up));
    BOOST_TEST((difference(coarse.time, fine.time) < ten_to(-20)));
}

BOOST_AUTO_TEST_SUITE_END()
