#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>

#include "numerics/scalar/rational.hpp"

namespace flowproof {

/// Closed bounded interval with rational ends, or empty: for what doubles cannot decide.
///
/// Enclosure  f(X, Y) contains f(x, y) for all x in X, y in Y. Where f is not defined on all of X
///            (a divisor that contains 0, sqrt of a negative number, log of one <= 0) the result is
///            empty, and what follows from it too.
/// Accuracy   ends are exact while they have at most 256 bits, then rounded outward to 192;
///            elementary functions are exact where their values are known to be rational, and
///            enclosed to 192 bits elsewhere. X - X contains 0 and is not 0.
/// Errors     none.
class rational_interval {
public:
    rational_interval() = default; ///< [0, 0]
    template <std::signed_integral I> rational_interval(I n) : rational_interval(rational(n)) {}
    rational_interval(const rational& q) : rational_interval(q, q) {}
    /// @throws std::invalid_argument unless lower <= upper.
    rational_interval(rational lower, rational upper);
    static rational_interval empty();
    static rational_interval pi();

    const rational& lower() const { return lower_; } ///< meaningless if empty
    const rational& upper() const { return upper_; }
    bool is_empty() const { return empty_; }
    bool contains_zero() const { return lower_.sign() <= 0 && upper_.sign() >= 0; }

    friend rational_interval operator+(const rational_interval& x, const rational_interval& y);
    friend rational_interval operator-(const rational_interval& x, const rational_interval& y);
    friend rational_interval operator*(const rational_interval& x, const rational_interval& y);
    friend rational_interval operator/(const rational_interval& x, const rational_interval& y);
    friend rational_interval operator-(const rational_interval& x);
    friend rational_interval square(const rational_interval& x) { return power(x, 2); }
    friend rational_interval power(const rational_interval& x, std::int64_t n);
    friend rational_interval sqrt(const rational_interval& x);
    friend rational_interval exp(const rational_interval& x);
    friend rational_interval log(const rational_interval& x);
    friend rational_interval sin(const rational_interval& x);
    friend rational_interval cos(const rational_interval& x);
    /// Empty if disjoint.
    friend rational_interval intersection(const rational_interval& x, const rational_interval& y);

private:
    struct unchecked {};
    rational_interval(unchecked, rational lower, rational upper);
    rational lower_, upper_;
    bool empty_ = false;
};

} // namespace flowproof
