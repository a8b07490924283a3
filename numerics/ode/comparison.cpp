#include "numerics/ode/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/interval/elementary.hpp"

namespace flowproof::rigorous {

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double steepest = 200;    // exponent of growth or decay over one step
constexpr double largest = 0x1p400; // entry beside the diagonal: units may differ
constexpr int most_terms = 1500;
} // namespace

comparison::comparison(std::span<const interval<double>> jacobian, std::size_t n, double length,
                       double loss)
    : n_(n), loss_(std::max(loss, 0x1p-40)), matrix_(n * n) {
    const interval<double> h(length);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            const interval<double>& entry = jacobian[i * n + j];
            if (entry == interval<double>()) continue;
            const interval<double> d = h * entry;
            const double m = i == j ? d.upper() : d.magnitude();
            usable_ = usable_ && std::abs(m) <= (i == j ? steepest : largest);
            matrix_[i * n + j] = m;
            if (i == j) shift_ = std::max(shift_, -m);
        }
    if (usable_ && shift_ > 0) decay_ = exp(interval<double>(-shift_)).upper();
}

/// exp(M) start + integral of exp(M (1 - u)) forcing, from the series of exp(M + shift) with the
/// forcing as one component more; with `rising`, diagonals below 0 count as 0.
///
/// Nothing here is negative, so errors stay relative: at most m + 5 roundings to nearest a term,
/// (k + 1)(m + 6) in all, and some more for what they do together. What underflows is small beside
/// the least start taken, 2^-950.
std::vector<upper> comparison::follow(std::span<const upper> start, std::span<const upper> forcing,
                                      double shift, bool rising) const {
    const std::size_t n = n_, m = n + 1;
    std::vector<double> shifted(m * m), work(3 * m);
    double size = shift;
    for (std::size_t i = 0; i < n; ++i) {
        double row = 0;
        for (std::size_t j = 0; j < n; ++j) {
            double& a = shifted[i * m + j];
            a = matrix_[i * n + j];
            if (i == j) a = rising ? std::max(a, 0.0) : a + shift + shift * 0x1p-52;
            row += a;
        }
        size = std::max(size, row);
        shifted[i * m + n] = forcing[i].value();
    }
    shifted[m * m - 1] = shift;
    double *const term = work.data(), *const sum = term + m, *const next = sum + m;
    for (std::size_t i = 0; i < n; ++i)
        term[i] = sum[i] = std::max(start[i].value(), 0x1p-950);
    term[n] = sum[n] = 1;
    const auto apply = [&](const double* v) {
        for (std::size_t i = 0; i < m; ++i) {
            double s = 0;
            for (std::size_t j = 0; j < m; ++j)
                s += shifted[i * m + j] * v[j];
            next[i] = s;
        }
    };
    const int early = std::max(6 + static_cast<int>(std::min(size, steepest)), static_cast<int>(n));
    for (int k = 1; k < most_terms; ++k) {
        apply(term);
        const double inverse = 1.0 / k;
        for (std::size_t i = 0; i < m; ++i) {
            term[i] = next[i] * inverse;
            sum[i] += term[i];
        }
        if (k < early) continue;
        // If term <= a sum and M sum <= b sum, the next is at most a b / (k + 1) sum, and so on.
        double part = 0, growth = 0;
        for (std::size_t i = 0; i < m; ++i)
            part = std::max(part, term[i] / sum[i]);
        if (!(part <= loss_)) continue;
        apply(sum);
        for (std::size_t i = 0; i < m; ++i)
            growth = std::max(growth, next[i] / sum[i]);
        if (!(growth <= 0.4 * (k + 1))) continue;
        const double rounded =
            std::max(0x1p-40, static_cast<double>(k + 1) * static_cast<double>(m + 6) * 0x1p-52);
        std::vector<upper> result; // a (q + q^2 + ...) with q < 1/2
        for (std::size_t i = 0; i < n; ++i)
            result.emplace_back(sum[i] * ((1 + part) * (1 + rounded)));
        return result;
    }
    return std::vector<upper>(n, infinity);
}

std::vector<upper> comparison::end(std::span<const upper> start,
                                   std::span<const upper> forcing) const {
    std::vector<upper> z = follow(start, forcing, shift_, false);
    for (upper& x : z)
        x *= decay_;
    return z;
}

std::vector<upper> comparison::response(std::span<const upper> forcing) {
    const std::vector<upper> zero(n_);
    std::vector<upper> unit(n_), z(n_);
    if (response_.empty())
        for (std::size_t j = 0; j < n_; ++j) {
            unit[j] = 1;
            const std::vector<upper> column = end(zero, unit);
            response_.insert(response_.end(), column.begin(), column.end());
            unit[j] = 0;
        }
    for (std::size_t j = 0; j < n_; ++j)
        for (std::size_t i = 0; i < n_; ++i)
            z[i] += response_[j * n_ + i] * forcing[j];
    return z;
}

std::vector<upper> comparison::throughout(std::span<const upper> start,
                                          std::span<const upper> forcing) const {
    return follow(start, forcing, 0, true);
}

} // namespace flowproof::rigorous
