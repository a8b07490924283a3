#pragma once

#include <span>
#include <vector>

/// The l1 steps on one column, in double.
namespace flowproof::train {

/// What follows a gradient step: three different algorithms.
enum class shrinkage {
    none,             ///< keeps the sum of the column
    soft_threshold,   ///< S_lambda entrywise, without renormalisation: the sum shrinks
    constrained_prox, ///< the prox of lambda |.|_1 on the columns of sum 1
};

/// x_t <- sign(x_t) max(|x_t| - lambda, 0). @throws std::domain_error unless lambda >= 0.
void soft_threshold(std::span<double> x, double lambda);

/// z <- argmin |a - z|^2 / 2 + lambda |a|_1 subject to a_1 + ... + a_T = 1, which is
/// S_lambda(z - nu 1) with the unique nu at which the entries sum to 1.
///
/// Method   Bisection over the sorted breakpoints z_t -+ lambda for the linear piece that holds nu,
///          then nu from the entries that are not 0 there; O(T log T).
/// Accuracy entries to about T 2^-53 max|z|, measured against exact rationals.
/// @param breakpoints  scratch; its capacity is kept from call to call.
/// @throws std::domain_error unless z is not empty, finite and lambda >= 0 is finite.
void constrained_prox(std::span<double> z, double lambda, std::vector<double>& breakpoints);

} // namespace flowproof::train
