#pragma once
// Includes Arb: for .cpp files only.

#include "numerics/scalar/flint.hpp"

namespace flowproof {

/// Owns a ball of Arb, for calls of its functions; ball.hpp is the number to calculate with.
struct arb_number {
    arb_number() { arb_init(ball); }                                     ///< 0
    explicit arb_number(double x) : arb_number() { arb_set_d(ball, x); } ///< exactly x
    ~arb_number() { arb_clear(ball); }
    arb_number(const arb_number&) = delete;
    arb_number& operator=(const arb_number&) = delete;
    arb_t ball;
};

} // namespace flowproof
