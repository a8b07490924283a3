#pragma once

#include <Eigen/Core>
#include <concepts>
#include <stdexcept>
#include <string>
#include <vector>

#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/dual.hpp"
#include "numerics/scalar/expr.hpp"
#include "numerics/scalar/rational.hpp"

namespace flowproof {

/// Matrices and vectors of run-time size over any of our scalars. Sums, products and blocks work
/// for every ring and divide by nothing; Eigen's decompositions compare and round, so for exact
/// and enclosing scalars use the functions below instead.
/// Products of our scalars are plain sums from left to right, so a recorded product is the same
/// tape on every machine.
/// NOTE(floating point): Eigen sums a product of doubles or reals in blocks whose size it takes
/// from the machine's cache; write a.lazyProduct(b) where their last bits matter.
template <class T> using matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T> using column = Eigen::Matrix<T, Eigen::Dynamic, 1>;
template <class T> using row = Eigen::Matrix<T, 1, Eigen::Dynamic>;

/// The entries of column j, from the top.
template <class T> std::vector<T> column_entries(const matrix<T>& a, Eigen::Index j) {
    const auto entries = a.col(j);
    return {entries.begin(), entries.end()};
}

/// a^-1, exactly. @throws std::domain_error if a is singular, std::invalid_argument unless square.
matrix<rational> inverse(const matrix<rational>& a);
/// The x with a x = b, exactly. @param a n x n. @param b n x k.
/// @throws std::domain_error if a is singular, std::invalid_argument for other shapes.
matrix<rational> solve(const matrix<rational>& a, const matrix<rational>& b);

/// Sum of the diagonal of a square matrix; 0 for a matrix of size 0.
/// @throws std::invalid_argument unless square.
template <class T> T trace(const matrix<T>& a) {
    if (a.rows() != a.cols())
        throw std::invalid_argument("trace: need a square matrix, got " + std::to_string(a.rows()) +
                                    " x " + std::to_string(a.cols()));
    return a.size() == 0 ? T(0) : T(a.diagonal().sum());
}

/// Sum over i, j of weights_j a_ij b_ij = Tr(a D b^T) with D = diag(weights).
/// @param a, b  n x k. @param weights  k. @throws std::invalid_argument for other shapes.
template <class T> T inner(const matrix<T>& a, const matrix<T>& b, const column<T>& weights) {
    if (a.rows() != b.rows() || a.cols() != b.cols() || a.cols() != weights.size())
        throw std::invalid_argument(
            "inner: need matrices of one shape and a weight for each column, got " +
            std::to_string(a.rows()) + " x " + std::to_string(a.cols()) + ", " +
            std::to_string(b.rows()) + " x " + std::to_string(b.cols()) + " and " +
            std::to_string(weights.size()) + " weights");
    T sum(0);
    for (Eigen::Index j = 0; j < a.cols(); ++j)
        for (Eigen::Index i = 0; i < a.rows(); ++i)
            sum = T(sum + weights(j) * a(i, j) * b(i, j));
    return sum;
}

namespace detail {
/// What Eigen wants to know of a scalar that is not a floating-point number. No rounding unit:
/// epsilon is 0, so that "approximately equal" means equal.
template <class T> struct scalar_num_traits {
    using Real = T;
    using NonInteger = T;
    using Literal = T;
    using Nested = T;
    enum {
        IsComplex = 0,
        IsInteger = 0,
        IsSigned = 1,
        RequireInitialization = 1,
        ReadCost = 8,
        AddCost = 32,
        MulCost = 64
    };
    static Real epsilon() { return Real(0); }
    static Real dummy_precision() { return Real(0); }
    static int digits10() { return 0; }
};
/// Does Eigen know S by the traits above?
template <class S>
concept known_by_ring_operations = std::derived_from<Eigen::NumTraits<S>, scalar_num_traits<S>>;
} // namespace detail

} // namespace flowproof

namespace Eigen {
template <>
struct NumTraits<flowproof::rational> : flowproof::detail::scalar_num_traits<flowproof::rational> {
};
template <>
struct NumTraits<flowproof::ball> : flowproof::detail::scalar_num_traits<flowproof::ball> {};
template <>
struct NumTraits<flowproof::expr> : flowproof::detail::scalar_num_traits<flowproof::expr> {};
template <class T>
struct NumTraits<flowproof::dual<T>> : flowproof::detail::scalar_num_traits<flowproof::dual<T>> {};

namespace internal {
// Eigen's blocked products scale by alpha and compare it with 0 and 1, which enclosures and
// expressions cannot answer. Their products go the way of Eigen's own small ones.
template <class Left, class Right>
requires flowproof::detail::known_by_ring_operations<typename Left::Scalar>
struct generic_product_impl<Left, Right, DenseShape, DenseShape, GemmProduct>
    : generic_product_impl<Left, Right, DenseShape, DenseShape, CoeffBasedProductMode> {
};
template <class Left, class Right>
requires flowproof::detail::known_by_ring_operations<typename Left::Scalar>
struct generic_product_impl<Left, Right, DenseShape, DenseShape, GemvProduct>
    : generic_product_impl<Left, Right, DenseShape, DenseShape, CoeffBasedProductMode> {
};
} // namespace internal
} // namespace Eigen
