#include "numerics/interval/rounding.hpp"

#include <utility>

namespace flowproof::rounding {

namespace {

constexpr double largest = std::numeric_limits<double>::max();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// x = mantissa 2^exponent with 1/2 <= |mantissa| < 1, for finite x != 0.
struct scaled {
    explicit scaled(double x) { mantissa = std::frexp(x, &exponent); }
    double mantissa;
    int exponent;
};

/// The largest double <= x 2^exponent for x != 0 of moderate size.
double scale_down(double x, int exponent) {
    const double result = std::ldexp(x, exponent);
    // Scaling back is exact, so the comparison sees what ldexp rounded away; inf steps down to
    // the largest double.
    if (std::ldexp(result, -exponent) <= x) return result + 0.0;
    return result == 0 ? -std::numeric_limits<double>::denorm_min() : step_down(result, true);
}

/// a = part 4^half_exponent with 1/2 <= part < 2, for finite a > 0.
struct scaled_by_four {
    explicit scaled_by_four(double a) {
        int exponent = 0;
        part = std::frexp(a, &exponent);
        if (exponent % 2 != 0) {
            part *= 2;
            --exponent;
        }
        half_exponent = exponent / 2;
    }
    double part;
    int half_exponent;
};

} // namespace

double down_add_far(double a, double b) {
    const double sum = a + b;
    if (!is_finite(a) || !is_finite(b) || sum == -infinity) return sum;
    if (sum == infinity) return largest;
    if (std::abs(a) < std::abs(b)) std::swap(a, b);
    return step_down(sum, b - (sum - a) < 0); // Fast2Sum cannot overflow once the sum did not
}

double down_mul_far(double a, double b) {
    if (a == 0 || b == 0) return 0.0;
    if (!is_finite(a) || !is_finite(b)) return a * b;
    const scaled x(a), y(b);
    return scale_down(down_mul(x.mantissa, y.mantissa), x.exponent + y.exponent);
}

double down_div_far(double a, double b) {
    if (a == 0) return 0.0;
    if (!is_finite(a) || !is_finite(b)) return a / b + 0.0;
    const scaled x(a), y(b);
    return scale_down(down_div(x.mantissa, y.mantissa), x.exponent - y.exponent);
}

double down_sqrt_far(double a) {
    if (!is_finite(a)) return a;
    const scaled_by_four x(a);
    return std::ldexp(down_sqrt(x.part), x.half_exponent); // exact: no root is subnormal
}

double up_sqrt_far(double a) {
    if (!is_finite(a)) return a;
    const scaled_by_four x(a);
    return std::ldexp(up_sqrt(x.part), x.half_exponent);
}

} // namespace flowproof::rounding
