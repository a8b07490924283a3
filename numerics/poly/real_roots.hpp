#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "numerics/poly/polynomial.hpp"
#include "numerics/scalar/rational.hpp"

namespace flowproof {

// Polynomials in one variable are given by their coefficients c_0, c_1, ..., c_n; leading zeros are
// allowed, the zero polynomial is not. All answers are exact. A missing end is infinite.

/// Sturm's chain of the square-free part: p_0 = p / gcd(p, p'), p_1 = p_0', p_{k+1} = - remainder
/// of p_{k-1} by p_k, each divided by its content.
///
/// With V(x) the number of sign changes along the chain at x, V(a) - V(b) is the number of distinct
/// real roots of p in (a, b] for all a < b.
///
/// Source  Basu, Pollack, Roy, Algorithms in Real Algebraic Geometry, theorem 2.62; that a and b
///         may be roots: p_0 has no multiple root, so the chain never vanishes as a whole.
class sturm_chain {
public:
    /// @throws std::invalid_argument for the zero polynomial.
    explicit sturm_chain(std::span<const rational> coefficients);

    std::size_t length() const; ///< polynomials in the chain
    std::size_t degree() const; ///< of the square-free part: distinct complex roots
    /// Distinct real roots in the open interval. @throws std::invalid_argument unless lower <
    /// upper.
    std::size_t count(const std::optional<rational>& lower,
                      const std::optional<rational>& upper) const;
    /// Sign of the square-free part, which has the sign of p's leading coefficient for large x.
    int sign_at(const rational& x) const;

private:
    struct content;
    std::shared_ptr<const content> data_;
};

/// p / gcd(p, p') with coprime integer coefficients and the sign of p's leading coefficient.
std::vector<rational> square_free_part(std::span<const rational> coefficients);

/// How often p changes its sign in the open interval: its roots of odd multiplicity.
std::size_t sign_changes(std::span<const rational> coefficients,
                         const std::optional<rational>& lower,
                         const std::optional<rational>& upper);

/// One real root: lower < root < upper, or lower == root == upper.
struct isolated_root {
    rational lower, upper;
    std::size_t multiplicity;
};
/// All real roots in increasing order. The closed intervals are disjoint and at most `width` wide;
/// no end is a root unless both are. @throws std::invalid_argument unless width > 0.
std::vector<isolated_root> isolate_real_roots(std::span<const rational> coefficients,
                                              const rational& width);

/// c_0, ..., c_n of a polynomial of a ring with one variable (or of a number).
/// @throws std::invalid_argument for a ring with more variables.
std::vector<rational> univariate_coefficients(const polynomial& p);

} // namespace flowproof
