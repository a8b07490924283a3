#pragma once

#include <Eigen/Core>

namespace flowproof {

/// Approximate eigenvalues of a symmetric matrix of doubles in increasing order, and an orthonormal
/// eigenvector for each (the columns, in the same order). Nothing is enclosed: a bound takes them
/// as a guess to check.
///
/// Source  Golub, Van Loan, Matrix Computations, section 8.3, as in Eigen's SelfAdjointEigenSolver,
///         which is slow to compile and hence compiled once.
struct symmetric_eigenpairs {
    Eigen::VectorXd values;
    Eigen::MatrixXd vectors;
    bool converged; ///< otherwise values and vectors are of no use
};
/// @param a  n x n; only its lower triangle is read.
symmetric_eigenpairs approximate_eigenpairs(const Eigen::MatrixXd& a);

/// The eigenvalues alone, for less work.
Eigen::VectorXd approximate_eigenvalues(const Eigen::MatrixXd& a);

} // namespace flowproof
