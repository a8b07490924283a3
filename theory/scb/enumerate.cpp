#include "theory/scb/enumerate.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

namespace flowproof::scb {

namespace {

bool vanishes(const rational& q) { return q.is_zero(); }
bool vanishes(const expr& x) { return x.is_constant() && x.constant_value().is_zero(); }

template <class Scalar> matrix<Scalar> zeros(Index rows, Index cols) {
    return matrix<Scalar>::Constant(rows, cols, Scalar(0));
}

/// visit(x, probability) for every sequence x of T tokens, last position fastest.
template <class Scalar, class Visit>
void for_each_sequence(const bigram<Scalar>& b, const Visit& visit) {
    const double count = std::pow(static_cast<double>(b.N()), static_cast<double>(b.T() + 2)) *
                         static_cast<double>(b.T());
    if (!(count <= 1e6))
        throw std::invalid_argument(
            "scb: enumeration of N^(T+2) T outcomes is limited to 10^6; N = " +
            std::to_string(b.N()) + " and T = " + std::to_string(b.T()) + " need more");
    std::vector<Index> x(static_cast<std::size_t>(b.T()), 0);
    const auto next = [&] {
        for (std::size_t t = x.size(); t-- > 0;) {
            if (++x[t] < b.N()) return true;
            x[t] = 0;
        }
        return false;
    };
    do {
        Scalar weight(1);
        for (const Index token : x)
            weight = weight * b.mu(token, 0);
        visit(x, weight);
    } while (next());
}

/// visit(outcome) for every outcome that is not excluded by a constant probability 0.
template <class Scalar, class Visit>
void for_each_outcome(const bigram<Scalar>& b, const Visit& visit) {
    for_each_sequence(b, [&](const std::vector<Index>& x, const Scalar& weight) {
        outcome_of<Scalar> w{x, 0, 0, 0, Scalar(0)};
        for (w.k = 0; w.k < b.N(); ++w.k)
            for (w.s = 0; w.s < b.T(); ++w.s) {
                const Scalar& attends = b.Q(w.s, w.k);
                if (vanishes(attends)) continue;
                for (w.o = 0; w.o < b.N(); ++w.o) {
                    const Scalar& emits = b.P(w.o, x[static_cast<std::size_t>(w.s)]);
                    if (vanishes(emits)) continue;
                    w.weight = weight * b.mu(w.k, 0) * attends * emits;
                    visit(w);
                }
            }
    });
}

/// X a_k, N x 1.
template <class Scalar>
matrix<Scalar> attended(Index N, const std::vector<Index>& x, const matrix<Scalar>& A, Index k) {
    matrix<Scalar> h = zeros<Scalar>(N, 1);
    for (std::size_t t = 0; t < x.size(); ++t)
        h(x[t], 0) += A(static_cast<Index>(t), k);
    return h;
}

template <class Scalar>
matrix<Scalar> residual(const bigram<Scalar>& b, const matrix<Scalar>& V, const matrix<Scalar>& A,
                        const outcome_of<Scalar>& w) {
    matrix<Scalar> r = product<Scalar>(V, attended(b.N(), w.x, A, w.k));
    r(w.o, 0) = r(w.o, 0) - 1;
    return r;
}

/// X^T V^T r, T x 1.
template <class Scalar>
matrix<Scalar> pulled_back(const matrix<Scalar>& V, const matrix<Scalar>& r,
                           const std::vector<Index>& x) {
    matrix<Scalar> g = zeros<Scalar>(static_cast<Index>(x.size()), 1);
    for (std::size_t t = 0; t < x.size(); ++t)
        for (Index i = 0; i < r.rows(); ++i)
            g(static_cast<Index>(t), 0) += V(i, x[t]) * r(i, 0);
    return g;
}

template <class Scalar> matrix<Scalar> side_by_side(const std::vector<matrix<Scalar>>& columns) {
    matrix<Scalar> result(columns.front().rows(), static_cast<Index>(columns.size()));
    for (std::size_t j = 0; j < columns.size(); ++j)
        result.col(static_cast<Index>(j)) = columns[j];
    return result;
}

} // namespace

template <class Scalar>
matrix<Scalar> enumerated_XBX(const bigram<Scalar>& b, const matrix<Scalar>& B) {
    matrix<Scalar> sum = zeros<Scalar>(b.N(), b.N());
    for_each_sequence(b, [&](const std::vector<Index>& x, const Scalar& weight) {
        for (Index s = 0; s < b.T(); ++s)
            for (Index t = 0; t < b.T(); ++t)
                sum(x[static_cast<std::size_t>(s)], x[static_cast<std::size_t>(t)]) +=
                    weight * B(s, t);
    });
    return sum;
}

template <class Scalar>
matrix<Scalar> enumerated_XMX(const bigram<Scalar>& b, const matrix<Scalar>& M) {
    matrix<Scalar> sum = zeros<Scalar>(b.T(), b.T());
    for_each_sequence(b, [&](const std::vector<Index>& x, const Scalar& weight) {
        for (Index s = 0; s < b.T(); ++s)
            for (Index t = 0; t < b.T(); ++t)
                sum(s, t) +=
                    weight * M(x[static_cast<std::size_t>(s)], x[static_cast<std::size_t>(t)]);
    });
    return sum;
}

template <class Scalar>
Scalar enumerated_loss(const bigram<Scalar>& b, const matrix<Scalar>& V, const matrix<Scalar>& A) {
    Scalar sum(0);
    for_each_outcome(b, [&](const outcome_of<Scalar>& w) {
        sum += w.weight * squared_norm(residual(b, V, A, w));
    });
    return sum * rational(1, 2);
}

template <class Scalar>
Scalar enumerated_distance(const bigram<Scalar>& b, const matrix<Scalar>& V,
                           const matrix<Scalar>& A) {
    Scalar sum(0);
    for_each_sequence(b, [&](const std::vector<Index>& x, const Scalar& weight) {
        for (Index k = 0; k < b.N(); ++k) {
            const matrix<Scalar> difference = product<Scalar>(V, attended(b.N(), x, A, k)) -
                                              product<Scalar>(b.P, attended(b.N(), x, b.Q, k));
            sum += weight * b.mu(k, 0) * squared_norm(difference);
        }
    });
    return sum * rational(1, 2);
}

template <class Scalar> matrix<Scalar> enumerated_conditional_means(const bigram<Scalar>& b) {
    std::vector<matrix<Scalar>> columns;
    for_each_sequence(b, [&](const std::vector<Index>& x, const Scalar&) {
        for (Index k = 0; k < b.N(); ++k) {
            matrix<Scalar> mean = zeros<Scalar>(b.N(), 1);
            for (Index s = 0; s < b.T(); ++s)
                for (Index o = 0; o < b.N(); ++o)
                    mean(o, 0) += b.Q(s, k) * b.P(o, x[static_cast<std::size_t>(s)]);
            columns.push_back(mean);
        }
    });
    return side_by_side(columns);
}

template <class Scalar> matrix<Scalar> bayes_predictions(const bigram<Scalar>& b) {
    std::vector<matrix<Scalar>> columns;
    for_each_sequence(b, [&](const std::vector<Index>& x, const Scalar&) {
        for (Index k = 0; k < b.N(); ++k)
            columns.push_back(product<Scalar>(b.P, attended(b.N(), x, b.Q, k)));
    });
    return side_by_side(columns);
}

template <class Scalar>
matrix<Scalar> enumerated_gradient_V(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                     const matrix<Scalar>& A) {
    matrix<Scalar> sum = zeros<Scalar>(b.N(), b.N());
    for_each_outcome(b, [&](const outcome_of<Scalar>& w) {
        const matrix<Scalar> r = residual(b, V, A, w), h = attended(b.N(), w.x, A, w.k);
        for (Index i = 0; i < b.N(); ++i)
            for (Index j = 0; j < b.N(); ++j)
                sum(i, j) += w.weight * r(i, 0) * h(j, 0);
    });
    return sum;
}

template <class Scalar>
matrix<Scalar> enumerated_gradient_A(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                     const matrix<Scalar>& A) {
    matrix<Scalar> sum = zeros<Scalar>(b.T(), b.N());
    for_each_outcome(b, [&](const outcome_of<Scalar>& w) {
        const matrix<Scalar> g = pulled_back<Scalar>(V, residual(b, V, A, w), w.x);
        for (Index t = 0; t < b.T(); ++t)
            sum(t, w.k) += w.weight * g(t, 0);
    });
    return sum;
}

template <class Scalar>
matrix<Scalar> sample_gradients_A(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                  const matrix<Scalar>& A) {
    std::vector<matrix<Scalar>> columns;
    for_each_outcome(b, [&](const outcome_of<Scalar>& w) {
        columns.push_back(project_A<Scalar>(pulled_back<Scalar>(V, residual(b, V, A, w), w.x)));
    });
    return side_by_side(columns);
}

template <class Scalar>
matrix<Scalar> residual_sums(const bigram<Scalar>& b, const matrix<Scalar>& V,
                             const matrix<Scalar>& A) {
    std::vector<matrix<Scalar>> columns;
    for_each_outcome(b, [&](const outcome_of<Scalar>& w) {
        const matrix<Scalar> r = residual(b, V, A, w);
        matrix<Scalar> sum = zeros<Scalar>(1, 1);
        for (Index i = 0; i < b.N(); ++i)
            sum(0, 0) += r(i, 0);
        columns.push_back(sum);
    });
    return side_by_side(columns);
}

template <class Scalar> start_moments<Scalar> enumerated_start(const bigram<Scalar>& b) {
    matrix<Scalar> V(b.N(), b.N());
    for (Index j = 0; j < b.N(); ++j)
        V.col(j) = b.mu;
    const matrix<Scalar> A = matrix<Scalar>::Constant(b.T(), b.N(), Scalar(rational(1, b.T())));
    const matrix<Scalar> bar = centred_V(b, b.P);
    start_moments<Scalar> result{zeros<Scalar>(b.N(), b.N()), Scalar(0), Scalar(0), Scalar(0)};
    for_each_outcome(b, [&](const outcome_of<Scalar>& w) {
        const matrix<Scalar> r = residual(b, V, A, w);
        const matrix<Scalar> h_t = attended(b.N(), w.x, A, w.k).transpose();
        const matrix<Scalar> G = project_V(b, preconditioned<Scalar>(b, product(r, h_t)));
        for (Index i = 0; i < b.N(); ++i)
            for (Index j = 0; j < b.N(); ++j)
                result.mean(i, j) += w.weight * G(i, j);
        const Scalar along = inner(G, bar, b.mu);
        result.second += w.weight * inner(G, G, b.mu);
        result.signal += w.weight * along;
        result.signal_squared += w.weight * along * along;
    });
    return result;
}

template <class Scalar>
matrix<Scalar> enumerated_residual_covariance(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                              const matrix<Scalar>& A, Index k) {
    matrix<Scalar> sum = zeros<Scalar>(b.N(), b.N());
    for_each_outcome(b, [&](const outcome_of<Scalar>& w) {
        if (w.k != k) return;
        const matrix<Scalar> r = residual(b, V, A, w);
        for (Index i = 0; i < b.N(); ++i)
            for (Index j = 0; j < b.N(); ++j)
                sum(i, j) += w.weight / b.mu(k, 0) * r(i, 0) * r(j, 0);
    });
    return sum;
}

template <class Scalar>
matrix<Scalar> enumerated_entry_moments(const bigram<Scalar>& b, const matrix<Scalar>& V,
                                        const matrix<Scalar>& A, Index k) {
    const matrix<Scalar> bar = centred_V(b, V);
    matrix<Scalar> sum = zeros<Scalar>(b.T(), 2);
    for_each_outcome(b, [&](const outcome_of<Scalar>& w) {
        if (w.k != k) return;
        const matrix<Scalar> g = pulled_back<Scalar>(bar, residual(b, V, A, w), w.x);
        for (Index t = 0; t < b.T(); ++t) {
            sum(t, 0) += w.weight / b.mu(k, 0) * g(t, 0);
            sum(t, 1) += w.weight / b.mu(k, 0) * g(t, 0) * g(t, 0);
        }
    });
    return sum;
}

#define FLOWPROOF_SCB_ENUMERATE(S)                                                                 \
    template matrix<S> enumerated_XBX(const bigram<S>&, const matrix<S>&);                         \
    template matrix<S> enumerated_XMX(const bigram<S>&, const matrix<S>&);                         \
    template S enumerated_loss(const bigram<S>&, const matrix<S>&, const matrix<S>&);              \
    template S enumerated_distance(const bigram<S>&, const matrix<S>&, const matrix<S>&);          \
    template matrix<S> enumerated_conditional_means(const bigram<S>&);                             \
    template matrix<S> bayes_predictions(const bigram<S>&);                                        \
    template matrix<S> enumerated_gradient_V(const bigram<S>&, const matrix<S>&,                   \
                                             const matrix<S>&);                                    \
    template matrix<S> enumerated_gradient_A(const bigram<S>&, const matrix<S>&,                   \
                                             const matrix<S>&);                                    \
    template matrix<S> sample_gradients_A(const bigram<S>&, const matrix<S>&, const matrix<S>&);   \
    template matrix<S> residual_sums(const bigram<S>&, const matrix<S>&, const matrix<S>&);        \
    template start_moments<S> enumerated_start(const bigram<S>&);                                  \
    template matrix<S> enumerated_residual_covariance(const bigram<S>&, const matrix<S>&,          \
                                                      const matrix<S>&, Index);                    \
    template matrix<S> enumerated_entry_moments(const bigram<S>&, const matrix<S>&,                \
                                                const matrix<S>&, Index);

FLOWPROOF_SCB_ENUMERATE(rational)
FLOWPROOF_SCB_ENUMERATE(expr)

} // namespace flowproof::scb
