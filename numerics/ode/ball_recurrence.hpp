#pragma once
// Includes FLINT: for the .cpp files of ball_expansion and ball_recurrence only.

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "numerics/ode/digits.hpp"
#include "numerics/ode/integrate.hpp"
#include "numerics/ode/magnitude.hpp"
#include "numerics/ode/taylor_program.hpp"
#include "numerics/scalar/flint.hpp"

namespace flowproof::approx {

/// A row of Arb numbers with radius 0.
class row {
public:
    explicit row(slong size) : data_(_arb_vec_init(size)), size_(size) {}
    row(row&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(other.size_) {}
    row(const row&) = delete;
    row& operator=(const row&) = delete;
    ~row() {
        if (data_) _arb_vec_clear(data_, size_);
    }
    arb_ptr operator[](slong k) { return data_ + k; }
    arb_srcptr operator[](slong k) const { return data_ + k; }

private:
    arb_ptr data_;
    slong size_;
};

inline arf_ptr mid(arb_ptr x) { return arb_midref(x); }
inline arf_srcptr mid(arb_srcptr x) { return arb_midref(x); }
/// log2 |x|, -infinity for 0.
double log2_abs(const arf_t x);

/// Does a ball_recurrence bound its own rounding errors?
enum class residuals { ignored, bounded };

/// Runs a taylor_program on midpoints: Arb numbers whose radius stays 0.
///
/// Coefficients 0 are computed in Arb. Those of higher order are sums of products of digits: all
/// coefficients of a row, that of order k times 2^(k unit), have one lowest digit, `bits` below
/// the first that is not 0; so high orders of a step that is no longer than the unit have few.
///
/// What is computed is a polynomial for every row. With residuals::bounded, `residual` says by how
/// much these exact polynomials fail the equation of their instruction, coefficient by coefficient:
///
///     affine, product, square     r_k - (the right-hand side of taylor_op)
///     quotient, reciprocal, sqrt  coefficient k of r y - x, r x - 1, r^2 - x
///     slope                       nothing, it is exact
///     exp, log, sin_cos           the same as product, for k > 0; r_0 - f(x_0)
///     states                      y_k - (coefficient k - 1 of the velocity) / k
///
/// where a form has the midpoints of its coefficients.
class ball_recurrence {
public:
    ball_recurrence(const vector_field& f, const std::vector<ball>& parameters, slong order,
                    slong bits, residuals how = residuals::ignored);

    const vector_field field; // keeps the program
    const taylor_program& program;
    const slong order, bits;
    std::vector<row> rows; ///< coefficients 0 to order
    row speed;             ///< velocity at the present state
    /// log2 of the unit of time, about the length of the next step; too large rather than too
    /// small. expand() shortens it if the coefficients grow.
    double unit = 0;
    /// Digits suffice for steps that are longer than the unit by 2^slack.
    static constexpr double slack = 0.25;
    /// After a step that could have had the length of `unit`: the next changes as it did.
    void follow_trend();

    /// Bounds the residual of this row at order k.
    const magnitude& residual(std::size_t r, slong k) const {
        return residual_[r * static_cast<std::size_t>(order + 1) + static_cast<std::size_t>(k)];
    }
    /// The enclosures of the forms' coefficients for the parameters given.
    const std::vector<ball>& coefficients() const { return enclosed_; }
    /// The rows are computed to this order, those of the states to `order`.
    slong row_order() const { return has_event() ? order : order - 1; }

    slong states() const { return static_cast<slong>(program.states()); }
    bool has_event() const { return program.event() >= 0; }
    row& event() { return rows[static_cast<std::size_t>(program.event())]; }

    /// Coefficient 0 of everything, and the velocity; false if one is not finite.
    bool evaluate();
    /// Coefficients 1 to order; false if one is not finite.
    bool expand();
    /// Chooses what size() refers to, from the coefficients (relative_to in follow.hpp).
    void weigh();
    /// log2 of the largest term of order k at the unit of time, each state (and the event) relative
    /// to its weight; -infinity if all are 0.
    double size(slong k) const;
    /// p = polynomial without its constant term at s; slope = s p'(s) to half the digits.
    void sum(arb_ptr p, arb_ptr slope, const row& c, arf_srcptr s) const;

private:
    row& at(std::int32_t r) { return rows[static_cast<std::size_t>(r)]; }
    digit_row& series(std::int32_t r) { return series_[static_cast<std::size_t>(r)]; }
    const affine_form& velocity(slong i) const {
        return program
            .forms()[static_cast<std::size_t>(program.velocity()[static_cast<std::size_t>(i)])];
    }
    magnitude& residual(std::int32_t r, slong k) {
        return residual_[static_cast<std::size_t>(r) * static_cast<std::size_t>(order + 1) +
                         static_cast<std::size_t>(k)];
    }
    // Coefficient 0, in Arb.
    void settle(std::int32_t r);
    void solve(std::int32_t r, arb_srcptr pivot, arb_srcptr factor);
    void form(arb_ptr result, const affine_form& f);

    // Coefficient k, in digits (ball_recurrence_orders.cpp).
    struct extent;
    bool start();
    bool compute_orders();
    bool fits(slong k);
    std::int64_t fall(slong k) const;
    void raise_floor(std::int32_t r, slong k, std::int64_t top);
    void open(std::int32_t r, slong k, std::int64_t spare, const extent& terms);
    void store(std::int32_t r, slong k, const magnitude& more);
    void store_quotient(std::int32_t r, slong k, slong divisor, std::int64_t shift);
    void store_solution(std::int32_t r, slong k, const digits& pivot, std::int32_t factor,
                        int times);
    extent of_form(const affine_form& f, slong k);
    void add_form(const affine_form& f, slong k);
    void run(const taylor_instruction& i, slong number, slong k);
    void write_rows();

    const bool bounded_;
    std::vector<magnitude> residual_; // empty unless bounded
    std::vector<ball> enclosed_;
    row coefficient_; // of the forms, midpoints
    row work_;
    row pivot_; // an instruction's 1 / y_0, 1 / x_0, 1 / r_0

    std::vector<digit_row> series_; // the rows, order k times 2^(k scale_)
    std::vector<digits> factor_;    // coefficient_
    std::vector<digits> divisor_;   // pivot_
    std::int64_t scale_ = 0;
    double fall_ = 0;                                            // lowest digits, an order
    double last_unit_ = std::numeric_limits<double>::infinity(); // or not known
    columns sum_;
    digits x_, y_, z_;

    double log2_term(const row& c, slong k) const;
    std::vector<double> weight_;   // log2 of what size() refers to
    std::vector<slong> precision_; // bits of coefficient k
};

} // namespace flowproof::approx
