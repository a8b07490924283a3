#pragma once

#include <optional>
#include <span>
#include <utility>

namespace flowproof::approx {

/// Where c_0 + c_1 u + ... + c_n u^n changes its sign first on the open interval from 0 to 1: an
/// interval that contains this root and no other. Nothing if there is none, also where the
/// polynomial only touches 0 or pairs of roots are closer than rounding lets one see.
///
/// Bernstein coefficients have at least as many changes of sign as the polynomial has roots;
/// halving the interval makes this sharp. c_0 must not be 0: divide by u first.
std::optional<std::pair<double, double>> first_sign_change(std::span<const double> c);

/// The root between low and high, a pair from first_sign_change, by bisection with Newton steps, to
/// rounding.
double root_between(std::span<const double> c, double low, double high);

} // namespace flowproof::approx
