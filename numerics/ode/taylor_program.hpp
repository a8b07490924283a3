#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "numerics/scalar/tape.hpp"

namespace flowproof {

/// What an instruction does to power series in time. Write r, x, y for the series in the rows
/// `out`, `x`, `y`, an index for their coefficients, and
///
///     v_k = x_1 y_(k-1) + ... + x_(k-1) y_1     ("inner", the terms without coefficients 0)
///
/// Every r_k needs coefficients up to k of earlier rows and up to k - 1 of its own.
enum class taylor_op : std::uint8_t {
    affine,     ///< r = form number x
    product,    ///< r_k = v_k + x_0 y_k + x_k y_0
    square,     ///< r_k = v_k(x, x) + 2 x_0 x_k
    quotient,   ///< r = x / y: r_k = (x_k - v_k(r, y) - r_0 y_k) / y_0
    reciprocal, ///< r = 1 / x: r_k = -(v_k(r, x) + r_0 x_k) / x_0
    sqrt,       ///< r_k = (x_k - v_k(r, r)) / (2 r_0)
    slope,      ///< r_k = k x_k, that is t dx/dt
    exp,        ///< y the slope of x: k r_k = v_k(y, r) + y_k r_0
    log,        ///< y = slope of x / x: k r_k = y_k
    sin_cos     ///< r = sin x in `out`, c = cos x in `out` + 1, y the slope of x:
                ///< k r_k = v_k(y, c) + y_k c_0, k c_k = -v_k(y, r) - y_k r_0
};

struct taylor_instruction {
    taylor_op op;
    std::int32_t out, x = 0, y = 0;
};

/// c_0 + c_1 x_1 + ... + c_m x_m. Coefficients are outputs of taylor_program::coefficients();
/// two of them need no multiplication.
struct affine_form {
    static constexpr std::int32_t none = -1, one = -1, minus_one = -2;
    struct term {
        std::int32_t coefficient; ///< output number, one or minus_one
        std::int32_t row;
    };
    std::int32_t constant = none; ///< output number, or none for 0
    std::vector<term> terms;
};

/// The recurrences for the Taylor coefficients of y' = f(y, p), and of an event along the way, as
/// plain data: any arithmetic can run them.
///
/// Rows 0 to states() - 1 are the components of y, the others are written by one instruction each,
/// in order. Coefficient k of every row follows from the coefficients k of the states; then
///
///     (k + 1) y_(i,k+1) = coefficient k of the form velocity()[i].
///
/// Linear operations are merged into forms whose coefficients depend on parameters alone and are
/// computed once; scalar factors are drawn out of products and quotients; positive powers are
/// products, also where the base is 0.
class taylor_program {
public:
    /// @param velocity  over the states, then the parameters; one output a state, at least one.
    /// @param event     over the same variables in the same order, one output; or none.
    /// @throws std::invalid_argument naming the rule and both counts or names; std::domain_error
    ///         for a division by the constant 0.
    explicit taylor_program(const tape& velocity, const tape& event = {});

    std::size_t states() const { return states_; }
    std::size_t parameters() const { return coefficients_.variables().size(); }
    std::size_t rows() const { return rows_; }
    /// All coefficients of the forms, a tape over the parameters.
    const tape& coefficients() const { return coefficients_; }
    const std::vector<affine_form>& forms() const { return forms_; }
    /// Those that the velocity needs come first,
    const std::vector<taylor_instruction>& instructions() const { return instructions_; }
    std::size_t velocity_instructions() const { return velocity_instructions_; } ///< this many.
    /// One number of a form a state.
    const std::vector<std::int32_t>& velocity() const { return velocity_; }
    /// The row of the event, or -1.
    std::int32_t event() const { return event_; }

private:
    friend class taylor_compiler;
    std::size_t states_ = 0, rows_ = 0, velocity_instructions_ = 0;
    tape coefficients_;
    std::vector<affine_form> forms_;
    std::vector<taylor_instruction> instructions_;
    std::vector<std::int32_t> velocity_;
    std::int32_t event_ = -1;
};

} // namespace flowproof
