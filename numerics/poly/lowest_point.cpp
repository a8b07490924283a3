#include "numerics/poly/lowest_point.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>

#include "numerics/poly/real_roots.hpp"
#include "numerics/random/philox.hpp"
#include "numerics/random/uniform.hpp"

namespace flowproof {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// A polynomial in doubles, in units of the sizes of its variables.
class rounded_polynomial {
public:
    rounded_polynomial(const polynomial& p, const std::vector<double>& sizes)
        : variables_(static_cast<Index>(sizes.size())) {
        for (std::size_t k = 0; k < p.terms(); ++k) {
            const polynomial::term t = p.term_at(k);
            double c = t.coefficient.nearest();
            for (std::size_t v = 0; v < sizes.size(); ++v)
                c *= std::pow(sizes[v], static_cast<double>(t.exponents[v]));
            terms_.push_back({c, t.exponents});
        }
    }

    struct jet {
        double value;
        VectorXd gradient;
        MatrixXd hessian;
    };
    jet at(const VectorXd& x) const {
        jet j{0, VectorXd::Zero(variables_), MatrixXd::Zero(variables_, variables_)};
        for (const auto& [c, e] : terms_) {
            j.value += c * lowered(x, e, -1, -1);
            for (Index v = 0; v < variables_; ++v) {
                if (power_of(e, v) == 0) continue;
                j.gradient(v) += c * power_of(e, v) * lowered(x, e, v, -1);
                for (Index w = 0; w <= v; ++w) {
                    const double factor = power_of(e, v) * (power_of(e, w) - (v == w ? 1 : 0));
                    if (factor != 0) j.hessian(v, w) += c * factor * lowered(x, e, v, w);
                }
            }
        }
        j.hessian = MatrixXd(j.hessian.selfadjointView<Eigen::Lower>());
        return j;
    }

private:
    static double power_of(const std::vector<std::uint64_t>& e, Index v) {
        return static_cast<double>(e[static_cast<std::size_t>(v)]);
    }
    /// x^e with the exponents of v and w lowered by 1.
    static double lowered(const VectorXd& x, const std::vector<std::uint64_t>& e, Index v,
                          Index w) {
        double product = 1;
        for (Index k = 0; k < x.size(); ++k) {
            auto n = static_cast<int>(e[static_cast<std::size_t>(k)]);
            n -= (k == v ? 1 : 0) + (k == w ? 1 : 0);
            for (; n > 0; --n)
                product *= x(k);
        }
        return product;
    }
    struct term {
        double coefficient;
        std::vector<std::uint64_t> exponents;
    };
    Index variables_;
    std::vector<term> terms_;
};

/// One damped Newton step downhill; false at a stationary point.
bool descend(const rounded_polynomial& p, VectorXd& x, double& damping) {
    const auto here = p.at(x);
    if (!(here.gradient.norm() > 1e-14 * (1 + std::abs(here.value)))) return false;
    for (; damping < 1e12; damping *= 4) {
        const MatrixXd shifted = here.hessian + damping * MatrixXd::Identity(x.size(), x.size());
        const Eigen::LLT<MatrixXd> factor(shifted);
        if (factor.info() != Eigen::Success) continue;
        const VectorXd next = x - factor.solve(here.gradient);
        if (p.at(next).value < here.value) {
            x = next;
            damping = std::max(damping / 16, 1e-12);
            return true;
        }
    }
    return false;
}

/// The first of ever longer dyadic roundings of x that lies low enough.
std::optional<std::vector<rational>> rounded_below(const polynomial& p, const rational& below,
                                                   const VectorXd& x,
                                                   const std::vector<double>& sizes) {
    if (!x.allFinite() || x.cwiseAbs().maxCoeff() > 1e15) return std::nullopt;
    for (int bits = 0; bits <= 48; bits += bits < 8 ? 1 : 8) {
        std::vector<rational> point;
        for (std::size_t v = 0; v < sizes.size(); ++v)
            point.push_back(rational::exactly(
                std::ldexp(std::round(std::ldexp(x(static_cast<Index>(v)), bits)), -bits) *
                sizes[v]));
        if (p.evaluate(point) < below) return point;
    }
    return std::nullopt;
}

/// One variable: the sign of p - below is constant between neighbouring roots.
std::optional<std::vector<rational>> point_between_roots(const polynomial& p,
                                                         const rational& below) {
    std::vector<rational> c = univariate_coefficients(p);
    c[0] -= below;
    std::vector<rational> points;
    for (const isolated_root& root : isolate_real_roots(c, rational(1, 4))) {
        if (points.empty())
            points.push_back(root.lower.floor() - 1);
        else
            points.back() = (points.back() + root.lower) / 2;
        points.push_back(root.upper);
    }
    if (points.empty())
        points.emplace_back(0);
    else
        points.back() = points.back().ceil() + 1;
    for (rational& x : points)
        if (p.evaluate({x}) < below) return std::vector{std::move(x)};
    return std::nullopt;
}

} // namespace

std::vector<double> natural_sizes(const polynomial& p) {
    const std::size_t variables = p.has_ring() ? p.ring().variables().size() : 0;
    std::vector<double> sizes(variables, 1.0);
    const auto terms = static_cast<Index>(p.terms());
    if (terms < 2 || variables == 0) return sizes;
    MatrixXd powers(terms, static_cast<Index>(variables) + 1);
    VectorXd logs(terms);
    for (Index k = 0; k < terms; ++k) {
        const polynomial::term t = p.term_at(static_cast<std::size_t>(k));
        powers(k, 0) = 1;
        for (std::size_t v = 0; v < variables; ++v)
            powers(k, static_cast<Index>(v) + 1) = static_cast<double>(t.exponents[v]);
        logs(k) = std::log2(std::abs(t.coefficient.nearest()));
    }
    const VectorXd slopes = powers.completeOrthogonalDecomposition().solve(logs);
    for (std::size_t v = 0; v < variables; ++v) {
        const double size = -slopes(static_cast<Index>(v) + 1);
        if (std::isfinite(size)) sizes[v] = std::exp2(std::round(std::clamp(size, -40.0, 40.0)));
    }
    return sizes;
}

std::optional<std::vector<rational>> point_below(const polynomial& p, const rational& below,
                                                 std::size_t starts, std::uint64_t seed) {
    if (p.is_constant())
        return p.constant_value() < below
                   ? std::optional(std::vector<rational>(
                         p.has_ring() ? p.ring().variables().size() : 0, rational(0)))
                   : std::nullopt;
    if (p.ring().variables().size() == 1) return point_between_roots(p, below);
    const std::vector<double> sizes = natural_sizes(p);
    const rounded_polynomial rounded(p, sizes);
    const double target = below.nearest();
    for (std::size_t k = 0; k < starts; ++k) {
        random::stream bits(seed, 0, static_cast<std::uint32_t>(k));
        VectorXd x(static_cast<Index>(sizes.size()));
        for (double& coordinate : x)
            coordinate = 4 * random::uniform01(bits) - 2;
        double damping = 1e-3;
        for (int step = 0; step < 200; ++step) {
            if (rounded.at(x).value < target)
                if (auto point = rounded_below(p, below, x, sizes)) return point;
            if (!descend(rounded, x, damping)) break;
        }
    }
    return std::nullopt;
}

} // namespace flowproof
