#pragma once
// Includes FLINT: for .cpp files only.

#include <optional>
#include <vector>

#include "numerics/ode/box_gradients.hpp"
#include "numerics/ode/step_bounds.hpp"

namespace flowproof::rigorous {

/// Errors over one step in a weighted maximum norm, all of them upper bounds.
struct norm_step {
    std::vector<double> weights; ///< a few bits each
    magnitude before, within, after;
};

/// Moves component-wise errors over a step by the logarithmic norm of the Jacobian: with the
/// defect d and the error e of the polynomial,
///
///     D+ |e| <= mu |e| + |d|,   mu = max_i (J_ii + sum_(j != i) |J_ij| w_j / w_i)
///
/// where J runs over the Jacobian on a tube around the polynomial. The tube is assumed, and
/// accepted once the bound shows that no error leaves it (Hairer, Norsett, Wanner, Solving Ordinary
/// Differential Equations I, section I.10). The weights follow the eigenvector of the matrix of
/// these bounds, for which mu is smallest.
///
/// Nothing if no tube is found: a shorter step may help.
/// @param error    at the beginning, one bound a component
/// @param weights  those of the step before, to begin with
std::optional<norm_step> move_error(const step_bounds& bounds, box_gradients& gradients,
                                    const std::vector<magnitude>& error, const arf_t h,
                                    const std::vector<double>& weights);

} // namespace flowproof::rigorous
