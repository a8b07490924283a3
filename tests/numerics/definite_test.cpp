#include <boost/test/unit_test.hpp>
#include <random>

#include "numerics/linalg/definite.hpp"
#include "tests/support/random_rational.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using answer = definiteness::answer;

namespace {

/// C diag(d) C^T with an invertible C: by Sylvester's law, signs as in d.
matrix<rational> congruent(const std::vector<rational>& d, std::mt19937_64& rng) {
    const auto n = static_cast<Eigen::Index>(d.size());
    matrix<rational> lower(n, n), upper(n, n), middle(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j) {
            const rational entry = rng() % 3 == 0 ? rational(0) : support::small_nonzero(rng);
            lower(i, j) = i == j ? rational(1) : i > j ? entry : rational(0);
            upper(i, j) = i == j ? support::small_nonzero(rng) : i < j ? entry : rational(0);
            middle(i, j) = i == j ? d[static_cast<std::size_t>(i)] : rational(0);
        }
    const matrix<rational> c = lower * upper;
    const matrix<rational> half = c * middle;
    return half * c.transpose();
}

bool is_zero(const std::vector<rational>& v) {
    return std::all_of(v.begin(), v.end(), [](const rational& x) { return x.is_zero(); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(definite_test)

BOOST_AUTO_TEST_CASE(congruence_keeps_the_answer_and_directions_are_witnesses) {
    const std::uint64_t seed = support::seed(20260614);
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(400); ++trial) {
        std::vector<rational> d(1 + rng() % 7);
        std::size_t rank = 0;
        bool negative = false;
        const bool with_negatives = rng() % 2 == 0;
        for (rational& x : d) {
            if (rng() % 4 == 0) continue;
            x = abs(support::small_nonzero(rng));
            if (with_negatives && rng() % 4 == 0) x = -x;
            negative = negative || x.sign() < 0;
            ++rank;
        }
        const matrix<rational> a = congruent(d, rng);
        const definiteness found = definiteness_of(a);
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", A =\n" << a) {
            const answer expected = negative           ? answer::indefinite
                                    : rank == d.size() ? answer::positive_definite
                                                       : answer::semidefinite;
            BOOST_TEST_REQUIRE((found.is == expected));
            if (!negative) BOOST_TEST(found.rank == rank);
            BOOST_TEST(is_zero(found.direction) == (expected == answer::positive_definite));
            if (expected != answer::positive_definite) {
                BOOST_TEST(quadratic_form(a, found.direction) == found.value);
                BOOST_TEST(found.value.sign() == (negative ? -1 : 0));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(hilbert_matrices_are_definite_until_their_last_pivot_is_taken_away) {
    for (Eigen::Index n = 1; n <= 12; ++n) {
        matrix<rational> h(n, n), corner(n, n);
        for (Eigen::Index i = 0; i < n; ++i)
            for (Eigen::Index j = 0; j < n; ++j)
                h(i, j) = rational(1, i + j + 1);
        BOOST_TEST((definiteness_of(h).is == answer::positive_definite));
        // det H / minor = 1 / (H^-1)_nn: this much less makes it singular, any more indefinite.
        const rational pivot = rational(1) / inverse(h)(n - 1, n - 1);
        h(n - 1, n - 1) -= pivot;
        const definiteness singular = definiteness_of(h);
        BOOST_TEST((singular.is == answer::semidefinite));
        BOOST_TEST(singular.rank == static_cast<std::size_t>(n - 1));
        h(n - 1, n - 1) -= power(rational(10), -60);
        BOOST_TEST((definiteness_of(h).is == answer::indefinite));
    }
}

BOOST_AUTO_TEST_CASE(zero_diagonals_and_misuse) {
    matrix<rational> a(2, 2);
    a << 0, 1, 1, 0;
    BOOST_TEST((definiteness_of(a).is == answer::indefinite));
    a << 0, 0, 0, 0;
    BOOST_TEST((definiteness_of(a).is == answer::semidefinite));
    BOOST_TEST(definiteness_of(a).rank == 0u);
    a << 0, 1, 2, 0;
    BOOST_CHECK_THROW(definiteness_of(a), std::invalid_argument);
    BOOST_CHECK_THROW(definiteness_of(matrix<rational>(2, 3)), std::invalid_argument);
    BOOST_CHECK_THROW(definiteness_of(matrix<rational>(0, 0)), std::invalid_argument);
    BOOST_CHECK_THROW(quadratic_form(a, {rational(1)}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
