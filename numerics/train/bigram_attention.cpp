#include "numerics/train/bigram_attention.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>

namespace flowproof::train {

namespace {

std::vector<byte_law> laws(const matrix<rational>& m) {
    std::vector<byte_law> result;
    for (Index j = 0; j < m.cols(); ++j)
        result.emplace_back(column_entries(m, j));
    return result;
}

const matrix<rational>& checked(const matrix<rational>& mu, const matrix<rational>& P,
                                const matrix<rational>& Q) {
    const Index N = mu.rows();
    const bool shapes =
        mu.cols() == 1 && P.rows() == N && P.cols() == N && Q.cols() == N && Q.rows() >= 1;
    if (!shapes || N < 2 || N > 256 || Q.rows() > 4096)
        throw std::invalid_argument(
            "train::bigram_data: need mu N x 1, P N x N and Q T x N with 2 <= N <= 256 and "
            "1 <= T <= 4096, got " +
            std::to_string(N) + " x " + std::to_string(mu.cols()) + ", " +
            std::to_string(P.rows()) + " x " + std::to_string(P.cols()) + " and " +
            std::to_string(Q.rows()) + " x " + std::to_string(Q.cols()));
    for (Index i = 0; i < N; ++i)
        if (mu(i, 0).sign() <= 0)
            throw std::invalid_argument("train::bigram_data: mu must be positive, entry " +
                                        std::to_string(i + 1) + " is " + mu(i, 0).str());
    return mu;
}

} // namespace

bigram_data::bigram_data(const matrix<rational>& mu, const matrix<rational>& P,
                         const matrix<rational>& Q)
    : T_(Q.rows()), mu_(mu.rows()), tokens_(column_entries(checked(mu, P, Q), 0)),
      positions_(laws(Q)), outputs_(laws(P)) {
    for (Index i = 0; i < mu.rows(); ++i)
        mu_(i) = mu(i, 0).nearest();
}

bigram_data::query bigram_data::draw(byte_stream& bits, token* x) const {
    tokens_.fill(bits, x, static_cast<std::size_t>(T_));
    const std::size_t k = tokens_(bits);
    const std::size_t s = positions_[k](bits);
    return {static_cast<token>(k), static_cast<token>(outputs_[x[s]](bits))};
}

gradient_sums::gradient_sums(Index N, Index T)
    : V_(matrix<double>::Zero(N, N)), A_(matrix<double>::Zero(T, N)),
      scratch_(static_cast<std::size_t>(4 * N)) {}

void gradient_sums::reset() {
    V_.setZero();
    A_.setZero();
}

template <int Fixed>
void gradient_sums::add_sample(const attention_weights& w, const token* x, token k, token o) {
    const Index N = Fixed > 0 ? Fixed : V_.rows(), T = A_.rows();
    std::array<double, 4 * Fixed> local; // stays in registers
    double* const h = Fixed > 0 ? local.data() : scratch_.data();
    double *const odd = h + N, *const r = odd + N, *const back = r + N;
    for (Index j = 0; j < N; ++j)
        h[j] = odd[j] = 0;
    const double* a = w.A.data() + k * T;
    Index t = 0;
    for (; t + 2 <= T; t += 2) {
        h[x[t]] += a[t];
        odd[x[t + 1]] += a[t + 1];
    }
    if (t < T) h[x[t]] += a[t];

    const double* column_of_V = w.V.data();
    for (Index j = 0; j < N; ++j, column_of_V += N) {
        h[j] += odd[j];
        for (Index i = 0; i < N; ++i)
            r[i] = (j == 0 ? 0 : r[i]) + column_of_V[i] * h[j];
    }
    r[o] -= 1;

    double* sum = V_.data();
    column_of_V = w.V.data();
    for (Index j = 0; j < N; ++j, column_of_V += N, sum += N) {
        double product = 0;
        for (Index i = 0; i < N; ++i) {
            sum[i] += r[i] * h[j];
            product += column_of_V[i] * r[i];
        }
        back[j] = product;
    }

    double* g = A_.data() + k * T;
    for (t = 0; t < T; ++t)
        g[t] += back[x[t]];
}

void gradient_sums::add(const attention_weights& w, const token* x, token k, token o) {
    switch (V_.rows()) { // small sizes unrolled: the same operations in the same order
    case 2:
        return add_sample<2>(w, x, k, o);
    case 3:
        return add_sample<3>(w, x, k, o);
    case 4:
        return add_sample<4>(w, x, k, o);
    default:
        return add_sample<0>(w, x, k, o);
    }
}

void gradient_sums::add(const gradient_sums& other) {
    V_ += other.V_;
    A_ += other.A_;
}

void project(const gradient_sums& sums, const column<double>& mu, double samples,
             attention_weights& gradient) {
    const Index N = mu.size(), T = sums.A().rows();
    gradient.V.resize(N, N);
    gradient.A.resize(T, N);
    // G D^-1 (I - mu 1^T): column j is g_j / mu_j less the sum of all columns of G.
    for (Index i = 0; i < N; ++i) {
        double row = 0;
        for (Index j = 0; j < N; ++j)
            row += sums.V()(i, j);
        for (Index j = 0; j < N; ++j)
            gradient.V(i, j) = (sums.V()(i, j) / mu(j) - row) / samples;
    }
    for (Index j = 0; j < N; ++j) {
        double above = 0, over = 0;
        for (Index i = 0; i < N; ++i)
            above += gradient.V(i, j);
        for (Index i = 0; i < N; ++i)
            gradient.V(i, j) -= above / static_cast<double>(N);
        for (Index t = 0; t < T; ++t)
            over += sums.A()(t, j);
        const double mean = over / static_cast<double>(T), scale = 1 / (mu(j) * samples);
        for (Index t = 0; t < T; ++t)
            gradient.A(t, j) = (sums.A()(t, j) - mean) * scale;
    }
}

minibatch_descent::minibatch_descent(const bigram_data& data, const options& how)
    : data_(data), how_(how), lanes_(static_cast<std::size_t>(lanes),
                                     {gradient_sums(data.N(), data.T()),
                                      std::vector<token>(static_cast<std::size_t>(data.T()))}),
      gradient_{matrix<double>::Zero(data.N(), data.N()),
                matrix<double>::Zero(data.T(), data.N())} {
    const auto positive = [](double x) { return x > 0 && std::isfinite(x); };
    if (!positive(how.etaV) || !positive(how.etaA) || how.batch < 1 || how.batch > 1 << 20 ||
        !(how.lambda >= 0) || !std::isfinite(how.lambda))
        throw std::invalid_argument(
            "train::minibatch_descent: need etaV, etaA > 0, 1 <= batch <= 2^20 and lambda >= 0, "
            "got etaV = " +
            std::to_string(how.etaV) + ", etaA = " + std::to_string(how.etaA) +
            ", batch = " + std::to_string(how.batch) + ", lambda = " + std::to_string(how.lambda));
    if (how.lambda > 0 && how.after == shrinkage::none)
        throw std::invalid_argument(
            "train::minibatch_descent: lambda = " + std::to_string(how.lambda) +
            " needs soft_threshold or constrained_prox");
}

void minibatch_descent::fill(std::int64_t lane, const attention_weights& w, std::uint64_t seed,
                             std::uint64_t trajectory, std::uint32_t n) {
    lane_state& mine = lanes_[static_cast<std::size_t>(lane)];
    mine.sums.reset();
    for (std::int64_t b = lane; b < how_.batch; b += lanes) {
        byte_stream bits(random::stream(seed, static_cast<std::uint32_t>(trajectory >> 32),
                                        static_cast<std::uint32_t>(trajectory), n,
                                        static_cast<std::uint32_t>(b) * blocks_of_a_sample));
        const auto [k, o] = data_.draw(bits, mine.x.data());
        mine.sums.add(w, mine.x.data(), k, o);
    }
}

void minibatch_descent::move(attention_weights& w) {
    for (std::size_t lane = 1; lane < lanes_.size(); ++lane)
        lanes_.front().sums.add(lanes_[lane].sums);
    project(lanes_.front().sums, data_.mu(), static_cast<double>(how_.batch), gradient_);
    for (Index i = 0; i < w.V.size(); ++i)
        w.V.data()[i] -= how_.etaV * gradient_.V.data()[i];
    const double threshold = how_.etaA * how_.lambda;
    for (Index k = 0; k < w.A.cols(); ++k) {
        const std::span<double> a(w.A.data() + k * w.A.rows(),
                                  static_cast<std::size_t>(w.A.rows()));
        for (std::size_t t = 0; t < a.size(); ++t)
            a[t] -= how_.etaA * gradient_.A(static_cast<Index>(t), k);
        switch (how_.after) {
        case shrinkage::none:
            break;
        case shrinkage::soft_threshold:
            soft_threshold(a, threshold);
            break;
        case shrinkage::constrained_prox:
            constrained_prox(a, threshold, scratch_);
            break;
        }
    }
}

} // namespace flowproof::train
