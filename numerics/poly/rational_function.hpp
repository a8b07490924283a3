#pragma once

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "numerics/poly/polynomial.hpp"

namespace flowproof {

/// Quotient of two polynomials over Q in lowest terms; the denominator has leading coefficient 1.
/// So equal functions have equal numerators and denominators. A number carries no ring and adopts
/// its partner's.
/// Errors: division by the zero function throws std::domain_error; others as for polynomial.
class rational_function : public with_exact_constants<rational_function> {
public:
    rational_function() = default; ///< 0
    template <std::signed_integral I>
    rational_function(I n) : numerator_(n) {} // NOLINT: exact, hence implicit
    rational_function(double) = delete;
    explicit rational_function(rational q) : numerator_(std::move(q)) {}
    rational_function(polynomial p) : numerator_(std::move(p)) {} // NOLINT: exact, hence implicit
    /// @throws std::domain_error if the denominator is the zero polynomial.
    rational_function(const polynomial& numerator, const polynomial& denominator);

    rational_function adopt(const rational& q) const { return rational_function(q); }

    friend rational_function operator+(const rational_function& x, const rational_function& y);
    friend rational_function operator-(const rational_function& x, const rational_function& y);
    friend rational_function operator*(const rational_function& x, const rational_function& y);
    friend rational_function operator/(const rational_function& x, const rational_function& y);
    friend rational_function operator-(const rational_function& x);
    rational_function& operator+=(const rational_function& y) { return *this = *this + y; }
    rational_function& operator-=(const rational_function& y) { return *this = *this - y; }
    rational_function& operator*=(const rational_function& y) { return *this = *this * y; }
    rational_function& operator/=(const rational_function& y) { return *this = *this / y; }
    /// @throws std::domain_error for a negative power of the zero function.
    friend rational_function power(const rational_function& x, std::int64_t n);
    friend bool operator==(const rational_function& x, const rational_function& y) {
        return x.numerator_ == y.numerator_ && x.denominator_ == y.denominator_;
    }

    const polynomial& numerator() const { return numerator_; }
    const polynomial& denominator() const { return denominator_; }
    bool is_zero() const { return numerator_.is_zero(); }
    bool is_polynomial() const { return denominator_.is_constant(); }

    rational_function derivative(std::size_t variable) const;
    /// @throws std::domain_error where the denominator vanishes.
    rational evaluate(const std::vector<rational>& point) const;
    std::string str() const; ///< "(x + 1)/(y^2)", "x + 1"

private:
    struct lowest_terms {};
    rational_function(lowest_terms, polynomial numerator, polynomial denominator);
    polynomial numerator_;
    polynomial denominator_ = 1;
};

std::ostream& operator<<(std::ostream& out, const rational_function& x);

template <> struct embed<rational_function> {
    rational_function operator()(const rational& q) const { return rational_function(q); }
};

static_assert(field<rational_function>);

} // namespace flowproof
