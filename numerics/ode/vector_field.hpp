#pragma once

#include <cstddef>
#include <memory>

#include "numerics/scalar/tape.hpp"

namespace flowproof {

class taylor_program; // the compiled recurrences

/// The right-hand side of y' = f(y, p), compiled from its tape for Taylor recurrences: products
/// become convolutions, linear operations are merged, subexpressions of parameters alone are
/// computed once. Immutable and cheap to copy; threads may share one.
class vector_field {
public:
    /// @param velocity  over the states, then the parameters; one output a state, at least one.
    /// @param event     over the same variables in the same order, one output; or none.
    /// @throws std::invalid_argument naming the rule and both counts or names; std::domain_error
    ///         for a division by the constant 0.
    explicit vector_field(const tape& velocity, const tape& event = {});

    std::size_t states() const;
    std::size_t parameters() const;
    bool has_event() const;
    const taylor_program& program() const { return *program_; }

private:
    std::shared_ptr<const taylor_program> program_;
};

} // namespace flowproof
