#include "theory/scb/training.hpp"

#include <stdexcept>
#include <string>

#include "numerics/scalar/dual.hpp"
#include "theory/scb/instances.hpp"

namespace flowproof::scb {

namespace {

matrix<double> nearest(const matrix<rational>& m) {
    matrix<double> result(m.rows(), m.cols());
    for (Index i = 0; i < m.rows(); ++i)
        for (Index j = 0; j < m.cols(); ++j)
            result(i, j) = m(i, j).nearest();
    return result;
}

std::array<double, 4> listed(const reduced<double>& z) {
    return {z.alphaV, z.alphaA, z.deltaV, z.deltaA};
}

} // namespace

observer::frame::parts observer::frame::operator()(const matrix<double>& M) const {
    double along = 0, rest = 0;
    for (Index j = 0; j < M.cols(); ++j)
        for (Index i = 0; i < M.rows(); ++i)
            along += mu[static_cast<std::size_t>(j)] * (M(i, j) - centre(i, j)) * signal(i, j);
    const double alpha = along / K;
    for (Index j = 0; j < M.cols(); ++j)
        for (Index i = 0; i < M.rows(); ++i) {
            const double off = M(i, j) - centre(i, j) - alpha * signal(i, j);
            rest += mu[static_cast<std::size_t>(j)] * off * off;
        }
    return {alpha, rest};
}

double observer::frame::rest_against(const matrix<double>& before, double alpha,
                                     const matrix<double>& after) const {
    double sum = 0;
    for (Index j = 0; j < before.cols(); ++j)
        for (Index i = 0; i < before.rows(); ++i)
            sum += mu[static_cast<std::size_t>(j)] *
                   (before(i, j) - centre(i, j) - alpha * signal(i, j)) *
                   (after(i, j) - centre(i, j));
    return sum;
}

observer::observer(const bigram<rational>& b)
    : size_{KP(b).nearest(), KQ(b).nearest(), static_cast<double>(b.T())},
      V_{nearest(start_V(b)), nearest(centred_V(b, b.P)), {}, size_.KP},
      A_{nearest(start_A(b)), nearest(centred_A(b, b.Q)), {}, size_.KQ} {
    for (Index i = 0; i < b.N(); ++i)
        V_.mu.push_back(b.mu(i, 0).nearest());
    A_.mu = V_.mu;
}

reduced<double> observer::operator()(const train::attention_weights& w) const {
    const auto [alphaV, deltaV] = V_(w.V);
    const auto [alphaA, deltaA] = A_(w.A);
    return {alphaV, alphaA, deltaV, deltaA};
}

std::array<double, 4> observer::noise(const train::attention_weights& before,
                                      const reduced<double>& z,
                                      const train::attention_weights& after,
                                      const reduced<double>& now, double etaV, double etaA) const {
    const reduced<double> expected = reduced_step(size_, z, etaV, etaA);
    const double shrinkV = 1 - etaV * n_A(size_, z), shrinkA = 1 - etaA * W(size_, z);
    // <Vperp, V+ - mu 1^T>_mu = shrinkV deltaV - etaV <Vperp, xiV>_mu, and the same for A.
    const double crossV = V_.rest_against(before.V, z.alphaV, after.V);
    const double crossA = A_.rest_against(before.A, z.alphaA, after.A);
    return {now.alphaV - expected.alphaV, now.alphaA - expected.alphaA,
            2 * shrinkV * (crossV - shrinkV * z.deltaV),
            2 * shrinkA * (crossA - shrinkA * z.deltaA)};
}

population_orbit follow(const sizes<double>& c, const reduced<double>& start, std::int64_t steps,
                        double etaV, double etaA) {
    using number = dual<double>;
    const auto constant = [](double x) { return number(x, 0); };
    const sizes<number> size{constant(c.KP), constant(c.KQ), constant(c.T)};
    population_orbit result;
    result.states.push_back(start);
    for (std::int64_t n = 0; n < steps; ++n) {
        const reduced<double>& z = result.states.back();
        std::array<std::array<double, 4>, 4> slope{};
        for (std::size_t j = 0; j < 4; ++j) {
            const auto along = [&](double x, std::size_t i) { return number(x, i == j ? 1 : 0); };
            const reduced<number> next = reduced_step(
                size,
                {along(z.alphaV, 0), along(z.alphaA, 1), along(z.deltaV, 2), along(z.deltaA, 3)},
                constant(etaV), constant(etaA));
            slope[0][j] = next.alphaV.slope;
            slope[1][j] = next.alphaA.slope;
            slope[2][j] = next.deltaV.slope;
            slope[3][j] = next.deltaA.slope;
        }
        result.slope.push_back(slope);
        result.states.push_back(reduced_step(c, z, etaV, etaA));
    }
    return result;
}

training::training(const bigram<rational>& b, const matrix<rational>& V, const matrix<rational>& A,
                   const protocol& how)
    : data_(b.mu, b.P, b.Q), observe_(b), start_{nearest(V), nearest(A)}, how_(how) {
    if (how.steps < 1)
        throw std::invalid_argument("scb::training: need at least one step, got " +
                                    std::to_string(how.steps));
    const train::minibatch_descent checked(data_, {how.etaV, how.etaA, how.batch});
    orbit_ = follow(observe_.size(), observe_(start_), how.steps, how.etaV, how.etaA);
}

training::ending training::operator()(std::uint64_t seed, std::uint64_t index) const {
    train::minibatch_descent descent(data_, {how_.etaV, how_.etaA, how_.batch});
    train::attention_weights w = start_, before = start_;
    reduced<double> z = observe_(w);
    std::array<double, 4> first{}; // D
    for (std::size_t n = 0; n < orbit_.slope.size(); ++n) {
        before = w;
        descent.step(w, seed, index, static_cast<std::uint32_t>(n));
        const reduced<double> now = observe_(w);
        std::array<double, 4> next = observe_.noise(before, z, w, now, how_.etaV, how_.etaA);
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t j = 0; j < 4; ++j)
                next[i] += orbit_.slope[n][i][j] * first[j];
        first = next;
        z = now;
    }
    const auto reached = listed(z), expected = listed(orbit_.states.back());
    ending result{};
    for (std::size_t i = 0; i < 4; ++i) {
        result.deviation[i] = reached[i] - expected[i];
        result.remainder[i] = result.deviation[i] - first[i];
    }
    return result;
}

std::vector<reduced<double>> training::path(std::uint64_t seed, std::uint64_t index,
                                            const std::vector<std::int64_t>& steps) const {
    train::minibatch_descent descent(data_, {how_.etaV, how_.etaA, how_.batch});
    train::attention_weights w = start_;
    std::vector<reduced<double>> result;
    std::int64_t n = 0;
    for (const std::int64_t at : steps) {
        for (; n < at; ++n)
            descent.step(w, seed, index, static_cast<std::uint32_t>(n));
        result.push_back(observe_(w));
    }
    return result;
}

bigram<rational> mixed_permutation(Index N, Index T, Index Qs, const rational& mixing) {
    if (N < 2 || Qs < 1 || Qs >= T || mixing.sign() <= 0 || mixing > rational(1))
        throw std::invalid_argument("scb: need N >= 2, 1 <= Qs < T and 0 < mixing <= 1, got N = " +
                                    std::to_string(N) + ", T = " + std::to_string(T) +
                                    ", Qs = " + std::to_string(Qs) + ", mixing = " + mixing.str());
    const rational even(1, N);
    bigram<rational> b{matrix<rational>::Constant(N, 1, even),
                       matrix<rational>::Constant(N, N, (1 - mixing) * even),
                       matrix<rational>::Constant(T, N, rational(0))};
    for (Index k = 0; k < N; ++k) {
        b.P((k + 1) % N, k) += mixing;
        for (Index i = 0; i < Qs; ++i)
            b.Q((k * Qs + i) % T, k) = rational(1, Qs);
    }
    return b;
}

start_on_C R0_on_manifold() {
    const bigram<rational> b = R0();
    const rational half(1, 2);
    const matrix<rational> V = start_V(b), A = start_A(b);
    return {V + centred_V(b, b.P) * half, A + centred_A(b, b.Q) * half};
}

start_on_C R0_off_manifold() {
    const bigram<rational> b = R0();
    const matrix<rational> V = R0_V_on_C(), A = R0_A_on_C();
    const reduced<rational> z = coordinates(b, V, A);
    const matrix<rational> restV = centred_V(b, V) - centred_V(b, b.P) * z.alphaV;
    const matrix<rational> restA = centred_A(b, A) - centred_A(b, b.Q) * z.alphaA;
    const auto on = R0_on_manifold();
    return {on.V + restV * rational(1, 2), on.A + restA * rational(1, 2)};
}

} // namespace flowproof::scb
