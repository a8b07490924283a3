#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "numerics/linalg/matrix.hpp"
#include "numerics/linalg/semidefinite.hpp"
#include "numerics/poly/polynomial.hpp"
#include "numerics/poly/square_monomials.hpp"

namespace flowproof {

/// All symmetric H with q^T H q = p, for polynomials q_j = sum_a basis_aj z_a in monomials z:
/// an affine space, exactly, in row-reduced form. Every row determines one entry of H (its pivot)
/// from entries that are free.
class gram_space {
public:
    /// @param basis  monomials x r, columns linearly independent.
    /// @throws std::invalid_argument for other shapes.
    gram_space(std::vector<exponents> monomials, matrix<rational> basis, const polynomial& p);

    /// False: p is not in the span of the products q_i q_j, and the space is empty.
    bool consistent() const { return consistent_; }
    Eigen::Index size() const { return basis_.cols(); }
    const std::vector<exponents>& monomials() const { return monomials_; }
    const matrix<rational>& basis() const { return basis_; }

    /// The matrix of the space with the free entries of `guess`. @pre consistent().
    matrix<rational> completed(matrix<rational> guess) const;
    /// basis H basis^T: the Gram matrix over the monomials.
    matrix<rational> over_monomials(const matrix<rational>& h) const;

    /// The same space in doubles, for H' with H = D H' D, and a right side of size 1 instead of
    /// `unit`. @param d  diagonal of D.
    affine_matrices scaled(const Eigen::VectorXd& d, double unit) const;
    /// The y with sum_k y_k A_k = m over the rows of scaled(d, ...), for an m which has that form.
    Eigen::VectorXd functional(const Eigen::VectorXd& d, const Eigen::MatrixXd& m) const;
    /// sum_k y_k A_k, exactly, over the unscaled rows. @param y  one value a row.
    matrix<rational> functional_matrix(const std::vector<rational>& y) const;
    /// sum_k y_k right_k.
    rational functional_value(const std::vector<rational>& y) const;
    /// Of a functional over scaled(d, ...): the same over the unscaled rows.
    std::vector<rational> unscaled(const Eigen::VectorXd& d, const Eigen::VectorXd& y) const;

private:
    using entry = std::pair<Eigen::Index, Eigen::Index>; ///< (i, j) with i <= j
    struct row {
        entry pivot;
        std::map<entry, rational> left; ///< with the pivot, whose coefficient is 1
        rational right;
    };
    double norm(const row& r, const Eigen::VectorXd& d) const;
    void add(row next);

    std::vector<exponents> monomials_;
    matrix<rational> basis_;
    std::vector<row> rows_;
    bool consistent_ = true;
};

} // namespace flowproof
