#include <boost/test/unit_test.hpp>

#include "numerics/random/instances.hpp"
#include "theory/core/arguments.hpp"
#include "theory/scb/prox.hpp"

using namespace flowproof;
using namespace flowproof::scb;

namespace {

matrix<rational> random_column(random::stream& bits, Eigen::Index T) {
    matrix<rational> z(T, 1);
    for (Eigen::Index t = 0; t < T; ++t)
        z(t, 0) = random::random_rational(bits, 9, 6);
    return z;
}

rational largest(const matrix<rational>& m) {
    rational result;
    for (Eigen::Index i = 0; i < m.rows(); ++i)
        result = std::max(result, abs(m(i, 0)));
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(prox_test)

BOOST_AUTO_TEST_CASE(the_prox_satisfies_its_optimality_conditions) {
    const std::uint64_t seed = 3;
    random::stream bits(seed);
    for (int trial = 0; trial < 60; ++trial) {
        const auto z = random_column(bits, 1 + trial % 5);
        const auto lambda = abs(random::random_rational(bits, 6, 4));
        BOOST_TEST_CONTEXT("seed " << seed << ", z = " << str(z) << ", lambda = " << lambda)
        BOOST_CHECK(prox_affine(z, lambda) == prox_by_patterns(z, lambda));
    }
}

BOOST_AUTO_TEST_CASE(the_prox_leaves_the_simplex_projection_below_its_threshold) {
    const std::uint64_t seed = 4;
    random::stream bits(seed);
    const rational epsilon(1, 50);
    int positive = 0;
    for (int trial = 0; trial < 60; ++trial) {
        const auto z = random_column(bits, 2 + trial % 4);
        const rational threshold = lambda_star(z);
        const auto projected = project_simplex(z).a;
        BOOST_TEST_CONTEXT("seed " << seed << ", z = " << str(z)) {
            BOOST_CHECK(prox_affine(z, threshold) == projected);
            BOOST_CHECK(prox_affine(z, threshold + 1) == projected);
            if (threshold.is_zero()) continue;
            ++positive;
            const matrix<rational> below = prox_affine(z, threshold * (1 - epsilon));
            BOOST_CHECK(largest(below - projected) >= epsilon * threshold);
        }
    }
    BOOST_TEST(positive > 20);
}

BOOST_AUTO_TEST_CASE(the_l1_iteration_reaches_the_tabulated_fixed_point) {
    matrix<rational> q = matrix<rational>::Constant(12, 1, rational(0));
    q(0, 0) = rational(1, 2);
    q(1, 0) = rational(3, 10);
    q(2, 0) = rational(1, 5);
    const rational C(2, 5), W(1, 2), lambda(1, 20), eta(1, 2);
    const auto fixed = l1_fixed_point(q, C, W, lambda);
    BOOST_TEST(fixed(0, 0) == rational(4, 15));
    BOOST_TEST(fixed(1, 0) == rational(8, 75));
    BOOST_TEST(fixed(2, 0) == rational(2, 75));
    BOOST_CHECK(l1_step(fixed, q, C, W, lambda, eta) == fixed);
    matrix<rational> a = matrix<rational>::Constant(12, 1, rational(1, 12));
    for (int n = 0; n < 60; ++n)
        a = l1_step(a, q, C, W, lambda, eta);
    BOOST_TEST(largest(a - fixed) < rational(1, 1'000'000));
    BOOST_CHECK_THROW(l1_fixed_point(q, C, W, rational(1)), std::domain_error);
}

BOOST_AUTO_TEST_CASE(a_uniform_column_dies_under_a_threshold_above_one_over_T) {
    const matrix<rational> uniform = matrix<rational>::Constant(4, 1, rational(1, 4));
    BOOST_TEST(largest(soft_threshold(uniform, rational(1, 3))).is_zero());
    BOOST_CHECK(prox_affine(uniform, rational(1, 3)) == uniform);
}

BOOST_AUTO_TEST_SUITE_END()
