#include "numerics/poly/sum_of_squares.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

#include "numerics/linalg/definite.hpp"
#include "numerics/linalg/symmetric.hpp"
#include "numerics/poly/gram_space.hpp"
#include "numerics/poly/lowest_point.hpp"
#include "numerics/poly/real_roots.hpp"
#include "numerics/poly/square_monomials.hpp"

namespace flowproof {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

matrix<rational> identity_matrix(Index n) {
    matrix<rational> m(n, n);
    m.fill(rational(0));
    for (Index i = 0; i < n; ++i)
        m(i, i) = rational(1);
    return m;
}

/// Moments E[z_a z_b] of independent normal variables with these deviations.
MatrixXd normal_moments(const std::vector<exponents>& z, const std::vector<double>& sizes) {
    const auto n = static_cast<Index>(z.size());
    MatrixXd m(n, n);
    for (Index a = 0; a < n; ++a)
        for (Index b = 0; b < n; ++b) {
            double moment = 1;
            for (std::size_t v = 0; v < sizes.size(); ++v) {
                const auto e = static_cast<int>(z[static_cast<std::size_t>(a)][v] +
                                                z[static_cast<std::size_t>(b)][v]);
                if (e % 2 != 0) moment = 0;
                for (int k = e - 1; k > 0; k -= 2)
                    moment *= k * sizes[v] * sizes[v];
            }
            m(a, b) = moment;
        }
    return m;
}

MatrixXd nearest(const matrix<rational>& a) {
    return MatrixXd::NullaryExpr(a.rows(), a.cols(),
                                 [&](Index i, Index j) { return a(i, j).nearest(); });
}

std::string text(const matrix<rational>& a) {
    std::string out;
    for (const rational& x : a.reshaped())
        out += x.str() + " ";
    return out;
}

/// The fraction with the smallest denominator up to 1/sqrt(tolerance) that a continued fraction
/// gives within the tolerance.
std::optional<rational> recognised(double x, double tolerance) {
    if (!std::isfinite(x)) return std::nullopt;
    rational h0(0), h1(1), k0(1), k1(0);
    double rest = x;
    const double largest = 1 / std::sqrt(tolerance);
    for (int step = 0; step < 40; ++step) {
        const double whole = std::floor(rest);
        if (std::abs(whole) > 1e9) return std::nullopt;
        const rational a = rational::exactly(whole);
        const rational h2 = a * h1 + h0, k2 = a * k1 + k0;
        h0 = h1, h1 = h2, k0 = k1, k1 = k2;
        if (k1.nearest() > largest) return std::nullopt;
        const rational fraction = h1 / k1;
        if (std::abs(fraction.nearest() - x) <= tolerance) return fraction;
        rest = 1 / (rest - whole);
    }
    return std::nullopt;
}

/// The columns' span in reduced echelon form with the largest pivots; which row each pivot took.
std::vector<Index> reduce_columns(MatrixXd& span) {
    std::vector<Index> pivots;
    for (Index k = 0; k < span.cols(); ++k) {
        Index row = 0, column = 0;
        span.rightCols(span.cols() - k).cwiseAbs().maxCoeff(&row, &column);
        span.col(k).swap(span.col(k + column));
        span.col(k) /= span(row, k);
        for (Index j = 0; j < span.cols(); ++j)
            if (j != k) span.col(j) -= span(row, j) * span.col(k);
        pivots.push_back(row);
    }
    return pivots;
}

/// The span of columns over a basis scaled by d, in fractions over the basis itself.
std::optional<matrix<rational>> rational_span(MatrixXd span, const VectorXd& d, double tolerance) {
    const std::vector<Index> pivots = reduce_columns(span);
    matrix<rational> result(span.rows(), span.cols());
    for (Index k = 0; k < span.cols(); ++k)
        for (Index i = 0; i < span.rows(); ++i) {
            const double unit = d(i) / d(pivots[static_cast<std::size_t>(k)]);
            const auto value = std::abs(span(i, k)) <= tolerance
                                   ? std::optional(rational(0))
                                   : recognised(span(i, k) * unit, tolerance * unit);
            if (!value) return std::nullopt;
            result(i, k) = *value;
        }
    return result;
}

class search {
public:
    search(const polynomial& p, const square_search_options& options)
        : p_(p), options_(options), sizes_(natural_sizes(p)) {}

    square_search run() {
        square_search nothing{square_search::answer::not_found, {}, 0, {}};
        if (p_.is_zero()) {
            gram_certificate trivial{{exponents(variables(), 0)}, matrix<rational>(1, 1)};
            return {square_search::answer::found, std::move(trivial), 0, {}};
        }
        const square_monomials z = monomials_of_squares(p_, options_.monomials);
        if (z.too_many) {
            nothing.reason = "more than " + std::to_string(options_.monomials) + " monomials";
            return nothing;
        }
        if (!z.impossible.empty()) return {square_search::answer::none, {}, 0, z.impossible};
        monomials_ = z.monomials;
        if (by_square_factor() || in_basis(identity_matrix(count()), 0)) {
            if (const auto squares = squares_shown(p_, witness_))
                return {square_search::answer::found, witness_, *squares, {}};
            throw std::logic_error("find_sum_of_squares: a witness failed its check");
        }
        if (separated_)
            return {square_search::answer::none,
                    {},
                    0,
                    "a functional that is positive on all squares of polynomials in " +
                        std::to_string(monomials_.size()) + " monomials is negative on it"};
        nothing.reason = "no Gram matrix found over " + std::to_string(monomials_.size()) +
                         " monomials, in " + std::to_string(spaces_) + " faces";
        return nothing;
    }

private:
    static constexpr int deepest_face = 4;
    static constexpr int most_spaces = 40;

    std::size_t variables() const { return p_.ring().variables().size(); }
    Index count() const { return static_cast<Index>(monomials_.size()); }

    /// p = g^2 h: squares of g times what the squares of h may contain. In one variable h, if
    /// p >= 0, has no real root.
    bool by_square_factor() {
        const auto [g, h] = split_squares(p_);
        if (g.is_constant()) return false;
        const square_monomials of_h = monomials_of_squares(h, options_.monomials);
        if (of_h.too_many || !of_h.impossible.empty()) return false;
        const std::vector<exponents> of_p = monomials_;
        std::map<exponents, std::vector<std::pair<Index, rational>>> terms; // of g times monomials
        for (std::size_t k = 0; k < g.terms(); ++k) {
            const polynomial::term t = g.term_at(k);
            for (std::size_t i = 0; i < of_h.monomials.size(); ++i)
                terms[product(t.exponents, of_h.monomials[i])].emplace_back(static_cast<Index>(i),
                                                                            t.coefficient);
        }
        monomials_.clear();
        matrix<rational> basis(static_cast<Index>(terms.size()),
                               static_cast<Index>(of_h.monomials.size()));
        basis.fill(rational(0));
        for (const auto& [monomial, row] : terms) {
            for (const auto& [column, c] : row)
                basis(count(), column) += c;
            monomials_.push_back(monomial);
        }
        if (in_basis(basis, 1)) return true;
        monomials_ = of_p;
        return false;
    }

    /// Squares of combinations of the basis; `face` counts reductions, 0 for all polynomials.
    bool in_basis(const matrix<rational>& basis, int face) {
        if (options_.stop != nullptr && options_.stop->load()) return false;
        if (basis.cols() == 0 || ++spaces_ > most_spaces) return false;
        const gram_space space(monomials_, basis, p_);
        if (!space.consistent()) return false;
        const MatrixXd columns = nearest(basis);
        MatrixXd moments = columns.transpose() * normal_moments(monomials_, sizes_) * columns;
        VectorXd d(basis.cols());
        for (Index i = 0; i < d.size(); ++i)
            d(i) = std::exp2(std::round(-std::log2(moments(i, i)) / 2));
        const double unit = largest_coefficient(space, d);
        if (!d.allFinite() || !std::isfinite(unit)) return false;
        moments = d.asDiagonal() * moments * d.asDiagonal();
        semidefinite_point found;
        try {
            found =
                deepest_point(space.scaled(d, unit), space.functional(d, moments), options_.stop);
        } catch (const std::invalid_argument&) {
            return false; // rounding: the moments are not positive definite
        }
        switch (found.is) {
        case semidefinite_point::answer::interior:
            return rounded(space, d, unit, found);
        case semidefinite_point::answer::outside:
            if (face == 0) separated_ = separates(space, d, found.functional);
            return false;
        default:
            return face < deepest_face && in_smaller_face(basis, d, found.separator, face);
        }
    }

    /// Of p over the scaled rows: the size of the right sides.
    static double largest_coefficient(const gram_space& space, const VectorXd& d) {
        const double largest = space.scaled(d, 1).right.cwiseAbs().maxCoeff();
        return largest > 0 ? std::exp2(std::round(std::log2(largest))) : 1;
    }

    bool rounded(const gram_space& space, const VectorXd& d, double unit,
                 const semidefinite_point& found) {
        const double needed = -std::log2(found.margin / static_cast<double>(d.size()));
        for (int bits = std::max(0, static_cast<int>(needed) - 3); bits <= 52; bits += 3) {
            matrix<rational> guess(d.size(), d.size());
            for (Index i = 0; i < d.size(); ++i)
                for (Index j = 0; j < d.size(); ++j)
                    guess(i, j) = rational::exactly(
                        std::ldexp(std::round(std::ldexp(found.matrix(i, j), bits)), -bits) *
                        (unit * d(i) * d(j)));
            const matrix<rational> h = space.completed(std::move(guess));
            if (definiteness_of(h).is == definiteness::answer::indefinite) continue;
            witness_ = {space.monomials(), space.over_monomials(h)};
            return true;
        }
        return false;
    }

    /// Is the functional, rounded as it is, positive definite on squares and negative on p?
    static bool separates(const gram_space& space, const VectorXd& d, const VectorXd& y) {
        const std::vector<rational> exact = space.unscaled(d, y);
        return space.functional_value(exact).sign() < 0 &&
               definiteness_of(space.functional_matrix(exact)).is ==
                   definiteness::answer::positive_definite;
    }

    /// Combinations that the separator annihilates, its rank told by the widest gaps.
    bool in_smaller_face(const matrix<rational>& basis, const VectorXd& d,
                         const MatrixXd& separator, int face) {
        const symmetric_eigenpairs pairs = approximate_eigenpairs(separator);
        const VectorXd values = pairs.values.cwiseMax(1e-18); // increasing
        std::vector<Index> sizes;
        for (Index n = 1; n < values.size(); ++n)
            if (values(n - 1) < 1e-2 && values(n) > 1e-8) sizes.push_back(n);
        std::stable_sort(sizes.begin(), sizes.end(), [&](Index m, Index n) {
            return values(m) / values(m - 1) > values(n) / values(n - 1);
        });
        if (sizes.size() > 3) sizes.resize(3);
        for (const Index n : sizes)
            for (const double tolerance : {1e-4, 1e-6, 1e-8})
                if (const auto span = rational_span(pairs.vectors.leftCols(n), d, tolerance)) {
                    const matrix<rational> smaller = basis * *span;
                    if (seen_.insert(text(smaller)).second && in_basis(smaller, face + 1))
                        return true;
                }
        return false;
    }

    const polynomial& p_;
    const square_search_options& options_;
    std::vector<double> sizes_;
    std::vector<exponents> monomials_;
    gram_certificate witness_;
    std::set<std::string> seen_; ///< faces
    int spaces_ = 0;
    bool separated_ = false;
};

} // namespace

std::optional<std::size_t> squares_shown(const polynomial& p, const gram_certificate& witness) {
    if (witness.gram.rows() != static_cast<Index>(witness.monomials.size()))
        throw std::invalid_argument("squares_shown: need a row for each of " +
                                    std::to_string(witness.monomials.size()) + " monomials, got " +
                                    std::to_string(witness.gram.rows()));
    const definiteness d = definiteness_of(witness.gram);
    if (d.is == definiteness::answer::indefinite) return std::nullopt;
    std::map<exponents, rational> terms;
    for (Index i = 0; i < witness.gram.rows(); ++i)
        for (Index j = 0; j < witness.gram.cols(); ++j)
            terms[product(witness.monomials[static_cast<std::size_t>(i)],
                          witness.monomials[static_cast<std::size_t>(j)])] += witness.gram(i, j);
    for (std::size_t k = 0; k < p.terms(); ++k) {
        const polynomial::term t = p.term_at(k);
        terms[t.exponents] -= t.coefficient;
    }
    for (const auto& [z, c] : terms)
        if (!c.is_zero()) return std::nullopt;
    return d.rank;
}

square_search find_sum_of_squares(const polynomial& p, const square_search_options& options) {
    if (!p.has_ring())
        throw std::invalid_argument("find_sum_of_squares: need a polynomial of a ring, got " +
                                    p.str());
    return search(p, options).run();
}

} // namespace flowproof
