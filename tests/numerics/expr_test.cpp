#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/dual.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"
#include "numerics/scalar/real.hpp"
#include "tests/support/random_tape.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;

namespace {

std::size_t count(const tape& t, opcode op) {
    std::size_t n = 0;
    for (const node& each : t.nodes())
        n += each.op == op ? 1 : 0;
    return n;
}

std::vector<rational> point(std::mt19937_64& rng) {
    std::vector<rational> at;
    for (int i = 0; i < 3; ++i)
        at.push_back(small_nonzero(rng));
    return at;
}

/// The scalar-bigram flow, a formula with division, sharing and five variables.
tape bigram_flow() {
    return record({"a", "b", "T", "KP", "KQ"}, [](auto a, auto b, auto T, auto KP, auto KQ) {
        return std::vector{(1 - a) / T + KQ * b * (1 - a * b), KP * a * (1 - a * b)};
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(expr_test)

BOOST_AUTO_TEST_CASE(equal_subexpressions_are_recorded_once) {
    const tape t = record({"x"}, [](auto x) { return x * x + x * x; });
    BOOST_TEST(count(t, opcode::mul) == 1u);
    BOOST_TEST(t.nodes().size() == 3u);
    const tape u = record({"x", "y"}, [](auto x, auto y) { return (x + 3) * y - exp(x + 3); });
    BOOST_TEST(count(u, opcode::add) == 1u);
    BOOST_TEST(count(u, opcode::constant) == 1u);
}

BOOST_AUTO_TEST_CASE(simplifications_keep_the_meaning_everywhere) {
    const auto text = [](auto formula) { return record({"x", "y"}, formula).text(); };
    const auto same = [&](auto f, auto g) { BOOST_TEST(text(f) == text(g)); };
    same([](auto x, auto) { return x + 0; }, [](auto x, auto) { return x; });
    same([](auto x, auto) { return 0 + x * 1; }, [](auto x, auto) { return x; });
    same([](auto x, auto) { return x - 0; }, [](auto x, auto) { return x / 1; });
    same([](auto x, auto) { return 0 - x; }, [](auto x, auto) { return -1 * x; });
    same([](auto x, auto) { return -(-x); }, [](auto x, auto) { return power(x, 1); });
    same([](auto x, auto y) { return (x * y) * 0; }, [](auto x, auto) { return x - x; });
    same([](auto x, auto) { return x * (expr(1) / 2 + rational(1, 2)); },
         [](auto x, auto) { return x; });
    same([](auto x, auto) { return power(x, 0); }, [](auto x, auto) { return 0 * x + 1; });
    // 1 / x is not defined at 0, so none of these is the constant that it equals elsewhere.
    for (const tape& t : {record({"x"}, [](auto x) { return 0 * (1 / x); }),
                          record({"x"}, [](auto x) { return 1 / x - 1 / x; }),
                          record({"x"}, [](auto x) { return power(1 / x, 0); }),
                          record({"x"}, [](auto x) { return log(x) * 0; }),
                          record({"x"}, [](auto x) { return 0 * sqrt(x); }),
                          record({"x"}, [](auto x) { return 0 * power(x, -1); }),
                          record({"x"}, [](auto x) { return x / x; })})
        BOOST_TEST((t.nodes().back().op != opcode::constant), t.text());
    BOOST_CHECK_THROW(
        evaluate(record({"x"}, [](auto x) { return 0 * (1 / x); }), std::vector{rational(0)}),
        std::domain_error);
    BOOST_CHECK_THROW(record({"x"}, [](auto x) { return x / (rational(1, 2) - rational(1, 2)); }),
                      std::domain_error);
    BOOST_CHECK_THROW(record({"x"}, [](auto x) { return x / 0; }), std::domain_error);
}

BOOST_AUTO_TEST_CASE(recording_a_tape_again_gives_the_same_values) {
    std::mt19937_64 rng(seed(31));
    for (int trial = 0; trial < trials(200); ++trial) {
        const tape t = random_tape(rng, 15, vocabulary::rational_function);
        const auto at = point(rng);
        std::vector<rational> expected;
        try {
            expected = evaluate(t, at);
        } catch (const std::domain_error&) {
            BOOST_CHECK_THROW(evaluate(substitute(t, {}), at), std::domain_error);
            continue;
        }
        BOOST_TEST((evaluate(substitute(t, {}), at) == expected));
        // Some variables replaced by their values: the rest keeps its order.
        try {
            const tape fixed = substitute(t, {{"y", at[1]}});
            BOOST_TEST((fixed.variables() == std::vector<std::string>{"x", "alphaV"}));
            BOOST_TEST((evaluate(fixed, std::vector{at[0], at[2]}) == expected));
        } catch (const std::domain_error& e) {
            BOOST_ERROR("trial " << trial << ": " << e.what() << "\n" << t.text());
        }
    }
}

BOOST_AUTO_TEST_CASE(substitution_reaches_into_elementary_functions) {
    const tape t = record({"x", "y"}, [](auto x, auto y) { return exp(x) * log(y) + sqrt(x); });
    const tape half = substitute(t, {{"x", rational(1, 2)}});
    const auto value = evaluate(half, std::vector<ball>{ball(rational(3), 100)}, embed<ball>{100});
    const auto whole = evaluate(
        t, std::vector<ball>{ball(rational(1, 2), 100), ball(3).with_bits(100)}, embed<ball>{100});
    BOOST_TEST(value[0].overlaps(whole[0]));
    BOOST_TEST(substitute(t, {{"x", rational(0)}, {"y", rational(1)}}).nodes().size() == 1u);
    const tape slope = derivative(half, 0); // the constant exp(1/2) has a home here, too
    BOOST_TEST(evaluate(slope, std::vector<double>{2.0})[0] == std::exp(0.5) / 2.0);
    BOOST_CHECK_THROW(substitute(t, {{"z", rational(1)}}), std::invalid_argument);
    BOOST_CHECK_THROW(substitute(record({"x"}, [](auto x) { return 1 / x; }), {{"x", rational(0)}}),
                      std::domain_error);
}

BOOST_AUTO_TEST_CASE(literals_without_a_recorder_are_refused_where_they_cannot_be_written) {
    BOOST_CHECK_EXCEPTION(exp(expr(2)), std::domain_error, [](const std::domain_error& e) {
        return std::string(e.what()).find("exp(2) of a literal") != std::string::npos;
    });
    BOOST_TEST(sqrt(expr(rational(9, 4))).constant_value() == rational(3, 2));
    BOOST_TEST(exp(expr(0)).constant_value() == 1);
    BOOST_CHECK_THROW(embed<expr>{}.pi(), std::domain_error);
    recorder r, s;
    const expr x = r.variable("x"), y = s.variable("y");
    BOOST_CHECK_THROW(x + y, std::logic_error);
    BOOST_CHECK_THROW(r.finish(std::vector{y}), std::logic_error);
    BOOST_CHECK_THROW(r.finish(std::vector{x}, 2, 1), std::invalid_argument);
    BOOST_CHECK_THROW(x.constant_value(), std::logic_error);
    BOOST_CHECK_THROW(power(x, std::int64_t{1} << 40), std::invalid_argument);
    const tape t = r.finish(std::vector{exp(x.adopt(rational(2))), r.pi()});
    BOOST_TEST(evaluate(t, std::vector{0.0})[0] == std::exp(2.0));
}

BOOST_AUTO_TEST_CASE(names_are_checked) {
    recorder r;
    for (const char* good : {"x", "KP", "alphaV", "a_1", "V[1]", "V[1,22]", "x__y"})
        BOOST_CHECK_NO_THROW(r.variable(good));
    for (const char* bad : {"", "1x", "_x", "x y", "x[", "x[]", "x[,1]", "x[1,]", "x[1,2,3]", "x]",
                            "x[a]", "x[1]y", "\xc3\xa4", "x-1", "%0"})
        BOOST_CHECK_EXCEPTION(
            r.variable(bad), std::invalid_argument, [&](const std::invalid_argument& e) {
                return std::string(e.what()).find("\"" + std::string(bad) +
                                                  "\" is not a name; use letters") !=
                       std::string::npos;
            });
    BOOST_CHECK_EXCEPTION(
        r.variable("KP"), std::invalid_argument, [](const std::invalid_argument& e) {
            return std::string(e.what()).find("\"KP\" is already a variable") != std::string::npos;
        });
}

BOOST_AUTO_TEST_CASE(arithmetics_agree_on_a_tape) {
    std::mt19937_64 rng(seed(32));
    int compared = 0;
    for (int trial = 0; trial < trials(200); ++trial) {
        const tape t = random_tape(rng, 10, vocabulary::rational_function);
        const auto at = point(rng);
        std::vector<rational> exact;
        try {
            exact = evaluate(t, at);
        } catch (const std::domain_error&) {
            continue;
        }
        std::vector<ball> balls;
        std::vector<double> doubles;
        std::vector<real50> reals;
        for (const rational& q : at) {
            balls.emplace_back(q, 400);
            doubles.push_back(q.nearest());
            reals.push_back(to_real<real50>(q));
        }
        const auto enclosed = evaluate(t, balls, embed<ball>{400});
        const auto approximate = evaluate(t, doubles);
        const auto fifty = evaluate(t, reals);
        for (std::size_t i = 0; i < exact.size(); ++i) {
            BOOST_TEST_CONTEXT("trial " << trial << "\n" << t.text()) {
                BOOST_TEST(enclosed[i].contains(exact[i]));
                if (!std::isfinite(approximate[i]) || !isfinite(fifty[i])) continue;
                // Cancellation can cost digits: ask for agreement relative to what the
                // 50 digits keep, which bounds what 16 digits may lose.
                const rational loss = abs(exactly(fifty[i]) - exact[i]) * power(rational(10), 36) +
                                      abs(exact[i]) * power(rational(10), -9);
                if (loss > abs(exact[i]) / 1000) continue;
                BOOST_TEST((abs(rational::exactly(approximate[i]) - exact[i]) <= loss));
                ++compared;
            }
        }
    }
    BOOST_TEST(compared > 50);
}

BOOST_AUTO_TEST_CASE(derivatives_agree_with_dual_numbers_and_with_gradients) {
    std::mt19937_64 rng(seed(33));
    int compared = 0;
    for (int trial = 0; trial < trials(200); ++trial) {
        const tape t = random_tape(rng, 12, vocabulary::rational_function);
        const auto at = point(rng);
        try {
            for (std::size_t v = 0; v < 3; ++v) {
                std::vector<dual<rational>> seeded;
                for (std::size_t i = 0; i < 3; ++i)
                    seeded.emplace_back(at[i], rational(i == v ? 1 : 0));
                const auto slopes = evaluate(t, seeded);
                const auto recorded = evaluate(derivative(t, v), at);
                for (std::size_t output = 0; output < slopes.size(); ++output, ++compared) {
                    BOOST_TEST(recorded[output] == slopes[output].slope, t.text());
                    BOOST_TEST(evaluate(gradient(t, output), at)[v] == slopes[output].slope,
                               t.text());
                }
            }
        } catch (const std::domain_error&) {
            continue;
        }
    }
    BOOST_TEST(compared > 300);
}

BOOST_AUTO_TEST_CASE(derivatives_of_polynomials_are_their_difference_quotients) {
    // f(x + h) - f(x - h) over 2h, extrapolated to h = 0 along h = 1, 2, ..., n, is exact for a
    // polynomial of degree below 2n: an oracle without any differentiation rule.
    std::mt19937_64 rng(seed(34));
    const std::vector<rational> steps{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    int compared = 0;
    for (int trial = 0; trial < trials(60); ++trial) {
        recorder r;
        const expr x = r.variable("x"), y = r.variable("y"), z = r.variable("z");
        const auto linear = [&] {
            return small_nonzero(rng) * x + small_nonzero(rng) * y + small_nonzero(rng) * z +
                   small_nonzero(rng);
        };
        const expr f = power(linear(), 3) * (linear() - x * y) * power(linear(), 4) - linear();
        const tape t = r.finish(std::vector{f});
        const auto at = point(rng);
        for (std::size_t v = 0; v < 3; ++v) {
            rational limit(0);
            for (const rational& h : steps) {
                auto up = at, down = at;
                up[v] += h;
                down[v] -= h;
                rational weight(1); // Lagrange at 0 in h^2
                for (const rational& k : steps)
                    if (k != h) weight *= k * k / (k * k - h * h);
                limit += weight * (evaluate(t, up)[0] - evaluate(t, down)[0]) / (2 * h);
            }
            BOOST_TEST(evaluate(derivative(t, v), at)[0] == limit);
            BOOST_TEST(evaluate(gradient(t), at)[v] == limit);
            ++compared;
        }
    }
    BOOST_TEST(compared > 0);
}

BOOST_AUTO_TEST_CASE(derivatives_of_elementary_functions_agree_with_central_differences) {
    const tape t = record({"x", "y"}, [](auto x, auto y) {
        return sqrt(x * y) + exp(x / y) * log(x + y) - sin(x) * cos(x * y) + power(x + y, -2);
    });
    const real50 h("1e-15");
    for (std::size_t v = 0; v < 2; ++v) {
        std::vector<real50> at{real50("0.7"), real50("1.3")}, up = at, down = at;
        up[v] += h;
        down[v] -= h;
        const real50 quotient = (evaluate(t, up)[0] - evaluate(t, down)[0]) / (2 * h);
        // The quotient errs by h^2 |f'''| / 6, about 1e-30, and rounding by 1e-50 / h.
        BOOST_TEST(abs(evaluate(derivative(t, v), at)[0] - quotient) < real50("1e-27"));
        BOOST_TEST(abs(evaluate(gradient(t), at)[v] - quotient) < real50("1e-27"));
    }
}

BOOST_AUTO_TEST_CASE(derivatives_mention_only_what_they_depend_on) {
    const tape flow = bigram_flow();
    BOOST_TEST(latex(derivative(flow, 0), 0) == "\\frac{-1}{T} - b K_Q b");
    const tape by_a = derivative(record({"a", "T"}, [](auto a, auto T) { return (1 - a) / T; }), 0);
    BOOST_TEST(by_a.text() == "flowproof-tape 1\nin a T\n%0 const -1\n%1 var T\n%2 div %0 %1\n"
                              "out 1 1 %2\n");
    const tape none = derivative(record({"x", "y"}, [](auto x, auto) { return log(1 / x); }), 1);
    BOOST_TEST(none.text() == "flowproof-tape 1\nin x y\n%0 const 0\nout 1 1 %0\n");
    // Powers, roots and functions of what the variable does not reach.
    const tape rest = derivative(record({"x", "y"},
                                        [](auto x, auto y) {
                                            return y + power(1 / x, 3) + sqrt(x) + exp(1 / x) +
                                                   sin(1 / x) * cos(1 / x) + (1 / x) / x;
                                        }),
                                 1);
    BOOST_TEST(rest.text() == "flowproof-tape 1\nin x y\n%0 const 1\nout 1 1 %0\n");
    // A slope that is 0 only by its value stays: it is not defined at x = 0.
    const tape kept = derivative(record({"x"}, [](auto x) { return 0 * (1 / x); }), 0);
    BOOST_CHECK_THROW(evaluate(kept, std::vector{rational(0)}), std::domain_error);
    BOOST_TEST(evaluate(kept, std::vector{rational(3)})[0] == 0);
}

BOOST_AUTO_TEST_CASE(extreme_exponents_are_handled) {
    const tape t = record({"x"}, [](auto x) {
        return power(x, std::numeric_limits<std::int32_t>::min()) + power(1 / x, 0);
    });
    BOOST_TEST(evaluate(t, std::vector{rational(-1)})[0] == 2);
    BOOST_CHECK_THROW(derivative(t, 0), std::invalid_argument);
    BOOST_CHECK_THROW(gradient(t), std::invalid_argument);
    BOOST_CHECK_THROW(derivative(t, 1), std::invalid_argument);
    BOOST_CHECK_THROW(gradient(t, 1), std::invalid_argument);
    BOOST_CHECK_THROW(evaluate(t, std::vector<rational>{}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(deep_tapes_do_not_overflow_the_stack) {
    const tape t = record({"x"}, [](auto x) {
        for (int i = 0; i < 100000; ++i)
            x = x * rational(1, 2) + 1;
        return x;
    });
    BOOST_TEST(t.nodes().size() > 200000u);
    BOOST_TEST(evaluate(t, std::vector{0.0})[0] == 2.0);
    BOOST_TEST((tape::parse(t.text()) == t));
    BOOST_TEST(evaluate(derivative(t, 0), std::vector{0.0})[0] == 0.0); // 2^-100000
    BOOST_TEST(evaluate(gradient(t), std::vector{0.0})[0] == 0.0);
    BOOST_TEST(substitute(t, {}).nodes().size() == t.nodes().size());
}

BOOST_AUTO_TEST_CASE(arithmetics_without_an_operation_say_so) {
    const tape t = record({"x"}, [](auto x) { return exp(x) + log(1 + x); });
    BOOST_CHECK_EXCEPTION(
        evaluate(t, std::vector{rational(1)}), std::domain_error, [](const std::domain_error& e) {
            return std::string(e.what()).find("is not known to be rational") != std::string::npos &&
                   std::string(e.what()).find("balls") != std::string::npos;
        });
    BOOST_TEST(evaluate(t, std::vector{rational(0)})[0] == 1);
}

BOOST_AUTO_TEST_CASE(the_text_does_not_show_in_which_order_operands_were_recorded) {
    const auto text = [](bool left_first) {
        recorder r;
        const expr x = r.variable("x"), y = r.variable("y");
        expr left, right;
        if (left_first) left = exp(x * y) + 3;
        right = power(x, 2) / (y + 5);
        if (!left_first) left = exp(x * y) + 3;
        const std::vector<expr> outputs{left - right, right};
        return r.finish(outputs).text();
    };
    BOOST_TEST(text(true) == text(false));
}

BOOST_AUTO_TEST_SUITE_END()
