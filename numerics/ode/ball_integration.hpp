#pragma once
// Includes FLINT: for .cpp files only.

#include <optional>
#include <vector>

#include "numerics/ode/box_gradients.hpp"
#include "numerics/ode/enclose.hpp"
#include "numerics/ode/event_scan.hpp"
#include "numerics/ode/frame_step.hpp"
#include "numerics/ode/norm_step.hpp"

namespace flowproof::rigorous {

/// An integration at one precision, by one transport. What it returns is proved.
class integration {
public:
    /// @param digits  of the local truncation
    /// @param how     norm or frame
    integration(const vector_field& f, const std::vector<ball>& start,
                const std::vector<ball>& parameters, const ball& duration, int digits, int order,
                slong bits, transport how, const flow_options& options);

    tube<ball> follow();

private:
    arf_ptr end() { return arb_midref(clock_[0]); }
    arf_ptr time() { return arb_midref(clock_[1]); }
    arf_ptr h() { return arb_midref(clock_[2]); } ///< of the present step
    arf_ptr last_end() { return arb_midref(clock_[3]); }
    arf_ptr low() { return arb_midref(clock_[4]); }
    arf_ptr high() { return arb_midref(clock_[5]); }
    bool backward() { return arf_sgn(last_end()) < 0; }

    std::vector<ball> state();
    /// State i becomes this ball's midpoint, rounded; the rest is error.
    void place(std::size_t i, arb_srcptr y);
    /// h = all that is left.
    double log2_left() {
        arf_sub(h(), end(), time(), ARF_PREC_EXACT, ARF_RND_DOWN);
        return approx::log2_abs(h());
    }

    /// h = a length of few bits: sums of lengths stay exact for long.
    void set_length(double log2_length);
    /// All coefficients, and log2 of the longest step that they allow.
    bool expand(double& longest);
    ending go();

    /// Finds a step that can be proved, at most this long; or why the integration ends.
    std::optional<ending> step(double& longest, double room);

    bool move_norm(const step_bounds& bounds);
    bool move_frame(const step_bounds& bounds);

    /// The event along the step; on a crossing, low() and high() enclose its time.
    sight look(const step_bounds& bounds);

    /// The sign of the event after the start, and up to which part of the step it is certain: if g
    /// has the coefficients 0, ..., 0, g_j at the start, g(s) = s^j G with G among the
    /// coefficients j of the solutions that begin where these have come by then.
    double leave_start(const step_bounds& bounds);

    /// Where the solutions are in a part of the step.
    void tube_box(std::vector<interval<double>>& box, const step_bounds& bounds,
                  const interval<double>& part) const;

    /// Time and state of the result: all from low() to high() after the beginning of the step.
    void over_step();

    /// y = polynomial i at s.
    void value(arb_ptr y, std::size_t i, const arb_t s);
    void step_to_end();
    void keep();

    const flow_options& options_;
    const double tolerance_;               // log2
    const std::vector<ball> coefficients_; // of the forms, for all parameters
    approx::ball_recurrence n_;
    box_gradients gradients_;
    std::vector<magnitude> error_, tube_; // of the state; over the present step
    std::optional<frame_step> frame_;     // or the norm:
    std::vector<double> weights_;
    norm_step moved_{}; // over the present step
    int side_ = 0;      // of the event; 0: not known yet
    approx::row clock_; // end, time, length of the step, last end, see low() and high()
    tube<ball> result_{};
};

/// Is the radius more than rounding? Then errors remember what they owe to this number.
bool is_wide(const ball& x);

} // namespace flowproof::rigorous
