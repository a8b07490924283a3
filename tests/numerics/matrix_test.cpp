#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

#include "numerics/linalg/matrix.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "tests/support/random_rational.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;

namespace {

matrix<rational> random_matrix(std::mt19937_64& rng, Eigen::Index rows, Eigen::Index cols) {
    matrix<rational> a(rows, cols);
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index j = 0; j < cols; ++j)
            a(i, j) = rng() % 4 == 0 ? rational(0) : small_nonzero(rng);
    return a;
}

/// Sums of products written out, left to right.
template <class T> matrix<T> by_hand(const matrix<T>& a, const matrix<T>& b) {
    matrix<T> c(a.rows(), b.cols());
    for (Eigen::Index i = 0; i < a.rows(); ++i)
        for (Eigen::Index j = 0; j < b.cols(); ++j) {
            T sum(0);
            for (Eigen::Index k = 0; k < a.cols(); ++k)
                sum = T(sum + a(i, k) * b(k, j));
            c(i, j) = sum;
        }
    return c;
}

} // namespace

BOOST_AUTO_TEST_SUITE(matrix_test)

BOOST_AUTO_TEST_CASE(products_of_rationals_are_exact_at_every_size) {
    std::mt19937_64 rng(seed(71));
    for (const Eigen::Index n : {1, 2, 3, 5, 12, 30}) { // small ones and Eigen's blocked ones
        const auto a = random_matrix(rng, n, n + 1), b = random_matrix(rng, n + 1, n);
        const matrix<rational> c = a * b, d = a.lazyProduct(b), e = b.transpose() * a.transpose();
        BOOST_TEST((c == by_hand<rational>(a, b)));
        BOOST_TEST((d == c));
        BOOST_TEST((matrix<rational>(e.transpose()) == c));
        BOOST_TEST(trace<rational>(c) == trace<rational>(b * a));
        const matrix<rational> f = a - rational(1, 3) * a;
        BOOST_TEST((f * 3 == 2 * a));
    }
}

BOOST_AUTO_TEST_CASE(entries_of_a_column_come_from_the_top) {
    matrix<rational> a(3, 2);
    a << 1, 2, 3, 4, 5, 6;
    BOOST_TEST((column_entries(a, 0) == std::vector<rational>{1, 3, 5}));
    BOOST_TEST((column_entries(a, 1) == std::vector<rational>{2, 4, 6}));
    BOOST_TEST(column_entries(matrix<rational>(0, 1), 0).empty());
}

BOOST_AUTO_TEST_CASE(systems_are_solved_exactly) {
    std::mt19937_64 rng(seed(72));
    for (int trial = 0; trial < trials(40); ++trial) {
        const auto n = static_cast<Eigen::Index>(1 + rng() % 7);
        // Zeros on the diagonal: elimination must pivot.
        matrix<rational> a = random_matrix(rng, n, n);
        a(0, 0) = 0;
        const matrix<rational> b = random_matrix(rng, n, 2);
        try {
            const matrix<rational> x = solve(a, b), inverted = inverse(a);
            BOOST_TEST((matrix<rational>(a * x) == b));
            BOOST_TEST((matrix<rational>(a * inverted) == matrix<rational>::Identity(n, n)));
            BOOST_TEST((matrix<rational>(inverted * b) == x));
        } catch (const std::domain_error&) {
            BOOST_CHECK_THROW(inverse(a), std::domain_error);
        }
    }
    matrix<rational> swap(2, 2), flat(2, 2);
    swap << 0, 1, 1, 0;
    flat << 1, 2, rational(1, 2), 1;
    BOOST_TEST((inverse(swap) == swap));
    BOOST_CHECK_THROW(inverse(flat), std::domain_error);
    BOOST_CHECK_THROW(solve(flat, flat), std::domain_error);
    BOOST_CHECK_THROW(inverse(matrix<rational>(2, 3)), std::invalid_argument);
    BOOST_CHECK_THROW(solve(swap, matrix<rational>(3, 1)), std::invalid_argument);
    BOOST_CHECK_THROW(trace(matrix<rational>(2, 3)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(weighted_inner_products_are_traces) {
    std::mt19937_64 rng(seed(73));
    const auto a = random_matrix(rng, 3, 4), b = random_matrix(rng, 3, 4);
    column<rational> mu(4);
    mu << rational(1, 10), rational(2, 10), rational(3, 10), rational(4, 10);
    BOOST_TEST(inner(a, b, mu) ==
               trace<rational>(a * matrix<rational>(mu.asDiagonal()) * b.transpose()));
    BOOST_CHECK_THROW(inner(a, matrix<rational>(3, 3), mu), std::invalid_argument);
    BOOST_CHECK_THROW(inner(a, b, column<rational>(3)), std::invalid_argument);
    BOOST_TEST(trace(matrix<rational>(0, 0)) == 0);
}

BOOST_AUTO_TEST_CASE(balls_contain_the_exact_product) {
    std::mt19937_64 rng(seed(74));
    for (const Eigen::Index n : {2, 25}) {
        const auto a = random_matrix(rng, n, n), b = random_matrix(rng, n, n);
        const auto enclosed = [](const matrix<rational>& m) {
            matrix<ball> result(m.rows(), m.cols());
            for (Eigen::Index i = 0; i < m.size(); ++i)
                result(i) = ball(m(i), 60);
            return result;
        };
        const matrix<rational> exact = a * b;
        const matrix<ball> product = enclosed(a) * enclosed(b);
        for (Eigen::Index i = 0; i < exact.size(); ++i) {
            BOOST_TEST(product(i).contains(exact(i)));
            BOOST_TEST((product(i).radius() < rational(1, 1000000)));
        }
    }
    // Integers have no precision to divide with: a product that divided would throw.
    matrix<ball> whole = matrix<ball>::Constant(3, 3, ball(2));
    BOOST_TEST(matrix<ball>(whole * whole)(0).midpoint() == 12);
    BOOST_TEST(matrix<ball>(whole + whole)(0).midpoint() == 4);
}

BOOST_AUTO_TEST_CASE(recorded_products_are_sums_of_products_only) {
    for (const Eigen::Index n : {2, 24}) {
        recorder r;
        matrix<expr> a(n, n);
        std::vector<rational> values;
        std::mt19937_64 rng(seed(75));
        for (Eigen::Index i = 0; i < n; ++i)
            for (Eigen::Index j = 0; j < n; ++j) {
                a(i, j) = r.variable("a[" + std::to_string(i) + "," + std::to_string(j) + "]");
                values.push_back(small_nonzero(rng));
            }
        const matrix<expr> square = a * a, lazy = a.lazyProduct(a);
        const tape t = r.finish(std::vector{trace(square)}), u = r.finish(std::vector{trace(lazy)});
        BOOST_TEST(t.is_polynomial());
        BOOST_TEST((t == u));
        matrix<rational> numbers(n, n);
        for (Eigen::Index i = 0; i < n; ++i)
            for (Eigen::Index j = 0; j < n; ++j)
                numbers(i, j) = values[static_cast<std::size_t>(i * n + j)];
        const matrix<rational> expected = numbers * numbers;
        BOOST_TEST(evaluate(t, values)[0] == trace(expected));
        BOOST_TEST(evaluate(u, values)[0] == trace(expected));
    }
}

BOOST_AUTO_TEST_CASE(dual_matrices_carry_derivatives) {
    using d = dual<rational>;
    matrix<d> a(2, 2);
    a << d(1, 1), d(2), d(3), d(4);
    const matrix<d> square = a * a; // d/da of (a^2 + 6, 2a + 8; 3a + 12, 6 + 16) at a = 1
    BOOST_TEST((square(0, 0) == d(7, 2)));
    BOOST_TEST((square(0, 1) == d(10, 2)));
    BOOST_TEST((square(1, 0) == d(15, 3)));
    BOOST_TEST((square(1, 1) == d(22)));
}

BOOST_AUTO_TEST_SUITE_END()
