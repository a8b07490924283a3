#include "verify/check/exact_range.hpp"

#include <algorithm>

#include "verify/check/range.hpp"

namespace flowproof::check {

namespace {

constexpr std::size_t most_digits = 20'000;
constexpr std::int64_t bits = 128;

exact_range around(const range& x) {
    if (!x.lo.is_finite()) return exact_range::undefined();
    return {x.lo.lower(), x.hi.upper()};
}
/// A function of the range as balls know it; ends where its value is exact stay exact.
template <class F> exact_range by_balls(const exact_range& x, F f) {
    if (!x.defined) return x;
    return around(f(range(ball(x.lo, bits), ball(x.hi, bits))));
}

} // namespace

exact_range::exact_range(rational low, rational high) : lo(std::move(low)), hi(std::move(high)) {
    if (lo.str().size() + hi.str().size() > most_digits) *this = undefined();
}
exact_range exact_range::undefined() {
    exact_range x(0, 0);
    x.defined = false;
    return x;
}

exact_range operator-(const exact_range& x) {
    exact_range result{-x.hi, -x.lo};
    result.defined = x.defined;
    return result;
}
exact_range operator+(const exact_range& x, const exact_range& y) {
    if (!x.defined || !y.defined) return exact_range::undefined();
    return {x.lo + y.lo, x.hi + y.hi};
}
exact_range operator*(const exact_range& x, const exact_range& y) {
    if (!x.defined || !y.defined) return exact_range::undefined();
    const auto [low, high] = std::minmax({x.lo * y.lo, x.lo * y.hi, x.hi * y.lo, x.hi * y.hi});
    return {low, high};
}
exact_range operator/(const exact_range& x, const exact_range& y) {
    if (!above(y) && !below(y)) return exact_range::undefined();
    return x * exact_range(rational(1) / y.hi, rational(1) / y.lo);
}
exact_range power(const exact_range& x, std::int64_t n) {
    if (!x.defined) return x;
    if (n < 0) return x.constant(rational(1)) / power(x, -n);
    if ((x.lo.str().size() + x.hi.str().size()) * static_cast<std::size_t>(n) > most_digits)
        return exact_range::undefined();
    const rational a = power(x.lo, n), b = power(x.hi, n);
    if (n % 2 != 0 || x.lo.sign() >= 0) return {a, b};
    if (x.hi.sign() <= 0) return {b, a};
    return {rational(0), std::max(a, b)};
}
exact_range sqrt(const exact_range& x) {
    return by_balls(x, [](const range& y) { return sqrt(y); });
}
exact_range exp(const exact_range& x) {
    return by_balls(x, [](const range& y) { return exp(y); });
}
exact_range log(const exact_range& x) {
    return by_balls(x, [](const range& y) { return log(y); });
}
exact_range sin(const exact_range& x) {
    return by_balls(x, [](const range& y) { return sin(y); });
}
exact_range cos(const exact_range& x) {
    return by_balls(x, [](const range& y) { return cos(y); });
}

exact_range in_exact_ranges::pi() const { return around(range(ball::pi(bits))); }

} // namespace flowproof::check
