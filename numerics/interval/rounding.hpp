#pragma once

#include <bit>
#include <cfloat>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>

#ifdef __FAST_MATH__
#error "flowproof encloses by error-free transforms; -ffast-math deletes them"
#endif
static_assert(FLT_EVAL_METHOD == 0, "flowproof needs double arithmetic without excess precision");

/// Directed rounding of single operations without touching the rounding mode.
///
/// down_f(a, b) is the largest double <= f(a, b), up_f the smallest double >= f(a, b), for the
/// exact f: one operation to nearest, then one step if the sign of its exact error says so.
/// The results are unique, hence the same for every compiler and instruction set.
///
/// Domain    extended reals with 0 * inf = 0; never NaN, never inf - inf, inf / inf or x / 0.
/// Zeros     +0 is the only zero returned, if no operand is -0.
/// Requires  round to nearest and gradual underflow, see self_test.hpp.
/// Source    errors: Knuth (sum), Veltkamp and Dekker (product); Boldo, Graillat, Muller,
///           "On the robustness of the 2Sum and Fast2Sum algorithms", 2017.
namespace flowproof::rounding {

/// A result to nearest and its exact error: value + error is the exact result.
struct with_error {
    double value, error;
};

/// a + b exactly. A sum that leaves the range anywhere on the way has a non-finite error.
inline with_error two_sum(double a, double b) {
    const double sum = a + b;
    const double a_part = sum - b;
    const double b_part = sum - a_part;
    return {sum, (a - a_part) + (b - b_part)};
}

/// Zero, or of magnitude in [2^-450, 2^450]: products and quotients of two such numbers and
/// their errors stay far from underflow and overflow.
inline bool is_moderate(double a) {
    constexpr auto least = std::bit_cast<std::uint64_t>(0x1p-450) << 1;
    constexpr auto span = (std::bit_cast<std::uint64_t>(0x1p450) << 1) - least;
    const auto magnitude = std::bit_cast<std::uint64_t>(a) << 1; // drops the sign
    return magnitude - least <= span || magnitude == 0;
}
template <std::same_as<double>... D> bool are_moderate(D... a) {
    return (int{is_moderate(a)} & ...) != 0; // one branch, not one a number
}

#ifdef __FMA__
/// a b exactly, if neither product nor error leaves the range.
inline with_error two_product(double a, double b) {
    const double product = a * b;
    return {product, __builtin_fma(a, b, -product)};
}
/// a - b c exactly, for moderate a and c with b = a / c or b = c = sqrt(a) to nearest.
inline double residual(double a, double b, double c) { return __builtin_fma(-b, c, a); }
#else
/// The upper and lower half (26 bits each) of a double below 2^996.
struct halves {
    explicit halves(double a) {
        const double shifted = 0x1p27 * a + a;
        high = shifted - (shifted - a);
        low = a - high;
    }
    double high, low;
};

/// a b exactly, if neither product nor error leaves the range and |a|, |b| < 2^996.
inline with_error two_product(double a, double b) {
    const double product = a * b;
    const halves x(a), y(b);
    return {product,
            ((x.high * y.high - product) + x.high * y.low + x.low * y.high) + x.low * y.low};
}
/// a - b c exactly, for moderate a and c with b = a / c or b = c = sqrt(a) to nearest.
inline double residual(double a, double b, double c) {
    const with_error p = two_product(b, c);
    return (a - p.value) - p.error;
}
#endif

/// The next double below (above) a nonzero x if `step`, else x itself.
inline double step_down(double x, bool step) {
    const auto bits = std::bit_cast<std::int64_t>(x), sign = bits >> 63;
    return std::bit_cast<double>(bits - ((std::int64_t{step} ^ sign) - sign));
}
inline double step_up(double x, bool step) {
    const auto bits = std::bit_cast<std::int64_t>(x), sign = bits >> 63;
    return std::bit_cast<double>(bits + ((std::int64_t{step} ^ sign) - sign));
}

inline bool is_finite(double x) { return std::abs(x) <= std::numeric_limits<double>::max(); }

/// The same by exact scaling: any operand of the domain, slower.
double down_add_far(double a, double b);
double down_mul_far(double a, double b);
double down_div_far(double a, double b);
double down_sqrt_far(double a);
double up_sqrt_far(double a);

inline double down_add(double a, double b) {
    const with_error sum = two_sum(a, b);
    if (!is_finite(sum.error)) return down_add_far(a, b);
    return step_down(sum.value, sum.error < 0);
}
inline double up_add(double a, double b) { return 0.0 - down_add(-a, -b); }
inline double down_sub(double a, double b) { return down_add(a, -b); }
inline double up_sub(double a, double b) { return up_add(a, -b); }

inline double down_mul(double a, double b) {
    if (!are_moderate(a, b)) return down_mul_far(a, b);
    const with_error product = two_product(a, b);
    return step_down(product.value + 0.0, product.error < 0); // + 0.0 turns -0 into 0
}
inline double up_mul(double a, double b) { return 0.0 - down_mul(-a, b); }

inline double down_div(double a, double b) {
    if (!are_moderate(a, b)) return down_div_far(a, b);
    const double quotient = a / b, rest = residual(a, quotient, b);
    return step_down(quotient + 0.0, b > 0 ? rest < 0 : rest > 0);
}
inline double up_div(double a, double b) { return 0.0 - down_div(-a, b); }

/// Square roots of a >= 0.
inline double down_sqrt(double a) {
    if (!is_moderate(a)) return down_sqrt_far(a);
    const double root = std::sqrt(a);
    return step_down(root, residual(a, root, root) < 0);
}
inline double up_sqrt(double a) {
    if (!is_moderate(a)) return up_sqrt_far(a);
    const double root = std::sqrt(a);
    return step_up(root, residual(a, root, root) > 0);
}

} // namespace flowproof::rounding
