#pragma once

#include <cstdint>

#include "numerics/interval/interval.hpp"

/// Solutions of f(x) = c inside a set, the steps of constraint propagation. Each returns the hull
/// of
///
///     { x in `within` : f(x) in c },
///
/// tightest: solutions are enclosed on each side of 0 apart, each part is intersected with
/// `within`. divide_to_pair in interval.hpp keeps both parts of a quotient.
namespace flowproof {

/// x^2 in c
interval<double> reverse_square(const interval<double>& c,
                                const interval<double>& within = interval<double>::entire());
/// |x| in c
interval<double> reverse_abs(const interval<double>& c,
                             const interval<double>& within = interval<double>::entire());
/// x^n in c, with 0^0 = 1
interval<double> reverse_power(const interval<double>& c, std::int64_t n,
                               const interval<double>& within = interval<double>::entire());
/// b x in c for some member of b
interval<double> reverse_multiply(const interval<double>& b, const interval<double>& c,
                                  const interval<double>& within = interval<double>::entire());

/// The tightest z such that y + z contains x, whose width is not below that of y; entire where
/// there is no such z among the bounded ones: y empty or wider than x, x or y unbounded. Undoes x +
/// y without the width that x - y has.
interval<double> cancel_minus(const interval<double>& x, const interval<double>& y);
/// cancel_minus(x, -y)
interval<double> cancel_plus(const interval<double>& x, const interval<double>& y);

} // namespace flowproof
