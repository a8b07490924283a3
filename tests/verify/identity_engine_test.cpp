#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "numerics/scalar/evaluate.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/small_paper.hpp"

using namespace flowproof;
using support::mentions;

namespace {

rational value_at(const tape& t, const bindings& at) {
    std::vector<rational> inputs;
    for (const auto& v : t.variables())
        for (const auto& [name, value] : at)
            if (name == v) inputs.push_back(rational::parse(value));
    return evaluate(t, inputs).front();
}

/// sqrt(x^2) = x, on x >= 0 or everywhere.
identity root_of_square(bool on_positive) {
    const formula f = make_formula(
        {"x"}, [](auto x) { return sqrt(x * x); },
        [=](conditions& need, auto x) {
            if (on_positive) need.nonnegative(x, "x >= 0");
        });
    identity i = same(f, f);
    i.right = record({"x"}, [](auto x) { return x; });
    return i;
}

/// V W = W V entry [1,1] for 2 x 2 matrices, V positive at [1,1]: false in general.
identity commutator(bool diagonal) {
    identity i;
    i.left = record({"V[1,1]", "V[1,2]", "V[2,1]", "V[2,2]", "w"},
                    [=](auto a, auto b, auto c, auto d, auto w) {
                        return diagonal ? a * w + b * c : a * w + b * c + d * d;
                    });
    i.right = record({"V[1,1]", "V[1,2]", "V[2,1]", "V[2,2]", "w"},
                     [](auto a, auto b, auto c, auto, auto w) { return w * a + c * b; });
    i.domain = record({"V[1,1]", "V[1,2]", "V[2,1]", "V[2,2]", "w"},
                      [](auto a, auto, auto, auto, auto) { return a; });
    i.relations = {relation::positive};
    i.words = {"V[1,1] > 0"};
    return i;
}

} // namespace

BOOST_AUTO_TEST_SUITE(identity_engine_test)

BOOST_AUTO_TEST_CASE(a_true_identity_is_proved_on_its_whole_domain) {
    const decision d = decide(small::binomial(), small::quick());
    BOOST_TEST((d.result.result() == outcome::proved), d.result.summary());
    const auto& e = std::get<exact_identity>(d.result.grounds());
    BOOST_TEST(e.outputs == 1u);
    BOOST_TEST(e.generators == 2u);
    BOOST_TEST((d.proof.covers == coverage::whole));
    BOOST_TEST(d.proof.kind == "identity");
    BOOST_TEST((tape::parse(d.proof.payload[0].second) == small::binomial().left));
    BOOST_TEST((tape::parse(d.proof.payload[1].second) == small::binomial().right));
}

BOOST_AUTO_TEST_CASE(fixed_sizes_make_it_certified_only) {
    identity i = small::binomial();
    i.listed = {"N = 3"};
    const decision d = decide(i, small::quick());
    BOOST_TEST((d.result.result() == outcome::certified));
    BOOST_TEST((d.proof.covers == coverage::listed));
    BOOST_TEST(d.proof.domain.back() == "fixed: N = 3");
}

BOOST_AUTO_TEST_CASE(a_false_twin_is_refuted_at_a_point_where_the_sides_really_differ) {
    const identity i = small::binomial(3);
    const decision d = decide(i, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::refuted));
    const auto& c = std::get<counterexample>(d.result.grounds());
    BOOST_TEST(c.at.size() == 2u);
    BOOST_TEST(value_at(i.left, c.at).str() == c.left);
    BOOST_TEST(value_at(i.right, c.at).str() == c.right);
    BOOST_TEST(c.left != c.right);
    BOOST_TEST(!d.proof.covers.has_value());
}

BOOST_AUTO_TEST_CASE(a_counterexample_lies_in_the_domain) {
    const decision everywhere = decide(root_of_square(false), small::quick());
    BOOST_REQUIRE((everywhere.result.result() == outcome::refuted));
    const auto& c = std::get<counterexample>(everywhere.result.grounds());
    BOOST_TEST(rational::parse(c.at[0].second).sign() < 0);

    const decision positive = decide(root_of_square(true), small::quick());
    BOOST_TEST((positive.result.result() == outcome::undecided));
    BOOST_TEST(!positive.result.reason().empty());
    BOOST_TEST(!positive.result.cure().empty());
}

BOOST_AUTO_TEST_CASE(an_identity_on_an_empty_domain_is_not_proved) {
    const formula f = make_formula(
        {"x"}, [](auto x) { return x; },
        [](conditions& need, auto x) {
            need.positive(x, "x > 0");
            need.positive(-x, "x < 0");
        });
    const decision d = decide(same(f, f), small::quick());
    BOOST_TEST((d.result.result() == outcome::undecided));
    BOOST_TEST(mentions(d.result.reason(), "hold of nothing"));
}

BOOST_AUTO_TEST_CASE(an_exhausted_budget_is_undecided_and_names_a_larger_profile) {
    identity i;
    i.left = record({"a", "b", "c", "d"},
                    [](auto a, auto b, auto c, auto d) { return power(1 + a + b + c + d, 200); });
    i.right = record({"a", "b", "c", "d"},
                     [](auto a, auto b, auto c, auto d) { return power(d + c + b + a + 1, 200); });
    const decision d = decide(i, small::quick());
    BOOST_TEST((d.result.result() == outcome::undecided), d.result.summary());
    BOOST_TEST(mentions(d.result.cure(), "larger profile"));
}

BOOST_AUTO_TEST_CASE(different_variables_or_shapes_are_an_error_that_names_both) {
    identity i = small::binomial();
    i.right = record({"a", "c"}, [](auto a, auto c) { return a * c; });
    const decision variables = decide(i, small::quick());
    BOOST_TEST((variables.result.result() == outcome::error));
    BOOST_TEST(mentions(variables.result.reason(), "(a, b) and (a, c)"));

    i.right = record({"a", "b"}, [](auto a, auto b) { return std::vector{a, b}; });
    const decision shapes = decide(i, small::quick());
    BOOST_TEST((shapes.result.result() == outcome::error));
    BOOST_TEST(mentions(shapes.result.reason(), "1 x 1 and 2 x 1"), shapes.result.reason());
}

BOOST_AUTO_TEST_CASE(the_users_values_certify_a_special_case) {
    const decision d = decide(small::binomial(), small::with(arguments().set("a", rational(1, 3))));
    BOOST_TEST((d.result.result() == outcome::certified));
    BOOST_TEST(d.proof.domain.back() == "fixed: a = 1/3");
    // 3 a b for 2 a b is no mistake at a = 0.
    const decision special =
        decide(small::binomial(3), small::with(arguments().set("a", rational(0))));
    BOOST_TEST((special.result.result() == outcome::certified), special.result.summary());
}

BOOST_AUTO_TEST_CASE(a_matrix_sets_the_indexed_variables) {
    BOOST_TEST((decide(commutator(false), small::quick()).result.result() == outcome::refuted));
    const auto with = [](const matrix<rational>& v) {
        return decide(commutator(false), small::with(arguments().set("V", v)));
    };
    BOOST_TEST((with(rows({{1, 2}, {3, 0}})).result.result() == outcome::certified));
    BOOST_TEST((with(rows({{1, 2}, {3, 4}})).result.result() == outcome::refuted));
    const decision outside = with(rows({{-1, 2}, {3, 0}}));
    BOOST_TEST((outside.result.result() == outcome::error));
    BOOST_TEST(mentions(outside.result.reason(), "V[1,1] > 0, which is violated"),
               outside.result.reason());
    const decision shape = with(rows({{1, 2, 3}, {3, 0, 4}}));
    BOOST_TEST((shape.result.result() == outcome::error));
    BOOST_TEST(mentions(shape.result.reason(), "4 in number, got a 2 x 3"), shape.result.reason());
}

BOOST_AUTO_TEST_CASE(without_a_trusted_rounding_nothing_rigorous_is_said) {
    engine_context context;
    context.rounding_trusted = false;
    for (const obligation& o : {obligation(small::binomial()), obligation(small::binomial(3)),
                                obligation(small::root_of_two()), obligation(small::trace()),
                                obligation(small::together())}) {
        const decision d = decide(o, context);
        BOOST_TEST((d.result.result() == outcome::undecided), kind(o));
        BOOST_TEST(mentions(d.result.reason(), "rounding self-test failed"));
    }
    BOOST_TEST((decide(small::compound_interest(), context).result.result() == outcome::supported));
}

BOOST_AUTO_TEST_CASE(the_proof_says_where_it_holds_when_a_side_is_not_defined_everywhere) {
    identity i;
    i.left = record({"x"}, [](auto x) { return exp(log(x)); });
    i.right = record({"x"}, [](auto x) { return x; });
    decision d = decide(i, small::quick());
    BOOST_TEST((d.result.result() == outcome::proved));
    BOOST_REQUIRE(d.proof.domain.size() == 1u);
    BOOST_TEST(d.proof.domain[0] == "where both sides are defined");
    d = decide(small::binomial(), small::quick());
    BOOST_TEST(d.proof.domain.empty());
}

BOOST_AUTO_TEST_CASE(sides_that_are_nowhere_defined_together_prove_nothing) {
    identity i;
    i.left = record({"x"}, [](auto x) { return log(x) - log(x); });
    i.right = record({"x"}, [](auto x) { return log(-x) - log(-x); });
    BOOST_TEST((decide(i, small::quick()).result.result() == outcome::undecided));
    i.left = record({"x"}, [](auto x) { return 1 / (sin(2 * x) - 2 * (sin(x) * cos(x))); });
    i.right = i.left;
    BOOST_TEST((decide(i, small::quick()).result.result() == outcome::undecided));
}

BOOST_AUTO_TEST_CASE(identities_of_one_branch_are_neither_proved_nor_refuted_without_a_point) {
    const auto decided = [](auto left, auto right) {
        identity i;
        i.left = record({"x", "y"}, left);
        i.right = record({"x", "y"}, right);
        return decide(i, small::quick()).result.result();
    };
    // True wherever both sides are defined, but beyond the normal form.
    BOOST_TEST((decided([](auto x, auto) { return log(x * x); },
                        [](auto x, auto) { return 2 * log(x); }) == outcome::undecided));
    BOOST_TEST((decided([](auto x, auto y) { return sqrt(x) * sqrt(y); },
                        [](auto x, auto y) { return sqrt(x * y); }) == outcome::undecided));
    // False on the other branch.
    BOOST_TEST((decided([](auto x, auto y) { return sqrt(x * x * y) / sqrt(y); },
                        [](auto x, auto) { return x; }) == outcome::refuted));
    BOOST_TEST((decided([](auto x, auto) { return sqrt(power(x, -2)); },
                        [](auto x, auto) { return 1 / x; }) == outcome::refuted));
    BOOST_TEST((decided([](auto x, auto y) { return sqrt(x / y) * y; },
                        [](auto x, auto y) { return sqrt(x * y); }) == outcome::refuted));
    BOOST_TEST((decided([](auto x, auto) { return exp(log(x * x) / 2); },
                        [](auto x, auto) { return x; }) == outcome::refuted));
}

BOOST_AUTO_TEST_CASE(the_stop_flag_interrupts_a_long_expansion) {
    identity i;
    i.left = record({"a", "b", "c", "d"},
                    [](auto a, auto b, auto c, auto d) { return power(1 + a + b + c + d, 200); });
    i.right = record({"a", "b", "c", "d"},
                     [](auto a, auto b, auto c, auto d) { return power(d + c + b + a + 1, 200); });
    std::atomic<bool> stop{false};
    engine_context context = small::quick();
    context.level = profile::paper;
    context.stop = &stop;
    std::thread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        stop = true;
    });
    BOOST_CHECK_THROW(decide(i, context), interrupted);
    later.join();
}

BOOST_AUTO_TEST_SUITE_END()
