#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "numerics/ode/double_double.hpp"
#include "numerics/ode/series_program.hpp"

namespace flowproof::rigorous {

/// Where a row's values lie, or its polynomial's.
struct value_range {
    double lower, upper;
};

/// Every row of a program along one step as a polynomial in time, and a bound of what it misses.
///
/// The states are polynomials of degree `order`, exact by definition; a row made of them is a
/// polynomial of degree order - 1 plus a function that stays below remainder() over the step. No
/// interval is convolved: coefficients are computed to nearest and only sums of magnitudes bound
/// their errors. With a_k = |x_k| h^k, A(m) = a_m + a_(m+1) + ... and conv the sum of a_j b_l over
/// j + l >= m, a product errs by at most
///
///     eps conv(fine) + eps_fine A(0) B(0)      rounding; coefficients below `fine` have 106 bits
///     + conv(order)                            what is cut off
///     + A(0) remainder_y + B(0) remainder_x + remainder_x remainder_y.
///
/// Other operations are bounded by the residual of their defining equation: for r = x / y that of
/// x - r y, for r = exp(x) that of r' - x' r, and so on.
class series_model {
public:
    /// @param fine  orders below this are computed in double_double; 0: none.
    series_model(series_program program, int order, int fine);
    int fine() const { return fine_; }
    void set_fine(int fine) { wanted_ = fine; } ///< from the next expand() on

    /// State i at the beginning.
    void set_start(std::size_t i, const double_double& value);
    /// Coefficients of a given state in the unit of the next expand(), and a bound of what they
    /// miss over the step.
    void set_given(std::size_t i, const double* coefficients, double remainder);

    /// Coefficients of all rows in the unit of time given, negative for backward. False unless all
    /// are finite.
    bool expand(double unit);
    /// Bounds over 0 to s units of time. False if an operation may be undefined there.
    bool bound(double s);

    int order() const { return order_; }
    const double* coefficients(std::size_t row) const { return high_.data() + row * stride_; }
    /// Sum over k >= from of |coefficient k| s^k.
    double sum(std::size_t row, int from) const {
        return suffix_[row * stride_ + static_cast<std::size_t>(from)];
    }
    double remainder(std::size_t row) const { return remainder_[row]; }
    /// Encloses the row's values over the step.
    value_range range(std::size_t row) const;
    /// |f_i - p_i'| |s unit| over the step, for all i not given.
    double defect(std::size_t i) const;
    /// The state at s, and a bound of its error as the value of the polynomial.
    double_double end(std::size_t i, double& error) const;
    /// Sum of |low parts| s^k: the states' coefficients() are off by this.
    double low_sum(std::size_t i) const;

    double_double coefficient(std::size_t row, int k) const;

private:
    void set(std::size_t row, int k, const double_double& value);
    void order_zero();
    template <class Real> void order_above(int k);
    template <class Real> Real form(const affine_form& f, int k) const;
    template <class Real> Real inner(std::int32_t x, std::int32_t y, int k, int from, int to) const;
    double form_bound(const affine_form& f, int fine) const;
    double row_bound(const taylor_instruction& i) const;
    double tail(std::size_t x, std::size_t y, int from) const;
    void weigh(std::size_t row);

    series_program program_;
    int order_, fine_, wanted_;
    std::size_t stride_;
    double s_ = 0, unit_ = 1;
    std::vector<double> high_, low_, reversed_; ///< reversed_[order - k] = high_[k]
    std::vector<double> start_error_;           ///< of coefficients 0 of exp, log, sin, cos
    std::vector<double> weight_, size_, suffix_, remainder_;
};

} // namespace flowproof::rigorous
