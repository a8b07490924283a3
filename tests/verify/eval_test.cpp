#include <boost/test/unit_test.hpp>

#include "tests/support/small_paper.hpp"
#include "verify/registry/eval.hpp"

using namespace flowproof;

namespace {

quantity exact_matrix() {
    quantity q{};
    q.id = "small.third";
    q.description = "P / 3";
    q.parameters = {{"P", "a matrix", "N x N", "entries >= 0"}};
    q.defaults = arguments().set("P", rows({{1, 3}, {2, 0}}));
    q.value = exact_closure([](const arguments& x) {
        matrix<rational> m = x.at("P");
        for (Eigen::Index i = 0; i < m.size(); ++i)
            m(i / m.cols(), i % m.cols()) /= rational(3);
        return m;
    });
    q.check = [](const arguments& x) {
        if (x.at("P")(0, 0).sign() < 0)
            throw std::invalid_argument("small.third: need P >= 0, got " + str(x.at("P")));
    };
    return q;
}

/// Takes away 2^400 before it shows anything: needs 400 bits more than its digits.
quantity cancelling() {
    quantity q{};
    q.id = "small.cancelling";
    q.value = ball_closure([](const arguments&, std::int64_t bits) {
        const ball large(power(rational(2), 400), bits);
        return small::single((sqrt(ball(rational(2), bits)) + large) - large);
    });
    return q;
}

std::string misuse(const quantity& q, const arguments& set, int digits = 20) {
    try {
        evaluate_quantity(q, set, digits);
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "no exception";
}

} // namespace

BOOST_AUTO_TEST_SUITE(eval_test)

BOOST_AUTO_TEST_CASE(rational_formulas_come_out_exact) {
    const evaluated v =
        evaluate_quantity(small::sum_and_product(), arguments().set("x", rational(1, 3)), 20);
    BOOST_TEST(v.rows == 2u);
    BOOST_TEST(v.cols == 1u);
    BOOST_TEST(v.bits == 0);
    BOOST_TEST(v.entries[0].exact == "7/3");
    BOOST_TEST(v.entries[0].decimal == "2.3333333333333333333");
    BOOST_TEST(v.entries[1].exact == "2/3");
    BOOST_TEST(v.at.str() == "x = 1/3, y = 2");
    const rational centre = rational::parse(v.entries[1].decimal);
    BOOST_TEST((abs(centre - rational(2, 3)) <= rational::parse(v.entries[1].radius)));
    BOOST_TEST((rational::parse(v.entries[1].lower) < rational(2, 3)));
    BOOST_TEST((rational::parse(v.entries[1].upper) > rational(2, 3)));
    BOOST_TEST(evaluate_quantity(small::sum_and_product(), {}, 20).entries[0].radius == "0");
}

BOOST_AUTO_TEST_CASE(enclosures_reach_the_digits_and_enclose) {
    for (const int digits : {1, 5, 30, 200}) {
        const evaluated v = evaluate_quantity(small::root(), {}, digits);
        const rational lower = rational::parse(v.entries[0].lower),
                       upper = rational::parse(v.entries[0].upper),
                       centre = rational::parse(v.entries[0].decimal),
                       radius = rational::parse(v.entries[0].radius);
        BOOST_TEST_CONTEXT("digits " << digits << ", value " << v.entries[0].decimal) {
            BOOST_TEST(((lower * lower < rational(2)) && (rational(2) < upper * upper)));
            BOOST_TEST(((centre - radius) * (centre - radius) < rational(2)));
            BOOST_TEST(((centre + radius) * (centre + radius) > rational(2)));
            BOOST_TEST((radius <= rational(6) * power(rational(10), -digits)));
            BOOST_TEST(v.entries[0].exact.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(precision_is_raised_where_digits_cancel) {
    const evaluated v = evaluate_quantity(cancelling(), {}, 20);
    BOOST_TEST(v.entries[0].decimal == "1.4142135623730950488");
    BOOST_TEST(v.bits > 400);
}

BOOST_AUTO_TEST_CASE(digits_that_cannot_be_reached_are_a_runtime_error) {
    quantity q{};
    q.id = "small.zero";
    q.value = ball_closure([](const arguments&, std::int64_t) {
        return small::single(ball::hull(rational(-1), rational(1), 64));
    });
    BOOST_CHECK_THROW(evaluate_quantity(q, {}, 10), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(matrices_are_read_row_by_row) {
    const evaluated v = evaluate_quantity(exact_matrix(), {}, 5);
    BOOST_TEST(v.rows == 2u);
    BOOST_TEST(v.entries[1].exact == "1");
    BOOST_TEST(v.entries[2].exact == "2/3");
}

BOOST_AUTO_TEST_CASE(misuse_names_rule_and_values) {
    BOOST_TEST(misuse(small::root(), arguments().set("x", rational(-1))) ==
               "eval: small.root needs x > 0, got x = -1, y = 2");
    BOOST_TEST(misuse(small::root(), arguments().set("z", rational(1))) ==
               "eval: small.root has no parameter z (it has x, y)");
    BOOST_TEST(misuse(small::root(), arguments().set("x", rows({{1, 2}}))) ==
               "eval small.root: x must be a single number, got a 1 x 2 matrix");
    BOOST_TEST(misuse(exact_matrix(), arguments().set("P", rows({{1, 2}}))) ==
               "eval small.third: P must be N x N with N = 1, got a 1 x 2 matrix");
    BOOST_TEST(misuse(exact_matrix(), arguments().set("P", rows({{-1}}))) ==
               "small.third: need P >= 0, got -1");
    quantity missing = small::root();
    missing.defaults = {};
    BOOST_TEST(misuse(missing, {}) == "eval: small.root needs a value for x (abscissa)");
    BOOST_CHECK_THROW(evaluate_quantity(small::root(), {}, 0), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
