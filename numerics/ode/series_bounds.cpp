#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/interval/elementary.hpp"
#include "numerics/interval/interval.hpp"
#include "numerics/ode/series_model.hpp"

namespace flowproof::rigorous {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// Covers the rounding of a few hundred operations on magnitudes,
constexpr double more = 1 + 0x1p-40;
/// and what underflows anywhere, as long as no size exceeds `largest` and no s exceeds 16.
constexpr double least = 0x1p-800, largest = 0x1p250;

/// Errors of inner products of up to n terms and a few operations more, relative to their sizes:
/// n + 16 roundings to nearest, or twice so many operations in double_double.
constexpr double plain_unit(double n) { return (n + 16) * 0x1p-53; }
constexpr double fine_unit(double n) { return (n + 16) * (n + 16) * 0x1p-102; }

std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }
std::size_t index(int k, std::size_t row, std::size_t stride) {
    return row * stride + static_cast<std::size_t>(k);
}

double upper_exp(double x) {
    return x < 600 ? exp(interval<double>(std::max(x, -700.0))).upper() : infinity;
}

} // namespace

void series_model::weigh(std::size_t row) {
    double* const size = size_.data() + row * stride_;
    double* const suffix = suffix_.data() + row * stride_;
    const double* const x = high_.data() + row * stride_;
    const int degree = row < program_.states ? order_ : order_ - 1;
    size[order_] = suffix[order_ + 1] = 0;
    for (int k = 0; k <= degree; ++k)
        size[k] = std::abs(x[k]) * weight_[static_cast<std::size_t>(k)] * (1 + 0x1p-44);
    for (int k = order_; k >= 0; --k)
        suffix[k] = suffix[k + 1] + size[k];
}

double series_model::tail(std::size_t x, std::size_t y, int from) const {
    const double* const a = size_.data() + x * stride_;
    const double* const b = suffix_.data() + y * stride_;
    double sum = 0;
    for (int j = 0; j < from; ++j)
        sum += a[j] * b[from - j];
    return sum + suffix_[index(from, x, stride_)] * b[0];
}

value_range series_model::range(std::size_t row) const {
    const double c = high_[row * stride_], d = high_[row * stride_ + 1] * s_;
    const double rest = (sum(row, 2) + remainder_[row]) * more + sum(row, 0) * 0x1p-45 + least;
    return {c + std::min(d, 0.0) - rest, c + std::max(d, 0.0) + rest};
}

double series_model::form_bound(const affine_form& f, int fine_orders) const {
    const double n = static_cast<double>(f.terms.size()), p = plain_unit(n), q = fine_unit(n);
    double sum = 0;
    if (f.constant >= 0) {
        const enclosed_number& c = program_.coefficients[index(f.constant)];
        sum = c.error + std::abs(c.high) * (fine_orders > 0 ? q : p);
    }
    for (const auto& t : f.terms) {
        const double* const x = suffix_.data() + index(t.row) * stride_;
        const double rest = remainder_[index(t.row)];
        const double own = x[0] * q + x[fine_orders] * p + x[order_] + rest;
        if (t.coefficient < 0) {
            sum += own;
        } else {
            const enclosed_number& c = program_.coefficients[index(t.coefficient)];
            sum += std::abs(c.high) * own * (1 + 0x1p-50) + c.error * (x[0] + rest);
        }
    }
    return sum * more + least;
}

/// How far the row of this instruction may be from its polynomial; not finite where undefined.
double series_model::row_bound(const taylor_instruction& i) const {
    const std::size_t x = index(i.x), y = index(i.y), r = index(i.out);
    const double n = order_, p = plain_unit(n), q = fine_unit(n);
    const auto whole = [&](std::size_t row) { return sum(row, 0); };
    /// Rounding and cut of the product of two rows' polynomials.
    const auto rounding = [&](std::size_t a, std::size_t b) {
        const double all = whole(a) * whole(b);
        return fine_ == 0 ? p * all : q * all + p * tail(a, b, fine_);
    };
    const auto cut = [&](std::size_t a, std::size_t b) {
        return tail(a, b, order_) + rounding(a, b);
    };
    /// Rounding and cut of one.
    const auto own = [&](std::size_t a) {
        return q * whole(a) + p * sum(a, fine_) + sum(a, order_);
    };
    const auto smallest = [&](std::size_t row) {
        const value_range v = range(row);
        return v.lower > 0 ? v.lower : v.upper < 0 ? -v.upper : 0.0;
    };
    const double dx = i.op == taylor_op::affine ? 0 : remainder_[x];
    switch (i.op) {
    case taylor_op::affine:
        return form_bound(program_.forms[x], fine_);
    case taylor_op::product: {
        const double dy = remainder_[y];
        return cut(x, y) + whole(x) * dy + whole(y) * dx + dx * dy;
    }
    case taylor_op::square:
        return cut(x, x) + (2 * whole(x) + dx) * dx;
    case taylor_op::quotient: // x - r y
        return (own(x) + cut(r, y) + dx + whole(r) * remainder_[y] + least) / smallest(y);
    case taylor_op::reciprocal: // 1 - r x
        return ((fine_ == 0 ? p : q) + cut(r, x) + whole(r) * dx + least) / smallest(x);
    case taylor_op::sqrt: { // x - r r = (sqrt(x) - r) (sqrt(x) + r)
        if (!(range(x).lower > 0)) return infinity;
        const value_range v{high_[r * stride_] - sum(r, 1) - whole(r) * 0x1p-45, 0};
        return v.lower > 0 ? (own(x) + cut(r, r) + dx + least) / v.lower : infinity;
    }
    case taylor_op::slope:
        return infinity;   // a derivative is not bounded by its function
    case taylor_op::exp: { // r' - x' r, by variation of constants
        const double residual = 2 * rounding(y, r) + tail(y, r, order_);
        const value_range v = range(x);
        const double from_polynomial =
            (start_error_[r] + residual + least) * upper_exp((v.upper - v.lower) * more);
        if (!(dx <= 1)) return infinity;
        return from_polynomial + (whole(r) + from_polynomial) * dx * (1 + dx);
    }
    case taylor_op::log: { // r' x - x', where y = x' / x to rounding
        const double lower = range(x).lower;
        if (!(lower > 0)) return infinity;
        const std::size_t slope = y; // sizes of t dx/dt are those of x times k
        double of_slope = 0, of_rest = 0;
        for (int k = 1; k <= order_; ++k) {
            const double a = k * size_[index(k, x, stride_)];
            of_slope += a;
            if (k >= fine_) of_rest += a;
        }
        const double residual = 2 * (q * of_slope + p * of_rest + 2 * rounding(slope, x)) +
                                tail(slope, x, order_) + order_ * size_[index(order_, x, stride_)];
        return start_error_[r] + (residual + dx + least) / lower;
    }
    case taylor_op::sin_cos: { // (s - sin, c - cos) turns without growing
        const double sine = 2 * rounding(y, r + 1) + tail(y, r + 1, order_);
        const double cosine = 2 * rounding(y, r) + tail(y, r, order_);
        return start_error_[r] + start_error_[r + 1] + sine + cosine + dx;
    }
    }
    return infinity;
}

bool series_model::bound(double s) {
    s_ = s;
    double power = 1;
    for (std::size_t k = 0; k < stride_; ++k, power *= s)
        weight_[k] = power;
    const auto moderate = [&](std::size_t row) { return sum(row, 0) <= largest; };
    for (std::size_t i = 0; i < program_.states; ++i) {
        weigh(i);
        if (!moderate(i)) return false;
    }
    for (const taylor_instruction& i : program_.instructions) {
        const std::size_t out = index(i.out);
        weigh(out);
        if (i.op == taylor_op::slope) { // the term of order order_ of a state counts
            double* const size = size_.data() + out * stride_;
            double* const suffix = suffix_.data() + out * stride_;
            for (int k = order_; k >= 0; --k) {
                size[k] = k * size_[index(k, index(i.x), stride_)];
                suffix[k] = suffix[k + 1] + size[k];
            }
        }
        const bool two = i.op == taylor_op::sin_cos;
        if (two) weigh(out + 1);
        if (!moderate(out) || (two && !moderate(out + 1))) return false;
        remainder_[out] = row_bound(i) * more + least;
        if (two) remainder_[out + 1] = remainder_[out];
    }
    // Of slopes, and of their quotients inside logarithms, polynomials alone are used.
    for (const taylor_instruction& i : program_.instructions) {
        const bool helper = i.op == taylor_op::slope ||
                            (i.op == taylor_op::quotient && remainder_[index(i.x)] == infinity);
        if (!helper && !(remainder_[index(i.out)] <= largest)) return false;
    }
    return true;
}

double series_model::defect(std::size_t i) const {
    const affine_form& f = program_.forms[index(program_.velocity[i])];
    // Times the unit, divided by k + 1: two of the roundings that plain_unit and fine_unit allow.
    return form_bound(f, std::max(fine_ - 1, 0)) * std::abs(s_ * unit_) * more + least;
}

double_double series_model::end(std::size_t i, double& error) const {
    double high = 0;
    int k = order_;
    for (; k >= std::max(fine_, 1); --k)
        high = (high + high_[index(k, i, stride_)]) * s_;
    double_double value{high};
    for (; k >= 1; --k)
        value = (value + coefficient(i, k)) * double_double{s_};
    error = (sum(i, 1) * fine_unit(order_) + sum(i, std::max(fine_, 1)) * plain_unit(order_) * 2 +
             sum(i, 0) * 0x1p-98) *
                more +
            least;
    return value + coefficient(i, 0);
}

double series_model::low_sum(std::size_t i) const {
    double sum = 0;
    for (int k = 0; k < fine_; ++k)
        sum += std::abs(low_[index(k, i, stride_)]) * weight_[static_cast<std::size_t>(k)];
    return sum * more + least;
}

} // namespace flowproof::rigorous
