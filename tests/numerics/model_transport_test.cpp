#include <boost/test/unit_test.hpp>
#include <cmath>

#include "numerics/ode/model_transport.hpp"
#include "numerics/ode/vector_field.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"

using namespace flowproof;
using namespace flowproof::rigorous;

namespace {

/// One step from exact starts: by how much may a solution that begins aside have gone astray?
struct single_step {
    single_step(const tape& velocity, const std::vector<double>& start, double unit, int order)
        : field(velocity), basis(std::make_shared<const monomials>(0, 0)),
          step(field.program(), basis,
               evaluate(field.program().coefficients(), std::vector<model>{}, embed<model>{basis}),
               order),
          transport(field.program(), step) {
        std::vector<model> states;
        for (const double y : start)
            states.emplace_back(basis, interval<double>(y));
        BOOST_REQUIRE(step.expand(states, unit));
    }
    bool carry(const std::vector<double>& aside) {
        std::vector<upper> start;
        for (const double e : aside)
            start.emplace_back(e);
        return transport.carry(step, start, step.defect(), result);
    }
    vector_field field;
    std::shared_ptr<const monomials> basis;
    model_recurrence step;
    model_transport transport;
    carried result;
};

tape square() {
    return record({"y"}, [](auto y) { return y * y; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(model_transport_test)

BOOST_AUTO_TEST_CASE(solutions_aside_stay_within_the_bounds) {
    // y' = y^2: y = 1 / (1/y(0) - t).
    single_step s(square(), {1.0}, 0.5, 60);
    for (const double e : {1e-9, 1e-6, 1e-3}) {
        BOOST_REQUIRE(s.carry({e}));
        const double exact = 1 / (1 / (1 + e) - 0.5) - 2;
        BOOST_TEST(s.result.end[0].value() >= exact);
        BOOST_TEST(s.result.during[0].value() >= exact);
    }
    // x' = 1, z' = 3 x^2, y' = 4 z y: y = y(0) exp(t^4), grown by a high power of time alone.
    single_step late(record({"x", "z", "y"},
                            [](auto x, auto z, auto y) {
                                return std::vector{x * 0 + 1, 3 * x * x, 4 * z * y};
                            }),
                     {0.0, 0.0, 0.0}, 1, 10);
    BOOST_REQUIRE(late.carry({0.0, 0.0, 1e-3}));
    BOOST_TEST(late.result.end[2].value() >= 1e-3 * std::exp(1.0));
}

BOOST_AUTO_TEST_CASE(a_tube_that_does_not_confirm_itself_is_refused) {
    single_step s(square(), {0.0}, 1.5, 10);
    BOOST_TEST(!s.carry({1.0}));    // 1 / (1 - t) has its pole within the step
    BOOST_TEST(!s.carry({0.66}));   // 1 / (1.515 - t) has grown by a factor 100
    BOOST_REQUIRE(s.carry({0.01})); // 1 / (100 - t)
    BOOST_TEST(s.result.end[0].value() >= 1 / 98.5);
    BOOST_TEST(s.result.end[0].value() <= 1.05 / 98.5);
}

BOOST_AUTO_TEST_CASE(linear_flows_are_met_closely) {
    const auto close = [](upper bound, double exact) {
        return bound.value() >= exact && bound.value() <= exact * (1 + 1e-9);
    };
    single_step decay(record({"y"}, [](auto y) { return -5 * y; }), {0.0}, 1, 30);
    BOOST_REQUIRE(decay.carry({1.0}));
    BOOST_TEST(close(decay.result.end[0], std::exp(-5.0)));
    BOOST_TEST(close(decay.result.during[0], 1));
    single_step backward(record({"y"}, [](auto y) { return -5 * y; }), {0.0}, -1, 30);
    BOOST_REQUIRE(backward.carry({1.0}));
    BOOST_TEST(close(backward.result.end[0], std::exp(5.0)));
    // (1, 0) goes to (cosh 1, sinh 1), and with the other sign the comparison does not see it.
    for (const int sign : {1, -1}) {
        single_step coupled(record({"x", "y"},
                                   [&](auto x, auto y) {
                                       return std::vector{sign * y, x};
                                   }),
                            {0.0, 0.0}, 1, 30);
        BOOST_REQUIRE(coupled.carry({1.0, 0.0}));
        BOOST_TEST(close(coupled.result.end[0], std::cosh(1.0)));
        BOOST_TEST(close(coupled.result.end[1], std::sinh(1.0)));
    }
    // However far apart the units of the components are.
    single_step units(record({"x", "y"},
                             [](auto x, auto y) {
                                 return std::vector{y * 1'000'000'000, x / 1'000'000'000};
                             }),
                      {0.0, 0.0}, 1, 30);
    BOOST_REQUIRE(units.carry({1e9, 0.0}));
    BOOST_TEST(close(units.result.end[0], 1e9 * std::cosh(1.0)));
    BOOST_TEST(close(units.result.end[1], std::sinh(1.0)));
    // y' = -1000 y and z' = y: stiff, and the fast one decays for certain.
    single_step stiff(record({"y", "z"},
                             [](auto y, auto z) {
                                 return std::vector{-1000 * y, y - z};
                             }),
                      {0.0, 0.0}, 0x1p-8, 20);
    BOOST_REQUIRE(stiff.carry({1.0, 1.0}));
    BOOST_TEST(stiff.result.end[0].value() >= std::exp(-1000.0 / 256));
    BOOST_TEST(stiff.result.end[0].value() <= 1.01 * std::exp(-1000.0 / 256));
}

BOOST_AUTO_TEST_CASE(defects_add_what_they_drive) {
    // y' = y + d, y(0) = 0: y = d (e^t - 1), d in units of the step.
    single_step s(record({"y"}, [](auto y) { return y; }), {0.0}, 0.5, 20);
    carried result;
    BOOST_REQUIRE(s.transport.carry(s.step, {upper(0.0)}, {upper(1e-3)}, result));
    const double exact = 1e-3 * (std::exp(0.5) - 1) / 0.5;
    BOOST_TEST(result.end[0].value() >= exact);
    BOOST_TEST(result.end[0].value() <= exact * (1 + 1e-9));
    // y' = -8 y + d: decay damps what a defect drives, too.
    single_step damped(record({"y"}, [](auto y) { return -8 * y; }), {0.0}, 1, 20);
    BOOST_REQUIRE(damped.transport.carry(damped.step, {upper(0.0)}, {upper(1e-3)}, result));
    const double level = 1e-3 * (1 - std::exp(-8.0)) / 8;
    BOOST_TEST(result.end[0].value() >= level);
    BOOST_TEST(result.end[0].value() <= level * (1 + 1e-9));
}

BOOST_AUTO_TEST_SUITE_END()
