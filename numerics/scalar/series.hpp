#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "numerics/scalar/concept.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/exact_constant.hpp"

namespace flowproof {

/// Truncated power series c_0 + c_1 t + ... + c_n t^n + O(t^(n+1)) over a ring; n is its order.
///
/// A constant has no order and adopts its partner's; of two different orders the smaller one
/// holds. Coefficients after the last stored one are exactly 0 up to the order, so constants and
/// polynomials of low degree stay cheap. Quotients need a field; sqrt, exp, log, sin and cos need
/// an elementary T, or, over the rationals, a constant term at which they are rational (exp at 0).
/// Cost: O(n^2) operations of T each. Errors are those of T.
template <class T> class series : public with_exact_constants<series<T>> {
public:
    series() : series(0) {} ///< the constant 0
    template <std::signed_integral I>
    series(I n) : coefficients_{T(n)} {} // NOLINT: exact, hence implicit
    /// The constant c.
    explicit series(T c) { coefficients_.push_back(std::move(c)); }
    /// The first coefficients of a series of this order, the others being 0.
    /// @throws std::invalid_argument unless 1 <= coefficients.size() <= order + 1.
    series(std::vector<T> coefficients, int order)
        : coefficients_(std::move(coefficients)), order_(order) {
        if (coefficients_.empty() || order < 0 || order == unlimited || size() - 1 > order)
            throw std::invalid_argument("series: need 1 to order + 1 coefficients, got " +
                                        std::to_string(coefficients_.size()) + " at order " +
                                        std::to_string(order));
    }
    /// value + t.
    static series variable(const T& value, int order) {
        std::vector<T> first{value};
        if (order > 0) first.push_back(constant_like(value, rational(1)));
        return {std::move(first), order};
    }

    /// Nothing for a constant.
    std::optional<int> order() const {
        return order_ == unlimited ? std::nullopt : std::optional(order_);
    }
    /// c_k. @throws std::out_of_range unless 0 <= k <= order; a constant has all of them.
    T operator[](int k) const {
        if (k < 0 || k > order_)
            throw std::out_of_range("series: coefficient " + std::to_string(k) +
                                    " of a series of order " + std::to_string(order_));
        return k < size() ? at(k) : zero();
    }
    series adopt(const rational& q) const { return series(constant_like(at(0), q)); }

    series& operator+=(const series& y) { return *this = *this + y; }
    series& operator-=(const series& y) { return *this = *this - y; }
    series& operator*=(const series& y) { return *this = *this * y; }
    series& operator/=(const series& y) requires divisible<T> { return *this = *this / y; }

    friend series operator+(const series& x, const series& y) {
        return combined(
            x, y, [](const T& a, const T& b) { return T(a + b); }, [](const T& b) { return b; });
    }
    friend series operator-(const series& x, const series& y) {
        return combined(
            x, y, [](const T& a, const T& b) { return T(a - b); },
            [](const T& b) { return T(-b); });
    }
    friend series operator-(const series& x) {
        series result(x);
        for (T& c : result.coefficients_)
            c = T(-c);
        return result;
    }
    friend series operator*(const series& x, const series& y) {
        const int order = std::min(x.order_, y.order_);
        const int count = terms(x.size() + y.size() - 1, order);
        std::vector<T> result;
        for (int k = 0; k < count; ++k)
            result.push_back(convolution(x.coefficients_, y.coefficients_, k, 0, k));
        return {trusted{}, std::move(result), order};
    }
    template <divisible S = T> friend series operator/(const series& x, const series& y) {
        const int order = std::min(x.order_, y.order_);
        const int count = terms(y.size() == 1 ? x.size() : unlimited, order);
        std::vector<T> result;
        for (int k = 0; k < count; ++k)
            result.push_back((x.or_zero(k) - convolution(y.coefficients_, result, k, 1, k)) /
                             y.at(0));
        return {trusted{}, std::move(result), order};
    }

    friend series sqrt(const series& x) requires field<T> {
        std::vector<T> root{detail::apply_elementary(opcode::sqrt, x.at(0))};
        for (int k = 1; k < x.count(); ++k)
            root.push_back((x.or_zero(k) - convolution(root, root, k, 1, k - 1)) / (2 * root[0]));
        return {trusted{}, std::move(root), x.order_};
    }
    /// e' = x' e
    friend series exp(const series& x) requires field<T> {
        const std::vector<T> slope = x.weighted();
        std::vector<T> result{detail::apply_elementary(opcode::exp, x.at(0))};
        for (int k = 1; k < x.count(); ++k)
            result.push_back(convolution(slope, result, k, 1, k) / k);
        return {trusted{}, std::move(result), x.order_};
    }
    /// x l' = x'
    friend series log(const series& x) requires field<T> {
        std::vector<T> result{detail::apply_elementary(opcode::log, x.at(0))};
        std::vector<T> slope{x.zero()}; // k l_k
        for (int k = 1; k < x.count(); ++k) {
            slope.push_back((k * x.or_zero(k) - convolution(slope, x.coefficients_, k, 1, k - 1)) /
                            x.at(0));
            result.push_back(slope.back() / k);
        }
        return {trusted{}, std::move(result), x.order_};
    }
    friend series sin(const series& x) requires field<T> { return x.sine_and_cosine().first; }
    friend series cos(const series& x) requires field<T> { return x.sine_and_cosine().second; }

    friend bool known_zero(const series& x) {
        return std::all_of(x.coefficients_.begin(), x.coefficients_.end(),
                           [](const T& c) { return known_zero(c); });
    }
    friend bool operator==(const series& x, const series& y) requires std::equality_comparable<T> {
        if (x.order_ != y.order_) return false;
        for (int k = 0; k < std::max(x.size(), y.size()); ++k)
            if (!(x.or_zero(k) == y.or_zero(k))) return false;
        return true;
    }

private:
    static constexpr int unlimited = std::numeric_limits<int>::max();
    struct trusted {};
    series(trusted, std::vector<T> coefficients, int order)
        : coefficients_(std::move(coefficients)), order_(order) {}

    int size() const { return static_cast<int>(coefficients_.size()); }
    const T& at(int k) const { return coefficients_[static_cast<std::size_t>(k)]; }
    T zero() const { return constant_like(at(0), rational(0)); }
    T or_zero(int k) const { return k < size() ? at(k) : zero(); }
    /// How many coefficients of a result are stored if `most` may differ from 0.
    static int terms(int most, int order) { return most > order ? order + 1 : most; }
    /// How many coefficients a function of this series has: a constant keeps one.
    int count() const { return size() == 1 ? 1 : order_ + 1; }

    /// x_low y_(k-low) + ... + x_high y_(k-high)
    static T convolution(const std::vector<T>& x, const std::vector<T>& y, int k, int low,
                         int high) {
        low = std::max(low, k + 1 - static_cast<int>(y.size()));
        high = std::min(high, static_cast<int>(x.size()) - 1);
        std::optional<T> sum;
        for (int j = low; j <= high; ++j) {
            const T &a = x[static_cast<std::size_t>(j)], &b = y[static_cast<std::size_t>(k - j)];
            if (known_zero(a) || known_zero(b)) continue;
            sum = sum ? T(*sum + a * b) : T(a * b);
        }
        return sum ? *sum : constant_like(x[0], rational(0));
    }
    template <class Both, class OnlySecond>
    static series combined(const series& x, const series& y, Both both, OnlySecond only_second) {
        const int order = std::min(x.order_, y.order_);
        const int count = terms(std::max(x.size(), y.size()), order);
        std::vector<T> result;
        for (int k = 0; k < count; ++k)
            result.push_back(k >= y.size()   ? x.at(k)
                             : k >= x.size() ? only_second(y.at(k))
                                             : both(x.at(k), y.at(k)));
        return {trusted{}, std::move(result), order};
    }
    /// k c_k
    std::vector<T> weighted() const {
        std::vector<T> result{zero()};
        for (int k = 1; k < size(); ++k)
            result.push_back(k * at(k));
        return result;
    }
    /// s' = x' c, c' = -x' s
    std::pair<series, series> sine_and_cosine() const {
        const std::vector<T> slope = weighted();
        std::vector<T> s{detail::apply_elementary(opcode::sin, at(0))};
        std::vector<T> c{detail::apply_elementary(opcode::cos, at(0))};
        for (int k = 1; k < count(); ++k) {
            T next = convolution(slope, c, k, 1, k) / k;
            c.push_back(-(convolution(slope, s, k, 1, k) / k));
            s.push_back(std::move(next));
        }
        return {series(trusted{}, std::move(s), order_), series(trusted{}, std::move(c), order_)};
    }

    std::vector<T> coefficients_; // never empty
    int order_ = unlimited;
};

template <class T> struct embed<series<T>> {
    int order = 0;
    embed<T> inner{};
    series<T> operator()(const rational& q) const { return {std::vector<T>{inner(q)}, order}; }
    series<T> pi() const requires requires(const embed<T>& e) { e.pi(); }
    { return {std::vector<T>{inner.pi()}, order}; }
};

} // namespace flowproof
