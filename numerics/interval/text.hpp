#pragma once

#include <string_view>

#include "numerics/interval/interval.hpp"

namespace flowproof {

/// Reads an interval literal of IEEE 1788 and encloses it tightly:
///
///     "[1, 2.5e-3]"  "[0x1.8p-3, inf]"  "[1/3]"  "[,2]"  "[empty]"  "[]"  "[entire]"  "[,]"
///     "3.56?1"       3.56 with an uncertainty of 1 unit in its last place: [3.55, 3.57]
///     "3.56?"        of half a unit; "3.56?2u" and "3.56?2d" upward and downward only
///     "-10?12e3"     with an exponent for both; "2.5??" of unlimited uncertainty
///
/// Letters in either case, spaces inside the brackets. A missing bound is infinite. Literals with
/// decorations are not read.
/// @throws std::invalid_argument naming the text and the rule it breaks: malformed numbers, a lower
/// bound above the upper one, [inf], exponents beyond 99999.
interval<double> parse_interval(std::string_view text);

} // namespace flowproof
