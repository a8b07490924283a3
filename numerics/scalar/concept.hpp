#pragma once

#include <cmath>
#include <concepts>
#include <stdexcept>
#include <string>

#include "numerics/scalar/rational.hpp"
#include "numerics/scalar/truth.hpp"

namespace flowproof {

/// The ladder a formula asks for, rung by rung:
///
///     ring  <  field  <  ordered      (three-valued order)
///                     <  elementary   (sqrt, exp, log, sin, cos; independent of ordered)
///
/// Constants are int (ring) or rational (field) and never T: a ball, a polynomial or a series
/// carries a context (precision, variables, order), a constant has none and adopts its partner's.
template <class T>
concept ring = std::copyable<T> && requires(const T& x, const T& y, int n) {
    { x + y } -> std::convertible_to<T>;
    { x - y } -> std::convertible_to<T>;
    { x* y } -> std::convertible_to<T>;
    { -x } -> std::convertible_to<T>;
    { x + n } -> std::convertible_to<T>;
    { n + x } -> std::convertible_to<T>;
    { x - n } -> std::convertible_to<T>;
    { n - x } -> std::convertible_to<T>;
    { x* n } -> std::convertible_to<T>;
    { n* x } -> std::convertible_to<T>;
};

template <class T>
concept field = ring<T> && requires(const T& x, const T& y, const rational& q, int n) {
    { x / y } -> std::convertible_to<T>;
    { x / n } -> std::convertible_to<T>;
    { n / x } -> std::convertible_to<T>;
    { x + q } -> std::convertible_to<T>;
    { q + x } -> std::convertible_to<T>;
    { x - q } -> std::convertible_to<T>;
    { q - x } -> std::convertible_to<T>;
    { x* q } -> std::convertible_to<T>;
    { q* x } -> std::convertible_to<T>;
    { x / q } -> std::convertible_to<T>;
    { q / x } -> std::convertible_to<T>;
};

template <class T>
concept ordered = field<T> && requires(const T& x, const T& y) {
    { less(x, y) } -> std::same_as<truth>;
};

namespace detail {
using std::cos, std::exp, std::log, std::sin, std::sqrt;
template <class T>
concept has_elementary = requires(const T& x) {
    { sqrt(x) } -> std::convertible_to<T>;
    { exp(x) } -> std::convertible_to<T>;
    { log(x) } -> std::convertible_to<T>;
    { sin(x) } -> std::convertible_to<T>;
    { cos(x) } -> std::convertible_to<T>;
};
} // namespace detail

template <class T>
concept elementary = field<T> && detail::has_elementary<T>;

/// The image of an exact constant in the arithmetic T, under T's context. Specialised beside
/// each scalar; empty for those that need no context.
///     embed<ball>{bits}(rational(1, 3));   embed<double>{}(q)   // to nearest
template <class T> struct embed;

template <> struct embed<rational> {
    rational operator()(const rational& q) const { return q; }
};
template <> struct embed<double> {
    double operator()(const rational& q) const { return q.nearest(); }
    double pi() const { return 0x1.921fb54442d18p+1; } // to nearest
};

/// The exact constant q in the context (precision, variables, order) of x.
template <class T> T constant_like(const T& x, const rational& q) {
    if constexpr (requires {
                      { x.adopt(q) } -> std::convertible_to<T>;
                  }) {
        return x.adopt(q);
    } else {
        return embed<T>{}(q);
    }
}

/// Is x a 0 that may be dropped from a sum of products, whatever it is multiplied with? Never for
/// scalars with infinities or NaN. Scalars that record or compute exactly overload it, so that
/// derivatives carry no terms 0 * y.
template <class T> constexpr bool known_zero(const T&) { return false; }
inline bool known_zero(const rational& x) { return x.is_zero(); }

/// x * x * ... (n factors) by repeated squaring; n = 0 needs a one of x's context: x * 0 + 1.
/// A negative n divides. Scalars with a better power (ball, interval) overload this.
template <ring T> T power(const T& x, std::int64_t n) {
    if (n < 0) {
        if constexpr (field<T>) {
            return T(1 / power(x, -n));
        } else {
            throw std::domain_error("power: negative exponent " + std::to_string(n) +
                                    " in a ring without division");
        }
    }
    if (n == 0) return T(x * 0 + 1);
    T result = x;
    for (int bit = 62 - __builtin_clzll(static_cast<unsigned long long>(n)); bit >= 0; --bit) {
        result = T(result * result);
        if ((n >> bit) & 1) result = T(result * x);
    }
    return result;
}

/// Mixed arithmetic of double with exact constants: the constant is rounded to nearest first.
/// Templates, so that an int never converts to double on its way to a rational.
template <std::same_as<double> D> D operator+(D x, const rational& q) { return x + q.nearest(); }
template <std::same_as<double> D> D operator+(const rational& q, D x) { return q.nearest() + x; }
template <std::same_as<double> D> D operator-(D x, const rational& q) { return x - q.nearest(); }
template <std::same_as<double> D> D operator-(const rational& q, D x) { return q.nearest() - x; }
template <std::same_as<double> D> D operator*(D x, const rational& q) { return x * q.nearest(); }
template <std::same_as<double> D> D operator*(const rational& q, D x) { return q.nearest() * x; }
template <std::same_as<double> D> D operator/(D x, const rational& q) { return x / q.nearest(); }
template <std::same_as<double> D> D operator/(const rational& q, D x) { return q.nearest() / x; }

static_assert(ordered<rational> && !elementary<rational>);
static_assert(ordered<double> && elementary<double>);

} // namespace flowproof
