#include "numerics/linalg/symmetric.hpp"

#include <Eigen/Eigenvalues>

namespace flowproof {

namespace {
using solver = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;
}

symmetric_eigenpairs approximate_eigenpairs(const Eigen::MatrixXd& a) {
    const solver s(a);
    return {s.eigenvalues(), s.eigenvectors(), s.info() == Eigen::Success};
}

Eigen::VectorXd approximate_eigenvalues(const Eigen::MatrixXd& a) {
    return solver(a, Eigen::EigenvaluesOnly).eigenvalues();
}

} // namespace flowproof
