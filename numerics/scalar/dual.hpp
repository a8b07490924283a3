#pragma once

#include <utility>

#include "numerics/scalar/concept.hpp"
#include "numerics/scalar/exact_constant.hpp"

namespace flowproof {

/// value + slope * e with e^2 = 0: forward-mode derivative along one direction, over any ring.
/// With T = expr it records derivatives, with T = rational it computes them exactly.
template <class T> struct dual : with_exact_constants<dual<T>> {
    T value;
    T slope;

    dual() : value(0), slope(0) {}
    template <std::signed_integral I>
    dual(I n) : value(n), slope(0) {} // NOLINT: exact, hence implicit
    dual(T v, T s) : value(std::move(v)), slope(std::move(s)) {}

    dual adopt(const rational& q) const {
        if constexpr (std::same_as<T, rational>) {
            return {q, rational(0)};
        } else if constexpr (requires { value.adopt(q); }) {
            return {value.adopt(q), T(0)};
        } else {
            return {embed<T>{}(q), T(0)};
        }
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
        return {x.value * y.value, x.slope * y.value + x.value * y.slope};
    }
    template <divisible S = T> friend dual operator/(const dual& x, const dual& y) {
        const T quotient = x.value / y.value;
        return {quotient, (x.slope - quotient * y.slope) / y.value};
    }
    friend dual operator-(const dual& x) { return {-x.value, -x.slope}; }
    friend bool operator==(const dual& x, const dual& y) requires std::equality_comparable<T> {
        return x.value == y.value && x.slope == y.slope;
    }

    friend dual power(const dual& x, std::int64_t n) {
        using flowproof::power;
        if (n == 0) return {power(x.value, 0), x.slope * 0};
        return {power(x.value, n), rational(n) * power(x.value, n - 1) * x.slope};
    }
    friend dual sqrt(const dual& x) requires detail::has_elementary<T> {
        using std::sqrt;
        const T root = sqrt(x.value);
        return {root, x.slope / (2 * root)};
    }
    friend dual exp(const dual& x) requires detail::has_elementary<T> {
        using std::exp;
        const T e = exp(x.value);
        return {e, e * x.slope};
    }
    friend dual log(const dual& x) requires detail::has_elementary<T> {
        using std::log;
        return {log(x.value), x.slope / x.value};
    }
    friend dual sin(const dual& x) requires detail::has_elementary<T> {
        using std::cos, std::sin;
        return {sin(x.value), cos(x.value) * x.slope};
    }
    friend dual cos(const dual& x) requires detail::has_elementary<T> {
        using std::cos, std::sin;
        return {cos(x.value), -(sin(x.value) * x.slope)};
    }
};

template <class T> struct embed<dual<T>> {
    embed<T> inner{};
    dual<T> operator()(const rational& q) const { return {inner(q), inner(rational(0))}; }
    dual<T> pi() const requires requires(const embed<T>& e) { e.pi(); }
    { return {inner.pi(), inner(rational(0))}; }
};

} // namespace flowproof
