#include "numerics/poly/gram_space.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace flowproof {

namespace {

std::size_t digits(const rational& x) { return x.str().size(); }

} // namespace

gram_space::gram_space(std::vector<exponents> monomials, matrix<rational> basis,
                       const polynomial& p)
    : monomials_(std::move(monomials)), basis_(std::move(basis)) {
    if (static_cast<std::size_t>(basis_.rows()) != monomials_.size() || basis_.cols() == 0)
        throw std::invalid_argument("gram_space: need a row of the basis for each of " +
                                    std::to_string(monomials_.size()) + " monomials, got " +
                                    std::to_string(basis_.rows()) + " x " +
                                    std::to_string(basis_.cols()));
    std::map<exponents, row> by_monomial;
    for (std::size_t k = 0; k < p.terms(); ++k) {
        polynomial::term t = p.term_at(k);
        by_monomial[t.exponents].right = std::move(t.coefficient);
    }
    for (Eigen::Index i = 0; i < size(); ++i)
        for (Eigen::Index j = i; j < size(); ++j)
            for (Eigen::Index a = 0; a < basis_.rows(); ++a)
                for (Eigen::Index b = 0; b < basis_.rows(); ++b) {
                    if (basis_(a, i).is_zero() || basis_(b, j).is_zero()) continue;
                    const exponents z = product(monomials_[static_cast<std::size_t>(a)],
                                                monomials_[static_cast<std::size_t>(b)]);
                    by_monomial[z].left[{i, j}] +=
                        basis_(a, i) * basis_(b, j) * rational(i == j ? 1 : 2);
                }
    for (auto& [z, r] : by_monomial)
        if (consistent_) add(std::move(r));
}

/// Keeps the rows reduced.
void gram_space::add(row next) {
    const auto subtract = [](row& from, const row& what, const entry& at) {
        const rational factor = from.left.at(at);
        for (const auto& [e, c] : what.left)
            if ((from.left[e] -= factor * c).is_zero()) from.left.erase(e);
        from.right -= factor * what.right;
    };
    std::erase_if(next.left, [](const auto& item) { return item.second.is_zero(); });
    for (const row& r : rows_)
        if (next.left.contains(r.pivot)) subtract(next, r, r.pivot);
    if (next.left.empty()) {
        consistent_ = next.right.is_zero();
        return;
    }
    const auto simplest =
        std::min_element(next.left.begin(), next.left.end(), [](const auto& x, const auto& y) {
            return digits(x.second) < digits(y.second);
        });
    next.pivot = simplest->first;
    const rational unit = simplest->second;
    for (auto& [e, c] : next.left)
        c /= unit;
    next.right /= unit;
    for (row& r : rows_)
        if (r.left.contains(next.pivot)) subtract(r, next, next.pivot);
    rows_.push_back(std::move(next));
}

matrix<rational> gram_space::completed(matrix<rational> guess) const {
    for (const row& r : rows_) {
        rational value = r.right;
        for (const auto& [e, c] : r.left)
            if (e != r.pivot) value -= c * guess(e.first, e.second);
        guess(r.pivot.first, r.pivot.second) = value;
    }
    for (Eigen::Index i = 0; i < size(); ++i)
        for (Eigen::Index j = i + 1; j < size(); ++j)
            guess(j, i) = guess(i, j);
    return guess;
}

matrix<rational> gram_space::over_monomials(const matrix<rational>& h) const {
    const matrix<rational> half = basis_ * h;
    return half * basis_.transpose();
}

double gram_space::norm(const row& r, const Eigen::VectorXd& d) const {
    double sum = 0;
    for (const auto& [e, c] : r.left)
        sum += std::pow(c.nearest() * d(e.first) * d(e.second), 2);
    return std::sqrt(sum);
}

affine_matrices gram_space::scaled(const Eigen::VectorXd& d, double unit) const {
    affine_matrices result;
    result.size = size();
    result.right.resize(static_cast<Eigen::Index>(rows_.size()));
    for (const row& r : rows_) {
        const double n = norm(r, d);
        std::vector<affine_matrices::entry> entries;
        for (const auto& [e, c] : r.left)
            entries.push_back({e.first, e.second, c.nearest() * d(e.first) * d(e.second) / n});
        result.right(static_cast<Eigen::Index>(result.rows.size())) = r.right.nearest() / unit / n;
        result.rows.push_back(std::move(entries));
    }
    return result;
}

Eigen::VectorXd gram_space::functional(const Eigen::VectorXd& d, const Eigen::MatrixXd& m) const {
    Eigen::VectorXd y(static_cast<Eigen::Index>(rows_.size()));
    for (std::size_t k = 0; k < rows_.size(); ++k) {
        const auto [i, j] = rows_[k].pivot; // no other row has this entry
        y(static_cast<Eigen::Index>(k)) =
            m(i, j) * (i == j ? 1 : 2) * norm(rows_[k], d) / (d(i) * d(j));
    }
    return y;
}

matrix<rational> gram_space::functional_matrix(const std::vector<rational>& y) const {
    matrix<rational> m(size(), size());
    m.fill(rational(0));
    for (std::size_t k = 0; k < rows_.size(); ++k)
        for (const auto& [e, c] : rows_[k].left) {
            m(e.first, e.second) += y[k] * c / 2;
            m(e.second, e.first) += y[k] * c / 2;
        }
    return m;
}

rational gram_space::functional_value(const std::vector<rational>& y) const {
    rational sum(0);
    for (std::size_t k = 0; k < rows_.size(); ++k)
        sum += y[k] * rows_[k].right;
    return sum;
}

std::vector<rational> gram_space::unscaled(const Eigen::VectorXd& d,
                                           const Eigen::VectorXd& y) const {
    std::vector<rational> result;
    for (std::size_t k = 0; k < rows_.size(); ++k)
        result.push_back(rational::exactly(y(static_cast<Eigen::Index>(k)) / norm(rows_[k], d)));
    return result;
}

} // namespace flowproof
