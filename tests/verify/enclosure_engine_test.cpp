#include <boost/test/unit_test.hpp>

#include "tests/support/mentions.hpp"
#include "tests/support/small_paper.hpp"

using namespace flowproof;
using support::mentions;

namespace {

/// exp(log 2) is 2, but no precision can tell.
enclosure borderline() {
    enclosure e = small::root_of_two();
    e.value = [](const arguments& x, std::int64_t bits) {
        return small::single(exp(log(ball(x.scalar("x"), bits))));
    };
    e.rows[0].within = {rational(2), rational(3), ""};
    return e;
}

} // namespace

BOOST_AUTO_TEST_SUITE(enclosure_engine_test)

BOOST_AUTO_TEST_CASE(a_true_table_is_certified_and_its_printed_enclosures_enclose) {
    const decision d = decide(small::root_of_two(), small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::certified));
    const auto& e = std::get<enclosed>(d.result.grounds());
    const rational lower = rational::parse(e.rows[0].lower),
                   upper = rational::parse(e.rows[0].upper);
    BOOST_TEST(((lower * lower < rational(2)) && (rational(2) < upper * upper)));
    BOOST_TEST((upper - lower < power(rational(10), -28)));
    BOOST_TEST((d.proof.covers == coverage::listed));
}

BOOST_AUTO_TEST_CASE(a_false_twin_is_refuted_with_its_row) {
    const decision d = decide(small::root_of_two("1.4152"), small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::refuted));
    const auto& c = std::get<counterexample>(d.result.grounds());
    BOOST_TEST(c.where == "root of 2");
    BOOST_TEST(c.at[0].second == "2");
    BOOST_TEST(mentions(c.left, "[1.41421356"));
    BOOST_TEST(mentions(c.right, "1.4152"));
}

BOOST_AUTO_TEST_CASE(bounds_above_and_below_the_value_are_both_refuted) {
    for (const char* printed : {"1.4132", "1.4152", "-1.4142", "0", "1e-9"})
        BOOST_TEST((decide(small::root_of_two(printed), small::quick()).result.result() ==
                    outcome::refuted),
                   printed);
}

BOOST_AUTO_TEST_CASE(precision_is_raised_until_the_rows_are_decided) {
    enclosure e = small::root_of_two();
    rational root = rational(2);
    for (int i = 0; i < 10; ++i) // Newton: 2^-2000 off at the end
        root = (root + rational(2) / root) / rational(2);
    e.rows[0].within = {root - power(rational(2), -900), root + power(rational(2), -900), ""};
    const decision d = decide(e, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::certified));
    BOOST_TEST(std::get<enclosed>(d.result.grounds()).bits > 900);
}

BOOST_AUTO_TEST_CASE(a_value_on_the_edge_is_undecided_with_row_width_and_bits) {
    const decision d = decide(borderline(), small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::undecided));
    BOOST_TEST(mentions(d.result.reason(), "root of 2"));
    BOOST_TEST(mentions(d.result.reason(), "width"));
    BOOST_TEST(mentions(d.result.reason(), "bits"));
    BOOST_TEST(mentions(d.result.cure(), "larger profile"));
    BOOST_TEST(!d.proof.covers.has_value());
    engine_context full;
    full.level = profile::full;
    BOOST_TEST(std::get<enclosed>(decide(borderline(), full).result.grounds()).bits >
               std::get<enclosed>(d.result.grounds()).bits);
}

BOOST_AUTO_TEST_CASE(one_row_outside_refutes_whatever_the_others_are) {
    enclosure e = borderline();
    auto second = e.rows[0];
    second.name = "outside";
    second.within = {rational(3), rational(4), ""};
    e.rows.push_back(second);
    const decision d = decide(e, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::refuted));
    BOOST_TEST(std::get<counterexample>(d.result.grounds()).where == "outside");
}

BOOST_AUTO_TEST_CASE(a_value_that_is_never_finite_is_undecided) {
    enclosure e = small::root_of_two();
    e.rows[0].at = arguments().set("x", rational(-2));
    BOOST_TEST((decide(e, small::quick()).result.result() == outcome::undecided));
}

BOOST_AUTO_TEST_CASE(misuse_is_an_error) {
    enclosure entry = small::root_of_two();
    entry.rows[0].entry = 1;
    BOOST_TEST((decide(entry, small::quick()).result.result() == outcome::error));
    enclosure empty = small::root_of_two();
    empty.rows.clear();
    BOOST_TEST((decide(empty, small::quick()).result.result() == outcome::error));
    enclosure reversed = small::root_of_two();
    std::swap(reversed.rows[0].within.lower, reversed.rows[0].within.upper);
    BOOST_TEST((decide(reversed, small::quick()).result.result() == outcome::error));
    enclosure throwing = small::root_of_two();
    throwing.value = [](const arguments&, std::int64_t) -> matrix<ball> {
        throw std::domain_error("needs x > 3");
    };
    const decision d = decide(throwing, small::quick());
    BOOST_TEST((d.result.result() == outcome::error));
    BOOST_TEST(d.result.reason() == "needs x > 3");
}

BOOST_AUTO_TEST_CASE(the_fingerprint_does_not_depend_on_the_digits_asked_for) {
    engine_context context;
    context.digits = 60;
    BOOST_TEST(decide(small::root_of_two(), context).proof.fingerprint ==
               decide(small::root_of_two(), small::quick()).proof.fingerprint);
}

BOOST_AUTO_TEST_CASE(a_quotient_is_not_a_printed_decimal) {
    BOOST_CHECK_THROW(within_last_digit("1/3"), std::invalid_argument);
    BOOST_TEST((within_last_digit("-0.00").lower == rational(-1, 100)));
    BOOST_TEST((within_last_digit("1e3").upper == rational(2000)));
    BOOST_TEST((within_last_digit("1.50e-7").upper == rational::parse("1.51e-7")));
}

BOOST_AUTO_TEST_CASE(a_value_too_large_to_print_is_an_error_and_no_abort) {
    enclosure e = small::root_of_two();
    e.value = [](const arguments&, std::int64_t bits) {
        return small::single(exp(exp(ball(rational(60), bits))));
    };
    BOOST_TEST((decide(e, small::quick()).result.result() == outcome::error));
}

BOOST_AUTO_TEST_SUITE_END()
