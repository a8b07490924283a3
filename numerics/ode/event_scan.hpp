#pragma once
// Includes FLINT: for .cpp files only.

#include "numerics/ode/step_bounds.hpp"

namespace flowproof::rigorous {

enum class sight {
    nothing,     ///< the event keeps its sign over the step
    crossing,    ///< it has its sign up to low and the other at high
    blurred_end, ///< it keeps its sign, but perhaps not at the end of the step
    blurred      ///< its sign is lost on the way
};

/// Looks for the first zero of an event along a step where it differs from its polynomial by at
/// most `blur`.
///
/// The step is halved until the polynomial has a certain sign on a part, or is monotone there: then
/// the ends decide. Ranges come in doubles, or from the middle in full precision and the slope. All
/// signs are those of enclosures, with the blur taken off.
class event_scan {
public:
    /// @param side  sign of the event before, 1 or -1
    event_scan(const step_bounds& bounds, const approx::ball_recurrence& n, const magnitude& blur,
               const arf_t h, int side);
    event_scan(const event_scan&) = delete;
    event_scan& operator=(const event_scan&) = delete;
    ~event_scan();

    /// From the part `from` of the step on, where the event has its sign.
    sight look(double from = 0);
    /// Times since the beginning of the step, between 0 and h.
    arf_srcptr low() const { return low_; }
    arf_srcptr high() const { return high_; }

private:
    sight look(double from, double to, int depth);
    sight cross(double from, double to);
    int sign(const interval<double>& u, const interval<double>& slope) const;
    int sign_at(const arf_t s, const magnitude& reach) const;
    int sign_at(double u, const magnitude& reach) const;

    const step_bounds& bounds_;
    const approx::ball_recurrence& n_;
    const std::size_t row_;
    const magnitude blur_;
    arf_srcptr h_;
    const int side_;
    arf_t low_, high_;
};

} // namespace flowproof::rigorous
