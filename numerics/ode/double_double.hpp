#pragma once

#include <cmath>

#include "numerics/interval/rounding.hpp"

namespace flowproof {

/// high + low with |low| at most half an ulp of high: about 106 bits.
///
/// Accuracy  each operation errs by less than 2^-100 times the result, sums 2^-100 (|x| + |y|),
///           apart from 2^-1070 where products underflow. Beyond 2^990: NaN or infinite.
/// Source    Dekker, A floating-point technique for extending the available precision, Numerische
///           Mathematik 18, 1971; Joldes, Muller, Popescu, Tight and rigorous error bounds for
///           basic building blocks of double-word arithmetic, ACM TOMS 44, 2017.
struct double_double {
    double high = 0, low = 0;

    static double_double renormalised(double high, double low) {
        const double sum = high + low;
        return {sum, low - (sum - high)}; // exact for |high| >= |low|
    }
    friend double_double operator+(const double_double& x, const double_double& y) {
        const auto s = rounding::two_sum(x.high, y.high);
        return renormalised(s.value, s.error + (x.low + y.low));
    }
    friend double_double operator-(const double_double& x) { return {-x.high, -x.low}; }
    friend double_double operator-(const double_double& x, const double_double& y) {
        return x + -y;
    }
    friend double_double operator*(const double_double& x, const double_double& y) {
        const auto p = rounding::two_product(x.high, y.high);
        return renormalised(p.value, p.error + (x.high * y.low + x.low * y.high));
    }
    friend double_double operator/(const double_double& x, const double_double& y) {
        const double q = x.high / y.high;
        const double_double rest = x - double_double{q} * y;
        return renormalised(q, (rest.high + rest.low) / y.high);
    }
    friend double_double sqrt(const double_double& x) {
        if (x.high == 0) return {};
        const double r = std::sqrt(x.high);
        const double_double rest = x - double_double{r} * double_double{r};
        return renormalised(r, (rest.high + rest.low) / (2 * r));
    }
};

} // namespace flowproof
