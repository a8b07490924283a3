#include "numerics/interval/correct_rounding.hpp"

#include <optional>

#include "numerics/interval/arb_number.hpp"
#include "numerics/interval/rounding.hpp"

namespace flowproof::rounding {

namespace {

struct mpfr_number {
    explicit mpfr_number(double x = 0) {
        mpfr_init2(value, 53);
        mpfr_set_d(value, x, MPFR_RNDN); // exact
    }
    ~mpfr_number() { mpfr_clear(value); }
    mpfr_number(const mpfr_number&) = delete;
    mpfr_number& operator=(const mpfr_number&) = delete;
    mpfr_t value;
};

// Decides all but one rounding in 2^40 of the values that are no doubles.
constexpr slong bits = 96;

/// The ball rounded, if all its points round to one double.
std::optional<double> rounded(const arb_number& x, mpfr_rnd_t direction, slong precision = bits) {
    if (arb_is_finite(x.ball) == 0) return std::nullopt;
    const arf_rnd_t to = direction == MPFR_RNDD ? ARF_RND_FLOOR : ARF_RND_CEIL;
    arf_t end;
    arf_init(end);
    arb_get_lbound_arf(end, x.ball, precision);
    const double low = arf_get_d(end, to);
    arb_get_ubound_arf(end, x.ball, precision);
    const double high = arf_get_d(end, to);
    arf_clear(end);
    if (low != high) return std::nullopt;
    return low + 0.0;
}

/// Rounding 53 bits of any exponent to a double in the same direction is one rounding in all.
double to_double(const mpfr_number& x, mpfr_rnd_t direction) {
    return mpfr_get_d(x.value, direction) + 0.0;
}

double evaluate(const univariate& f, double x, mpfr_rnd_t direction) {
    if (f.ball != nullptr && is_finite(x)) {
        const arb_number argument(x);
        arb_number value;
        f.ball(value.ball, argument.ball, bits);
        if (const auto result = rounded(value, direction)) return *result;
    }
    const mpfr_number argument(x);
    mpfr_number value;
    f.rounded(value.value, argument.value, direction);
    return to_double(value, direction);
}

double evaluate(const bivariate& f, double x, double y, mpfr_rnd_t direction) {
    if (is_finite(x) && is_finite(y)) {
        const arb_number first(x), second(y);
        arb_number value;
        f.ball(value.ball, first.ball, second.ball, bits);
        if (const auto result = rounded(value, direction)) return *result;
    }
    const mpfr_number first(x), second(y);
    mpfr_number value;
    f.rounded(value.value, first.value, second.value, direction);
    return to_double(value, direction);
}

/// 1 / a^(1/n) for a that is positive and finite, n >= 1.
double reciprocal_root(double a, std::int64_t n, mpfr_rnd_t direction) {
    // The result is a dyadic number for powers of 2 only: else some precision decides.
    int exponent = 0;
    if (std::frexp(a, &exponent) == 0.5 && (exponent - 1) % n == 0) {
        const mpfr_number one(1);
        mpfr_number value;
        mpfr_mul_2si(value.value, one.value, -((exponent - 1) / n), direction);
        return to_double(value, direction);
    }
    const arb_number radicand(a);
    arb_number value;
    for (slong precision = bits;; precision *= 2) {
        arb_root_ui(value.ball, radicand.ball, static_cast<std::uint64_t>(n), precision);
        arb_inv(value.ball, value.ball, precision);
        if (const auto result = rounded(value, direction, precision)) return *result;
    }
}

double root(double a, std::int64_t n, mpfr_rnd_t direction) {
    if (n < 0 && a == 0) return std::numeric_limits<double>::infinity();
    if (n < 0 && !is_finite(a)) return 0;
    if (n < 0) return reciprocal_root(a, -n, direction);
    const mpfr_number radicand(a);
    mpfr_number value;
    mpfr_rootn_ui(value.value, radicand.value, static_cast<std::uint64_t>(n), direction);
    return to_double(value, direction);
}

} // namespace

double down(const univariate& f, double x) { return evaluate(f, x, MPFR_RNDD); }
double up(const univariate& f, double x) { return evaluate(f, x, MPFR_RNDU); }
double down(const bivariate& f, double x, double y) { return evaluate(f, x, y, MPFR_RNDD); }
double up(const bivariate& f, double x, double y) { return evaluate(f, x, y, MPFR_RNDU); }
double down_root(double a, std::int64_t n) { return root(a, n, MPFR_RNDD); }
double up_root(double a, std::int64_t n) { return root(a, n, MPFR_RNDU); }

namespace {

/// a to the n by products of pairs (value, error), good to a relative 2^-96 for n <= 64, where the
/// sign of the error decides the rounding of the value.
struct power_pair {
    with_error result{1, 0};
    bool decided = false;

    power_pair(double a, std::uint64_t n) {
        bool exact = true;
        // Source: Joldes, Muller, Popescu, "Tight and rigorous error bounds for basic building
        // blocks of double-word arithmetic", TOMS 2017: one product errs by less than 2^-102.
        const auto times = [&exact](const with_error& x, const with_error& y) {
            const with_error p = two_product(x.value, y.value);
            const double low = p.error + (x.value * y.error + x.error * y.value);
            const double sum = p.value + low;
            exact = exact && x.error == 0 && y.error == 0;
            return with_error{sum, low - (sum - p.value)};
        };
        if (!is_moderate(a) || a == 0 || n > 64) return;
        for (with_error factor{a, 0}; n != 0; n >>= 1) {
            if (n & 1) result = times(result, factor);
            if (n > 1) factor = times(factor, factor);
            if (!is_moderate(factor.value)) return;
        }
        decided = is_moderate(result.value) &&
                  (exact || std::abs(result.error) > 0x1p-96 * std::abs(result.value));
    }
};

double power(double a, std::int64_t n, mpfr_rnd_t direction) {
    const mpfr_number base(a);
    mpfr_number value;
    mpfr_pow_si(value.value, base.value, n, direction);
    return to_double(value, direction);
}

} // namespace

double down_power(double a, std::int64_t n) {
    if (n == 0) return 1;
    if (n > 0)
        if (const power_pair p(a, static_cast<std::uint64_t>(n)); p.decided)
            return step_down(p.result.value, p.result.error < 0);
    return power(a, n, MPFR_RNDD);
}
double up_power(double a, std::int64_t n) {
    if (n == 0) return 1;
    if (n > 0)
        if (const power_pair p(a, static_cast<std::uint64_t>(n)); p.decided)
            return step_up(p.result.value, p.result.error > 0);
    return power(a, n, MPFR_RNDU);
}

namespace {

/// a b + c for finite numbers.
double multiply_add(double a, double b, double c, mpfr_rnd_t direction) {
    const mpfr_number first(a), second(b), third(c);
    mpfr_number value;
    mpfr_fma(value.value, first.value, second.value, third.value, direction);
    return to_double(value, direction);
}

} // namespace

double down_fma(double a, double b, double c) {
    if (a == 0 || b == 0) return c;
    return multiply_add(a, b, c, MPFR_RNDD);
}
double up_fma(double a, double b, double c) { return 0.0 - down_fma(-a, b, -c); }

} // namespace flowproof::rounding
