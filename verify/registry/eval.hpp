#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "theory/core/paper.hpp"

namespace flowproof {

/// A quantity's value, entry by entry, ready to print.
struct evaluated {
    std::size_t rows, cols;
    struct entry {
        std::string decimal; ///< digits asked for
        std::string exact;   ///< "286265/329232"; empty if the value is enclosed, not exact
        std::string
            radius; ///< bound on |true value - decimal|, rounded up; "0" if decimal is exact
        std::string lower, upper; ///< decimal enclosure, rounded outward
        bool estimated = false;   ///< radius, lower and upper are an error estimate, not a bound
    };
    std::vector<entry> entries; ///< row by row
    std::int64_t bits;          ///< working precision that reached the digits; 0 for exact values
    arguments at;               ///< all parameters used, defaults included
};

/// Evaluates at the defaults overridden by `set` to `digits` significant digits, raising the
/// precision until they are reached. Numbers asked of flows come with an estimate of their error,
/// all others with a bound.
/// @throws std::invalid_argument for unknown names, wrong shapes, violated domains (naming them);
///         std::runtime_error if 2^20 bits do not reach the digits, or a flow not its end.
evaluated evaluate_quantity(const quantity& q, const arguments& set, int digits);

} // namespace flowproof
