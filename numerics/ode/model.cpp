#include "numerics/ode/model.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace flowproof::rigorous {

model::model(std::shared_ptr<const monomials> basis)
    : basis_(std::move(basis)), coefficients_(basis_->size(), 0.0) {}

model::model(std::shared_ptr<const monomials> basis, const interval<double>& x)
    : model(std::move(basis)) {
    coefficients_[0] = x.is_bounded() ? x.midpoint() : 0.0;
    remainder_ = x.is_bounded() ? upper(x.radius()) : upper::infinite();
}

model::model(std::shared_ptr<const monomials> basis, std::vector<double> coefficients,
             upper remainder)
    : basis_(std::move(basis)), coefficients_(std::move(coefficients)), remainder_(remainder) {
    if (coefficients_.size() != basis_->size())
        throw std::invalid_argument("model: need " + std::to_string(basis_->size()) +
                                    " coefficients, got " + std::to_string(coefficients_.size()));
    for (const double c : coefficients_)
        if (!rounding::is_finite(c)) remainder_ = upper::infinite();
}

bool model::is_zero() const {
    return remainder_.value() == 0 &&
           std::all_of(coefficients_.begin(), coefficients_.end(), [](double c) { return c == 0; });
}

model model::widened(upper by) const {
    model result = *this;
    result.remainder_ += by;
    return result;
}

std::vector<upper> model::sizes() const {
    std::vector<upper> result(static_cast<std::size_t>(basis_->degree()) + 1);
    std::size_t begin = 0;
    for (std::size_t d = 0; d < result.size() && begin < coefficients_.size(); ++d) {
        std::size_t end = begin;
        while (end < coefficients_.size() && basis_->degree_of(end) == static_cast<int>(d))
            ++end;
        result[d] = sum_of_sizes(coefficients_.data() + begin, end - begin);
        begin = end;
    }
    return result;
}

upper model::size() const { return sum_of_sizes(coefficients_.data(), coefficients_.size()); }

interval<double> model::range() const {
    if (!is_finite()) return interval<double>::entire();
    // Monomials of range [0, 1] add to one side only.
    double both = 0, above = 0, below = 0;
    for (std::size_t i = 1; i < coefficients_.size(); ++i) {
        const double c = coefficients_[i];
        if (!basis_->is_nonnegative(i))
            both += std::abs(c);
        else if (c > 0)
            above += c;
        else
            below -= c;
    }
    const upper factor(1 + static_cast<double>(coefficients_.size()) * 0x1p-51);
    const upper sides = upper(both) * factor + remainder_;
    const upper up = upper(above) * factor + sides, down = upper(below) * factor + sides;
    const double high = rounding::up_add(coefficients_[0], up.value());
    const double low = rounding::down_sub(coefficients_[0], down.value());
    return rounding::is_finite(high) && rounding::is_finite(low) ? interval<double>(low, high)
                                                                 : interval<double>::entire();
}

model model::restricted(std::span<const interval<double>> box) const {
    const auto n = static_cast<std::size_t>(basis_->symbols());
    if (box.size() != n)
        throw std::invalid_argument("model: need a box of " + std::to_string(n) + " symbols, got " +
                                    std::to_string(box.size()));
    const auto most = static_cast<std::size_t>(basis_->degree()) + 1;
    model result = *this;
    if (!is_finite()) return result;
    for (std::size_t s = 0; s < n; ++s) {
        if (!subset(box[s], interval<double>(-1.0, 1.0)) || box[s].is_empty())
            throw std::invalid_argument("model: need a box within [-1, 1], got " + box[s].str());
        if (box[s] == interval<double>(-1.0, 1.0)) continue;
        // symbol^e = (centre + radius symbol')^e: row e of `shift`, products of at most
        // 2 e + 1 factors without cancellation.
        const double centre = box[s].midpoint(), radius = box[s].radius();
        std::vector<double> shift(most * most, 0.0);
        shift[0] = 1;
        double binomial = 1;
        for (std::size_t e = 1; e < most; ++e) {
            binomial = 1;
            for (std::size_t i = 0; i <= e; ++i) {
                double term = binomial;
                for (std::size_t k = 0; k < e - i; ++k)
                    term *= centre;
                for (std::size_t k = 0; k < i; ++k)
                    term *= radius;
                shift[e * most + i] = term;
                binomial = binomial * static_cast<double>(e - i) / static_cast<double>(i + 1);
            }
        }
        std::vector<double> moved(coefficients_.size(), 0.0);
        double moved_sizes = 0;
        for (std::size_t i = 0; i < moved.size(); ++i) {
            const double c = result.coefficients_[i];
            if (c == 0) continue;
            const auto e = static_cast<std::size_t>(basis_->exponent(i, static_cast<int>(s)));
            std::size_t to = i;
            for (std::size_t k = e + 1; k-- > 0;) {
                const double term = c * shift[e * most + k];
                moved[to] += term;
                moved_sizes += std::abs(term);
                if (k > 0) to = static_cast<std::size_t>(basis_->divided(to, static_cast<int>(s)));
            }
        }
        // Binomials take two roundings a factor, sums one for each term that meets.
        result.remainder_ += upper(moved_sizes) *
                                 upper(1 + static_cast<double>(moved.size() * most) * 0x1p-51) *
                                 rounding_of(5 * most + 4) +
                             underflow * (upper(1) + result.size());
        result.coefficients_ = std::move(moved);
    }
    if (!result.size().is_finite()) result.remainder_ = upper::infinite();
    return result;
}

upper beyond(std::span<const upper> x, std::span<const upper> y, int degree) {
    // Sizes of y from degree d on, then one product for each degree of x.
    std::vector<upper> tail(y.size() + 1);
    for (std::size_t d = y.size(); d-- > 0;)
        tail[d] = tail[d + 1] + y[d];
    upper result;
    for (std::size_t p = 0; p < x.size(); ++p) {
        const auto from = static_cast<std::size_t>(std::max(0, degree + 1 - static_cast<int>(p)));
        if (from < y.size()) result += x[p] * tail[from];
    }
    return result;
}

namespace {

void check_same(const model& x, const model& y) {
    if (&x.basis() != &y.basis())
        throw std::invalid_argument("model: operands need one basis, got two");
}

template <class Add> model sum(const model& x, const model& y, Add add) {
    check_same(x, y);
    std::vector<double> c(x.coefficients().size());
    double sizes = 0;
    for (std::size_t i = 0; i < c.size(); ++i) {
        c[i] = add(x.coefficients()[i], y.coefficients()[i]);
        if (x.coefficients()[i] != 0 && y.coefficients()[i] != 0) sizes += std::abs(c[i]);
    }
    // A sum is off by at most 2^-53 of itself.
    const upper rounded = upper(sizes) * upper(0x1p-53 + static_cast<double>(c.size()) * 0x1p-100);
    return {x.shared_basis(), std::move(c), x.remainder() + y.remainder() + rounded};
}

} // namespace

model operator+(const model& x, const model& y) {
    return sum(x, y, [](double a, double b) { return a + b; });
}
model operator-(const model& x, const model& y) {
    return sum(x, y, [](double a, double b) { return a - b; });
}
model operator-(const model& x) {
    model result = x;
    for (double& c : result.coefficients_)
        c = 0.0 - c;
    return result;
}

model operator*(const model& x, const model& y) {
    check_same(x, y);
    const monomials& basis = x.basis();
    const double *a = x.coefficients_.data(), *b = y.coefficients_.data();
    std::vector<double> c(basis.size());
    for (std::size_t i = 0; i < c.size(); ++i) {
        double total = 0;
        for (const auto& [p, q] : basis.factors(i))
            total += a[p] * b[q];
        c[i] = total;
    }
    const std::vector<upper> p = x.sizes(), q = y.sizes();
    upper sx, sy;
    for (const upper s : p)
        sx += s;
    for (const upper s : q)
        sy += s;
    // Exact zeros round nothing.
    upper rest = x.remainder_ * sy + y.remainder_ * sx + x.remainder_ * y.remainder_ +
                 beyond(p, q, basis.degree());
    if (sx.value() != 0 && sy.value() != 0)
        rest += sx * sy * rounding_of(basis.most_factors() + 1) + underflow;
    return {x.basis_, std::move(c), rest};
}

} // namespace flowproof::rigorous
