#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "numerics/ode/taylor_program.hpp"
#include "numerics/scalar/ball.hpp"

namespace flowproof::rigorous {

/// A number within `error` of high + low; |low| is at most half an ulp of high.
struct enclosed_number {
    double high = 0, low = 0, error = 0;
};
/// Not finite unless x is finite and within the range of doubles.
enclosed_number enclosed(const ball& x);

/// The recurrences of a taylor_program with numbers for its coefficients.
struct series_program {
    static constexpr std::int32_t given = -1;

    std::size_t states = 0, rows = 0;
    std::vector<taylor_instruction> instructions;
    std::vector<affine_form> forms;
    std::vector<std::int32_t> velocity; ///< number of a form; `given`: the polynomial is an input
    std::vector<enclosed_number> coefficients;
};

/// The program at these values of its coefficients, with the event's instructions or without.
series_program bound_to(const taylor_program& program, std::vector<enclosed_number> coefficients,
                        bool with_event);

/// The linearised flow along y, for y' = f(y, q): states 0 to n - 1 are y, given; the next n the
/// derivative of y in the first direction, and so on. The first n directions are the components
/// of the start, the others parameters.
/// @param slopes  one list a parameter: the derivatives of the coefficients in this direction.
series_program linearised(const taylor_program& program, std::vector<enclosed_number> coefficients,
                          std::span<const std::vector<enclosed_number>> slopes);

} // namespace flowproof::rigorous
