#pragma once
// Heavy: pulls in Boost.Multiprecision and MPFR. Include it in the .cpp files that compute with 50
// or 100 digits and nowhere else, never in a header that others include.

#include <boost/multiprecision/mpfr.hpp>
#include <concepts>

#include "numerics/scalar/concept.hpp"

namespace flowproof {

/// Floating-point numbers of 50 and 100 decimal digits (MPFR, on the stack), rounded to nearest.
/// Approximate: nothing rigorous is built on them. Precision is fixed by the type, since one that
/// is set at run time is process-wide and spoiled by threads.
using real50 = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<50, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;
using real100 = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<100, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;

template <class R>
concept fixed_real = std::same_as<R, real50> || std::same_as<R, real100>;

/// The nearest number of R (R is named: to_real<real50>(q)).
template <fixed_real R> R to_real(const rational& q);
/// All the bits of x. @throws std::domain_error for NaN, infinities and |log2 |x|| > 2^24.
rational exactly(const real50& x);
rational exactly(const real100& x);

template <fixed_real R> struct embed<R> {
    R operator()(const rational& q) const { return to_real<R>(q); }
    R pi() const {
        R result;
        mpfr_const_pi(result.backend().data(), MPFR_RNDN);
        return result;
    }
};

/// Mixed arithmetic with exact constants: the constant is rounded to nearest first. Templates, so
/// that an int reaches Boost's own operators and never becomes a rational.
template <fixed_real R, std::same_as<rational> Q> R operator+(const R& x, const Q& q) {
    return x + to_real<R>(q);
}
template <fixed_real R, std::same_as<rational> Q> R operator+(const Q& q, const R& x) {
    return to_real<R>(q) + x;
}
template <fixed_real R, std::same_as<rational> Q> R operator-(const R& x, const Q& q) {
    return x - to_real<R>(q);
}
template <fixed_real R, std::same_as<rational> Q> R operator-(const Q& q, const R& x) {
    return to_real<R>(q) - x;
}
template <fixed_real R, std::same_as<rational> Q> R operator*(const R& x, const Q& q) {
    return x * to_real<R>(q);
}
template <fixed_real R, std::same_as<rational> Q> R operator*(const Q& q, const R& x) {
    return to_real<R>(q) * x;
}
template <fixed_real R, std::same_as<rational> Q> R operator/(const R& x, const Q& q) {
    return x / to_real<R>(q);
}
template <fixed_real R, std::same_as<rational> Q> R operator/(const Q& q, const R& x) {
    return to_real<R>(q) / x;
}

static_assert(ordered<real50> && elementary<real50>);
static_assert(ordered<real100> && elementary<real100>);

} // namespace flowproof
