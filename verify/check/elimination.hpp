#pragma once

#include <optional>
#include <string>
#include <vector>

#include "numerics/scalar/rational.hpp"
#include "verify/check/meter.hpp"

namespace flowproof::check {

/// Rationals, row by row.
struct square {
    std::size_t n = 0;
    std::vector<rational> entries;
    const rational& at(std::size_t i, std::size_t j) const { return entries[i * n + j]; }
    rational& at(std::size_t i, std::size_t j) { return entries[i * n + j]; }
};

/// Gauss-Jordan; nothing for a singular matrix.
std::optional<square> inverse(square a, meter& work);

/// Is the symmetric matrix positive definite, or semidefinite? By the pivots of L D L^T: empty if
/// so, else why not. A semidefinite matrix may have a pivot 0 where the rest of its row is 0.
std::string not_definite(square a, bool strictly, meter& work);

} // namespace flowproof::check
