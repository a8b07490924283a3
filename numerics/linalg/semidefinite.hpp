#pragma once

#include <Eigen/Core>
#include <atomic>
#include <vector>

namespace flowproof {

/// Symmetric n x n matrices G with sum of c G_ij over the entries of row k = right_k, for all k.
/// The rows are linearly independent.
struct affine_matrices {
    struct entry {
        Eigen::Index i, j; ///< i <= j; an entry beside the diagonal is listed once
        double c;
    };
    Eigen::Index size = 0;
    std::vector<std::vector<entry>> rows;
    Eigen::VectorXd right;
};

/// How far into the cone of positive semidefinite matrices an affine space reaches.
struct semidefinite_point {
    enum class answer {
        interior, ///< margin > 0: `matrix` is positive definite
        outside,  ///< reach < 0: the space has no positive semidefinite matrix
        boundary  ///< neither could be told: the space touches the cone, or nearly
    };
    answer is;
    Eigen::MatrixXd matrix;     ///< of the space, up to rounding
    double margin;              ///< its smallest eigenvalue
    double reach;               ///< no matrix of the space has a larger smallest eigenvalue
    Eigen::VectorXd functional; ///< y
    /// sum_k y_k A_k: positive definite with trace 1; reach = y . right. Where the space touches
    /// the cone, its limit spans what all semidefinite matrices of the space annihilate.
    Eigen::MatrixXd separator;
};

/// Maximises the smallest eigenvalue over the space, in doubles: estimates to be checked by others.
///
/// Method. The dual problem, to minimise y . right over all M(y) = sum_k y_k A_k >= 0 of trace 1,
/// is bounded and has an interior; it is followed along its central path by damped Newton steps on
/// T y . right - log det M(y), T growing fivefold. At each centre, G = (M^-1 - M^-1 M(d) M^-1) / T
/// - nu I with the Newton direction d lies in the space. Ends as soon as margin > reach / 5.
///
/// Cost  a step takes (entries of all rows) n^2 + (rows)^2 (entries a row) + (rows)^3 / 3.
/// Source  Boyd, Vandenberghe, Convex Optimization, section 11.6.
/// @param start  y with M(y) positive definite; scaled to trace 1 here.
/// @param stop  once set, what is known so far is returned.
/// @throws std::invalid_argument unless sizes fit and M(start) is positive definite.
semidefinite_point deepest_point(const affine_matrices& space, Eigen::VectorXd start,
                                 const std::atomic<bool>* stop = nullptr);

} // namespace flowproof
