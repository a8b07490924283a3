#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "numerics/scalar/rational.hpp"

namespace flowproof::check {

/// A value with its first derivatives in some variables (forward mode), each known as a Set: range
/// or exact_range. No derivatives: constant.
template <class Set> struct jet_of {
    Set value;
    std::vector<Set> slope;

    friend jet_of operator-(const jet_of& x) {
        return combined(
            -x.value, x, {x.value, {}}, [](const Set& d) { return -d; }, same);
    }
    friend jet_of operator+(const jet_of& x, const jet_of& y) {
        return combined(x.value + y.value, x, y, same, same);
    }
    friend jet_of operator-(const jet_of& x, const jet_of& y) {
        return combined(x.value - y.value, x, y, same, [](const Set& d) { return -d; });
    }
    friend jet_of operator*(const jet_of& x, const jet_of& y) {
        return combined(
            x.value * y.value, x, y, [&](const Set& d) { return d * y.value; },
            [&](const Set& d) { return x.value * d; });
    }
    friend jet_of operator/(const jet_of& x, const jet_of& y) { // (x' - (x / y) y') / y
        const Set quotient = x.value / y.value;
        return combined(
            quotient, x, y, [&](const Set& d) { return d / y.value; },
            [&](const Set& d) { return -(quotient * d / y.value); });
    }
    friend jet_of power(const jet_of& x, std::int64_t n) {
        if (n == 1) return x;
        return chain(power(x.value, n), x.value.constant(rational(n)) * power(x.value, n - 1), x);
    }
    friend jet_of sqrt(const jet_of& x) {
        const Set root = sqrt(x.value);
        return chain(root, x.value.constant(rational(1, 2)) / root, x);
    }
    friend jet_of exp(const jet_of& x) {
        const Set e = exp(x.value);
        return chain(e, e, x);
    }
    friend jet_of log(const jet_of& x) {
        return chain(log(x.value), x.value.constant(rational(1)) / x.value, x);
    }
    friend jet_of sin(const jet_of& x) { return chain(sin(x.value), cos(x.value), x); }
    friend jet_of cos(const jet_of& x) { return chain(cos(x.value), -sin(x.value), x); }

private:
    static Set same(const Set& d) { return d; }
    /// f(x), where f' is `factor`.
    static jet_of chain(const Set& value, const Set& factor, const jet_of& x) {
        jet_of result{value, {}};
        for (const Set& d : x.slope)
            result.slope.push_back(factor * d);
        return result;
    }
    /// An operation on x and y whose derivative is left(x') + right(y').
    template <class Left, class Right>
    static jet_of combined(const Set& value, const jet_of& x, const jet_of& y, Left left,
                           Right right) {
        jet_of result{value, {}};
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
};

/// Constants for run(), from those of the sets.
template <class In> struct in_jets {
    In in;
    using set = decltype(std::declval<In>()(std::declval<rational>()));
    jet_of<set> operator()(const rational& q) const { return {in(q), {}}; }
    jet_of<set> pi() const { return {in.pi(), {}}; }
};

} // namespace flowproof::check
