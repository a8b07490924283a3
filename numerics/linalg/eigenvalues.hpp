#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "numerics/linalg/matrix.hpp"
#include "numerics/scalar/ball.hpp"

namespace flowproof {

struct complex_ball {
    ball re, im;
};

/// Enclosures of all n eigenvalues of every real matrix within `a`, counted with multiplicity.
///
/// Two enclosures are disjoint or identical; k identical ones hold exactly k eigenvalues, which
/// were not told apart. An eigenvalue that is told apart from all others and from its conjugate is
/// known to be real: its im is exactly 0.
///
/// Source    Rump, Linear Algebra Appl. 324 (2001), as in Arb's acb_mat_eig_multiple.
/// Accuracy  encloses; a k-fold eigenvalue that is not semisimple costs a factor k in bits.
/// @param a  n x n.
/// @param bits  working precision; nothing is returned where it does not suffice.
/// @throws std::invalid_argument unless a is square.
std::optional<std::vector<complex_ball>> eigenvalues(const matrix<ball>& a, std::int64_t bits);

/// The same for every symmetric matrix within `a`, in increasing order of the centres.
/// @throws std::invalid_argument unless a is square and contains a symmetric matrix.
std::optional<std::vector<ball>> symmetric_eigenvalues(const matrix<ball>& a, std::int64_t bits);

/// The largest absolute value of an eigenvalue: for every matrix within `a`, its own lies in the
/// ball. @throws std::invalid_argument unless a is square and not empty.
std::optional<ball> spectral_radius(const matrix<ball>& a, std::int64_t bits);

/// How many eigenvalues are negative and positive; none is 0.
struct inertia {
    std::size_t negative, positive;
    friend bool operator==(const inertia&, const inertia&) = default;
};
/// The inertia of every symmetric matrix within `a`, if it is the same and certain.
///
/// With Q from approximate eigenvectors, scaled to unit values, Q^T A Q is close to a diagonal of
/// signs. If it is strictly diagonally dominant, Gershgorin's discs tell its signs, Q is regular
/// and Sylvester's law carries them over to A: no eigenvalue is computed. Where doubles do not
/// resolve the smallest eigenvalue, the enclosures above decide.
/// @throws std::invalid_argument unless a is square and contains a symmetric matrix.
std::optional<inertia> inertia_of(const matrix<ball>& a, std::int64_t bits);

} // namespace flowproof
