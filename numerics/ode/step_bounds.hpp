#pragma once
// Includes FLINT: for .cpp files only.

#include <cstddef>
#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/ode/ball_recurrence.hpp"

namespace flowproof::rigorous {

/// The tightest doubles around x.
interval<double> in_doubles(const arb_t x);

/// What the polynomials of one Taylor step are worth for s between 0 and h.
///
/// Let p be the polynomials of the states, exact as they stand, and r(s) the exact value of a row
/// at the states p(s). Every instruction fixes r by an equation (a product, r y = x, r' = x' r,
/// ...), which the polynomial computed for r satisfies up to its residual: rounding in the orders
/// computed and a tail beyond. Sums of |coefficient| |h|^k bound both, and with them the distance
/// of polynomial and r; no enclosure of derivatives of order N is needed. O(order) operations an
/// instruction, all rounded up.
///
/// Holds for every parameter in the balls given to the recurrence.
class step_bounds {
public:
    /// @param n  expanded, with residuals::bounded
    step_bounds(const approx::ball_recurrence& n, const arf_t h);

    /// Bounds the integral of |f_i(p(s)) - p_i'(s)| over the step; infinite if f(p(s)) may not be
    /// defined.
    const magnitude& defect(std::size_t i) const { return defect_[i]; }
    /// Bounds |h (f_i(p(s)) - p_i'(s))| for all s of the step.
    const magnitude& largest_defect(std::size_t i) const { return largest_defect_[i]; }
    /// Bounds |polynomial - r(s)| over the step; infinite if r may not be defined.
    const magnitude& error(std::size_t row) const { return error_[row]; }
    /// The values of a row's polynomial (not of r) at s = u h for all u, a part of [0, 1].
    interval<double> range(std::size_t row, const interval<double>& u) const;

    /// The same of its derivative by u.
    interval<double> slope(std::size_t row, const interval<double>& u) const;

    /// The step is looked at in this many parts.
    static constexpr int parts = 8;
    static interval<double> part(int j) { return {double(j) / parts, double(j + 1) / parts}; }

private:
    /// A polynomial in u with its small coefficients added up.
    struct outline {
        std::vector<interval<double>> c;
        double rest = 0, slope_rest = 0; ///< of the values and of the derivative
    };
    void measure(std::size_t row);
    const outline& outline_of(std::size_t row) const;
    interval<double> range(std::size_t row) const;
    magnitude least(std::size_t row, const magnitude& error) const;
    magnitude tail(std::size_t x, std::size_t y) const;
    void bound(const taylor_instruction& i);

    const magnitude& term(std::size_t row, slong k) const { return term_[row * stride_ + at(k)]; }
    /// Sum of the terms from k on.
    const magnitude& from(std::size_t row, slong k) const { return from_[row * stride_ + at(k)]; }
    magnitude residuals(std::size_t row, slong first) const;
    static std::size_t at(slong k) { return static_cast<std::size_t>(k); }

    const approx::ball_recurrence& n_;
    arf_srcptr h_;
    std::size_t stride_;
    slong order_;                        ///< of the rows that are not states
    std::vector<magnitude> power_;       ///< |h|^k
    std::vector<magnitude> term_, from_; ///< |coefficient k| |h|^k of each row; sums
    std::vector<magnitude> error_, defect_, largest_defect_;
    std::vector<magnitude> own_; ///< residual and tail of a quotient
    mutable std::vector<outline> outline_;
};

} // namespace flowproof::rigorous
