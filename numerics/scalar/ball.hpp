#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "numerics/scalar/concept.hpp"
#include "numerics/scalar/exact_constant.hpp"

namespace flowproof {

/// Real number known to lie within a radius of a midpoint; any precision (Arb).
///
/// Enclosure contract: f(X, Y) contains f(x, y) for every x in X and y in Y. It need not be the
/// smallest such ball; X - X contains 0 but is not 0. Outside the domain of f (division by a ball
/// that contains 0, sqrt of a negative number) the result is not finite; nothing throws.
///
/// Every ball carries its working precision in bits; an operation uses the larger one. Balls made
/// from integers carry none (bits() == 0), are exact and adopt their partner's; two of them add,
/// subtract and multiply exactly, and refuse to divide inexactly.
class ball : public with_exact_constants<ball> {
public:
    ball() noexcept; ///< exact 0 without a precision; Eigen sizes matrices with it.
    template <std::signed_integral I> ball(I n) : ball() {
        set_integer(n);
    }                      // NOLINT: exact, hence implicit
    ball(double) = delete; ///< see rational::exactly
    /// The value q rounded to `bits` bits, with the rounding error in the radius.
    /// @throws std::invalid_argument unless 2 <= bits <= 2^24.
    ball(const rational& q, std::int64_t bits);
    ball(const ball& other);
    ball(ball&& other) noexcept;
    ball& operator=(const ball& other);
    ball& operator=(ball&& other) noexcept;
    ~ball();

    /// The smallest ball at this precision around [lower, upper].
    /// @throws std::invalid_argument unless lower <= upper.
    static ball hull(const rational& lower, const rational& upper, std::int64_t bits);
    static ball pi(std::int64_t bits);

    std::int64_t bits() const noexcept { return bits_; }
    /// The same set of numbers, worked on at another precision from now on.
    ball with_bits(std::int64_t bits) const;
    /// The constant q at this ball's precision; q must be an integer if it has none.
    ball adopt(const rational& q) const;

    ball& operator+=(const ball& y);
    ball& operator-=(const ball& y);
    ball& operator*=(const ball& y);
    /// @throws std::domain_error if neither operand carries a precision and y != +-1.
    ball& operator/=(const ball& y);
    friend ball operator+(ball x, const ball& y) { return x += y; }
    friend ball operator-(ball x, const ball& y) { return x -= y; }
    friend ball operator*(ball x, const ball& y) { return x *= y; }
    friend ball operator/(ball x, const ball& y) { return x /= y; }
    friend ball operator-(const ball& x);

    friend ball power(const ball& x, std::int64_t n);
    friend ball sqrt(const ball& x);
    friend ball exp(const ball& x);
    friend ball log(const ball& x);
    friend ball sin(const ball& x);
    friend ball cos(const ball& x);
    friend ball abs(const ball& x);

    /// Is x < y? Not-finite balls answer unknown.
    friend truth less(const ball& x, const ball& y);
    /// Is x == y? yes only for equal exact values, no for disjoint balls.
    friend truth equal(const ball& x, const ball& y);

    bool is_finite() const;
    bool is_exact() const; ///< radius 0
    bool contains(const rational& q) const;
    bool contains_zero() const;
    bool contains(const ball& other) const; ///< as sets
    bool overlaps(const ball& other) const;
    /// Exact endpoints and centre. @throws std::domain_error if what is asked for is not finite or
    /// beyond 2^(+-2^30).
    rational lower() const;
    rational upper() const;
    rational midpoint() const;
    rational radius() const;
    /// Bits of the midpoint that are known to be right, relative to its size; large for exact
    /// balls.
    std::int64_t relative_accuracy_bits() const;

    /// "0.3333 +/- 2.1e-6" with `digits` significant digits of the midpoint and a radius rounded
    /// up that covers the printed decimal; exact values print without radius, exponents beyond
    /// 300000 as Arb does: "[8.0572e+330985980541 +/- 3.23e+330985980536]"; "not finite".
    /// @throws std::invalid_argument unless 1 <= digits <= 4000000.
    std::string str(int digits) const;

    /// The Arb number inside (an arb_ptr), for this library's own .cpp files.
    void* raw() noexcept { return words_; }
    const void* raw() const noexcept { return words_; }

private:
    void set_integer(std::int64_t n);
    std::uint64_t words_[6];
    std::int64_t bits_ = 0;
};

std::ostream& operator<<(std::ostream& out, const ball& x);

/// Precision in bits that carries `digits` decimals with ten to spare.
std::int64_t bits_for_digits(int digits);

template <> struct embed<ball> {
    std::int64_t bits; ///< working precision
    ball operator()(const rational& q) const { return ball(q, bits); }
    ball pi() const { return ball::pi(bits); }
};

/// Frees the calling thread's FLINT caches; a pool calls it when a worker leaves.
void release_thread_caches() noexcept;

} // namespace flowproof
