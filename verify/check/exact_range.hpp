#pragma once

#include <cstdint>
#include <utility>

#include "numerics/scalar/rational.hpp"

namespace flowproof::check {

/// All numbers from lo to hi, both exact, for signs that touch 0 at an end such as 1/3. Same
/// contract as range; not defined is also what takes more than 20000 digits. Elementary functions
/// round their ends outward.
struct exact_range {
    rational lo, hi;
    bool defined = true;
    exact_range(rational low, rational high);
    static exact_range undefined();
    exact_range constant(const rational& q) const { return {q, q}; }

    friend exact_range operator-(const exact_range& x);
    friend exact_range operator+(const exact_range& x, const exact_range& y);
    friend exact_range operator-(const exact_range& x, const exact_range& y) { return x + -y; }
    friend exact_range operator*(const exact_range& x, const exact_range& y);
    friend exact_range operator/(const exact_range& x, const exact_range& y);
    friend exact_range power(const exact_range& x, std::int64_t n); ///< n != 0
    friend exact_range sqrt(const exact_range& x);
    friend exact_range exp(const exact_range& x);
    friend exact_range log(const exact_range& x);
    friend exact_range sin(const exact_range& x);
    friend exact_range cos(const exact_range& x);
};

inline bool above(const exact_range& x) { return x.defined && x.lo.sign() > 0; }
inline bool below(const exact_range& x) { return x.defined && x.hi.sign() < 0; }
inline bool at_least(const exact_range& x) { return x.defined && x.lo.sign() >= 0; }
inline bool at_most(const exact_range& x) { return x.defined && x.hi.sign() <= 0; }

/// Constants for run().
struct in_exact_ranges {
    exact_range operator()(const rational& q) const { return {q, q}; }
    exact_range pi() const;
    exact_range between(const rational& a, const rational& b) const { return {a, b}; }
};

} // namespace flowproof::check
