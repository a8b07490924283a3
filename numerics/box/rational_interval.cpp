#include "numerics/box/rational_interval.hpp"

#include <algorithm>
#include <stdexcept>

#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/flint.hpp"
#include "numerics/scalar/tape.hpp"

namespace flowproof {

namespace {

constexpr std::int64_t most_bits = 256, kept_bits = 192;

/// Bits of numerator and denominator.
std::pair<std::int64_t, std::int64_t> bits_of(const rational& q) {
    const auto* x = static_cast<const fmpq*>(q.raw());
    return {static_cast<std::int64_t>(fmpz_bits(fmpq_numref(x))),
            static_cast<std::int64_t>(fmpz_bits(fmpq_denref(x)))};
}

/// q, or a dyadic number of about 192 bits below (above) it if it has grown long.
rational rounded(rational q, bool down) {
    const auto [numerator, denominator] = bits_of(q);
    if (std::max(numerator, denominator) <= most_bits) return q;
    const std::int64_t shift = kept_bits - (numerator - denominator);
    const rational unit = power(rational(2), -shift), scaled = q / unit;
    return (down ? scaled.floor() : scaled.ceil()) * unit;
}

/// sqrt, exp or log, all of them rising.
rational_interval enclosed(opcode op, const rational_interval& x) {
    const auto at = [&](const rational& q, bool down) {
        if (const auto exact = exact_value(op, q)) return *exact;
        const ball argument(q, kept_bits);
        const ball value = op == opcode::sqrt  ? sqrt(argument)
                           : op == opcode::exp ? exp(argument)
                                               : log(argument);
        return down ? value.lower() : value.upper();
    };
    return {at(x.lower(), true), at(x.upper(), false)};
}

} // namespace

rational_interval::rational_interval(rational lower, rational upper)
    : lower_(std::move(lower)), upper_(std::move(upper)) {
    if (lower_ > upper_)
        throw std::invalid_argument("rational_interval: need lower <= upper, got lower = " +
                                    lower_.str() + ", upper = " + upper_.str());
}

rational_interval::rational_interval(unchecked, rational lower, rational upper)
    : lower_(rounded(std::move(lower), true)), upper_(rounded(std::move(upper), false)) {}

rational_interval rational_interval::empty() {
    rational_interval result;
    result.empty_ = true;
    return result;
}

rational_interval rational_interval::pi() {
    const ball value = ball::pi(kept_bits);
    return {value.lower(), value.upper()};
}

rational_interval operator+(const rational_interval& x, const rational_interval& y) {
    if (x.empty_ || y.empty_) return rational_interval::empty();
    return {rational_interval::unchecked{}, x.lower_ + y.lower_, x.upper_ + y.upper_};
}

rational_interval operator-(const rational_interval& x, const rational_interval& y) {
    if (x.empty_ || y.empty_) return rational_interval::empty();
    return {rational_interval::unchecked{}, x.lower_ - y.upper_, x.upper_ - y.lower_};
}

rational_interval operator-(const rational_interval& x) {
    if (x.empty_) return x;
    return {rational_interval::unchecked{}, -x.upper_, -x.lower_};
}

rational_interval operator*(const rational_interval& x, const rational_interval& y) {
    if (x.empty_ || y.empty_) return rational_interval::empty();
    auto [low, high] = std::minmax(
        {x.lower_ * y.lower_, x.lower_ * y.upper_, x.upper_ * y.lower_, x.upper_ * y.upper_});
    return {rational_interval::unchecked{}, std::move(low), std::move(high)};
}

rational_interval operator/(const rational_interval& x, const rational_interval& y) {
    if (x.empty_ || y.empty_ || y.contains_zero()) return rational_interval::empty();
    return x * rational_interval(rational_interval::unchecked{}, 1 / y.upper_, 1 / y.lower_);
}

rational_interval power(const rational_interval& x, std::int64_t n) {
    using set = rational_interval;
    if (x.empty_) return x;
    if (n < 0) return set(1) / power(x, -n);
    if (n == 0) return set(1);
    // Endpoints by repeated rounded products, so that numbers stay short.
    const auto raised = [n](const rational& end) {
        set result(1), factor(end);
        for (std::int64_t m = n; m != 0; m >>= 1) {
            if (m & 1) result = result * factor;
            if (m > 1) factor = factor * factor;
        }
        return result;
    };
    const set low = raised(x.lower_), high = raised(x.upper_);
    if (n % 2 != 0 || x.lower_.sign() >= 0) return {set::unchecked{}, low.lower_, high.upper_};
    if (x.upper_.sign() <= 0) return {set::unchecked{}, high.lower_, low.upper_};
    return {set::unchecked{}, rational(0), std::max(low.upper_, high.upper_)};
}

rational_interval sqrt(const rational_interval& x) {
    if (x.empty_ || x.lower_.sign() < 0) return rational_interval::empty();
    return enclosed(opcode::sqrt, x);
}
rational_interval exp(const rational_interval& x) {
    // Ends beyond these have no use as numbers.
    if (x.empty_ || x.upper_ > 100000 || x.lower_ < -100000) return rational_interval::empty();
    return enclosed(opcode::exp, x);
}
rational_interval log(const rational_interval& x) {
    if (x.empty_ || x.lower_.sign() <= 0) return rational_interval::empty();
    return enclosed(opcode::log, x);
}

namespace {

rational_interval wave(opcode op, const rational_interval& x) {
    if (x.is_empty()) return x;
    if (x.lower() == x.upper())
        if (const auto exact = exact_value(op, x.lower())) return *exact;
    const ball argument = ball::hull(x.lower(), x.upper(), kept_bits);
    const ball value = op == opcode::sin ? sin(argument) : cos(argument);
    if (!value.is_finite()) return {-1, 1};
    return intersection(rational_interval(value.lower(), value.upper()), rational_interval(-1, 1));
}

} // namespace

rational_interval sin(const rational_interval& x) { return wave(opcode::sin, x); }
rational_interval cos(const rational_interval& x) { return wave(opcode::cos, x); }

rational_interval intersection(const rational_interval& x, const rational_interval& y) {
    if (x.empty_ || y.empty_) return rational_interval::empty();
    const rational &low = std::max(x.lower_, y.lower_), &high = std::min(x.upper_, y.upper_);
    if (low > high) return rational_interval::empty();
    return {rational_interval::unchecked{}, low, high};
}

} // namespace flowproof
