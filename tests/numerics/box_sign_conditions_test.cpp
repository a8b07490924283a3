#include <boost/test/unit_test.hpp>

#include "numerics/box/sign.hpp"

using namespace flowproof;

BOOST_AUTO_TEST_SUITE(box_sign_conditions_test)

/// (u, v) -> one step of size h of a flow that pushes p = u v towards 1: p stays below 11/10 where
/// it is at most 21/20 before and |u^2/2 - v^2/3| is small. Every slope of the conditions has a
/// sign, so that all sides are replaced by ends, where some slopes are 0.
BOOST_AUTO_TEST_CASE(sides_replaced_by_their_ends_are_still_halved_where_conditions_need_it) {
    recorder r;
    const expr u = r.variable("u"), v = r.variable("v"), h = r.variable("h");
    const expr gap = 1 - u * v, balance = rational(1, 2) * u * u - rational(1, 3) * v * v;
    const expr next_u = u + h * (rational(1, 100) * (1 - u) + rational(1, 3) * v * gap);
    const expr next_v = v + h * rational(1, 2) * u * gap;
    const sign_statement step{
        .value = r.finish(std::vector<expr>{rational(11, 10) - next_u * next_v}),
        .signs = {relation::nonnegative},
        .domain = r.finish(std::vector<expr>{rational(21, 20) - u * v, balance + rational(1, 20),
                                             rational(11, 20) - balance}),
        .relations = std::vector<relation>(3, relation::nonnegative),
        .box = {{"u", 0, {13, 10}}, {"v", 0, {13, 10}}, {"h", 0, 1}}};
    const sign_answer answer = decide_signs(step, {.parts = 5000});
    BOOST_TEST((answer.is == sign_answer::kind::holds));
    BOOST_TEST(answer.depth < 30, answer.depth);
}

BOOST_AUTO_TEST_SUITE_END()
