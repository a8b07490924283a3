#include "numerics/interval/elementary.hpp"

#include "numerics/scalar/flint.hpp"

namespace flowproof {

namespace {

using set = interval<double>;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();

struct arb_number {
    arb_number() { arb_init(ball); }
    explicit arb_number(double x) : arb_number() { arb_set_d(ball, x); }
    ~arb_number() { arb_clear(ball); }
    arb_number(const arb_number&) = delete;
    arb_number& operator=(const arb_number&) = delete;
    arb_t ball;
};

struct mpfr_number {
    explicit mpfr_number(mpfr_prec_t bits) { mpfr_init2(value, bits); }
    ~mpfr_number() { mpfr_clear(value); }
    mpfr_number(const mpfr_number&) = delete;
    mpfr_number& operator=(const mpfr_number&) = delete;
    mpfr_t value;
};

/// Double bounds of a ball.
set bounds(const arb_t ball) {
    constexpr mpfr_prec_t bits = 128;
    mpfr_number lower(bits), upper(bits);
    arb_get_interval_mpfr(lower.value, upper.value, ball);
    return {mpfr_get_d(lower.value, MPFR_RNDD), mpfr_get_d(upper.value, MPFR_RNDU)};
}

// Enough for every double: arguments below 2^1024, and none of them closer than 2^-62
// (relatively) to a nonzero multiple of pi / 2.
constexpr slong most_bits = 2560;

/// f at a finite double, near-tightest. @param f  an Arb function (result, argument, bits)
template <class F> set at(double x, F f) {
    const arb_number argument(x);
    arb_number value;
    for (slong bits = 96;; bits *= 2) {
        f(value.ball, argument.ball, bits);
        // 70 bits: the two roundings outward then fall into neighbouring doubles.
        if (arb_rel_accuracy_bits(value.ball) >= 70 || bits >= most_bits) return bounds(value.ball);
    }
}

set exp_at(double x) {
    // exp(710) > 2^1024 and exp(-746) < 2^-1074.
    if (x >= 710) return {largest, infinity};
    if (x <= -746) return {0.0, std::numeric_limits<double>::denorm_min()};
    return at(x, arb_exp);
}

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
template <class F> set wave(const set& x, int crest, F f) {
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
    const set ends = convex_hull(at(x.lower(), f), at(x.upper(), f));
    return intersection(all, {has_trough ? -1.0 : ends.lower(), has_crest ? 1.0 : ends.upper()});
}

} // namespace

set exp(const set& x) {
    if (x.is_empty()) return x;
    return {x.lower() == -infinity ? 0.0 : exp_at(x.lower()).lower(),
            x.upper() == infinity ? infinity : exp_at(x.upper()).upper()};
}

set log(const set& x) {
    if (!(x.upper() > 0)) return set::empty();
    return {x.lower() <= 0 ? -infinity : at(x.lower(), arb_log).lower(),
            x.upper() == infinity ? infinity : at(x.upper(), arb_log).upper()};
}

set sin(const set& x) { return wave(x, 1, arb_sin); }
set cos(const set& x) { return wave(x, 0, arb_cos); }

} // namespace flowproof
