#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/ode/taylor_program.hpp"

namespace flowproof::rigorous {

/// Values and first derivatives of velocity and event over boxes of states, in intervals of
/// doubles.
class box_gradients {
public:
    /// @param coefficients  enclosures of the forms' coefficients
    box_gradients(const taylor_program& program, std::vector<interval<double>> coefficients);

    /// Encloses all of it over the box. False if an operation of the velocity may not be
    /// differentiable somewhere in the box, or is beyond range.
    bool evaluate(std::span<const interval<double>> box);
    /// The same for the event, after evaluate().
    bool evaluate_event();

    interval<double> velocity(std::size_t i) const;
    /// d velocity_i / d y_j
    interval<double> jacobian(std::size_t i, std::size_t j) const { return jacobian_[i * n_ + j]; }
    interval<double> event() const { return value_[static_cast<std::size_t>(program_.event())]; }
    interval<double> event_slope(std::size_t j) const {
        return gradient(program_.event())[static_cast<std::ptrdiff_t>(j)];
    }

private:
    bool run(std::size_t first, std::size_t last);
    bool run(const taylor_instruction& i);
    interval<double> coefficient(std::int32_t c) const;
    interval<double>* gradient(std::int32_t row) {
        return gradient_.data() + static_cast<std::size_t>(row) * n_;
    }
    const interval<double>* gradient(std::int32_t row) const {
        return gradient_.data() + static_cast<std::size_t>(row) * n_;
    }

    const taylor_program& program_;
    std::size_t n_;
    std::vector<interval<double>> coefficients_, value_, gradient_, jacobian_;
};

} // namespace flowproof::rigorous
