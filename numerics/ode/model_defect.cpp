#include <algorithm>
#include <cmath>

#include "numerics/interval/elementary.hpp"
#include "numerics/ode/model_recurrence.hpp"

namespace flowproof::rigorous {

namespace {

using set = interval<double>;

upper supremum(const set& x) { return x.is_bounded() ? upper(x.magnitude()) : upper::infinite(); }

} // namespace

upper model_recurrence::past(std::int32_t row) const { return sizes(row).by_power.back(); }

/// What a product of two rows has beyond the last power or degree, and its roundings.
upper model_recurrence::lost(std::int32_t x, std::int32_t y) const {
    const row_sizes &p = sizes(x), &q = sizes(y);
    // A coefficient is summed in four lanes of at most four blocks each for at most this long.
    const std::size_t roundings = basis_->most_factors() * ((stride_ + 15) / 16) + 10;
    return beyond(p.by_power, q.by_power, order_ - 1) +
           beyond(p.by_degree, q.by_degree, basis_->degree()) +
           p.all * q.all * rounding_of(roundings) + underflow * (upper(1) + p.all + q.all);
}

/// Bounds |the form's coefficients as computed - the form of what its rows stand for|.
upper model_recurrence::form_deviation(const affine_form& f) const {
    std::size_t roundings = 2;
    upper result, sizes_summed, factors(1);
    if (f.constant >= 0) {
        const auto c = static_cast<std::size_t>(f.constant);
        result += coefficients_[c].remainder();
        sizes_summed += scales_[c].size;
    }
    for (const auto& t : f.terms) {
        const row_sizes& x = sizes(t.row);
        const upper deviation = deviation_[static_cast<std::size_t>(t.row)];
        if (t.coefficient < 0) {
            result += past(t.row) + deviation;
            sizes_summed += x.all;
            roundings += 1;
            continue;
        }
        const auto c = static_cast<std::size_t>(t.coefficient);
        result += scales_[c].size * (past(t.row) + deviation) +
                  coefficients_[c].remainder() * (x.all + deviation) +
                  beyond(scales_[c].by_degree, x.by_degree, basis_->degree());
        sizes_summed += scales_[c].size * x.all;
        factors += scales_[c].size;
        roundings += scales_[c].terms + 1;
    }
    return result + sizes_summed * rounding_of(roundings) + (factors + sizes_summed) * underflow;
}

/// Bounds the sum of sizes of x y - target; the target is row `of`, or +-u d/du of it.
upper model_recurrence::residual(std::int32_t x, std::int32_t y, std::int32_t of,
                                 target kind) const {
    const std::size_t count = basis_->size();
    std::vector<double> r(count);
    upper result = lost(x, y);
    const auto factor = [&](int k) {
        return kind == target::plain ? 1.0 : static_cast<double>(kind == target::slope ? k : -k);
    };
    for (int k = 0; k < order_; ++k) {
        convolve(r.data(), x, y, k);
        const double* const t = forward(of) + k;
        const double c = factor(k);
        for (std::size_t i = 0; i < count; ++i)
            r[i] -= c * t[i * stride_];
        // Two roundings of c t and of the difference.
        result +=
            sum_of_sizes(r.data(), count) +
            upper(std::abs(c)) * sizes(of).by_power[static_cast<std::size_t>(k)] * rounding_of(4);
    }
    result += upper(std::abs(factor(order_))) * past(of);
    return result + sizes(x).all * sizes(y).all * rounding_of(4);
}

/// Bounds |row `slope` - u d/du of row `of`|.
upper model_recurrence::slope_error(std::int32_t slope, std::int32_t of) const {
    return sizes(slope).all * rounding_of(1) + upper(order_) * past(of) + underflow;
}

interval<double> model_recurrence::range(std::int32_t row) const {
    double both = 0, above = 0, below = 0;
    const double* x = forward(row);
    const double centre = x[0];
    for (std::size_t i = 0; i < basis_->size(); ++i, x += stride_)
        for (int k = i == 0 ? 1 : 0; k <= order_; ++k) {
            if (!basis_->is_nonnegative(i))
                both += std::abs(x[k]);
            else if (x[k] > 0)
                above += x[k];
            else
                below -= x[k];
        }
    const upper factor(1 + static_cast<double>(basis_->size() * stride_) * 0x1p-51);
    const upper up = upper(above) * factor + upper(both) * factor;
    const upper down = upper(below) * factor + upper(both) * factor;
    if (!up.is_finite() || !down.is_finite()) return set::entire();
    return {rounding::down_sub(centre, down.value()), rounding::up_add(centre, up.value())};
}

/// The deviation of what instruction `number` writes from its operation on what its operands stand
/// for: the error of the operation on the polynomials, then those of the operands carried over.
void model_recurrence::deviate(std::size_t number) {
    const taylor_instruction& i = program_.instructions()[number];
    upper& out = deviation(i.out);
    const auto at = [&](std::int32_t row) { return deviation_[static_cast<std::size_t>(row)]; };
    // A lower bound of |values| of what a row stands for; 0 where there is none.
    const auto away = [&](const set& values, upper error) {
        return error.is_finite()
                   ? std::max(0.0, rounding::down_sub(values.mignitude(), error.value()))
                   : 0.0;
    };
    switch (i.op) {
    case taylor_op::affine:
        out = form_deviation(program_.forms()[static_cast<std::size_t>(i.x)]);
        return;
    case taylor_op::product:
    case taylor_op::square: // for x = y the terms below are those of 2 x dx + dx^2
        out = lost(i.x, i.y) + sizes(i.x).all * at(i.y) + sizes(i.y).all * at(i.x) +
              at(i.x) * at(i.y);
        return;
    case taylor_op::quotient: {
        // With q = x / y of the polynomials: r - q = (r y - x) / y, and with the true x', y'
        // q - x' / y' = (q (y' - y) + x - x') / y'.
        const set y = range(i.y);
        const upper own = residual(i.out, i.y, i.x, target::plain) / away(y, upper());
        out = own + ((sizes(i.out).all + own) * at(i.y) + at(i.x)) / away(y, at(i.y));
        return;
    }
    case taylor_op::reciprocal: {
        const set x = range(i.x);
        const std::size_t count = basis_->size();
        std::vector<double> r(count);
        upper rest =
            lost(i.out, i.x) + sizes(i.out).all * sizes(i.x).all * rounding_of(4) + rounding_of(4);
        for (int k = 0; k < order_; ++k) {
            convolve(r.data(), i.out, i.x, k);
            if (k == 0) r[0] -= 1;
            rest += sum_of_sizes(r.data(), count);
        }
        const upper own = rest / away(x, upper());
        out = own + (sizes(i.out).all + own) * at(i.x) / away(x, at(i.x));
        return;
    }
    case taylor_op::sqrt: {
        // r - sqrt(x) = (r^2 - x) / (r + sqrt(x)), where r >= 0.
        const set x = range(i.x), r = range(i.out);
        const double least = x.lower() > 0 && r.lower() >= 0 ? away(sqrt(x), upper()) : 0.0;
        const double true_least = x.lower() > 0 ? away(x, at(i.x)) : 0.0;
        const upper own = residual(i.out, i.out, i.x, target::plain) / least;
        out = own + at(i.x) / rounding::down_sqrt(true_least);
        return;
    }
    case taylor_op::slope:
        out = upper(); // serves exp, log and sin_cos alone, which look at its argument
        return;
    case taylor_op::exp: {
        // With r' = x' r + d: r exp(-x) - 1 is its value at 0 plus the integral of d exp(-x).
        const set x = range(i.x), e = exp(x);
        const upper d =
            residual(i.y, i.out, i.out, target::slope) + slope_error(i.y, i.x) * sizes(i.out).all;
        const upper error = at(i.x);
        out = supremum(e) * supremum(exp(-x)) * (initial_[number] + d) +
              supremum(e) * error *
                  (error.is_finite() ? supremum(exp(set(0.0, error.value()))) : error);
        return;
    }
    case taylor_op::log: {
        // With r' x = x' + d: r - log(x) is its value at 0 plus the integral of d / x.
        const set x = range(i.x);
        const std::int32_t slope =
            program_
                .instructions()[static_cast<std::size_t>(writer_[static_cast<std::size_t>(i.y)])]
                .x;
        const upper d = residual(i.y, i.x, slope, target::plain) + slope_error(slope, i.x) +
                        sizes(i.y).all * sizes(i.x).all * rounding_of(4);
        const bool positive = x.lower() > 0;
        out = initial_[number] + d / (positive ? away(x, upper()) : 0.0) +
              at(i.x) / (positive ? away(x, at(i.x)) : 0.0);
        return;
    }
    case taylor_op::sin_cos: {
        // With s' = x' c + d, c' = -x' s + e: (s - sin x, c - cos x) turns with x, keeping its
        // length, and grows by d and e.
        const upper d = residual(i.y, i.out + 1, i.out, target::slope) +
                        residual(i.y, i.out, i.out + 1, target::minus_slope) +
                        slope_error(i.y, i.x) * (sizes(i.out).all + sizes(i.out + 1).all);
        out = initial_[number] + d + at(i.x);
        deviation(i.out + 1) = out;
        return;
    }
    }
}

std::vector<upper> model_recurrence::defect() {
    std::fill(deviation_.begin(), deviation_.end(), upper());
    for (std::size_t i = 0; i < program_.velocity_instructions(); ++i)
        deviate(i);
    std::vector<upper> result;
    for (std::size_t s = 0; s < states(); ++s) {
        upper slope; // the sum of sizes of dy/du
        for (int k = 1; k <= order_; ++k)
            slope += upper(k) * sizes_[s].by_power[static_cast<std::size_t>(k)];
        result.push_back(
            upper(std::abs(unit_)) *
                form_deviation(program_.forms()[static_cast<std::size_t>(program_.velocity()[s])]) +
            slope * rounding_of(4) + underflow);
    }
    return result;
}

} // namespace flowproof::rigorous
