#include <bit>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <random>

#include "numerics/ode/double_expansion.hpp"
#include "numerics/ode/follow.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;

namespace {

std::vector<std::uint64_t> bits(const approx::trajectory<double>& r) {
    std::vector<std::uint64_t> result{std::bit_cast<std::uint64_t>(r.time)};
    for (const double y : r.state)
        result.push_back(std::bit_cast<std::uint64_t>(y));
    for (const auto& step : r.path)
        for (const double c : step.coefficients)
            result.push_back(std::bit_cast<std::uint64_t>(c));
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ode_lanes_test)

BOOST_AUTO_TEST_CASE(two_and_four_lanes_give_the_same_bits) {
    if (!approx::double_expansion::has_wide_lanes()) {
        BOOST_TEST_MESSAGE("no AVX2 here: nothing to compare");
        return;
    }
    // Every operation that sums products.
    const vector_field f(
        record({"x", "y", "p"},
               [](auto x, auto y, auto p) {
                   auto r = 1 + x * x + y * y;
                   return std::vector{p * y * sqrt(r) / (2 + x * y) - sin(x) * exp(y),
                                      log(r) * cos(y) - x + x * y / r - 1 / (3 + y)};
               }),
        record({"x", "y", "p"}, [](auto x, auto y, auto p) { return x * y - 100 * p; }));
    std::mt19937_64 rng(seed(74));
    const auto unit = [&] { return static_cast<double>(rng() >> 11) * 0x1p-53; };
    for (int trial = 0; trial < trials(20); ++trial) {
        const std::vector<double> start{unit(), unit()}, parameters{1 + unit()};
        const int order = 4 + static_cast<int>(rng() % 40);
        approx::ode_options options;
        options.keep_path = true;
        options.digits = 4 + static_cast<int>(rng() % 12);
        const auto run = [&](bool wide) {
            approx::double_expansion flow(f, parameters, start, 2, order, wide);
            return approx::follow<approx::double_expansion, double>(flow, true, options);
        };
        BOOST_TEST_CONTEXT("trial " << trial << " start " << start[0] << " " << start[1] << " p "
                                    << parameters[0] << " order " << order) {
            const auto narrow = run(false);
            BOOST_TEST(narrow.steps > 0);
            BOOST_TEST((bits(narrow) == bits(run(true))));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
