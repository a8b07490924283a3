#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "numerics/ode/integrate.hpp"
#include "numerics/ode/taylor_program.hpp"

namespace flowproof::approx {

/// A solution in double that advances by Taylor steps; `follow` drives it. Sizes and lengths pass
/// as logarithms to base 2, which neither overflow nor depend on the arithmetic.
///
/// Inside, time is scaled by a power of two near the last step, so that coefficients of any order
/// stay within range. State and time carry the rounding errors of their sums along.
class double_expansion {
public:
    double_expansion(const vector_field& f, const std::vector<double>& parameters,
                     const std::vector<double>& start, double duration, int order);

    int order() const { return order_; }
    int resolution() const { return 52; } ///< bits of time that a step must not fall below

    /// Is the velocity (and the event) finite at the present state?
    bool defined() const { return defined_; }
    /// Computes all coefficients at the present state; false if they are beyond range.
    bool expand();
    /// log2 of the largest |y_(i,k)|, of |event_k|; -infinity for 0.
    double size(int k) const;
    double event_size(int k) const;

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
    /// The polynomials of the step that was just accepted.
    taylor_step<double> step(double length) const;

private:
    struct instruction {
        taylor_op op;
        std::int32_t out, x, y;
        std::int32_t inner; ///< first accumulator
        std::int32_t first, last;
        double constant;
    };
    struct term {
        double coefficient;
        std::int32_t row;
    };

    void evaluate();
    void coefficients();
    double form(const instruction& f, const double* values) const;
    double* row(std::int32_t r) { return rows_.data() + static_cast<std::size_t>(r) * stride_; }
    const double* row(std::int32_t r) const {
        return rows_.data() + static_cast<std::size_t>(r) * stride_;
    }
    double* inner(std::int32_t r) { return inner_.data() + static_cast<std::size_t>(r) * stride_; }

    int order_;
    std::size_t states_, stride_, velocity_instructions_;
    std::int32_t event_;
    std::vector<instruction> instructions_, velocity_;
    std::vector<term> terms_;
    std::vector<double> zeroth_;  ///< coefficient 0 of each row, at the present state
    std::vector<double> current_; ///< coefficient k of each row, while order k is computed
    std::vector<double> rows_;    ///< coefficients 1, ...; 0 where not known yet
    std::vector<double> inner_;   ///< coefficients of inner products, as far as known
    std::vector<double> speed_;   ///< velocity at the present state
    std::vector<double> old_, old_low_, next_, low_;
    double scale_ = 1; ///< unit of scaled time, a power of two
    double used_scale_ = 1;
    double duration_, time_ = 0, time_low_ = 0;
    double old_event_ = 0;
    bool defined_ = false;
};

} // namespace flowproof::approx
