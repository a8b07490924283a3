#include "numerics/linalg/eigenvalues.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "numerics/linalg/symmetric.hpp"
#include "numerics/scalar/flint.hpp"

namespace flowproof {

namespace {

void check_square(const char* who, const matrix<ball>& a) {
    if (a.rows() != a.cols())
        throw std::invalid_argument(std::string(who) + ": need a square matrix, got " +
                                    std::to_string(a.rows()) + " x " + std::to_string(a.cols()));
}

void check_symmetric(const char* who, const matrix<ball>& a) {
    check_square(who, a);
    for (Eigen::Index i = 0; i < a.rows(); ++i)
        for (Eigen::Index j = 0; j < i; ++j)
            if (!a(i, j).overlaps(a(j, i)))
                throw std::invalid_argument(std::string(who) + ": need a symmetric matrix, got " +
                                            a(i, j).str(15) + " and " + a(j, i).str(15) + " at [" +
                                            std::to_string(i + 1) + "," + std::to_string(j + 1) +
                                            "] and its mirror");
}

bool is_finite(const matrix<ball>& a) {
    for (Eigen::Index i = 0; i < a.rows(); ++i)
        for (Eigen::Index j = 0; j < a.cols(); ++j)
            if (!a(i, j).is_finite()) return false;
    return true;
}

struct complex_matrix {
    explicit complex_matrix(slong n) { acb_mat_init(raw, n, n); }
    ~complex_matrix() { acb_mat_clear(raw); }
    complex_matrix(const complex_matrix&) = delete;
    complex_matrix& operator=(const complex_matrix&) = delete;
    acb_mat_t raw;
};

struct complex_vector {
    explicit complex_vector(slong n) : raw(_acb_vec_init(n)), size(n) {}
    ~complex_vector() { _acb_vec_clear(raw, size); }
    complex_vector(const complex_vector&) = delete;
    complex_vector& operator=(const complex_vector&) = delete;
    acb_ptr raw;
    slong size;
};

/// Square-free factors of the characteristic polynomial, with integer coefficients.
class characteristic_factors {
public:
    explicit characteristic_factors(const matrix<rational>& a) {
        fmpq_mat_t copy;
        fmpq_mat_init(copy, a.rows(), a.cols());
        for (Eigen::Index i = 0; i < a.rows(); ++i)
            for (Eigen::Index j = 0; j < a.cols(); ++j)
                fmpq_set(fmpq_mat_entry(copy, i, j), static_cast<const fmpq*>(a(i, j).raw()));
        fmpq_poly_t p;
        fmpq_poly_init(p);
        fmpq_mat_charpoly(p, copy);
        fmpz_poly_t integral;
        fmpz_poly_init(integral);
        fmpq_poly_get_numerator(integral, p);
        fmpz_poly_factor_init(raw);
        fmpz_poly_factor_squarefree(raw, integral);
        fmpz_poly_clear(integral);
        fmpq_poly_clear(p);
        fmpq_mat_clear(copy);
    }
    ~characteristic_factors() { fmpz_poly_factor_clear(raw); }
    characteristic_factors(const characteristic_factors&) = delete;
    characteristic_factors& operator=(const characteristic_factors&) = delete;
    fmpz_poly_factor_t raw;
};

ball taken(const arb_t x, std::int64_t bits) {
    ball result = ball(0).with_bits(bits);
    arb_set(static_cast<arb_ptr>(result.raw()), x);
    return result;
}

/// Does the enclosure's mirror image meet no enclosure but itself? Then the one eigenvalue in it
/// is its own conjugate.
bool is_real(acb_srcptr all, slong n, slong k) {
    acb_t mirrored;
    acb_init(mirrored);
    acb_conj(mirrored, all + k);
    bool alone = acb_overlaps(mirrored, all + k) != 0;
    for (slong i = 0; i < n; ++i)
        alone = alone && (i == k || acb_overlaps(mirrored, all + i) == 0);
    acb_clear(mirrored);
    return alone;
}

} // namespace

std::optional<std::vector<complex_ball>> eigenvalues(const matrix<ball>& a, std::int64_t bits) {
    check_square("eigenvalues", a);
    const slong n = a.rows(), precision = bits;
    if (!is_finite(a)) return std::nullopt;
    if (n == 0) return std::vector<complex_ball>{};
    complex_matrix input(n), vectors(n);
    for (slong i = 0; i < n; ++i)
        for (slong j = 0; j < n; ++j)
            arb_set(acb_realref(acb_mat_entry(input.raw, i, j)),
                    static_cast<arb_srcptr>(a(i, j).raw()));
    complex_vector values(n), approximate(n);
    // Its return value says only whether the iteration converged; the enclosure checks all.
    acb_mat_approx_eig_qr(approximate.raw, nullptr, vectors.raw, input.raw, nullptr, 0, precision);
    if (acb_mat_eig_multiple(values.raw, input.raw, approximate.raw, vectors.raw, precision) == 0)
        return std::nullopt;
    std::vector<complex_ball> result;
    for (slong k = 0; k < n; ++k) {
        complex_ball value{taken(acb_realref(values.raw + k), bits),
                           taken(acb_imagref(values.raw + k), bits)};
        if (!value.re.is_finite() || !value.im.is_finite()) return std::nullopt;
        if (is_real(values.raw, n, k)) value.im = ball(0).with_bits(bits);
        result.push_back(std::move(value));
    }
    return result;
}

std::vector<complex_ball> eigenvalues(const matrix<rational>& a, std::int64_t bits) {
    if (a.rows() != a.cols())
        throw std::invalid_argument("eigenvalues: need a square matrix, got " +
                                    std::to_string(a.rows()) + " x " + std::to_string(a.cols()));
    std::vector<complex_ball> result;
    const characteristic_factors factors(a);
    for (slong k = 0; k < factors.raw->num; ++k) {
        const fmpz_poly_struct* factor = factors.raw->p + k;
        complex_vector roots(fmpz_poly_degree(factor));
        arb_fmpz_poly_complex_roots(roots.raw, factor, 0, bits); // square-free: all isolated
        for (slong i = 0; i < roots.size; ++i)
            for (slong repeated = 0; repeated < factors.raw->exp[k]; ++repeated)
                result.push_back({taken(acb_realref(roots.raw + i), bits),
                                  taken(acb_imagref(roots.raw + i), bits)});
    }
    return result;
}

namespace {

matrix<double> centre_of(const matrix<ball>& a) {
    matrix<double> centre(a.rows(), a.cols());
    for (Eigen::Index i = 0; i < a.rows(); ++i)
        for (Eigen::Index j = 0; j < a.cols(); ++j)
            centre(i, j) = a(std::max(i, j), std::min(i, j)).midpoint().nearest();
    return centre;
}

matrix<ball> exactly(const matrix<double>& a, std::int64_t bits) {
    matrix<ball> b(a.rows(), a.cols());
    for (Eigen::Index i = 0; i < a.rows(); ++i)
        for (Eigen::Index j = 0; j < a.cols(); ++j)
            b(i, j) = ball(rational::exactly(a(i, j)), std::max<std::int64_t>(bits, 64));
    return b;
}

/// Sum of absolute values in a row, beside the diagonal; the largest one bounds the norm of that
/// part of a symmetric matrix.
ball beside_diagonal(const matrix<ball>& a, Eigen::Index i) {
    ball rest(0);
    for (Eigen::Index j = 0; j < a.cols(); ++j)
        if (j != i) rest += abs(a(i, j));
    return rest;
}

std::optional<std::vector<ball>> by_near_diagonal(const matrix<ball>& a, std::int64_t bits) {
    const matrix<double> centre = centre_of(a);
    if (!centre.allFinite()) return std::nullopt;
    const symmetric_eigenpairs pairs = approximate_eigenpairs(centre);
    if (!pairs.converged || !pairs.vectors.allFinite()) return std::nullopt;
    const matrix<ball> q = exactly(pairs.vectors, bits);
    const matrix<ball> near_diagonal = q.transpose() * matrix<ball>(a * q);
    const matrix<ball> near_identity = q.transpose() * q;
    rational rest(0), skew(0);
    std::vector<rational> lower, upper;
    for (Eigen::Index i = 0; i < a.rows(); ++i) {
        rest = std::max(rest, beside_diagonal(near_diagonal, i).upper());
        skew = std::max(skew,
                        (abs(near_identity(i, i) - 1) + beside_diagonal(near_identity, i)).upper());
        lower.push_back(near_diagonal(i, i).lower());
        upper.push_back(near_diagonal(i, i).upper());
    }
    if (skew >= rational(1)) return std::nullopt;
    std::sort(lower.begin(), lower.end());
    std::sort(upper.begin(), upper.end());
    std::vector<ball> result;
    for (std::size_t k = 0; k < lower.size(); ++k) {
        const rational from = lower[k] - rest, to = upper[k] + rest;
        result.push_back(ball::hull(from / (from.sign() < 0 ? 1 - skew : 1 + skew),
                                    to / (to.sign() < 0 ? 1 + skew : 1 - skew), bits));
    }
    return result;
}

} // namespace

std::optional<std::vector<ball>> symmetric_eigenvalues(const matrix<ball>& a, std::int64_t bits) {
    check_symmetric("symmetric_eigenvalues", a);
    if (!is_finite(a)) return std::nullopt;
    const auto all = eigenvalues(a, bits);
    if (!all) return by_near_diagonal(a, bits);
    // Disjoint or identical: the order of the centres is that of the eigenvalues.
    std::vector<ball> result;
    for (const complex_ball& value : *all)
        result.push_back(value.re);
    std::sort(result.begin(), result.end(),
              [](const ball& x, const ball& y) { return x.midpoint() < y.midpoint(); });
    return result;
}

namespace {

struct range {
    rational lower, upper;
};
/// Of |x|.
range size_of(const ball& x) {
    const rational lower = x.lower(), upper = x.upper();
    return {std::max({rational(0), lower, -upper}), std::max(abs(lower), abs(upper))};
}

ball length(const rational& re, const rational& im, std::int64_t bits) {
    return im.is_zero() ? ball(re, bits) : sqrt(ball(re * re + im * im, bits));
}

} // namespace

std::optional<ball> spectral_radius(const matrix<ball>& a, std::int64_t bits) {
    check_square("spectral_radius", a);
    if (a.rows() == 0) throw std::invalid_argument("spectral_radius: the matrix is empty");
    const auto all = eigenvalues(a, bits);
    if (!all) return std::nullopt;
    // Each enclosure holds an eigenvalue: the largest lower bound is one of the maximum.
    rational lower(0), upper(0);
    for (const complex_ball& value : *all) {
        const range re = size_of(value.re), im = size_of(value.im);
        lower = std::max(lower, length(re.lower, im.lower, bits).lower());
        upper = std::max(upper, length(re.upper, im.upper, bits).upper());
    }
    return ball::hull(lower, upper, bits);
}

namespace {

/// Approximate eigenvectors of the centre, each scaled to |q^T A q| = 1.
std::optional<matrix<double>> signed_frame(const matrix<ball>& a) {
    const matrix<double> centre = centre_of(a);
    if (!centre.allFinite()) return std::nullopt;
    const symmetric_eigenpairs pairs = approximate_eigenpairs(centre);
    if (!pairs.converged) return std::nullopt;
    matrix<double> frame = pairs.vectors;
    for (Eigen::Index k = 0; k < frame.cols(); ++k)
        frame.col(k) /= std::sqrt(std::abs(pairs.values(k)));
    if (!frame.allFinite()) return std::nullopt;
    return frame;
}

std::optional<inertia> inertia_by_congruence(const matrix<ball>& a, std::int64_t bits) {
    const auto frame = signed_frame(a);
    if (!frame) return std::nullopt;
    const matrix<ball> q = exactly(*frame, bits);
    const matrix<ball> near_diagonal = q.transpose() * matrix<ball>(a * q);
    inertia result{0, 0};
    for (Eigen::Index i = 0; i < a.rows(); ++i) {
        const ball rest = beside_diagonal(near_diagonal, i);
        if (certainly(less(rest, near_diagonal(i, i))))
            ++result.positive;
        else if (certainly(less(near_diagonal(i, i), -rest)))
            ++result.negative;
        else
            return std::nullopt;
    }
    return result;
}

} // namespace

std::optional<inertia> inertia_of(const matrix<ball>& a, std::int64_t bits) {
    check_symmetric("inertia_of", a);
    if (!is_finite(a)) return std::nullopt;
    if (const auto found = inertia_by_congruence(a, bits)) return found;
    const auto values = symmetric_eigenvalues(a, bits);
    if (!values) return std::nullopt;
    inertia result{0, 0};
    for (const ball& x : *values) {
        if (certainly(less(ball(0), x)))
            ++result.positive;
        else if (certainly(less(x, ball(0))))
            ++result.negative;
        else
            return std::nullopt;
    }
    return result;
}

} // namespace flowproof
