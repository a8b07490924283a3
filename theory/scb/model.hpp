#pragma once

#include "numerics/linalg/matrix.hpp"
#include "theory/scb/reduced.hpp"

/// Sparse contextual bigrams and a one-layer linear transformer on them, in closed form.
///
/// Data   X = [x_1 .. x_T] one-hot and independent with law mu; k ~ mu independent of X; position
///        s ~ Q e_k; output o ~ P e_{x_s}.
/// Model  f = V X A e_k. Residual r = f - x_o. Loss L = E |r|^2 / 2.
///
/// Everything is a rational function of the entries, so it is written once over a field scalar and
/// instantiated for exact rationals (closures, oracles) and for expr (tapes). Notation, the
/// constraint set C and the sources of all formulas: theory/scb/README.md.
namespace flowproof::scb {

using Eigen::Index;

/// The law of the data.
template <class Scalar> struct bigram {
    matrix<Scalar> mu; ///< N x 1, positive, sums to 1
    matrix<Scalar> P;  ///< N x N, columns sum to 1, P mu = mu
    matrix<Scalar> Q;  ///< T x N, columns sum to 1

    Index N() const { return mu.rows(); }
    Index T() const { return Q.rows(); }
};

/// The matrix product; a plain loop, because entries are exact and sizes small.
template <class Scalar>
matrix<Scalar> product(const matrix<Scalar>& left, const matrix<Scalar>& right) {
    matrix<Scalar> result = matrix<Scalar>::Constant(left.rows(), right.cols(), Scalar(0));
    for (Index i = 0; i < left.rows(); ++i)
        for (Index j = 0; j < right.cols(); ++j)
            for (Index k = 0; k < left.cols(); ++k)
                result(i, j) += left(i, k) * right(k, j);
    return result;
}

/// <A, B>_mu = Tr(A D B^T) = sum_ij mu_j A_ij B_ij: the columns are weighted.
template <class Scalar>
Scalar inner(const matrix<Scalar>& A, const matrix<Scalar>& B, const matrix<Scalar>& mu);
/// |mu|^2, Euclidean.
template <class Scalar> Scalar squared_norm(const matrix<Scalar>& v);

/// K_P = |P|_mu^2 - |mu|^2 = |P - mu 1^T|_mu^2: how far P is from forgetting its input.
template <class Scalar> Scalar KP(const bigram<Scalar>& b);
/// K_Q = |Q|_mu^2 - 1/T = |Q - 1 1^T / T|_mu^2: how far Q is from uniform attention.
template <class Scalar> Scalar KQ(const bigram<Scalar>& b);

/// V - mu 1^T.
template <class Scalar> matrix<Scalar> centred_V(const bigram<Scalar>& b, const matrix<Scalar>& V);
/// A - 1 1^T / T.
template <class Scalar> matrix<Scalar> centred_A(const bigram<Scalar>& b, const matrix<Scalar>& A);

/// The eight numbers through which the loss sees V and A (scb.loss.population).
template <class Scalar> struct loss_parts {
    Scalar C;   ///< <P, V>_mu - mu^T V mu
    Scalar W;   ///< |V|_mu^2 - |V mu|^2
    Scalar m;   ///< mu^T V mu
    Scalar v2;  ///< |V mu|^2
    Scalar g_A; ///< <Q, A>_mu
    Scalar n_A; ///< |A|_mu^2
    Scalar s1;  ///< sum_k mu_k c_k,   c = 1^T A
    Scalar s2;  ///< sum_k mu_k c_k^2
};
template <class Scalar>
loss_parts<Scalar> parts(const bigram<Scalar>& b, const matrix<Scalar>& V, const matrix<Scalar>& A);

/// L = [1 - 2 (C g_A + (mu^T V mu) s1) + W n_A + |V mu|^2 s2] / 2, for all V and A.
/// Claim    scb.loss.population.
template <class Scalar> Scalar loss(const loss_parts<Scalar>& p) {
    return (1 - 2 * (p.C * p.g_A + p.m * p.s1) + p.W * p.n_A + p.v2 * p.s2) * rational(1, 2);
}
template <class Scalar>
Scalar population_loss(const bigram<Scalar>& b, const matrix<Scalar>& V, const matrix<Scalar>& A) {
    return loss(parts(b, V, A));
}
/// L* = L(P, Q) = [1 - |mu|^2 - K_P |Q|_mu^2] / 2, the least loss of any predictor.
/// Claim    scb.loss.bayes.
template <class Scalar> Scalar bayes_loss(const bigram<Scalar>& b);
/// (1 - |mu|^2) / 2: the loss of V = mu 1^T with A of column sums 1.
template <class Scalar> Scalar initial_loss(const bigram<Scalar>& b);
/// L - L* = [K_P |Q|_mu^2 - 2 C g_A + W n_A] / 2 on the constraint set C.
/// Claim    scb.loss.bayes.
template <class Scalar>
Scalar excess_loss(const bigram<Scalar>& b, const matrix<Scalar>& V, const matrix<Scalar>& A);

/// dL/dV = (n_A V - g_A P)(D - mu mu^T) + (s2 V - s1 P) mu mu^T, N x N.
/// Claim    scb.grad.full.
template <class Scalar>
matrix<Scalar> gradient_V(const bigram<Scalar>& b, const matrix<Scalar>& V,
                          const matrix<Scalar>& A);
/// dL/dA = [W A - C Q + 1 (|V mu|^2 c - (mu^T V mu) 1^T)] D, T x N; uses P mu = mu.
/// Claim    scb.grad.full.
template <class Scalar>
matrix<Scalar> gradient_A(const bigram<Scalar>& b, const matrix<Scalar>& V,
                          const matrix<Scalar>& A);
/// G D^-1: the preconditioner divides column k by mu_k.
template <class Scalar>
matrix<Scalar> preconditioned(const bigram<Scalar>& b, const matrix<Scalar>& G);
/// G D, its inverse.
template <class Scalar> matrix<Scalar> weighted(const bigram<Scalar>& b, const matrix<Scalar>& G);

/// (I - 1 1^T / N) G (I - mu 1^T): the <.,.>_mu-orthogonal projection on G mu = 0, 1^T G = 0.
template <class Scalar> matrix<Scalar> project_V(const bigram<Scalar>& b, const matrix<Scalar>& G);
/// (I - 1 1^T / T) G: the projection on 1^T G = 0.
template <class Scalar> matrix<Scalar> project_A(const matrix<Scalar>& G);

/// n_A (V - mu 1^T) - g_A (P - mu 1^T): dL/dV D^-1 on C, where it needs no projection.
/// Claim    scb.grad.projected.
template <class Scalar>
matrix<Scalar> projected_gradient_V(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                    const matrix<Scalar>& A);
/// W (A - 1 1^T / T) - C (Q - 1 1^T / T): the projection of dL/dA D^-1 on C.
/// Claim    scb.grad.projected.
template <class Scalar>
matrix<Scalar> projected_gradient_A(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                    const matrix<Scalar>& A);

/// K_P, K_Q and T.
template <class Scalar> sizes<Scalar> sizes_of(const bigram<Scalar>& b);
/// (alphaV, alphaA, deltaV, deltaA) of weights on C; needs K_P and K_Q different from 0.
template <class Scalar>
reduced<Scalar> coordinates(const bigram<Scalar>& b, const matrix<Scalar>& V,
                            const matrix<Scalar>& A);

/// The weights on C with these free entries: every point of C has exactly one such V.
/// @param free  (N - 1) x (N - 1): the upper left block of V - mu 1^T.
template <class Scalar> matrix<Scalar> V_on_C(const bigram<Scalar>& b, const matrix<Scalar>& free);
/// @param free  (T - 1) x N: the upper rows of A; the last row makes the column sums 1.
template <class Scalar> matrix<Scalar> A_on_C(const matrix<Scalar>& free);

/// sigma_G^2 = E |G_V|_mu^2 at the start V = mu 1^T, A = 1 1^T / T, one sample:
///     (1 - |mu|^2)(N - 1) / T - 2 (mu^T P 1 - N |mu|^2) / T^2.
/// Claim    scb.init.Vnoise.
template <class Scalar> Scalar sigma_G(const bigram<Scalar>& b);
/// h0 = sum mu_o mu_j H_oj^2 and h1 = sum P_oj mu_j H_oj^2 with
/// H_oj = (P - mu 1^T)_oj - (mu^T (P - mu 1^T))_j.
template <class Scalar> struct signal_constants { Scalar h0, h1; };
template <class Scalar> signal_constants<Scalar> signal(const bigram<Scalar>& b);
/// E <G_V, P - mu 1^T>_mu^2 = ((T - 1) h0 + h1) / T^2 at the start, one sample.
/// Claim    scb.init.Vnoise.
template <class Scalar> Scalar signal_second_moment(const bigram<Scalar>& b);

/// S_V = (V - mu 1^T) D (V - mu 1^T)^T, N x N.
template <class Scalar>
matrix<Scalar> value_covariance(const bigram<Scalar>& b, const matrix<Scalar>& V);
/// Sigma_k = E[r r^T | k] on C, k 0-based:
///     D - mu mu^T + |a_k|^2 S_V - <a_k, q_k> (Vbar D Pbar^T + Pbar D Vbar^T).
/// Claim    scb.A.noise.
template <class Scalar>
matrix<Scalar> residual_covariance(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                   const matrix<Scalar>& A, Index k);
/// v_k = Tr(S_V Sigma_k), k 0-based: E[<Vbar x_t, r>^2 | k] at positions t with a_tk = q_tk = 0.
/// Claim    scb.A.noise.
template <class Scalar>
Scalar off_support_noise(const bigram<Scalar>& b, const matrix<Scalar>& V, const matrix<Scalar>& A,
                         Index k);

/// mu_k (W + T |V mu|^2), k 0-based: second derivative of L along 1 e_k^T / sqrt(T).
/// Claim    scb.sgd.curvature.
template <class Scalar>
Scalar column_sum_curvature(const bigram<Scalar>& b, const matrix<Scalar>& V, Index k);

/// mu 1^T + V (I - mu 1^T): keeps the column sums of V and restores V mu = mu.
template <class Scalar>
matrix<Scalar> recentred_V(const bigram<Scalar>& b, const matrix<Scalar>& V);

} // namespace flowproof::scb
