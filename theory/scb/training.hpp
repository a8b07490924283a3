#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "numerics/train/bigram_attention.hpp"
#include "theory/scb/model.hpp"

/// Finite-sample training beside the exact population dynamics, in double: approximate.
namespace flowproof::scb {

/// The reduced coordinates of weights in double, and the population map through them.
class observer {
public:
    /// @param b  K_P > 0 and K_Q > 0.
    explicit observer(const bigram<rational>& b);

    const sizes<double>& size() const { return size_; }
    /// deltaV and deltaA are norms of what is left after alphaV Pbar, alphaA Qbar: never negative.
    reduced<double> operator()(const train::attention_weights& w) const;

    /// What one step did beside the population step from the same state, to first order: the
    /// actual weights after a step are those of the population step plus -etaV xiV, -etaA xiA, and
    ///
    ///     alphaV: -etaV <xiV, Pbar>_mu / K_P,  deltaV: -2 etaV (1 - etaV n_A) <xiV, Vperp>_mu,
    ///     alphaA: -etaA <xiA, Qbar>_mu / K_Q,  deltaA: -2 etaA (1 - etaA W) <xiA, Aperp>_mu
    ///
    /// with Vperp = Vbar - alphaV Pbar, Aperp = Abar - alphaA Qbar before the step. For unbiased
    /// gradients each has conditional mean exactly 0 given the state before the step. What deltaV
    /// and deltaA miss is etaV^2 |xiV|^2 and etaA^2 |xiA|^2 off the signal: not of mean 0, and left
    /// out for that.
    /// @param z, now  the coordinates of before and after.
    std::array<double, 4> noise(const train::attention_weights& before, const reduced<double>& z,
                                const train::attention_weights& after, const reduced<double>& now,
                                double etaV, double etaA) const;

private:
    /// One of the two weights, as centre + alpha signal + rest.
    struct frame {
        matrix<double> centre; ///< mu 1^T, 1 1^T / T
        matrix<double> signal; ///< Pbar, Qbar
        std::vector<double> mu;
        double K; ///< |signal|_mu^2

        struct parts {
            double alpha, delta;
        };
        parts operator()(const matrix<double>& M) const;
        /// <rest of before, after - centre>_mu, given alpha of before.
        double rest_against(const matrix<double>& before, double alpha,
                            const matrix<double>& after) const;
    };
    sizes<double> size_;
    frame V_, A_;
};

/// The population orbit of a start, with the Jacobian of the reduced map at each of its states.
struct population_orbit {
    std::vector<reduced<double>> states;                     ///< 0 .. steps
    std::vector<std::array<std::array<double, 4>, 4>> slope; ///< 0 .. steps - 1, [row][column]
};
/// Iterates reduced_step. Accuracy: rounding only, 1e-12 relative over 100 steps (measured).
population_orbit follow(const sizes<double>& c, const reduced<double>& start, std::int64_t steps,
                        double etaV, double etaA);

/// A finite-sample run from given weights on C, lambda = 0.
class training {
public:
    struct protocol {
        std::int64_t batch, steps;
        double etaV, etaA;
    };
    /// Entries in the order alphaV, alphaA, deltaV, deltaA, at the last step.
    struct ending {
        /// Run minus population orbit.
        std::array<double, 4> deviation;
        /// Deviation minus its first-order part D: D_0 = 0, D_{n+1} = J_n D_n + noise of step n,
        /// with J_n the Jacobian along the population orbit, which is not random. So D has mean
        /// exactly 0 and this has the mean of the deviation, its bias, at a fraction of the
        /// variance: both its mean and its spread are of order 1 / batch.
        std::array<double, 4> remainder;
    };
    /// @throws std::invalid_argument for a protocol that minibatch_descent refuses, or < 1 step.
    training(const bigram<rational>& b, const matrix<rational>& V, const matrix<rational>& A,
             const protocol& how);

    /// Trajectory number `index` under a seed.
    ending operator()(std::uint64_t seed, std::uint64_t index) const;
    /// The reduced coordinates at the given steps (increasing) of a trajectory.
    std::vector<reduced<double>> path(std::uint64_t seed, std::uint64_t index,
                                      const std::vector<std::int64_t>& steps) const;

    const population_orbit& orbit() const { return orbit_; }
    const observer& coordinates() const { return observe_; }

private:
    train::bigram_data data_;
    observer observe_;
    train::attention_weights start_;
    protocol how_;
    population_orbit orbit_;
};

/// N tokens of equal weight, P = mixing Perm + (1 - mixing) 1 1^T / N with Perm the cyclic shift,
/// column k of Q with weight 1 / Qs on the positions k Qs, ..., k Qs + Qs - 1 modulo T. Up to a
/// relabelling of outputs and, in each column, of positions (tokens are independent and alike),
/// every permutation and every choice of positions gives this law of trajectories.
/// @throws std::invalid_argument unless N >= 2, 1 <= Qs < T and 0 < mixing <= 1.
bigram<rational> mixed_permutation(Index N, Index T, Index Qs, const rational& mixing);

/// Starts for R0 on C, both with alphaV = alphaA = 1/2. On the manifold deltaV = deltaA = 0; off it
/// half of what R0_V_on_C and R0_A_on_C have beside their signal is added.
struct start_on_C {
    matrix<rational> V, A;
};
start_on_C R0_on_manifold();
start_on_C R0_off_manifold();

} // namespace flowproof::scb
