#pragma once

#include <cstdint>

#include "numerics/interval/interval.hpp"

/// Elementary functions of intervals.
///
/// Domain    IEEE 1788: arguments outside the domain are dropped, log([-1, 1]) = [-inf, 0],
///           log([-2, 0]) is empty. Unbounded arguments give the closure of the range.
/// Accuracy  tightest: no smaller interval of doubles encloses the range. Arb brackets each end;
/// where
///           its bracket does not decide the rounding (exact values among them), MPFR rounds
///           correctly.
/// Errors    none, but for root of an order below 1.
namespace flowproof {

interval<double> exp(const interval<double>& x);
interval<double> exp2(const interval<double>& x);
interval<double> exp10(const interval<double>& x);
interval<double> expm1(const interval<double>& x); ///< e^x - 1
interval<double> log(const interval<double>& x);
interval<double> log2(const interval<double>& x);
interval<double> log10(const interval<double>& x);
interval<double> log1p(const interval<double>& x); ///< log(1 + x)

interval<double> sin(const interval<double>& x);
interval<double> cos(const interval<double>& x);
interval<double> tan(const interval<double>& x);
interval<double> asin(const interval<double>& x);
interval<double> acos(const interval<double>& x);
interval<double> atan(const interval<double>& x);
/// The angles in (-pi, pi] of the points (x, y), without the origin. A box that meets the negative
/// half axis and points below it gives [-pi, pi].
interval<double> atan2(const interval<double>& y, const interval<double>& x);

interval<double> sinh(const interval<double>& x);
interval<double> cosh(const interval<double>& x);
interval<double> tanh(const interval<double>& x);
interval<double> asinh(const interval<double>& x);
interval<double> acosh(const interval<double>& x);
interval<double> atanh(const interval<double>& x);

/// x^y = exp(y log x) for x > 0, and 0^y = 0 for y > 0. For integer exponents of any x see power().
interval<double> pow(const interval<double>& x, const interval<double>& y);
/// The n-th root: inverse of x^n on the reals for odd n, on x >= 0 for even n.
/// @throws std::invalid_argument unless n >= 1.
interval<double> root(const interval<double>& x, std::int64_t n);
interval<double> hypot(const interval<double>& x, const interval<double>& y); ///< sqrt(x^2 + y^2)

} // namespace flowproof
