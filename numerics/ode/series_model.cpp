#include "numerics/ode/series_model.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <utility>

#include "numerics/interval/elementary.hpp"
#include "numerics/interval/interval.hpp"
#include "numerics/ode/lanes.hpp"

namespace flowproof::rigorous {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }
std::size_t index(int k, std::size_t row, std::size_t stride) {
    return row * stride + static_cast<std::size_t>(k);
}

/// Its value to nearest and a bound of its error.
enclosed_number centre(const interval<double>& x) {
    if (x.is_empty() || !x.is_bounded()) return {infinity, 0, infinity};
    return {x.midpoint(), 0, x.radius()};
}

} // namespace

series_model::series_model(series_program program, int order, int fine)
    : program_(std::move(program)), order_(order), fine_(std::min(fine, order)), wanted_(fine_),
      stride_(static_cast<std::size_t>(order) + 2), high_(program_.rows * stride_),
      low_(high_.size()), reversed_(high_.size()), start_error_(program_.rows), weight_(stride_),
      size_(high_.size()), suffix_(high_.size()), remainder_(program_.rows) {}

double_double series_model::coefficient(std::size_t row, int k) const {
    return {high_[index(k, row, stride_)], low_[index(k, row, stride_)]};
}

void series_model::set(std::size_t row, int k, const double_double& value) {
    high_[index(k, row, stride_)] = value.high;
    low_[index(k, row, stride_)] = value.low;
    reversed_[index(order_ - k, row, stride_)] = value.high;
}

void series_model::set_start(std::size_t i, const double_double& value) { set(i, 0, value); }

void series_model::set_given(std::size_t i, const double* coefficients, double remainder) {
    for (int k = 0; k <= order_; ++k)
        set(i, k, {coefficients[k], 0});
    remainder_[i] = remainder;
}

template <class Real> Real series_model::form(const affine_form& f, int k) const {
    const auto number = [&](std::int32_t c) {
        const enclosed_number& e = program_.coefficients[index(c)];
        if constexpr (std::same_as<Real, double>)
            return e.high;
        else
            return double_double{e.high, e.low};
    };
    Real sum{};
    if (k == 0 && f.constant >= 0) sum = number(f.constant);
    for (const auto& t : f.terms) {
        Real x;
        if constexpr (std::same_as<Real, double>)
            x = high_[index(k, index(t.row), stride_)];
        else
            x = coefficient(index(t.row), k);
        sum = t.coefficient == affine_form::one         ? sum + x
              : t.coefficient == affine_form::minus_one ? sum - x
                                                        : sum + number(t.coefficient) * x;
    }
    return sum;
}

/// Sum of x_j y_(k-j) for j from `from` to `to`.
template <class Real>
[[gnu::always_inline]] inline Real series_model::inner(std::int32_t x, std::int32_t y, int k,
                                                       int from, int to) const {
    const double* const a = high_.data() + index(from, index(x), stride_);
    const double* const b = reversed_.data() + index(order_ - k + from, index(y), stride_);
    const std::ptrdiff_t n = to - from + 1;
    std::ptrdiff_t j = 0;
    if constexpr (std::same_as<Real, double>) {
        two_lanes even{0, 0}, odd{0, 0}, u, v;
        for (; j + 4 <= n; j += 4) {
            load(u, a + j);
            load(v, b + j);
            even += u * v;
            load(u, a + j + 2);
            load(v, b + j + 2);
            odd += u * v;
        }
        even += odd;
        double sum = even[0] + even[1];
        for (; j < n; ++j)
            sum += a[j] * b[j];
        return sum;
    } else {
        const double* const al = low_.data() + index(from, index(x), stride_);
        const double* const bl = low_.data() + index(k - from, index(y), stride_);
        double sum = 0, rest = 0;
        for (; j < n; ++j) {
            const auto p = rounding::two_product(a[j], b[j]);
            const auto s = rounding::two_sum(sum, p.value);
            sum = s.value;
            rest += s.error + (p.error + (a[j] * bl[-j] + al[j] * b[j]));
        }
        return double_double::renormalised(sum, rest);
    }
}

void series_model::order_zero() {
    for (const taylor_instruction& i : program_.instructions) {
        const std::size_t out = index(i.out);
        const auto x = coefficient(index(i.x), 0), y = coefficient(index(i.y), 0);
        const auto start = [&](std::size_t row, const enclosed_number& value) {
            set(row, 0, {value.high, value.low});
            start_error_[row] = value.error;
        };
        /// Of a function, by Arb: to 106 bits, or to those of a double.
        const auto elementary = [&](std::size_t row, const auto& function) {
            if (!std::isfinite(x.high) || !std::isfinite(x.low))
                start(row, {infinity, 0, infinity});
            else if (fine_ > 0)
                start(row, enclosed(function(
                               ball(rational::exactly(x.high) + rational::exactly(x.low), 128))));
            else
                start(row, centre(function(interval<double>(x.high) + interval<double>(x.low))));
        };
        switch (i.op) {
        case taylor_op::affine:
            set(out, 0, form<double_double>(program_.forms[index(i.x)], 0));
            break;
        case taylor_op::product:
            set(out, 0, x * y);
            break;
        case taylor_op::square:
            set(out, 0, x * x);
            break;
        case taylor_op::quotient:
            set(out, 0, x / y);
            break;
        case taylor_op::reciprocal:
            set(out, 0, double_double{1} / x);
            break;
        case taylor_op::sqrt:
            set(out, 0, sqrt(x));
            break;
        case taylor_op::slope:
            set(out, 0, {});
            break;
        case taylor_op::exp:
            elementary(out, [](const auto& z) { return exp(z); });
            break;
        case taylor_op::log:
            elementary(out, [](const auto& z) { return log(z); });
            break;
        case taylor_op::sin_cos:
            elementary(out, [](const auto& z) { return sin(z); });
            elementary(out + 1, [](const auto& z) { return cos(z); });
            break;
        }
        if (fine_ == 0) low_[index(0, out, stride_)] = 0;
    }
}

template <class Real> void series_model::order_above(int k) {
    constexpr bool in_double = std::same_as<Real, double>;
    const auto value = [&](std::int32_t row, int j) {
        if constexpr (in_double)
            return high_[index(j, index(row), stride_)];
        else
            return coefficient(index(row), j);
    };
    const auto store = [&](std::int32_t row, const Real& v) {
        if constexpr (in_double) {
            high_[index(k, index(row), stride_)] = v;
            low_[index(k, index(row), stride_)] = 0;
            reversed_[index(order_ - k, index(row), stride_)] = v;
        } else {
            set(index(row), k, v);
        }
    };
    const Real n{static_cast<double>(k)};
    for (const taylor_instruction& i : program_.instructions) {
        switch (i.op) {
        case taylor_op::affine:
            store(i.out, form<Real>(program_.forms[index(i.x)], k));
            break;
        case taylor_op::product:
            store(i.out, inner<Real>(i.x, i.y, k, 0, k));
            break;
        case taylor_op::square:
            store(i.out, inner<Real>(i.x, i.x, k, 0, k));
            break;
        case taylor_op::quotient:
            store(i.out, (value(i.x, k) - inner<Real>(i.y, i.out, k, 1, k)) / value(i.y, 0));
            break;
        case taylor_op::reciprocal:
            store(i.out, -inner<Real>(i.x, i.out, k, 1, k) / value(i.x, 0));
            break;
        case taylor_op::sqrt:
            store(i.out, (value(i.x, k) - inner<Real>(i.out, i.out, k, 1, k - 1)) /
                             (Real{2} * value(i.out, 0)));
            break;
        case taylor_op::slope:
            store(i.out, n * value(i.x, k));
            break;
        case taylor_op::exp:
            store(i.out, inner<Real>(i.y, i.out, k, 1, k) / n);
            break;
        case taylor_op::log:
            store(i.out, value(i.y, k) / n);
            break;
        case taylor_op::sin_cos: {
            const Real s = inner<Real>(i.y, i.out + 1, k, 1, k) / n;
            const Real c = -inner<Real>(i.y, i.out, k, 1, k) / n;
            store(i.out, s);
            store(i.out + 1, c);
            break;
        }
        }
    }
}

bool series_model::expand(double unit) {
    unit_ = unit;
    fine_ = wanted_;
    for (int k = 0; k < order_; ++k) {
        const bool in_fine = k < fine_;
        if (k == 0)
            order_zero();
        else if (in_fine)
            order_above<double_double>(k);
        else
            order_above<double>(k);
        for (std::size_t i = 0; i < program_.states; ++i) {
            if (program_.velocity[i] == series_program::given) continue;
            const affine_form& f = program_.forms[index(program_.velocity[i])];
            const double n = k + 1;
            if (k + 1 < fine_)
                set(i, k + 1, double_double{unit} * form<double_double>(f, k) / double_double{n});
            else
                set(i, k + 1, {unit * form<double>(f, k) / n, 0});
        }
    }
    for (std::size_t i = 0; i < program_.states; ++i)
        if (!std::isfinite(high_[index(order_, i, stride_)])) return false;
    return true;
}

} // namespace flowproof::rigorous
