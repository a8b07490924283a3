#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <random>

#include "numerics/ode/integrate.hpp"
#include "numerics/ode/taylor_model.hpp"
#include "numerics/ode/taylor_program.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/box_samples.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::rigorous;
using namespace flowproof::support;
using set = interval<double>;

namespace {

constexpr std::int64_t bits = sample_bits;

/// The solution at one point of the box to 60 digits.
std::vector<ball> solution(const vector_field& f, const tape& start,
                           const std::vector<rational>& point, const rational& duration,
                           int digits = 60) {
    std::vector<ball> all, own;
    for (const rational& q : point)
        all.emplace_back(q, bits);
    for (const auto& name : f.program().coefficients().variables())
        own.push_back(all[start.index_of(name)]);
    approx::ode_options options;
    options.digits = digits;
    const auto result = approx::integrate(f, evaluate(start, all, embed<ball>{bits}), own,
                                          ball(duration, bits), options);
    BOOST_REQUIRE((result.why == approx::ending::reached));
    return result.state;
}

/// Solutions at random points of the box lie in the tube where it ended.
void check_samples(std::mt19937_64& rng, const vector_field& f, const tape& start,
                   const std::vector<parameter_range>& ranges, const model_tube& tube, int count) {
    for (int i = 0; i < count; ++i) {
        const auto point = random_point(rng, ranges);
        const auto exact = solution(f, start, point, tube.time);
        const auto symbols = symbols_of(tube, point);
        for (std::size_t s = 0; s < exact.size(); ++s)
            BOOST_TEST_CONTEXT("sample " << i << ", state " << s << " = " << exact[s].str(20)
                                         << ", remainder " << tube.state[s].remainder().value())
        BOOST_TEST(holds(tube.state[s], symbols, exact[s]));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(taylor_model_test)

BOOST_AUTO_TEST_CASE(exponentials_over_boxes_of_rates_and_starts) {
    const std::uint64_t s = seed(21);
    std::mt19937_64 rng(s);
    const std::vector<parameter_range> box{{rational(-1, 2), rational(3, 4)},
                                           {rational(1, 3), rational(2, 3)}};
    for (const rational& t : {rational(1), rational(-7, 3), rational(10, 3)})
        for (const int degree : {0, 1, 3, 12}) {
            const auto tube = enclose_over_box(growth(), start_q(), box, t, of_degree(degree));
            BOOST_TEST_CONTEXT("seed " << s << ", t = " << t << ", degree " << degree) {
                BOOST_TEST((tube.why == ending::reached));
                BOOST_TEST((tube.time == t));
                for (int i = 0; i < 5; ++i) {
                    const auto point = random_point(rng, box);
                    BOOST_TEST(holds(tube.state[0], symbols_of(tube, point),
                                     ball(point[1], bits) * exp(ball(point[0] * t, bits))));
                }
                if (degree == 12 && t == rational(1))
                    BOOST_TEST(tube.state[0].remainder().value() < 1e-6);
            }
        }
}

BOOST_AUTO_TEST_CASE(logistic_growth_over_a_box) {
    std::mt19937_64 rng(seed(22));
    const vector_field f(
        record({"y", "r", "K"}, [](auto y, auto r, auto K) { return r * y * (1 - y / K); }));
    const tape start = record({"K", "q", "r"}, [](auto, auto q, auto) { return q; });
    const std::vector<parameter_range> box{{rational(9, 10), rational(11, 10)},
                                           {rational(1, 10), rational(12, 100)},
                                           {rational(1), rational(11, 10)}};
    const auto tube = enclose_over_box(f, start, box, rational(8));
    BOOST_TEST((tube.why == ending::reached));
    BOOST_TEST(tube.state[0].remainder().value() < 1e-3);
    for (int i = 0; i < 20; ++i) {
        const auto point = random_point(rng, box);
        const ball K(point[0], bits), q(point[1], bits), r(point[2], bits);
        BOOST_TEST(
            holds(tube.state[0], symbols_of(tube, point), K / (1 + (K / q - 1) * exp(r * -8))));
    }
    // The hull is close to that of the corners: y rises with K, q and r.
    const auto at = [&](bool up) {
        const double K = up ? 1.1 : 0.9, q = up ? 0.12 : 0.1, r = up ? 1.1 : 1;
        return K / (1 + (K / q - 1) * std::exp(-8 * r));
    };
    const set hull = tube.range()[0];
    BOOST_TEST(hull.width() < 1.01 * (at(true) - at(false)));
}

BOOST_AUTO_TEST_CASE(random_polynomial_fields_keep_their_solutions) {
    const std::uint64_t s = seed(23);
    std::mt19937_64 rng(s);
    int reached = 0;
    for (int trial = 0; trial < trials(30); ++trial) {
        recorder r;
        const expr x = r.variable("x"), y = r.variable("y"), p = r.variable("p"),
                   q = r.variable("q");
        const auto polynomial = [&] {
            expr sum = r.constant(0);
            for (int i = 0; i < 4; ++i) {
                expr term = r.constant(rational(static_cast<int>(rng() % 9) - 4, 4));
                const std::array<expr, 4> factors{x, y, p, q};
                for (std::uint64_t k = rng() % 4; k > 0; --k)
                    term = term * factors[rng() % 4];
                sum = sum + term;
            }
            return sum + r.constant(rational(1, 7)) * x * x - y * x;
        };
        const vector_field f(r.finish(std::vector{polynomial(), polynomial()}));
        const tape start = record({"p", "q", "a"}, [](auto P, auto, auto a) {
            return std::vector{a, P * P - a};
        });
        const rational w(1 + static_cast<int>(rng() % 4), 16);
        const std::vector<parameter_range> box{
            {rational(1, 2) - w, rational(1, 2) + w},
            {rational(-1, 3), rational(-1, 3) + w},
            rng() % 3 == 0 ? parameter_range{rational(1, 3), rational(1, 3)}
                           : parameter_range{rational(1, 3), rational(1, 3) + w / 2}};
        box_options o;
        o.degree = 1 + static_cast<int>(rng() % 6);
        o.order = 4 + static_cast<int>(rng() % 16);
        const rational t(
            static_cast<int>(rng() % 2 == 0 ? 1 : -1) * static_cast<int>(1 + rng() % 5), 4);
        const auto tube = enclose_over_box(f, start, box, t, o);
        reached += tube.why == ending::reached ? 1 : 0;
        BOOST_TEST_CONTEXT("seed " << s << ", trial " << trial << ", degree " << o.degree
                                   << ", order " << o.order << ", t = " << t)
        check_samples(rng, f, start, box, tube, 3);
    }
    BOOST_TEST(reached > trials(30) / 2);
}

BOOST_AUTO_TEST_CASE(every_operation_of_the_recurrences_is_enclosed) {
    const std::uint64_t s = seed(24);
    std::mt19937_64 rng(s);
    using field_formula = std::function<expr(recorder&, const expr&, const expr&)>;
    const std::vector<std::pair<const char*, field_formula>> fields{
        {"quotient", [](recorder&, const expr& y, const expr& p) { return (p + y) / (1 + y * y); }},
        {"reciprocal", [](recorder&, const expr& y, const expr& p) { return p / (2 + y); }},
        {"sqrt", [](recorder&, const expr& y, const expr& p) { return sqrt(1 + p * y) - y / 2; }},
        {"exp", [](recorder&, const expr& y, const expr& p) { return exp(-p * y) + y / 4; }},
        {"log", [](recorder&, const expr& y, const expr& p) { return log(1 + y * p) + p; }},
        {"sin", [](recorder&, const expr& y, const expr& p) { return sin(3 * y + p); }},
        {"cos", [](recorder&, const expr& y, const expr& p) { return p * cos(y * y); }},
        {"square", [](recorder&, const expr& y, const expr& p) { return p - y * y; }},
        {"power", [](recorder&, const expr& y, const expr& p) { return 1 - p * power(y, 5); }},
        {"constant", [](recorder&, const expr& y, const expr& p) { return exp(2 * p) - 3 * y; }},
        {"coefficients",
         [](recorder& r, const expr& y, const expr& p) {
             return log(1 + p) * sqrt(p) * y / exp(p) + r.pi() / (p + 3) - y * y / p;
         }},
    };
    for (const auto& [name, formula] : fields)
        for (const int degree : {0, 2, 9})
            for (const int sign : {1, -1}) {
                recorder r;
                const expr y = r.variable("y"), p = r.variable("p");
                const vector_field f(r.finish(std::vector{formula(r, y, p)}));
                const tape start = record({"p", "q"}, [](auto, auto q) { return q; });
                const std::vector<parameter_range> box{{rational(3, 4), rational(5, 4)},
                                                       {rational(2, 5), rational(3, 5)}};
                const rational t(sign * (sign > 0 ? 13 : 2), 10);
                box_options o = of_degree(degree);
                if (degree == 9) o.order = 21;
                const auto tube = enclose_over_box(f, start, box, t, o);
                BOOST_TEST_CONTEXT("seed " << s << ", " << name << ", degree " << degree
                                           << ", t = " << t) {
                    BOOST_TEST((tube.why == ending::reached));
                    if (degree == 9) BOOST_TEST(tube.state[0].remainder().value() < 2e-3);
                    check_samples(rng, f, start, box, tube, 4);
                }
            }
}

BOOST_AUTO_TEST_CASE(single_values_carry_rounding_errors_alone) {
    // No symbol and no dropped term: what is left is rounding, and it must cover the truth.
    const std::uint64_t s = seed(25);
    std::mt19937_64 rng(s);
    box_options o;
    o.order = 30;
    o.log2_longest = -4;
    const vector_field f(record({"x", "y", "p"}, [](auto x, auto y, auto p) {
        return std::vector{(1 + 3 * x * y) / 3 - 7 * x / 5, p * x * x / 3 - y / 7};
    }));
    for (int trial = 0; trial < trials(20); ++trial) {
        const tape start = record({"p", "q"}, [](auto p, auto q) {
            return std::vector{q * q / 3, p / 7};
        });
        const rational p(static_cast<int>(1 + rng() % 99), 49), q(static_cast<int>(rng() % 99), 77);
        const std::vector<parameter_range> box{{p, p}, {q, q}};
        const auto tube = enclose_over_box(f, start, box, rational(2), o);
        BOOST_TEST_CONTEXT("seed " << s << ", trial " << trial << ", p = " << p << ", q = " << q) {
            BOOST_TEST((tube.why == ending::reached));
            BOOST_TEST(tube.state[0].remainder().value() < 1e-12);
            check_samples(rng, f, start, box, tube, 1);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_a_step_is_too_short_to_move_is_not_lost) {
    // y = 1 + 2^-56 t: each sum of a step of length 1 is rounded back to 1.
    box_options o;
    o.log2_longest = 0;
    const rational p = power(rational(2), -56);
    const vector_field f(record({"y", "p"}, [](auto y, auto rate) { return y * 0 + rate; }));
    const tape start = record({"p"}, [](auto rate) { return rate * 0 + 1; });
    const auto tube = enclose_over_box(f, start, {{p, p}}, rational(64), o);
    BOOST_TEST((tube.why == ending::reached));
    BOOST_TEST(holds(tube.state[0], {}, ball(1 + 64 * p, bits)));
    BOOST_TEST(tube.state[0].remainder().value() < 0x1p-49);
}

BOOST_AUTO_TEST_CASE(valleys_are_followed_unsplit_close_to_their_hulls) {
    for (const std::int64_t T : {100L, 10'000L, 100'000'000L}) {
        const auto tube = enclose_over_box(valley(), at_rest(), valley_box(T), rational(80));
        BOOST_TEST_CONTEXT("T = " << T) {
            BOOST_TEST((tube.why == ending::reached));
            const auto range = tube.range();
            std::array<double, 2> low{2, 2}, high{};
            for (int i = -4; i <= 4; ++i)
                for (int j = -4; j <= 4; ++j) {
                    const auto y =
                        approx::integrate<double>(
                            valley(), {0, 0},
                            {0.3 + 0.0025 * i, 0.45 + 0.0025 * j, static_cast<double>(T)}, 80)
                            .state;
                    for (std::size_t k = 0; k < 2; ++k) {
                        low[k] = std::min(low[k], y[k]);
                        high[k] = std::max(high[k], y[k]);
                    }
                }
            for (std::size_t k = 0; k < 2; ++k) {
                BOOST_TEST(range[k].lower() <= low[k]);
                BOOST_TEST(high[k] <= range[k].upper());
                BOOST_TEST(range[k].width() <= 1.005 * (high[k] - low[k]));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(formulas_are_observed_over_the_box_and_its_parts) {
    std::mt19937_64 rng(seed(26));
    const auto tube = enclose_over_box(valley(), at_rest(), valley_box(100), rational(30));
    const tape observed =
        record({"a", "b", "KQ", "t", "KP"}, [](auto a, auto b, auto KQ, auto t, auto KP) {
            return std::vector{KP * a * a - KQ * b * b, log(a) / sqrt(b) + t, a - b};
        });
    const auto values = observe(observed, tube);
    const std::vector<set> half{set(-1.0, 0.0), set(0.5, 1.0)};
    const auto part = observe(observed, tube, half);
    for (int i = 0; i < 20; ++i) {
        const auto point = random_point(rng, valley_box(100));
        const auto y = solution(valley(), at_rest(), point, rational(30), 30);
        const auto exact = evaluate(
            observed,
            std::vector<ball>{y[0], y[1], ball(point[1], bits), ball(30), ball(point[0], bits)},
            embed<ball>{bits});
        const auto symbols = symbols_of(tube, point);
        const bool inside = symbols[0] <= rational(0) && symbols[1] >= rational(1, 2);
        for (std::size_t o = 0; o < 3; ++o) {
            BOOST_TEST(values[o].contains(exact[o].midpoint()));
            if (inside) BOOST_TEST(part[o].contains(exact[o].midpoint()));
        }
    }
    for (std::size_t o = 0; o < 3; ++o) {
        BOOST_TEST(subset(part[o], values[o]));
        BOOST_TEST(part[o].width() < 0.9 * values[o].width());
    }
    BOOST_TEST(values[2].lower() > 0); // a sign that holds over the whole box
    BOOST_CHECK_THROW(observe(record({"a"}, [](auto a) { return a; }), tube),
                      std::invalid_argument);
    BOOST_CHECK_THROW(
        observe(record({"a", "b", "c"}, [](auto a, auto, auto c) { return a * c; }), tube),
        std::invalid_argument);
    BOOST_CHECK_THROW(tube.range(std::vector{set(0.0, 1.0)}), std::invalid_argument);
    BOOST_CHECK_THROW(tube.range(std::vector{set(0.0, 1.0), set(0.0, 1.5)}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_path_covers_all_times) {
    std::mt19937_64 rng(seed(27));
    box_options o;
    o.keep_path = true;
    for (const rational& end : {rational(10, 3), rational(-1)}) {
        const std::vector<parameter_range> box{{rational(1, 2), rational(3, 4)},
                                               {rational(1), rational(5, 4)}};
        const auto tube = enclose_over_box(growth(), start_q(), box, end, o);
        BOOST_TEST((tube.why == ending::reached));
        for (int i = 0; i < 40; ++i) {
            const double t = end.nearest() * static_cast<double>(rng() % 1000) / 1000;
            const auto point = random_point(rng, box);
            const ball exact =
                ball(point[1], bits) * exp(ball(point[0] * rational::exactly(t), bits));
            BOOST_TEST(tube.over(set(t))[0].contains(exact.midpoint()));
            const set around =
                intersection(set(t) + set(-0.3, 0.3),
                             set(std::min(0.0, end.round_up()), std::max(0.0, end.round_down())));
            BOOST_TEST(tube.over(around)[0].contains(exact.midpoint()));
        }
        const set at_end = tube.over(set(end.sign() > 0 ? end.round_down() : end.round_up()))[0];
        BOOST_TEST(at_end.width() < 1.01 * tube.range()[0].width());
        BOOST_CHECK_THROW(tube.over(set(-5.0, 5.0)), std::invalid_argument);
    }
    const auto without =
        enclose_over_box(square(), only_q(), {{rational(1), rational(1)}}, rational(1, 4));
    BOOST_CHECK_THROW(without.over(set(0.0)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
