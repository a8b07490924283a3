#pragma once

#include <string>
#include <vector>

#include "theory/core/paper.hpp"

namespace flowproof {

/// x_low, x_high, y_low, y_high of one part, decimal.
using figure_part = std::vector<std::string>;

/// The parts of the rectangle of x and y on which all outputs of a formula are certainly positive
/// (sign 1), on which one is certainly negative (-1), or neither (0), by interval evaluation; a
/// part of the last kind is quartered up to `halvings` times. Parts that leave the formula's domain
/// count as neither.
/// @throws std::invalid_argument for a variable that neither an axis nor `at` gives.
std::vector<figure_part> parts_of_sign(const formula& f, const axis& x, const axis& y,
                                       const arguments& at, int sign, int halvings = 7);

} // namespace flowproof
