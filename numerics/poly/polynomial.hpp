#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "numerics/scalar/concept.hpp"
#include "numerics/scalar/exact_constant.hpp"

namespace flowproof {

class polynomial;

/// The ring Q[x1, ..., xn]: variable names in lexicographic order, x1 > x2 > ... > xn.
/// Cheap to copy. Two rings with equal names in equal order are the same ring.
class polynomial_ring {
public:
    /// @throws std::invalid_argument for an empty or a repeated name.
    explicit polynomial_ring(std::vector<std::string> variables);

    const std::vector<std::string>& variables() const;
    /// @throws std::invalid_argument naming the variables there are.
    std::size_t index_of(std::string_view variable) const;
    /// The polynomial x_i. @throws std::invalid_argument if there is no such variable.
    polynomial variable(std::size_t i) const;
    polynomial variable(std::string_view name) const;

    friend bool operator==(const polynomial_ring& x, const polynomial_ring& y) {
        return x.data_ == y.data_ || x.variables() == y.variables();
    }

private:
    friend class polynomial;
    struct content;
    std::shared_ptr<const content> data_;
};

/// Exact polynomial over the rationals in several variables (FLINT fmpq_mpoly).
///
/// Immutable, cheap to copy, safe to share between threads. A polynomial made from a number
/// carries no ring and adopts its partner's.
/// Errors: operands of two different rings throw std::logic_error; an exponent beyond 2^47 or a
/// coefficient beyond 2^30 bits throws std::length_error before it is formed by power or evaluate.
class polynomial : public with_exact_constants<polynomial> {
public:
    polynomial() = default;                                             ///< 0
    template <std::signed_integral I> polynomial(I n) : constant_(n) {} // NOLINT: exact
    polynomial(double) = delete;
    explicit polynomial(rational q) : constant_(std::move(q)) {}

    polynomial adopt(const rational& q) const { return polynomial(q); }

    friend polynomial operator+(const polynomial& x, const polynomial& y);
    friend polynomial operator-(const polynomial& x, const polynomial& y);
    friend polynomial operator*(const polynomial& x, const polynomial& y);
    friend polynomial operator-(const polynomial& x);
    polynomial& operator+=(const polynomial& y) { return *this = *this + y; }
    polynomial& operator-=(const polynomial& y) { return *this = *this - y; }
    polynomial& operator*=(const polynomial& y) { return *this = *this * y; }
    /// x to the n; 0 to the 0 is 1. @throws std::domain_error for n < 0.
    friend polynomial power(const polynomial& x, std::int64_t n);
    friend bool operator==(const polynomial& x, const polynomial& y);

    /// True and the quotient if y divides x without remainder; otherwise false and the quotient
    /// is left alone. @throws std::domain_error if y is 0.
    friend bool divide_exactly(const polynomial& x, const polynomial& y, polynomial& quotient);
    /// The greatest common divisor with leading coefficient 1; gcd(0, 0) = 0.
    /// @throws std::length_error if FLINT gives up.
    friend polynomial gcd(const polynomial& x, const polynomial& y);

    /// g and h with x = g^2 h, where h has no square factor and g leading coefficient 1; of a
    /// constant 1 and itself. @throws std::length_error if FLINT gives up.
    friend std::pair<polynomial, polynomial> split_squares(const polynomial& x);

    bool has_ring() const { return data_ != nullptr; }
    /// @throws std::logic_error for a number without ring.
    polynomial_ring ring() const;

    bool is_zero() const { return terms() == 0; }
    bool is_constant() const;
    /// @throws std::logic_error unless is_constant().
    rational constant_value() const;
    std::size_t terms() const; ///< number of non-zero terms
    /// -1 for the zero polynomial.
    std::int64_t total_degree() const;
    /// Degree in one variable of the ring, -1 for the zero polynomial.
    std::int64_t degree(std::size_t variable) const;
    /// Bound on the bits of numerators and denominators of all coefficients.
    std::size_t coefficient_bits() const;

    struct term {
        rational coefficient;
        std::vector<std::uint64_t> exponents; ///< one per variable of the ring
    };
    /// Terms in decreasing lexicographic order. @throws std::out_of_range.
    term term_at(std::size_t i) const;
    /// The sum of the terms begin, ..., end - 1. @throws std::out_of_range.
    polynomial slice(std::size_t begin, std::size_t end) const;
    rational leading_coefficient() const; ///< 0 for the zero polynomial
    int leading_sign() const { return leading_coefficient().sign(); }
    /// The largest monomial (coefficient 1) that divides every term; 1 for the zero polynomial.
    polynomial monomial_content() const;
    /// x as a polynomial in one variable: (exponent, coefficient) with falling exponents.
    std::vector<std::pair<std::int64_t, polynomial>> coefficients(std::size_t variable) const;

    polynomial derivative(std::size_t variable) const;
    /// @param point  one value per variable of the ring (of any length for a bare number).
    /// @throws std::invalid_argument for a wrong number of values.
    rational evaluate(const std::vector<rational>& point) const;

    /// "x^2 + 2*x*y - 1/2", equal for equal polynomials of one ring.
    std::string str() const;
    /// 64-bit hash of coefficients and exponents, the same in every build.
    std::uint64_t hash() const;

private:
    friend class polynomial_ring;
    struct content;
    explicit polynomial(std::shared_ptr<const content> data) : data_(std::move(data)) {}
    static std::shared_ptr<content> make(const polynomial_ring& ring);
    static std::shared_ptr<const content> lift(const polynomial& x, const polynomial& partner);
    static polynomial finished(std::shared_ptr<content> data);
    void check_variable(const char* who, std::size_t variable) const;

    std::shared_ptr<const content> data_; ///< null: the number constant_
    rational constant_;
};

std::ostream& operator<<(std::ostream& out, const polynomial& x);

template <> struct embed<polynomial> {
    polynomial operator()(const rational& q) const { return polynomial(q); }
};

static_assert(ring<polynomial> && !field<polynomial>);

} // namespace flowproof
