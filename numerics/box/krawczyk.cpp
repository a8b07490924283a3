#include "numerics/box/krawczyk.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace flowproof {

std::optional<std::vector<double>> approximate_inverse(std::vector<double> a, std::size_t n) {
    std::vector<double> inverse(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i)
        inverse[i * n + i] = 1;
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t pivot = k;
        for (std::size_t i = k + 1; i < n; ++i)
            if (std::abs(a[i * n + k]) > std::abs(a[pivot * n + k])) pivot = i;
        if (!(std::abs(a[pivot * n + k]) > 0)) return {};
        for (std::size_t j = 0; j < n; ++j) {
            std::swap(a[k * n + j], a[pivot * n + j]);
            std::swap(inverse[k * n + j], inverse[pivot * n + j]);
        }
        const double scale = 1 / a[k * n + k];
        for (std::size_t j = 0; j < n; ++j) {
            a[k * n + j] *= scale;
            inverse[k * n + j] *= scale;
        }
        for (std::size_t i = 0; i < n; ++i) {
            const double factor = a[i * n + k];
            if (i == k || factor == 0) continue;
            for (std::size_t j = 0; j < n; ++j) {
                a[i * n + j] -= factor * a[k * n + j];
                inverse[i * n + j] -= factor * inverse[k * n + j];
            }
        }
    }
    if (!std::all_of(inverse.begin(), inverse.end(), [](double x) { return std::isfinite(x); }))
        return {};
    return inverse;
}

std::optional<std::vector<double>> inverse_of_middle(std::span<const interval<double>> matrix,
                                                     std::size_t n) {
    std::vector<double> middle;
    for (const interval<double>& entry : matrix) {
        if (entry.is_empty()) return {};
        middle.push_back(entry.midpoint());
    }
    return approximate_inverse(std::move(middle), n);
}

namespace {

/// c x for a number c.
interval<double> times(double c, const interval<double>& x) {
    if (!x.is_bounded()) return interval<double>(c) * x;
    if (c < 0) return times(-c, -x);
    return {rounding::down_mul(c, x.lower()), rounding::up_mul(c, x.upper())};
}

} // namespace

interval<double> krawczyk_row(std::size_t i, std::span<const interval<double>> X,
                              std::span<const double> c, std::span<const double> C,
                              std::span<const interval<double>> F_at_c,
                              std::span<const interval<double>> J) {
    const std::size_t n = X.size();
    interval<double> sum(c[i]);
    for (std::size_t k = 0; k < n; ++k)
        sum -= times(C[i * n + k], F_at_c[k]);
    for (std::size_t j = 0; j < n; ++j) {
        interval<double> rest(i == j ? 1 : 0);
        for (std::size_t k = 0; k < n; ++k)
            rest -= times(C[i * n + k], J[k * n + j]);
        sum += rest * (X[j] - interval<double>(c[j]));
    }
    return sum;
}

void krawczyk(std::span<const interval<double>> X, std::span<const double> c,
              std::span<const double> C, std::span<const interval<double>> F_at_c,
              std::span<const interval<double>> J, std::vector<interval<double>>& K) {
    K.clear();
    for (std::size_t i = 0; i < X.size(); ++i)
        K.push_back(krawczyk_row(i, X, c, C, F_at_c, J));
}

namespace {

std::vector<std::size_t> positions(const tape& t, const std::vector<std::string>& names) {
    std::vector<std::size_t> result;
    for (const std::string& name : names)
        result.push_back(t.has_variable(name) ? t.index_of(name) : t.variables().size());
    return result;
}

} // namespace

square_system::square_system(const tape& system, const std::vector<std::string>& unknowns,
                             const std::vector<std::string>& parameters)
    : n_(unknowns.size()), unknown_at_(positions(system, unknowns)),
      parameter_at_(positions(system, parameters)), value_(system), jet_(with_derivatives(system)),
      value_work_(value_.workspace()), jet_work_(jet_.workspace()),
      inputs_(system.variables().size()) {
    if (n_ == 0 || system.outputs().size() != n_)
        throw std::invalid_argument("square_system: need as many equations as unknowns, got " +
                                    std::to_string(system.outputs().size()) + " and " +
                                    std::to_string(n_));
    for (std::size_t i = 0; i < n_; ++i) {
        equations_.emplace_back(one_output(system, i));
        equation_work_.push_back(equations_.back().workspace());
    }
    for (const std::string& v : system.variables())
        if (std::count(unknowns.begin(), unknowns.end(), v) +
                std::count(parameters.begin(), parameters.end(), v) !=
            1)
            throw std::invalid_argument("square_system: variable " + v +
                                        " must be one unknown or one parameter");
}

void square_system::set_parameters(std::span<const fast> parameters) {
    parameters_.assign(parameters.begin(), parameters.end());
    for (std::size_t j = 0; j < parameter_at_.size(); ++j)
        if (parameter_at_[j] < inputs_.size()) inputs_[parameter_at_[j]] = parameters[j];
}

void square_system::place(std::span<const fast> X) {
    for (std::size_t j = 0; j < n_; ++j)
        if (unknown_at_[j] < inputs_.size()) inputs_[unknown_at_[j]] = X[j];
}

void square_system::value(std::span<const fast> X, std::vector<fast>& F) {
    place(X);
    value_.evaluate(inputs_, value_work_);
    F.resize(n_);
    for (std::size_t i = 0; i < n_; ++i)
        F[i] = value_.output(value_work_, i);
}

square_system::fast square_system::on_face(std::size_t i, std::span<const fast> X,
                                           std::span<const fast> J, bool smallest) {
    for (std::size_t j = 0; j < n_; ++j) {
        if (unknown_at_[j] >= inputs_.size()) continue;
        const fast& slope = J[i * n_ + j];
        fast& side = inputs_[unknown_at_[j]];
        if (slope.lower() >= 0 && !slope.is_empty())
            side = fast(smallest ? X[j].lower() : X[j].upper());
        else if (slope.upper() <= 0 && !slope.is_empty())
            side = fast(smallest ? X[j].upper() : X[j].lower());
        else
            side = X[j];
    }
    equations_[i].evaluate(inputs_, equation_work_[i]);
    return equations_[i].output(equation_work_[i], 0);
}

void square_system::jacobian(std::span<const fast> X, std::vector<fast>& F, std::vector<fast>& J) {
    place(X);
    jet_.evaluate(inputs_, jet_work_);
    F.resize(n_);
    J.resize(n_ * n_);
    for (std::size_t i = 0; i < n_; ++i) {
        F[i] = jet_.output(jet_work_, i);
        for (std::size_t j = 0; j < n_; ++j)
            J[i * n_ + j] = unknown_at_[j] < inputs_.size()
                                ? jet_.output(jet_work_, n_ + i * inputs_.size() + unknown_at_[j])
                                : fast(0);
    }
}

std::vector<double> square_system::influence(std::span<const fast> X) {
    place(X);
    jet_.evaluate(inputs_, jet_work_);
    std::vector<double> result(parameter_at_.size(), 0.0);
    for (std::size_t j = 0; j < result.size(); ++j) {
        if (parameter_at_[j] >= inputs_.size()) continue;
        for (std::size_t i = 0; i < n_; ++i) {
            const fast& slope = jet_.output(jet_work_, n_ + i * inputs_.size() + parameter_at_[j]);
            result[j] += slope.is_empty() ? std::numeric_limits<double>::infinity()
                                          : slope.magnitude() * parameters_[j].width();
        }
    }
    return result;
}

std::optional<std::vector<double>> square_system::newton(std::vector<double> x,
                                                         std::span<const fast> within) {
    std::vector<fast> point(n_), F, J;
    std::vector<fast> kept = parameters_, centre;
    for (const fast& p : kept)
        centre.emplace_back(p.midpoint());
    set_parameters(centre);
    std::optional<std::vector<double>> result;
    double last = std::numeric_limits<double>::infinity();
    for (int iteration = 0; iteration < 40; ++iteration) {
        for (std::size_t i = 0; i < n_; ++i)
            point[i] = fast(x[i]);
        jacobian(point, F, J);
        std::vector<double> slopes;
        for (const fast& entry : J)
            slopes.push_back(entry.midpoint());
        const auto inverse = approximate_inverse(std::move(slopes), n_);
        if (!inverse) break;
        double size = 0; // of the step, in widths of the box
        bool inside = true;
        for (std::size_t i = 0; i < n_; ++i) {
            double step = 0;
            for (std::size_t k = 0; k < n_; ++k)
                step += (*inverse)[i * n_ + k] * F[k].midpoint();
            x[i] -= step;
            size = std::max(size, std::abs(step) / within[i].width());
            inside = inside && within[i].contains(x[i]);
        }
        if (!inside || !(size < 4)) break;
        // Converged: far below the box, or no longer shrinking.
        if (size < 1e-9 && (size == 0 || size > last / 4)) {
            result = x;
            break;
        }
        last = size;
    }
    set_parameters(kept);
    return result;
}

} // namespace flowproof
