#include "verify/check/range.hpp"

#include <utility>

namespace flowproof::check {

namespace {

const ball& nothing() {
    static const ball undefined = ball(rational(0), 2) / ball(rational(0), 2);
    return undefined;
}

/// One ball around the range.
ball whole(const range& x) {
    const ball unit = ball::hull(rational(-1), rational(1), x.lo.bits());
    return (x.lo + x.hi) / 2 + unit * ((x.hi - x.lo) / 2);
}

bool at_least_zero(const ball& x) { return certainly_not(less(x, ball(0))); }
bool at_most_zero(const ball& x) { return certainly_not(less(ball(0), x)); }

/// f(x) with f' = slope there.
jet chain(const range& value, const range& slope, const jet& x) {
    jet result{value, {}};
    for (const range& d : x.slope)
        result.slope.push_back(slope * d);
    return result;
}

/// p x' + q y' for the derivatives of an operation on x and y.
template <class Left, class Right>
jet combined(range value, const jet& x, const jet& y, Left left, Right right) {
    jet result{std::move(value), {}};
    for (std::size_t i = 0; i < std::max(x.slope.size(), y.slope.size()); ++i) {
        if (y.slope.empty())
            result.slope.push_back(left(x.slope[i]));
        else if (x.slope.empty())
            result.slope.push_back(right(y.slope[i]));
        else
            result.slope.push_back(left(x.slope[i]) + right(y.slope[i]));
    }
    return result;
}

} // namespace

bool tame(const ball& x) {
    static const ball huge = power(ball(rational(2), 2), std::int64_t{1} << 22);
    static const ball tiny = 1 / huge;
    const ball size = abs(x);
    return certainly(less(size, huge)) &&
           (!certainly(less(size, tiny)) || (x.is_exact() && x.contains_zero()));
}

ball lesser(const ball& x, const ball& y) {
    const truth t = less(x, y);
    if (certainly(t)) return x;
    if (certainly_not(t)) return y;
    return (x + y - abs(x - y)) / 2;
}
ball greater(const ball& x, const ball& y) { return -lesser(-x, -y); }

range::range(ball low, ball high) : lo(std::move(low)), hi(std::move(high)) {
    if (!tame(lo) || !tame(hi)) lo = hi = nothing();
}

range operator*(const range& x, const range& y) {
    if (at_least_zero(x.lo) && at_least_zero(y.lo)) return {x.lo * y.lo, x.hi * y.hi};
    const ball a = x.lo * y.lo, b = x.lo * y.hi, c = x.hi * y.lo, d = x.hi * y.hi;
    return {lesser(lesser(a, b), lesser(c, d)), greater(greater(a, b), greater(c, d))};
}

range operator/(const range& x, const range& y) {
    if (!certainly(less(ball(0), y.lo)) && !certainly(less(y.hi, ball(0)))) return range(nothing());
    return x * range(1 / y.hi, 1 / y.lo);
}

range power(const range& x, std::int64_t n) {
    if (n < 0) return range(ball(rational(1), x.lo.bits())) / power(x, -n);
    if (n % 2 != 0 || at_least_zero(x.lo)) return {power(x.lo, n), power(x.hi, n)};
    if (at_most_zero(x.hi)) return {power(x.hi, n), power(x.lo, n)};
    return {x.lo * 0, power(greater(abs(x.lo), abs(x.hi)), n)};
}

range sqrt(const range& x) { return {sqrt(x.lo), sqrt(x.hi)}; }
range exp(const range& x) { return {exp(x.lo), exp(x.hi)}; }
range log(const range& x) { return {log(x.lo), log(x.hi)}; }
range sin(const range& x) { return range(sin(whole(x))); }
range cos(const range& x) { return range(cos(whole(x))); }

jet operator-(const jet& x) {
    return combined(
        -x.value, x, {x.value, {}}, [](const range& d) { return -d; },
        [](const range& d) { return d; });
}
jet operator+(const jet& x, const jet& y) {
    const auto same = [](const range& d) { return d; };
    return combined(x.value + y.value, x, y, same, same);
}
jet operator-(const jet& x, const jet& y) {
    return combined(
        x.value - y.value, x, y, [](const range& d) { return d; },
        [](const range& d) { return -d; });
}
jet operator*(const jet& x, const jet& y) {
    return combined(
        x.value * y.value, x, y, [&](const range& d) { return d * y.value; },
        [&](const range& d) { return x.value * d; });
}
jet operator/(const jet& x, const jet& y) { // (x' - (x / y) y') / y
    const range quotient = x.value / y.value;
    return combined(
        quotient, x, y, [&](const range& d) { return d / y.value; },
        [&](const range& d) { return -(quotient * d / y.value); });
}
jet power(const jet& x, std::int64_t n) {
    const range factor(ball(rational(n), x.value.lo.bits()));
    if (n == 1) return x;
    return chain(power(x.value, n), factor * power(x.value, n - 1), x);
}
jet sqrt(const jet& x) {
    const range root = sqrt(x.value);
    return chain(root, range(ball(rational(1, 2), root.lo.bits())) / root, x);
}
jet exp(const jet& x) {
    const range e = exp(x.value);
    return chain(e, e, x);
}
jet log(const jet& x) {
    return chain(log(x.value), range(ball(rational(1), x.value.lo.bits())) / x.value, x);
}
jet sin(const jet& x) { return chain(sin(x.value), cos(x.value), x); }
jet cos(const jet& x) { return chain(cos(x.value), -sin(x.value), x); }

} // namespace flowproof::check
