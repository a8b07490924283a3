#include "numerics/linalg/matrix.hpp"

#include "numerics/scalar/flint.hpp"

namespace flowproof {

namespace {

/// A FLINT matrix that holds a copy of ours.
class flint_matrix {
public:
    explicit flint_matrix(const matrix<rational>& a) : flint_matrix(a.rows(), a.cols()) {
        for (Eigen::Index i = 0; i < a.rows(); ++i)
            for (Eigen::Index j = 0; j < a.cols(); ++j)
                fmpq_set(fmpq_mat_entry(raw, i, j), static_cast<const fmpq*>(a(i, j).raw()));
    }
    flint_matrix(Eigen::Index rows, Eigen::Index cols) { fmpq_mat_init(raw, rows, cols); }
    ~flint_matrix() { fmpq_mat_clear(raw); }
    flint_matrix(const flint_matrix&) = delete;
    flint_matrix& operator=(const flint_matrix&) = delete;

    matrix<rational> copy() const {
        matrix<rational> a(fmpq_mat_nrows(raw), fmpq_mat_ncols(raw));
        for (Eigen::Index i = 0; i < a.rows(); ++i)
            for (Eigen::Index j = 0; j < a.cols(); ++j)
                fmpq_set(static_cast<fmpq*>(a(i, j).raw()), fmpq_mat_entry(raw, i, j));
        return a;
    }

    fmpq_mat_t raw;
};

std::string shape(const matrix<rational>& a) {
    return std::to_string(a.rows()) + " x " + std::to_string(a.cols());
}

[[noreturn]] void singular(const char* who, const matrix<rational>& a) {
    throw std::domain_error(std::string(who) + ": the " + shape(a) + " matrix is singular");
}

} // namespace

matrix<rational> inverse(const matrix<rational>& a) {
    if (a.rows() != a.cols())
        throw std::invalid_argument("inverse: need a square matrix, got " + shape(a));
    const flint_matrix in(a);
    flint_matrix out(a.rows(), a.cols());
    if (fmpq_mat_inv(out.raw, in.raw) == 0) singular("inverse", a);
    return out.copy();
}

matrix<rational> solve(const matrix<rational>& a, const matrix<rational>& b) {
    if (a.rows() != a.cols() || a.rows() != b.rows())
        throw std::invalid_argument("solve: need n x n and n x k, got " + shape(a) + " and " +
                                    shape(b));
    const flint_matrix left(a), right(b);
    flint_matrix x(b.rows(), b.cols());
    if (fmpq_mat_solve(x.raw, left.raw, right.raw) == 0) singular("solve", a);
    return x.copy();
}

} // namespace flowproof
