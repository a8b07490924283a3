#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "numerics/linalg/matrix.hpp"
#include "numerics/poly/polynomial.hpp"

namespace flowproof {

/// The witness that a polynomial is a sum of squares: z^T G z with monomials z and G >= 0.
struct gram_certificate {
    std::vector<std::vector<std::uint64_t>> monomials; ///< exponents, one per variable of the ring
    matrix<rational> gram;                             ///< symmetric
};

/// Number of squares (the rank of G) if z^T G z = p, term by term, and G is positive semidefinite
/// by an exact L D L^T; otherwise nothing.
/// @throws std::invalid_argument for a matrix of another size than the list of monomials, or one
///         that is not symmetric.
std::optional<std::size_t> squares_shown(const polynomial& p, const gram_certificate& witness);

struct square_search {
    enum class answer {
        found,    ///< `witness` passed squares_shown
        none,     ///< p is not a sum of squares of real polynomials: shown exactly, see `reason`
        not_found ///< nothing is known: see `reason`
    };
    answer is;
    gram_certificate witness{};
    std::size_t squares = 0;
    std::string reason{};
};

struct square_search_options {
    std::size_t monomials = 60;              ///< most that z may have
    const std::atomic<bool>* stop = nullptr; ///< once set, the search ends
};

/// Looks for a sum of squares with rational coefficients.
///
/// Monomials: those of at most half the degree in every way, without those that cannot occur
/// because the coefficient of their square has to vanish. The Gram matrices form an affine space,
/// whose deepest positive definite point (numerics/linalg/semidefinite.hpp) is rounded to short
/// dyadic numbers and completed exactly. Where p touches 0 the space only touches the cone: then
/// every square vanishes on the real zeros, and the search goes on in the smaller space of
/// polynomials that the separating moment matrix annihilates, rationalised by continued fractions
/// (facial reduction). Where p = g^2 h that step is exact: the squares are tried among multiples of
/// g.
///
/// Numbers in doubles only guide; what is returned was checked in rationals. `none` rests on a
/// rational functional that is negative on p and positive definite on squares.
///
/// Fails (not_found) where squares exist only with irrational zeros that are not all conjugates of
/// real ones, where a face needs fractions of more than four digits, or beyond the size limit.
/// Source  Powers, Woermann 1998; Peyrl, Parrilo, Theor. Comput. Sci. 409 (2008) for rounding;
///         Reznick, Duke Math. J. 45 (1978) for the monomials.
square_search find_sum_of_squares(const polynomial& p, const square_search_options& options = {});

} // namespace flowproof
