#pragma once

#include <string>

namespace flowproof {

struct rounding_report {
    bool passed = true;
    std::string failure; ///< what went wrong first, with the values seen; empty if passed
};

/// Does this process, on this machine, compute as the enclosures assume? Checks that doubles round
/// to nearest (ties to even), that subnormals are neither flushed nor read as zero, that there is
/// no excess precision and no contraction of a * b + c, that interval operations hit the values
/// derived from exact rationals on half-ulp edge cases, and that Arb encloses 1/3.
///
/// Costs well under a millisecond. Speaks for the calling thread, at the time of the call: the
/// floating-point environment is per thread and any library may change it.
rounding_report rounding_self_test();

} // namespace flowproof
