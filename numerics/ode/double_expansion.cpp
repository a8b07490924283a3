#include "numerics/ode/double_expansion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "numerics/ode/follow.hpp"
#include "numerics/ode/lanes.hpp"
#include "numerics/scalar/evaluate.hpp"

namespace flowproof::approx {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// sum + error = a + b exactly.
std::pair<double, double> two_sum(double a, double b) {
    const double s = a + b, t = s - a;
    return {s, (a - (s - t)) + (b - t)};
}

/// inner[k + j] += x_k y_j + x_j y_k for 0 < j < k; inner[2 k] += x_k y_k. The rows hold 0 for
/// indices below 1 and from k on, so that groups of lanes may be added from a multiple of them.
template <class Lanes>
[[gnu::always_inline]] inline void push(double* inner, int k, int order, double xk, double yk,
                                        const double* x, const double* y) {
    constexpr int count = sizeof(Lanes) / sizeof(double);
    const int last = std::min(2 * k - 1, order);
    Lanes sum, xs, ys;
    for (int i = (k + 1) & -count; i <= last; i += count) {
        load(sum, inner + i);
        load(xs, x + (i - k));
        load(ys, y + (i - k));
        sum += xk * ys + yk * xs;
        store(inner + i, sum);
    }
    if (2 * k <= order) inner[2 * k] += xk * yk;
}

} // namespace

double_expansion::double_expansion(const vector_field& f, const std::vector<double>& parameters,
                                   const std::vector<double>& start, double duration, int order,
                                   bool wide)
    : order_(order), states_(f.states()), stride_((static_cast<std::size_t>(order) + 12) & ~3ul),
      event_(f.program().event()), duration_(duration), wide_(wide) {
    const taylor_program& program = f.program();
    const std::vector<double> coefficients =
        flowproof::evaluate(program.coefficients(), parameters);
    const auto form_of = [&](std::int32_t number, std::int32_t out) {
        return bound(program.forms()[static_cast<std::size_t>(number)], out, coefficients);
    };
    const auto stride = static_cast<std::int32_t>(stride_);
    std::int32_t sums = 0;
    for (const taylor_instruction& i : program.instructions()) {
        if (i.op == taylor_op::affine) {
            instructions_.push_back(form_of(i.x, i.out));
            continue;
        }
        instruction next{i.op, i.out, i.x, i.y, i.out * stride, i.x * stride, i.y * stride, sums};
        if (i.op != taylor_op::slope && i.op != taylor_op::log)
            sums += i.op == taylor_op::sin_cos ? 2 * stride : stride;
        instructions_.push_back(next);
    }
    for (std::size_t i = 0; i < states_; ++i)
        velocity_.push_back(form_of(program.velocity()[i], static_cast<std::int32_t>(i)));
    std::vector<bool> kept(program.rows(), false);
    for (std::size_t i = 0; i < states_; ++i)
        kept[i] = true;
    if (event_ >= 0) kept[static_cast<std::size_t>(event_)] = true;
    for (const instruction& i : instructions_) {
        if (i.op == taylor_op::affine || i.op == taylor_op::slope || i.op == taylor_op::log)
            continue;
        for (const std::int32_t r : {i.x, i.y, i.op == taylor_op::product ? i.x : i.out})
            kept[static_cast<std::size_t>(r)] = true;
        if (i.op == taylor_op::sin_cos) kept[static_cast<std::size_t>(i.out) + 1] = true;
    }
    for (std::size_t r = 0; r < kept.size(); ++r)
        if (kept[r]) kept_.push_back(static_cast<std::int32_t>(r));
    zeroth_.resize(program.rows());
    current_.resize(program.rows());
    rows_.resize(program.rows() * stride_ + padding);
    inner_.resize(static_cast<std::size_t>(sums));
    speed_.resize(states_);
    weight_.resize(states_ + 1);
    low_ = old_ = old_low_ = slope_ = speed_;
    std::copy(start.begin(), start.end(), zeroth_.begin());
    evaluate();
    double size = 0, speed = 0;
    for (std::size_t i = 0; i < states_; ++i) {
        size = std::max(size, std::abs(zeroth_[i]));
        speed = std::max(speed, std::abs(speed_[i]));
    }
    if (size > 0 && speed > 0) set_unit(std::log2(size) - std::log2(speed));
}

double_expansion::instruction double_expansion::bound(const affine_form& form, std::int32_t out,
                                                      const std::vector<double>& coefficients) {
    instruction result{taylor_op::affine, out};
    if (form.constant >= 0) result.constant = coefficients[static_cast<std::size_t>(form.constant)];
    result.first = static_cast<std::int32_t>(terms_.size());
    for (const auto& t : form.terms)
        terms_.push_back({t.coefficient == affine_form::one ? 1.0
                          : t.coefficient == affine_form::minus_one
                              ? -1.0
                              : coefficients[static_cast<std::size_t>(t.coefficient)],
                          t.row});
    result.last = static_cast<std::int32_t>(terms_.size());
    return result;
}

[[gnu::always_inline]] inline double double_expansion::form(const instruction& f,
                                                            const double* values) const {
    const term* t = terms_.data() + f.first;
    const term* const end = terms_.data() + f.last;
    if (t == end) return 0;
    double sum = t->coefficient * values[t->row];
    for (++t; t != end; ++t)
        sum += t->coefficient * values[t->row];
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

template <class Lanes> [[gnu::always_inline]] inline void double_expansion::coefficients_in() {
    std::fill(rows_.begin(), rows_.end(), 0.0);
    std::fill(inner_.begin(), inner_.end(), 0.0);
    const double* const zero = zeroth_.data();
    double* const now = current_.data();
    double* const next = slope_.data();
    double* const rows = rows_.data() + padding;
    const auto stride = static_cast<std::ptrdiff_t>(stride_);
    const auto states = static_cast<std::ptrdiff_t>(states_);
    double* const inner = inner_.data();
    const int order = order_;
    // The last coefficients of the states need no more; that of the event does.
    const std::size_t all = instructions_.size(), last = event_ < 0 ? 0 : all;
    for (std::ptrdiff_t i = 0; i < states; ++i)
        now[i] = speed_[static_cast<std::size_t>(i)] * scale_;
    for (int k = 1; k <= order; ++k) {
        const double n = k;
        const instruction* const end = instructions_.data() + (k < order ? all : last);
        for (const instruction* at = instructions_.data(); at != end; ++at) {
            const instruction& i = *at;
            const double xk = now[i.x], yk = now[i.y];
            const double *x = rows + i.x_row, *y = rows + i.y_row, *r = rows + i.out_row;
            double* const v = inner + i.inner;
            switch (i.op) {
            case taylor_op::affine:
                now[i.out] = form(i, now);
                break;
            case taylor_op::product: // y was computed last: its term is added last
                now[i.out] = (v[k] + zero[i.y] * xk) + zero[i.x] * yk;
                push<Lanes>(v, k, order, xk, yk, x, y);
                break;
            case taylor_op::square:
                now[i.out] = v[k] + 2 * zero[i.x] * xk;
                push<Lanes>(v, k, order, xk, xk, x, x);
                break;
            case taylor_op::quotient: {
                const double rk = (xk - v[k] - zero[i.out] * yk) / zero[i.y];
                now[i.out] = rk;
                push<Lanes>(v, k, order, rk, yk, r, y);
                break;
            }
            case taylor_op::reciprocal: {
                const double rk = -(v[k] + zero[i.out] * xk) * zero[i.out];
                now[i.out] = rk;
                push<Lanes>(v, k, order, rk, xk, r, x);
                break;
            }
            case taylor_op::sqrt: {
                const double rk = (xk - v[k]) / (2 * zero[i.out]);
                now[i.out] = rk;
                push<Lanes>(v, k, order, rk, rk, r, r);
                break;
            }
            case taylor_op::slope:
                now[i.out] = n * xk;
                break;
            case taylor_op::exp: {
                const double rk = (v[k] + yk * zero[i.out]) / n;
                now[i.out] = rk;
                push<Lanes>(v, k, order, rk, yk, r, y);
                break;
            }
            case taylor_op::log:
                now[i.out] = yk / n;
                break;
            case taylor_op::sin_cos: {
                double* const w = v + stride;
                const double sk = (v[k] + yk * zero[i.out + 1]) / n;
                const double ck = -(w[k] + yk * zero[i.out]) / n;
                now[i.out] = sk;
                now[i.out + 1] = ck;
                push<Lanes>(v, k, order, ck, yk, r + stride, y);
                push<Lanes>(w, k, order, sk, yk, r, y);
                break;
            }
            }
        }
        for (const std::int32_t r : kept_)
            rows[r * stride + k] = now[r];

        for (std::ptrdiff_t i = 0; i < states; ++i)
            next[i] = form(velocity_[static_cast<std::size_t>(i)], now) * scale_ / (n + 1);
        for (std::ptrdiff_t i = 0; i < states; ++i)
            now[i] = next[i];
    }
}

bool double_expansion::has_wide_lanes() {
#ifdef __x86_64__
    return __builtin_cpu_supports("avx2");
#else
    return false;
#endif
}

void double_expansion::coefficients() {
#ifdef __x86_64__
    if (wide_) return coefficients_avx2();
#endif
    coefficients_in<two_lanes>();
}

#ifdef __x86_64__
[[gnu::target("avx2")]] void double_expansion::coefficients_avx2() {
    coefficients_in<four_lanes>();
}
#endif

bool double_expansion::expand() {
    for (int attempt = 0; attempt < 40; ++attempt) {
        coefficients();
        bool finite = event_ < 0 || std::isfinite(row(event_)[order_]);
        for (std::size_t i = 0; i < states_; ++i)
            finite = finite && std::isfinite(row(i)[order_]);
        if (finite) {
            weigh();
            return true;
        }
        scale_ *= 0x1p-24;
    }
    return false;
}

double double_expansion::unit() const { return std::log2(scale_); }
void double_expansion::set_unit(double log2_unit) {
    if (!std::isfinite(log2_unit)) return;
    scale_ = std::ldexp(1.0, static_cast<int>(std::clamp(std::round(log2_unit), -1000.0, 1000.0)));
}

/// weight_ = 1 / what size() refers to.
void double_expansion::weigh() {
    double largest = 0;
    for (std::size_t i = 0; i < states_; ++i) {
        const double* const c = row(i);
        weight_[i] = std::max(std::abs(zeroth_[i]),
                              relative_to::derivatives * std::max(std::abs(c[1]), std::abs(c[2])));
        largest = std::max(largest, weight_[i]);
    }
    for (std::size_t i = 0; i < states_; ++i)
        weight_[i] = 1 / std::max(weight_[i], relative_to::others * largest);
    if (event_ < 0) return;
    double size = std::abs(zeroth_[static_cast<std::size_t>(event_)]);
    for (int k = 1; k <= order_ / 2; ++k)
        size = std::max(size, std::abs(row(event_)[k]));
    weight_[states_] = 1 / size;
}

double double_expansion::size(int k) const {
    double largest = 0;
    for (std::size_t i = 0; i < states_; ++i)
        largest = std::max(largest, std::abs(row(i)[k]) * weight_[i]);
    if (event_ >= 0) {
        const double own = std::abs(row(event_)[k]);
        if (own > 0) largest = std::max(largest, own * weight_[states_]);
    }
    return std::log2(largest);
}

double double_expansion::log2_left() const { return std::log2(std::abs(left())); }
double double_expansion::log2_time() const { return std::log2(std::abs(time_)); }
double double_expansion::length(double log2_length) const {
    return std::copysign(std::exp2(log2_length), duration_);
}

std::vector<double> double_expansion::event_polynomial(double h) const {
    const double s = h / scale_;
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
    const double s = h / scale_;
    double displaced = 0, largest = 0;
    std::copy_n(zeroth_.begin(), states_, old_.begin());
    old_low_ = low_;
    if (event_ >= 0) old_event_ = zeroth_[static_cast<std::size_t>(event_)];
    for (std::size_t i = 0; i < states_; ++i) {
        const double* const c = row(i);
        double p = 0, slope = 0;
        for (int k = order_; k >= 1; --k) {
            slope = slope * s + p;
            p = p * s + c[k];
        }
        slope = slope * s + p;
        slope_[i] = slope; // dp/ds
        const auto [sum, error] = two_sum(zeroth_[i], p * s + low_[i]);
        zeroth_[i] = sum;
        low_[i] = error;
        largest = std::max({largest, std::abs(sum), std::abs(old_[i]), std::abs(c[1] * s)});
    }
    evaluate();
    if (!defined_) return infinity;
    for (std::size_t i = 0; i < states_; ++i)
        displaced = std::max(displaced, std::abs((speed_[i] * scale_ - slope_[i]) * s));
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
            power /= scale_;
            result.coefficients.push_back(row(i)[k] * power);
        }
    }
    return result;
}

} // namespace flowproof::approx
