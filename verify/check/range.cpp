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

bool above(const range& x) { return certainly(less(ball(0), x.lo)); }
bool below(const range& x) { return certainly(less(x.hi, ball(0))); }
bool at_least(const range& x) { return at_least_zero(x.lo); }
bool at_most(const range& x) { return at_most_zero(x.hi); }

} // namespace flowproof::check
