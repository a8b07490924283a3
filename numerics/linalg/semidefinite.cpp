#include "numerics/linalg/semidefinite.hpp"

#include <Eigen/Cholesky>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "numerics/linalg/symmetric.hpp"

namespace flowproof {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double sharpest = 1e10;   ///< largest T, for right sides of size 1
constexpr double growth = 5;        ///< of T
constexpr double centred = 0.05;    ///< Newton decrement that counts as the centre
constexpr double certain = 1e-11;   ///< rounding of `reach`, for right sides of size 1
constexpr double deep_enough = 0.2; ///< margin / reach

double smallest_eigenvalue(const MatrixXd& a) { return approximate_eigenvalues(a)(0); }

/// The central path and a point near it.
class path {
public:
    path(const affine_matrices& space, VectorXd start)
        : space_(space), rows_(static_cast<Index>(space.rows.size())), y_(std::move(start)) {
        if (rows_ != space.right.size() || rows_ != y_.size() || space.size < 1 || rows_ < 1)
            throw std::invalid_argument(
                "deepest_point: rows, right sides and start differ in size");
        trace_ = VectorXd::Zero(rows_);
        for (Index k = 0; k < rows_; ++k)
            for (const auto& e : row(k))
                if (e.i == e.j) trace_(k) += e.c;
        y_ /= trace_.dot(y_);
        if (!try_point(y_))
            throw std::invalid_argument("deepest_point: the start is not positive definite");
    }

    const VectorXd& y() const { return y_; }
    const MatrixXd& moment() const { return m_; }
    double reach() const { return space_.right.dot(y_); }

    /// Newton steps at this T until the centre; false where rounding ends the path.
    bool centre(double t, const std::atomic<bool>* stop) {
        double before = std::numeric_limits<double>::infinity();
        for (int step = 0; step < 60; ++step) {
            if (stop != nullptr && stop->load(std::memory_order_relaxed)) return false;
            newton(t);
            if (!std::isfinite(decrement_)) return false;
            if (decrement_ < centred) return true;
            // Full steps converge quadratically, unless rounding is all that is left.
            const bool full = decrement_ < 0.25;
            if (full && before < 0.25 && decrement_ > 0.5 * before) return false;
            before = decrement_;
            double length = full ? 1 : 1 / (1 + decrement_);
            while (!try_point(y_ + length * direction_)) {
                length /= 2;
                if (length < 1e-6) return false;
            }
        }
        return false;
    }

    /// The matrix of the space that belongs to the last Newton step.
    MatrixXd primal(double t) const {
        const MatrixXd g =
            (w_ - w_ * sum(direction_) * w_ - nu_ * MatrixXd::Identity(space_.size, space_.size)) /
            t;
        return (g + g.transpose()) / 2;
    }

private:
    const std::vector<affine_matrices::entry>& row(Index k) const {
        return space_.rows[static_cast<std::size_t>(k)];
    }
    MatrixXd sum(const VectorXd& y) const {
        MatrixXd m = MatrixXd::Zero(space_.size, space_.size);
        for (Index k = 0; k < rows_; ++k)
            for (const auto& e : row(k)) {
                const double half = e.c * y(k) / 2;
                m(e.i, e.j) += half;
                m(e.j, e.i) += half;
            }
        return m;
    }
    bool try_point(const VectorXd& y) {
        MatrixXd m = sum(y);
        const Eigen::LLT<MatrixXd> factor(m);
        if (factor.info() != Eigen::Success || !m.allFinite()) return false;
        y_ = y;
        m_ = std::move(m);
        w_ = factor.solve(MatrixXd::Identity(space_.size, space_.size));
        w_ = ((w_ + w_.transpose()) / 2).eval();
        return true;
    }
    /// <A_k, x> for a symmetric x.
    double pairing(Index k, const MatrixXd& x) const {
        double total = 0;
        for (const auto& e : row(k))
            total += e.c * x(e.i, e.j);
        return total;
    }
    void newton(double t) {
        MatrixXd hessian(rows_, rows_);
        VectorXd gradient(rows_);
        MatrixXd image(space_.size, space_.size);
        for (Index k = 0; k < rows_; ++k) {
            image.setZero();
            for (const auto& e : row(k)) { // W A_k W
                image.noalias() += (e.c / 2) * w_.col(e.i) * w_.col(e.j).transpose();
                image.noalias() += (e.c / 2) * w_.col(e.j) * w_.col(e.i).transpose();
            }
            for (Index l = 0; l <= k; ++l)
                hessian(k, l) = hessian(l, k) = pairing(l, image);
            gradient(k) = t * space_.right(k) - pairing(k, w_);
        }
        const Eigen::LDLT<MatrixXd> factor(hessian);
        const VectorXd to_gradient = factor.solve(gradient), to_trace = factor.solve(trace_);
        nu_ = -trace_.dot(to_gradient) / trace_.dot(to_trace);
        direction_ = -(to_gradient + nu_ * to_trace);
        decrement_ = std::sqrt(std::max(0.0, direction_.dot(hessian * direction_)));
    }

    const affine_matrices& space_;
    Index rows_;
    VectorXd trace_, y_, direction_;
    MatrixXd m_, w_;
    double nu_ = 0, decrement_ = 0;
};

} // namespace

semidefinite_point deepest_point(const affine_matrices& space, Eigen::VectorXd start,
                                 const std::atomic<bool>* stop) {
    path p(space, std::move(start));
    using answer = semidefinite_point::answer;
    const double size = std::max(space.right.cwiseAbs().maxCoeff(), 1e-300);
    semidefinite_point found{answer::boundary, {}, 0, 0, {}, {}};
    for (double t = 1; t <= sharpest; t *= growth) {
        const bool exact = p.centre(t / size, stop);
        MatrixXd g = p.primal(t / size);
        found.reach = p.reach();
        found.functional = p.y();
        found.separator = p.moment();
        if (found.reach < -certain * size) {
            found.is = answer::outside;
            break;
        }
        if (!g.allFinite()) break;
        found.margin = smallest_eigenvalue(g);
        found.matrix = std::move(g);
        const bool inside = found.margin > certain * size;
        if (inside) found.is = answer::interior;
        if (!exact || (inside && found.margin > deep_enough * found.reach)) break;
    }
    return found;
}

} // namespace flowproof
