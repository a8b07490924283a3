#pragma once

#include <cstddef>
#include <vector>

#include "numerics/linalg/matrix.hpp"
#include "numerics/scalar/rational.hpp"

namespace flowproof {

/// What an exact L D L^T says of a symmetric rational matrix.
struct definiteness {
    enum class answer {
        positive_definite, ///< rank = size
        semidefinite,      ///< >= 0, rank < size
        indefinite         ///< negative in some direction
    };
    answer is;
    std::size_t rank = 0;            ///< of a matrix that is not indefinite
    std::vector<rational> direction; ///< v != 0 with v^T A v <= 0; empty if there is none
    rational value;                  ///< v^T A v: 0 if semidefinite, negative if indefinite
};

/// Eliminates symmetrically, always at a positive diagonal entry, of these the one with the fewest
/// bits. A negative diagonal entry of what is left, or an entry beside a zero one, gives the
/// direction.
///
/// Exact: no rounding, n^3 / 6 operations on numbers as long as minors.
/// @param a  n x n, symmetric, n >= 1.
/// @throws std::invalid_argument unless so, naming the entry.
definiteness definiteness_of(const matrix<rational>& a);

/// v^T A v. @throws std::invalid_argument for other shapes.
rational quadratic_form(const matrix<rational>& a, const std::vector<rational>& v);

} // namespace flowproof
