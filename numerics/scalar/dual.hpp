#pragma once

#include <utility>

#include "numerics/scalar/concept.hpp"
#include "numerics/scalar/exact_constant.hpp"

namespace flowproof {

/// value + slope * e with e^2 = 0: forward-mode derivative along one direction, over any ring.
/// With T = expr it records derivatives, with T = rational it computes them exactly. Slopes that
/// are 0 by construction are not multiplied out, so a derivative does not mention what it does not
/// depend on.
template <class T> struct dual : with_exact_constants<dual<T>> {
    T value;
    T slope;

    dual() : value(0), slope(0) {}
    template <std::signed_integral I>
    dual(I n) : value(n), slope(0) {} // NOLINT: exact, hence implicit
    dual(T v, T s) : value(std::move(v)), slope(std::move(s)) {}

    dual adopt(const rational& q) const {
        return {constant_like(value, q), constant_like(value, rational(0))};
    }

    dual& operator+=(const dual& y) { return *this = *this + y; }
    dual& operator-=(const dual& y) { return *this = *this - y; }
    dual& operator*=(const dual& y) { return *this = *this * y; }

    friend dual operator+(const dual& x, const dual& y) {
        return {x.value + y.value, x.slope + y.slope};
    }
    friend dual operator-(const dual& x, const dual& y) {
        return {x.value - y.value, x.slope - y.slope};
    }
    friend dual operator*(const dual& x, const dual& y) {
        const T product = x.value * y.value;
        if (known_zero(y.slope)) return {product, scaled(x.slope, y.value)};
        if (known_zero(x.slope)) return {product, scaled(y.slope, x.value)};
        return {product, x.slope * y.value + x.value * y.slope};
    }
    template <divisible S = T> friend dual operator/(const dual& x, const dual& y) {
        const T quotient = x.value / y.value;
        if (known_zero(y.slope))
            return {quotient, known_zero(x.slope) ? x.slope : T(x.slope / y.value)};
        return {quotient, (x.slope - quotient * y.slope) / y.value};
    }
    friend dual operator-(const dual& x) { return {-x.value, -x.slope}; }
    friend bool known_zero(const dual& x) { return known_zero(x.value) && known_zero(x.slope); }
    friend bool operator==(const dual& x, const dual& y) requires std::equality_comparable<T> {
        return x.value == y.value && x.slope == y.slope;
    }

    friend dual power(const dual& x, std::int64_t n) {
        using flowproof::power;
        if (n == 1) return x;
        if (n == 0)
            return {power(x.value, 0), scaled(x.slope, constant_like(x.value, rational(0)))};
        const T result = power(x.value, n);
        if (known_zero(x.slope)) return {result, x.slope};
        return {result, rational(n) * power(x.value, n - 1) * x.slope};
    }
    friend dual sqrt(const dual& x) requires detail::has_elementary<T> {
        using std::sqrt;
        const T root = sqrt(x.value);
        return {root, known_zero(x.slope) ? x.slope : T(x.slope / (2 * root))};
    }
    friend dual exp(const dual& x) requires detail::has_elementary<T> {
        using std::exp;
        const T e = exp(x.value);
        return {e, scaled(x.slope, e)};
    }
    friend dual log(const dual& x) requires detail::has_elementary<T> {
        using std::log;
        const T result = log(x.value);
        return {result, known_zero(x.slope) ? x.slope : T(x.slope / x.value)};
    }
    friend dual sin(const dual& x) requires detail::has_elementary<T> {
        using std::cos, std::sin;
        const T result = sin(x.value);
        return {result, known_zero(x.slope) ? x.slope : T(cos(x.value) * x.slope)};
    }
    friend dual cos(const dual& x) requires detail::has_elementary<T> {
        using std::cos, std::sin;
        const T result = cos(x.value);
        return {result, known_zero(x.slope) ? x.slope : T(-(sin(x.value) * x.slope))};
    }

private:
    /// slope * factor, where a slope that is 0 by construction stays 0.
    static T scaled(const T& slope, const T& factor) {
        return known_zero(slope) ? slope : T(slope * factor);
    }
};

template <class T> struct embed<dual<T>> {
    embed<T> inner{};
    dual<T> operator()(const rational& q) const { return {inner(q), inner(rational(0))}; }
    dual<T> pi() const requires requires(const embed<T>& e) { e.pi(); }
    { return {inner.pi(), inner(rational(0))}; }
};

} // namespace flowproof
