#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "numerics/ode/integrate.hpp"
#include "numerics/ode/taylor_program.hpp"

namespace flowproof::approx {

/// A solution in double that advances by Taylor steps; `follow` drives it. Sizes and lengths pass
/// as logarithms to base 2, which neither overflow nor depend on the arithmetic.
///
/// Inside, time is scaled by a power of two near the last step, so that coefficients of any order
/// stay within range. State and time carry the rounding errors of their sums along. Sums have one
/// order, elementwise: the same bits on every instruction set.
class double_expansion {
public:
    double_expansion(const vector_field& f, const std::vector<double>& parameters,
                     const std::vector<double>& start, double duration, int order,
                     bool wide = has_wide_lanes());
    /// Does this machine have AVX2, four lanes at a time?
    static bool has_wide_lanes();

    int order() const { return order_; }
    int resolution() const { return 52; } ///< bits of time that a step must not fall below

    /// Are velocity and event finite at the present state?
    bool defined() const { return defined_; }
    /// Computes all coefficients at the present state; false if they are beyond range.
    bool expand();
    /// log2 of the unit of time that the sizes below refer to.
    double unit() const;
    /// Chooses the unit for the next expand(), the length of a step; infinite if not known.
    void set_unit(double log2_unit);
    /// log2 of the longest step for which this unit serves; beyond it the next is taken.
    double reach() const { return unit() + 4; }
    /// log2 of the longest step for which these coefficients serve.
    double limit() const { return std::numeric_limits<double>::infinity(); }
    /// log2 of the largest coefficient of order k in this unit, each component of the state (and
    /// the event) relative to what relative_to() says; -infinity if all are 0.
    double size(int k) const;

    double left() const { return (duration_ - time_) - time_low_; }
    double log2_left() const;
    double log2_time() const;
    /// A step of this length towards the end.
    double length(double log2_length) const;
    static double half(double h) { return h / 2; }

    /// Event coefficients times powers of h, divided by the largest.
    std::vector<double> event_polynomial(double h) const;
    /// The event's root in (low h, high h); `polynomial` is event_polynomial() without its first
    /// `zeros` coefficients.
    double event_time(const std::vector<double>& polynomial, int zeros, double low, double high,
                      double h) const;

    /// Moves the state to p(h). Returns by how much p fails the equation there, as a displacement
    /// h |f(p(h)) - p'(h)| relative to the state; infinite where f is not defined.
    double move(double h);
    void undo();           ///< the state before move()
    void accept(double h); ///< time moves on, too
    void arrive() { time_ = duration_, time_low_ = 0; }

    double time() const { return time_; }
    std::vector<double> state() const;
    /// The polynomials of the step from the state before move(); its time is the present one.
    taylor_step<double> step(double length) const;

private:
    struct instruction {
        taylor_op op;
        std::int32_t out, x = 0, y = 0;
        std::int32_t out_row = 0, x_row = 0, y_row = 0; ///< where these begin in rows_
        std::int32_t inner = 0;                         ///< where its sums begin in inner_
        std::int32_t first = 0, last = 0;               ///< terms of an affine form
        double constant = 0;
    };
    struct term {
        double coefficient;
        std::int32_t row;
    };
    instruction bound(const affine_form& form, std::int32_t out,
                      const std::vector<double>& coefficients);
    void evaluate();
    void coefficients();
    void coefficients_avx2();
    template <class Lanes> void coefficients_in();
    double form(const instruction& f, const double* values) const;
    void weigh();

    const double* row(std::int32_t r) const {
        return rows_.data() + padding + static_cast<std::size_t>(r) * stride_;
    }
    const double* row(std::size_t r) const { return rows_.data() + padding + r * stride_; }

    /// Zeros before coefficient 1 of a row, so that sums may begin at a multiple of 4.
    static constexpr std::size_t padding = 4;

    int order_;
    std::size_t states_, stride_;
    std::int32_t event_;
    std::vector<instruction> instructions_, velocity_;
    std::vector<term> terms_;
    std::vector<std::int32_t> kept_; ///< rows whose coefficients are needed again
    std::vector<double> zeroth_;     ///< coefficient 0 of each row, at the present state
    std::vector<double> current_;    ///< coefficient k of each row, while order k is computed
    std::vector<double> rows_;       ///< coefficients 1, ...; 0 where not known yet
    std::vector<double> inner_;      ///< inner products (taylor_op), as far as known
    std::vector<double> speed_;      ///< velocity at the present state
    std::vector<double> low_;        ///< rounding errors of the state
    std::vector<double> old_, old_low_, slope_, weight_;
    double old_event_ = 0;
    double scale_ = 1; ///< unit of the coefficients, a power of two
    double duration_, time_ = 0, time_low_ = 0;
    bool defined_ = false, wide_;
};

} // namespace flowproof::approx
