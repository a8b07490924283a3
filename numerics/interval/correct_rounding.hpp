#pragma once

#include <cstdint>

#include "numerics/scalar/flint.hpp"

/// Functions of doubles, correctly rounded down and up. For .cpp files only.
namespace flowproof::rounding {

/// The same function twice.
struct univariate {
    void (*ball)(arb_t, const arb_t, slong);          ///< of Arb, quick; null if there is none
    int (*rounded)(mpfr_t, const mpfr_t, mpfr_rnd_t); ///< of MPFR, correct in every case
};
struct bivariate {
    void (*ball)(arb_t, const arb_t, const arb_t, slong);
    int (*rounded)(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);
};

/// The largest double <= f(x) (the smallest >= f(x)); never -0. Arguments may be infinite where
/// MPFR gives the limit.
double down(const univariate& f, double x);
double up(const univariate& f, double x);
double down(const bivariate& f, double x, double y);
double up(const bivariate& f, double x, double y);

/// a to the n for a >= 0, with 0 to a negative power infinite; a to the 0 is 1.
double down_power(double a, std::int64_t n);
double up_power(double a, std::int64_t n);
/// a to the 1/n for a >= 0 and n != 0, with 0 to a negative power infinite.
double down_root(double a, std::int64_t n);
double up_root(double a, std::int64_t n);

/// a b + c with 0 inf = 0, for c that is not opposite to an infinite a b.
double down_fma(double a, double b, double c);
double up_fma(double a, double b, double c);

} // namespace flowproof::rounding
