// The compiled recurrences against power series arithmetic on the same tapes.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "numerics/ode/ball_expansion.hpp"
#include "numerics/ode/follow.hpp"
#include "numerics/ode/integrate.hpp"
#include "numerics/ode/taylor_program.hpp"
#include "numerics/scalar/expr.hpp"
#include "numerics/scalar/series.hpp"
#include "tests/support/random_tape.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;

namespace {

constexpr int order = 13;

/// Taylor coefficients 0 to `order` of each component of y' = t(y, p): every coefficient from an
/// evaluation of the tape in power series (Picard's iteration).
template <class T>
std::vector<std::vector<T>> by_series(const tape& t, const std::vector<T>& start,
                                      const std::vector<T>& parameters, const embed<T>& constants) {
    std::vector<std::vector<T>> y;
    for (const T& s : start)
        y.push_back({s});
    for (int k = 0; k < order; ++k) {
        std::vector<series<T>> inputs;
        for (const auto& c : y)
            inputs.push_back(series<T>(c, order));
        for (const T& p : parameters)
            inputs.push_back(series<T>(std::vector<T>{p}, order));
        const auto f = evaluate(t, inputs, embed<series<T>>{order, constants});
        for (std::size_t i = 0; i < y.size(); ++i)
            y[i].push_back(T(f[i][k] / (k + 1)));
    }
    return y;
}

bool all_finite(const std::vector<std::vector<ball>>& y) {
    for (const auto& c : y)
        for (const ball& x : c)
            if (!x.is_finite()) return false;
    return true;
}

template <class T>
approx::taylor_step<T> one_step(const tape& t, const std::vector<T>& start,
                                const std::vector<T>& parameters, const T& h) {
    approx::ode_options options;
    options.order = order;
    options.max_steps = 1;
    options.keep_path = true;
    if constexpr (std::same_as<T, ball>) options.bits = 400;
    const auto path = integrate(vector_field(t), start, parameters, h, options).path;
    BOOST_REQUIRE(path.size() == 1);
    return path[0];
}

/// Compares one step in balls and in double with series of balls, if these exist; the radii at 53
/// bits say what double may lose.
bool agrees_with_series(const tape& t, const std::vector<rational>& values) {
    const std::size_t states = t.outputs().size();
    const auto inputs = [&](std::int64_t bits) {
        std::pair<std::vector<ball>, std::vector<ball>> result;
        for (std::size_t i = 0; i < values.size(); ++i)
            (i < states ? result.first : result.second).emplace_back(values[i], bits);
        return result;
    };
    const auto [start, parameters] = inputs(600);
    const auto exact = by_series(t, start, parameters, embed<ball>{600});
    const auto [start53, parameters53] = inputs(53);
    const auto rough = by_series(t, start53, parameters53, embed<ball>{53});
    if (!all_finite(exact) || !all_finite(rough)) return false;
    const auto step = one_step(t, start, parameters, ball(rational(1, 8), 400));
    std::vector<double> x, p;
    for (std::size_t i = 0; i < values.size(); ++i)
        (i < states ? x : p).push_back(values[i].nearest());
    const auto in_double = one_step<double>(t, x, p, 0x1p-40);
    const std::size_t stride = static_cast<std::size_t>(order) + 1;
    for (std::size_t i = 0; i < states; ++i)
        for (std::size_t k = 0; k < stride; ++k) {
            const rational expected = exact[i][k].midpoint(), radius = rough[i][k].radius();
            const rational size = abs(expected) + radius;
            const rational got = step.coefficients[i * stride + k].midpoint();
            BOOST_TEST((abs(got - expected) <= size * power(rational(2), -200)),
                       "component " << i << ", order " << k << ": " << got.decimal(20)
                                    << " in balls, " << expected.decimal(20));
            const double c = in_double.coefficients[i * stride + k];
            if (!(size < rational::exactly(1e280))) continue;
            BOOST_TEST_REQUIRE(std::isfinite(c));
            BOOST_TEST(
                (abs(rational::exactly(c) - expected) <=
                 16 * radius + rational::exactly(0x1p-45) * size + rational::exactly(1e-290)),
                "component " << i << ", order " << k << ": " << c << " in double, "
                             << expected.decimal(20) << " +/- " << radius.decimal(3));
        }
    return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ode_recurrence_test)

BOOST_AUTO_TEST_CASE(random_tapes_have_the_coefficients_of_power_series) {
    std::mt19937_64 rng(seed(71));
    int compared = 0;
    for (int trial = 0; trial < trials(120); ++trial) {
        const auto words = static_cast<vocabulary>(trial % 3);
        const tape t = random_tape(rng, 4 + static_cast<int>(rng() % 10), words);
        const std::vector<rational> at{abs(small_nonzero(rng)) / rational(8),
                                       small_nonzero(rng) / rational(8), small_nonzero(rng)};
        BOOST_TEST_CONTEXT("trial " << trial << " at " << at[0] << " " << at[1] << " " << at[2]
                                    << "\n"
                                    << t.text())
        compared += agrees_with_series(t, at);
    }
    BOOST_TEST(compared > trials(120) / 3);
}

BOOST_AUTO_TEST_CASE(every_operation_has_the_coefficients_of_power_series) {
    const auto check = [](const tape& t) {
        BOOST_TEST_CONTEXT(t.text())
        BOOST_TEST(agrees_with_series(t, {rational(2, 3), rational(-1, 4), rational(5, 7)}));
    };
#define FLOWPROOF_FIELD(first, second)                                                             \
    check(record({"x", "y", "p"}, []([[maybe_unused]] auto x, [[maybe_unused]] auto y, auto p) {   \
        return std::vector{first + 0 * p, second};                                                 \
    }))
    FLOWPROOF_FIELD(x * y, x * x - p * y * y);
    FLOWPROOF_FIELD(x / y, p / x);
    FLOWPROOF_FIELD((x + 1) / (y - p), (p * x) / (p * y));
    FLOWPROOF_FIELD(sqrt(x), sqrt(p + y * y));
    FLOWPROOF_FIELD(exp(x), exp(-y * p));
    FLOWPROOF_FIELD(log(x), log(1 + y * y));
    FLOWPROOF_FIELD(sin(x), cos(x));
    FLOWPROOF_FIELD(cos(y), sin(p * x) * exp(p * x));
    FLOWPROOF_FIELD(power(x, 7), power(y, -5));
    FLOWPROOF_FIELD(power(x - p, 3), power(x + y, -2) * power(x, 0));
    FLOWPROOF_FIELD(-x + y - p, 3 * x - rational(1, 7) * y + 2);
    FLOWPROOF_FIELD(sqrt(p) * x + exp(p) / p, log(p) * sin(p) * y + power(p, -3) * cos(p));
#undef FLOWPROOF_FIELD
}

BOOST_AUTO_TEST_CASE(positive_powers_are_right_at_zero) {
    const tape t = record({"x", "y"}, [](auto x, auto y) {
        return std::vector{1 + 0 * y, power(x, 5) + power(y, 3)};
    });
    BOOST_TEST(agrees_with_series(t, {rational(0), rational(0)}));
    const auto step = one_step<double>(t, {0.0, 0.0}, {}, 0.5);
    BOOST_TEST(step.coefficients[14 + 6] == 1.0 / 6);
}

BOOST_AUTO_TEST_CASE(linear_operations_are_merged_and_parameters_computed_once) {
    // P1: three products, one sum inside a product, nothing else.
    const vector_field f(
        record({"a", "b", "KP", "KQ", "T"}, [](auto a, auto b, auto KP, auto KQ, auto T) {
            return std::vector{(1 - a) / T + KQ * b * (1 - a * b), KP * a * (1 - a * b)};
        }));
    const taylor_program& program = f.program();
    BOOST_TEST(program.states() == 2u);
    BOOST_TEST(program.parameters() == 3u);
    std::vector<taylor_op> operations;
    for (const auto& i : program.instructions())
        operations.push_back(i.op);
    BOOST_TEST((operations == std::vector{taylor_op::product, taylor_op::affine, taylor_op::product,
                                          taylor_op::product}));
    const affine_form& inside =
        program.forms()[static_cast<std::size_t>(program.instructions()[1].x)];
    BOOST_TEST(inside.terms.size() == 1u);
    BOOST_TEST(inside.terms[0].coefficient == affine_form::minus_one);
    // 1 - a, T and K_Q b in one form of three terms
    const auto& velocity = program.forms()[static_cast<std::size_t>(program.velocity()[0])];
    BOOST_TEST(velocity.terms.size() == 2u);
    BOOST_TEST(velocity.constant >= 0);
    const auto c = evaluate(program.coefficients(),
                            std::vector{rational(3, 10), rational(9, 20), rational(100)});
    BOOST_TEST((c[static_cast<std::size_t>(velocity.constant)] == rational(1, 100)));
    BOOST_TEST((c[static_cast<std::size_t>(velocity.terms[0].coefficient)] == rational(-1, 100)));
    BOOST_TEST((c[static_cast<std::size_t>(velocity.terms[1].coefficient)] == rational(9, 20)));
}

BOOST_AUTO_TEST_CASE(shared_operations_are_computed_once) {
    const vector_field f(record({"x", "y"},
                                [](auto x, auto y) {
                                    return std::vector{sin(x) * exp(x), cos(x) + y * power(x, 2)};
                                }),
                         record({"x", "y"}, [](auto x, auto y) { return x * x - sin(x) * y; }));
    int sines = 0, slopes = 0, squares = 0;
    for (const auto& i : f.program().instructions()) {
        sines += i.op == taylor_op::sin_cos;
        slopes += i.op == taylor_op::slope;
        squares += i.op == taylor_op::square;
    }
    BOOST_TEST(sines == 1);
    BOOST_TEST(slopes == 1);
    BOOST_TEST(squares == 1);
    BOOST_TEST(f.has_event());
    BOOST_TEST(f.program().velocity_instructions() < f.program().instructions().size());
}

BOOST_AUTO_TEST_CASE(long_shared_sums_do_not_multiply) {
    // Fifty nested sums, each used twice: without rows of their own the forms would hold 2^50
    // paths or all rows each.
    recorder r;
    std::vector<expr> x;
    for (int i = 0; i < 50; ++i)
        x.push_back(r.variable("x[" + std::to_string(i) + "]"));
    expr sum = x[0] * x[1];
    std::vector<expr> outputs;
    for (int i = 0; i < 50; ++i) {
        sum = sum + x[static_cast<std::size_t>(i)];
        outputs.push_back(sum * x[0]);
    }
    const vector_field f(r.finish(outputs));
    std::size_t terms = 0;
    for (const affine_form& form : f.program().forms())
        terms += form.terms.size();
    BOOST_TEST(terms < 400u);
}

BOOST_AUTO_TEST_CASE(coefficients_with_bits_for_short_steps_are_computed_anew) {
    // The bits of the first coefficients are chosen for steps of 2^-20, the steps are far longer.
    const vector_field f(record({"y"}, [](auto y) { return 1 * y; }));
    approx::ode_options options;
    options.digits = 60;
    approx::ball_expansion flow(f, {}, {ball(1)}, ball(60), 98, 225);
    flow.set_unit(-20);
    const auto r = approx::follow<approx::ball_expansion, ball>(flow, false, options);
    const rational exact = exp(ball(60).with_bits(400)).midpoint();
    BOOST_TEST((r.why == approx::ending::reached));
    BOOST_TEST((abs(r.state[0].midpoint() / exact - 1) < rational::parse("1e-59")));
}

BOOST_AUTO_TEST_SUITE_END()
