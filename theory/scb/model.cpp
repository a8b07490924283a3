#include "theory/scb/model.hpp"

namespace flowproof::scb {

namespace {

template <class Scalar> matrix<Scalar> filled(Index rows, Index cols, const Scalar& value) {
    return matrix<Scalar>::Constant(rows, cols, value);
}

/// 1^T A, 1 x n.
template <class Scalar> matrix<Scalar> column_sums(const matrix<Scalar>& A) {
    return product<Scalar>(filled(1, A.rows(), Scalar(1)), A);
}

/// mu 1^T, N x n.
template <class Scalar> matrix<Scalar> outer_ones(const matrix<Scalar>& mu, Index n) {
    return product<Scalar>(mu, filled(1, n, Scalar(1)));
}

/// G D: column k times mu_k.
template <class Scalar>
matrix<Scalar> column_weighted(const matrix<Scalar>& G, const matrix<Scalar>& mu) {
    matrix<Scalar> result = G;
    for (Index j = 0; j < G.cols(); ++j)
        for (Index i = 0; i < G.rows(); ++i)
            result(i, j) = G(i, j) * mu(j, 0);
    return result;
}

template <class Scalar> matrix<Scalar> transposed(const matrix<Scalar>& G) { return G.transpose(); }

template <class Scalar> matrix<Scalar> scaled(const Scalar& c, const matrix<Scalar>& G) {
    matrix<Scalar> result = G;
    for (Index i = 0; i < G.rows(); ++i)
        for (Index j = 0; j < G.cols(); ++j)
            result(i, j) = c * G(i, j);
    return result;
}

} // namespace

template <class Scalar>
Scalar inner(const matrix<Scalar>& A, const matrix<Scalar>& B, const matrix<Scalar>& mu) {
    Scalar sum(0);
    for (Index j = 0; j < A.cols(); ++j)
        for (Index i = 0; i < A.rows(); ++i)
            sum += mu(j, 0) * A(i, j) * B(i, j);
    return sum;
}

template <class Scalar> Scalar squared_norm(const matrix<Scalar>& v) {
    Scalar sum(0);
    for (Index i = 0; i < v.rows(); ++i)
        for (Index j = 0; j < v.cols(); ++j)
            sum += v(i, j) * v(i, j);
    return sum;
}

template <class Scalar> Scalar KP(const bigram<Scalar>& b) {
    return inner(b.P, b.P, b.mu) - squared_norm(b.mu);
}

template <class Scalar> Scalar KQ(const bigram<Scalar>& b) {
    return inner(b.Q, b.Q, b.mu) - rational(1, b.T());
}

template <class Scalar> matrix<Scalar> centred_V(const bigram<Scalar>& b, const matrix<Scalar>& V) {
    return V - outer_ones(b.mu, b.N());
}

template <class Scalar> matrix<Scalar> centred_A(const bigram<Scalar>& b, const matrix<Scalar>& A) {
    return A - filled(b.T(), b.N(), Scalar(rational(1, b.T())));
}

template <class Scalar>
loss_parts<Scalar> parts(const bigram<Scalar>& b, const matrix<Scalar>& V,
                         const matrix<Scalar>& A) {
    const matrix<Scalar> Vmu = product(V, b.mu);
    const matrix<Scalar> c = column_sums(A);
    const Scalar m = product<Scalar>(transposed(b.mu), Vmu)(0, 0);
    const Scalar v2 = squared_norm(Vmu);
    return {inner(b.P, V, b.mu) - m,
            inner(V, V, b.mu) - v2,
            m,
            v2,
            inner(b.Q, A, b.mu),
            inner(A, A, b.mu),
            product(c, b.mu)(0, 0),
            inner(c, c, b.mu)};
}

template <class Scalar> Scalar bayes_loss(const bigram<Scalar>& b) {
    return (1 - squared_norm(b.mu) - KP(b) * inner(b.Q, b.Q, b.mu)) * rational(1, 2);
}

template <class Scalar> Scalar initial_loss(const bigram<Scalar>& b) {
    return (1 - squared_norm(b.mu)) * rational(1, 2);
}

template <class Scalar>
Scalar excess_loss(const bigram<Scalar>& b, const matrix<Scalar>& V, const matrix<Scalar>& A) {
    const loss_parts<Scalar> p = parts(b, V, A);
    return (KP(b) * inner(b.Q, b.Q, b.mu) - 2 * p.C * p.g_A + p.W * p.n_A) * rational(1, 2);
}

template <class Scalar>
matrix<Scalar> gradient_V(const bigram<Scalar>& b, const matrix<Scalar>& V,
                          const matrix<Scalar>& A) {
    const loss_parts<Scalar> p = parts(b, V, A);
    const matrix<Scalar> mu_mu = product<Scalar>(b.mu, transposed(b.mu));
    matrix<Scalar> covariance = -mu_mu; // D - mu mu^T
    for (Index j = 0; j < b.N(); ++j)
        covariance(j, j) += b.mu(j, 0);
    const matrix<Scalar> fluctuating = scaled(p.n_A, V) - scaled(p.g_A, b.P);
    const matrix<Scalar> mean = scaled(p.s2, V) - scaled(p.s1, b.P);
    return product(fluctuating, covariance) + product(mean, mu_mu);
}

template <class Scalar>
matrix<Scalar> gradient_A(const bigram<Scalar>& b, const matrix<Scalar>& V,
                          const matrix<Scalar>& A) {
    const loss_parts<Scalar> p = parts(b, V, A);
    const matrix<Scalar> c = column_sums(A);
    matrix<Scalar> bracket = scaled(p.W, A) - scaled(p.C, b.Q);
    for (Index k = 0; k < b.N(); ++k)
        for (Index t = 0; t < b.T(); ++t)
            bracket(t, k) += p.v2 * c(0, k) - p.m;
    return column_weighted(bracket, b.mu);
}

template <class Scalar>
matrix<Scalar> preconditioned(const bigram<Scalar>& b, const matrix<Scalar>& G) {
    matrix<Scalar> result = G;
    for (Index j = 0; j < G.cols(); ++j)
        for (Index i = 0; i < G.rows(); ++i)
            result(i, j) = G(i, j) / b.mu(j, 0);
    return result;
}

template <class Scalar> matrix<Scalar> weighted(const bigram<Scalar>& b, const matrix<Scalar>& G) {
    return column_weighted(G, b.mu);
}

template <class Scalar> matrix<Scalar> project_V(const bigram<Scalar>& b, const matrix<Scalar>& G) {
    const matrix<Scalar> right = G - outer_ones<Scalar>(product(G, b.mu), b.N());
    return project_A(right);
}

template <class Scalar> matrix<Scalar> project_A(const matrix<Scalar>& G) {
    const matrix<Scalar> c = column_sums(G);
    matrix<Scalar> result = G;
    for (Index j = 0; j < G.cols(); ++j)
        for (Index i = 0; i < G.rows(); ++i)
            result(i, j) = G(i, j) - c(0, j) * rational(1, G.rows());
    return result;
}

template <class Scalar>
matrix<Scalar> projected_gradient_V(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                    const matrix<Scalar>& A) {
    return scaled(inner(A, A, b.mu), centred_V(b, V)) -
           scaled(inner(b.Q, A, b.mu), centred_V(b, b.P));
}

template <class Scalar>
matrix<Scalar> projected_gradient_A(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                    const matrix<Scalar>& A) {
    const loss_parts<Scalar> p = parts(b, V, A);
    return scaled(p.W, centred_A(b, A)) - scaled(p.C, centred_A(b, b.Q));
}

template <class Scalar> sizes<Scalar> sizes_of(const bigram<Scalar>& b) {
    return {KP(b), KQ(b), Scalar(b.T())};
}

template <class Scalar>
reduced<Scalar> coordinates(const bigram<Scalar>& b, const matrix<Scalar>& V,
                            const matrix<Scalar>& A) {
    const Scalar kp = KP(b), kq = KQ(b);
    const matrix<Scalar> barV = centred_V(b, V), barA = centred_A(b, A);
    const Scalar alphaV = inner(barV, centred_V(b, b.P), b.mu) / kp;
    const Scalar alphaA = inner(barA, centred_A(b, b.Q), b.mu) / kq;
    return {alphaV, alphaA, inner(barV, barV, b.mu) - kp * alphaV * alphaV,
            inner(barA, barA, b.mu) - kq * alphaA * alphaA};
}

template <class Scalar> matrix<Scalar> V_on_C(const bigram<Scalar>& b, const matrix<Scalar>& free) {
    const Index last = b.N() - 1;
    matrix<Scalar> bar = filled(b.N(), b.N(), Scalar(0));
    for (Index i = 0; i < last; ++i) {
        Scalar weighted(0);
        for (Index j = 0; j < last; ++j) {
            bar(i, j) = free(i, j);
            weighted += b.mu(j, 0) * free(i, j);
        }
        bar(i, last) = -(weighted / b.mu(last, 0));
    }
    for (Index j = 0; j <= last; ++j)
        for (Index i = 0; i < last; ++i)
            bar(last, j) = bar(last, j) - bar(i, j);
    return bar + outer_ones(b.mu, b.N());
}

template <class Scalar> matrix<Scalar> A_on_C(const matrix<Scalar>& free) {
    matrix<Scalar> A = filled(free.rows() + 1, free.cols(), Scalar(0));
    for (Index k = 0; k < free.cols(); ++k) {
        Scalar rest(1);
        for (Index t = 0; t < free.rows(); ++t) {
            A(t, k) = free(t, k);
            rest = rest - free(t, k);
        }
        A(free.rows(), k) = rest;
    }
    return A;
}

template <class Scalar> Scalar sigma_G(const bigram<Scalar>& b) {
    const Scalar row_weight = // mu^T P 1
        product<Scalar>(transposed(b.mu), product<Scalar>(b.P, filled(b.N(), 1, Scalar(1))))(0, 0);
    const Scalar norm = squared_norm(b.mu);
    return (1 - norm) * rational(b.N() - 1, b.T()) -
           (row_weight - b.N() * norm) * rational(2, b.T() * b.T());
}

template <class Scalar> signal_constants<Scalar> signal(const bigram<Scalar>& b) {
    const matrix<Scalar> bar = centred_V(b, b.P);
    const matrix<Scalar> shift = product<Scalar>(transposed(b.mu), bar); // 1 x N
    signal_constants<Scalar> result{Scalar(0), Scalar(0)};
    for (Index o = 0; o < b.N(); ++o)
        for (Index j = 0; j < b.N(); ++j) {
            const Scalar H = bar(o, j) - shift(0, j);
            result.h0 += b.mu(o, 0) * b.mu(j, 0) * H * H;
            result.h1 += b.P(o, j) * b.mu(j, 0) * H * H;
        }
    return result;
}

template <class Scalar> Scalar signal_second_moment(const bigram<Scalar>& b) {
    const auto [h0, h1] = signal(b);
    return ((b.T() - 1) * h0 + h1) * rational(1, b.T() * b.T());
}

template <class Scalar>
matrix<Scalar> value_covariance(const bigram<Scalar>& b, const matrix<Scalar>& V) {
    const matrix<Scalar> bar = centred_V(b, V);
    return product<Scalar>(column_weighted(bar, b.mu), transposed(bar));
}

template <class Scalar>
matrix<Scalar> residual_covariance(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                   const matrix<Scalar>& A, Index k) {
    const matrix<Scalar> cross =
        product<Scalar>(column_weighted(centred_V(b, V), b.mu), transposed(centred_V(b, b.P)));
    Scalar aa(0), aq(0);
    for (Index t = 0; t < b.T(); ++t) {
        aa += A(t, k) * A(t, k);
        aq += A(t, k) * b.Q(t, k);
    }
    matrix<Scalar> result = scaled(aa, value_covariance(b, V)) -
                            scaled<Scalar>(aq, cross + transposed(cross)) -
                            product<Scalar>(b.mu, transposed(b.mu));
    for (Index i = 0; i < b.N(); ++i)
        result(i, i) += b.mu(i, 0);
    return result;
}

template <class Scalar>
Scalar off_support_noise(const bigram<Scalar>& b, const matrix<Scalar>& V, const matrix<Scalar>& A,
                         Index k) {
    const matrix<Scalar> both = product(value_covariance(b, V), residual_covariance(b, V, A, k));
    Scalar trace(0);
    for (Index i = 0; i < b.N(); ++i)
        trace += both(i, i);
    return trace;
}

template <class Scalar>
Scalar column_sum_curvature(const bigram<Scalar>& b, const matrix<Scalar>& V, Index k) {
    const Scalar v2 = squared_norm<Scalar>(product(V, b.mu));
    return b.mu(k, 0) * (inner(V, V, b.mu) - v2 + b.T() * v2);
}

template <class Scalar>
matrix<Scalar> recentred_V(const bigram<Scalar>& b, const matrix<Scalar>& V) {
    return outer_ones(b.mu, b.N()) + V - outer_ones<Scalar>(product(V, b.mu), b.N());
}

#define FLOWPROOF_SCB_MODEL(S)                                                                     \
    template S inner(const matrix<S>&, const matrix<S>&, const matrix<S>&);                        \
    template S squared_norm(const matrix<S>&);                                                     \
    template S KP(const bigram<S>&);                                                               \
    template S KQ(const bigram<S>&);                                                               \
    template matrix<S> centred_V(const bigram<S>&, const matrix<S>&);                              \
    template matrix<S> centred_A(const bigram<S>&, const matrix<S>&);                              \
    template loss_parts<S> parts(const bigram<S>&, const matrix<S>&, const matrix<S>&);            \
    template S bayes_loss(const bigram<S>&);                                                       \
    template S initial_loss(const bigram<S>&);                                                     \
    template S excess_loss(const bigram<S>&, const matrix<S>&, const matrix<S>&);                  \
    template matrix<S> gradient_V(const bigram<S>&, const matrix<S>&, const matrix<S>&);           \
    template matrix<S> gradient_A(const bigram<S>&, const matrix<S>&, const matrix<S>&);           \
    template matrix<S> preconditioned(const bigram<S>&, const matrix<S>&);                         \
    template matrix<S> weighted(const bigram<S>&, const matrix<S>&);                               \
    template sizes<S> sizes_of(const bigram<S>&);                                                  \
    template reduced<S> coordinates(const bigram<S>&, const matrix<S>&, const matrix<S>&);         \
    template matrix<S> project_V(const bigram<S>&, const matrix<S>&);                              \
    template matrix<S> project_A(const matrix<S>&);                                                \
    template matrix<S> projected_gradient_V(const bigram<S>&, const matrix<S>&, const matrix<S>&); \
    template matrix<S> projected_gradient_A(const bigram<S>&, const matrix<S>&, const matrix<S>&); \
    template matrix<S> V_on_C(const bigram<S>&, const matrix<S>&);                                 \
    template matrix<S> A_on_C(const matrix<S>&);                                                   \
    template S sigma_G(const bigram<S>&);                                                          \
    template signal_constants<S> signal(const bigram<S>&);                                         \
    template S signal_second_moment(const bigram<S>&);                                             \
    template matrix<S> value_covariance(const bigram<S>&, const matrix<S>&);                       \
    template matrix<S> residual_covariance(const bigram<S>&, const matrix<S>&, const matrix<S>&,   \
                                           Index);                                                 \
    template S off_support_noise(const bigram<S>&, const matrix<S>&, const matrix<S>&, Index);     \
    template S column_sum_curvature(const bigram<S>&, const matrix<S>&, Index);                    \
    template matrix<S> recentred_V(const bigram<S>&, const matrix<S>&);

FLOWPROOF_SCB_MODEL(rational)
FLOWPROOF_SCB_MODEL(expr)

} // namespace flowproof::scb
