#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "numerics/box/rational_interval.hpp"
#include "numerics/interval/interval.hpp"
#include "numerics/scalar/tape.hpp"

namespace flowproof {

/// A tape prepared for many evaluations over boxes. Constants and what depends on no variable are
/// enclosed once; x x is a square.
///
/// Enclosure  every output contains its values at all points of the box, and is empty unless each
///            operation it rests on is certainly defined at all of them.
/// Errors     none.
template <class T> class enclosed_tape {
public:
    explicit enclosed_tape(const tape& t);

    /// One value a node; the constants are in place. One for each thread.
    std::vector<T> workspace() const { return start_; }
    /// @param box   one interval a variable of the tape.
    /// @param work  a workspace() of this tape; holds the outputs until the next call.
    void evaluate(std::span<const T> box, std::vector<T>& work) const;
    const T& output(const std::vector<T>& work, std::size_t k) const { return work[outputs_[k]]; }
    std::size_t outputs() const { return outputs_.size(); }

private:
    struct instruction {
        opcode op;
        std::int32_t exponent;
        std::uint32_t out, a, b;
    };
    std::vector<T> start_;
    std::vector<instruction> program_;
    std::vector<std::uint32_t> outputs_;
};

extern template class enclosed_tape<interval<double>>;
extern template class enclosed_tape<rational_interval>;

/// The outputs of t, then the first derivatives of output 0, of output 1, ..., each by the
/// variables in order, with common subexpressions shared.
tape with_derivatives(const tape& t);
/// One output of t over the same variables.
tape one_output(const tape& t, std::size_t output);

} // namespace flowproof
