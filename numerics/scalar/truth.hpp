#pragma once

#include <concepts>

namespace flowproof {

/// Answer to a question about numbers that may be known only as enclosures. A scoped
/// enum, so that neither `if (t)` nor `!t` compiles: the reader says what unknown means.
enum class truth { no, unknown, yes };

constexpr bool certainly(truth t) { return t == truth::yes; }
constexpr bool certainly_not(truth t) { return t == truth::no; }
constexpr bool possibly(truth t) { return t != truth::no; }

constexpr truth negation(truth t) {
    return t == truth::unknown ? t : (t == truth::yes ? truth::no : truth::yes);
}
constexpr truth conjunction(truth s, truth t) {
    if (s == truth::no || t == truth::no) return truth::no;
    return s == truth::yes && t == truth::yes ? truth::yes : truth::unknown;
}

/// Is x < y?  Numbers with a total order never answer unknown; NaN answers no.
/// Enclosures overload this with yes (all points), no (no points), unknown.
template <std::totally_ordered T> constexpr truth less(const T& x, const T& y) {
    return x < y ? truth::yes : truth::no;
}

} // namespace flowproof
