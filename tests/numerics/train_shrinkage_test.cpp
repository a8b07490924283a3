#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "numerics/random/philox.hpp"
#include "numerics/random/uniform.hpp"
#include "numerics/train/shrinkage.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using train::constrained_prox;

BOOST_AUTO_TEST_SUITE(train_shrinkage_test)

BOOST_AUTO_TEST_CASE(soft_thresholds_move_entries_towards_zero_and_stop_there) {
    std::vector<double> x = {1, -1, 0.25, -0.25, 0.5, 0};
    train::soft_threshold(x, 0.5);
    const std::vector<double> expected = {0.5, -0.5, 0, 0, 0, 0};
    BOOST_CHECK_EQUAL_COLLECTIONS(x.begin(), x.end(), expected.begin(), expected.end());
    BOOST_CHECK_THROW(train::soft_threshold(x, -1), std::domain_error);
    BOOST_CHECK_THROW(train::soft_threshold(x, std::nan("")), std::domain_error);
}

BOOST_AUTO_TEST_CASE(the_constrained_prox_meets_its_optimality_conditions) {
    // For some nu, z - a - nu 1 is a subgradient of lambda |.|_1 at a, and a sums to 1.
    const std::uint64_t seed = support::seed(20260703);
    std::vector<double> scratch;
    for (int trial = 0; trial < support::trials(2000); ++trial) {
        random::stream bits(seed, 0, static_cast<std::uint32_t>(trial));
        const std::size_t T = 1 + random::uniform_below(bits, 12);
        const double lambda = trial % 3 == 0 ? 0 : random::uniform01(bits);
        std::vector<double> z(T);
        for (double& x : z) // with ties
            x = static_cast<double>(random::uniform_below(bits, 17)) / 4 - 2;
        std::vector<double> a = z;
        constrained_prox(a, lambda, scratch);
        double sum = 0, low = -std::numeric_limits<double>::infinity(), high = -low;
        for (std::size_t t = 0; t < T; ++t) {
            sum += a[t];
            const double rest = z[t] - a[t]; // nu + lambda sign(a_t), or within lambda of nu
            low = std::max(low, a[t] > 0   ? rest - lambda
                                : a[t] < 0 ? rest + lambda
                                           : rest - lambda);
            high = std::min(high, a[t] > 0 ? rest - lambda : rest + lambda);
        }
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", T = " << T
                                   << ", lambda = " << lambda) {
            BOOST_TEST(std::abs(sum - 1) < 1e-13);
            BOOST_TEST(low <= high + 1e-13);
        }
    }
}

BOOST_AUTO_TEST_CASE(columns_that_are_not_numbers_are_refused) {
    std::vector<double> scratch, none, bad = {1, std::nan("")}, good = {1, 2};
    BOOST_CHECK_THROW(constrained_prox(none, 0, scratch), std::domain_error);
    BOOST_CHECK_THROW(constrained_prox(bad, 0, scratch), std::domain_error);
    BOOST_CHECK_THROW(constrained_prox(good, -1, scratch), std::domain_error);
}

BOOST_AUTO_TEST_SUITE_END()
