#pragma once
// Includes FLINT: for .cpp files only.

#include <optional>
#include <vector>

#include "numerics/ode/error_frame.hpp"
#include "numerics/ode/step_bounds.hpp"

namespace flowproof::rigorous {

/// Moves the errors of polynomials in balls by an error_frame: in doubles, of any exponent.
class frame_step {
public:
    /// @param parameters  q, enclosed in doubles
    /// @param error       at the start, one a state
    /// @param deviation   from q, one a parameter
    frame_step(const taylor_program& program, const std::vector<interval<double>>& parameters,
               const std::vector<magnitude>& error, const std::vector<magnitude>& deviation);

    /// Moves the set along the step. False if no tube is found: a shorter step may help.
    /// @param h      exact as a double
    /// @param shift  from the polynomial's end to the next beginning
    bool move(const approx::ball_recurrence& n, const step_bounds& bounds, const arf_t h,
              const std::vector<magnitude>& shift);
    /// Keeps the last move; without this the next one begins where it began.
    void accept();

    // Of the last move:
    std::vector<magnitude> radius() const; ///< at its end
    std::vector<magnitude> tube() const;   ///< at all times
    magnitude event_deviation() const;     ///< of the event, at all times

private:
    error_frame frame_;
    std::optional<error_frame> moved_;
    bool exact_;         ///< no error so far
    bool still_ = false; ///< nor by the last move
    std::vector<magnitude> zero_;
};

} // namespace flowproof::rigorous
