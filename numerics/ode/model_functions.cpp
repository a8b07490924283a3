#include <cmath>

#include "numerics/interval/elementary.hpp"
#include "numerics/ode/model.hpp"

namespace flowproof::rigorous {

namespace {

using set = interval<double>;

model undefined(const model& x) { return model(x.shared_basis()).widened(upper::infinite()); }

/// x = centre + rest with the constant coefficient as centre.
struct split {
    explicit split(const model& x) : centre(x.coefficients()[0]), rest(x), values(x.range()) {
        std::vector<double> c = x.coefficients();
        c[0] = 0;
        rest = model(x.shared_basis(), std::move(c), x.remainder());
        const upper size = rest.size() + rest.remainder();
        rest_size = size.is_finite() ? set(0.0, size.value()) : set::entire();
    }
    set centre;
    model rest;
    set rest_size; ///< |rest| is at most the upper end
    set values;
};

/// sum_k f(k) rest^k for k up to the degree, f(k) intervals, plus the remainder: `last` times
/// |rest|^(degree + 1).
template <class Coefficient> model series(const split& x, Coefficient f, const set& last) {
    const auto& basis = x.rest.shared_basis();
    const int degree = basis->degree();
    const set tail = last * power(x.rest_size, degree + 1);
    if (!tail.is_bounded()) return undefined(x.rest);
    model result(basis, f(degree));
    for (int k = degree; k-- > 0;)
        result = result * x.rest + model(basis, f(k));
    return result.widened(upper(tail.magnitude()));
}

set factorial(int n) {
    set result = 1;
    for (int i = 2; i <= n; ++i)
        result *= set(i);
    return result;
}

model reciprocal(const model& y) {
    if (!y.is_finite()) return y;
    const split s(y);
    if (s.values.contains(0.0) || s.centre.contains(0.0)) return undefined(y);
    // 1 / (c + u) = sum_(k <= m) (-u)^k / c^(k+1) + (-u)^(m+1) / (c^(m+1) (c + u))
    const auto f = [&](int k) { return (k % 2 == 0 ? set(1) : set(-1)) / power(s.centre, k + 1); };
    const int m = y.basis().degree();
    return series(s, f, set(1) / (power(s.centre, m + 1) * s.values));
}

/// sin at a shift of `quarters` right angles.
model wave(const model& x, int quarters) {
    if (!x.is_finite()) return x;
    const split s(x);
    const set at[] = {sin(s.centre), cos(s.centre)};
    const auto f = [&](int k) {
        const int turn = (k + quarters) % 4;
        const set value = at[turn % 2] / factorial(k);
        return turn < 2 ? value : -value;
    };
    return series(s, f, set(1) / factorial(x.basis().degree() + 1));
}

} // namespace

model operator/(const model& x, const model& y) { return x * reciprocal(y); }

model sqrt(const model& x) {
    if (!x.is_finite()) return x;
    const split s(x);
    if (!(s.values.lower() > 0) || !(s.centre.lower() > 0)) return undefined(x);
    // f(k) = binomial(1/2, k) c^(1/2 - k); the remainder has c replaced by a value between c and x.
    const auto f = [](const set& c, int k) {
        set b = 1;
        for (int i = 0; i < k; ++i)
            b = b * (set(1) - set(2 * i)) / set(2 * (i + 1));
        return b * sqrt(c) / power(c, k);
    };
    return series(
        s, [&](int k) { return f(s.centre, k); },
        f(convex_hull(s.centre, s.values), x.basis().degree() + 1));
}

model exp(const model& x) {
    if (!x.is_finite()) return x;
    const split s(x);
    const set e = exp(s.centre);
    return series(
        s, [&](int k) { return e / factorial(k); },
        exp(convex_hull(s.centre, s.values)) / factorial(x.basis().degree() + 1));
}

model log(const model& x) {
    if (!x.is_finite()) return x;
    const split s(x);
    if (!(s.values.lower() > 0) || !(s.centre.lower() > 0)) return undefined(x);
    const auto f = [](const set& c, int k) {
        const set value = set(1) / (power(c, k) * set(k));
        return k % 2 == 0 ? -value : value;
    };
    return series(
        s, [&](int k) { return k == 0 ? log(s.centre) : f(s.centre, k); },
        f(convex_hull(s.centre, s.values), x.basis().degree() + 1));
}

model sin(const model& x) { return wave(x, 0); }
model cos(const model& x) { return wave(x, 1); }

} // namespace flowproof::rigorous
