#include "numerics/ode/model_transport.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/ode/comparison.hpp"

namespace flowproof::rigorous {

namespace {

/// The Jacobian needs its range to some percent only; what is beyond goes to remainders.
constexpr int jacobian_degree = 6;

/// Nothing else carries the remainders, over thousands of steps.
constexpr double loss = 0x1p-40;

} // namespace

model_transport::model_transport(const taylor_program& program, const model_recurrence& recurrence)
    : program_(program) {
    const monomials& symbols = *recurrence.basis();
    const int n = symbols.symbols();
    int degree = std::min(std::max(symbols.degree(), 2), jacobian_degree);
    while (degree > 1 && monomials::product_terms(n + 1, degree) > 20'000)
        --degree;
    basis_ = std::make_shared<monomials>(n + 1, degree, 1);
    std::vector<int> exponents(static_cast<std::size_t>(n) + 1);
    for (std::size_t i = 0; i < symbols.size(); ++i)
        for (int k = 0; k <= recurrence.order(); ++k) {
            for (int s = 0; s < n; ++s)
                exponents[static_cast<std::size_t>(s)] = symbols.exponent(i, s);
            exponents.back() = k;
            place_.push_back(basis_->find(exponents));
        }
    const auto powers = static_cast<std::size_t>(recurrence.order()) + 1;
    for (const model& c : recurrence.coefficients()) {
        std::vector<double> kept(basis_->size(), 0.0), left;
        for (std::size_t i = 0; i < symbols.size(); ++i)
            if (const std::int32_t to = place_[i * powers]; to >= 0)
                kept[static_cast<std::size_t>(to)] = c.coefficients()[i];
            else
                left.push_back(c.coefficients()[i]);
        coefficients_.emplace_back(basis_, std::move(kept),
                                   c.remainder() + sum_of_sizes(left.data(), left.size()));
    }
    const model zero(basis_);
    rows_.assign(program.rows(), zero);
    tangents_.assign(program.states(), rows_);
    for (std::size_t s = 0; s < program.states(); ++s)
        tangents_[s][s] = zero.adopt(1);
    jacobian_.resize(program.states() * program.states());
}

/// A state on the step, within the tube.
model model_transport::confined(const model_recurrence& step, std::size_t state, upper tube) const {
    std::vector<double> kept(basis_->size(), 0.0), left;
    std::size_t at = 0;
    for (std::size_t i = 0; i < step.basis()->size(); ++i)
        for (int k = 0; k <= step.order(); ++k, ++at)
            if (place_[at] >= 0)
                kept[static_cast<std::size_t>(place_[at])] = step.coefficient(state, i, k);
            else
                left.push_back(step.coefficient(state, i, k));
    return {basis_, std::move(kept), tube + sum_of_sizes(left.data(), left.size())};
}

model model_transport::form(const affine_form& f, const std::vector<model>& rows,
                            bool with_constant) const {
    model result(basis_);
    if (with_constant && f.constant >= 0)
        result = coefficients_[static_cast<std::size_t>(f.constant)];
    for (const auto& t : f.terms) {
        const model& x = rows[static_cast<std::size_t>(t.row)];
        if (x.is_zero()) continue;
        if (t.coefficient == affine_form::one)
            result = result + x;
        else if (t.coefficient == affine_form::minus_one)
            result = result - x;
        else
            result = result + coefficients_[static_cast<std::size_t>(t.coefficient)] * x;
    }
    return result;
}

/// The Jacobian on the tube; false if f may not be defined there.
bool model_transport::differentiate(const model_recurrence& step, const std::vector<upper>& tube) {
    const std::size_t n = program_.states();
    for (std::size_t s = 0; s < n; ++s)
        rows_[s] = confined(step, s, tube[s]);
    for (std::size_t number = 0; number < program_.velocity_instructions(); ++number) {
        const taylor_instruction& i = program_.instructions()[number];
        const auto out = static_cast<std::size_t>(i.out);
        const model& x = rows_[static_cast<std::size_t>(i.x)];
        const model& y = rows_[static_cast<std::size_t>(i.y)];
        model& r = rows_[out];
        const auto each = [&](auto tangent) {
            for (auto& t : tangents_) {
                const model &dx = t[static_cast<std::size_t>(i.x)],
                            &dy = t[static_cast<std::size_t>(i.y)];
                if (dx.is_zero() && dy.is_zero())
                    t[out] = dx;
                else
                    t[out] = tangent(dx, dy);
            }
        };
        switch (i.op) {
        case taylor_op::affine: {
            const affine_form& f = program_.forms()[static_cast<std::size_t>(i.x)];
            r = form(f, rows_, true);
            for (auto& t : tangents_)
                t[out] = form(f, t, false);
            break;
        }
        case taylor_op::product:
            r = x * y;
            each([&](const model& dx, const model& dy) { return x * dy + y * dx; });
            break;
        case taylor_op::square:
            r = x * x;
            each([&](const model& dx, const model&) { return 2 * x * dx; });
            break;
        case taylor_op::quotient: {
            const model inverse = 1 / y;
            r = x * inverse;
            each([&](const model& dx, const model& dy) { return (dx - r * dy) * inverse; });
            break;
        }
        case taylor_op::reciprocal: {
            r = 1 / x;
            const model slope = -(r * r);
            each([&](const model& dx, const model&) { return slope * dx; });
            break;
        }
        case taylor_op::sqrt: {
            r = sqrt(x);
            const model slope = 1 / (2 * r);
            each([&](const model& dx, const model&) { return slope * dx; });
            break;
        }
        case taylor_op::slope: // only the recurrences need it
            break;
        case taylor_op::exp:
            r = exp(x);
            each([&](const model& dx, const model&) { return r * dx; });
            break;
        case taylor_op::log: {
            r = log(x);
            const model slope = 1 / x;
            each([&](const model& dx, const model&) { return slope * dx; });
            break;
        }
        case taylor_op::sin_cos: {
            r = sin(x);
            const model c = cos(x);
            rows_[out + 1] = c;
            for (auto& t : tangents_) {
                const model dx = t[static_cast<std::size_t>(i.x)];
                t[out] = c * dx;
                t[out + 1] = -(rows_[out] * dx);
            }
            break;
        }
        }
    }
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            const affine_form& f =
                program_.forms()[static_cast<std::size_t>(program_.velocity()[i])];
            jacobian_[i * n + j] = form(f, tangents_[j], false).range();
            if (!jacobian_[i * n + j].is_bounded()) return false;
        }
    return true;
}

bool model_transport::carry(const model_recurrence& step, const std::vector<upper>& start,
                            const std::vector<upper>& defect, carried& result) {
    std::vector<upper> tube(start.size());
    for (std::size_t i = 0; i < tube.size(); ++i) {
        tube[i] = (start[i] + defect[i]) * 1.5 + 0x1p-900; // comparisons end above 0
        if (!tube[i].is_finite()) return false;
    }
    for (int attempt = 0; attempt < 4; ++attempt) {
        if (!differentiate(step, tube)) return false;
        const comparison bound(jacobian_, start.size(), step.unit(), loss);
        if (!bound.usable()) return false;
        result = {bound.end(start, defect), bound.throughout(start, defect)};
        for (std::size_t i = 0; i < tube.size(); ++i)
            result.end[i] = std::min(result.end[i], result.during[i]);
        // While y is inside the tube, |y - p| <= during; if that is strictly inside, y never
        // leaves.
        bool confirmed = true;
        for (std::size_t i = 0; i < tube.size(); ++i)
            confirmed = confirmed && result.during[i] < tube[i];
        if (confirmed) return true;
        for (std::size_t i = 0; i < tube.size(); ++i) {
            tube[i] = std::max(tube[i], result.during[i] * 1.25);
            if (!tube[i].is_finite()) return false;
        }
    }
    return false;
}

} // namespace flowproof::rigorous
