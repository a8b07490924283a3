#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/ode/enclose.hpp"
#include "numerics/ode/taylor_program.hpp"

namespace flowproof::rigorous {

/// value[i] 2^exponent, each at least 0: bounds of errors that may lie far below the doubles.
struct magnitudes {
    std::vector<double> value;
    std::int64_t exponent = 0;
};

/// One step with its time divided by its length: for u between 0 and 1
///     p_i(u) = sum_k coefficients[i * (order + 1) + k] u^k.
/// p is one polynomial, the intervals enclose its coefficients.
struct step_polynomial {
    double length; ///< in time, exact; negative for backward integration
    int order;
    std::vector<interval<double>> coefficients;
};

/// The distance of solutions from the polynomials that follow them, step by step: with e = y - p
/// and parameters q + d
///
///     e' = f(p + e, q + d) - f(p, q) + defect,   defect = f(p, q) - p'.
///
/// Linear part: the flow linearised along p, its Taylor polynomials with their own defect enclosed.
/// The rest is at most 1/2 |H| (|e|, |d|)^2 over a tube around p that is assumed, and confirmed
/// after use. What comes from defect and rest is bounded by the solution of the componentwise
/// comparison z' = M z + ..., M >= J on the diagonal, >= |J| beside it, over the tube.
///
/// The set of errors is Lohner's doubleton { C r0 + Q r }, all centred at 0: r0 the start and the
/// deviations d, fixed for all times; Q nearly orthogonal with its columns in the order of their
/// width, r what the steps added. (R. Lohner, Einschliessung der Loesung gewoehnlicher Anfangs- und
/// Randwertaufgaben und Anwendungen, 1988.) With transport::norm it is a box, moved by the
/// comparison alone.
class error_frame {
public:
    /// @param parameters  q, each enclosed: as tightly as it can be, for the sake of transport.
    /// @param start       |e_i(0)|, one a state.
    /// @param deviation   |d_j|, one a parameter: the parameters are q + d. 0 costs nothing.
    /// @param how         frame or norm.
    /// @throws std::invalid_argument for wrong counts.
    error_frame(const taylor_program& program, std::vector<interval<double>> parameters,
                const magnitudes& start, const magnitudes& deviation,
                transport how = transport::frame);
    error_frame(const error_frame&);
    error_frame(error_frame&&) noexcept;
    error_frame& operator=(error_frame&&) noexcept;
    ~error_frame();

    enum class outcome {
        moved,
        too_wide, ///< no tube was confirmed: a shorter step may do
        undefined ///< f may not be defined on the tube
    };
    /// Moves the set along p. Unless moved, nothing has changed.
    /// @param defect  |f_i(p(u), q) - p_i'| |length| for all u (the time of p' not divided).
    /// @param shift   how far the next polynomial may begin from p(1), added to the set.
    outcome advance(const step_polynomial& p, const magnitudes& defect, const magnitudes& shift);

    /// |e_i| at the present time.
    magnitudes radius() const;
    /// |e_i(u)| for all u of the last step moved.
    const magnitudes& tube() const;
    /// |g(p + e, q + d) - g(p, q)| for the event g over the last step moved; one entry, empty
    /// without an event.
    const magnitudes& event_deviation() const;
    /// dg/dt for the event g over the last step and its tube.
    interval<double> event_rate() const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace flowproof::rigorous
