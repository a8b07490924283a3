#include "numerics/ode/doubleton.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace flowproof::rigorous {

namespace {

/// a b for an n x k and a k x m matrix, with what rounding and the error of a may do.
near_matrix product(const near_matrix& a, const std::vector<double>& b, std::size_t n,
                    std::size_t k, std::size_t m) {
    const double unit = static_cast<double>(k + 2) * 0x1p-53;
    near_matrix result{std::vector<double>(n * m), std::vector<upper>(n * m)};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < m; ++j) {
            double sum = 0;
            upper error = 0;
            for (std::size_t l = 0; l < k; ++l) {
                const double x = a.centre[i * k + l], y = b[l * m + j];
                sum += x * y;
                error += (upper(std::abs(x)) * unit + a.error[i * k + l]) * upper(std::abs(y));
            }
            result.centre[i * m + j] = sum;
            result.error[i * m + j] = error;
        }
    return result;
}

/// Orthonormal columns that span those of a, n x n, in the order given: modified Gram and Schmidt,
/// twice; unit vectors where columns depend on each other.
std::vector<double> orthonormal(const std::vector<double>& a, std::size_t n,
                                const std::vector<std::size_t>& order) {
    std::vector<double> q(n * n);
    std::size_t spare = 0;
    for (std::size_t c = 0; c < n; ++c) {
        std::vector<double> v(n);
        for (std::size_t i = 0; i < n; ++i)
            v[i] = a[i * n + order[c]];
        while (true) {
            double before = 0;
            for (const double x : v)
                before = std::max(before, std::abs(x));
            double after = 0;
            if (before > 0 && std::isfinite(before)) {
                for (double& x : v)
                    x /= before;
                for (int pass = 0; pass < 2; ++pass)
                    for (std::size_t p = 0; p < c; ++p) {
                        double dot = 0;
                        for (std::size_t i = 0; i < n; ++i)
                            dot += q[i * n + p] * v[i];
                        for (std::size_t i = 0; i < n; ++i)
                            v[i] -= dot * q[i * n + p];
                    }
                for (const double x : v)
                    after += x * x;
                after = std::sqrt(after);
            }
            if (after > 1e-12 || (spare >= n && after > 0)) {
                for (std::size_t i = 0; i < n; ++i)
                    q[i * n + c] = v[i] / after;
                break;
            }
            std::fill(v.begin(), v.end(), 0.0);
            v[spare++ % n] = 1;
        }
    }
    return q;
}

} // namespace

doubleton::doubleton(std::size_t n, std::vector<double> origin, std::int64_t exponent)
    : n_(n), m_(origin.size()), memory_(n * m_), frame_(n * n), origin_(std::move(origin)),
      rest_(n), exponent_(exponent) {
    for (std::size_t i = 0; i < n; ++i)
        memory_[i * m_ + i] = frame_[i * n + i] = 1;
}

void doubleton::set_exponent(std::int64_t exponent) {
    const auto by = exponent_ - exponent;
    if (by == 0) return;
    for (auto* box : {&origin_, &rest_})
        for (double& x : *box)
            x = scaled(upper(x), by).value();
    exponent_ = exponent;
}

std::vector<upper> doubleton::radius() const {
    std::vector<upper> result(n_);
    for (std::size_t i = 0; i < n_; ++i) {
        for (std::size_t j = 0; j < m_; ++j)
            if (origin_[j] != 0) result[i] += upper(std::abs(memory_[i * m_ + j])) * origin_[j];
        for (std::size_t j = 0; j < n_; ++j)
            if (rest_[j] != 0) result[i] += upper(std::abs(frame_[i * n_ + j])) * rest_[j];
    }
    return result;
}

void doubleton::move(const near_matrix& flow, const near_matrix& later,
                     const std::vector<upper>& rest) {
    std::vector<upper> box = rest;
    // C: its rounding errors act on the origins and join the box.
    near_matrix memory = product(flow, memory_, n_, n_, m_);
    for (std::size_t i = 0; i < n_; ++i)
        for (std::size_t j = 0; j < m_; ++j) {
            double& c = memory.centre[i * m_ + j];
            upper e = memory.error[i * m_ + j];
            if (j >= n_) {
                const std::size_t p = i * (m_ - n_) + (j - n_);
                c += later.centre[p];
                e += later.error[p] + upper(std::abs(c)) * 0x1p-53;
            }
            if (origin_[j] != 0) box[i] += e * origin_[j];
        }
    memory_ = std::move(memory.centre);

    const near_matrix moved = product(flow, frame_, n_, n_, n_);
    std::vector<double> width(n_);
    for (std::size_t j = 0; j < n_; ++j) {
        double size = 0;
        for (std::size_t i = 0; i < n_; ++i) {
            size = std::hypot(size, moved.centre[i * n_ + j]);
            box[i] += moved.error[i * n_ + j] * rest_[j];
        }
        width[j] = size * rest_[j];
    }
    std::vector<std::size_t> order(n_);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return width[a] > width[b]; });
    frame_ = orthonormal(moved.centre, n_, order);

    // Coordinates x of v = moved r + z: frame x = v, hence x = transposed v + E x with
    // E = 1 - transposed frame, and |x| <= |transposed v| + |E| / (1 - |E|) max |transposed v|.
    near_matrix transposed{std::vector<double>(n_ * n_), std::vector<upper>(n_ * n_)};
    for (std::size_t i = 0; i < n_; ++i)
        for (std::size_t j = 0; j < n_; ++j)
            transposed.centre[i * n_ + j] = frame_[j * n_ + i];
    const near_matrix turned = product(transposed, moved.centre, n_, n_, n_);
    const near_matrix unit = product(transposed, frame_, n_, n_, n_);
    std::vector<upper> next(n_);
    upper largest = 0, deviation = 0;
    for (std::size_t i = 0; i < n_; ++i) {
        upper row = 0;
        for (std::size_t j = 0; j < n_; ++j) {
            const std::size_t p = i * n_ + j;
            next[i] += (upper(std::abs(turned.centre[p])) + turned.error[p]) * rest_[j] +
                       upper(std::abs(transposed.centre[p])) * box[j];
            row += upper(std::abs(unit.centre[p] - (i == j ? 1 : 0))) + unit.error[p];
        }
        largest = std::max(largest.value(), next[i].value());
        deviation = std::max(deviation.value(), row.value());
    }
    const upper slack = deviation / (1 - 2 * deviation.value()) * largest;
    for (std::size_t i = 0; i < n_; ++i)
        rest_[i] = deviation.value() < 0.25 ? (next[i] + slack).value()
                                            : std::numeric_limits<double>::infinity();
}

} // namespace flowproof::rigorous
