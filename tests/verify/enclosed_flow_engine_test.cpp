#include <boost/test/unit_test.hpp>

#include "tests/support/small_flows.hpp"
#include "tests/support/small_paper.hpp"
#include "verify/engine/flow.hpp"

using namespace flowproof;
using small::at;
using small::growth;
using small::pole;
using small::swing;

namespace {

flow_table table(flow_request of, arguments where, bounds within, Eigen::Index entry = 0) {
    return {.value = std::move(of),
            .rows = {{"the value", std::move(where), entry, std::move(within)}},
            .enclosed = true};
}

decision decided(const flow_table& what) { return decide(what, small::quick()); }

} // namespace

BOOST_AUTO_TEST_SUITE(enclosed_flow_engine_test)

BOOST_AUTO_TEST_CASE(the_enclosure_contains_the_truth_and_is_as_narrow_as_asked) {
    // 2/3 and 3/7 are no binary fractions: neither the velocity nor the end time is exact.
    const rational r(2, 3), t(3, 7);
    for (const int digits : {15, 30, 50, 120}) {
        const flow_enclosure e = enclose(growth(), at({{"r", r}, {"t", t}}), digits);
        BOOST_REQUIRE_MESSAGE(e.failure.empty(), e.failure);
        const ball truth = exp(ball(r * t, bits_for_digits(2 * digits)));
        BOOST_TEST_CONTEXT("digits " << digits << ", " << e.value(0, 0)) {
            BOOST_TEST(e.value(0, 0).contains(truth));
            BOOST_TEST(e.value(1, 0).contains_zero());
            BOOST_TEST((e.value(0, 0).radius() < power(rational(10), -digits)));
        }
    }
}

BOOST_AUTO_TEST_CASE(backward_and_at_once) {
    const auto back = enclose(growth(), at({{"r", rational(1)}, {"t", rational(-1)}}), 30);
    BOOST_REQUIRE_MESSAGE(back.failure.empty(), back.failure);
    BOOST_TEST(back.value(0, 0).contains(exp(ball(rational(-1), 400))));
    const auto still = enclose(growth(), at({{"r", rational(1)}, {"t", rational(0)}}), 30);
    BOOST_REQUIRE_MESSAGE(still.failure.empty(), still.failure);
    BOOST_TEST(still.value(0, 0).contains(rational(1)));
}

BOOST_AUTO_TEST_CASE(the_first_crossing_is_enclosed) {
    // The event is 0 at the start where the level is: that one does not count.
    for (const auto& [level, time] : std::vector<std::pair<rational, ball>>{
             {rational(1, 2), ball::pi(400) / 6}, {rational(0), ball::pi(400)}}) {
        const auto e = enclose(swing(), at({{"v0", rational(1)}, {"level", level}}), 40);
        BOOST_REQUIRE_MESSAGE(e.failure.empty(), e.failure);
        BOOST_TEST_CONTEXT(e.value(0, 0) << " and " << time) {
            BOOST_TEST(e.value(0, 0).contains(time));
            BOOST_TEST(e.value(1, 0).contains(cos(time)));
            BOOST_TEST((e.value(0, 0).radius() < power(rational(10), -35)));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_root_is_bracketed_by_certain_signs) {
    // exp(r) = 2 at r = log 2.
    flow_value doubling = growth();
    doubling.observed = record({"x"}, [](auto x) { return x - 2; });
    flow_root root{doubling, "r", record({"t"}, [](auto t) { return t * 0 + rational(1, 2); }),
                   record({"t"}, [](auto t) { return t; })};
    const auto e = enclose(root, at({{"t", rational(1)}}), 30);
    BOOST_REQUIRE_MESSAGE(e.failure.empty(), e.failure);
    BOOST_TEST(e.value(0, 0).contains(log(ball(rational(2), 300))));
    BOOST_TEST((e.value(0, 0).radius() < power(rational(10), -25)));
    BOOST_TEST(!e.certificate);
}

BOOST_AUTO_TEST_CASE(tables_are_certified_and_their_twins_refuted) {
    const arguments here = at({{"r", rational(1)}, {"t", rational(1)}});
    BOOST_TEST((decided(table(growth(), here, within_last_digit("2.718281828459045235360287")))
                    .result.result() == outcome::certified));
    const decision wrong =
        decided(table(growth(), here, within_last_digit("2.718281828459045235360285")));
    BOOST_TEST((wrong.result.result() == outcome::refuted));
    BOOST_TEST(!wrong.proof.covers.has_value());
    // Bounds that the value meets exactly are no matter of digits.
    const decision on_the_edge = decided(table(growth(), here, at_most(rational(0)), 1));
    BOOST_TEST((on_the_edge.result.result() == outcome::undecided));
    BOOST_TEST(on_the_edge.result.cure().find("digits") != std::string::npos,
               on_the_edge.result.cure());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_enclosed_is_undecided_with_its_reason) {
    const decision blown = decided(
        table(pole(), at({{"x0", rational(1)}, {"t", rational(2)}}), at_least(rational(0))));
    BOOST_TEST((blown.result.result() == outcome::undecided));
    BOOST_TEST(blown.result.reason().find("near t = ") != std::string::npos, blown.result.reason());
    const decision missed = decided(
        table(swing(), at({{"v0", rational(1)}, {"level", rational(2)}}), at_least(rational(0))));
    BOOST_TEST((missed.result.result() == outcome::undecided));
    BOOST_TEST(missed.result.reason().find("does not occur") != std::string::npos,
               missed.result.reason());
    // x touches 1 and turns back: neither a crossing nor none.
    const decision touched = decided(
        table(swing(), at({{"v0", rational(1)}, {"level", rational(1)}}), at_least(rational(0))));
    BOOST_TEST((touched.result.result() == outcome::undecided));
    flow_value rough = growth();
    rough.neglects = "terms of second order";
    const decision inexact =
        decided(table(rough, at({{"r", rational(1)}, {"t", rational(1)}}), at_least(rational(0))));
    BOOST_TEST((inexact.result.result() == outcome::undecided));
    BOOST_TEST(inexact.result.reason().find("second order") != std::string::npos);
    const decision outside = decided(
        table(growth(), at({{"r", rational(-1)}, {"t", rational(1)}}), at_least(rational(0))));
    BOOST_TEST((outside.result.result() == outcome::error));
}

BOOST_AUTO_TEST_CASE(a_value_at_a_binary_time_has_a_certificate) {
    const decision d = decided(table(growth(), at({{"r", rational(1)}, {"t", rational(1)}}),
                                     within_last_digit("2.71828182845904")));
    BOOST_REQUIRE(d.result.result() == outcome::certified);
    const auto& payload = d.proof.payload;
    const bool some = std::any_of(payload.begin(), payload.end(), [](const auto& entry) {
        return entry.second.starts_with("flowproof-certificate 1 flow\n");
    });
    BOOST_TEST(some);
}

BOOST_AUTO_TEST_SUITE_END()
