#include "numerics/scalar/ball.hpp"

#include <algorithm>
#include <ostream>
#include <stdexcept>
#include <utility>

#include "numerics/scalar/flint.hpp"

namespace flowproof {

static_assert(sizeof(arb_struct) == 6 * sizeof(std::uint64_t));
static_assert(ordered<ball> && elementary<ball>);

namespace {

constexpr int most_digits = 4'000'000;

arb_ptr a(ball& x) { return static_cast<arb_ptr>(x.raw()); }
arb_srcptr a(const ball& x) { return static_cast<arb_srcptr>(x.raw()); }
const fmpq* q(const rational& x) { return static_cast<const fmpq*>(x.raw()); }
fmpq* q(rational& x) { return static_cast<fmpq*>(x.raw()); }

std::int64_t checked(std::int64_t bits) {
    if (bits < 2 || bits > (std::int64_t{1} << 24))
        throw std::invalid_argument("ball: need 2 <= bits <= 16777216, got bits = " +
                                    std::to_string(bits));
    return bits;
}

/// Exact for two integers without precision.
slong precision(std::int64_t bits) { return bits == 0 ? ARF_PREC_EXACT : static_cast<slong>(bits); }

void needs_precision(const ball& x, const char* operation) {
    if (x.bits() == 0)
        throw std::domain_error(std::string("ball: ") + operation + " of the exact integer " +
                                x.midpoint().str() +
                                " needs a working precision; give it one with with_bits()");
}

std::string by_arb(arb_srcptr x, int digits) {
    char* text = arb_get_str(x, digits, ARB_STR_MORE);
    std::string result(text);
    flint_free(text);
    return result;
}

/// A decimal of any exponent; rational::parse keeps it within +-999999.
rational value_of(const std::string& decimal) {
    const auto e = decimal.find('e');
    if (e == std::string::npos) return rational::parse(decimal);
    return rational::parse(decimal.substr(0, e)) *
           power(rational(10), std::stoll(decimal.substr(e + 1)));
}

rational exact(const arf_t x, const char* what) {
    if (!arf_is_finite(x))
        throw std::domain_error(std::string("ball: ") + what + " of a ball that is not finite");
    // Beyond, FLINT runs out of memory and aborts the process.
    if (!arf_is_zero(x) &&
        (arf_cmpabs_2exp_si(x, 1L << 30) > 0 || arf_cmpabs_2exp_si(x, -(1L << 30)) < 0))
        throw std::domain_error(std::string("ball: ") + what +
                                " beyond 2^(2^30) or below its inverse is no rational to keep");
    rational result;
    arf_get_fmpq(q(result), x);
    return result;
}

} // namespace

ball::ball() noexcept { arb_init(a(*this)); }
ball::ball(const rational& value, std::int64_t bits) : ball() {
    bits_ = checked(bits);
    arb_set_fmpq(a(*this), q(value), bits);
}
ball::ball(const ball& other) : ball() {
    arb_set(a(*this), a(other));
    bits_ = other.bits_;
}
ball::ball(ball&& other) noexcept : ball() {
    arb_swap(a(*this), a(other));
    std::swap(bits_, other.bits_);
}
ball& ball::operator=(const ball& other) {
    arb_set(a(*this), a(other));
    bits_ = other.bits_;
    return *this;
}
ball& ball::operator=(ball&& other) noexcept {
    arb_swap(a(*this), a(other));
    std::swap(bits_, other.bits_);
    return *this;
}
ball::~ball() { arb_clear(a(*this)); }

void ball::set_integer(std::int64_t n) { arb_set_si(a(*this), n); }

ball ball::hull(const rational& lower, const rational& upper, std::int64_t bits) {
    if (lower > upper)
        throw std::invalid_argument("ball::hull: need lower <= upper, got " + lower.str() +
                                    " and " + upper.str());
    const ball low(lower, bits), high(upper, bits);
    ball result;
    result.bits_ = bits;
    arb_union(a(result), a(low), a(high), bits);
    return result;
}

ball ball::pi(std::int64_t bits) {
    ball result;
    result.bits_ = checked(bits);
    arb_const_pi(a(result), bits);
    return result;
}

ball ball::with_bits(std::int64_t bits) const {
    ball result(*this);
    result.bits_ = checked(bits);
    return result;
}

ball ball::adopt(const rational& value) const {
    if (bits_ != 0) return ball(value, bits_);
    if (!value.is_integer())
        throw std::domain_error("ball: the constant " + value.str() +
                                " meets an exact integer; neither carries a working precision");
    ball result;
    arb_set_fmpz(a(result), fmpq_numref(q(value)));
    return result;
}

ball& ball::operator+=(const ball& y) {
    bits_ = std::max(bits_, y.bits_);
    arb_add(a(*this), a(*this), a(y), precision(bits_));
    return *this;
}
ball& ball::operator-=(const ball& y) {
    bits_ = std::max(bits_, y.bits_);
    arb_sub(a(*this), a(*this), a(y), precision(bits_));
    return *this;
}
ball& ball::operator*=(const ball& y) {
    bits_ = std::max(bits_, y.bits_);
    arb_mul(a(*this), a(*this), a(y), precision(bits_));
    return *this;
}
ball& ball::operator/=(const ball& y) {
    bits_ = std::max(bits_, y.bits_);
    if (bits_ == 0) {
        const rational divisor = y.midpoint();
        if (abs(divisor) != rational(1)) needs_precision(*this, "division");
        if (divisor.sign() < 0) arb_neg(a(*this), a(*this));
        return *this;
    }
    arb_div(a(*this), a(*this), a(y), bits_);
    return *this;
}

ball operator-(const ball& x) {
    ball result(x);
    arb_neg(a(result), a(result));
    return result;
}

ball power(const ball& x, std::int64_t n) {
    if (x.bits_ == 0 && n < 0) needs_precision(x, "a negative power");
    if (x.bits_ == 0 && n > 0) {
        ball result; // exact, of a size that rational vouches for
        arb_set_fmpz(a(result), fmpq_numref(q(power(x.midpoint(), n))));
        return result;
    }
    ball result;
    result.bits_ = x.bits_;
    fmpz_t exponent;
    fmpz_init_set_si(exponent, n);
    arb_pow_fmpz(a(result), a(x), exponent, precision(x.bits_));
    fmpz_clear(exponent);
    if (n > 0 && n % 2 == 0 && arb_is_finite(a(x)) && arb_contains_zero(a(x)) &&
        !arb_is_exact(a(x))) {
        // An even power of a ball around 0 is not negative: x^n lies in [0, |x|^n].
        arb_t top;
        arb_init(top);
        arb_get_abs_ubound_arf(arb_midref(top), a(x), x.bits_);
        arb_pow_ui(top, top, static_cast<ulong>(n), x.bits_);
        arb_t zero;
        arb_init(zero);
        arb_union(top, zero, top, x.bits_);
        if (mag_cmp(arb_radref(top), arb_radref(a(result))) < 0) arb_swap(a(result), top);
        arb_clear(zero);
        arb_clear(top);
    }
    return result;
}

#define FLOWPROOF_BALL_FUNCTION(name)                                                              \
    ball name(const ball& x) {                                                                     \
        needs_precision(x, #name);                                                                 \
        ball result;                                                                               \
        result.bits_ = x.bits_;                                                                    \
        arb_##name(a(result), a(x), x.bits_);                                                      \
        return result;                                                                             \
    }
FLOWPROOF_BALL_FUNCTION(sqrt)
FLOWPROOF_BALL_FUNCTION(exp)
FLOWPROOF_BALL_FUNCTION(log)
FLOWPROOF_BALL_FUNCTION(sin)
FLOWPROOF_BALL_FUNCTION(cos)
#undef FLOWPROOF_BALL_FUNCTION

ball abs(const ball& x) {
    ball result;
    result.bits_ = x.bits_;
    arb_abs(a(result), a(x));
    return result;
}

truth less(const ball& x, const ball& y) {
    if (!arb_is_finite(a(x)) || !arb_is_finite(a(y))) return truth::unknown;
    if (arb_lt(a(x), a(y))) return truth::yes;
    return arb_ge(a(x), a(y)) ? truth::no : truth::unknown;
}

truth equal(const ball& x, const ball& y) {
    if (!arb_is_finite(a(x)) || !arb_is_finite(a(y))) return truth::unknown;
    if (!arb_overlaps(a(x), a(y))) return truth::no;
    return arb_is_exact(a(x)) && arb_is_exact(a(y)) ? truth::yes : truth::unknown;
}

bool ball::is_finite() const { return arb_is_finite(a(*this)) != 0; }
bool ball::is_exact() const { return arb_is_exact(a(*this)) != 0; }
bool ball::contains(const rational& value) const {
    return arb_contains_fmpq(a(*this), q(value)) != 0;
}
bool ball::contains_zero() const { return arb_contains_zero(a(*this)) != 0; }
bool ball::contains(const ball& other) const { return arb_contains(a(*this), a(other)) != 0; }
bool ball::overlaps(const ball& other) const { return arb_overlaps(a(*this), a(other)) != 0; }

rational ball::midpoint() const { return exact(arb_midref(a(*this)), "midpoint"); }
rational ball::radius() const {
    arf_t r;
    arf_init_set_mag_shallow(r, arb_radref(a(*this)));
    return exact(r, "radius");
}
rational ball::lower() const { return midpoint() - radius(); }
rational ball::upper() const { return midpoint() + radius(); }
std::int64_t ball::relative_accuracy_bits() const { return arb_rel_accuracy_bits(a(*this)); }

std::string ball::str(int digits) const {
    if (digits < 1 || digits > most_digits)
        throw std::invalid_argument(
            "ball::str: need 1 <= digits <= " + std::to_string(most_digits) + ", got " +
            std::to_string(digits));
    if (!is_finite()) return "not finite";
    // Decimal digits of exponents beyond a million bits take rationals of that size: Arb's own
    // printing is as careful and does without.
    if (!arb_is_zero(a(*this)) && arf_cmpabs_2exp_si(arb_midref(a(*this)), 1 << 20) > 0)
        return by_arb(a(*this), digits);
    if (!arf_is_zero(arb_midref(a(*this))) &&
        arf_cmpabs_2exp_si(arb_midref(a(*this)), -(1 << 20)) < 0)
        return by_arb(a(*this), digits);
    if (mag_cmp_2exp_si(arb_radref(a(*this)), 1 << 20) > 0) return by_arb(a(*this), digits);
    if (!mag_is_zero(arb_radref(a(*this))) && mag_cmp_2exp_si(arb_radref(a(*this)), -(1 << 24)) < 0)
        return by_arb(a(*this), digits);
    const rational centre = midpoint();
    std::string text = centre.decimal(digits);
    // The printed decimal is an approximation itself: its distance goes into the printed radius.
    const rational error = radius() + abs(value_of(text) - centre);
    if (error.is_zero()) return text;
    std::string up = error.decimal(3);
    while (value_of(up) < error)
        up = (value_of(up) * rational(101, 100)).decimal(3);
    return text + " +/- " + up;
}

std::ostream& operator<<(std::ostream& out, const ball& x) { return out << x.str(20); }

std::int64_t bits_for_digits(int digits) {
    if (digits < 1 || digits > most_digits)
        throw std::invalid_argument(
            "bits_for_digits: need 1 <= digits <= " + std::to_string(most_digits) + ", got " +
            std::to_string(digits));
    return static_cast<std::int64_t>((digits + 10) * 3.3219280948873626) + 1;
}

void release_thread_caches() noexcept { flint_cleanup(); }

} // namespace flowproof
