#include "numerics/ode/box_gradients.hpp"

#include <algorithm>
#include <utility>

#include "numerics/interval/elementary.hpp"

namespace flowproof::rigorous {

box_gradients::box_gradients(const taylor_program& program,
                             std::vector<interval<double>> coefficients)
    : program_(program), n_(program.states()), coefficients_(std::move(coefficients)),
      value_(program.rows()), gradient_(program.rows() * n_), jacobian_(n_ * n_) {
    for (std::size_t i = 0; i < n_; ++i)
        gradient_[i * n_ + i] = 1;
}

interval<double> box_gradients::coefficient(std::int32_t c) const {
    return c == affine_form::one         ? interval<double>(1)
           : c == affine_form::minus_one ? interval<double>(-1)
                                         : coefficients_[static_cast<std::size_t>(c)];
}

bool box_gradients::evaluate(std::span<const interval<double>> box) {
    std::copy(box.begin(), box.end(), value_.begin());
    if (!run(0, program_.velocity_instructions())) return false;
    for (std::size_t i = 0; i < n_; ++i) {
        const auto& form = program_.forms()[static_cast<std::size_t>(program_.velocity()[i])];
        interval<double>* const row = jacobian_.data() + i * n_;
        std::fill(row, row + n_, interval<double>(0));
        for (const auto& t : form.terms)
            for (std::size_t j = 0; j < n_; ++j)
                row[j] += coefficient(t.coefficient) * gradient(t.row)[j];
        if (!std::all_of(row, row + n_, [](const auto& x) { return x.is_bounded(); })) return false;
    }
    return true;
}

bool box_gradients::evaluate_event() {
    return run(program_.velocity_instructions(), program_.instructions().size());
}

interval<double> box_gradients::velocity(std::size_t i) const {
    const auto& form = program_.forms()[static_cast<std::size_t>(program_.velocity()[i])];
    interval<double> sum = form.constant >= 0 ? coefficient(form.constant) : interval<double>(0);
    for (const auto& t : form.terms)
        sum += coefficient(t.coefficient) * value_[static_cast<std::size_t>(t.row)];
    return sum;
}

bool box_gradients::run(std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i)
        if (!run(program_.instructions()[i])) return false;
    return true;
}

/// One instruction on coefficients 0; false where it is not differentiable. Slopes vanish at time
/// 0 and serve only the higher coefficients of exp, log, sin and cos.
bool box_gradients::run(const taylor_instruction& i) {
    const auto value = [&](std::int32_t row) -> interval<double>& {
        return value_[static_cast<std::size_t>(row)];
    };
    const auto chain = [&](std::int32_t out, const interval<double>& slope) {
        for (std::size_t j = 0; j < n_; ++j)
            gradient(out)[j] = slope * gradient(i.x)[j];
    };
    interval<double>& r = value(i.out);
    interval<double>* const d = gradient(i.out);
    switch (i.op) {
    case taylor_op::affine: {
        const auto& form = program_.forms()[static_cast<std::size_t>(i.x)];
        r = form.constant >= 0 ? coefficient(form.constant) : interval<double>(0);
        std::fill(d, d + n_, interval<double>(0));
        for (const auto& t : form.terms) {
            const interval<double> c = coefficient(t.coefficient);
            r += c * value(t.row);
            for (std::size_t j = 0; j < n_; ++j)
                d[j] += c * gradient(t.row)[j];
        }
        break;
    }
    case taylor_op::product:
        r = value(i.x) * value(i.y);
        for (std::size_t j = 0; j < n_; ++j)
            d[j] = value(i.x) * gradient(i.y)[j] + value(i.y) * gradient(i.x)[j];
        break;
    case taylor_op::square:
        r = square(value(i.x));
        chain(i.out, interval<double>(2) * value(i.x));
        break;
    case taylor_op::quotient:
        if (!(value(i.y).mignitude() > 0)) return false;
        r = value(i.x) / value(i.y);
        for (std::size_t j = 0; j < n_; ++j)
            d[j] = (gradient(i.x)[j] - r * gradient(i.y)[j]) / value(i.y);
        break;
    case taylor_op::reciprocal:
        if (!(value(i.x).mignitude() > 0)) return false;
        r = interval<double>(1) / value(i.x);
        chain(i.out, -square(r));
        break;
    case taylor_op::sqrt:
        if (!(value(i.x).lower() > 0)) return false;
        r = sqrt(value(i.x));
        chain(i.out, interval<double>(1) / (interval<double>(2) * r));
        break;
    case taylor_op::slope:
        r = 0;
        std::fill(d, d + n_, interval<double>(0));
        break;
    case taylor_op::exp:
        r = exp(value(i.x));
        chain(i.out, r);
        break;
    case taylor_op::log:
        if (!(value(i.x).lower() > 0)) return false;
        r = log(value(i.x));
        chain(i.out, interval<double>(1) / value(i.x));
        break;
    case taylor_op::sin_cos: {
        r = sin(value(i.x));
        value(i.out + 1) = cos(value(i.x));
        chain(i.out, value(i.out + 1));
        chain(i.out + 1, -r);
        break;
    }
    }
    return r.is_bounded();
}

} // namespace flowproof::rigorous
