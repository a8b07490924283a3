#pragma once

#include <cstdint>

#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/rational.hpp"
#include "verify/check/meter.hpp"

namespace flowproof::check {

/// Finite, below 2^(2^22), and 0 or above 2^(-2^22) in size as far as is known. Anything else
/// counts as undefined, so that exponents cannot grow without bound.
bool tame(const ball& x);
/// A ball that contains min(x, y), max(x, y) for every choice of points.
ball lesser(const ball& x, const ball& y);
ball greater(const ball& x, const ball& y);

/// All numbers from the infimum of `lo` to the supremum of `hi`.
///
/// Enclosure contract: f(X, Y) contains f(x, y) for all points. An operation that is not defined on
/// all of its operands gives two balls that are not finite, of which no order is ever certain.
/// Tighter than balls where sets are wide: [0, 1] [0, 1] is [0, 1].
struct range {
    ball lo, hi;
    range(ball low, ball high);
    explicit range(const ball& x) : range(x, x) {}
    range constant(const rational& q) const { return range(ball(q, lo.bits())); }

    friend range operator-(const range& x) { return {-x.hi, -x.lo}; }
    friend range operator+(const range& x, const range& y) { return {x.lo + y.lo, x.hi + y.hi}; }
    friend range operator-(const range& x, const range& y) { return {x.lo - y.hi, x.hi - y.lo}; }
    friend range operator*(const range& x, const range& y);
    friend range operator/(const range& x, const range& y);
    friend range power(const range& x, std::int64_t n); ///< n != 0
    friend range sqrt(const range& x);
    friend range exp(const range& x);
    friend range log(const range& x);
    friend range sin(const range& x);
    friend range cos(const range& x);
};

/// Certainly > 0, < 0, >= 0, <= 0, everywhere in the range?
bool above(const range& x);
bool below(const range& x);
bool at_least(const range& x);
bool at_most(const range& x);

/// Constants for run(), at one precision.
struct in_ranges {
    std::int64_t bits;
    range operator()(const rational& q) const { return range(ball(q, bits)); }
    range pi() const { return range(ball::pi(bits)); }
    range between(const rational& a, const rational& b) const {
        return {ball(a, bits), ball(b, bits)};
    }
};

} // namespace flowproof::check
