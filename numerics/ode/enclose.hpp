#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/ode/vector_field.hpp"
#include "numerics/scalar/ball.hpp"

/// Integration with proof: every number returned contains the solution's.
namespace flowproof::rigorous {

/// How errors travel along the flow.
enum class transport {
    /// One radius a component, grown by the logarithmic norm of the Jacobian over the tube: cheap.
    /// Over-estimates where the flow rotates or expands in one direction only.
    norm,
    /// Lohner's set, Q r with Q nearly orthogonal, moved by an enclosure of the linearised flow.
    frame,
    automatic ///< balls: norm, and frame where the start is wide or the norm grows much faster than
              ///< the flow; doubles: frame up to 32 states
};

struct flow_options {
    /// Asked of the enclosure at the end, relative to the largest component; more digits are
    /// carried as the flow amplifies errors. Intervals of doubles: as narrow as they get.
    int digits = 15;
    int order = 0;         ///< of the Taylor polynomials; 0: chosen from the digits
    std::int64_t bits = 0; ///< working precision of balls; 0: chosen from the digits
    std::int64_t max_steps = 100'000;
    transport errors = transport::automatic;
    bool keep_path = false; ///< keep every step's polynomial and tube: tube::over, certificates
    const std::atomic<bool>* stop = nullptr; ///< looked at between steps
};

/// Why an integration ended.
enum class ending {
    reached,       ///< the end time
    crossed,       ///< the event's first zero, enclosed
    unclear,       ///< the event came within its enclosure of 0 without a certain crossing
    out_of_steps,  ///< max_steps were not enough
    not_validated, ///< no step is short enough: a pole, too wide a set, too few digits
    undefined,     ///< f may not be defined on the set reached
    interrupted    ///< the stop flag
};
std::string_view name(ending e);

/// What transport::norm proves of a step. In the norm max |e_i| / weights[i], if the error is at
/// most `before` at its beginning, it is at most `within` all the time and `after` at the end.
template <class T> struct norm_claim {
    std::vector<T> weights;
    T before, within, after;
    std::int64_t bits; ///< worked with
};

/// One step: for s between 0 and length, y_i(time + s) differs from the polynomial
///     sum_k coefficients[i * (order + 1) + k] s^k
/// by at most deviation[i]. Coefficients and length are exact.
template <class T> struct tube_step {
    T time, length; ///< length < 0 for backward integration
    int order;
    std::vector<T> coefficients;
    std::vector<T> deviation;
    std::optional<norm_claim<T>> norm{}; ///< exact numbers; none for other transports
};

/// An enclosed solution. What is given holds for every start and every parameter in the sets given,
/// whatever the ending: the state is that at `time`.
template <class T> struct tube {
    ending why;
    T time;               ///< end, enclosure of the crossing, or the last time reached
    std::vector<T> state; ///< encloses the solution at that time (at every time in it)
    std::int64_t steps;
    std::vector<tube_step<T>> path; ///< in order of time; empty unless kept
    int side = 0; ///< sign of the event before its zero, 1 or -1; 0: none, or not certain

    /// Encloses the states at all times in t. @throws std::invalid_argument if t is not within the
    /// times passed, or if no path was kept.
    std::vector<T> over(const T& t) const;
};

/// Follows y' = f(y, p) from every y(0) in start, for every p in parameters, for the exact time
/// `duration`, which may be negative, or to the first zero of the field's event at a time other
/// than 0. The event must cross 0 there with certainty; before, it has a certain sign at all times
/// but 0.
///
/// T = interval<double>: doubles and pairs of doubles, order 32; automatic is frame up to 32
/// states. T = ball: any precision. Wide starts and wide parameters are boxes: their points are
/// followed together and keep what they have in common as far as one linear map can (Lohner's
/// doubleton); see taylor_model.hpp for more. Nothing is thrown but std::invalid_argument for wrong
/// counts, values that are not finite, digits or order out of range.
template <class T>
tube<T> enclose(const vector_field& f, const std::vector<T>& start,
                const std::vector<T>& parameters, const T& duration,
                const flow_options& options = {});

template <> std::vector<ball> tube<ball>::over(const ball& t) const;
template <>
std::vector<interval<double>> tube<interval<double>>::over(const interval<double>& t) const;
template <>
tube<ball> enclose(const vector_field&, const std::vector<ball>&, const std::vector<ball>&,
                   const ball&, const flow_options&);
template <>
tube<interval<double>> enclose(const vector_field&, const std::vector<interval<double>>&,
                               const std::vector<interval<double>>&, const interval<double>&,
                               const flow_options&);

} // namespace flowproof::rigorous
