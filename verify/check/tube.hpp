#pragma once

#include <string>
#include <vector>

#include "verify/check/range.hpp"
#include "verify/check/series.hpp"

namespace flowproof::check {

/// x' = direction * f(x, parameters), in balls.
struct field {
    const program& velocity;     ///< over states and parameters
    program plain;               ///< the same without powers
    std::vector<std::size_t> at; ///< place of each of its variables: states, then parameters
    std::size_t states;
    std::vector<rational> parameters;
    int direction = 1; ///< -1: backward in time
    meter* work;
};

/// A step as the certificate states it.
struct tube_step {
    std::size_t line;
    rational length; ///< > 0, along the direction
    std::size_t order;
    std::int64_t bits; ///< the checker's: more than the certificate's
    std::vector<rational> centre, weights;
    rational before, within, after; ///< errors: at the start, throughout, at the end
};

/// What the checker knows of the solution during a step: component i of x(s) is within
/// error * weights[i] of polynomial i at s, for 0 <= s <= length.
struct tube {
    std::vector<series> polynomial;
    std::vector<ball> weights;
    ball error;     ///< an upper bound, throughout
    ball error_end; ///< an upper bound, at the end
    std::int64_t bits;

    /// Encloses the states for a <= s <= b.
    std::vector<ball> states(const rational& a, const rational& b) const;
};

/// Proves that a solution that starts within step.before of the centre exists and stays within
/// step.within, and bounds its error. @throws refusal where that cannot be shown.
///
/// Proof. Let p be the polynomial and |f(p) - p'| <= d w on the step. As long as the error E = x -
/// p stays within w * step.within, it obeys E' = J E + (f(p) - p') with J in the hull of the
/// Jacobian over that tube, hence in the norm max |E_i| / w_i
///     |E|' <= mu |E| + d,   mu = max over i of J_ii + sum over j != i of |J_ij| w_j / w_i,
///     |E(s)| <= |E(0)| exp(mu s) + d s phi(mu s),   phi(z) = (exp(z) - 1) / z.
/// If this bound stays below step.within at all times, the error cannot have left the tube.
tube follow(const field& f, const tube_step& step);

} // namespace flowproof::check
