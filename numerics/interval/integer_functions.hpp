#pragma once

#include "numerics/interval/interval.hpp"

/// Rounding to integers and the sign: the hull of the values on a set. The integers of an unbounded
/// set are unbounded; empty stays empty.
namespace flowproof {

interval<double> sign(const interval<double>& x);
interval<double> floor(const interval<double>& x);
interval<double> ceil(const interval<double>& x);
interval<double> trunc(const interval<double>& x);         ///< towards 0
interval<double> round_to_even(const interval<double>& x); ///< to nearest, ties to the even one
interval<double> round_away(const interval<double>& x);    ///< to nearest, ties away from 0

} // namespace flowproof
