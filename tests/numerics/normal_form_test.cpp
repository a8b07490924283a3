#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <random>
#include <stdexcept>

#include "numerics/poly/normal_form.hpp"
#include "numerics/poly/point_search.hpp"
#include "numerics/poly/rational_function.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;

namespace {

using answer = identity_decision::answer;

const std::uint64_t seed = support::seed(20240613);

template <std::size_t N, class Left, class Right>
identity_decision compare(const char* const (&variables)[N], Left left, Right right,
                          const normal_form_budget& budget = {}) {
    return compare_normal_forms(record(variables, left), record(variables, right), budget);
}

/// left = right, and left = right + 1 is not.
template <std::size_t N, class Left, class Right>
void check_identity(const char* const (&variables)[N], Left left, Right right) {
    const auto d = compare(variables, left, right);
    BOOST_TEST_CONTEXT("difference " << d.difference << ", reason " << d.reason) {
        BOOST_TEST((d.result == answer::identical));
        const auto off = compare(variables, left, [&](auto... x) { return right(x...) + 1; });
        BOOST_TEST((off.result == answer::not_normal_zero));
    }
}

template <std::size_t N, class Left, class Right>
void check_different(const char* const (&variables)[N], Left left, Right right) {
    const auto d = compare(variables, left, right);
    BOOST_TEST_CONTEXT("reason " << d.reason) {
        BOOST_TEST((d.result == answer::not_normal_zero));
        BOOST_TEST(!d.difference.empty());
    }
}

/// A random rational expression without a division by a constant.
expr random_expression(std::mt19937_64& rng, const std::vector<expr>& x, int depth) {
    if (depth == 0 || rng() % 6 == 0) {
        if (rng() % 3 == 0) return expr(rational(static_cast<int>(rng() % 7) - 3, 2));
        return x[rng() % x.size()];
    }
    const expr a = random_expression(rng, x, depth - 1), b = random_expression(rng, x, depth - 1);
    switch (rng() % 5) {
    case 0:
        return a + b;
    case 1:
        return a - b;
    case 2:
        return a * b;
    case 3:
        return a / (b * b + x[0] + 3);
    default:
        return power(a, 2) - b;
    }
}

/// A small expression with elementary functions, from few enough that two are often equal.
expr random_elementary(std::mt19937_64& rng, const expr& x, int depth) {
    if (depth == 0) return rng() % 2 == 0 ? x : x * 0 + static_cast<int>(rng() % 3) - 1;
    const auto next = [&] { return random_elementary(rng, x, depth - 1); };
    const expr a = next();
    switch (rng() % 11) {
    case 0:
        return a + next();
    case 1:
        return a - next();
    case 2:
        return a * next();
    case 3:
        return a / (next() + x);
    case 4:
        return power(a, static_cast<int>(rng() % 4));
    case 5:
        return sqrt(a + 2);
    case 6:
        return sqrt(a * a);
    case 7:
        return exp(a * rational(static_cast<int>(rng() % 5) - 2, 2));
    case 8:
        return log(a + 3);
    case 9:
        return sin(a);
    default:
        return cos(a);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(normal_form_test)

BOOST_AUTO_TEST_CASE(polynomial_identities_are_recognised) {
    check_identity(
        {"a", "b", "c", "d"}, // Brahmagupta
        [](auto a, auto b, auto c, auto d) { return (a * a + b * b) * (c * c + d * d); },
        [](auto a, auto b, auto c, auto d) {
            return power(a * c - b * d, 2) + power(a * d + b * c, 2);
        });
    check_identity(
        {"a", "b"}, [](auto a, auto b) { return power(a + b, 5); },
        [](auto a, auto b) {
            return power(a, 5) + 5 * power(a, 4) * b + 10 * power(a, 3) * power(b, 2) +
                   10 * power(a, 2) * power(b, 3) + 5 * a * power(b, 4) + power(b, 5);
        });
    check_different(
        {"a", "b"}, [](auto a, auto b) { return power(a + b, 3); },
        [](auto a, auto b) {
            return power(a, 3) + 3 * a * a * b + 3 * a * b * b + 2 * power(b, 3);
        });
}

BOOST_AUTO_TEST_CASE(rational_identities_are_recognised) {
    check_identity(
        {"x"}, [](auto x) { return 1 / (x * x - 1); },
        [](auto x) { return rational(1, 2) / (x - 1) - rational(1, 2) / (x + 1); });
    check_identity(
        {"x", "y"}, [](auto x, auto y) { return (x * x - y * y) / (x - y); },
        [](auto x, auto y) { return x + y; });
    check_identity(
        {"x"}, [](auto x) { return power(1 / x + 1, -2); },
        [](auto x) { return x * x / power(1 + x, 2); });
    check_identity(
        {"x", "y"}, [](auto x, auto y) { return 1 / (1 / x + 1 / y); },
        [](auto x, auto y) { return x * y / (x + y); });
    check_different(
        {"x"}, [](auto x) { return 1 / (x * x - 1); },
        [](auto x) { return 1 / (x - 1) - rational(1, 2) / (x + 1); });
}

/// Oracle: field arithmetic in lowest terms, which shares no step with the normal form.
BOOST_AUTO_TEST_CASE(random_rational_tapes_are_decided_as_rational_functions_are) {
    std::mt19937_64 rng(seed);
    int identical = 0, different = 0;
    for (int trial = 0; trial < support::trials(150); ++trial) {
        recorder r;
        const std::vector<expr> x{r.variable("x"), r.variable("y")};
        const expr a = random_expression(rng, x, 3), b = random_expression(rng, x, 2),
                   c = random_expression(rng, x, 2);
        const expr slip = rng() % 2 == 0 ? expr(0) : random_expression(rng, x, 1);
        const std::vector<expr> left{(a + b) * c / (x[0] * x[0] + 1)};
        const std::vector<expr> right{a * c / (x[0] * x[0] + 1) +
                                      (c * b + slip) / (1 + x[0] * x[0])};
        const tape s = r.finish(left), t = r.finish(right);
        const polynomial_ring ring({"x", "y"});
        const std::vector<rational_function> at{ring.variable(0), ring.variable(1)};
        const bool equal = evaluate(s, at)[0] == evaluate(t, at)[0];
        const auto d = compare_normal_forms(s, t);
        BOOST_TEST_CONTEXT("trial " << trial << "\n" << s.text() << t.text() << d.reason) {
            BOOST_TEST((d.result == (equal ? answer::identical : answer::not_normal_zero)));
            BOOST_TEST(d.generators == 0U);
        }
        ++(equal ? identical : different);
    }
    BOOST_TEST(identical > 30);
    BOOST_TEST(different > 30);
}

BOOST_AUTO_TEST_CASE(square_roots_reduce_by_their_squares) {
    check_identity(
        {"a"}, [](auto a) { return 1 / (sqrt(a) - 1); },
        [](auto a) { return (sqrt(a) + 1) / (a - 1); });
    check_identity(
        {"a"}, [](auto a) { return power(sqrt(a), 5); }, [](auto a) { return a * a * sqrt(a); });
    check_identity(
        {"a"}, [](auto a) { return sqrt(4 * a); }, [](auto a) { return 2 * sqrt(a); });
    check_identity(
        {"a", "b"}, [](auto a, auto b) { return power(sqrt(a / b), 2) * b; },
        [](auto a, auto) { return a; });
    check_identity(
        {"a", "b"}, [](auto a, auto b) { return sqrt(a / b + 1); },
        [](auto a, auto b) { return sqrt((a + b) / b); });
    check_identity(
        {"a"}, [](auto a) { return power(sqrt(1 + sqrt(a)), 4) - 2 * sqrt(a); },
        [](auto a) { return 1 + a; });
    check_identity(
        {"a"}, [](auto a) { return 1 / power(sqrt(1 + sqrt(a)), 2); },
        [](auto a) { return (sqrt(a) - 1) / (a - 1); });
    // Roots of a quadratic.
    check_identity(
        {"b", "c"},
        [](auto b, auto c) {
            const auto x = (-b + sqrt(b * b - 4 * c)) / 2;
            return x * x + b * x + c;
        },
        [](auto b, auto) { return b - b; });
}

BOOST_AUTO_TEST_CASE(square_roots_take_no_sign_for_granted) {
    check_different(
        {"a"}, [](auto a) { return sqrt(a * a); }, [](auto a) { return a; });
    check_different(
        {"a"}, [](auto a) { return sqrt(power(a - 1, 2)); }, [](auto a) { return a - 1; });
    check_different(
        {"a", "b"}, [](auto a, auto b) { return sqrt(a * b * b); },
        [](auto a, auto b) { return b * sqrt(a); });
    check_different(
        {"a", "b"}, [](auto a, auto b) { return b * sqrt(a / (b * b)); },
        [](auto a, auto) { return sqrt(a); });
    check_different(
        {"a"}, [](auto a) { return sqrt(a); }, [](auto a) { return -sqrt(a); });
    check_different(
        {"a"}, [](auto a) { return sqrt(2 * a); }, [](auto a) { return 2 * sqrt(a); });
}

BOOST_AUTO_TEST_CASE(exponentials_share_units) {
    check_identity(
        {"x"}, [](auto x) { return power(exp(x) - exp(-x), 2); },
        [](auto x) { return exp(2 * x) - 2 + exp(-2 * x); });
    check_identity(
        {"x", "y"}, [](auto x, auto y) { return exp(x + y) * exp(x - y); },
        [](auto x, auto) { return exp(2 * x); });
    check_identity(
        {"x"}, [](auto x) { return exp(x / 2) * exp(x / 3) * exp(x / 6); },
        [](auto x) { return exp(x); });
    check_identity(
        {"x", "y"}, [](auto x, auto y) { return exp((x * x - y * y) / (x + y)); },
        [](auto x, auto y) { return exp(x) / exp(y); });
    check_identity(
        {"x", "t"}, [](auto x, auto t) { return 1 / (1 + exp(-x * t)); },
        [](auto x, auto t) { return exp(x * t) / (1 + exp(x * t)); });
    check_identity(
        {"x", "y"}, [](auto x, auto y) { return exp(x / y + y / x); },
        [](auto x, auto y) { return exp(x / y) * exp(y / x); });
    check_identity(
        {"x"}, [](auto x) { return exp(2 * log(x) - 3 * log(x + 1)); },
        [](auto x) { return x * x / power(x + 1, 3); });
    check_identity(
        {"x"}, [](auto x) { return exp(x - x / 1) + x; }, [](auto x) { return 1 + x; });
    check_different(
        {"x"}, [](auto x) { return exp(2 * x); }, [](auto x) { return 2 * exp(x); });
    check_different(
        {"x"}, [](auto x) { return exp(-x); }, [](auto x) { return exp(x); });
    check_different(
        {"x"}, [](auto x) { return exp(x * x); }, [](auto x) { return power(exp(x), 2); });
}

BOOST_AUTO_TEST_CASE(angles_logarithms_and_pi_are_atoms) {
    check_identity(
        {"x"}, [](auto x) { return power(sin(x), 2) + power(cos(-x), 2); },
        [](auto x) { return 1 + x - x; });
    check_identity(
        {"x", "y"}, [](auto x, auto y) { return sin(x - y) * cos(x - y); },
        [](auto x, auto y) { return -sin(y - x) * cos(y - x); });
    check_identity(
        {"x", "y"}, [](auto x, auto y) { return log(1 / (x * y + x)) * y; },
        [](auto x, auto y) { return y * log((1 / x) / (y + 1)); });
    check_different(
        {"x"}, [](auto x) { return sin(-x); }, [](auto x) { return sin(x); });
    check_different(
        {"x"}, [](auto x) { return power(sin(x), 2); },
        [](auto x) { return 1 + power(cos(x), 2); });
    check_different(
        {"x", "y"}, [](auto x, auto y) { return log(x * y); },
        [](auto x, auto y) { return log(x) - log(y); });
    recorder r;
    const expr x = r.variable("x"), pi = r.pi();
    const std::vector<expr> left{power(x + pi, 2)}, right{x * x + 2 * pi * x + pi * pi},
        wrong{x * x + 2 * pi * x + pi * 3};
    BOOST_TEST((compare_normal_forms(r.finish(left), r.finish(right)).result == answer::identical));
    BOOST_TEST(
        (compare_normal_forms(r.finish(left), r.finish(wrong)).result == answer::not_normal_zero));
}

/// Oracle: enclosures at rational points. 150 tapes, each against its successors.
BOOST_AUTO_TEST_CASE(whatever_is_called_identical_agrees_at_points) {
    std::mt19937_64 rng(seed + 1);
    std::vector<tape> pool;
    for (int i = 0; i < 150; ++i) {
        recorder r;
        const expr x = r.variable("x");
        const std::vector<expr> output{random_elementary(rng, x, 1 + i % 3)};
        pool.push_back(r.finish(output));
    }
    const tape anywhere = record({"x"}, [](auto) { return std::vector<expr>{}; });
    point_search_options options;
    options.tries = 12;
    options.bits = 128;
    int identical = 0;
    for (std::size_t i = 0; i < pool.size(); ++i)
        for (std::size_t j = i + 1; j < pool.size(); ++j) {
            if (compare_normal_forms(pool[i], pool[j]).result != answer::identical) continue;
            identical += pool[i] == pool[j] ? 0 : 1;
            BOOST_TEST_CONTEXT("seed " << seed + 1 << "\n" << pool[i].text() << pool[j].text())
            BOOST_TEST(!find_difference(pool[i], pool[j], anywhere, {}, options).has_value());
        }
    BOOST_TEST(identical > 30); // different tapes of one function
}

BOOST_AUTO_TEST_CASE(a_derivative_recorded_by_rule_equals_one_written_by_hand) {
    const tape f = record({"x", "k"}, [](auto x, auto k) {
        return sqrt(1 + k * x * x) * exp(-k * x) / (1 + log(x)) + sin(x / k);
    });
    const tape by_hand = record({"x", "k"}, [](auto x, auto k) {
        const auto root = sqrt(1 + k * x * x), decay = exp(-k * x), l = 1 + log(x);
        return decay * (k * x / (root * l) - k * root / l - root / (x * l * l)) + cos(x / k) / k;
    });
    BOOST_TEST((compare_normal_forms(derivative(f, 0), by_hand).result == answer::identical));
}

BOOST_AUTO_TEST_CASE(a_division_by_zero_is_an_answer_of_its_own) {
    const auto d = compare(
        {"x"}, [](auto x) { return 1 / (power(x + 1, 2) - x * x - 2 * x - 1); },
        [](auto x) { return x; });
    BOOST_TEST((d.result == answer::undefined));
    BOOST_TEST(!d.reason.empty());
    const auto e = compare(
        {"x"}, [](auto x) { return x; }, [](auto x) { return power(sqrt(x) * sqrt(x) - x, -3); });
    BOOST_TEST((e.result == answer::undefined));
    const auto f = compare(
        {"x"}, [](auto x) { return log(x - x - 1 / (x / x)); }, [](auto x) { return x; });
    BOOST_TEST((f.result == answer::undefined));
}

BOOST_AUTO_TEST_CASE(exhausted_budgets_are_answers_and_never_hang) {
    const auto dense = [](auto a, auto b, auto c, auto d) { return power(1 + a + b + c + d, 200); };
    const auto d = compare({"a", "b", "c", "d"}, dense, dense);
    BOOST_TEST((d.result == answer::out_of_budget));
    BOOST_TEST(d.reason.find("normal_form_budget") != std::string::npos);

    normal_form_budget small;
    small.terms = 20;
    const auto wide = [](auto a, auto b) { return power(a + b, 30); };
    BOOST_TEST((compare({"a", "b"}, wide, wide, small).result == answer::out_of_budget));
    small = {};
    small.work = 50;
    BOOST_TEST((compare({"a", "b"}, wide, wide, small).result == answer::out_of_budget));
    small = {};
    small.nodes = 3;
    BOOST_TEST((compare({"a", "b"}, wide, wide, small).result == answer::out_of_budget));
    small = {};
    small.generators = 1;
    const auto two = [](auto a, auto b) { return exp(a) + exp(b); };
    BOOST_TEST((compare({"a", "b"}, two, two, small).result == answer::out_of_budget));

    // Coefficients and exponents that would fill the memory.
    const auto tower = [](auto x) {
        auto y = 3 * x;
        for (int i = 0; i < 6; ++i)
            y = power(y, 1 << 20);
        return y;
    };
    BOOST_TEST((compare({"x"}, tower, tower).result == answer::out_of_budget));
    const auto bare = [](auto x) {
        auto y = x;
        for (int i = 0; i < 6; ++i)
            y = power(y, 1 << 20);
        return y;
    };
    BOOST_TEST((compare({"x"}, bare, bare).result == answer::out_of_budget));
}

/// Slices of a product must give the product itself.
BOOST_AUTO_TEST_CASE(products_that_shrink_fit_a_small_budget) {
    normal_form_budget small;
    small.terms = 700;
    const auto d = compare(
        {"x", "y", "z"},
        [](auto x, auto y, auto z) { return power(x + y + z, 6) * power(x + y + z, 6); },
        [](auto x, auto y, auto z) { return power(power(x + y + z, 4), 3); }, small);
    BOOST_TEST((d.result == answer::identical), d.reason);
    BOOST_TEST(d.terms <= 700U);
}

BOOST_AUTO_TEST_CASE(values_no_longer_needed_cost_nothing) {
    normal_form_budget small;
    small.terms = 20;
    const auto chain = [](auto x) {
        auto y = x * x;
        for (int i = 0; i < 200; ++i)
            y = (y + x) - x;
        return y;
    };
    const auto d = compare(
        {"x"}, chain, [](auto x) { return x * x; }, small);
    BOOST_TEST((d.result == answer::identical), d.reason);
}

BOOST_AUTO_TEST_CASE(the_first_differing_output_is_named_and_explained) {
    const auto d = compare(
        {"x"},
        [](auto x) {
            return std::vector<expr>{x, sqrt(x + 1) * x, exp(x)};
        },
        [](auto x) {
            return std::vector<expr>{x, sqrt(x + 1), 2 * exp(x)};
        });
    BOOST_TEST((d.result == answer::not_normal_zero));
    BOOST_TEST(d.outputs == 3U);
    BOOST_TEST(d.first_difference == 1U);
    BOOST_TEST(d.generators == 2U);
    BOOST_TEST(d.difference == "x*#1 - #1, with #1 = sqrt(x + 1)");
    BOOST_TEST(d.digest.size() == 16U);
}

BOOST_AUTO_TEST_CASE(digests_tell_statements_apart_and_long_differences_are_cut) {
    const auto one = [](auto x, auto y) { return (x + y) * (x - y); };
    const auto other = [](auto x, auto y) { return x * x - y * y; };
    const auto third = [](auto x, auto y) { return x * x - 2 * y * y; };
    BOOST_TEST(compare({"x", "y"}, one, other).digest == compare({"x", "y"}, other, one).digest);
    BOOST_TEST(compare({"x", "y"}, one, other).digest != compare({"x", "y"}, third, third).digest);
    const auto d = compare(
        {"x", "y"}, [](auto x, auto y) { return power(x + y, 60); },
        [](auto x, auto y) { return power(x - 2 * y, 60); });
    BOOST_TEST(d.difference.size() < 600U);
    BOOST_TEST(d.difference.find("terms") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(different_variables_or_shapes_are_misuse) {
    const tape x = record({"x"}, [](auto a) { return a; });
    const tape y = record({"y"}, [](auto a) { return a; });
    const tape two = record({"x"}, [](auto a) { return std::vector<expr>{a, a}; });
    BOOST_CHECK_THROW(compare_normal_forms(x, y), std::invalid_argument);
    BOOST_CHECK_THROW(compare_normal_forms(x, two), std::invalid_argument);
    BOOST_TEST((compare_normal_forms(tape(), tape()).result == answer::identical));
}

BOOST_AUTO_TEST_CASE(exponents_beyond_reach_exhaust_the_budget_and_nothing_else) {
    const tape x = record({"x"}, [](auto v) { return v; });
    for (const char* exponent :
         {"1e30", "-1e30", "-9223372036854775808", "9223372036854775808", "1e13", "-1e13"}) {
        const rational n = rational::parse(exponent);
        const tape huge = record({"x"}, [&](auto v) { return exp(n * log(v)); });
        BOOST_TEST(
            (compare_normal_forms(huge, x).result == identity_decision::answer::out_of_budget),
            exponent);
    }
}

BOOST_AUTO_TEST_CASE(a_stop_flag_ends_the_expansion) {
    const std::atomic<bool> stop{true};
    normal_form_budget budget;
    budget.stop = &stop;
    const tape t = record({"x"}, [](auto v) { return power(1 + v, 50); });
    BOOST_TEST(
        (compare_normal_forms(t, t, budget).result == identity_decision::answer::out_of_budget));
}

BOOST_AUTO_TEST_SUITE_END()
