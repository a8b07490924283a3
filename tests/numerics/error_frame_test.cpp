#include <boost/test/unit_test.hpp>
#include <cmath>
#include <optional>
#include <random>

#include "numerics/ode/comparison.hpp"
#include "numerics/ode/double_double.hpp"
#include "numerics/ode/doubleton.hpp"
#include "numerics/ode/error_frame.hpp"
#include "numerics/ode/series_model.hpp"
#include "numerics/ode/vector_field.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/random_tape.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;
using namespace flowproof::rigorous;
using set = interval<double>;
using frame = error_frame;

namespace {

double uniform(std::mt19937_64& rng) { return static_cast<double>(rng() >> 11) * 0x1p-53; }
double spread(std::mt19937_64& rng) { return 2 * uniform(rng) - 1; }

step_polynomial polynomial(double length, int order, const std::vector<double>& c) {
    step_polynomial p{length, order, {}};
    for (const double x : c)
        p.coefficients.emplace_back(x);
    return p;
}

/// y' = 0 as a polynomial at 0 for x' = v, v' = -x, with sizes at any exponent.
vector_field oscillator() {
    return vector_field(record({"x", "v"}, [](auto x, auto v) { return std::vector{v, -x}; }));
}

rational exactly(const double_double& x) {
    return rational::exactly(x.high) + rational::exactly(x.low);
}

} // namespace

BOOST_AUTO_TEST_SUITE(error_frame_test)

BOOST_AUTO_TEST_CASE(double_doubles_keep_their_100_bits) {
    std::mt19937_64 rng(seed(1));
    const auto any = [&] {
        const double high = std::ldexp(spread(rng), static_cast<int>(rng() % 60) - 30);
        return double_double::renormalised(high, high * 0x1p-53 * spread(rng));
    };
    const rational unit = rational::exactly(0x1p-100);
    for (int trial = 0; trial < trials(3000); ++trial) {
        const double_double x = any(), y = any();
        const rational a = exactly(x), b = exactly(y);
        BOOST_TEST_CONTEXT("seed " << seed(1) << ", trial " << trial << ", " << a << ", " << b) {
            BOOST_TEST(abs(exactly(x + y) - (a + b)) <= unit * (abs(a) + abs(b)));
            BOOST_TEST(abs(exactly(x - y) - (a - b)) <= unit * (abs(a) + abs(b)));
            BOOST_TEST(abs(exactly(x * y) - a * b) <= unit * abs(a * b));
            BOOST_TEST(abs(exactly(x / y) - a / b) <= unit * abs(a / b));
            const rational root = exactly(sqrt(x * x));
            BOOST_TEST(abs(root - abs(a)) <= 2 * unit * abs(a));
        }
    }
}

// The rows of a program along a polynomial against the same in balls: the polynomial is inserted
// into the tape at points of the step.
BOOST_AUTO_TEST_CASE(rows_and_defects_hold_along_random_polynomials) {
    std::mt19937_64 rng(seed(2));
    int compared = 0;
    for (int trial = 0; trial < trials(1500); ++trial) {
        const tape velocity = random_tape(rng, 3 + static_cast<int>(rng() % 8), vocabulary::all);
        std::optional<vector_field> f;
        try {
            f.emplace(velocity);
        } catch (const std::domain_error&) {
            continue;
        }
        const int order = 6 + static_cast<int>(rng() % 20), fine = static_cast<int>(rng() % 8);
        std::vector<ball> parameters;
        for (std::size_t i = 0; i < f->parameters(); ++i)
            parameters.push_back(ball(rational::exactly(spread(rng)), 128));
        std::vector<enclosed_number> c;
        for (const ball& b :
             evaluate<ball>(f->program().coefficients(), parameters, embed<ball>{128}))
            c.push_back(enclosed(b));
        series_model model(bound_to(f->program(), c, true), order, fine);
        for (std::size_t i = 0; i < 2; ++i)
            model.set_start(i, double_double::renormalised(2 * spread(rng), 0x1p-55 * spread(rng)));
        const double unit = rng() % 2 ? 0.125 : -0.25;
        if (!model.expand(unit)) continue;
        const double s = 0.2 + uniform(rng);
        if (!model.bound(s)) continue;
        const double u = s * uniform(rng);
        std::vector<ball> state, slope;
        for (std::size_t i = 0; i < 2; ++i) {
            ball p = ball(0).with_bits(300), d = p;
            const ball at(rational::exactly(u), 300);
            for (int k = order; k >= 0; --k) {
                d = d * at + p;
                p = p * at + ball(exactly(model.coefficient(i, k)), 300);
            }
            state.push_back(p);
            slope.push_back(d / ball(rational::exactly(unit), 300));
        }
        std::vector<ball> inputs = state;
        inputs.insert(inputs.end(), parameters.begin(), parameters.end());
        const auto exact = evaluate<ball>(velocity, inputs, embed<ball>{300});
        for (std::size_t i = 0; i < 2; ++i) {
            if (!exact[i].is_finite()) continue;
            ++compared;
            const rational defect =
                abs((exact[i] - slope[i]).midpoint()) * rational::exactly(std::abs(s * unit));
            BOOST_TEST(defect <= rational::exactly(model.defect(i)),
                       "seed " << seed(2) << ", trial " << trial << ", order " << order << ", fine "
                               << fine << ": " << defect.nearest() << " > " << model.defect(i)
                               << " at " << u << " of " << s << " for " << velocity.text());
            if (u > 0.3) continue;
            double error = 0;
            const rational end = exactly(model.end(i, error));
            ball p = ball(0).with_bits(300);
            for (int k = order; k >= 0; --k)
                p = p * ball(rational::exactly(s), 300) +
                    ball(exactly(model.coefficient(i, k)), 300);
            BOOST_TEST(abs(end - p.midpoint()) <= rational::exactly(error));
        }
    }
    BOOST_TEST(compared > trials(1500) / 3);
}

BOOST_AUTO_TEST_CASE(defects_are_not_much_larger_than_they_must_be) {
    // y' = y: what is left out is the last coefficient; with a third of the orders fine, rounding
    // is below it.
    const vector_field f(record({"y"}, [](auto y) { return y; }));
    series_model model(bound_to(f.program(), {}, true), 20, 12);
    model.set_start(0, {1});
    BOOST_TEST_REQUIRE(model.expand(0.5));
    BOOST_TEST_REQUIRE(model.bound(1));
    BOOST_TEST(model.defect(0) < 5 * 0.5 * std::abs(model.coefficients(0)[20]) + 1e-22);
}

// All coefficients are positive: what the polynomial misses is largest at the end, where sums of
// magnitudes are sums.
BOOST_AUTO_TEST_CASE(cuts_of_nested_products_are_bounded_tightly) {
    const vector_field f(record({"y"}, [](auto y) {
        auto s = y * y, t = s * y;
        return s * t + t * t;
    }));
    for (const int order : {4, 7, 12}) {
        series_model model(bound_to(f.program(), {}, true), order, 3);
        model.set_start(0, {1});
        BOOST_TEST_REQUIRE(model.expand(0.0625));
        BOOST_TEST_REQUIRE(model.bound(1));
        rational y(0), slope(0);
        for (int k = order; k >= 0; --k) {
            y += exactly(model.coefficient(0, k));
            slope += k * exactly(model.coefficient(0, k)) * 16;
        }
        const rational defect = abs(power(y, 5) + power(y, 6) - slope) / 16;
        BOOST_TEST(defect.nearest() <= model.defect(0));
        BOOST_TEST(model.defect(0) <= 1.001 * defect.nearest());
    }
}

BOOST_AUTO_TEST_CASE(comparisons_bound_constant_linear_flows) {
    // z' = M z + b with b as a third component, by the power series in balls.
    std::mt19937_64 rng(seed(3));
    for (int trial = 0; trial < trials(300); ++trial) {
        const double scale = std::exp2(6 * uniform(rng) - 3), h = rng() % 2 ? 0.5 : -0.5;
        std::vector<double> m(4), z{uniform(rng), uniform(rng)}, b{uniform(rng), uniform(rng)};
        std::vector<set> jacobian;
        for (double& x : m) {
            x = scale * spread(rng);
            jacobian.emplace_back(x);
        }
        comparison bound(jacobian, 2, h);
        BOOST_TEST_REQUIRE(bound.usable());
        const std::vector<upper> start{z[0], z[1]}, forcing{b[0], b[1]}, none(2);
        const auto end = bound.end(start, forcing), all = bound.throughout(start, forcing);
        const auto own = bound.response(forcing);
        // Signs of errors and forcings as bad as can be.
        std::vector<double> worst(2), forced(2);
        for (const int signs : {0, 1, 2, 3, 4, 5, 6, 7}) {
            const auto solve = [&](bool with_start) {
                std::vector<ball> e, sum;
                const auto number = [](double x) { return ball(rational::exactly(x), 128); };
                e = {number(with_start ? (signs & 1 ? -z[0] : z[0]) : 0),
                     number(with_start ? z[1] : 0), number(1)};
                sum = e;
                const double c[2] = {signs & 2 ? -b[0] : b[0], signs & 4 ? -b[1] : b[1]};
                for (int k = 1; k < 90; ++k) {
                    std::vector<ball> next;
                    for (std::size_t i = 0; i < 2; ++i)
                        next.push_back(
                            (number(h) * (number(m[2 * i]) * e[0] + number(m[2 * i + 1]) * e[1]) +
                             number(c[i]) * e[2]) /
                            k);
                    next.push_back(number(0));
                    e = next;
                    for (std::size_t i = 0; i < 2; ++i)
                        sum[i] += e[i];
                }
                return sum;
            };
            const auto e = solve(true), f = solve(false);
            for (std::size_t i = 0; i < 2; ++i) {
                BOOST_TEST(abs(e[i].midpoint()) <= rational::exactly(end[i].value()));
                BOOST_TEST(abs(e[i].midpoint()) <= rational::exactly(all[i].value()));
                BOOST_TEST(abs(f[i].midpoint()) <= rational::exactly(own[i].value()));
                worst[i] = std::max(worst[i], abs(e[i].midpoint()).nearest());
            }
        }
        // Tight where all off-diagonal entries help.
        if (h * m[1] >= 0 && h * m[2] >= 0)
            for (std::size_t i = 0; i < 2; ++i)
                BOOST_TEST(end[i].value() <= worst[i] * (1 + 1e-5));
    }
}

BOOST_AUTO_TEST_CASE(members_of_a_doubleton_stay_members) {
    std::mt19937_64 rng(seed(4));
    for (int trial = 0; trial < trials(200); ++trial) {
        const std::size_t n = 1 + rng() % 4, m = n + rng() % 3;
        const auto exponent = static_cast<std::int64_t>(rng() % 3) * -1000;
        std::vector<double> origin(m);
        for (double& x : origin)
            x = rng() % 3 ? uniform(rng) : 0;
        doubleton whole(n, origin, exponent);
        std::vector<rational> point, first;
        for (std::size_t j = 0; j < m; ++j)
            first.push_back(rational::exactly(origin[j] * spread(rng)));
        point.assign(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(n));
        for (int step = 0; step < 6; ++step) {
            near_matrix flow, later;
            std::vector<rational> next(n);
            std::vector<upper> rest;
            const auto entry = [&](near_matrix& to) {
                const double c = 1.5 * spread(rng), e = rng() % 2 ? 0 : 0x1p-20 * uniform(rng);
                to.centre.push_back(c);
                to.error.emplace_back(e);
                return rational::exactly(c) + rational::exactly(e) * rational::exactly(spread(rng));
            };
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = 0; j < n; ++j)
                    next[i] += entry(flow) * point[j];
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = n; j < m; ++j)
                    next[i] += entry(later) * first[j];
            for (std::size_t i = 0; i < n; ++i) {
                const double r = rng() % 2 ? 0 : 0x1p-10 * uniform(rng);
                rest.emplace_back(r);
                next[i] += rational::exactly(r) * rational::exactly(spread(rng));
            }
            whole.move(flow, later, rest);
            if (rng() % 4 == 0) whole.set_exponent(exponent); // the same
            point = next;
            const auto radius = whole.radius();
            for (std::size_t i = 0; i < n; ++i)
                BOOST_TEST(abs(point[i]) <= rational::exactly(radius[i].value()),
                           "seed " << seed(4) << ", trial " << trial << ", step " << step);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_turning_box_keeps_its_size_at_any_scale) {
    // Errors of a solution at rest: 2000 steps of length 1/2, whatever the exponent.
    const vector_field f = oscillator();
    for (const std::int64_t exponent : {0, -700, -5000}) {
        frame errors(f.program(), {}, {{1, 0.5}, exponent}, {{}, 0});
        const auto p = polynomial(0.5, 4, std::vector<double>(10));
        const magnitudes none{{0, 0}, 0};
        for (int step = 0; step < 2000; ++step)
            BOOST_TEST_REQUIRE((errors.advance(p, none, none) == frame::outcome::moved));
        const magnitudes r = errors.radius();
        const double c = std::abs(std::cos(1000)), s = std::abs(std::sin(1000));
        const double scale = std::exp2(static_cast<double>(r.exponent - exponent));
        BOOST_TEST(r.value[0] * scale >= c + 0.5 * s - 1e-12);
        BOOST_TEST(r.value[0] * scale < 1.2); // order 4 of the flow, its defect enclosed
        BOOST_TEST(r.value[1] * scale >= s + 0.5 * c - 1e-12);
        BOOST_TEST(r.value[1] * scale < 1.2);
    }
}

BOOST_AUTO_TEST_CASE(curvature_and_defects_are_part_of_the_set) {
    // y' = y^2 about y = 0: e(t) = e / (1 - e t), and with a defect d: tan.
    const vector_field f(record({"y"}, [](auto y) { return y * y; }));
    const auto at_rest = polynomial(0.25, 4, std::vector<double>(5));
    frame errors(f.program(), {}, {{0.5}, 0}, {{}, 0});
    BOOST_TEST_REQUIRE((errors.advance(at_rest, {{0}, 0}, {{0}, 0}) == frame::outcome::moved));
    double e = 0.5 / (1 - 0.125);
    const auto value = [](const magnitudes& m) {
        return std::ldexp(m.value[0], static_cast<int>(m.exponent));
    };
    BOOST_TEST(value(errors.radius()) >= e);
    BOOST_TEST(value(errors.radius()) < 1.2 * e);
    BOOST_TEST(value(errors.tube()) >= e);
    frame forced(f.program(), {}, {{0}, 0}, {{}, 0});
    BOOST_TEST_REQUIRE(
        (forced.advance(at_rest, {{0.25}, 0}, {{0.125}, 0}) == frame::outcome::moved));
    e = value(forced.radius());
    BOOST_TEST(e >= std::tan(0.25) + 0.125); // y' = y^2 + 1 for 1/4, then the shift
    BOOST_TEST(e < 0.45);
    // A set that may run into the pole is refused.
    frame wide(f.program(), {}, {{4}, 0}, {{}, 0});
    BOOST_TEST((wide.advance(at_rest, {{0}, 0}, {{0}, 0}) != frame::outcome::moved));
    BOOST_TEST(value(wide.radius()) >= 4);
    BOOST_TEST(value(wide.radius()) < 4.001);
}

BOOST_AUTO_TEST_CASE(deviations_of_parameters_act_all_the_time) {
    // y' = p with p = q + d about q = 1: e = d t, remembered over the steps; p' = 1 exactly.
    const vector_field f(record({"y", "p"}, [](auto y, auto p) { return 0 * y + p * p; }));
    for (const std::int64_t exponent : {-3, -900}) {
        frame errors(f.program(), {set(1)}, {{0}, 0}, {{1}, exponent});
        for (int step = 0; step < 8; ++step)
            BOOST_TEST_REQUIRE((errors.advance(polynomial(0.5, 4, {0.5 * step, 0.5, 0, 0, 0}),
                                               {{0}, 0}, {{0}, 0}) == frame::outcome::moved));
        const magnitudes r = errors.radius();
        const double d = exponent == -3 ? 0.125 : 0; // (1 + d)^2 - 1 = d (2 + d)
        const double scale = std::exp2(static_cast<double>(r.exponent - exponent));
        BOOST_TEST(r.value[0] * scale >= 4 * (2 + d) * (1 - 1e-12));
        BOOST_TEST(r.value[0] * scale <= 4 * (2 + d) * (1 + 1e-9));
    }
}

BOOST_AUTO_TEST_CASE(wrong_counts_are_refused) {
    const vector_field f = oscillator();
    BOOST_CHECK_THROW(frame(f.program(), {}, {{1}, 0}, {{}, 0}), std::invalid_argument);
    BOOST_CHECK_THROW(frame(f.program(), {set(1)}, {{1, 1}, 0}, {{1}, 0}), std::invalid_argument);
    BOOST_CHECK_THROW(frame(f.program(), {}, {{1, 1}, 0}, {{1}, 0}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
