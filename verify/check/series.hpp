#pragma once

#include <vector>

#include "numerics/scalar/ball.hpp"
#include "verify/check/meter.hpp"
#include "verify/check/program.hpp"

namespace flowproof::check {

/// Coefficients of powers of s, lowest first; those that are not there are 0.
using series = std::vector<ball>;

/// Taylor coefficients of a program along series in its variables, order by order: the textbook
/// recurrences, quadratic in the order.
class recurrences {
public:
    /// @param p   without powers; lives longer than this object.
    recurrences(const program& p, std::int64_t bits, meter& work);

    /// Takes coefficient k = 0, 1, ... of every variable and computes that of every step.
    void advance(const std::vector<ball>& of_variables);
    /// The newest coefficient of output o.
    const ball& output(std::size_t o) const { return rows_[program_->outputs[o]].back(); }

private:
    ball coefficient(const program::step& s, std::size_t row, const std::vector<ball>& in);

    const program* program_;
    std::int64_t bits_;
    meter* work_;
    std::size_t order_ = 0;     ///< of the coefficient that is computed next
    std::vector<series> rows_;  ///< of every step
    std::vector<series> other_; ///< cosine of a sine, sine of a cosine
};

/// The series of f(c + s), where x is that of f(s) and of finite length.
series shifted(series x, const ball& c);
/// x(s), by Horner's rule.
ball at(const series& x, const ball& s);
series derivative(const series& x);

} // namespace flowproof::check
