#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <optional>
#include <random>

#include "numerics/ode/enclose.hpp"
#include "numerics/ode/integrate.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/random_tape.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;
using rigorous::enclose;
using rigorous::ending;
using rigorous::flow_options;
using rigorous::transport;
using set = interval<double>;
using sets = std::vector<set>;

namespace {

vector_field valley() {
    return vector_field(
        record({"a", "b", "KP", "KQ", "T"}, [](auto a, auto b, auto KP, auto KQ, auto T) {
            return std::vector{(1 - a) / T + KQ * b * (1 - a * b), KP * a * (1 - a * b)};
        }));
}
vector_field lorenz() {
    return vector_field(
        record({"x", "y", "z", "s", "r", "b"}, [](auto x, auto y, auto z, auto s, auto r, auto b) {
            return std::vector{s * (y - x), x * (r - z) - y, x * y - b * z};
        }));
}
vector_field oscillator() {
    return vector_field(record({"x", "v"}, [](auto x, auto v) { return std::vector{v, -x}; }));
}
vector_field square_law() {
    return vector_field(record({"y"}, [](auto y) { return y * y; }));
}

double uniform(std::mt19937_64& rng) { return static_cast<double>(rng() >> 11) * 0x1p-53; }

/// A box around x, half of the time a point.
set box_around(std::mt19937_64& rng, double x, double radius) {
    const double r = rng() % 2 ? 0 : radius * uniform(rng);
    return {x - r, x + r};
}
/// A member: an end or anything between.
double member(std::mt19937_64& rng, const set& x) {
    switch (rng() % 3) {
    case 0:
        return x.lower();
    case 1:
        return x.upper();
    default:
        return std::min(x.upper(), x.lower() + uniform(rng) * (x.upper() - x.lower()));
    }
}
ball exactly(double x) { return ball(rational::exactly(x), 200); }

/// The solution at that time to 40 digits, or nothing where the approximate integrator ends early.
std::optional<std::vector<rational>> solution(const vector_field& f, const std::vector<double>& y,
                                              const std::vector<double>& q, double time) {
    std::vector<ball> start, parameters;
    for (const double x : y)
        start.push_back(exactly(x));
    for (const double x : q)
        parameters.push_back(exactly(x));
    approx::ode_options options;
    options.digits = 40;
    options.max_steps = 400;
    const auto end = approx::integrate(f, start, parameters, exactly(time), options);
    if (end.why != approx::ending::reached) return std::nullopt;
    std::vector<rational> result;
    for (const ball& x : end.state)
        result.push_back(x.midpoint());
    return result;
}

/// Does x lie in s, to 30 digits of the size of s?
bool inside(const rational& x, const set& s) {
    const rational slack =
        rational::exactly(std::min(s.magnitude(), 1e300)) * rational::parse("1e-30");
    return rational::exactly(s.lower()) - slack <= x && x <= rational::exactly(s.upper()) + slack;
}

/// Follows random boxes of starts and parameters of random fields and compares their members.
void follow_random_fields(std::uint64_t own_seed, int count, vocabulary words, double radius,
                          transport how) {
    std::mt19937_64 rng(seed(own_seed));
    int moved = 0, reached = 0;
    for (int trial = 0; trial < trials(count); ++trial) {
        const tape velocity = random_tape(rng, 3 + static_cast<int>(rng() % 8), words);
        std::optional<vector_field> f;
        try {
            f.emplace(velocity);
        } catch (const std::domain_error&) {
            continue; // a division by the constant 0
        }
        sets start, parameters;
        for (int i = 0; i < 2; ++i)
            start.push_back(box_around(rng, 4 * uniform(rng) - 2, radius));
        for (std::size_t i = 0; i < f->parameters(); ++i)
            parameters.push_back(box_around(rng, 4 * uniform(rng) - 2, radius));
        const double duration = (rng() % 2 ? 1 : -1) * std::exp2(-4 * uniform(rng));
        flow_options options;
        options.errors = how;
        options.keep_path = true;
        options.max_steps = 60;
        const auto tube = enclose<set>(*f, start, parameters, set(duration), options);
        if (tube.steps == 0) continue;
        ++moved;
        reached += tube.why == ending::reached;
        BOOST_TEST_REQUIRE(
            (tube.why == ending::reached ? tube.time == set(duration) : tube.time.is_point()));
        std::vector<double> y, q;
        for (const set& x : start)
            y.push_back(member(rng, x));
        for (const set& x : parameters)
            q.push_back(member(rng, x));
        const double end = tube.time.lower(), between = end * uniform(rng);
        for (const double t : {end, between}) {
            const auto exact = solution(*f, y, q, t);
            if (!exact) continue;
            const sets enclosed = t == end ? tube.state : tube.over(set(t));
            for (std::size_t i = 0; i < 2; ++i)
                BOOST_TEST(inside((*exact)[i], enclosed[i]),
                           "seed " << seed(own_seed) << ", trial " << trial << ", time " << t
                                   << " of " << duration << ": component " << i << " = "
                                   << (*exact)[i].nearest() << " not in " << enclosed[i] << " from "
                                   << y[0] << ", " << y[1] << " in " << start[0] << start[1]
                                   << " with " << velocity.text());
        }
    }
    BOOST_TEST(moved > trials(count) / 4);
    BOOST_TEST(reached > trials(count) / 6);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ode_enclose_double_test)

BOOST_AUTO_TEST_CASE(solutions_of_random_polynomial_fields_stay_inside) {
    follow_random_fields(1, 600, vocabulary::polynomial, 0, transport::frame);
    follow_random_fields(2, 400, vocabulary::polynomial, 0, transport::norm);
}

BOOST_AUTO_TEST_CASE(boxes_of_starts_and_parameters_stay_inside) {
    follow_random_fields(3, 500, vocabulary::polynomial, 0.1, transport::frame);
    follow_random_fields(4, 300, vocabulary::polynomial, 0.1, transport::norm);
    follow_random_fields(5, 300, vocabulary::polynomial, 1e-9, transport::automatic);
}

BOOST_AUTO_TEST_CASE(solutions_of_random_fields_with_all_operations_stay_inside) {
    follow_random_fields(6, 600, vocabulary::all, 0, transport::frame);
    follow_random_fields(7, 400, vocabulary::all, 0.05, transport::frame);
    follow_random_fields(8, 400, vocabulary::all, 0.05, transport::norm);
}

BOOST_AUTO_TEST_CASE(the_training_flow_is_enclosed_to_rounding) {
    const std::pair<int, const char*> references[] = {{100, "0.92274015635234796303"},
                                                      {10'000, "0.90376063894478358719"},
                                                      {100'000'000, "0.90360200847976538974"}};
    for (const auto& [T, b] : references)
        for (const transport how : {transport::frame, transport::norm}) {
            flow_options options;
            options.errors = how;
            const auto end = enclose<set>(valley(), {0, 0}, {rational(3, 10), rational(9, 20), T},
                                          set(80), options);
            BOOST_TEST_CONTEXT("T = " << T << ", b in " << end.state[1]) {
                BOOST_TEST((end.why == ending::reached));
                BOOST_TEST(end.state[1].contains(rational::parse(b)));
                BOOST_TEST(end.state[1].width() <= (how == transport::frame ? 1e-15 : 3.5e-14));
            }
        }
}

BOOST_AUTO_TEST_CASE(lorenz_is_followed_beyond_t_22) {
    const rational time = rational(114, 5); // 22.8; the double nearest is the time here
    const double t = time.nearest();
    const auto end = enclose<set>(lorenz(), {15, 15, 36}, {10, 28, rational(8, 3)}, set(t));
    BOOST_TEST((end.why == ending::reached));
    approx::ode_options options;
    options.digits = 50;
    const auto exact = approx::integrate<ball>(lorenz(), {ball(15), ball(15), ball(36)},
                                               {ball(10), ball(28), ball(rational(8, 3), 300)},
                                               exactly(t), options);
    for (std::size_t i = 0; i < 3; ++i) {
        BOOST_TEST(end.state[i].contains(exact.state[i].midpoint()));
        BOOST_TEST(end.state[i].width() < 1e-4);
    }
}

BOOST_AUTO_TEST_CASE(turning_does_not_widen_a_frame) {
    // cos^2 + sin^2 = 1 after 160 turns; the norm alone would grow by exp(1000).
    const auto thin = enclose<set>(oscillator(), {1, 0}, {}, set(1000));
    BOOST_TEST((thin.why == ending::reached));
    BOOST_TEST(thin.state[0].width() < 1e-14);
    BOOST_TEST((square(thin.state[0]) + square(thin.state[1])).contains(rational(1)));
    BOOST_TEST(thin.state[0].contains(cos(exactly(1000)).midpoint()));
    BOOST_TEST(thin.state[1].contains(-sin(exactly(1000)).midpoint()));
    const auto wide = enclose<set>(oscillator(), {set(0.9, 1.1), set(-0.1, 0.1)}, {}, set(1000));
    BOOST_TEST((wide.why == ending::reached));
    BOOST_TEST(wide.state[0].width() < 0.29); // 0.2 (|cos| + |sin|) <= 0.283
}

BOOST_AUTO_TEST_CASE(closed_forms_are_enclosed_along_the_way) {
    flow_options options;
    options.keep_path = true;
    const vector_field logistic(record({"y", "r"}, [](auto y, auto r) { return r * y * (1 - y); }));
    const auto tube = enclose<set>(logistic, {rational(1, 10)}, {rational(7, 5)}, set(9), options);
    BOOST_TEST((tube.why == ending::reached));
    std::mt19937_64 rng(seed(11));
    for (int trial = 0; trial < trials(300); ++trial) {
        const double t = 9 * uniform(rng), w = rng() % 2 ? 0 : 0.3 * uniform(rng);
        const set times(t, std::min(9.0, t + w)), y = tube.over(times)[0];
        const double inner = member(rng, times);
        const ball e = exp(ball(rational(-7, 5), 200) * exactly(inner));
        const ball exact = 1 / (1 + 9 * e);
        BOOST_TEST(y.contains(exact.midpoint()), "t = " << inner << ", y in " << y);
        if (times.is_point()) BOOST_TEST(y.width() < 1e-15);
    }
    BOOST_CHECK_THROW(tube.over(set(-0.1, 1)), std::invalid_argument);
    BOOST_CHECK_THROW(tube.over(set(8, 9.5)), std::invalid_argument);
    BOOST_CHECK_THROW(enclose<set>(logistic, {1}, {1}, set(1)).over(set(0)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(components_in_other_units_do_not_shorten_steps) {
    // y' = t^20 with the time as a state: slopes beside the diagonal reach 1e7.
    const vector_field f(record({"y", "t"}, [](auto y, auto t) {
        return std::vector{power(t, 20), 1 + 0 * y};
    }));
    const auto end = enclose<set>(f, {0, 0}, {}, set(2));
    BOOST_TEST((end.why == ending::reached));
    BOOST_TEST(end.steps < 60);
    BOOST_TEST(end.state[0].contains(power(rational(2), 21) / 21));
    BOOST_TEST(end.state[0].width() < 1e-14 * 1e5);
}

BOOST_AUTO_TEST_CASE(elementary_functions_are_as_narrow_as_products) {
    const vector_field f(record({"y"}, [](auto y) { return exp(-y); })); // log(1 + t)
    const auto end = enclose<set>(f, {0}, {}, set(1000));
    BOOST_TEST((end.why == ending::reached));
    BOOST_TEST(end.state[0].contains(log(exactly(1001)).midpoint()));
    BOOST_TEST(end.state[0].width() < 1e-14);
}

BOOST_AUTO_TEST_CASE(hopeless_sets_end_soon) {
    // A pendulum from a wide box: one linear map cannot follow it for long.
    const vector_field f(record({"x", "v"}, [](auto x, auto v) {
        return std::vector{v, -sin(x)};
    }));
    const auto end = enclose<set>(f, {set(0.9, 1.1), 0}, {}, set(20));
    BOOST_TEST((end.why == ending::not_validated));
    BOOST_TEST(end.steps < 500);
}

BOOST_AUTO_TEST_CASE(a_pole_ends_with_the_last_enclosure) {
    for (const double radius : {0.0, 1e-3, 0.25}) {
        const auto end = enclose<set>(square_law(), {set(1 - radius, 1 + radius)}, {}, set(2));
        BOOST_TEST_CONTEXT("radius " << radius << ", time " << end.time) {
            BOOST_TEST((end.why == ending::not_validated));
            BOOST_TEST(end.time.upper() < 1 / (1 + radius));
            BOOST_TEST(end.time.lower() > 0.6 / (1 + radius));
            BOOST_TEST(end.steps < 1000);
            for (const double y : {1 - radius, 1 + radius}) {
                const rational exact =
                    1 / (1 / rational::exactly(y) - rational::exactly(end.time.lower()));
                BOOST_TEST(end.state[0].contains(exact));
            }
        }
    }
    // y' = -1 / y reaches 0 from y = -1 at t = 1/2; y' = -sqrt(y) leaves the domain at t = 2.
    const auto pole =
        enclose<set>(vector_field(record({"y"}, [](auto y) { return -1 / y; })), {-1}, {}, set(1));
    BOOST_TEST((pole.why == ending::not_validated || pole.why == ending::undefined));
    BOOST_TEST(pole.time.upper() <= 0.5);
    BOOST_TEST(pole.time.lower() > 0.49);
    const auto edge =
        enclose<set>(vector_field(record({"y"}, [](auto y) { return -sqrt(y); })), {1}, {}, set(3));
    BOOST_TEST((edge.why == ending::not_validated || edge.why == ending::undefined));
    BOOST_TEST(edge.time.upper() <= 2);
    BOOST_TEST(edge.time.lower() > 1.9);
}

BOOST_AUTO_TEST_CASE(where_f_is_not_defined_nothing_moves) {
    const vector_field f(record({"y"}, [](auto y) { return log(y); }));
    for (const set& y : {set(-1), set(0), set(-1, 1), set(0, 1)}) {
        const auto end = enclose<set>(f, {y}, {}, set(1));
        BOOST_TEST((end.why == ending::undefined), y);
        BOOST_TEST(end.steps == 0);
        BOOST_TEST(end.state[0] == y);
    }
    const vector_field q(record({"y", "p"}, [](auto y, auto p) { return y / p; }));
    BOOST_TEST((enclose<set>(q, {1}, {set(-1, 1)}, set(1)).why == ending::undefined));
}

BOOST_AUTO_TEST_CASE(events_are_enclosed) {
    // x = cos t: the first zero of x - c at arccos c.
    for (const rational& level : {rational(0), rational(1, 2), rational(-9, 10)}) {
        const tape velocity = record({"x", "v", "c"}, [](auto x, auto v, auto) {
            return std::vector{v, -x};
        });
        const tape event = record({"x", "v", "c"}, [](auto x, auto, auto c) { return x - c; });
        const auto end = enclose<set>(vector_field(velocity, event), {1, 0}, {level}, set(100));
        BOOST_TEST((end.why == ending::crossed));
        // cos(time) - c changes its sign over the enclosure.
        const auto at = [&](double t) { return cos(exactly(t)) - ball(level, 200); };
        BOOST_TEST(certainly(less(ball(0), at(end.time.lower()))), end.time);
        BOOST_TEST(certainly(less(at(end.time.upper()), ball(0))), end.time);
        BOOST_TEST(end.time.width() < 2e-15);
        BOOST_TEST(end.state[0].contains(level));
    }
}

BOOST_AUTO_TEST_CASE(an_event_at_the_start_is_left_behind) {
    const tape velocity = record({"x", "v"}, [](auto x, auto v) { return std::vector{v, -x}; });
    const tape event = record({"x", "v"}, [](auto x, auto) { return x; });
    for (const int direction : {1, -1}) {
        const auto end =
            enclose<set>(vector_field(velocity, event), {0, 1}, {}, set(10 * direction));
        BOOST_TEST((end.why == ending::crossed));
        const ball pi = direction * ball::pi(200);
        BOOST_TEST(end.time.contains(pi.midpoint()), end.time);
        BOOST_TEST(end.time.width() < 3e-15);
    }
    // A start on both sides has no first zero that is certain.
    const auto both =
        enclose<set>(vector_field(velocity, event), {set(-1e-3, 1e-3), 1}, {}, set(10));
    BOOST_TEST((both.why == ending::unclear));
    BOOST_TEST(both.state[0].contains(sin(exactly(both.time.lower())).midpoint()));
}

BOOST_AUTO_TEST_CASE(touching_is_unclear_and_missing_is_not_seen) {
    const tape velocity = record({"x", "v", "c"}, [](auto x, auto v, auto) {
        return std::vector{v, -x};
    });
    const tape event = record({"x", "v", "c"}, [](auto x, auto, auto c) { return x + c; });
    const auto with = [&](const rational& c, double t) {
        return enclose<set>(vector_field(velocity, event), {1, 0}, {c}, set(t));
    };
    BOOST_TEST((with(1, 10).why == ending::unclear));
    BOOST_TEST((with(rational::parse("1.0000000001"), 10).why == ending::reached));
    BOOST_TEST((with(rational::parse("0.9999999999"), 10).why == ending::crossed));
}

BOOST_AUTO_TEST_CASE(a_wide_set_crosses_over_several_steps) {
    const tape velocity = record({"x"}, [](auto x) { return 1 + x * x / 10; });
    const tape event = record({"x"}, [](auto x) { return x - 1; });
    const auto end = enclose<set>(vector_field(velocity, event), {set(-0.5, 0.5)}, {}, set(5));
    BOOST_TEST((end.why == ending::crossed));
    // sqrt(10) (atan(1 / sqrt 10) - atan(x0 / sqrt 10))
    const auto exact = [](double x) {
        return std::sqrt(10) * (std::atan(1 / std::sqrt(10)) - std::atan(x / std::sqrt(10)));
    };
    BOOST_TEST(end.time.lower() <= exact(0.5));
    BOOST_TEST(end.time.upper() >= exact(-0.5));
    BOOST_TEST(end.time.width() < 2); // 0.99 for the solutions
    BOOST_TEST(end.state[0].contains(rational(1)));
}

BOOST_AUTO_TEST_CASE(limits_are_kept) {
    flow_options options;
    options.max_steps = 3;
    const auto few = enclose<set>(oscillator(), {1, 0}, {}, set(1000), options);
    BOOST_TEST((few.why == ending::out_of_steps));
    BOOST_TEST(few.steps == 3);
    BOOST_TEST(few.state[0].contains(cos(exactly(few.time.lower())).midpoint()));
    const std::atomic<bool> stop = true;
    options.stop = &stop;
    BOOST_TEST(
        (enclose<set>(oscillator(), {1, 0}, {}, set(1), options).why == ending::interrupted));
    const auto still = enclose<set>(oscillator(), {set(1, 2), 0}, {}, set(0));
    BOOST_TEST((still.why == ending::reached));
    BOOST_TEST(still.state[0] == set(1, 2));
}

BOOST_AUTO_TEST_CASE(wrong_use_is_refused) {
    const auto call = [](const sets& y, const sets& q, const set& t, flow_options o = {}) {
        return enclose<set>(square_law(), y, q, t, o);
    };
    BOOST_CHECK_THROW(call({1, 2}, {}, set(1)), std::invalid_argument);
    BOOST_CHECK_THROW(call({1}, {1}, set(1)), std::invalid_argument);
    BOOST_CHECK_THROW(call({set::entire()}, {}, set(1)), std::invalid_argument);
    BOOST_CHECK_THROW(call({set::empty()}, {}, set(1)), std::invalid_argument);
    BOOST_CHECK_THROW(call({1}, {}, set(1, 2)), std::invalid_argument);
    flow_options o;
    o.digits = 16;
    BOOST_CHECK_THROW(call({1}, {}, set(1), o), std::invalid_argument);
    o.digits = 15;
    o.order = 3;
    BOOST_CHECK_THROW(call({1}, {}, set(1), o), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
