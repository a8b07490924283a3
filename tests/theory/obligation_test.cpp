#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "numerics/scalar/formula.hpp"
#include "theory/core/obligation.hpp"

using namespace flowproof;

namespace {

formula root() {
    return make_formula(
        {"x"}, [](auto x) { return sqrt(x); },
        [](conditions& need, auto x) { need.positive(x, "x > 0"); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(obligation_test)

BOOST_AUTO_TEST_CASE(a_printed_decimal_stands_for_one_unit_of_its_last_digit) {
    const auto unit = [](const char* printed) {
        const bounds b = within_last_digit(printed);
        BOOST_TEST(((*b.lower + *b.upper) / rational(2) == rational::parse(printed)));
        return (*b.upper - *b.lower) / rational(2);
    };
    BOOST_TEST((unit("0.0128") == rational(1, 10000)));
    BOOST_TEST((unit("-12.50") == rational(1, 100)));
    BOOST_TEST((unit("7") == rational(1)));
    BOOST_TEST((unit("1.50e-7") == rational::parse("1e-9")));
    BOOST_TEST((unit("2E3") == rational(1000)));
}

BOOST_AUTO_TEST_CASE(every_kind_has_its_name_and_its_rejection) {
    const tape t = record({"x"}, [](auto x) { return x; });
    BOOST_TEST(kind(identity{t, t}) == "identity");
    BOOST_TEST(kind(exact_equal{}) == "exact_equal");
    BOOST_TEST(kind(enclosure{}) == "enclosure");
    BOOST_TEST(kind(numeric{}) == "numeric");
    BOOST_TEST(kind(sample{}) == "sample");
    BOOST_TEST(kind(all_of{}) == "all_of");
    BOOST_TEST((rejection(identity{t, t}) == outcome::refuted));
    BOOST_TEST((rejection(enclosure{}) == outcome::refuted));
    BOOST_TEST((rejection(numeric{}) == outcome::contradicted));
    BOOST_TEST((rejection(sample{}) == outcome::contradicted));
}

BOOST_AUTO_TEST_CASE(a_composite_is_settable_where_any_lemma_is) {
    const tape x = record({"x"}, [](auto v) { return v; });
    const tape xy = record({"x", "y"}, [](auto v, auto w) { return v + w; });
    const all_of both{{make_lemma("one", identity{x, x}), make_lemma("two", identity{xy, xy})}};
    std::string names;
    for (const parameter& p : settable(both))
        names += p.name + " ";
    BOOST_TEST(names == "x y ");
}

BOOST_AUTO_TEST_CASE(a_formula_in_balls_encloses_and_keeps_its_domain) {
    const ball_closure value = in_balls(root());
    const matrix<ball> two = value(arguments().set("x", rational(2)), 128);
    BOOST_TEST((two(0, 0) * two(0, 0)).contains(rational(2)));
    BOOST_CHECK_EXCEPTION(value(arguments().set("x", rational(-1)), 128), std::domain_error,
                          [](const std::domain_error& e) {
                              return std::string(e.what()) ==
                                     "formula: needs x > 0, which is violated at x = -1";
                          });
}

BOOST_AUTO_TEST_CASE(an_identity_of_formulas_takes_the_left_domain) {
    const identity i = same(root(), root());
    BOOST_TEST(i.words.size() == 1U);
    BOOST_TEST((i.left == i.right));
    BOOST_TEST(i.listed.empty());
}

BOOST_AUTO_TEST_SUITE_END()
