#include <atomic>
#include <boost/test/unit_test.hpp>
#include <random>

#include "numerics/ode/taylor_model.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/box_samples.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::rigorous;
using namespace flowproof::support;

BOOST_AUTO_TEST_SUITE(taylor_model_ending_test)

BOOST_AUTO_TEST_CASE(poles_and_edges_of_domains_end_by_name_with_the_last_enclosure) {
    std::mt19937_64 rng(seed(28));
    const std::vector<parameter_range> box{{rational(1), rational(2)}};
    for (const int degree : {0, 1, 3}) {
        // y = q / (1 - q t): the pole of q = 2 is at 1/2.
        const auto tube = enclose_over_box(square(), only_q(), box, rational(1), of_degree(degree));
        BOOST_TEST_CONTEXT("degree " << degree << ", time " << tube.time) {
            BOOST_TEST((tube.why == ending::not_validated));
            BOOST_TEST((tube.time < rational(1, 2)));
            BOOST_TEST((tube.time > rational(1, 16)));
            for (int i = 0; i < 5; ++i) {
                const auto point = random_point(rng, box);
                BOOST_TEST(holds(tube.state[0], symbols_of(tube, point),
                                 ball(point[0] / (1 - point[0] * tube.time), sample_bits)));
            }
        }
    }
    const vector_field root(record({"y"}, [](auto y) { return -sqrt(y); }));
    const auto edge = enclose_over_box(root, only_q(), {{rational(1), rational(2)}}, rational(4));
    BOOST_TEST((edge.why == ending::undefined || edge.why == ending::not_validated));
    BOOST_TEST((edge.time < rational(2))); // q = 1 arrives at 0
    const auto outside =
        enclose_over_box(root, only_q(), {{rational(-1), rational(1)}}, rational(1));
    BOOST_TEST((outside.why == ending::undefined));
    BOOST_TEST(outside.time.is_zero());
    const vector_field over_p(record({"y", "p"}, [](auto y, auto p) { return y / p; }));
    const auto divided = enclose_over_box(
        over_p, start_q(), {{rational(-1), rational(1)}, {rational(1), rational(1)}}, rational(1));
    BOOST_TEST((divided.why == ending::undefined));
    BOOST_TEST(divided.time.is_zero());
}

BOOST_AUTO_TEST_CASE(limits_end_by_name) {
    box_options o;
    o.max_steps = 3;
    o.degree = 3;
    const auto short_of = enclose_over_box(valley(), at_rest(), valley_box(100), rational(80), o);
    BOOST_TEST((short_of.why == ending::out_of_steps));
    BOOST_TEST(short_of.steps == 3);
    std::atomic<bool> stop{true};
    o.stop = &stop;
    BOOST_TEST((enclose_over_box(valley(), at_rest(), valley_box(100), rational(80), o).why ==
                ending::interrupted));
    const auto still = enclose_over_box(valley(), at_rest(), valley_box(100), rational(0));
    BOOST_TEST((still.why == ending::reached));
    BOOST_TEST(still.range()[0] == interval<double>(0));
}

BOOST_AUTO_TEST_CASE(wrong_input_is_named) {
    const auto call = [](std::vector<parameter_range> ranges, box_options o = {}) {
        return enclose_over_box(growth(), start_q(), ranges, rational(1), o);
    };
    const parameter_range good{rational(0), rational(1)}, inverted{rational(1), rational(0)};
    BOOST_CHECK_THROW(call({good, inverted}), std::invalid_argument);
    BOOST_CHECK_THROW(call({inverted, good}), std::invalid_argument);
    BOOST_CHECK_THROW(call({good}), std::invalid_argument);
    BOOST_CHECK_THROW(call({}), std::invalid_argument);
    BOOST_CHECK_THROW(call({good, good}, of_degree(-1)), std::invalid_argument);
    BOOST_CHECK_THROW(call({good, {rational(0), power(rational(10), 400)}}), std::invalid_argument);
    box_options o;
    o.order = 1;
    BOOST_CHECK_THROW(call({good, good}, o), std::invalid_argument);
    // A parameter of the field that start does not know, and a wrong number of states.
    BOOST_CHECK_THROW(enclose_over_box(growth(), only_q(), {good}, rational(1)),
                      std::invalid_argument);
    BOOST_CHECK_THROW(enclose_over_box(valley(), start_q(), {good, good}, rational(1)),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
