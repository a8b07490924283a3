#pragma once

#include "numerics/scalar/concept.hpp"
#include "numerics/scalar/rational.hpp"

/// Losses whose landscapes are studied, written once for every arithmetic.
namespace flowproof::landscapes {

/// Two products fitted to 1, their first factors tied:
///     L = (1 - a b)^2 + (1 - c p)^2 + (a - c)^2 / 10.
template <class T> T tied_loss(const T& a, const T& b, const T& c, const T& p) {
    return power(1 - a * b, 2) + power(1 - c * p, 2) + rational(1, 10) * power(a - c, 2);
}

/// L plus weight decay: L + decay (a^2 + b^2 + c^2 + p^2).
template <class T>
T decayed_loss(const T& a, const T& b, const T& c, const T& p, const rational& decay) {
    return tied_loss(a, b, c, p) + decay * (a * a + b * b + c * c + p * p);
}

/// A deep linear network of width one with weight decay:
///     F = (1 - u v w)^2 + decay (u^2 + v^2 + w^2).
template <class T> T chain_loss(const T& u, const T& v, const T& w, const T& decay) {
    return power(1 - u * v * w, 2) + decay * (u * u + v * v + w * w);
}

} // namespace flowproof::landscapes
