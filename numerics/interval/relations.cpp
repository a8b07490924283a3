#include "numerics/interval/relations.hpp"

#include <array>

namespace flowproof {

overlap_state overlap(const interval<double>& x, const interval<double>& y) noexcept {
    using enum overlap_state;
    if (x.is_empty()) return y.is_empty() ? both_empty : first_empty;
    if (y.is_empty()) return second_empty;
    const double a = x.lower(), b = x.upper(), c = y.lower(), d = y.upper();
    if (b < c) return before;
    if (d < a) return after;
    if (a == c) return b == d ? equals : b < d ? starts : started_by;
    if (b == d) return a > c ? finishes : finished_by;
    if (b == c) return meets;
    if (a == d) return met_by;
    if (a < c) return b < d ? overlaps : contains;
    return b < d ? contained_by : overlapped_by;
}

std::string_view name(overlap_state state) noexcept {
    static constexpr std::array<std::string_view, 16> names = {
        "both empty", "first empty",   "second empty", "before", "meets",       "overlaps",
        "starts",     "contained by",  "finishes",     "equals", "finished by", "contains",
        "started by", "overlapped by", "met by",       "after"};
    return names[static_cast<std::size_t>(state)];
}

} // namespace flowproof
