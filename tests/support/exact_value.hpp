#pragma once
// Includes FLINT: for tests of what stands below balls.

#include "numerics/ode/magnitude.hpp"
#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/rational.hpp"

namespace flowproof::support {

inline rational value(arf_srcptr x) {
    ball b = ball(0).with_bits(64);
    arf_set(arb_midref(static_cast<arb_ptr>(b.raw())), x);
    return b.midpoint();
}

inline rational value(const magnitude& x) {
    arf_t a;
    arf_init(a);
    arf_set_mag(a, x.raw());
    const rational result = value(a);
    arf_clear(a);
    return result;
}

} // namespace flowproof::support
