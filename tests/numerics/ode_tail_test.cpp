// With few terms and many bits an enclosure is what its bounds of the terms left out are.
#include <boost/test/unit_test.hpp>

#include "numerics/ode/enclose.hpp"
#include "numerics/scalar/expr.hpp"

using namespace flowproof;

namespace {

struct operation {
    const char* name;
    expr (*velocity)(const expr&);
};

/// One for each operation. Where it can be, all coefficients are positive, so that no term of what
/// is left out makes up for another.
const operation operations[] = {
    {"square", [](const expr& y) { return y * y; }},
    {"product", [](const expr& y) { return y * (1 + y); }},
    {"quotient", [](const expr& y) { return (1 + y) / (2 - y); }},
    {"reciprocal", [](const expr& y) { return 1 / (2 - y); }},
    {"sqrt", [](const expr& y) { return sqrt(1 + y * y); }},
    {"exp", [](const expr& y) { return exp(y); }},
    {"log", [](const expr& y) { return 1 - log(2 - y); }},
    {"sin", [](const expr& y) { return sin(2 * y); }},
    {"cos", [](const expr& y) { return cos(3 * y); }},
};

rigorous::tube<ball> followed(const vector_field& f, int digits, int order) {
    rigorous::flow_options options;
    options.digits = digits;
    options.order = order;
    options.bits = 400;
    options.errors = rigorous::transport::norm;
    return rigorous::enclose(f, {ball(rational(1, 4), 400)}, {}, ball(rational(1, 2), 400),
                             options);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ode_tail_test)

BOOST_AUTO_TEST_CASE(what_few_terms_leave_out_is_bounded_and_no_more) {
    for (const operation& f : operations) {
        recorder r;
        const expr y = r.variable("y");
        const vector_field flow(r.finish(std::vector<expr>{f.velocity(y)}));
        const auto exact = followed(flow, 60, 0);
        BOOST_REQUIRE(exact.why == rigorous::ending::reached);
        for (const int order : {5, 8, 13}) {
            const auto coarse = followed(flow, 9, order);
            BOOST_TEST_CONTEXT(f.name << ", order " << order << ": " << coarse.state[0] << " and "
                                      << exact.state[0]) {
                BOOST_TEST((coarse.why == rigorous::ending::reached));
                BOOST_TEST(coarse.state[0].contains(exact.state[0]));
                // The polynomial itself is off by more than rounding: its bound is put to the test.
                const rational off = abs(coarse.state[0].midpoint() - exact.state[0].midpoint());
                BOOST_TEST((off > power(rational(10), -30)));
                BOOST_TEST((coarse.state[0].radius() < power(rational(10), -7)));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
