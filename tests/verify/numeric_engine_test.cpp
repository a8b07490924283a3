#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/support/small_paper.hpp"

using namespace flowproof;

namespace {

/// Level l is limit + step * ratio^l, whose differences shrink by the ratio.
numeric geometric(const rational& ratio, const rational& limit, const rational& reference) {
    numeric n;
    n.model = "geometric";
    n.value = [=](const arguments&, std::int64_t level, std::int64_t bits) {
        return ball(limit + power(ratio, level), bits);
    };
    n.reference = [=](const arguments&, std::int64_t bits) { return ball(reference, bits); };
    n.levels = 10;
    n.tolerance = rational(1, 100);
    return n;
}

outcome result(const numeric& n, profile level = profile::quick) {
    engine_context context;
    context.level = level;
    return decide(n, context).result.result();
}

} // namespace

BOOST_AUTO_TEST_SUITE(numeric_engine_test)

BOOST_AUTO_TEST_CASE(a_true_statement_is_supported_with_its_error) {
    const decision d = decide(small::compound_interest(), small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::supported));
    const auto& e = std::get<refinement>(d.result.grounds());
    BOOST_TEST(e.level == 12);
    const rational truly =
        abs(rational::parse("2.71828182845904523536028747135") - rational::parse(e.value));
    BOOST_TEST((truly <= rational(2) * rational::parse(e.error)));
    BOOST_TEST((rational::parse(e.error) <= rational::parse("0.01")));
}

BOOST_AUTO_TEST_CASE(a_false_twin_is_contradicted_and_never_refuted) {
    BOOST_TEST((result(small::compound_interest(rational(6, 5))) == outcome::contradicted));
}

BOOST_AUTO_TEST_CASE(too_few_levels_are_undecided) {
    numeric n = small::compound_interest();
    n.levels = 3;
    BOOST_TEST((result(n) == outcome::undecided));
    n.levels = 5;
    BOOST_TEST((result(n) == outcome::undecided));
    BOOST_TEST((result(n, profile::full) == outcome::undecided));
    BOOST_TEST((result(n, profile::paper) == outcome::supported));
}

BOOST_AUTO_TEST_CASE(larger_profiles_go_two_and_four_levels_deeper) {
    std::set<std::int64_t> levels;
    numeric n = small::compound_interest();
    n.value = [&levels, f = n.value](const arguments& x, std::int64_t level, std::int64_t bits) {
        levels.insert(level);
        return f(x, level, bits);
    };
    result(n, profile::quick);
    BOOST_TEST((levels == std::set<std::int64_t>{10, 11, 12}));
    levels.clear();
    result(n, profile::full);
    BOOST_TEST((levels == std::set<std::int64_t>{12, 13, 14}));
    levels.clear();
    result(n, profile::paper);
    BOOST_TEST((levels == std::set<std::int64_t>{14, 15, 16}));
}

BOOST_AUTO_TEST_CASE(differences_that_do_not_shrink_say_nothing_even_beside_the_right_value) {
    BOOST_TEST((result(geometric(rational(1, 2), rational(1), rational(1))) == outcome::supported));
    BOOST_TEST(
        (result(geometric(rational(9, 10), rational(1), rational(1))) == outcome::undecided));
    // Close to where level 10 happens to be, far from the limit.
    numeric slow =
        geometric(rational(9, 10), rational(1), rational(1) + power(rational(9, 10), 10));
    slow.tolerance = rational(1, 10);
    BOOST_TEST((result(slow) == outcome::undecided));
    BOOST_TEST((result(geometric(rational(-1), rational(1), rational(1))) == outcome::undecided));
    BOOST_TEST((result(geometric(rational(-1), rational(1), rational(99))) == outcome::undecided));
}

BOOST_AUTO_TEST_CASE(between_agreement_and_contradiction_lies_undecided) {
    const auto off_by = [](const rational& x) {
        return result(geometric(rational(1, 2), rational(1), rational(1) + x));
    };
    BOOST_TEST((off_by(rational(1, 1000)) == outcome::supported));
    BOOST_TEST((off_by(rational(1, 100)) == outcome::undecided));
    BOOST_TEST((off_by(rational(1, 10)) == outcome::undecided));
    BOOST_TEST((off_by(rational(1, 5)) == outcome::contradicted));
}

BOOST_AUTO_TEST_CASE(a_value_that_no_longer_changes_has_converged) {
    BOOST_TEST((result(geometric(rational(0), rational(1), rational(1))) == outcome::supported));
}

BOOST_AUTO_TEST_CASE(the_users_value_replaces_the_declared_one) {
    const decision d =
        decide(small::compound_interest(), small::with(arguments().set("x", rational(1, 2))));
    BOOST_REQUIRE((d.result.result() == outcome::supported));
    BOOST_TEST(std::get<refinement>(d.result.grounds()).reference.substr(0, 6) == "1.6487");
    const decision bad =
        decide(small::compound_interest(), small::with(arguments().set("x", rows({{1, 2}}))));
    BOOST_TEST((bad.result.result() == outcome::error));
}

BOOST_AUTO_TEST_CASE(misuse_is_an_error_and_infinite_values_are_undecided) {
    numeric n = small::compound_interest();
    n.levels = 1;
    BOOST_TEST((result(n) == outcome::error));
    n = small::compound_interest();
    n.tolerance = rational(0);
    BOOST_TEST((result(n) == outcome::error));
    n = small::compound_interest();
    n.reference = [](const arguments&, std::int64_t bits) { return log(ball(rational(0), bits)); };
    BOOST_TEST((result(n) == outcome::undecided));
}

BOOST_AUTO_TEST_SUITE_END()
