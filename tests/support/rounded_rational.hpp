#pragma once

#include <cmath>
#include <limits>

#include "numerics/scalar/rational.hpp"

namespace flowproof::support {

/// Is `bound` the largest double <= x?  Uses exact comparison only, no rounding of rationals.
inline bool is_tightest_below(double bound, const rational& x) {
    constexpr double largest = std::numeric_limits<double>::max();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (bound == -infinity) return x < rational::exactly(-largest);
    if (!(bound <= largest) || rational::exactly(bound) > x) return false;
    return bound == largest || rational::exactly(std::nextafter(bound, infinity)) > x;
}
/// Is `bound` the smallest double >= x?
inline bool is_tightest_above(double bound, const rational& x) {
    return is_tightest_below(-bound, -x);
}

} // namespace flowproof::support
