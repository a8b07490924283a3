#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

#include "numerics/ode/vector_field.hpp"
#include "numerics/scalar/ball.hpp"

/// Taylor integration without enclosure: accurate, not proved.
namespace flowproof::approx {

struct ode_options {
    /// Asked of each step, relative to each component of the state at its beginning, but not less
    /// than 2^-20 of the largest: 10^-digits. The global error is what the flow makes of it;
    /// compare two runs. double: at most 15.
    int digits = 15;
    int order = 0;         ///< of the Taylor polynomials, at least 4; 0: chosen from the digits
    std::int64_t bits = 0; ///< working precision of balls; 0: chosen from the digits
    std::int64_t max_steps = 100'000;
    bool keep_path = false;                  ///< keep every step's polynomial: trajectory::at
    const std::atomic<bool>* stop = nullptr; ///< looked at between steps
};

/// Why an integration ended.
enum class ending {
    reached,      ///< the end time
    event,        ///< the event's first change of sign
    out_of_steps, ///< max_steps were not enough
    blow_up,      ///< steps shrink below 2^-52 (balls: 2^-100) of the time: a pole, or a
                  ///< singularity of f
    undefined,    ///< f is not defined at the state reached (division by zero, log of 0, ...)
    interrupted   ///< the stop flag
};
std::string_view name(ending e);

/// One step: y_i(time + s) = sum_k coefficients[i * (order + 1) + k] s^k, s between 0 and length.
template <class T> struct taylor_step {
    T time, length; ///< length < 0 for backward integration
    int order;
    std::vector<T> coefficients;
};

/// Where and why an integration ended, and on request the way there.
template <class T> struct trajectory {
    ending why;
    T time;               ///< end time, time of the event, or the last time reached
    std::vector<T> state; ///< at that time
    std::int64_t steps;
    std::vector<taylor_step<T>> path; ///< in order of time; empty unless kept

    /// The state at a time between 0 and `time`. @throws std::invalid_argument otherwise, or if no
    /// path was kept.
    std::vector<T> at(const T& t) const;
};

/// The Taylor order taken for these digits if none is asked for.
template <class T> int default_order(int digits);

/// Follows y' = f(y, p) from y(0) = start for `duration`, which may be negative, or to the first
/// change of sign of the field's event at a time other than 0. A value of the event within rounding
/// of 0 at the start counts as 0, so that an integration may go on where an event ended another;
/// touching 0 is no change of sign.
///
/// T = double: order about 20 to 30, error of one step below rounding; the same bits on every
/// instruction set.
/// T = ball: the midpoints, at a working precision chosen from the digits; the radii of inputs are
/// ignored, results are exact balls that carry the precision. Nothing is enclosed.
/// @throws std::invalid_argument for wrong counts, values that are not finite, digits or order out
///         of range.
template <class T>
trajectory<T> integrate(const vector_field& f, const std::vector<T>& start,
                        const std::vector<T>& parameters, const T& duration,
                        const ode_options& options = {});

extern template struct trajectory<double>;
extern template struct trajectory<ball>;
template <> int default_order<double>(int digits);
template <> int default_order<ball>(int digits);
extern template trajectory<double> integrate(const vector_field&, const std::vector<double>&,
                                             const std::vector<double>&, const double&,
                                             const ode_options&);
extern template trajectory<ball> integrate(const vector_field&, const std::vector<ball>&,
                                           const std::vector<ball>&, const ball&,
                                           const ode_options&);

} // namespace flowproof::approx
