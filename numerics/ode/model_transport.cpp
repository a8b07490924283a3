#include "numerics/ode/model_transport.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/interval/elementary.hpp"

namespace flowproof::rigorous {

namespace {

/// The Jacobian needs its range to some percent only; what is beyond goes to remainders.
constexpr int jacobian_degree = 6;

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
    matrix_.resize(program.states() * program.states());
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

/// The comparison matrix on the tube; false if f may not be defined there.
bool model_transport::growth(const model_recurrence& step, const std::vector<upper>& tube) {
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
    const interval<double> unit(step.unit());
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            const affine_form& f =
                program_.forms()[static_cast<std::size_t>(program_.velocity()[i])];
            const interval<double> entry = unit * form(f, tangents_[j], false).range();
            if (!entry.is_bounded()) return false;
            matrix_[i * n + j] = i == j ? entry.upper() : entry.magnitude();
        }
    return true;
}

/// The solution of w' = M w + d, w(0) = start, at 1 and its supremum on [0, 1], from above.
carried model_transport::compare(const std::vector<upper>& start,
                                 const std::vector<upper>& defect) const {
    const std::size_t n = start.size();
    // M = P - shift with P >= 0, so exp(M) = exp(-shift) exp(P), all terms >= 0.
    double shift = 0;
    for (std::size_t i = 0; i < n; ++i)
        shift = std::max(shift, -matrix_[i * n + i]);
    const auto solve = [&](bool shifted) {
        std::vector<upper> positive(n * n);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j)
                positive[i * n + j] = upper(i != j    ? matrix_[i * n + j]
                                            : shifted ? rounding::up_add(matrix_[i * n + i], shift)
                                                      : std::max(0.0, matrix_[i * n + i]));
        const auto times = [&](const std::vector<upper>& x) {
            std::vector<upper> result(n);
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = 0; j < n; ++j)
                    result[i] += positive[i * n + j] * x[j];
            return result;
        };
        // sum_k P^k start / k! + sum_k P^k defect / (k + 1)!
        std::vector<upper> flow = start, kick = defect, sum = start, kicks = defect;
        const auto add = [&](std::vector<upper>& term, std::vector<upper>& total, int divisor) {
            term = times(term);
            for (std::size_t i = 0; i < n; ++i) {
                term[i] = term[i] / divisor;
                total[i] += term[i];
            }
        };
        constexpr int terms = 24;
        for (int k = 1; k <= terms; ++k) {
            add(flow, sum, k);
            add(kick, kicks, k + 1);
        }
        // The rest: with P w <= r w and last terms <= c w, at most c w (q + q^2 + ...) with
        // q = r / (terms + 1), for any w > 0. The sums are one of the right proportions.
        std::vector<upper> weight(n);
        for (std::size_t i = 0; i < n; ++i)
            weight[i] = sum[i] + kicks[i];
        const std::vector<upper> grown = times(weight);
        upper ratio, last;
        for (std::size_t i = 0; i < n; ++i) {
            ratio = std::max(ratio, grown[i] / weight[i].value() / (terms + 1));
            last = std::max(last, (flow[i] + kick[i]) / weight[i].value());
        }
        const upper factor = ratio < upper(0.5) ? last * ratio * upper(2) : upper::infinite();
        upper decay(1);
        if (shifted && shift > 0) decay = upper(exp(-interval<double>(shift)).upper());
        for (std::size_t i = 0; i < n; ++i)
            sum[i] = (sum[i] + factor * weight[i]) * decay + kicks[i] + factor * weight[i];
        return sum;
    };
    carried result;
    result.during = solve(false);
    result.end = shift > 0 ? solve(true) : result.during;
    for (std::size_t i = 0; i < n; ++i)
        result.end[i] = std::min(result.end[i], result.during[i]);
    return result;
}

bool model_transport::carry(const model_recurrence& step, const std::vector<upper>& start,
                            const std::vector<upper>& defect, carried& result) {
    std::vector<upper> tube(start.size());
    for (std::size_t i = 0; i < tube.size(); ++i) {
        tube[i] = (start[i] + defect[i]) * upper(1.5);
        if (!tube[i].is_finite()) return false;
    }
    for (int attempt = 0; attempt < 4; ++attempt) {
        if (!growth(step, tube)) return false;
        result = compare(start, defect);
        // While y is inside the tube, |y - p| <= during; if that is strictly inside, y never
        // leaves.
        bool confirmed = true;
        for (std::size_t i = 0; i < tube.size(); ++i)
            confirmed = confirmed && result.during[i] < tube[i];
        if (confirmed) return true;
        for (std::size_t i = 0; i < tube.size(); ++i) {
            tube[i] = std::max(tube[i], result.during[i] * upper(1.25));
            if (!tube[i].is_finite()) return false;
        }
    }
    return false;
}

} // namespace flowproof::rigorous
