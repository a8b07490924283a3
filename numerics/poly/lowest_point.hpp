#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "numerics/poly/polynomial.hpp"

namespace flowproof {

/// One positive size per variable, powers of 2, at which the terms of p are of like size as far as
/// that goes: the least-squares fit of log |c x^e|.
std::vector<double> natural_sizes(const polynomial& p);

/// Looks for a rational point with p < below, by damped Newton descent from random starts within
/// twice the natural sizes, rounded to the shortest coordinates that do. What is returned was
/// checked exactly; nothing returned proves nothing, except in one variable: there the real roots
/// of p - below are isolated first, one point between any two of them decides. The same answer for
/// the same seed.
/// @param starts  descents to make.
std::optional<std::vector<rational>> point_below(const polynomial& p, const rational& below,
                                                 std::size_t starts, std::uint64_t seed);

} // namespace flowproof
