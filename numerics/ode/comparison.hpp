#pragma once

#include <span>
#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/ode/upper.hpp"

namespace flowproof::rigorous {

/// Componentwise bounds of e' = J(u) e + b(u) for 0 <= u <= 1, from the solution of z' = M z + b
/// with M_ii >= J_ii and M_ij >= |J_ij| at all u: |e(u)| <= z(u) if |e(0)| <= z(0).
/// (Mueller's theorem for quasi-monotone comparison systems; W. Walter, Differential and Integral
/// Inequalities, 1970.) Nothing is lost in exponentials of M but a `loss` of its size; signs of J
/// off the diagonal are.
class comparison {
public:
    /// @param jacobian  n x n, row by row, over the step.  @param length  of the step in time.
    /// @param loss      relative, at least 2^-40; each halving costs terms of a power series.
    comparison(std::span<const interval<double>> jacobian, std::size_t n, double length,
               double loss = 0x1p-20);

    /// Is M finite and the step short enough for it?
    bool usable() const { return usable_; }
    /// z(1).
    std::vector<upper> end(std::span<const upper> start, std::span<const upper> forcing) const;
    /// z(1) from a start in 0, for any number of forcings: one matrix serves them all.
    std::vector<upper> response(std::span<const upper> forcing);
    /// z(u) for all u.
    std::vector<upper> throughout(std::span<const upper> start,
                                  std::span<const upper> forcing) const;

private:
    std::vector<upper> follow(std::span<const upper> start, std::span<const upper> forcing,
                              double shift, bool rising) const;

    std::size_t n_;
    double loss_;
    std::vector<double> matrix_;   ///< M
    std::vector<upper> response_;  ///< of unit forcings, one after the other
    double shift_ = 0, decay_ = 1; ///< M + shift has no negative entry; decay >= exp(-shift)
    bool usable_ = true;
};

} // namespace flowproof::rigorous
