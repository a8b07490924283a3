#include "numerics/scalar/rational.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <stdexcept>
#include <utility>

#include "numerics/scalar/flint.hpp"

namespace flowproof {

static_assert(sizeof(rational) == sizeof(fmpq) && alignof(rational) == alignof(fmpq));

namespace {

fmpq* q(rational& x) { return static_cast<fmpq*>(x.raw()); }
const fmpq* q(const rational& x) { return static_cast<const fmpq*>(x.raw()); }

std::string take(char* text) {
    std::string result(text);
    flint_free(text);
    return result;
}

std::size_t size(const rational& x) {
    return std::max(fmpz_bits(fmpq_numref(q(x))), fmpz_bits(fmpq_denref(q(x))));
}

/// Beyond 2^30 bits FLINT runs out of memory and aborts the process.
void check_size(const char* operation, const rational& x, const rational& y) {
    if (size(x) + size(y) > std::size_t{1} << 30)
        throw std::domain_error(std::string("rational: the ") + operation +
                                " would have more than 2^30 bits");
}

[[noreturn]] void malformed(std::string_view text, const char* rule) {
    throw std::invalid_argument(
        "rational::parse: " + std::string(rule) + ", got \"" + std::string(text) +
        "\" (a number is an integer, a quotient such as 1/3 or a decimal such as 2.5e-3)");
}

double rounded(const rational& x, mpfr_rnd_t direction) {
    mpq_t value;
    mpq_init(value);
    fmpq_get_mpq(value, q(x));
    // MPFR rounds the quotient once to 53 bits; its exponent range is wider than double's, so
    // mpfr_subnormalize is replaced by converting with a directed rounding of a wider number.
    mpfr_t wide;
    mpfr_init2(wide, 53);
    mpfr_set_q(wide, value, direction);
    double result = mpfr_get_d(wide, direction);
    // Subnormal range: 53 bits are too many, so round the exact value again at the right precision.
    if (std::abs(result) < std::numeric_limits<double>::min() && !x.is_zero()) {
        // |value| in [2^(e-1), 2^e); far below the range MPFR itself has rounded to 0.
        const long bits = mpfr_zero_p(wide) != 0 ? 0 : 1074 + static_cast<long>(mpfr_get_exp(wide));
        mpfr_set_prec(wide, bits < 2 ? 2 : bits);
        if (bits >= 2) {
            mpfr_set_q(wide, value, direction);
            result = mpfr_get_d(wide, direction);
        } else {
            const double tiny = std::numeric_limits<double>::denorm_min();
            if (direction == MPFR_RNDD)
                result = x.sign() > 0 ? (x >= rational::exactly(tiny) ? tiny : 0.0)
                                      : (x < rational::exactly(-tiny) ? -2 * tiny : -tiny);
            else if (direction == MPFR_RNDU)
                result = x.sign() < 0 ? (x <= rational::exactly(-tiny) ? -tiny : 0.0)
                                      : (x > rational::exactly(tiny) ? 2 * tiny : tiny);
            else {
                const rational half = rational::exactly(tiny) * rational(1, 2), magnitude = abs(x);
                // ties to even: half goes to 0, three halves to 2 tiny.
                const double size =
                    magnitude <= half ? 0.0 : (magnitude >= half * rational(3) ? 2 * tiny : tiny);
                result = x.sign() < 0 ? -size : size;
            }
        }
    }
    mpfr_clear(wide);
    mpq_clear(value);
    return result;
}

} // namespace

rational::rational(from_int, std::int64_t n) { fmpz_set_si(fmpq_numref(q(*this)), n); }

rational::rational(std::int64_t numerator, std::int64_t denominator) {
    if (denominator == 0)
        throw std::domain_error("rational: denominator must not be 0, got " +
                                std::to_string(numerator) + "/0");
    fmpq* self = q(*this);
    fmpz_set_si(fmpq_numref(self), numerator);
    fmpz_set_si(fmpq_denref(self), denominator);
    fmpq_canonicalise(self);
}

rational::rational(const rational& other) { fmpq_set(q(*this), q(other)); }
rational::rational(rational&& other) noexcept {
    std::swap(words_[0], other.words_[0]);
    std::swap(words_[1], other.words_[1]);
}
rational& rational::operator=(const rational& other) {
    fmpq_set(q(*this), q(other));
    return *this;
}
rational& rational::operator=(rational&& other) noexcept {
    std::swap(words_[0], other.words_[0]);
    std::swap(words_[1], other.words_[1]);
    return *this;
}
rational::~rational() { fmpq_clear(q(*this)); }

rational rational::exactly(double x) {
    if (!std::isfinite(x))
        throw std::domain_error("rational::exactly: need a finite number, got " +
                                std::to_string(x));
    int exponent = 0;
    const double mantissa = std::frexp(x, &exponent);
    rational result(static_cast<std::int64_t>(std::ldexp(mantissa, 53)));
    exponent -= 53;
    fmpq* self = q(result);
    if (exponent >= 0)
        fmpq_mul_2exp(self, self, static_cast<ulong>(exponent));
    else
        fmpq_div_2exp(self, self, static_cast<ulong>(-exponent));
    return result;
}

rational rational::parse(std::string_view text) {
    const auto all_digits = [](std::string_view s) {
        if (s.empty()) return false;
        for (const char c : s)
            if (c < '0' || c > '9') return false;
        return true;
    };
    const auto integer = [&](std::string_view digits) {
        rational value;
        fmpz_set_str(fmpq_numref(q(value)), std::string(digits).c_str(), 10);
        return value;
    };
    std::string_view rest = text;
    bool negative = false;
    if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
        negative = rest.front() == '-';
        rest.remove_prefix(1);
    }
    if (rest.empty()) malformed(text, "a number needs digits");
    rational value;
    if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
        const auto top = rest.substr(0, slash), bottom = rest.substr(slash + 1);
        if (!all_digits(top) || !all_digits(bottom))
            malformed(text, "a quotient needs two integers");
        const rational denominator = integer(bottom);
        if (denominator.is_zero()) malformed(text, "the denominator must not be 0");
        value = integer(top) / denominator;
    } else {
        std::int64_t exponent = 0;
        if (const auto e = rest.find_first_of("eE"); e != std::string_view::npos) {
            auto digits = rest.substr(e + 1);
            bool down = false;
            if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) {
                down = digits.front() == '-';
                digits.remove_prefix(1);
            }
            if (!all_digits(digits)) malformed(text, "the exponent needs digits");
            if (digits.size() > 6) malformed(text, "the exponent must lie within +-999999");
            exponent = integer(digits).to_int64();
            if (down) exponent = -exponent;
            rest = rest.substr(0, e);
        }
        std::string digits;
        bool point = false;
        for (const char c : rest) {
            if (c == '.' && !point) {
                point = true;
            } else if (c >= '0' && c <= '9') {
                digits += c;
                if (point) --exponent;
            } else {
                malformed(text, "unexpected character");
            }
        }
        if (digits.empty()) malformed(text, "a number needs digits");
        value = integer(digits) * power(rational(10), exponent);
    }
    return negative ? -value : value;
}

rational& rational::operator+=(const rational& y) {
    check_size("sum", *this, y);
    fmpq_add(q(*this), q(*this), q(y));
    return *this;
}
rational& rational::operator-=(const rational& y) {
    check_size("difference", *this, y);
    fmpq_sub(q(*this), q(*this), q(y));
    return *this;
}
rational& rational::operator*=(const rational& y) {
    check_size("product", *this, y);
    fmpq_mul(q(*this), q(*this), q(y));
    return *this;
}
rational& rational::operator/=(const rational& y) {
    if (y.is_zero()) throw std::domain_error("rational: division of " + str() + " by 0");
    check_size("quotient", *this, y);
    fmpq_div(q(*this), q(*this), q(y));
    return *this;
}

rational operator-(const rational& x) {
    rational result;
    fmpq_neg(q(result), q(x));
    return result;
}

bool operator==(const rational& x, const rational& y) { return fmpq_equal(q(x), q(y)) != 0; }
std::strong_ordering operator<=>(const rational& x, const rational& y) {
    return fmpq_cmp(q(x), q(y)) <=> 0;
}

int rational::sign() const noexcept { return fmpq_sgn(q(*this)); }
bool rational::is_integer() const { return fmpz_is_one(fmpq_denref(q(*this))) != 0; }
rational rational::numerator() const {
    rational result;
    fmpz_set(fmpq_numref(q(result)), fmpq_numref(q(*this)));
    return result;
}
rational rational::denominator() const {
    rational result;
    fmpz_set(fmpq_numref(q(result)), fmpq_denref(q(*this)));
    return result;
}

rational power(const rational& x, std::int64_t n) {
    if (n < 0 && x.is_zero())
        throw std::domain_error("power: 0 to the negative power " + std::to_string(n));
    // Beyond 2^30 bits FLINT runs out of memory and aborts the process.
    const auto bits = static_cast<double>(size(x));
    if (bits > 1 && bits * std::abs(static_cast<double>(n)) > 0x1p30)
        throw std::domain_error("power: the result would have more than 2^30 bits, at exponent " +
                                std::to_string(n));
    rational result;
    fmpq_pow_si(q(result), q(x), n);
    return result;
}

rational rational::floor() const {
    rational result;
    fmpz_fdiv_q(fmpq_numref(q(result)), fmpq_numref(q(*this)), fmpq_denref(q(*this)));
    return result;
}
rational rational::ceil() const { return -(-*this).floor(); }

bool rational::square_root(rational& root) const {
    const fmpq* self = q(*this);
    if (fmpz_sgn(fmpq_numref(self)) < 0 || !fmpz_is_square(fmpq_numref(self)) ||
        !fmpz_is_square(fmpq_denref(self)))
        return false;
    rational result;
    fmpz_sqrt(fmpq_numref(q(result)), fmpq_numref(self));
    fmpz_sqrt(fmpq_denref(q(result)), fmpq_denref(self));
    root = std::move(result);
    return true;
}

std::int64_t rational::to_int64() const {
    const fmpq* self = q(*this);
    if (!is_integer() || !fmpz_fits_si(fmpq_numref(self)))
        throw std::domain_error("rational::to_int64: need an integer of 64 bits, got " + str());
    return fmpz_get_si(fmpq_numref(self));
}

double rational::nearest() const { return rounded(*this, MPFR_RNDN); }
double rational::round_down() const { return rounded(*this, MPFR_RNDD); }
double rational::round_up() const { return rounded(*this, MPFR_RNDU); }

std::string rational::str() const { return take(fmpq_get_str(nullptr, 10, q(*this))); }

std::string rational::decimal(int digits) const {
    if (digits < 1)
        throw std::invalid_argument("rational::decimal: need digits >= 1, got " +
                                    std::to_string(digits));
    if (is_zero()) return "0";
    // Find e with 10^e <= |x| < 10^(e+1), then round |x| * 10^(digits-1-e) to an integer.
    const rational size = abs(*this);
    const double log10 = (static_cast<double>(fmpz_sizeinbase(fmpq_numref(q(size)), 2)) -
                          static_cast<double>(fmpz_sizeinbase(fmpq_denref(q(size)), 2))) *
                         0.30103;
    auto e = static_cast<std::int64_t>(std::floor(log10));
    while (power(rational(10), e) > size)
        --e;
    while (power(rational(10), e + 1) <= size)
        ++e;
    rational scaled = (size * power(rational(10), digits - 1 - e) + rational(1, 2)).floor();
    if (scaled >= power(rational(10), digits)) {
        scaled /= rational(10);
        ++e;
    }
    std::string text = scaled.str();
    std::string result = sign() < 0 ? "-" : "";
    const auto width = static_cast<std::int64_t>(text.size());
    const bool exact = scaled * power(rational(10), e - digits + 1) == size;
    const auto trim = [&](std::string& s) { // exact values need no trailing zeros
        if (exact && s.find('.') != std::string::npos) {
            while (s.back() == '0')
                s.pop_back();
            if (s.back() == '.') s.pop_back();
        }
    };
    if (e >= -5 && e < 0) {
        std::string body = "0." + std::string(static_cast<std::size_t>(-e - 1), '0') + text;
        trim(body);
        return result + body;
    }
    if (e >= 0 && e < width) {
        std::string body = text.substr(0, static_cast<std::size_t>(e + 1));
        if (e + 1 < width) body += "." + text.substr(static_cast<std::size_t>(e + 1));
        trim(body);
        return result + body;
    }
    if (e >= width && e < 15 && exact)
        return result + text + std::string(static_cast<std::size_t>(e + 1 - width), '0');
    std::string body = text.substr(0, 1);
    if (width > 1) body += "." + text.substr(1);
    trim(body);
    return result + body + "e" + std::to_string(e);
}

std::uint64_t rational::hash() const {
    std::uint64_t h = 0xcbf29ce484222325ULL; // FNV-1a over the decimal text: the same everywhere
    for (const char c : str())
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return h;
}

std::ostream& operator<<(std::ostream& out, const rational& x) { return out << x.str(); }

} // namespace flowproof
