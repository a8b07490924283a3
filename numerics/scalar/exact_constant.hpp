#pragma once

#include <concepts>

#include "numerics/scalar/rational.hpp"

namespace flowproof {

/// What a formula may write as a literal beside a scalar: integers and exact rationals.
template <class C>
concept exact_constant = std::signed_integral<C> || std::same_as<C, rational>;

/// Has division. Friends ask it of a template parameter of their own, because clang 14 loses
/// the class's parameter in a friend's trailing requires-clause.
template <class T>
concept divisible = requires(const T& x) {
    x / x;
};

/// Mixed arithmetic of T with exact constants, for a T that offers `T adopt(const rational&)
/// const`: the constant in the context (precision, variables, order) of the object asked.
/// Derive from it: class ball : with_exact_constants<ball>.
template <class T> struct with_exact_constants {
    template <exact_constant C> friend T operator+(const T& x, const C& c) {
        return x + x.adopt(rational(c));
    }
    template <exact_constant C> friend T operator+(const C& c, const T& x) {
        return x.adopt(rational(c)) + x;
    }
    template <exact_constant C> friend T operator-(const T& x, const C& c) {
        return x - x.adopt(rational(c));
    }
    template <exact_constant C> friend T operator-(const C& c, const T& x) {
        return x.adopt(rational(c)) - x;
    }
    template <exact_constant C> friend T operator*(const T& x, const C& c) {
        return x * x.adopt(rational(c));
    }
    template <exact_constant C> friend T operator*(const C& c, const T& x) {
        return x.adopt(rational(c)) * x;
    }
    template <exact_constant C, divisible S = T> friend S operator/(const T& x, const C& c) {
        return x / x.adopt(rational(c));
    }
    template <exact_constant C, divisible S = T> friend S operator/(const C& c, const T& x) {
        return x.adopt(rational(c)) / x;
    }
};

} // namespace flowproof
