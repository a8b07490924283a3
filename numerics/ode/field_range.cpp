#include "numerics/ode/field_range.hpp"

#include <cmath>
#include <limits>

namespace flowproof::rigorous {

namespace {

using real_set = interval<double>;

std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }

bool usable(double x) { return x <= 0x1p500; } // not NaN either

} // namespace

field_range::field_range(const taylor_program& program)
    : program_(&program), helper_(program.rows()), value_(program.rows()), size_(program.rows()),
      first_(program.rows()), smallest_(program.rows()) {
    for (const taylor_instruction& i : program.instructions())
        helper_[index(i.out)] =
            i.op == taylor_op::slope || (i.op == taylor_op::quotient && helper_[index(i.x)]);
}

upper field_range::first_of(const affine_form& f, std::span<const coefficient_range> c,
                            const std::vector<upper>& g) const {
    upper sum = f.constant >= 0 ? c[index(f.constant)].first : 0;
    for (const auto& t : f.terms)
        sum += t.coefficient < 0 ? g[index(t.row)]
                                 : coefficient_size_[index(t.coefficient)] * g[index(t.row)] +
                                       c[index(t.coefficient)].first * size_[index(t.row)];
    return sum;
}

/// By the chain rule, from sizes over the tube.
upper field_range::first_of(const taylor_instruction& i, std::span<const coefficient_range> c,
                            const std::vector<upper>& g) const {
    const std::size_t x = index(i.x), y = index(i.y);
    switch (i.op) {
    case taylor_op::affine:
        return first_of(program_->forms()[x], c, g);
    case taylor_op::product:
        return size_[x] * g[y] + size_[y] * g[x];
    case taylor_op::square:
        return 2 * (size_[x] * g[x]);
    case taylor_op::quotient:
        return (g[x] + size_[x] / smallest_[y] * g[y]) / smallest_[y];
    case taylor_op::reciprocal:
        return g[x] / smallest_[x] / smallest_[x];
    case taylor_op::sqrt:
        return g[x] / (2 * rounding::down_sqrt(smallest_[x]));
    case taylor_op::slope:
        return 0;
    case taylor_op::exp:
        return size_[index(i.out)] * g[x];
    case taylor_op::log:
        return g[x] / smallest_[x];
    case taylor_op::sin_cos:
        return g[x];
    }
    return std::numeric_limits<double>::infinity();
}

bool field_range::evaluate(const series_model& along, std::span<const coefficient_range> c,
                           std::span<const upper> w, std::int64_t exponent) {
    has_jacobian_ = false;
    coefficient_.clear();
    coefficient_size_.clear();
    for (const coefficient_range& r : c) {
        coefficient_.push_back(r.value);
        coefficient_size_.push_back(r.value.magnitude());
    }
    const auto set = [&](std::size_t row, const value_range& own, upper change) {
        first_[row] = change;
        const upper by = scaled(change, exponent);
        if (!usable(change.value()) || !usable(by.value()) || !usable(-own.lower) ||
            !usable(own.upper))
            return false;
        value_[row] = real_set(own.lower, own.upper) + real_set(-by.value(), by.value());
        size_[row] = value_[row].magnitude();
        smallest_[row] = value_[row].mignitude();
        return true;
    };
    for (std::size_t i = 0; i < program_->states(); ++i)
        if (!set(i, along.range(i), w[i])) return false;
    for (const taylor_instruction& i : program_->instructions()) {
        const std::size_t out = index(i.out);
        if (helper_[out]) continue;
        const value_range own = along.range(out);
        const double lower = i.op == taylor_op::affine ? 0 : value_[index(i.x)].lower();
        if ((i.op == taylor_op::sqrt || i.op == taylor_op::log) && !(lower > 0)) return false;
        if (i.op == taylor_op::reciprocal && !(smallest_[index(i.x)] > 0)) return false;
        if (i.op == taylor_op::quotient && !(smallest_[index(i.y)] > 0)) return false;
        if (i.op == taylor_op::exp) { // exp(x + z) = exp(x) exp(z)
            const upper z = scaled(first_[index(i.x)], exponent);
            if (!(z.value() <= 1)) return false;
            size_[out] = upper(own.upper) * (1 + 2 * z);
        }
        const upper change = first_of(i, c, first_);
        if (!set(out, own, change)) return false;
        if (i.op == taylor_op::sin_cos && !set(out + 1, along.range(out + 1), change)) return false;
    }
    return true;
}

real_set field_range::slope(const affine_form& f, std::size_t j,
                            const std::vector<real_set>& of_rows) const {
    real_set sum;
    for (const auto& t : f.terms) {
        const real_set& d = of_rows[index(t.row) * program_->states() + j];
        if (d == real_set()) continue;
        if (t.coefficient == affine_form::one)
            sum += d;
        else if (t.coefficient == affine_form::minus_one)
            sum -= d;
        else
            sum += coefficient_[index(t.coefficient)] * d;
    }
    return sum;
}

std::vector<real_set> field_range::slopes(std::size_t instructions) const {
    const std::size_t n = program_->states();
    const real_set zero;
    std::vector<real_set> result(program_->rows() * n);
    const auto of = [&](std::size_t row, std::size_t j) -> real_set& {
        return result[row * n + j];
    };
    const auto times = [&](const real_set& a, const real_set& b) {
        return b == zero ? zero : a * b;
    };
    for (std::size_t j = 0; j < n; ++j)
        of(j, j) = 1;
    for (std::size_t k = 0; k < instructions; ++k) {
        const taylor_instruction& i = program_->instructions()[k];
        const std::size_t x = index(i.x), y = index(i.y), r = index(i.out);
        if (helper_[r]) continue;
        for (std::size_t j = 0; j < n; ++j) {
            real_set& d = of(r, j);
            switch (i.op) {
            case taylor_op::affine:
                d = slope(program_->forms()[x], j, result);
                break;
            case taylor_op::product:
                d = times(value_[x], of(y, j)) + times(value_[y], of(x, j));
                break;
            case taylor_op::square:
                d = times(2 * value_[x], of(x, j));
                break;
            case taylor_op::quotient:
                d = (of(x, j) - times(value_[r], of(y, j))) / value_[y];
                break;
            case taylor_op::reciprocal:
                d = times(-square(value_[r]), of(x, j));
                break;
            case taylor_op::sqrt:
                d = of(x, j) == zero ? zero : of(x, j) / (2 * sqrt(value_[x]));
                break;
            case taylor_op::slope:
                break;
            case taylor_op::exp:
                d = times(value_[r], of(x, j));
                break;
            case taylor_op::log:
                d = of(x, j) == zero ? zero : of(x, j) / value_[x];
                break;
            case taylor_op::sin_cos:
                of(r + 1, j) = times(-value_[r], of(x, j));
                d = times(value_[r + 1], of(x, j));
                break;
            }
        }
    }
    return result;
}

const std::vector<real_set>& field_range::jacobian() {
    if (has_jacobian_) return jacobian_;
    has_jacobian_ = true;
    const std::vector<real_set> of_rows = slopes(program_->velocity_instructions());
    jacobian_.clear();
    for (std::size_t i = 0; i < program_->states(); ++i)
        for (std::size_t j = 0; j < program_->states(); ++j)
            jacobian_.push_back(
                slope(program_->forms()[index(program_->velocity()[i])], j, of_rows));
    return jacobian_;
}

real_set field_range::event_rate() const {
    const std::size_t n = program_->states();
    const std::vector<real_set> of_rows = slopes(program_->instructions().size());
    real_set rate;
    for (std::size_t j = 0; j < n; ++j) {
        const affine_form& f = program_->forms()[index(program_->velocity()[j])];
        real_set speed = f.constant >= 0 ? coefficient_[index(f.constant)] : real_set();
        for (const auto& t : f.terms) {
            const real_set& x = value_[index(t.row)];
            speed += t.coefficient == affine_form::one ? x
                     : t.coefficient == affine_form::minus_one
                         ? -x
                         : coefficient_[index(t.coefficient)] * x;
        }
        rate += of_rows[index(program_->event()) * n + j] * speed;
    }
    return rate;
}

std::vector<upper> field_range::curvature(std::span<const coefficient_range> c) const {
    std::vector<upper> second(program_->rows());
    const auto& g = first_;
    const auto form = [&](const affine_form& f) {
        upper sum = f.constant >= 0 ? c[index(f.constant)].second : 0;
        for (const auto& t : f.terms) {
            const std::size_t x = index(t.row);
            if (t.coefficient < 0) {
                sum += second[x];
                continue;
            }
            const coefficient_range& k = c[index(t.coefficient)];
            sum += coefficient_size_[index(t.coefficient)] * second[x] + 2 * (k.first * g[x]) +
                   k.second * size_[x];
        }
        return sum;
    };
    for (std::size_t k = 0; k < program_->velocity_instructions(); ++k) {
        const taylor_instruction& i = program_->instructions()[k];
        const std::size_t x = index(i.x), y = index(i.y), r = index(i.out);
        if (helper_[r]) continue;
        upper& h = second[r];
        switch (i.op) {
        case taylor_op::affine:
            h = form(program_->forms()[x]);
            break;
        case taylor_op::product:
            h = size_[x] * second[y] + size_[y] * second[x] + 2 * (g[x] * g[y]);
            break;
        case taylor_op::square:
            h = 2 * (size_[x] * second[x] + g[x] * g[x]);
            break;
        case taylor_op::quotient: // (r y)'' = x''
            h = (second[x] + 2 * (g[r] * g[y]) + size_[r] * second[y]) / smallest_[y];
            break;
        case taylor_op::reciprocal: // (r x)'' = 0
            h = (2 * (g[r] * g[x]) + size_[r] * second[x]) / smallest_[x];
            break;
        case taylor_op::sqrt: // (r r)'' = x''
            h = (second[x] + 2 * (g[r] * g[r])) / (2 * rounding::down_sqrt(smallest_[x]));
            break;
        case taylor_op::slope:
            break;
        case taylor_op::exp:
            h = size_[r] * (second[x] + g[x] * g[x]);
            break;
        case taylor_op::log:
            h = second[x] / smallest_[x] + g[r] * g[r];
            break;
        case taylor_op::sin_cos:
            h = second[x] + g[x] * g[x];
            second[r + 1] = h;
            break;
        }
    }
    std::vector<upper> result;
    for (const std::int32_t v : program_->velocity())
        result.push_back(form(program_->forms()[index(v)]));
    return result;
}

std::vector<upper> field_range::parameter_slope(std::span<const coefficient_range> c) const {
    std::vector<upper> g(program_->rows());
    for (std::size_t k = 0; k < program_->velocity_instructions(); ++k) {
        const taylor_instruction& i = program_->instructions()[k];
        if (helper_[index(i.out)]) continue;
        g[index(i.out)] = first_of(i, c, g);
        if (i.op == taylor_op::sin_cos) g[index(i.out) + 1] = g[index(i.out)];
    }
    std::vector<upper> result;
    for (const std::int32_t v : program_->velocity())
        result.push_back(first_of(program_->forms()[index(v)], c, g));
    return result;
}

} // namespace flowproof::rigorous
