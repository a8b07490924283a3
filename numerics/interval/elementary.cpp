#include "numerics/interval/elementary.hpp"

#include <stdexcept>

#include "numerics/interval/arb_number.hpp"
#include "numerics/interval/correct_rounding.hpp"

namespace flowproof {

namespace {

using set = interval<double>;
using rounding::univariate, rounding::bivariate;
constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr univariate exp_f{arb_exp, mpfr_exp}, expm1_f{arb_expm1, mpfr_expm1},
    log_f{arb_log, mpfr_log}, log1p_f{arb_log1p, mpfr_log1p}, sin_f{arb_sin, mpfr_sin},
    cos_f{arb_cos, mpfr_cos}, tan_f{arb_tan, mpfr_tan}, asin_f{arb_asin, mpfr_asin},
    acos_f{arb_acos, mpfr_acos}, atan_f{arb_atan, mpfr_atan}, sinh_f{arb_sinh, mpfr_sinh},
    cosh_f{arb_cosh, mpfr_cosh}, tanh_f{arb_tanh, mpfr_tanh}, asinh_f{arb_asinh, mpfr_asinh},
    acosh_f{arb_acosh, mpfr_acosh}, atanh_f{arb_atanh, mpfr_atanh};
constexpr univariate exp2_f{[](arb_t y, const arb_t x, slong bits) {
                                arb_const_log2(y, bits);
                                arb_mul(y, y, x, bits);
                                arb_exp(y, y, bits);
                            },
                            mpfr_exp2},
    exp10_f{[](arb_t y, const arb_t x, slong bits) {
                arb_const_log10(y, bits);
                arb_mul(y, y, x, bits);
                arb_exp(y, y, bits);
            },
            mpfr_exp10},
    log2_f{[](arb_t y, const arb_t x, slong bits) { arb_log_base_ui(y, x, 2, bits); }, mpfr_log2},
    log10_f{[](arb_t y, const arb_t x, slong bits) { arb_log_base_ui(y, x, 10, bits); },
            mpfr_log10};
constexpr bivariate atan2_f{arb_atan2, mpfr_atan2}, hypot_f{arb_hypot, mpfr_hypot},
    pow_f{arb_pow, mpfr_pow};

/// The range of an increasing f over x, which lies in the domain.
set increasing(const univariate& f, const set& x) {
    if (x.is_empty()) return x;
    return {down(f, x.lower()), up(f, x.upper())};
}

// Enough for every double: arguments below 2^1024, and none of them closer than 2^-62
// (relatively) to a nonzero multiple of pi / 2.
constexpr slong most_bits = 2560;

/// floor(x / (pi / 2)) written to k, if decided.
bool quarter_turns(fmpz_t k, double x) {
    const arb_number argument(x);
    arb_number turns;
    for (slong bits = 96; bits <= most_bits; bits *= 2) {
        arb_const_pi(turns.ball, bits);
        arb_mul_2exp_si(turns.ball, turns.ball, -1);
        arb_div(turns.ball, argument.ball, turns.ball, bits);
        arb_floor(turns.ball, turns.ball, bits);
        if (arb_get_unique_fmpz(k, turns.ball)) return true;
    }
    return false;
}

/// The range of sin or cos over x, whose maxima lie at multiples of pi / 2 congruent to
/// `crest` modulo 4 and whose minima lie two quarter turns later.
set wave(const set& x, int crest, const univariate& f) {
    const set all(-1, 1);
    if (x.is_empty()) return x;
    if (!x.is_bounded() || rounding::down_sub(x.upper(), x.lower()) > 7) return all;
    fmpz_t first, last;
    fmpz_init(first);
    fmpz_init(last);
    bool has_crest = true, has_trough = true;
    if (quarter_turns(first, x.lower()) && quarter_turns(last, x.upper())) {
        // An extremum at k pi / 2 lies inside for every k with first < k <= last.
        const auto reached = [&](int residue) {
            const auto offset = (residue - static_cast<int>(fmpz_fdiv_ui(first, 4)) + 7) % 4;
            return fmpz_cmp_si(last, offset) >= 0;
        };
        fmpz_sub(last, last, first);
        fmpz_sub_ui(last, last, 1);
        has_crest = reached(crest);
        has_trough = reached(crest + 2);
    }
    fmpz_clear(first);
    fmpz_clear(last);
    return {has_trough ? -1.0 : std::min(down(f, x.lower()), down(f, x.upper())),
            has_crest ? 1.0 : std::max(up(f, x.lower()), up(f, x.upper()))};
}

/// Is there no odd multiple of pi / 2 between the ends of x?
bool has_no_pole_of_tan(const set& x) {
    if (!x.is_bounded() || rounding::down_sub(x.upper(), x.lower()) > 4) return false;
    fmpz_t first, last;
    fmpz_init(first);
    fmpz_init(last);
    bool none = false;
    if (quarter_turns(first, x.lower()) && quarter_turns(last, x.upper())) {
        // Branch n reaches over the quarters 2 n - 1 and 2 n.
        for (fmpz* const k : {first, last}) {
            fmpz_add_ui(k, k, 1);
            fmpz_fdiv_q_2exp(k, k, 1);
        }
        none = fmpz_equal(first, last) != 0;
    }
    fmpz_clear(first);
    fmpz_clear(last);
    return none;
}

/// The range of atan2 over y >= 0, not [0, 0].
set upper_half_plane(const set& y, const set& x) {
    const double a = x.lower(), b = x.upper();
    return {b > 0 ? down(atan2_f, y.lower(), b) : down(atan2_f, y.upper(), b),
            a < 0 ? up(atan2_f, y.lower(), a) : up(atan2_f, y.upper(), a)};
}

} // namespace

set exp(const set& x) { return increasing(exp_f, x); }
set exp2(const set& x) { return increasing(exp2_f, x); }
set exp10(const set& x) { return increasing(exp10_f, x); }
set expm1(const set& x) { return increasing(expm1_f, x); }

namespace {

/// An increasing f on (pole, inf) that falls to -inf at the pole.
set logarithm(const univariate& f, const set& x, double pole) {
    if (!(x.upper() > pole)) return set::empty();
    return increasing(f, intersection(x, {pole, infinity}));
}

} // namespace

set log(const set& x) { return logarithm(log_f, x, 0); }
set log2(const set& x) { return logarithm(log2_f, x, 0); }
set log10(const set& x) { return logarithm(log10_f, x, 0); }
set log1p(const set& x) { return logarithm(log1p_f, x, -1); }

set sin(const set& x) { return wave(x, 1, sin_f); }
set cos(const set& x) { return wave(x, 0, cos_f); }
set tan(const set& x) {
    if (x.is_empty()) return x;
    return has_no_pole_of_tan(x) ? increasing(tan_f, x) : set::entire();
}
set asin(const set& x) { return increasing(asin_f, intersection(x, {-1.0, 1.0})); }
set acos(const set& x) {
    const set inside = intersection(x, {-1.0, 1.0});
    if (inside.is_empty()) return inside;
    return {down(acos_f, inside.upper()), up(acos_f, inside.lower())};
}
set atan(const set& x) { return increasing(atan_f, x); }

set atan2(const set& y, const set& x) {
    if (x.is_empty() || y.is_empty()) return set::empty();
    if (y == set(0)) { // parts of the axis
        if (x == set(0)) return set::empty();
        return {x.upper() > 0 ? 0.0 : down(atan2_f, 0, -1),
                x.lower() < 0 ? up(atan2_f, 0, -1) : 0.0};
    }
    if (y.lower() >= 0) return upper_half_plane(y, x);
    if (x.lower() < 0 && y.upper() >= 0) return {0.0 - up(atan2_f, 0, -1), up(atan2_f, 0, -1)};
    if (y.upper() <= 0) return -upper_half_plane(-y, x);
    return {down(atan2_f, y.lower(), x.lower()), up(atan2_f, y.upper(), x.lower())};
}

set sinh(const set& x) { return increasing(sinh_f, x); }
set cosh(const set& x) { return increasing(cosh_f, abs(x)); }
set tanh(const set& x) { return increasing(tanh_f, x); }
set asinh(const set& x) { return increasing(asinh_f, x); }
set acosh(const set& x) { return increasing(acosh_f, intersection(x, {1.0, infinity})); }
set atanh(const set& x) {
    if (x.lower() >= 1 || x.upper() <= -1) return set::empty();
    return increasing(atanh_f, intersection(x, {-1.0, 1.0}));
}

set pow(const set& x, const set& y) {
    if (!(x.upper() >= 0) || y.is_empty()) return set::empty();
    if (x.upper() == 0) return y.upper() > 0 ? set(0) : set::empty();
    // y log x is bilinear: its extremes lie in the corners, of which MPFR knows the limits.
    const double a = std::max(x.lower(), 0.0), b = x.upper(), c = y.lower(), d = y.upper();
    return {std::min({down(pow_f, a, c), down(pow_f, a, d), down(pow_f, b, c), down(pow_f, b, d)}),
            std::max({up(pow_f, a, c), up(pow_f, a, d), up(pow_f, b, c), up(pow_f, b, d)})};
}

set root(const set& x, std::int64_t n) {
    if (n < 1)
        throw std::invalid_argument("root: need an order n >= 1, got n = " + std::to_string(n));
    const set part = n % 2 == 0 ? intersection(x, {0.0, infinity}) : x;
    if (part.is_empty()) return part;
    const auto down = [n](double a) {
        return a < 0 ? 0.0 - rounding::up_root(-a, n) : rounding::down_root(a, n);
    };
    return {down(part.lower()), 0.0 - down(0.0 - part.upper())};
}

set hypot(const set& x, const set& y) {
    if (x.is_empty() || y.is_empty()) return set::empty();
    const set a = abs(x), b = abs(y);
    return {down(hypot_f, a.lower(), b.lower()), up(hypot_f, a.upper(), b.upper())};
}

} // namespace flowproof
