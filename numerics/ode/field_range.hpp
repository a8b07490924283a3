#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/ode/series_model.hpp"
#include "numerics/ode/taylor_program.hpp"
#include "numerics/ode/upper.hpp"

namespace flowproof::rigorous {

/// A coefficient c(q + d) of the recurrences for |d_j| <= the deviations of the parameters: its
/// range, and of what magnitude its first and second derivative are in the directions d.
struct coefficient_range {
    interval<double> value;
    upper first, second;
};

/// A vector field over a tube: all p(u) + e with |e_i| <= w_i 2^exponent, for a step's polynomials
/// p and parameters q + d. Derivatives of each row are bounded along its instruction, first and
/// second ones in the directions (w, d) at once, so that no Hessian is ever formed.
class field_range {
public:
    explicit field_range(const taylor_program& program);

    /// @param along         rows along p, of bound_to(program, ..., true).
    /// @param coefficients  with first and second derivatives divided by 2^exponent and its square.
    /// False if an operation may be undefined on the tube, or the tube is far too wide.
    bool evaluate(const series_model& along, std::span<const coefficient_range> coefficients,
                  std::span<const upper> w, std::int64_t exponent);

    /// df_i/dy_j over the tube. Computed on the first call of jacobian() after evaluate().
    const std::vector<interval<double>>& jacobian();
    /// dg/dt along the flow for the event g, over the tube.
    interval<double> event_rate() const;
    /// |sum of the second derivatives of f_i in the directions (w, d)|, over 4^exponent.
    std::vector<upper> curvature(std::span<const coefficient_range> coefficients) const;
    /// |df_i/dq d|, over 2^exponent.
    std::vector<upper> parameter_slope(std::span<const coefficient_range> c) const;
    /// |row(p + e, q + d) - row(p, q)|, over 2^exponent.
    upper deviation(std::size_t row) const { return first_[row]; }
    const interval<double>& value(std::size_t row) const { return value_[row]; }

private:
    /// Derivatives of every row by every state, by the first instructions.
    std::vector<interval<double>> slopes(std::size_t instructions) const;
    interval<double> slope(const affine_form& f, std::size_t j,
                           const std::vector<interval<double>>& of_rows) const;
    upper first_of(const taylor_instruction& i, std::span<const coefficient_range> c,
                   const std::vector<upper>& g) const;
    upper first_of(const affine_form& f, std::span<const coefficient_range> c,
                   const std::vector<upper>& g) const;

    const taylor_program* program_;
    std::vector<bool> helper_; ///< rows of derivatives in time, which nothing here needs
    std::vector<interval<double>> value_, coefficient_, jacobian_;
    std::vector<upper> size_, first_, coefficient_size_;
    std::vector<double> smallest_;
    bool has_jacobian_ = false;
};

} // namespace flowproof::rigorous
