#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "numerics/ode/integrate.hpp"
#include "numerics/ode/sign_change.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/random_rational.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;
using approx::ending;
using approx::first_sign_change;
using approx::integrate;

namespace {

/// x'' = -x with the event that x reaches `level`.
vector_field reaching(const rational& level) {
    return vector_field(record({"x", "v"},
                               [](auto x, auto v) {
                                   return std::vector{v, -x};
                               }),
                        record({"x", "v"}, [&](auto x, auto v) { return x - level + 0 * v; }));
}

/// Coefficients of the product of (u - r).
std::vector<double> with_roots(const std::vector<double>& roots) {
    std::vector<double> c{1};
    for (const double r : roots) {
        c.push_back(0);
        for (std::size_t k = c.size(); k-- > 0;)
            c[k] = (k > 0 ? c[k - 1] : 0) - r * c[k];
    }
    return c;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ode_event_test)

BOOST_AUTO_TEST_CASE(the_first_root_of_a_polynomial_is_isolated) {
    std::mt19937_64 rng(seed(73));
    const auto unit = [&] { return static_cast<double>(rng() >> 11) * 0x1p-53; };
    for (int trial = 0; trial < trials(300); ++trial) {
        std::vector<double> roots;
        double first = 2;
        for (int i = 0; i < 1 + static_cast<int>(rng() % 5); ++i) {
            roots.push_back(3 * unit() - 1);
            if (roots.back() > 0) first = std::min(first, roots.back());
        }
        double nearest = 1; // distance of the first root from the others and from the ends
        for (const double r : roots)
            if (r != first) nearest = std::min(nearest, std::abs(r - first));
        if (first < 1e-3 || nearest < 1e-3 || std::abs(first - 1) < 1e-3) continue;
        const auto c = with_roots(roots);
        const auto found = first_sign_change(c);
        BOOST_TEST_CONTEXT("trial " << trial << ", first root " << first) {
            BOOST_TEST(found.has_value() == (first < 1));
            if (!found) continue;
            BOOST_TEST(found->first <= first);
            BOOST_TEST(first <= found->second);
            for (const double r : roots)
                if (r != first) BOOST_TEST((r < found->first || r > found->second));
            BOOST_TEST(std::abs(approx::root_between(c, found->first, found->second) - first) <
                       1e-9);
        }
    }
}

BOOST_AUTO_TEST_CASE(polynomials_that_only_touch_zero_do_not_change_sign) {
    BOOST_TEST(!first_sign_change(with_roots({0.5, 0.5})).has_value());
    BOOST_TEST(!first_sign_change(with_roots({0.25, 0.25, 0.75, 0.75})).has_value());
    BOOST_TEST(!first_sign_change(std::vector{1.0, 0.0, 1.0}).has_value());
    BOOST_TEST(!first_sign_change(std::vector{1.0}).has_value());
    BOOST_TEST(!first_sign_change(std::vector{1.0, -1.0}).has_value()); // root at the end
    const auto behind = first_sign_change(with_roots({0.5, 0.5, 0.625}));
    BOOST_TEST_REQUIRE(behind.has_value());
    BOOST_TEST(std::abs(approx::root_between(with_roots({0.5, 0.5, 0.625}), behind->first,
                                             behind->second) -
                        0.625) < 1e-14);
    const auto border = first_sign_change(with_roots({0.5, 0.75}));
    BOOST_TEST_REQUIRE(border.has_value());
    BOOST_TEST(
        std::abs(approx::root_between(with_roots({0.5, 0.75}), border->first, border->second) -
                 0.5) < 1e-15);
}

BOOST_AUTO_TEST_CASE(the_first_of_two_crossings_in_a_step_ends_the_integration) {
    // x = sin t passes 0.999 twice within 0.1, far less than a step.
    const rational level(999, 1000);
    const auto d = integrate(reaching(level), {0.0, 1.0}, {}, 10.0);
    BOOST_TEST((d.why == ending::event));
    BOOST_TEST(d.steps == 1);
    BOOST_TEST(std::abs(d.time - std::asin(0.999)) < 1e-14);
    BOOST_TEST(std::abs(d.state[0] - 0.999) < 1e-15);
    approx::ode_options options;
    options.digits = 50;
    const auto b = integrate(reaching(level), {ball(0), ball(1)}, {}, ball(10), options);
    BOOST_TEST((b.why == ending::event));
    BOOST_TEST((abs(b.state[0].midpoint() - level) < rational::parse("1e-50")));
    BOOST_TEST((abs(sin(b.time.with_bits(300)).midpoint() - level) < rational::parse("1e-50")));
    BOOST_TEST(std::abs(b.time.midpoint().nearest() - std::asin(0.999)) < 1e-14);
}

BOOST_AUTO_TEST_CASE(crossings_are_found_in_later_steps_and_backwards) {
    // e^t reaches 10^6 at log 10^6 after several steps, e^-t on the way back.
    const vector_field f(record({"y"}, [](auto y) { return 1 * y; }),
                         record({"y"}, [](auto y) { return y - 1'000'000; }));
    const auto d = integrate(f, {1.0}, {}, 100.0);
    BOOST_TEST((d.why == ending::event));
    BOOST_TEST(std::abs(d.time - std::log(1e6)) < 1e-14);
    BOOST_TEST(std::abs(d.state[0] / 1e6 - 1) < 1e-14);
    const auto back = integrate(f, {1e9}, {}, -100.0);
    BOOST_TEST((back.why == ending::event));
    BOOST_TEST(std::abs(back.time + std::log(1e3)) < 1e-14);
    approx::ode_options options;
    options.digits = 40;
    const auto b = integrate(f, {ball(1'000'000'000)}, {}, ball(-100), options);
    BOOST_TEST((abs(b.time.midpoint() + log(ball(1000).with_bits(300)).midpoint()) <
                rational::parse("1e-38")));
    const auto none = integrate(f, {1.0}, {}, 13.0);
    BOOST_TEST((none.why == ending::reached));
}

BOOST_AUTO_TEST_CASE(a_zero_at_the_start_does_not_count) {
    const double pi = std::acos(-1.0);
    const auto d = integrate(reaching(rational(0)), {0.0, 1.0}, {}, 10.0);
    BOOST_TEST((d.why == ending::event));
    BOOST_TEST(std::abs(d.time - pi) < 2e-15);
    // Restarting from there finds the next one, though the state is a rounding error off.
    const auto next = integrate(reaching(rational(0)), d.state, {}, 10.0);
    BOOST_TEST(std::abs(next.time - pi) < 4e-15);
    approx::ode_options options;
    options.digits = 40;
    const auto b = integrate(reaching(rational(0)), {ball(0), ball(1)}, {}, ball(-10), options);
    BOOST_TEST((abs(b.time.midpoint() + ball::pi(300).midpoint()) < rational::parse("1e-39")));
    const auto again = integrate(reaching(rational(0)), b.state, {}, ball(10), options);
    BOOST_TEST((abs(again.time.midpoint() - ball::pi(300).midpoint()) < rational::parse("1e-39")));
}

BOOST_AUTO_TEST_CASE(a_component_of_the_state_is_an_event) {
    // x = e^t, y = 10^6 + 1 - x, to y = 0 in several steps. Balls compared the event after a step
    // with itself, and kept that value when a step was taken back: a blow-up, or a wrong event.
    const vector_field f(record({"x", "y"},
                                [](auto x, auto y) {
                                    return std::vector{x, -x + 0 * y};
                                }),
                         record({"x", "y"}, [](auto, auto y) { return y; }));
    const rational level(1'000'000);
    const double exact = std::log(1e6 + 1);
    const auto d = integrate(f, {1.0, 1e6}, {}, 50.0);
    BOOST_TEST((d.why == ending::event));
    BOOST_TEST(std::abs(d.time - exact) < 1e-14);
    for (const int digits : {15, 30, 60}) {
        approx::ode_options options;
        options.digits = digits;
        const auto b = integrate(f, {ball(1), ball(level, 300)}, {}, ball(50), options);
        const rational asked = power(rational(10), 1 - digits);
        BOOST_TEST((b.why == ending::event));
        BOOST_TEST((abs(b.time.midpoint() - log(ball(level + 1, 300)).midpoint()) < asked));
        BOOST_TEST((abs(b.state[0].midpoint() / (level + 1) - 1) < asked));
    }
}

BOOST_AUTO_TEST_CASE(touching_zero_is_no_event) {
    // x - 1 touches 0 at pi / 2; (x - 1)^3 x changes sign at pi.
    const auto d = integrate(reaching(rational(1)), {0.0, 1.0}, {}, 6.0);
    BOOST_TEST((d.why == ending::reached));
    BOOST_TEST(d.time == 6.0);
}

BOOST_AUTO_TEST_CASE(events_with_singularities_of_their_own_shorten_the_steps) {
    // 1/(t - 2) - 1 = 0 at t = 3, beyond the pole at 2, which is a change of sign, too: the event's
    // series ends there.
    const vector_field f(record({"t"}, [](auto t) { return 1 + 0 * t; }),
                         record({"t"}, [](auto t) { return log(t) - 1; }));
    const auto d = integrate(f, {0.125}, {}, 10.0);
    BOOST_TEST((d.why == ending::event));
    BOOST_TEST(std::abs(d.state[0] - std::exp(1.0)) < 1e-14);
    BOOST_TEST(d.steps > 3);
}

BOOST_AUTO_TEST_CASE(an_event_ends_the_path) {
    approx::ode_options options;
    options.keep_path = true;
    const auto d = integrate(reaching(rational(-1, 2)), {0.0, 1.0}, {}, 10.0, options);
    BOOST_TEST((d.why == ending::event));
    BOOST_TEST(std::abs(d.at(d.time / 2)[0] - std::sin(d.time / 2)) < 1e-15);
    BOOST_TEST(d.path.back().time + d.path.back().length == d.time);
    BOOST_CHECK_THROW(d.at(d.time + 0.01), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
