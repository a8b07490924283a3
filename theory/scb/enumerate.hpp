#pragma once

#include <vector>

#include "theory/scb/model.hpp"

/// The data law summed outcome by outcome: what the closed forms of model.hpp are compared with.
/// Nothing here uses a closed form; with expr scalars the sums become tapes.
namespace flowproof::scb {

/// One outcome of the data law; indices are 0-based.
template <class Scalar> struct outcome_of {
    std::vector<Index> x; ///< tokens at the positions 0 .. T - 1
    Index k, s, o;        ///< query token, attended position, output token
    Scalar weight;        ///< its probability
};

/// E over X of X B X^T (N x N) for B of T x T, and of X^T M X (T x T) for M of N x N.
template <class Scalar>
matrix<Scalar> enumerated_XBX(const bigram<Scalar>& b, const matrix<Scalar>& B);
template <class Scalar>
matrix<Scalar> enumerated_XMX(const bigram<Scalar>& b, const matrix<Scalar>& M);

/// E |V X a_k - x_o|^2 / 2 over all N^T sequences, k, s, o.
/// @throws std::invalid_argument beyond 10^6 outcomes, as all functions here.
template <class Scalar>
Scalar enumerated_loss(const bigram<Scalar>& b, const matrix<Scalar>& V, const matrix<Scalar>& A);
/// E |V X a_k - P X q_k|^2 / 2: the distance to the conditional mean of x_o.
template <class Scalar>
Scalar enumerated_distance(const bigram<Scalar>& b, const matrix<Scalar>& V,
                           const matrix<Scalar>& A);
/// E[x_o | X, k] for every sequence and every k, one column each, from the outcomes s and o.
template <class Scalar> matrix<Scalar> enumerated_conditional_means(const bigram<Scalar>& b);
/// P X q_k for the same sequences and k, in the same order.
template <class Scalar> matrix<Scalar> bayes_predictions(const bigram<Scalar>& b);

/// E[r (X a_k)^T], N x N: the chain rule sample by sample.
template <class Scalar>
matrix<Scalar> enumerated_gradient_V(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                     const matrix<Scalar>& A);
/// E[X^T V^T r e_k^T], T x N.
template <class Scalar>
matrix<Scalar> enumerated_gradient_A(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                     const matrix<Scalar>& A);
/// (I - 1 1^T / T) X^T V^T r for every outcome, one column each: the A-gradients before 1 / mu_k.
template <class Scalar>
matrix<Scalar> sample_gradients_A(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                  const matrix<Scalar>& A);
/// 1^T r for every outcome, 1 x outcomes.
template <class Scalar>
matrix<Scalar> residual_sums(const bigram<Scalar>& b, const matrix<Scalar>& V,
                             const matrix<Scalar>& A);

/// Moments of one sample's preconditioned projected gradient G_V = Pi_V(r (X a_k)^T D^-1) at
/// V = mu 1^T, A = 1 1^T / T.
template <class Scalar> struct start_moments {
    matrix<Scalar> mean;   ///< E G_V
    Scalar second;         ///< E |G_V|_mu^2
    Scalar signal;         ///< E <G_V, Pbar>_mu
    Scalar signal_squared; ///< E <G_V, Pbar>_mu^2
};
template <class Scalar> start_moments<Scalar> enumerated_start(const bigram<Scalar>& b);

/// E[r r^T | k], k 0-based.
template <class Scalar>
matrix<Scalar> enumerated_residual_covariance(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                              const matrix<Scalar>& A, Index k);
/// Row t: the mean and the second moment of <Vbar x_t, r> given k; T x 2.
template <class Scalar>
matrix<Scalar> enumerated_entry_moments(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                        const matrix<Scalar>& A, Index k);

} // namespace flowproof::scb
