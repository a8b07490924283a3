#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "verify/result/verdict.hpp"

using namespace flowproof;

namespace {

const exact_identity whole{coverage::whole, 12, 21, 1406};
const exact_identity listed{coverage::listed, 1, 1, 1};
const counterexample point{"R0", {{"KP", "1/2"}}, "3/4", "1/2"};
const sampled draws{"e", "s", "1", "0.9", "1.1", "1", "0.2", 1e-7, 100, 1, "betting"};
const scaled law{"e",  "s",  "mean", "B",  {{"1", "1", "0.9", "1.1"}, {"2", "0.5", "0.4", "0.6"}},
                 "-1", "-2", "-0.1", "-1", "-1",
                 1e-7, 100,  1,      "clt"};
const refinement levels{"steps", "1", "1", "0", "0", "0.1", 4};

outcome composed(const std::vector<std::pair<verdict, bool>>& list) {
    std::vector<verdict::part> parts;
    for (const auto& [v, necessary] : list)
        parts.push_back({"part", necessary, &v});
    return verdict::composed(parts).result();
}

template <class Verdict, class Evidence>
concept may_be_proved = requires(Evidence e) {
    Verdict::proved(e);
};

} // namespace

BOOST_AUTO_TEST_SUITE(verdict_test)

// Nobody may ask for an outcome: there is no verdict::proved, and no constructor to reach.
static_assert(!may_be_proved<verdict, sampled> && !may_be_proved<verdict, scaled> &&
              !may_be_proved<verdict, exact_identity>);
static_assert(!std::is_default_constructible_v<verdict>);
static_assert(!std::is_constructible_v<verdict, outcome, evidence>);

BOOST_AUTO_TEST_CASE(evidence_decides_what_is_said) {
    const std::pair<verdict, outcome> table[] = {
        {verdict::holds(whole), outcome::proved},
        {verdict::holds(listed), outcome::certified},
        {verdict::holds(enclosed{coverage::whole, {{"a", "0", "1", "[0, 1]"}}, 64}),
         outcome::proved},
        {verdict::holds(enclosed{coverage::listed, {{"a", "0", "1", "[0, 1]"}}, 64}),
         outcome::certified},
        {verdict::holds(exact_agreement{1, 1}), outcome::certified},
        {verdict::holds(levels), outcome::supported},
        {verdict::holds(draws), outcome::supported},
        {verdict::holds(law), outcome::supported},
        {verdict::falls(point), outcome::refuted},
        {verdict::falls(levels), outcome::contradicted},
        {verdict::falls(draws), outcome::contradicted},
        {verdict::falls(law), outcome::contradicted},
        {verdict::undecided("wide", "digits"), outcome::undecided},
        {verdict::broken("oops"), outcome::error},
    };
    for (const auto& [v, expected] : table)
        BOOST_TEST_CONTEXT(v.summary()) { BOOST_TEST((v.result() == expected)); }
}

BOOST_AUTO_TEST_CASE(evidence_that_compared_nothing_is_refused) {
    BOOST_CHECK_THROW(verdict::holds(exact_identity{coverage::whole, 0, 1, 1}),
                      std::invalid_argument);
    BOOST_CHECK_THROW(verdict::holds(enclosed{coverage::whole, {}, 64}), std::invalid_argument);
    BOOST_CHECK_THROW(verdict::holds(exact_agreement{0, 4}), std::invalid_argument);
    BOOST_CHECK_THROW(verdict::holds(exact_agreement{4, 0}), std::invalid_argument);
    sampled none = draws;
    none.draws = 0;
    BOOST_CHECK_THROW(verdict::holds(none), std::invalid_argument);
    BOOST_CHECK_THROW(verdict::falls(none), std::invalid_argument);
    scaled no_points = law, no_draws = law;
    no_points.points.clear();
    no_draws.draws = 0;
    for (const scaled& empty : {no_points, no_draws}) {
        BOOST_CHECK_THROW(verdict::holds(empty), std::invalid_argument);
        BOOST_CHECK_THROW(verdict::falls(empty), std::invalid_argument);
    }
    BOOST_CHECK_THROW(verdict::composed({}), std::invalid_argument);
    BOOST_CHECK_THROW(verdict::composed({{"lemma", true, nullptr}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_composite_is_as_weak_as_its_weakest_part) {
    const verdict proved = verdict::holds(whole), certified = verdict::holds(listed),
                  supported = verdict::holds(draws);
    BOOST_TEST((composed({{proved, true}, {proved, false}}) == outcome::proved));
    BOOST_TEST((composed({{proved, true}, {certified, false}}) == outcome::certified));
    BOOST_TEST((composed({{supported, false}, {certified, true}}) == outcome::supported));
}

BOOST_AUTO_TEST_CASE(a_composite_falls_with_a_necessary_part_only) {
    const verdict proved = verdict::holds(whole), refuted = verdict::falls(point),
                  contradicted = verdict::falls(draws), broken = verdict::broken("oops"),
                  open = verdict::undecided("wide", "digits");
    BOOST_TEST((composed({{proved, true}, {refuted, true}}) == outcome::refuted));
    BOOST_TEST((composed({{proved, true}, {refuted, false}}) == outcome::undecided));
    BOOST_TEST((composed({{contradicted, true}, {open, true}}) == outcome::contradicted));
    BOOST_TEST((composed({{contradicted, false}, {proved, true}}) == outcome::undecided));
    BOOST_TEST((composed({{contradicted, true}, {refuted, true}}) == outcome::refuted));
    BOOST_TEST((composed({{open, true}, {proved, true}}) == outcome::undecided));
    BOOST_TEST((composed({{open, true}, {broken, false}}) == outcome::error));
    BOOST_TEST((composed({{broken, true}, {refuted, true}}) == outcome::refuted));
}

BOOST_AUTO_TEST_CASE(a_composite_that_falls_shows_the_counterexample_in_full) {
    const verdict proved = verdict::holds(whole), refuted = verdict::falls(point);
    const verdict v = verdict::composed({{"first", true, &proved}, {"second", true, &refuted}});
    const auto& shown = std::get<counterexample>(v.grounds());
    BOOST_TEST(shown.where == "second: R0");
    BOOST_TEST((shown.at == point.at));
    BOOST_TEST(shown.left == point.left);
}

BOOST_AUTO_TEST_CASE(an_undecided_composite_names_the_part_and_its_cure) {
    const verdict open = verdict::undecided("width 1 where 0.1 is asked", "more digits");
    const verdict v = verdict::composed({{"lemma 2", true, &open}});
    BOOST_TEST(v.reason() == "lemma 2: width 1 where 0.1 is asked");
    BOOST_TEST(v.cure() == "more digits");
    BOOST_TEST(std::get<composite>(v.grounds()).parts.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_summary_is_one_line_with_its_numbers) {
    BOOST_TEST(verdict::holds(whole).summary() ==
               "equal as polynomials (12 entries, 21 generators, 1406 terms)");
    BOOST_TEST(verdict::holds(listed).summary() ==
               "equal as polynomials (1 entry, 1 generator, 1 term)");
    BOOST_TEST(verdict::falls(point).summary() == "false at R0: left 3/4, right 1/2");
    BOOST_TEST(verdict::undecided("wide", "digits").summary() == "wide; digits");
    BOOST_TEST(verdict::broken("oops").summary() == "oops");
    counterexample far = point;
    far.left = std::string(10000, '7');
    BOOST_TEST(verdict::falls(far).summary().size() < 120U);
}

BOOST_AUTO_TEST_SUITE_END()
