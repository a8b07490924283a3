#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <thread>

#include "numerics/ode/integrate.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/random_rational.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;
using approx::ending;
using approx::integrate;
using approx::ode_options;
using approx::trajectory;

namespace {

vector_field growth() {
    return vector_field(record({"y", "p"}, [](auto y, auto p) { return p * y; }));
}
vector_field square() {
    return vector_field(record({"y"}, [](auto y) { return y * y; }));
}
vector_field oscillator() {
    return vector_field(record({"x", "v"}, [](auto x, auto v) { return std::vector{v, -x}; }));
}
/// P1: a' = (1 - a)/T + K_Q b (1 - ab), b' = K_P a (1 - ab).
vector_field valley() {
    return vector_field(
        record({"a", "b", "KP", "KQ", "T"}, [](auto a, auto b, auto KP, auto KQ, auto T) {
            return std::vector{(1 - a) / T + KQ * b * (1 - a * b), KP * a * (1 - a * b)};
        }));
}
std::vector<ball> valley_parameters(std::int64_t T, std::int64_t bits) {
    return {ball(rational(3, 10), bits), ball(rational(9, 20), bits), ball(T)};
}
vector_field kepler() {
    return vector_field(record({"x", "y", "u", "v"}, [](auto x, auto y, auto u, auto v) {
        auto r2 = x * x + y * y;
        auto r3 = r2 * sqrt(r2);
        return std::vector{u, v, -x / r3, -y / r3};
    }));
}

/// |x / exact - 1| in decimal digits, at most 1000.
double digits(const ball& x, const ball& exact) {
    const rational e = exact.midpoint(), error = abs(x.midpoint() - e);
    if (error.is_zero()) return 1000;
    return -std::log10((error / abs(e)).nearest());
}

ode_options with_digits(int d) {
    ode_options o;
    o.digits = d;
    return o;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ode_integrate_test)

BOOST_AUTO_TEST_CASE(exponentials_have_the_asked_digits) {
    for (const int d : {3, 8, 15}) {
        const auto r = integrate(growth(), {1.0}, {0.7}, 10.0, with_digits(d));
        BOOST_TEST((r.why == ending::reached));
        BOOST_TEST(r.time == 10.0);
        BOOST_TEST(std::abs(r.state[0] / std::exp(7.0) - 1) < 10 * std::pow(10.0, -d));
    }
    for (const int d : {5, 20, 100, 300}) {
        const std::int64_t bits = 4 * d + 100;
        const auto r = integrate(growth(), {ball(1)}, {ball(rational(7, 10), bits)}, ball(-10),
                                 with_digits(d));
        BOOST_TEST((r.why == ending::reached));
        BOOST_TEST(r.state[0].is_exact());
        BOOST_TEST(digits(r.state[0], exp(ball(rational(-7), bits))) > d - 0.5);
    }
}

BOOST_AUTO_TEST_CASE(logistic_growth_follows_its_closed_form) {
    const vector_field f(
        record({"u", "s", "tau"}, [](auto u, auto s, auto tau) { return 2 * u * (s - u) / tau; }));
    std::mt19937_64 rng(seed(72));
    for (int trial = 0; trial < trials(20); ++trial) {
        const std::int64_t bits = 300;
        const rational s = abs(small_nonzero(rng)), tau = abs(small_nonzero(rng)),
                       u0 = s / rational(1 + static_cast<std::int64_t>(rng() % 1000)),
                       t = tau / s * abs(small_nonzero(rng));
        const ball decay = exp(ball(rational(-2) * s * t / tau, bits));
        const ball exact = ball(s, bits) / (1 + (s / u0 - rational(1)) * decay);
        BOOST_TEST_CONTEXT("s " << s << " tau " << tau << " u0 " << u0 << " t " << t) {
            const auto r = integrate(f, {ball(u0, bits)}, {ball(s, bits), ball(tau, bits)},
                                     ball(t, bits), with_digits(40));
            BOOST_TEST(digits(r.state[0], exact) > 38.5);
            const auto d = integrate(f, {u0.nearest()}, {s.nearest(), tau.nearest()}, t.nearest());
            BOOST_TEST(std::abs(d.state[0] / exact.midpoint().nearest() - 1) < 2e-14);
        }
    }
}

BOOST_AUTO_TEST_CASE(steps_that_grow_fast_keep_their_digits) {
    // y = 1/(1 + t): a step is 1.7 times the one before, for which its coefficients have bits.
    const vector_field f(record({"y"}, [](auto y) { return -y * y; }));
    for (const auto& [d, order] : {std::pair(40, 200), std::pair(100, 600)}) {
        ode_options options = with_digits(d);
        options.order = order;
        const auto r = integrate(f, {ball(1)}, {}, ball(1000), options);
        BOOST_TEST(digits(r.state[0], ball(rational(1, 1001), 600)) > d + 1);
        BOOST_TEST(r.steps <= 15);
    }
}

BOOST_AUTO_TEST_CASE(linear_systems_follow_their_exponential) {
    // x' = p x + q y, y' = -q x + p y: a growing rotation.
    const vector_field f(record({"x", "y", "p", "q"}, [](auto x, auto y, auto p, auto q) {
        return std::vector{p * x + q * y, p * y - q * x};
    }));
    const std::int64_t bits = 300;
    const rational p(-1, 10), q(3), t(7);
    const auto r = integrate(f, {ball(1), ball(0)}, {ball(p, bits), ball(q, bits)}, ball(t, bits),
                             with_digits(50));
    const ball size = exp(ball(p * t, bits));
    BOOST_TEST(digits(r.state[0], size * cos(ball(q * t, bits))) > 48.5);
    BOOST_TEST(digits(r.state[1], -(size * sin(ball(q * t, bits)))) > 48.5);
    const auto d = integrate(f, {1.0, 0.0}, {-0.1, 3.0}, 7.0);
    BOOST_TEST(std::abs(d.state[0] - std::exp(-0.7) * std::cos(21.0)) < 3e-15);
    BOOST_TEST(std::abs(d.state[1] + std::exp(-0.7) * std::sin(21.0)) < 3e-15);
}

BOOST_AUTO_TEST_CASE(a_slow_valley_matches_its_published_digits) {
    const char* const reference[] = {"0.92274015635234796303", "0.90376063894478358719",
                                     "0.90360200847976538974"};
    int i = 0;
    for (const std::int64_t T : {100, 10'000, 100'000'000}) {
        const rational expected = rational::parse(reference[i++]);
        const auto d = integrate(valley(), {0.0, 0.0}, {0.3, 0.45, static_cast<double>(T)}, 80.0);
        BOOST_TEST(std::abs(d.state[1] - expected.nearest()) < 1e-15);
        const auto r = integrate(valley(), {ball(0), ball(0)}, valley_parameters(T, 400), ball(80),
                                 with_digits(60));
        BOOST_TEST((abs(r.state[1].midpoint() - expected) < rational::parse("0.6e-20")),
                   "T = " << T << ": " << r.state[1].str(25));
        const auto finer = integrate(valley(), {ball(0), ball(0)}, valley_parameters(T, 400),
                                     ball(80), with_digits(80));
        BOOST_TEST(digits(r.state[0], finer.state[0]) > 59);
        BOOST_TEST(digits(r.state[1], finer.state[1]) > 59);
    }
}

BOOST_AUTO_TEST_CASE(a_stiff_valley_is_followed_in_double) {
    // T = 10^6 to t = 3 10^6: stability keeps the steps short, about 2 10^5 of them. The end is the
    // slow state where (1 - a)/T balances: a b -> 1, K_P a (1 - ab) = b'.
    ode_options options;
    options.max_steps = 1'000'000;
    const auto r = integrate(valley(), {0.0, 0.0}, {0.3, 0.45, 1e6}, 3e6, options);
    BOOST_TEST((r.why == ending::reached));
    BOOST_TEST(r.time == 3e6);
    BOOST_TEST(std::abs(r.state[0] * r.state[1] - 1) < 1e-4);
    const auto part = integrate(valley(), {0.0, 0.0}, {0.3, 0.45, 1e6}, 3e5, options);
    const auto rest = integrate(valley(), part.state, {0.3, 0.45, 1e6}, 2.7e6, options);
    BOOST_TEST(std::abs(rest.state[0] - r.state[0]) < 1e-12);
}

BOOST_AUTO_TEST_CASE(time_is_summed_without_drift) {
    // t' = 1 beside an oscillation that keeps the steps short.
    const vector_field f(record({"t", "x", "v"}, [](auto t, auto x, auto v) {
        return std::vector{1 + 0 * t, 100 * v, -100 * x};
    }));
    ode_options options;
    options.max_steps = 1'000'000;
    const auto r = integrate(f, {0.0, 0.0, 1.0}, {}, 1000.1, options);
    BOOST_TEST(r.steps > 10'000);
    BOOST_TEST(r.time == 1000.1);
    BOOST_TEST(std::abs(r.state[0] - 1000.1) <= 0x1p-43);
    BOOST_TEST(std::abs(r.state[1] - std::sin(100010.0)) < 5e-11); // 10^5 rad, 10^-16 each
}

BOOST_AUTO_TEST_CASE(energy_of_a_planet_is_kept_over_a_thousand_orbits) {
    const double e = 0.5;
    const auto r = integrate(kepler(), {1 - e, 0.0, 0.0, std::sqrt((1 + e) / (1 - e))}, {},
                             2000 * std::acos(-1.0));
    const auto energy = [](const std::vector<double>& s) {
        return (s[2] * s[2] + s[3] * s[3]) / 2 - 1 / std::hypot(s[0], s[1]);
    };
    BOOST_TEST((r.why == ending::reached));
    BOOST_TEST(std::abs(energy(r.state) + 0.5) < 2e-14);
    BOOST_TEST(std::abs(r.state[0] * r.state[3] - r.state[1] * r.state[2] - std::sqrt(1 - e * e)) <
               2e-14);
}

BOOST_AUTO_TEST_CASE(rounding_errors_of_a_planet_do_not_add_up_in_one_direction) {
    // A thousand circles. A rounding that is the same at every step, such as that of 1/3 in place
    // of a division, made 7.9e-9 of this.
    const auto r = integrate(kepler(), {1.0, 0.0, 0.0, 1.0}, {}, 2000 * std::acos(-1.0));
    BOOST_TEST(std::abs(r.state[0] - 1) < 1e-11);
    BOOST_TEST(std::abs(r.state[1]) < 2e-9);
}

BOOST_AUTO_TEST_CASE(energy_of_a_pendulum_is_kept) {
    const vector_field f(record({"q", "p"}, [](auto q, auto p) {
        return std::vector{p, -sin(q)};
    }));
    const auto d = integrate(f, {3.0, 0.0}, {}, 1000.0);
    BOOST_TEST(std::abs(d.state[1] * d.state[1] / 2 - std::cos(d.state[0]) + std::cos(3.0)) <
               1e-14);
    const std::int64_t bits = 400;
    const auto r = integrate(f, {ball(3), ball(0)}, {}, ball(20), with_digits(60));
    const ball energy = power(r.state[1], 2) / 2 - cos(r.state[0]) + cos(ball(3).with_bits(bits));
    BOOST_TEST((abs(energy.midpoint()) < rational::parse("1e-57")));
}

BOOST_AUTO_TEST_CASE(time_runs_backwards) {
    const auto out = integrate(kepler(), {1.0, 0.0, 0.0, 0.9}, {}, 20.0);
    const auto back = integrate(kepler(), out.state, {}, -20.0);
    BOOST_TEST((back.why == ending::reached));
    BOOST_TEST(back.time == -20.0);
    BOOST_TEST(std::abs(back.state[0] - 1) < 1e-13);
    BOOST_TEST(std::abs(back.state[3] - 0.9) < 1e-13);
    const auto start = std::vector<ball>{ball(1), ball(0), ball(0), ball(1)};
    const auto there = integrate(kepler(), start, {}, ball(-5), with_digits(80));
    const auto here = integrate(kepler(), there.state, {}, ball(5), with_digits(80));
    BOOST_TEST(digits(here.state[0], ball(1).with_bits(300)) > 77);
    BOOST_TEST(digits(here.state[3], ball(1).with_bits(300)) > 77);
}

BOOST_AUTO_TEST_CASE(a_kept_path_answers_at_every_time) {
    ode_options options = with_digits(30);
    options.keep_path = true;
    const std::int64_t bits = 200;
    for (const int direction : {1, -1}) {
        const auto r =
            integrate(oscillator(), {ball(0), ball(1)}, {}, ball(20 * direction), options);
        BOOST_TEST(static_cast<std::int64_t>(r.path.size()) == r.steps);
        ode_options plain;
        plain.keep_path = true;
        const auto d = integrate(oscillator(), {0.0, 1.0}, {}, 20.0 * direction, plain);
        for (int i = 0; i <= 40; ++i) {
            const rational t = rational(i * direction, 2);
            const auto y = r.at(ball(t, bits));
            BOOST_TEST(
                (abs(y[0].midpoint() - sin(ball(t, bits)).midpoint()) < rational::parse("1e-29")));
            BOOST_TEST(
                (abs(y[1].midpoint() - cos(ball(t, bits)).midpoint()) < rational::parse("1e-29")));
            BOOST_TEST(std::abs(d.at(t.nearest())[0] - std::sin(t.nearest())) < 1e-14);
        }
        BOOST_TEST((r.at(r.time)[0].midpoint() == r.state[0].midpoint()));
        BOOST_TEST(d.at(d.time)[1] == d.state[1]);
        BOOST_CHECK_THROW(d.at(20.5 * direction), std::invalid_argument);
        BOOST_CHECK_THROW(d.at(-0.5 * direction), std::invalid_argument);
        BOOST_CHECK_THROW(d.at(std::nan("")), std::invalid_argument);
    }
    const auto bare = integrate(oscillator(), {0.0, 1.0}, {}, 1.0);
    BOOST_CHECK_THROW(bare.at(0.5), std::invalid_argument);
    BOOST_TEST(bare.at(1.0)[0] == bare.state[0]);
}

BOOST_AUTO_TEST_CASE(poles_end_in_blow_up_near_them) {
    const auto r = integrate(square(), {1.0}, {}, 2.0);
    BOOST_TEST((r.why == ending::blow_up));
    BOOST_TEST(std::abs(r.time - 1) < 1e-14);
    BOOST_TEST(r.state[0] > 1e13);
    BOOST_TEST(r.steps < 300);
    const auto back = integrate(square(), {-1e100}, {}, -1.0);
    BOOST_TEST((back.why == ending::blow_up));
    BOOST_TEST(std::abs(back.time * -1e100 - 1) < 1e-13);
    const auto b = integrate(square(), {ball(1)}, {}, ball(2), with_digits(40));
    BOOST_TEST((b.why == ending::blow_up));
    BOOST_TEST((abs(b.time.midpoint() - rational(1)) < rational::parse("1e-28")));
    // y' = -sqrt(y) comes to rest at t = 2, where it is not Lipschitz; (1 - t/2)^2 goes on there.
    const vector_field root(record({"y"}, [](auto y) { return -sqrt(y); }));
    const auto rest = integrate(root, {1.0}, {}, 3.0);
    BOOST_TEST((rest.why == ending::blow_up));
    BOOST_TEST(std::abs(rest.time - 2) < 1e-7);
    // Before the pole all is well.
    BOOST_TEST(std::abs(integrate(square(), {1.0}, {}, 0.875).state[0] - 8) < 1e-13);
}

BOOST_AUTO_TEST_CASE(states_outside_the_domain_are_undefined) {
    const vector_field f(record({"y", "p"}, [](auto y, auto p) { return log(y) / p; }));
    BOOST_TEST((integrate(f, {-1.0}, {1.0}, 1.0).why == ending::undefined));
    BOOST_TEST((integrate(f, {1.0}, {0.0}, 1.0).why == ending::undefined));
    BOOST_TEST((integrate(f, {ball(-1)}, {ball(1)}, ball(1)).why == ending::undefined));
    const auto r = integrate(f, {ball(2)}, {ball(0)}, ball(1));
    BOOST_TEST((r.why == ending::undefined));
    BOOST_TEST(r.steps == 0);
    BOOST_TEST((r.state[0].midpoint() == rational(2)));
    BOOST_TEST((r.time.midpoint() == rational(0)));
}

BOOST_AUTO_TEST_CASE(budgets_and_the_stop_flag_end_an_integration) {
    ode_options options;
    options.max_steps = 3;
    auto r = integrate(oscillator(), {0.0, 1.0}, {}, 1000.0, options);
    BOOST_TEST((r.why == ending::out_of_steps));
    BOOST_TEST(r.steps == 3);
    BOOST_TEST(std::abs(r.state[0] - std::sin(r.time)) < 1e-14);
    std::atomic<bool> stop{true};
    options.stop = &stop;
    r = integrate(oscillator(), {0.0, 1.0}, {}, 1000.0, options);
    BOOST_TEST((r.why == ending::interrupted));
    BOOST_TEST(r.time == 0);
    BOOST_TEST(approx::name(ending::out_of_steps) == "out of steps");
    BOOST_TEST(approx::name(ending::blow_up) == "blow-up");
}

BOOST_AUTO_TEST_CASE(fixed_points_and_polynomials_take_one_step) {
    BOOST_TEST(integrate(square(), {0.0}, {}, 1e100).steps == 1);
    const vector_field line(record({"y", "z"}, [](auto y, auto z) {
        return std::vector{1 + 0 * y, y + 0 * z};
    }));
    const auto r = integrate(line, {0.0, 0.0}, {}, 1e6);
    BOOST_TEST(r.steps == 1);
    BOOST_TEST(r.state[1] == 5e11);
    const auto none = integrate(oscillator(), {0.0, 1.0}, {}, 0.0);
    BOOST_TEST((none.why == ending::reached));
    BOOST_TEST(none.state[1] == 1.0);
}

BOOST_AUTO_TEST_CASE(tiny_and_huge_scales_are_no_obstacle) {
    for (const double p : {1e-200, 1e-30, 1e30, 1e200}) {
        const auto r = integrate(growth(), {1.0}, {p}, 3 / p);
        BOOST_TEST(std::abs(r.state[0] / std::exp(3.0) - 1) < 1e-14, "rate " << p);
    }
    // A step of length 3 sums terms up to 4.5 to 0.05.
    for (const double y : {1e-300, 1e300})
        BOOST_TEST(std::abs(integrate(growth(), {y}, {-1.0}, 3.0).state[0] / y / std::exp(-3.0) -
                            1) < 3e-14);
}

BOOST_AUTO_TEST_CASE(results_do_not_depend_on_threads_or_repetition) {
    const vector_field f = kepler();
    const auto run = [&] { return integrate(f, {1.0, 0.0, 0.0, 1.1}, {}, 30.0).state; };
    const auto run_balls = [&] {
        return integrate(f, {ball(1), ball(0), ball(0), ball(1)}, {}, ball(2), with_digits(30))
            .state[0]
            .midpoint();
    };
    const auto expected = run();
    const rational expected_ball = run_balls();
    std::vector<std::vector<double>> got(4);
    std::vector<rational> got_ball(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 4; ++i)
        threads.emplace_back([&, i] {
            got[i] = run();
            got_ball[i] = run_balls();
            release_thread_caches();
        });
    for (auto& t : threads)
        t.join();
    for (std::size_t i = 0; i < 4; ++i) {
        BOOST_TEST(got[i] == expected);
        BOOST_TEST((got_ball[i] == expected_ball));
    }
}

BOOST_AUTO_TEST_CASE(misuse_names_rule_and_values) {
    const auto says = [](const std::string& part) {
        return [part](const std::invalid_argument& e) {
            BOOST_TEST_MESSAGE(e.what());
            return std::string(e.what()).find(part) != std::string::npos;
        };
    };
    const vector_field f = growth();
    BOOST_CHECK_EXCEPTION(integrate(f, {1.0, 2.0}, {1.0}, 1.0), std::invalid_argument,
                          says("need 1 values for the states, got 2"));
    BOOST_CHECK_EXCEPTION(integrate(f, {1.0}, {}, 1.0), std::invalid_argument,
                          says("need 1 values for the parameters, got 0"));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    BOOST_CHECK_EXCEPTION(integrate(f, {nan}, {1.0}, 1.0), std::invalid_argument,
                          says("finite start values"));
    BOOST_CHECK_EXCEPTION(integrate(f, {1.0}, {nan}, 1.0), std::invalid_argument,
                          says("finite parameters"));
    BOOST_CHECK_EXCEPTION(integrate(f, {1.0}, {1.0}, 1 / 0.0), std::invalid_argument,
                          says("finite duration"));
    BOOST_CHECK_EXCEPTION(integrate(f, {1.0}, {1.0}, 1.0, with_digits(16)), std::invalid_argument,
                          says("digits from 1 to 15, got 16"));
    BOOST_CHECK_EXCEPTION(integrate(f, {ball(1)}, {ball(1)}, ball(1), with_digits(0)),
                          std::invalid_argument, says("digits from 1 to 100000, got 0"));
    ode_options options;
    options.order = 2;
    BOOST_CHECK_EXCEPTION(integrate(f, {1.0}, {1.0}, 1.0, options), std::invalid_argument,
                          says("from 4 to"));
    options.order = 0;
    options.max_steps = -1;
    BOOST_CHECK_EXCEPTION(integrate(f, {1.0}, {1.0}, 1.0, options), std::invalid_argument,
                          says("max_steps >= 0, got -1"));
    const tape two = record({"x"}, [](auto x) { return std::vector{x, x * x}; });
    BOOST_CHECK_EXCEPTION(vector_field{two}, std::invalid_argument,
                          says("got 2 outputs over 1 variables"));
    const tape one = record({"x"}, [](auto x) { return x * x; });
    BOOST_CHECK_EXCEPTION(vector_field(one, two), std::invalid_argument, says("1 output, got 2"));
    const tape other = record({"y"}, [](auto y) { return y; });
    BOOST_CHECK_EXCEPTION(vector_field(one, other), std::invalid_argument, says("x; got: y"));
}

BOOST_AUTO_TEST_SUITE_END()
