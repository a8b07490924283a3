#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "numerics/poly/point_search.hpp"
#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/formula.hpp"

using namespace flowproof;

namespace {

formula scale() {
    return make_formula(
        {"KP", "KQ"}, [](auto KP, auto KQ) { return 1 / sqrt(KP * KQ); },
        [](conditions& need, auto KP, auto KQ) {
            need.positive(KP, "KP > 0");
            need.nonnegative(KQ, "KQ >= 0");
            need.nonzero(KQ, "KQ != 0");
        });
}

const auto no_conditions = [](conditions&, auto...) {};

std::optional<difference_point> search(const formula& left, const tape& right,
                                       const point_search_options& options = {}) {
    return find_difference(left.value, right, left.domain, left.relations, options);
}

} // namespace

BOOST_AUTO_TEST_SUITE(formula_test)

BOOST_AUTO_TEST_CASE(a_formula_keeps_its_conditions_in_order) {
    const formula f = scale();
    BOOST_TEST(f.value.variables() == f.domain.variables());
    BOOST_TEST((f.relations == std::vector<relation>{relation::positive, relation::nonnegative,
                                                     relation::nonzero}));
    BOOST_TEST(f.words == (std::vector<std::string>{"KP > 0", "KQ >= 0", "KQ != 0"}),
               boost::test_tools::per_element());
    const formula free = make_formula(
        {"x"}, [](auto x) { return x; }, no_conditions);
    BOOST_TEST((domain_holds(free, std::vector<rational>{-1}).holds == truth::yes));
}

BOOST_AUTO_TEST_CASE(rational_points_are_decided_and_the_first_violation_is_named) {
    const formula f = scale();
    const auto at = [&](rational KP, rational KQ) {
        return domain_holds(f, std::vector<rational>{KP, KQ});
    };
    BOOST_TEST((at({1, 2}, 3).holds == truth::yes));
    BOOST_TEST(at({1, 2}, 3).condition == 3U);
    BOOST_TEST((at(0, 3).holds == truth::no));
    BOOST_TEST(at(0, 3).condition == 0U);
    BOOST_TEST((at(1, -3).holds == truth::no));
    BOOST_TEST(at(1, -3).condition == 1U);
    BOOST_TEST(at(-1, -3).condition == 0U);
    BOOST_TEST((at(1, 0).holds == truth::no));
    BOOST_TEST(at(1, 0).condition == 2U);
}

BOOST_AUTO_TEST_CASE(balls_across_a_border_are_unknown_and_a_later_violation_wins) {
    const formula f = scale();
    const auto wide = ball::hull(-1, 1, 64), one = ball(1, 64), minus = ball(-1, 64);
    const auto at = [&](const ball& KP, const ball& KQ) {
        return domain_holds(f, std::vector<ball>{KP, KQ}, embed<ball>{64});
    };
    BOOST_TEST((at(one, one).holds == truth::yes));
    BOOST_TEST((at(wide, one).holds == truth::unknown));
    BOOST_TEST(at(wide, one).condition == 0U);
    BOOST_TEST((at(one, wide).holds == truth::unknown));
    BOOST_TEST(at(one, wide).condition == 1U);
    BOOST_TEST((at(wide, minus).holds == truth::no));
    BOOST_TEST(at(wide, minus).condition == 1U);
}

BOOST_AUTO_TEST_CASE(not_a_number_meets_no_condition) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const auto kind : {relation::positive, relation::nonnegative, relation::nonzero})
        BOOST_TEST((holds(kind, nan, 0.0) == truth::no));
}

BOOST_AUTO_TEST_CASE(conditions_and_relations_must_match) {
    const formula f = scale();
    const std::vector<relation> two(2, relation::positive);
    const std::vector<rational> point(2, rational(1));
    BOOST_CHECK_THROW(
        domain_holds(f.domain, std::span<const relation>(two), std::span<const rational>(point)),
        std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(search_finds_a_planted_rational_difference_inside_the_domain) {
    const formula f = make_formula(
        {"x", "y"}, [](auto x, auto y) { return (x + y) / (x - y); },
        [](conditions& need, auto x, auto y) {
            need.nonzero(x - y, "x != y");
            need.positive(-x, "x < 0");
        });
    const tape planted = record({"x", "y"}, [](auto x, auto y) {
        return (x + y) / (x - y) + power(x * y, 3) * (y - 2) / 1000000;
    });
    const auto found = search(f, planted);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->exact);
    const rational x = found->point.at(0).second, y = found->point.at(1).second;
    BOOST_TEST(x.sign() < 0);
    BOOST_TEST(found->left == ((x + y) / (x - y)).str());
    BOOST_TEST(found->left != found->right);
    BOOST_TEST(!search(f, f.value).has_value());
}

BOOST_AUTO_TEST_CASE(search_separates_transcendental_sides_by_enclosures) {
    const formula f = make_formula(
        {"x"}, [](auto x) { return exp(sqrt(x)); },
        [](conditions& need, auto x) { need.positive(x, "x > 0"); });
    const tape near = record({"x"}, [](auto x) {
        return exp(sqrt(x)) + x / power(expr(rational(10)), 40);
    }); // apart by 1e-40
    const auto found = search(f, near);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(!found->exact);
    BOOST_TEST(found->point.at(0).second.sign() > 0);
    const tape same = record({"x"}, [](auto x) { return exp(x / sqrt(x)); });
    BOOST_TEST(!search(f, same).has_value());
    point_search_options coarse;
    coarse.bits = 64; // 64 bits cannot tell 1e-40
    BOOST_TEST(!search(f, near, coarse).has_value());
}

BOOST_AUTO_TEST_CASE(search_names_the_output_and_repeats_itself) {
    const auto sides = [](int slip) {
        return record({"x"}, [slip](auto x) { return std::vector<expr>{x, x * x + slip, sin(x)}; });
    };
    const tape domain = record({"x"}, [](auto) { return std::vector<expr>{}; });
    const auto found = find_difference(sides(0), sides(1), domain, {});
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->output == 1U);
    point_search_options other;
    other.seed = 99;
    const auto again = find_difference(sides(0), sides(1), domain, {}, {});
    BOOST_TEST(found->point.at(0).second == again->point.at(0).second);
    BOOST_TEST(find_difference(sides(0), sides(1), domain, {}, other).has_value());
}

BOOST_AUTO_TEST_CASE(search_respects_ranges_and_skips_points_that_are_not_defined) {
    // The sides differ on the whole line, but left is defined only between 100 and 101.
    const formula f = make_formula(
        {"x"}, [](auto x) { return sqrt((x - 100) * (101 - x)); }, no_conditions);
    const tape zero = record({"x"}, [](auto x) { return x - x; });
    BOOST_TEST(!search(f, zero).has_value());
    point_search_options options;
    options.ranges = {{"x", 99, 103}};
    const auto found = search(f, zero, options);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->point.at(0).second > rational(100));
    BOOST_TEST(found->point.at(0).second < rational(101));
}

BOOST_AUTO_TEST_CASE(an_undefined_operation_is_never_hidden_by_a_bounded_one) {
    // The power 0 maps a not-finite ball to 1.
    const tape zero = record({"x"}, [](auto x) { return x - x; });
    const tape domain = record({"x"}, [](auto) { return std::vector<expr>{}; });
    const tape hidden = record({"x"}, [](auto x) { return 5 + power(log(-x * x), 0); });
    BOOST_TEST(!find_difference(zero, hidden, domain, {}).has_value());
}

BOOST_AUTO_TEST_CASE(numbers_too_long_for_exact_arithmetic_go_to_balls) {
    const auto quotient = [](int factor) {
        return record({"x"}, [factor](auto x) {
            const auto tower = power(power(power(x * x + 2, 1000), 1000), 1000);
            return factor * tower / (tower + 1);
        });
    };
    const tape domain = record({"x"}, [](auto) { return std::vector<expr>{}; });
    BOOST_TEST(!find_difference(quotient(1), quotient(1), domain, {}).has_value());
    const auto found = find_difference(quotient(1), quotient(2), domain, {});
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(!found->exact);
    // Values with a billion digits differ, but cannot be shown.
    const auto tower = [](int base) {
        return record(
            {"x"}, [base](auto x) { return power(power(power(x * x + base, 1000), 1000), 1000); });
    };
    BOOST_TEST(!find_difference(tower(2), tower(3), domain, {}).has_value());
}

BOOST_AUTO_TEST_CASE(misfits_are_refused) {
    const formula f = scale();
    const tape other = record({"x"}, [](auto x) { return x; });
    BOOST_CHECK_THROW(find_difference(f.value, other, f.domain, f.relations),
                      std::invalid_argument);
    BOOST_CHECK_THROW(find_difference(f.value, f.value, f.domain, {}), std::invalid_argument);
    point_search_options options;
    options.ranges = {{"KP", 2, 1}};
    BOOST_CHECK_THROW(search(f, f.value, options), std::invalid_argument);
    options.ranges = {{"nobody", 1, 2}};
    BOOST_CHECK_THROW(search(f, f.value, options), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
