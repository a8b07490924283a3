#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/support/mentions.hpp"
#include "tests/support/small_paper.hpp"

using namespace flowproof;
using support::mentions;

BOOST_AUTO_TEST_SUITE(exact_equal_engine_test)

BOOST_AUTO_TEST_CASE(a_true_equality_is_certified_at_every_instance) {
    const decision d = decide(small::trace(), small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::certified));
    const auto& e = std::get<exact_agreement>(d.result.grounds());
    BOOST_TEST(e.instances == 6u);
    BOOST_TEST(e.values == 6u);
    BOOST_TEST((d.proof.covers == coverage::listed));
    BOOST_TEST(d.proof.payload[0].first == "instance identity matrices");
    BOOST_TEST(d.proof.payload[0].second == "A = [[1, 0], [0, 0]], B = [[1, 0], [0, 0]]");
    BOOST_TEST(d.proof.payload[1].second == "1");
}

BOOST_AUTO_TEST_CASE(larger_profiles_check_ten_and_a_hundred_times_as_many_random_instances) {
    engine_context context;
    context.level = profile::full;
    BOOST_TEST(
        std::get<exact_agreement>(decide(small::trace(), context).result.grounds()).instances ==
        51u);
    context.level = profile::paper;
    BOOST_TEST(
        std::get<exact_agreement>(decide(small::trace(), context).result.grounds()).instances ==
        501u);
}

BOOST_AUTO_TEST_CASE(a_false_twin_is_refuted_with_the_instance_and_both_values) {
    const exact_equal twin = small::trace(false);
    const decision d = decide(twin, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::refuted));
    const auto& c = std::get<counterexample>(d.result.grounds());
    BOOST_TEST(mentions(c.where, "random"));
    const instance x = small::pair_of_matrices(1, std::stoull(c.where.substr(7)));
    BOOST_TEST(c.at[0].second == str(x.at.at("A")));
    BOOST_TEST(c.at[1].second == str(x.at.at("B")));
    BOOST_TEST(c.left == str(twin.left(x.at)));
    BOOST_TEST(c.right == str(twin.right(x.at)));
    BOOST_TEST(c.left != c.right);
}

BOOST_AUTO_TEST_CASE(the_last_fixed_and_the_last_random_instance_are_checked) {
    exact_equal e = small::trace();
    std::set<std::string> seen;
    const exact_closure left = e.left;
    e.left = [&](const arguments& x) {
        seen.insert(x.str());
        return left(x);
    };
    e.fixed.push_back(small::pair_of_matrices(99, 0));
    BOOST_TEST((decide(e, small::quick()).result.result() == outcome::certified));
    BOOST_TEST(seen.count(e.fixed.back().at.str()) == 1u);
    BOOST_TEST(seen.count(small::pair_of_matrices(1, 4).at.str()) == 1u);
    BOOST_TEST(seen.size() == 7u);
}

BOOST_AUTO_TEST_CASE(the_fingerprint_follows_the_outputs) {
    const auto of = [](const exact_equal& e) {
        return decide(e, small::quick()).proof.fingerprint;
    };
    BOOST_TEST(of(small::trace()) == of(small::trace()));
    exact_equal doubled = small::trace();
    for (exact_closure* side : {&doubled.left, &doubled.right})
        *side = [f = *side](const arguments& x) {
            matrix<rational> m = f(x);
            m(0, 0) *= rational(2);
            return m;
        };
    BOOST_TEST(of(small::trace()) != of(doubled));
}

BOOST_AUTO_TEST_CASE(misuse_and_broken_closures_are_errors) {
    exact_equal shapes = small::trace();
    shapes.right = [](const arguments& x) { return x.at("A"); };
    const decision d = decide(shapes, small::quick());
    BOOST_TEST((d.result.result() == outcome::error));
    BOOST_TEST(mentions(d.result.reason(), "1 x 1 and 2 x 2"), d.result.reason());

    exact_equal bad = small::trace();
    bad.fixed.push_back(
        {"oblong", arguments().set("A", rows({{1, 2}})).set("B", rows({{1}, {2}}))});
    const decision hypothesis = decide(bad, small::quick());
    BOOST_TEST((hypothesis.result.result() == outcome::error));
    BOOST_TEST(mentions(hypothesis.result.reason(), "instance oblong: A must be square"));

    exact_equal throwing = small::trace();
    throwing.left = [](const arguments&) -> matrix<rational> { throw 7; };
    BOOST_TEST((decide(throwing, small::quick()).result.result() == outcome::error));

    exact_equal nothing = small::trace();
    nothing.fixed.clear();
    nothing.random = {};
    BOOST_TEST((decide(nothing, small::quick()).result.result() == outcome::error));
}

BOOST_AUTO_TEST_CASE(the_users_instance_replaces_all_others) {
    const auto with = [](const exact_equal& e, const matrix<rational>& a) {
        return decide(e, small::with(arguments().set("A", a)));
    };
    const decision good = with(small::trace(), rows({{1, 2}, {3, 4}}));
    BOOST_REQUIRE((good.result.result() == outcome::certified));
    BOOST_TEST(std::get<exact_agreement>(good.result.grounds()).instances == 1u);

    const decision false_one = with(small::trace(false), rows({{1, 2}, {3, 4}}));
    BOOST_REQUIRE((false_one.result.result() == outcome::refuted));
    const auto& c = std::get<counterexample>(false_one.result.grounds());
    BOOST_TEST(c.left == "1");
    BOOST_TEST(c.right == "5");

    const decision shape = with(small::trace(), rows({{1, 2, 3}, {3, 4, 5}, {1, 1, 1}}));
    BOOST_TEST((shape.result.result() == outcome::error));
    BOOST_TEST(mentions(shape.result.reason(), "n x n with n = 3"), shape.result.reason());
    const decision oblong = with(small::trace(), rows({{1, 2}}));
    BOOST_TEST((oblong.result.result() == outcome::error));
}

BOOST_AUTO_TEST_CASE(a_raised_stop_flag_interrupts) {
    const std::atomic<bool> stop{true};
    engine_context context;
    context.stop = &stop;
    BOOST_CHECK_THROW(decide(small::trace(), context), interrupted);
}

BOOST_AUTO_TEST_CASE(long_payloads_are_replaced_by_their_hash_and_recipe) {
    exact_equal e = small::trace();
    e.fixed = {{"large", arguments().set("A", power(rational(10), 300000)).set("B", rational(1))}};
    e.random = {};
    const decision d = decide(e, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::certified));
    BOOST_TEST(d.proof.payload[0].second.size() < 200u);
    BOOST_TEST(mentions(d.proof.payload[0].second, "fnv1a64:"));
    BOOST_TEST(mentions(d.proof.payload[0].second, "a declared instance"));
}

BOOST_AUTO_TEST_CASE(a_side_that_changes_its_mind_is_an_error) {
    for (const bool equal_at_first : {true, false}) {
        exact_equal e = small::trace();
        auto calls = std::make_shared<int>(equal_at_first ? 0 : 1);
        e.left = [calls, f = e.left](const arguments& x) {
            matrix<rational> m = f(x);
            m(0, 0) += rational(++*calls / 8);
            return m;
        };
        e.right = e.left;
        e.random_count = 10;
        const decision d = decide(e, small::quick());
        BOOST_TEST((d.result.result() == outcome::error), d.result.summary());
    }
}

BOOST_AUTO_TEST_SUITE_END()
