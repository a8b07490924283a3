#pragma once

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <optional>
#include <random>
#include <vector>

#include "numerics/interval/elementary.hpp"
#include "numerics/interval/order.hpp"
#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/dual.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"
#include "numerics/scalar/real.hpp"
#include "numerics/scalar/series.hpp"
#include "tests/support/random_rational.hpp"
#include "tests/support/seed.hpp"

namespace flowproof::support {

/// Where the laws are tried: how T sees exact constants. Specialise it for a T whose embed needs
/// arguments.
template <class T> struct laws_context { embed<T> constants{}; };
template <> struct laws_context<ball> { embed<ball> constants{110}; };
template <> struct laws_context<dual<ball>> { embed<dual<ball>> constants{{110}}; };
template <class T> struct laws_context<series<T>> {
    embed<series<T>> constants{5, laws_context<T>{}.constants};
};
/// Expressions in a variable whose value is 1: nothing folds away, everything is recorded.
template <> struct laws_context<expr> {
    recorder into{};
    expr one = into.variable("one");
    struct {
        expr one;
        expr operator()(const rational& q) const { return one * q; }
    } constants{one};
};

// Do two results of the same exact operation agree? Equality for exact scalars, overlap for
// enclosing ones. Floating-point numbers: within 2^16 ulp of 1, since the laws add at most ten
// terms of size below 2^12, each off by half an ulp of itself.
inline bool agree(const rational& x, const rational& y) { return x == y; }
inline bool agree(const interval<double>& x, const interval<double>& y) { return !disjoint(x, y); }
inline bool agree(const ball& x, const ball& y) { return x.is_finite() && x.overlaps(y); }
template <class F>
requires requires {
    std::numeric_limits<F>::epsilon();
} && std::numeric_limits<F>::is_specialized bool agree(const F& x, const F& y) {
    using std::abs;
    return abs(x - y) <= 65536 * std::numeric_limits<F>::epsilon();
}
template <class T> bool agree(const dual<T>& x, const dual<T>& y) {
    return agree(x.value, y.value) && agree(x.slope, y.slope);
}
template <class T> bool agree(const series<T>& x, const series<T>& y) {
    if (x.order() != y.order()) return false;
    for (int k = 0; k <= x.order().value_or(0); ++k)
        if (!agree(x[k], y[k])) return false;
    return true;
}
inline bool agree(const expr& x, const expr& y) {
    const tape t = x.home()->finish(std::vector{x, y});
    const auto value = evaluate(t, std::vector<ball>{ball(rational(1), 200)}, embed<ball>{200});
    return agree(value[0], value[1]);
}

/// The context a value carries, to be compared: precision, order, nothing.
template <class T> std::int64_t context_of(const T&) { return 0; }
inline std::int64_t context_of(const ball& x) { return x.bits(); }
template <class T> std::int64_t context_of(const dual<T>& x) { return context_of(x.value); }
template <class T> std::int64_t context_of(const series<T>& x) {
    return context_of(x[0]) * 1000 + x.order().value_or(-1);
}

/// The laws of the rungs that T claims, at seeded random rationals.
template <field T> void obeys_the_laws_of_its_rungs() {
    std::mt19937_64 rng(seed(80));
    for (int trial = 0; trial < trials(60); ++trial) {
        const laws_context<T> context;
        const auto in = [&](const rational& q) { return T(context.constants(q)); };
        const rational p = small_nonzero(rng), q = small_nonzero(rng), r = small_nonzero(rng);
        const T x = in(p), y = in(q), z = in(r);
        const int n = static_cast<int>(rng() % 9) - 4;
        BOOST_TEST_CONTEXT("trial " << trial << ", x = " << p << ", y = " << q << ", z = " << r
                                    << ", n = " << n) {
            // ring
            BOOST_TEST(agree(T(x + y), in(p + q)));
            BOOST_TEST(agree(T(x * y), in(p * q)));
            BOOST_TEST(agree(T(x + y), T(y + x)));
            BOOST_TEST(agree(T(x * y), T(y * x)));
            BOOST_TEST(agree(T((x + y) + z), T(x + (y + z))));
            BOOST_TEST(agree(T((x * y) * z), T(x * (y * z))));
            BOOST_TEST(agree(T(x * (y + z)), T(x * y + x * z)));
            BOOST_TEST(agree(T(x - y), T(x + (-y))));
            BOOST_TEST(agree(T(x + 0), x));
            BOOST_TEST(agree(T(1 * x), x));
            BOOST_TEST(agree(T(x - x), in(rational(0))));
            BOOST_TEST(agree(power(x, 3), T(x * x * x)));
            BOOST_TEST(agree(power(x, 0), in(rational(1))));
            // field
            BOOST_TEST(agree(T(x / y), in(p / q)));
            BOOST_TEST(agree(T((x / y) * y), x));
            BOOST_TEST(agree(T(x / x), in(rational(1))));
            BOOST_TEST(agree(power(x, -2), T(1 / (x * x))));
            // constants take part as their images do, and adopt the context
            BOOST_TEST(agree(T(x + n), T(x + in(rational(n)))));
            BOOST_TEST(agree(T(n - x), T(in(rational(n)) - x)));
            BOOST_TEST(agree(T(n * x), T(x * in(rational(n)))));
            BOOST_TEST(agree(T(n / x), T(in(rational(n)) / x)));
            BOOST_TEST(agree(T(x / 3), T(x / in(rational(3)))));
            BOOST_TEST(agree(T(x + r), T(x + z)));
            BOOST_TEST(agree(T(r - x), T(z - x)));
            BOOST_TEST(agree(T(r * x), T(z * x)));
            BOOST_TEST(agree(T(x / r), T(x / z)));
            BOOST_TEST(agree(T(r / x), T(z / x)));
            for (const T& result : {T(x + n), T(n * x), T(r - x), T(x / r), T(r / x), power(x, 2),
                                    T(x * y + r), constant_like(x, r)})
                BOOST_TEST((context_of(result) == context_of(x) ||
                            (agree(result, constant_like(x, r)) &&
                             context_of(T(x + result)) == context_of(x))));
            if constexpr (ordered<T>) {
                BOOST_TEST(!(certainly(less(x, y)) && certainly(less(y, x))));
                BOOST_TEST(certainly_not(conjunction(less(x, y), less(y, x))));
                if (certainly(less(x, y))) BOOST_TEST(p < q);
                if (certainly_not(less(x, y))) BOOST_TEST(p >= q);
                BOOST_TEST(!certainly(less(x, x)));
                if (p < q) BOOST_TEST(possibly(less(x, y)));
            }
            if constexpr (elementary<T> && !std::same_as<T, series<rational>>) {
                using std::cos, std::exp, std::log, std::sin, std::sqrt;
                const T a = in(abs(p) / 8), b = in(abs(q) / 8); // exp stays below 2^8
                BOOST_TEST(agree(T(exp(T(a + b))), T(exp(a) * exp(b))));
                BOOST_TEST(agree(T(exp(T(-a)) * exp(a)), in(rational(1))));
                BOOST_TEST(agree(T(log(T(a * b))), T(log(a) + log(b))));
                BOOST_TEST(agree(T(log(T(exp(a)))), a));
                BOOST_TEST(agree(T(sqrt(T(a * a))), a));
                BOOST_TEST(agree(power(T(sqrt(a)), 2), a));
                BOOST_TEST(agree(T(power(T(sin(a)), 2) + power(T(cos(a)), 2)), in(rational(1))));
                BOOST_TEST(agree(T(sin(T(a + b))), T(sin(a) * cos(b) + cos(a) * sin(b))));
                BOOST_TEST(agree(T(cos(T(a - b))), T(cos(a) * cos(b) + sin(a) * sin(b))));
            }
        }
    }
}

} // namespace flowproof::support
