#include "numerics/linalg/definite.hpp"

#include <algorithm>
#include <stdexcept>

#include "numerics/scalar/flint.hpp"

namespace flowproof {

namespace {

std::size_t bits_of(const rational& x) {
    const auto* raw = static_cast<const fmpq*>(x.raw());
    return fmpz_bits(fmpq_numref(raw)) + fmpz_bits(fmpq_denref(raw));
}

void check_symmetric(const matrix<rational>& a) {
    if (a.rows() != a.cols() || a.rows() == 0)
        throw std::invalid_argument("definiteness_of: need a square matrix, got " +
                                    std::to_string(a.rows()) + " x " + std::to_string(a.cols()));
    for (Eigen::Index i = 0; i < a.rows(); ++i)
        for (Eigen::Index j = 0; j < i; ++j)
            if (a(i, j) != a(j, i))
                throw std::invalid_argument("definiteness_of: need a symmetric matrix, got " +
                                            a(i, j).str() + " and " + a(j, i).str() + " at [" +
                                            std::to_string(i + 1) + "," + std::to_string(j + 1) +
                                            "] and its mirror");
}

/// What is left of A after symmetric elimination, and how to go back.
class elimination {
public:
    explicit elimination(const matrix<rational>& a) : original_(a), left_(a) {
        for (Eigen::Index i = 0; i < a.rows(); ++i)
            open_.push_back(i);
    }

    definiteness run() {
        while (!open_.empty()) {
            for (const Eigen::Index i : open_)
                if (left_(i, i).sign() < 0) return along({{i, rational(1)}});
            const auto pivot =
                std::min_element(open_.begin(), open_.end(), [&](Eigen::Index i, Eigen::Index j) {
                    const rational &x = left_(i, i), &y = left_(j, j);
                    return x.sign() != y.sign() ? x.sign() > y.sign() : bits_of(x) < bits_of(y);
                });
            if (left_(*pivot, *pivot).is_zero()) break;
            const Eigen::Index k = *pivot;
            open_.erase(pivot);
            eliminate(k);
        }
        for (const Eigen::Index i : open_)
            for (const Eigen::Index j : open_)
                if (!left_(i, j).is_zero()) // the diagonal is 0: +-2 a_ij
                    return along({{i, rational(1)}, {j, rational(-left_(i, j).sign())}});
        if (open_.empty()) return {definiteness::answer::positive_definite, pivots_.size(), {}, {}};
        return along({{open_.front(), rational(1)}});
    }

private:
    void eliminate(Eigen::Index k) {
        for (const Eigen::Index i : open_)
            if (!left_(i, k).is_zero()) {
                const rational factor = left_(i, k) / left_(k, k);
                for (const Eigen::Index j : open_)
                    if (j <= i && !left_(j, k).is_zero())
                        left_(i, j) = left_(j, i) = left_(i, j) - factor * left_(j, k);
            }
        pivots_.push_back(k);
    }
    /// v^T A v is the same form of what is left if each eliminated coordinate minimises it.
    definiteness along(const std::vector<std::pair<Eigen::Index, rational>>& direction) const {
        std::vector<rational> v(static_cast<std::size_t>(original_.rows()));
        const auto at = [&](Eigen::Index i) -> rational& { return v[static_cast<std::size_t>(i)]; };
        for (const auto& [i, x] : direction)
            at(i) = x;
        for (auto k = pivots_.rbegin(); k != pivots_.rend(); ++k) {
            rational sum(0);
            for (Eigen::Index j = 0; j < original_.rows(); ++j)
                if (j != *k && !at(j).is_zero()) sum += left_(*k, j) * at(j);
            at(*k) = -sum / left_(*k, *k);
        }
        rational value = quadratic_form(original_, v);
        if (value.sign() > 0) throw std::logic_error("definiteness_of: elimination went wrong");
        const auto is = value.sign() < 0 ? definiteness::answer::indefinite
                                         : definiteness::answer::semidefinite;
        return {is, value.sign() < 0 ? 0 : pivots_.size(), std::move(v), std::move(value)};
    }

    const matrix<rational>& original_;
    matrix<rational> left_; ///< rows of pivots as they were when eliminated
    std::vector<Eigen::Index> open_, pivots_;
};

} // namespace

definiteness definiteness_of(const matrix<rational>& a) {
    check_symmetric(a);
    return elimination(a).run();
}

rational quadratic_form(const matrix<rational>& a, const std::vector<rational>& v) {
    if (a.rows() != a.cols() || static_cast<std::size_t>(a.rows()) != v.size())
        throw std::invalid_argument("quadratic_form: need n x n and n, got " +
                                    std::to_string(a.rows()) + " x " + std::to_string(a.cols()) +
                                    " and " + std::to_string(v.size()));
    rational sum(0);
    for (Eigen::Index i = 0; i < a.rows(); ++i)
        for (Eigen::Index j = 0; j < a.cols(); ++j)
            sum += v[static_cast<std::size_t>(i)] * a(i, j) * v[static_cast<std::size_t>(j)];
    return sum;
}

} // namespace flowproof
