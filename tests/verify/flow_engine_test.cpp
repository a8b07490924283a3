#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/support/small_flows.hpp"
#include "tests/support/small_paper.hpp"
#include "verify/engine/flow.hpp"

using namespace flowproof;
using small::at;
using small::growth;
using small::pole;
using small::swing;

namespace {

bool close(const rational& x, const std::string& expected, int digits) {
    return abs(x - rational::parse(expected)) <= power(rational(10), -digits);
}

flow_table growth_table(bounds within, Eigen::Index entry = 0) {
    return {growth(),
            {{"x(1)", at({{"r", rational(1)}, {"t", rational(1)}}), entry, std::move(within)}}};
}

outcome result(const flow_table& table) { return decide(table, small::quick()).result.result(); }

} // namespace

BOOST_AUTO_TEST_SUITE(flow_engine_test)

BOOST_AUTO_TEST_CASE(a_value_at_a_time_comes_with_an_error_that_covers_the_truth) {
    for (const int digits : {20, 40, 100}) {
        const flow_estimate e =
            estimate(growth(), at({{"r", rational(2)}, {"t", rational(3, 2)}}), digits);
        BOOST_REQUIRE_MESSAGE(e.failure.empty(), e.failure);
        const ball truth = exp(ball(rational(3), bits_for_digits(digits + 40)));
        const rational off = abs(e.value(0, 0) - truth.midpoint());
        BOOST_TEST_CONTEXT("digits " << digits << ", error " << e.error(0, 0).decimal(3)) {
            BOOST_TEST((off <= e.error(0, 0)));
            BOOST_TEST((e.error(0, 0) <= power(rational(10), -(digits - 3))));
            BOOST_TEST((e.error(0, 0) > rational(0)));
        }
    }
}

BOOST_AUTO_TEST_CASE(time_may_run_backwards_and_stand_still) {
    const flow_estimate back =
        estimate(growth(), at({{"r", rational(1)}, {"t", rational(-1)}}), 30);
    BOOST_TEST(close(back.value(0, 0), "0.367879441171442321595523770161", 28));
    const flow_estimate still =
        estimate(growth(), at({{"r", rational(1)}, {"t", rational(0)}}), 30);
    BOOST_TEST((still.value(0, 0) == rational(1)));
}

BOOST_AUTO_TEST_CASE(the_first_crossing_is_found_and_not_a_later_one) {
    const flow_estimate e =
        estimate(swing(), at({{"v0", rational(1)}, {"level", rational(1, 2)}}), 30);
    BOOST_REQUIRE_MESSAGE(e.failure.empty(), e.failure);
    BOOST_TEST(close(e.value(0, 0), "0.523598775598298873077107230547", 28)); // pi / 6
    BOOST_TEST(close(e.value(1, 0), "0.866025403784438646763723170753", 28)); // sqrt(3) / 2
}

BOOST_AUTO_TEST_CASE(a_flow_that_does_not_arrive_says_why) {
    const flow_estimate missed =
        estimate(swing(), at({{"v0", rational(1)}, {"level", rational(2)}}), 30);
    BOOST_TEST(missed.failure.find("before t = 10") != std::string::npos, missed.failure);
    const flow_estimate blown = estimate(pole(), at({{"x0", rational(1)}, {"t", rational(2)}}), 30);
    BOOST_TEST(blown.failure.find("blows up near t = 1.0000") != std::string::npos, blown.failure);
    BOOST_TEST(!blown.cure.empty());
    flow_budget few;
    few.max_steps = 2;
    const flow_estimate tired =
        estimate(growth(), at({{"r", rational(1)}, {"t", rational(1000)}}), 30, few);
    BOOST_TEST(tired.failure.find("2 steps") != std::string::npos, tired.failure);
}

BOOST_AUTO_TEST_CASE(misuse_names_what_is_missing_or_violated) {
    const auto mentions = [](const char* word) {
        return [word](const std::invalid_argument& e) {
            return std::string(e.what()).find(word) != std::string::npos;
        };
    };
    BOOST_CHECK_EXCEPTION(estimate(growth(), at({{"r", rational(1)}}), 20), std::invalid_argument,
                          mentions("t"));
    BOOST_CHECK_EXCEPTION(estimate(growth(), at({{"r", rational(-1)}, {"t", rational(1)}}), 20),
                          std::invalid_argument, mentions("r > 0"));
    flow_value short_start = swing();
    short_start.start = record({"v0"}, [](auto v0) { return v0; });
    BOOST_CHECK_EXCEPTION(
        estimate(short_start, at({{"v0", rational(1)}, {"level", rational(1, 2)}}), 20),
        std::invalid_argument, mentions("start"));
    flow_value foreign = growth();
    foreign.start = record({"x"}, [](auto x) { return x; });
    BOOST_CHECK_EXCEPTION(estimate(foreign, at({{"r", rational(1)}, {"t", rational(1)}}), 20),
                          std::invalid_argument, mentions("x"));
}

BOOST_AUTO_TEST_CASE(an_event_and_a_velocity_may_depend_on_time) {
    flow_value f;
    f.states = {"x"};
    f.velocity = record({"t"}, [](auto t) { return 2 * t; });
    f.start = record({"a"}, [](auto a) { return a * 0; });
    f.until = record({"x", "t", "a"}, [](auto x, auto t, auto a) { return x - a * t; }); // t = a
    f.horizon = record({"a"}, [](auto a) { return 2 * a; });
    f.observed = record({"t", "x"}, [](auto t, auto x) { return std::vector<expr>{t, x}; });
    const flow_estimate e = estimate(f, at({{"a", rational(3)}}), 30);
    BOOST_REQUIRE_MESSAGE(e.failure.empty(), e.failure);
    BOOST_TEST(close(e.value(0, 0), "3", 28));
    BOOST_TEST(close(e.value(1, 0), "9", 28));
}

BOOST_AUTO_TEST_CASE(a_root_in_a_parameter_is_bracketed) {
    // exp(r t) = 2 at t = 1 has r = log 2.
    flow_root root;
    root.of = growth();
    root.of.observed = record({"x"}, [](auto x) { return x - 2; });
    root.parameter = "r";
    root.low = record({"t"}, [](auto t) { return t * 0 + rational(1, 10); });
    root.high = record({"t"}, [](auto t) { return t * 0 + 5; });
    const flow_estimate e = estimate(root, at({{"t", rational(1)}}), 30);
    BOOST_REQUIRE_MESSAGE(e.failure.empty(), e.failure);
    BOOST_TEST(close(e.value(0, 0), "0.693147180559945309417232121458", 28));
    BOOST_TEST((e.error(0, 0) <= power(rational(10), -27)));
    // Only the sign is used where there is nothing else.
    root.of.observed = record({"x"}, [](auto x) { return (x - 2) / sqrt(power(x - 2, 2)); });
    const flow_estimate step = estimate(root, at({{"t", rational(1)}}), 20);
    BOOST_REQUIRE_MESSAGE(step.failure.empty(), step.failure);
    BOOST_TEST(close(step.value(0, 0), "0.693147180559945309417232121458", 18));
    root.high = record({"t"}, [](auto t) { return t * 0 + rational(1, 2); });
    BOOST_TEST(estimate(root, at({{"t", rational(1)}}), 20).failure.find("no change of sign") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_integration_serves_many_times) {
    const std::vector<rational> times = {rational(0), rational(1, 2), rational(2), rational(-1)};
    const auto rows = evaluate_along(growth(), at({{"r", rational(1)}}), times);
    BOOST_REQUIRE(rows.size() == 4u);
    for (std::size_t i = 0; i < times.size(); ++i)
        BOOST_TEST_CONTEXT("t = " << times[i]) {
            const double truth = std::exp(times[i].nearest());
            BOOST_TEST(std::abs(rows[i][0] - truth) <= 4e-15 * truth);
        }
    const auto beyond =
        evaluate_along(pole(), at({{"x0", rational(1)}}), {rational(1, 2), rational(3)});
    BOOST_TEST(std::abs(beyond[0][0] - 2) < 1e-13);
    BOOST_TEST(std::isnan(beyond[1][0]));
}

BOOST_AUTO_TEST_CASE(tables_are_supported_contradicted_or_undecided_but_never_proved) {
    BOOST_TEST((result(growth_table(within_last_digit("2.71828182845904523536028747135"))) ==
                outcome::supported));
    BOOST_TEST((result(growth_table(within_last_digit("2.71828182845904523536028747132"))) ==
                outcome::contradicted));
    BOOST_TEST((result(growth_table(at_least(rational(2)))) == outcome::supported));
    BOOST_TEST((result(growth_table(at_most(rational(2)))) == outcome::contradicted));
    BOOST_TEST((result(growth_table(between(rational(2), rational(3)))) == outcome::supported));
    // x - exp(t) is 0: no number of digits tells its sign.
    BOOST_TEST((result(growth_table(at_least(rational(0)), 1)) == outcome::undecided));
    const rational tiny = power(rational(10), -45);
    BOOST_TEST((result(growth_table(between(-tiny, tiny), 1)) == outcome::supported));
    BOOST_TEST((result(growth_table(at_least(rational(0)), 2)) == outcome::error));
    flow_table blown{
        pole(),
        {{"x(2)", at({{"x0", rational(1)}, {"t", rational(2)}}), 0, at_least(rational(0))}}};
    const decision d = decide(blown, small::quick());
    BOOST_TEST((d.result.result() == outcome::undecided));
    BOOST_TEST(d.result.reason().find("blows up") != std::string::npos, d.result.reason());
    blown.rows.clear();
    BOOST_TEST((result(blown) == outcome::error));
}

BOOST_AUTO_TEST_CASE(a_fallen_row_is_the_evidence) {
    flow_table table = growth_table(at_least(rational(2)));
    table.rows.push_back(table.rows.front());
    table.rows.back().name = "wrong";
    table.rows.back().within = at_least(rational(3));
    const decision d = decide(table, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::contradicted));
    const auto& e = std::get<integrated>(d.result.grounds());
    BOOST_REQUIRE(e.rows.size() == 1u);
    BOOST_TEST(e.rows.front().name == "wrong");
    BOOST_TEST(e.rows.front().value.substr(0, 8) == "2.718281");
}

BOOST_AUTO_TEST_SUITE_END()
