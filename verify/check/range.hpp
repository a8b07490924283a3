#pragma once

#include <cstdint>
#include <vector>

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

/// A value with its first derivatives in some variables (forward mode). No derivatives: constant.
struct jet {
    range value;
    std::vector<range> slope;
};
jet operator-(const jet& x);
jet operator+(const jet& x, const jet& y);
jet operator-(const jet& x, const jet& y);
jet operator*(const jet& x, const jet& y);
jet operator/(const jet& x, const jet& y);
jet power(const jet& x, std::int64_t n);
jet sqrt(const jet& x);
jet exp(const jet& x);
jet log(const jet& x);
jet sin(const jet& x);
jet cos(const jet& x);

/// Constants for run(): one precision, and what each operation costs.
struct in_ranges {
    std::int64_t bits;
    range operator()(const rational& q) const { return range(ball(q, bits)); }
    range pi() const { return range(ball::pi(bits)); }
};
struct in_jets {
    std::int64_t bits;
    jet operator()(const rational& q) const { return {range(ball(q, bits)), {}}; }
    jet pi() const { return {range(ball::pi(bits)), {}}; }
};

} // namespace flowproof::check
