#pragma once

#include <cstdint>
#include <string>

#include "theory/core/obligation.hpp"
#include "theory/scb/model.hpp"

/// Exact instances: the reference instance R0, seeded random ones, and the checks that tell a
/// user's own matrices from them.
namespace flowproof::scb {

/// N = 3, T = 4, joint matrix P D = ((2, 2, 0), (1, 3, 3), (1, 2, 5)) / 19, two attended positions
/// a column.
bigram<rational> R0();
/// Unconstrained weights of R0 for which the theory page prints the loss.
matrix<rational> R0_V();
matrix<rational> R0_A();
/// Weights of R0 on C: R0_V projected and re-centred, and 1 1^T / T + (I - 1 1^T / T) R0_A.
matrix<rational> R0_V_on_C();
matrix<rational> R0_A_on_C();

/// mu, P, Q, and V, A where given, under these names.
arguments to_arguments(const bigram<rational>& b);
arguments to_arguments(const bigram<rational>& b, const matrix<rational>& V,
                       const matrix<rational>& A);
/// All entries, row by row, as one column.
matrix<rational> column(const std::vector<matrix<rational>>& parts);
matrix<rational> column(const std::vector<rational>& entries);
/// The start V = mu 1^T, A = 1 1^T / T.
matrix<rational> start_V(const bigram<rational>& b);
matrix<rational> start_A(const bigram<rational>& b);
/// 1 x 1.
matrix<rational> single(const rational& value);
bigram<rational> bigram_of(const arguments& at);
/// The same exact instance with constants of the recorder's arithmetic.
bigram<expr> constants(const bigram<rational>& b);
matrix<expr> constants(const matrix<rational>& m);

/// One column for the l1 steps: T = 12, Q_s = 3, q, C, W and lambda.
arguments l1_example();
/// z and lambda for the prox: four positions, one of them negative.
arguments prox_example();

/// Declarations of mu, P, Q and of V, A.
std::vector<parameter> bigram_parameters();
std::vector<parameter> weight_parameters();
/// Both lists in one.
std::vector<parameter> all_parameters();

/// mu is a column of N >= 2 positive entries with sum 1.
void check_law(const matrix<rational>& mu);
/// mu, P, Q: shapes, mu > 0 with sum 1, stochastic columns, P mu = mu.
/// @throws std::invalid_argument naming the rule, the column and both values.
void check_bigram(const arguments& at);
/// Additionally V is N x N and A is T x N.
void check_weights(const arguments& at);
/// Additionally V and A lie on C: 1^T A = 1^T, V mu = mu, 1^T V = 1^T.
void check_on_C(const arguments& at);
/// K_P > 0 and K_Q > 0: alphaV and alphaA are defined.
void check_reducible(const arguments& at);
/// check_on_C and check_reducible.
void check_signals(const arguments& at);
/// V and A lie on C, and every off-support entry of Q is one of A.
void check_support(const arguments& at);

/// How random weights are drawn.
enum class weights {
    free,   ///< any V, A
    on_C,   ///< V, A on C
    sparse, ///< on C, and A vanishes where Q does
    none    ///< no V, A
};

/// The k-th random instance under a seed. J = symmetric + cyclic part, normalised to total 1;
/// mu = J 1, P = J D^-1; columns of Q on random positions. (N, T) runs through (2, 3), (3, 2),
/// (3, 3) with k.
flowproof::instance random_instance(std::uint64_t seed, std::uint64_t k, weights kind);
/// rows x cols fractions, of the k-th random instance under a seed.
matrix<rational> random_weights(std::uint64_t seed, std::uint64_t k, Index rows, Index cols);
/// The same with uniform mu: P is doubly stochastic.
flowproof::instance random_uniform_instance(std::uint64_t seed, std::uint64_t k);

} // namespace flowproof::scb
