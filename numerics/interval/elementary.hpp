#pragma once

#include "numerics/interval/interval.hpp"

/// Elementary functions of intervals, computed by Arb and rounded outward.
///
/// Domain    IEEE 1788: arguments outside the domain are dropped, log([-1, 1]) = [-inf, 0],
///           log([-2, 0]) is empty. Unbounded arguments give the closure of the range.
/// Accuracy  each endpoint is at most one double away from the tightest.
/// Errors    none.
namespace flowproof {

interval<double> exp(const interval<double>& x);
interval<double> log(const interval<double>& x);
interval<double> sin(const interval<double>& x);
interval<double> cos(const interval<double>& x);

} // namespace flowproof
