#pragma once

#include <vector>

#include "numerics/ode/taylor_program.hpp"
#include "numerics/scalar/ball.hpp"

namespace flowproof::rigorous {

/// Encloses the Taylor coefficients 0 to `order` of the event along all solutions that begin in the
/// set of states; not finite where something may be undefined. Plain ball arithmetic.
/// @param coefficients  enclosures of the forms' coefficients
std::vector<ball> event_series(const taylor_program& program, const std::vector<ball>& coefficients,
                               const std::vector<ball>& states, int order);

} // namespace flowproof::rigorous
