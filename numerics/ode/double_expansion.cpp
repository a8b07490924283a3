#include "numerics/ode/double_expansion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "numerics/ode/sign_change.hpp"
#include "numerics/scalar/evaluate.hpp"

namespace flowproof::approx {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// sum + error = a + b exactly.
std::pair<double, double> two_sum(double a, double b) {
    const double s = a + b, t = s - a;
    return {s, (a - (s - t)) + (b - t)};
}

/// inner[k + j] += x_k y_j + x_j y_k for 0 < j < k; inner[2 k] += x_k y_k. The rows hold 0 from
/// coefficient k on.
void push(double* inner, int k, int order, double xk, double yk, const double* x, const double* y) {
    const int last = std::min(k - 1, order - k);
    for (int j = 1; j <= last; ++j)
        inner[k + j] += xk * y[j] + yk * x[j];
    if (2 * k <= order) inner[2 * k] += xk * yk;
}

} // namespace

double_expansion::double_expansion(const vector_field& f, const std::vector<double>& parameters,
                                   const std::vector<double>& start, double duration, int order)
    : order_(order), states_(f.states()), stride_(static_cast<std::size_t>(order) + 8),
      velocity_instructions_(f.program().velocity_instructions()), event_(f.program().event()),
      duration_(duration) {
    const taylor_program& program = f.program();
    const std::vector<double> coefficient = flowproof::evaluate(program.coefficients(), parameters);
    std::int32_t accumulators = 0;
    const auto bound_form = [&](std::int32_t number, std::int32_t out) {
        const affine_form& form = program.forms()[static_cast<std::size_t>(number)];
        instruction result{taylor_op::affine, out, 0, 0, 0, 0, 0, 0};
        if (form.constant >= 0)
            result.constant = coefficient[static_cast<std::size_t>(form.constant)];
        result.first = static_cast<std::int32_t>(terms_.size());
        for (const auto& t : form.terms)
            terms_.push_back({t.coefficient == affine_form::one ? 1.0
                              : t.coefficient == affine_form::minus_one
                                  ? -1.0
                                  : coefficient[static_cast<std::size_t>(t.coefficient)],
                              t.row});
        result.last = static_cast<std::int32_t>(terms_.size());
        return result;
    };
    for (const taylor_instruction& i : program.instructions()) {
        if (i.op == taylor_op::affine) {
            instructions_.push_back(bound_form(i.x, i.out));
            continue;
        }
        instructions_.push_back({i.op, i.out, i.x, i.y, accumulators, 0, 0, 0});
        if (i.op != taylor_op::slope && i.op != taylor_op::log)
            accumulators += i.op == taylor_op::sin_cos ? 2 : 1;
    }
    for (std::size_t i = 0; i < states_; ++i)
        velocity_.push_back(bound_form(program.velocity()[i], static_cast<std::int32_t>(i)));
    zeroth_.resize(program.rows());
    current_.resize(program.rows());
    rows_.resize(program.rows() * stride_);
    inner_.resize(static_cast<std::size_t>(accumulators) * stride_);
    speed_.resize(states_);
    low_.resize(states_);
    old_ = old_low_ = next_ = low_;
    std::copy(start.begin(), start.end(), zeroth_.begin());
    evaluate();
    double size = 0, speed = 0;
    for (std::size_t i = 0; i < states_; ++i) {
        size = std::max(size, std::abs(zeroth_[i]));
        speed = std::max(speed, std::abs(speed_[i]));
    }
    if (size > 0 && speed > 0) scale_ = std::exp2(std::round(std::log2(size) - std::log2(speed)));
}

double double_expansion::form(const instruction& f, const double* values) const {
    double sum = 0;
    for (std::int32_t t = f.first; t < f.last; ++t) {
        const term& one = terms_[static_cast<std::size_t>(t)];
        sum += one.coefficient * values[one.row];
    }
    return sum;
}

void double_expansion::evaluate() {
    double* const v = zeroth_.data();
    for (const instruction& i : instructions_) {
        double* const r = v + i.out;
        const double x = v[i.x], y = v[i.y];
        switch (i.op) {
        case taylor_op::affine:
            *r = i.constant + form(i, v);
            break;
        case taylor_op::product:
        case taylor_op::square:
            *r = x * y;
            break;
        case taylor_op::quotient:
            *r = x / y;
            break;
        case taylor_op::reciprocal:
            *r = 1 / x;
            break;
        case taylor_op::sqrt:
            *r = std::sqrt(x);
            break;
        case taylor_op::slope:
            *r = 0;
            break;
        case taylor_op::exp:
            *r = std::exp(x);
            break;
        case taylor_op::log:
            *r = std::log(x);
            break;
        case taylor_op::sin_cos:
            r[0] = std::sin(x);
            r[1] = std::cos(x);
            break;
        }
    }
    defined_ = true;
    for (std::size_t i = 0; i < states_; ++i) {
        const double speed = velocity_[i].constant + form(velocity_[i], v);
        defined_ = defined_ && std::isfinite(speed) && std::isfinite(v[i]);
        speed_[i] = speed;
    }
    if (event_ >= 0) defined_ = defined_ && std::isfinite(v[event_]);
}

void double_expansion::coefficients() {
    std::fill(rows_.begin(), rows_.end(), 0.0);
    std::fill(inner_.begin(), inner_.end(), 0.0);
    const double* const zero = zeroth_.data();
    double* const now = current_.data();
    for (std::size_t i = 0; i < states_; ++i)
        now[i] = speed_[i] * scale_;
    for (int k = 1; k <= order_; ++k) {
        const double n = k;
        const std::size_t count = k < order_ || event_ >= 0 ? instructions_.size() : 0;
        for (std::size_t number = 0; number < count; ++number) {
            const instruction& i = instructions_[number];
            const double xk = now[i.x], yk = now[i.y];
            const double *x = row(i.x), *y = row(i.y), *r = row(i.out);
            double& rk = now[i.out];
            double* const v = inner(i.inner);
            switch (i.op) {
            case taylor_op::affine:
                rk = form(i, now);
                break;
            case taylor_op::product:
                rk = v[k] + (zero[i.x] * yk + xk * zero[i.y]);
                push(v, k, order_, xk, yk, x, y);
                break;
            case taylor_op::square:
                rk = v[k] + 2 * zero[i.x] * xk;
                push(v, k, order_, xk, xk, x, x);
                break;
            case taylor_op::quotient:
                rk = (xk - v[k] - zero[i.out] * yk) / zero[i.y];
                push(v, k, order_, rk, yk, r, y);
                break;
            case taylor_op::reciprocal:
                rk = -(v[k] + zero[i.out] * xk) * zero[i.out];
                push(v, k, order_, rk, xk, r, x);
                break;
            case taylor_op::sqrt:
                rk = (xk - v[k]) / (2 * zero[i.out]);
                push(v, k, order_, rk, rk, r, r);
                break;
            case taylor_op::slope:
                rk = n * xk;
                break;
            case taylor_op::exp:
                rk = (v[k] + yk * zero[i.out]) / n;
                push(v, k, order_, rk, yk, r, y);
                break;
            case taylor_op::log:
                rk = yk / n;
                break;
            case taylor_op::sin_cos: {
                double* const w = inner(i.inner + 1);
                double& ck = now[i.out + 1];
                rk = (v[k] + yk * zero[i.out + 1]) / n;
                ck = -(w[k] + yk * zero[i.out]) / n;
                push(v, k, order_, ck, yk, row(i.out + 1), y);
                push(w, k, order_, rk, yk, r, y);
                break;
            }
            }
        }
        for (std::size_t r = 0; r < current_.size(); ++r)
            rows_[r * stride_ + static_cast<std::size_t>(k)] = now[r];
        if (k < order_) {
            // Into the states only after all of them are read.
            for (std::size_t i = 0; i < states_; ++i)
                next_[i] = form(velocity_[i], now) * (scale_ / (n + 1));
            std::copy(next_.begin(), next_.end(), now);
        }
    }
}

bool double_expansion::expand() {
    for (int attempt = 0; attempt < 40; ++attempt) {
        coefficients();
        used_scale_ = scale_;
        bool finite = true;
        for (std::size_t i = 0; i < states_; ++i)
            finite = finite && std::isfinite(rows_[i * stride_ + static_cast<std::size_t>(order_)]);
        if (event_ >= 0) finite = finite && std::isfinite(row(event_)[order_]);
        if (finite) return true;
        scale_ *= 0x1p-24;
    }
    return false;
}

double double_expansion::size(int k) const {
    double largest = 0;
    for (std::size_t i = 0; i < states_; ++i)
        largest =
            std::max(largest, std::abs(k == 0 ? zeroth_[i]
                                              : rows_[i * stride_ + static_cast<std::size_t>(k)]));
    return std::log2(largest) - k * std::log2(used_scale_);
}

double double_expansion::event_size(int k) const {
    const double value = k == 0 ? zeroth_[static_cast<std::size_t>(event_)] : row(event_)[k];
    return std::log2(std::abs(value)) - k * std::log2(used_scale_);
}

double double_expansion::log2_left() const { return std::log2(std::abs(left())); }
double double_expansion::log2_time() const { return std::log2(std::abs(time_)); }
double double_expansion::length(double log2_length) const {
    return std::copysign(std::exp2(log2_length), duration_);
}

std::vector<double> double_expansion::event_polynomial(double h) const {
    const double s = h / used_scale_;
    std::vector<double> c{zeroth_[static_cast<std::size_t>(event_)]};
    double power = 1, largest = std::abs(c[0]);
    for (int k = 1; k <= order_; ++k) {
        power *= s;
        c.push_back(row(event_)[k] * power);
        largest = std::max(largest, std::abs(c.back()));
    }
    if (largest > 0)
        for (double& x : c)
            x /= largest;
    return c;
}

double double_expansion::event_time(const std::vector<double>& polynomial, int, double low,
                                    double high, double h) const {
    return root_between(polynomial, low, high) * h;
}

double double_expansion::move(double h) {
    const double s = h / used_scale_;
    double displaced = 0, largest = 0;
    std::copy_n(zeroth_.begin(), states_, old_.begin());
    old_low_ = low_;
    if (event_ >= 0) old_event_ = zeroth_[static_cast<std::size_t>(event_)];
    for (std::size_t i = 0; i < states_; ++i) {
        const double* const c = rows_.data() + i * stride_;
        double p = 0, slope = 0;
        for (int k = order_; k >= 1; --k) {
            slope = slope * s + p;
            p = p * s + c[k];
        }
        slope = slope * s + p;
        current_[i] = slope; // dp/ds
        const auto [sum, error] = two_sum(zeroth_[i], p * s + low_[i]);
        zeroth_[i] = sum;
        low_[i] = error;
        largest = std::max({largest, std::abs(sum), std::abs(old_[i]), std::abs(c[1] * s)});
    }
    scale_ = std::exp2(std::round(std::log2(std::abs(h))));
    evaluate();
    if (!defined_) return infinity;
    for (std::size_t i = 0; i < states_; ++i)
        displaced = std::max(displaced, std::abs((speed_[i] * used_scale_ - current_[i]) * s));
    double result = displaced == 0 ? 0 : displaced / largest;
    if (event_ >= 0) {
        double p = 0, size = 0;
        for (int k = order_; k >= 1; --k) {
            p = (p + row(event_)[k]) * s;
            size = (size + std::abs(row(event_)[k])) * std::abs(s);
        }
        const double gap = std::abs(old_event_ + p - zeroth_[static_cast<std::size_t>(event_)]);
        if (gap > 0) result = std::max(result, gap / (std::abs(old_event_) + size));
    }
    return result;
}

void double_expansion::undo() {
    std::copy(old_.begin(), old_.end(), zeroth_.begin());
    low_ = old_low_;
    if (event_ >= 0) zeroth_[static_cast<std::size_t>(event_)] = old_event_;
}

void double_expansion::accept(double h) {
    std::tie(time_, time_low_) = two_sum(time_, h + time_low_);
}

std::vector<double> double_expansion::state() const {
    return {zeroth_.begin(), zeroth_.begin() + static_cast<std::ptrdiff_t>(states_)};
}

taylor_step<double> double_expansion::step(double length) const {
    taylor_step<double> result{time_, length, order_, {}};
    result.coefficients.reserve(states_ * static_cast<std::size_t>(order_ + 1));
    for (std::size_t i = 0; i < states_; ++i) {
        result.coefficients.push_back(old_[i]);
        double power = 1;
        for (int k = 1; k <= order_; ++k) {
            power /= used_scale_;
            result.coefficients.push_back(rows_[i * stride_ + static_cast<std::size_t>(k)] * power);
        }
    }
    return result;
}

} // namespace flowproof::approx
