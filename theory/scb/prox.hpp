#pragma once

#include "numerics/linalg/matrix.hpp"
#include "theory/core/arguments.hpp"

/// The l1 steps on one column of A, exactly. All vectors are T x 1 columns; lambda >= 0.
namespace flowproof::scb {

/// Entrywise S_lambda(x) = sign(x) max(|x| - lambda, 0).
matrix<rational> soft_threshold(const matrix<rational>& x, const rational& lambda);

/// argmin |a - z|^2 / 2 + lambda |a|_1 subject to 1^T a = 1: S_lambda(z - nu 1) with the unique nu
/// at which the entries sum to 1, found on the sorted breakpoints z_t -+ lambda.
/// Claim    scb.prox.affine.
matrix<rational> prox_affine(const matrix<rational>& z, const rational& lambda);
/// The same point by its optimality conditions alone: the sign pattern among all 3^T for which
/// z - a - nu 1 is a subgradient of lambda |.|_1 at a. @throws std::invalid_argument for T > 8.
matrix<rational> prox_by_patterns(const matrix<rational>& z, const rational& lambda);

/// Euclidean projection (z - theta 1)_+ on the probability simplex, by sorting.
struct simplex_point {
    matrix<rational> a;
    rational theta;
};
simplex_point project_simplex(const matrix<rational>& z);
/// max(theta - min z, 0) / 2: from this lambda on prox_affine is the projection on the simplex.
/// Claim    scb.prox.affine.
rational lambda_star(const matrix<rational>& z);

/// S_{eta lambda}(a - eta (I - 1 1^T / T)(W a - C q)): one l1 step without renormalisation.
matrix<rational> l1_step(const matrix<rational>& a, const matrix<rational>& q, const rational& C,
                         const rational& W, const rational& lambda, const rational& eta);
/// q is a law on T >= 2 Q_s positions, W > 0, lambda >= 0 and lambda T / (T - Q_s) <= C q_min.
/// @throws std::invalid_argument naming the violated condition and its values.
void check_l1_column(const arguments& at);
/// Its fixed point: a_s = (C q_s - lambda T / (T - Q_s)) / W on the support of q, else 0.
/// Claim    scb.l1.bias.
/// @throws std::domain_error unless W > 0, lambda >= 0, T >= 2 Q_s and
/// lambda T / (T - Q_s) <= C q_min.
matrix<rational> l1_fixed_point(const matrix<rational>& q, const rational& C, const rational& W,
                                const rational& lambda);

} // namespace flowproof::scb
