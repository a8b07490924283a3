#include "numerics/interval/reverse.hpp"

#include "numerics/interval/correct_rounding.hpp"

namespace flowproof {

namespace {

using set = interval<double>;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// The solutions x >= 0 of x^n in c.
set positive_roots(const set& c, std::int64_t n) {
    const set part = intersection(c, {0.0, infinity});
    if (part.is_empty() || (n < 0 && part.upper() == 0)) return set::empty();
    return n > 0 ? set(rounding::down_root(part.lower(), n), rounding::up_root(part.upper(), n))
                 : set(rounding::down_root(part.upper(), n), rounding::up_root(part.lower(), n));
}

set both_sides(const set& negative, const set& positive, const set& within) {
    return convex_hull(intersection(negative, within), intersection(positive, within));
}

/// Is width(x) >= width(y), exactly? That is x.upper - y.upper >= x.lower - y.lower.
bool is_wider(const set& x, const set& y) {
    using namespace rounding;
    if (down_sub(x.upper(), y.upper()) >= up_sub(x.lower(), y.lower())) return true;
    if (up_sub(x.upper(), y.upper()) < down_sub(x.lower(), y.lower())) return false;
    const auto exact = [](double a) { return rational::exactly(a); };
    return exact(x.upper()) - exact(y.upper()) >= exact(x.lower()) - exact(y.lower());
}

} // namespace

set reverse_square(const set& c, const set& within) { return reverse_power(c, 2, within); }

set reverse_abs(const set& c, const set& within) {
    const set positive = intersection(c, {0.0, infinity});
    return both_sides(-positive, positive, within);
}

set reverse_power(const set& c, std::int64_t n, const set& within) {
    if (n == 0) return c.contains(1.0) ? within : set::empty();
    const set positive = positive_roots(c, n);
    return both_sides(-(n % 2 == 0 ? positive : positive_roots(-c, n)), positive, within);
}

set reverse_multiply(const set& b, const set& c, const set& within) {
    const auto [left, right] = divide_to_pair(c, b);
    return both_sides(left, right, within);
}

set cancel_minus(const set& x, const set& y) {
    if (x.is_empty() && (y.is_empty() || y.is_bounded())) return x;
    if (!x.is_bounded() || !y.is_bounded() || !is_wider(x, y)) return set::entire();
    return {rounding::down_sub(x.lower(), y.lower()), rounding::up_sub(x.upper(), y.upper())};
}

set cancel_plus(const set& x, const set& y) { return cancel_minus(x, -y); }

} // namespace flowproof
