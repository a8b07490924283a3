#include "numerics/ode/norm_step.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace flowproof::rigorous {

namespace {

/// In every part of the step upper bounds of J_ii and |J_ij|.
using comparison = std::array<std::vector<double>, step_bounds::parts>;

bool compare(comparison& m, const step_bounds& bounds, box_gradients& gradients,
             const std::vector<magnitude>& deviation, bool backward) {
    const std::size_t n = deviation.size();
    std::vector<interval<double>> box(n);
    for (int part = 0; part < step_bounds::parts; ++part) {
        for (std::size_t i = 0; i < n; ++i) {
            const double d = deviation[i].upper();
            if (!std::isfinite(d)) return false;
            box[i] = bounds.range(i, step_bounds::part(part)) + interval<double>(-d, d);
        }
        if (!gradients.evaluate(box)) return false;
        auto& a = m[static_cast<std::size_t>(part)];
        a.resize(n * n);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j) {
                const interval<double> x = gradients.jacobian(i, j);
                a[i * n + j] = i != j ? x.magnitude() : backward ? -x.lower() : x.upper();
            }
    }
    return true;
}

/// Any positive weights are sound; those of the dominant eigenvector of the mean are best where it
/// is constant.
std::vector<double> dominant(const comparison& m, std::vector<double> w) {
    constexpr int iterations = 60;
    constexpr double least = 0x1p-24;
    const std::size_t n = w.size();
    std::vector<double> a(n * n);
    for (const auto& part : m)
        for (std::size_t i = 0; i < n * n; ++i)
            a[i] += part[i] / step_bounds::parts;
    double shift = 0;
    for (std::size_t i = 0; i < n; ++i)
        shift = std::max(shift, -a[i * n + i]);
    for (int iteration = 0; iteration < iterations; ++iteration) {
        std::vector<double> next(n);
        for (std::size_t i = 0; i < n; ++i) {
            next[i] = shift * w[i];
            for (std::size_t j = 0; j < n; ++j)
                next[i] += a[i * n + j] * w[j];
        }
        const double largest = *std::max_element(next.begin(), next.end());
        if (!(largest > 0) || !std::isfinite(largest)) break;
        for (std::size_t i = 0; i < n; ++i)
            w[i] = std::max(next[i] / largest, least);
    }
    for (double& x : w) { // 8 bits
        int exponent = 0;
        x = std::frexp(x, &exponent);
        x = std::ldexp(std::round(x * 256), exponent - 8);
    }
    return w;
}

/// mu in one part, rounded up.
double logarithmic_norm(const std::vector<double>& a, const std::vector<double>& w) {
    const std::size_t n = w.size();
    double mu = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < n; ++i) {
        double sum = a[i * n + i];
        for (std::size_t j = 0; j < n; ++j)
            if (j != i)
                sum = rounding::up_add(
                    sum, rounding::up_div(rounding::up_mul(a[i * n + j], w[j]), w[i]));
        mu = std::max(mu, sum);
    }
    return mu;
}

} // namespace

std::optional<norm_step> move_error(const step_bounds& bounds, box_gradients& gradients,
                                    const std::vector<magnitude>& error, const arf_t h,
                                    const std::vector<double>& weights) {
    constexpr int attempts = 6;
    const std::size_t n = error.size();
    const bool backward = arf_sgn(h) < 0;
    arf_t length;
    arf_init(length);
    arf_abs(length, h);
    const interval<double> part =
        interval<double>(arf_get_d(length, ARF_RND_FLOOR), arf_get_d(length, ARF_RND_CEIL)) /
        interval<double>(step_bounds::parts);
    arf_clear(length);
    if (!part.is_bounded()) return std::nullopt;

    norm_step result{weights, {}, {}, {}};
    const auto in_norm = [&](const auto& component) {
        magnitude largest;
        for (std::size_t i = 0; i < n; ++i)
            largest = max(largest, component(i) / magnitude(result.weights[i]));
        return largest;
    };
    const auto errors = [&](std::size_t i) -> const magnitude& { return error[i]; };
    const auto defects = [&](std::size_t i) -> const magnitude& { return bounds.defect(i); };
    magnitude within = scaled(in_norm(errors) + in_norm(defects), 2);
    comparison m;
    std::vector<magnitude> deviation(n);
    for (int attempt = 0; attempt < attempts && within.is_finite(); ++attempt) {
        for (std::size_t i = 0; i < n; ++i)
            deviation[i] = within * magnitude(result.weights[i]);
        if (!compare(m, bounds, gradients, deviation, backward)) return std::nullopt;
        result.weights = dominant(m, result.weights);
        result.before = in_norm(errors);
        const magnitude defect = in_norm(defects) * magnitude(1.125);

        // The integral of mu from the beginning of a part to the end, and of its positive part.
        double to_end = 0, largest = 0, positive = 0;
        for (int j = step_bounds::parts; j-- > 0;) {
            const double mu = logarithmic_norm(m[static_cast<std::size_t>(j)], result.weights);
            if (!std::isfinite(mu)) return std::nullopt;
            const double piece = (interval<double>(mu) * part).upper();
            to_end = rounding::up_add(to_end, piece);
            largest = std::max(largest, to_end);
            if (piece > 0) positive = rounding::up_add(positive, piece);
        }
        if (!std::isfinite(to_end) || !std::isfinite(positive)) return std::nullopt;
        result.after = result.before * magnitude::exp(to_end) + defect * magnitude::exp(largest);
        within = (result.before + defect) * magnitude::exp(positive);
        result.within = within * magnitude(1.125);
        if (within.is_zero()) return result; // p is the solution, and the only one
        bool inside = result.within.is_finite();
        for (std::size_t i = 0; i < n; ++i)
            inside = inside && !(deviation[i] < result.within * magnitude(result.weights[i]));
        if (inside) return result;
        within = scaled(within, 2);
    }
    return std::nullopt;
}

} // namespace flowproof::rigorous
