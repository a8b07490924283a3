#pragma once

#include <memory>
#include <vector>

#include "numerics/ode/model_recurrence.hpp"

namespace flowproof::rigorous {

/// Bounds of |y - p| at the end of a step and during it, for each state.
struct carried {
    std::vector<upper> end, during;
};

/// Carries a bound of the distance between a solution y and its polynomial p over a step.
///
/// With d = p' - f(p), |y_i - p_i|' <= sup J_ii |y_i - p_i| + sum_j sup |J_ij| |y_j - p_j| + |d_i|,
/// J the Jacobian on a tube around p: see comparison. J is computed in models whose symbols are the
/// parameters' and time, so that what its entries have in common with the solution (1 - 2ab) is
/// kept; the suprema are over all symbols and the whole step. The tube is assumed, and confirmed by
/// what follows from it.
class model_transport {
public:
    model_transport(const taylor_program& program, const model_recurrence& recurrence);

    /// False if no tube was confirmed.
    bool carry(const model_recurrence& step, const std::vector<upper>& start,
               const std::vector<upper>& defect, carried& result);

private:
    bool differentiate(const model_recurrence& step, const std::vector<upper>& tube);
    model confined(const model_recurrence& step, std::size_t state, upper tube) const;
    model form(const affine_form& f, const std::vector<model>& rows, bool with_constant) const;

    const taylor_program& program_;
    std::shared_ptr<const monomials> basis_;
    std::vector<std::int32_t> place_; ///< of monomial i times u^k; -1 beyond the degree
    std::vector<model> coefficients_, rows_;
    std::vector<std::vector<model>> tangents_; ///< for each state, of each row
    std::vector<interval<double>> jacobian_;   ///< row by row
};

} // namespace flowproof::rigorous
