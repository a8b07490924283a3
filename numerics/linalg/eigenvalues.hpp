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
/// Fails     (nothing returned) where bits do not suffice, and near matrices with a repeated
///           eigenvalue and too few eigenvectors.
/// @param a  n x n.
/// @throws std::invalid_argument unless a is square.
std::optional<std::vector<complex_ball>> eigenvalues(const matrix<ball>& a, std::int64_t bits);

/// The same for an exact matrix, always, Jordan blocks included: roots of the square-free factors
/// of its characteristic polynomial, isolated, to `bits` bits. Enclosures of different eigenvalues
/// are disjoint; identical ones are one eigenvalue with its algebraic multiplicity. Those of real
/// eigenvalues have im exactly 0.
std::vector<complex_ball> eigenvalues(const matrix<rational>& a, std::int64_t bits);

/// Enclosures of the k-th smallest eigenvalue, k = 1, ..., n, of every symmetric matrix within `a`.
///
/// As above; where that fails, from approximate eigenvectors Q in doubles: by Ostrowski's theorem
/// the k-th eigenvalue of Q^T A Q is that of A times a number within |Q^T Q - 1| of 1, and by
/// Weyl's it differs from the k-th diagonal entry by at most what lies beside the diagonal.
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
