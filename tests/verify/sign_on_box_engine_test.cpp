#include <boost/test/unit_test.hpp>

#include "tests/support/mentions.hpp"
#include "tests/support/small_paper.hpp"

using namespace flowproof;
using support::mentions;

namespace {

/// (KP + KQ + e)^2 - 4 KP e + shift > 0: the eigenvalues at (1, 1) are real.
sign_on_box discriminant(const rational& shift = rational(0)) {
    return {.value = record({"KP", "KQ", "e"},
                            [&](auto KP, auto KQ, auto e) {
                                return power(KP + KQ + e, 2) - 4 * KP * e + shift;
                            }),
            .signs = {relation::positive},
            .box = {{"KP", rational(1, 20), rational(19, 20)},
                    {"KQ", rational(1, 20), rational(1)},
                    {"e", power(rational(10), -8), rational(1, 10)}}};
}

const std::string& entry(const certificate& proof, const std::string& name) {
    static const std::string none;
    for (const auto& [key, text] : proof.payload)
        if (key == name) return text;
    return none;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sign_on_box_engine_test)

BOOST_AUTO_TEST_CASE(a_true_sign_is_proved_with_a_certificate_in_the_documented_form) {
    const decision d = decide(discriminant(), small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::proved));
    const auto& e = std::get<signs_certain>(d.result.grounds());
    BOOST_TEST(e.outputs == 1u);
    BOOST_TEST(e.outside == 0u);
    BOOST_TEST(e.parts > 1u);
    const std::string text = entry(d.proof, "proof");
    BOOST_TEST(
        text.rfind("flowproof-certificate 1 sign_on_box\ntape value\nflowproof-tape 1\n", 0) == 0u);
    BOOST_TEST(mentions(text, "end\nsigns positive\nside KP 1/20 19/20\nside KQ 1/20 1\n"
                              "side e 1/100000000 1/10\ntree s"));
    BOOST_TEST(mentions(text, "\nqed\n"));
    BOOST_TEST((d.proof.covers == coverage::whole));
}

BOOST_AUTO_TEST_CASE(a_listed_restriction_is_certified_only) {
    sign_on_box s = discriminant();
    s.listed = {"KP <= 19/20"};
    BOOST_TEST((decide(s, small::quick()).result.result() == outcome::certified));
}

BOOST_AUTO_TEST_CASE(a_false_twin_is_refuted_at_an_exact_point) {
    const decision d = decide(discriminant(rational(-1, 50)), small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::refuted));
    const auto& c = std::get<counterexample>(d.result.grounds());
    BOOST_TEST(c.right == "> 0");
    BOOST_REQUIRE(c.at.size() == 3u);
    const rational KP = rational::parse(c.at[0].second), KQ = rational::parse(c.at[1].second),
                   e = rational::parse(c.at[2].second);
    BOOST_TEST((power(KP + KQ + e, 2) - 4 * KP * e - rational(1, 50) <= 0));
}

BOOST_AUTO_TEST_CASE(conditions_cut_the_box_and_vacuous_statements_are_not_proved) {
    sign_on_box s{.value =
                      record({"x", "y"}, [](auto x, auto y) { return x - y + rational(1, 9); }),
                  .signs = {relation::positive},
                  .box = {{"x", rational(0), rational(1)}, {"y", rational(0), rational(1)}},
                  .domain = record({"y", "x"}, [](auto y, auto x) { return x - y; }),
                  .relations = {relation::nonnegative},
                  .words = {"x >= y"}};
    const decision d = decide(s, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::proved));
    BOOST_TEST(std::get<signs_certain>(d.result.grounds()).outside > 0u);
    BOOST_TEST(mentions(entry(d.proof, "proof"), "relations nonnegative\n"));
    s.domain = record({"x"}, [](auto x) { return x - 2; });
    const decision nothing = decide(s, small::quick());
    BOOST_REQUIRE((nothing.result.result() == outcome::undecided));
    BOOST_TEST(mentions(nothing.result.reason(), "nothing"));
}

BOOST_AUTO_TEST_CASE(poles_and_interior_zeros_are_undecided_with_reason_and_cure) {
    const sign_on_box pole{.value = record({"x"}, [](auto x) { return 1 / (x * x); }),
                           .signs = {relation::positive},
                           .box = {{"x", rational(-1), rational(2)}}};
    const decision d = decide(pole, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::undecided));
    BOOST_TEST(mentions(d.result.reason(), "not certainly defined"));
    BOOST_TEST(mentions(d.result.cure(), "condition"));
    const sign_on_box touch{
        .value = record({"x"}, [](auto x) { return x * x - 2 * x * x * x + power(x, 4); }),
        .signs = {relation::nonnegative},
        .box = {{"x", rational(1, 3), rational(2)}}};
    const decision t = decide(touch, small::quick());
    BOOST_REQUIRE((t.result.result() == outcome::undecided));
    BOOST_TEST(mentions(t.result.cure(), "touches 0"));
}

BOOST_AUTO_TEST_CASE(misuse_is_an_error_that_names_the_rule) {
    sign_on_box s = discriminant();
    s.box[1].lower = rational(2);
    decision d = decide(s, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::error));
    BOOST_TEST(mentions(d.result.reason(), "lower <= upper, got KQ in [2, 1]"));
    s = discriminant();
    s.box.pop_back();
    d = decide(s, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::error));
    BOOST_TEST(mentions(d.result.reason(), "variable e has no side"));
    s = discriminant();
    s.box.clear();
    BOOST_TEST((decide(s, small::quick()).result.result() == outcome::error));
    s = discriminant();
    s.signs.clear();
    BOOST_TEST((decide(s, small::quick()).result.result() == outcome::error));
}

BOOST_AUTO_TEST_SUITE_END()
