#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "theory/core/arguments.hpp"

using namespace flowproof;

namespace {

template <class Call> std::string message(Call call) {
    try {
        call();
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "no exception";
}

} // namespace

BOOST_AUTO_TEST_SUITE(arguments_test)

BOOST_AUTO_TEST_CASE(a_scalar_is_a_one_by_one_matrix) {
    const arguments a = arguments().set("KP", rational(1, 2)).set("V", rows({{3}}));
    BOOST_TEST((a.scalar("KP") == rational(1, 2)));
    BOOST_TEST((a.scalar("V") == rational(3)));
    BOOST_TEST(a.at("KP").size() == 1);
}

BOOST_AUTO_TEST_CASE(text_is_exact_and_in_order_of_names) {
    const arguments a =
        arguments().set("b", rows({{1, {1, 2}}, {0, -1}})).set("a", rational(-2, 6));
    BOOST_TEST(a.str() == "a = -1/3, b = [[1, 1/2], [0, -1]]");
}

BOOST_AUTO_TEST_CASE(overriding_keeps_what_is_not_named) {
    const arguments low = arguments().set("a", rational(1)).set("b", rational(2));
    const arguments high = arguments().set("b", rational(3)).set("c", rational(4));
    BOOST_TEST(low.overridden_by(high).str() == "a = 1, b = 3, c = 4");
}

BOOST_AUTO_TEST_CASE(misuse_names_the_argument_and_both_sides) {
    const arguments a = arguments().set("T", rational(5, 2)).set("V", rows({{1, 2}}));
    BOOST_TEST(message([&] { a.scalar("V"); }) ==
               "arguments: V must be a single number, got a 1 x 2 matrix");
    BOOST_TEST(message([&] { a.at("W"); }) == "arguments: need a value for W, got values for T, V");
    BOOST_TEST(message([&] { a.integer("T", 2, 9); }) ==
               "arguments: T must be an integer in [2, 9], got 5/2");
    BOOST_TEST(message([&] {
                   rows({{1, 2}, {3}});
               }) == "rows: row 1 has 1 entries, the first has 2");
    BOOST_TEST(message([&] { rows({}); }) == "rows: a matrix needs at least one entry");
}

BOOST_AUTO_TEST_SUITE_END()
