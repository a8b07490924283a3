#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "numerics/poly/polynomial.hpp"

namespace flowproof {

using exponents = std::vector<std::uint64_t>; ///< of a monomial, one per variable

/// x^(e + f). @pre as many variables.
exponents product(const exponents& x, const exponents& y);

struct square_monomials {
    std::vector<exponents> monomials; ///< in increasing degree
    bool too_many = false;            ///< more than the limit: nothing else is said
    std::string impossible{};         ///< not empty: why p is no sum of squares
};

/// The monomials that the squares of a sum of squares p may contain: between half the least and
/// half the largest total degree and degrees in each variable, without those whose square neither
/// occurs in p nor is the product of two others (repeatedly).
///
/// `impossible` is exact: a term of p that no product of two of them gives, or a monomial whose
/// square, given by no other product, has a negative coefficient in p.
square_monomials monomials_of_squares(const polynomial& p, std::size_t limit);

} // namespace flowproof
