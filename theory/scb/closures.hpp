#pragma once

#include "theory/core/obligation.hpp"

/// Formulas and closures that claims and quantities share.
namespace flowproof::scb {

/// lambda_fast, lambda_slow at (1, 1) and lambda_+, lambda_- at z*, on K_P, K_Q, T > 0. The slow
/// one is written as constant / lambda_fast, which does not cancel.
formula equilibrium_eigenvalues();

enum class update { simultaneous, sequential };

/// (alphaV, alphaA) after n steps of the planar map from the given point, in balls; parameters
/// KP, KQ, T, etaV, etaA, alphaV, alphaA, n.
ball_closure discrete_orbit(update order = update::simultaneous);
/// The same in rationals; the digits grow threefold a step: n <= 8.
exact_closure exact_discrete_orbit(update order = update::simultaneous);

} // namespace flowproof::scb
