#pragma once

#include "numerics/interval/interval.hpp"
#include "numerics/scalar/truth.hpp"

/// Questions about numbers known only as members of intervals. yes: for every choice of members;
/// no: for no choice; unknown: else.
///
/// An empty operand answers unknown. Both yes and no would be vacuously right, but empty is what
/// an operation outside its domain returns, and no proof may rest on a value that does not exist.
namespace flowproof {

/// Is x < y?
inline truth less(const interval<double>& x, const interval<double>& y) {
    if (x.is_empty() || y.is_empty()) return truth::unknown;
    if (x.upper() < y.lower()) return truth::yes;
    return x.lower() >= y.upper() ? truth::no : truth::unknown;
}

/// Is x <= y?
inline truth less_equal(const interval<double>& x, const interval<double>& y) {
    if (x.is_empty() || y.is_empty()) return truth::unknown;
    if (x.upper() <= y.lower()) return truth::yes;
    return x.lower() > y.upper() ? truth::no : truth::unknown;
}

/// Is the number enclosed by x a member of the set s?
inline truth contains(const interval<double>& s, const interval<double>& x) {
    if (s.is_empty() || x.is_empty()) return truth::unknown;
    if (subset(x, s)) return truth::yes;
    return disjoint(x, s) ? truth::no : truth::unknown;
}

} // namespace flowproof
