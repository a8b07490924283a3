#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "numerics/linalg/matrix.hpp"
#include "numerics/train/byte_law.hpp"
#include "numerics/train/shrinkage.hpp"

/// Finite-sample training in double: approximate, for statistics. Knows no claim and no paper.
namespace flowproof::train {

using Eigen::Index;
using token = std::uint8_t; ///< 0 .. N - 1

/// Sequences with a query: tokens x_1 .. x_T independent with law mu, query k ~ mu, position
/// s ~ Q e_k, output o ~ P e_{x_s}.
class bigram_data {
public:
    /// @param mu  N x 1, positive, sum 1. @param P  N x N. @param Q  T x N; stochastic columns.
    /// @throws std::invalid_argument unless 2 <= N <= 256, 1 <= T <= 4096 and the shapes agree, and
    ///         as byte_law for what is no law.
    bigram_data(const matrix<rational>& mu, const matrix<rational>& P, const matrix<rational>& Q);

    Index N() const { return mu_.size(); }
    Index T() const { return T_; }
    const column<double>& mu() const { return mu_; } ///< to nearest

    /// Draws one sample from the bytes of its stream: x (T tokens), then k, s, o.
    struct query {
        token k, o;
    };
    query draw(byte_stream& bits, token* x) const;

private:
    Index T_;
    column<double> mu_;
    byte_law tokens_;
    std::vector<byte_law> positions_; ///< after each query
    std::vector<byte_law> outputs_;   ///< after each token
};

/// The predictor f = V X A e_k.
struct attention_weights {
    matrix<double> V; ///< N x N
    matrix<double> A; ///< T x N
};

/// Sums over samples of the gradients of |f - x_o|^2 / 2: r h^T and X^T V^T r e_k^T with h = X a_k,
/// r = V h - x_o. Count based: X never becomes a matrix. A sample costs 2 T table look-ups and
/// 3 N^2 multiplications.
class gradient_sums {
public:
    gradient_sums(Index N, Index T);

    void reset();
    /// One sample. @param x  T tokens. Entries of x, k and o are below N: not checked.
    void add(const attention_weights& w, const token* x, token k, token o);
    void add(const gradient_sums& other);

    const matrix<double>& V() const { return V_; } ///< N x N, sum of r h^T
    const matrix<double>& A() const { return A_; } ///< T x N, sum of X^T V^T r e_k^T

private:
    template <int Fixed>
    void add_sample(const attention_weights& w, const token* x, token k, token o);

    matrix<double> V_, A_;
    // h as two partial sums, so that neighbouring positions do not wait for another; r; V^T r.
    std::vector<double> scratch_;
};

/// Preconditioned, projected gradients, averaged over samples; mu is the true law, never a count.
///
///     G_V = (I - 1 1^T / N) [mean of r h^T] D^-1 (I - mu 1^T)  on {G mu = 0, 1^T G = 0}
///     G_A = (I - 1 1^T / T) [mean of X^T V^T r e_k^T] D^-1     on {1^T G = 0}
///
/// Domain   all V and A. Replacing V by V - mu 1^T in G_A changes nothing: it adds multiples of 1.
///          Where 1^T V = 1^T and 1^T A = 1^T, every 1^T r is 0, the left factor of G_V does
///          nothing and one sample gives r (D^-1 (h - mu))^T; elsewhere h - mu reads h - (1^T a_k)
///          mu and the left factor takes the mean off r.
void project(const gradient_sums& sums, const column<double>& mu, double samples,
             attention_weights& gradient);

/// Online preconditioned projected descent with fresh samples, V and A moved simultaneously:
///
///     V <- V - etaV G_V,   A <- shrink_{etaA lambda}(A - etaA G_A).
///
/// With shrinkage::none and a start with V mu = mu, 1^T V = 1^T, 1^T A = 1^T, these hold for ever
/// up to rounding; constrained_prox restores the last one, soft_threshold breaks it.
class minibatch_descent {
public:
    struct options {
        double etaV, etaA;  ///< > 0
        std::int64_t batch; ///< samples a step, 1 .. 2^20
        double lambda = 0;  ///< >= 0, in units of the A-gradient
        shrinkage after = shrinkage::none;
    };
    /// Sample b of a step is summed in lane b mod 8, in increasing b; the lanes are added in order.
    /// Any thread may fill any lane: the bits do not depend on how many there are.
    static constexpr std::int64_t lanes = 8;
    /// Sample b of step n of a trajectory reads random::stream(seed, trajectory >> 32, trajectory
    /// mod 2^32, n, 2^12 b): a pure function of the four numbers. Its 2^14 words are never used up:
    /// T / 4 + 1 of them, and about two more for every byte that does not decide.
    static constexpr std::uint32_t blocks_of_a_sample = 1U << 12;

    /// Keeps a reference to the data. @throws std::invalid_argument for options out of range.
    minibatch_descent(const bigram_data& data, const options& how);

    /// One step. @param for_lanes  calls its second argument once for each of 0 .. lanes - 1, given
    /// as (lanes, body) and in any order, thread or threads: `serial` below, or a parallel loop.
    template <class ForLanes>
    void step(attention_weights& w, std::uint64_t seed, std::uint64_t trajectory, std::uint32_t n,
              const ForLanes& for_lanes) {
        for_lanes(lanes, [&](std::int64_t lane) { fill(lane, w, seed, trajectory, n); });
        move(w);
    }
    void step(attention_weights& w, std::uint64_t seed, std::uint64_t trajectory, std::uint32_t n) {
        step(w, seed, trajectory, n, [](std::int64_t count, const auto& body) {
            for (std::int64_t lane = 0; lane < count; ++lane)
                body(lane);
        });
    }

    const attention_weights& last_gradient() const { return gradient_; }

private:
    struct lane_state {
        gradient_sums sums;
        std::vector<token> x;
    };
    void fill(std::int64_t lane, const attention_weights& w, std::uint64_t seed,
              std::uint64_t trajectory, std::uint32_t n);
    void move(attention_weights& w);

    const bigram_data& data_;
    options how_;
    std::vector<lane_state> lanes_;
    attention_weights gradient_;
    std::vector<double> scratch_;
};

} // namespace flowproof::train
