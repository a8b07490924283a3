#pragma once

#include <cstdint>
#include <string_view>

#include "numerics/interval/interval.hpp"

/// Relations of sets after IEEE 1788, for empty sets too; equality, subset, interior and disjoint
/// are in interval.hpp. These are statements about sets. What is known of numbers that lie in them
/// is three-valued: order.hpp.
namespace flowproof {

/// Has each a in x some b >= a in y, and each b in y some a <= b in x? (less of IEEE 1788)
inline bool weakly_less(const interval<double>& x, const interval<double>& y) noexcept {
    return x.lower() <= y.lower() && x.upper() <= y.upper();
}
/// The same with a < b and b > a.
inline bool strictly_less(const interval<double>& x, const interval<double>& y) noexcept {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (x.is_empty() || y.is_empty()) return x == y;
    return (x.lower() < y.lower() || y.lower() == -infinity) &&
           (x.upper() < y.upper() || x.upper() == infinity) && weakly_less(x, y);
}
/// Is a <= b for all a in x, b in y?
inline bool precedes(const interval<double>& x, const interval<double>& y) noexcept {
    return x.is_empty() || y.is_empty() || x.upper() <= y.lower();
}
/// Is a < b for all a in x, b in y?
inline bool strictly_precedes(const interval<double>& x, const interval<double>& y) noexcept {
    return x.is_empty() || y.is_empty() || x.upper() < y.lower();
}

/// How x lies relative to y, the sixteen states of IEEE 1788 (Allen's relations).
enum class overlap_state : std::uint8_t {
    both_empty,
    first_empty,
    second_empty,
    before,       ///< x ends before y begins
    meets,        ///< x, not a point, ends where y, not a point, begins
    overlaps,     ///< x begins first, then y, then x ends, then y
    starts,       ///< both begin together, x ends first
    contained_by, ///< x lies in the interior of y, ends included
    finishes,     ///< both end together, x begins last
    equals,
    finished_by,
    contains,
    started_by,
    overlapped_by,
    met_by,
    after
};
overlap_state overlap(const interval<double>& x, const interval<double>& y) noexcept;
/// "both empty", "meets", "contained by", ...
std::string_view name(overlap_state state) noexcept;

} // namespace flowproof
