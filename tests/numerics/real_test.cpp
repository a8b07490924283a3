#include <Eigen/Eigenvalues>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>
#include <type_traits>

#include "numerics/linalg/eigen_real.hpp"
#include "numerics/linalg/matrix.hpp"
#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/real.hpp"
#include "tests/support/random_rational.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;

namespace {

/// Half a unit in the last place of 50 digits, relative: 2^-168 covers the type's 167 or more bits.
const rational half_ulp = rational(1, 2) * power(rational(10), -49);

} // namespace

BOOST_AUTO_TEST_SUITE(real_test)

BOOST_AUTO_TEST_CASE(rationals_convert_to_nearest_and_back_exactly) {
    std::mt19937_64 rng(seed(61));
    for (int trial = 0; trial < trials(500); ++trial) {
        const rational q = random_rational(rng);
        const real50 x = to_real<real50>(q);
        BOOST_TEST((abs(exactly(x) - q) <= abs(q) * half_ulp));
        BOOST_TEST((to_real<real50>(exactly(x)) == x));
        if (q.is_zero()) continue; // its neighbours are 2^(-2^30), too long for a quotient
        // Nearest: the neighbours are not closer.
        real50 up = x, down = x;
        mpfr_nextabove(up.backend().data());
        mpfr_nextbelow(down.backend().data());
        BOOST_TEST((abs(exactly(x) - q) <= abs(exactly(up) - q)));
        BOOST_TEST((abs(exactly(x) - q) <= abs(exactly(down) - q)));
        BOOST_TEST((abs(exactly(to_real<real100>(q)) - q) <= abs(q) * power(rational(10), -99)));
    }
    BOOST_CHECK_THROW(exactly(std::numeric_limits<real50>::infinity()), std::domain_error);
    real50 least(0);
    mpfr_nextabove(least.backend().data());
    BOOST_CHECK_THROW(exactly(least), std::domain_error);
    BOOST_CHECK_THROW(exactly(std::numeric_limits<real100>::quiet_NaN()), std::domain_error);
}

BOOST_AUTO_TEST_CASE(mixed_arithmetic_rounds_the_constant_once) {
    const real50 x = to_real<real50>(rational(1, 7));
    const rational third(1, 3);
    BOOST_TEST((x + third == x + to_real<real50>(third)));
    BOOST_TEST((third - x == to_real<real50>(third) - x));
    BOOST_TEST((x * third == third * x));
    BOOST_TEST((third / x == to_real<real50>(third) / x));
    BOOST_TEST((x - third == -(third - x)));
    BOOST_TEST((x / third == x / to_real<real50>(third)));
    BOOST_TEST((2 * x + 1 == 1 + (x + x)));
    static_assert(std::is_same_v<decltype(x + third), real50>);
    static_assert(std::is_same_v<decltype(x + 1), real50>);
    BOOST_TEST((less(x, real50(1)) == truth::yes));
    BOOST_TEST((less(x, x) == truth::no));
    BOOST_TEST((less(std::numeric_limits<real50>::quiet_NaN(), x) == truth::no));
}

BOOST_AUTO_TEST_CASE(elementary_functions_and_pi_lie_in_their_balls) {
    std::mt19937_64 rng(seed(62));
    const auto close = [](const real50& x, const ball& exact) {
        const rational distance = abs(exactly(x) - exact.midpoint()) + exact.radius();
        BOOST_TEST((distance <= abs(exact.midpoint()) * 2 * half_ulp));
    };
    close(embed<real50>{}.pi(), ball::pi(300));
    for (int trial = 0; trial < trials(100); ++trial) {
        const real50 x = abs(to_real<real50>(small_nonzero(rng)));
        const ball X(exactly(x), 600);
        close(sqrt(x), sqrt(X));
        close(exp(x), exp(X));
        if (x != 1) close(log(x), log(X));
        close(sin(x), sin(X));
        close(cos(x), cos(X));
    }
}

BOOST_AUTO_TEST_CASE(symmetric_eigenproblems_run_at_50_digits) {
    const Eigen::Index n = 4;
    matrix<real50> hilbert(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j)
            hilbert(i, j) = to_real<real50>(rational(1, i + j + 1));
    const Eigen::SelfAdjointEigenSolver<matrix<real50>> solver(hilbert);
    BOOST_TEST((solver.info() == Eigen::Success));
    const matrix<real50> v = solver.eigenvectors();
    const matrix<real50> rest = hilbert * v - v * matrix<real50>(solver.eigenvalues().asDiagonal());
    BOOST_TEST(rest.cwiseAbs().maxCoeff() < real50("1e-48"));
    // det(Hilbert 4) = 1 / 6048000
    BOOST_TEST(abs(solver.eigenvalues().prod() * 6048000 - 1) < real50("1e-44"));
}

BOOST_AUTO_TEST_SUITE_END()
