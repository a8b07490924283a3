#pragma once

#include <array>

#include "numerics/scalar/concept.hpp"

/// The exact four-dimensional picture of preconditioned projected gradient descent on C, and its
/// two-dimensional manifold deltaV = deltaA = 0. Notation: theory/scb/README.md.
namespace flowproof::scb {

/// What the reduced dynamics knows of an instance. T is the context length, a scalar here.
template <class Scalar> struct sizes { Scalar KP, KQ, T; };

/// Signal strengths and off-manifold energies of V and A.
template <class Scalar> struct reduced {
    Scalar alphaV; ///< <Vbar, Pbar>_mu / K_P
    Scalar alphaA; ///< <Abar, Qbar>_mu / K_Q
    Scalar deltaV; ///< |Vbar|_mu^2 - K_P alphaV^2, >= 0
    Scalar deltaA; ///< |Abar|_mu^2 - K_Q alphaA^2, >= 0
};

/// |A|_mu^2 = 1/T + K_Q alphaA^2 + deltaA.
template <field Scalar> Scalar n_A(const sizes<Scalar>& c, const reduced<Scalar>& z) {
    return 1 / c.T + c.KQ * z.alphaA * z.alphaA + z.deltaA;
}
/// |Vbar|_mu^2 = K_P alphaV^2 + deltaV.
template <field Scalar> Scalar W(const sizes<Scalar>& c, const reduced<Scalar>& z) {
    return c.KP * z.alphaV * z.alphaV + z.deltaV;
}

/// One simultaneous step:
///     alphaV+ = alphaV + etaV (1/T + K_Q alphaA - n_A alphaV),  deltaV+ = (1 - etaV n_A)^2 deltaV,
///     alphaA+ = alphaA + etaA (K_P alphaV - W alphaA),          deltaA+ = (1 - etaA W)^2 deltaA.
/// Claim    scb.reduce.4d.
template <field Scalar>
reduced<Scalar> reduced_step(const sizes<Scalar>& c, const reduced<Scalar>& z, const Scalar& etaV,
                             const Scalar& etaA) {
    const Scalar n = n_A(c, z), w = W(c, z);
    const Scalar shrinkV = 1 - etaV * n, shrinkA = 1 - etaA * w;
    return {z.alphaV + etaV * (1 / c.T + c.KQ * z.alphaA - n * z.alphaV),
            z.alphaA + etaA * (c.KP * z.alphaV - w * z.alphaA), shrinkV * shrinkV * z.deltaV,
            shrinkA * shrinkA * z.deltaA};
}

/// The flow: the derivative of reduced_step in the step size at 0.
template <field Scalar>
reduced<Scalar> reduced_velocity(const sizes<Scalar>& c, const reduced<Scalar>& z) {
    const Scalar n = n_A(c, z), w = W(c, z);
    return {1 / c.T + c.KQ * z.alphaA - n * z.alphaV, c.KP * z.alphaV - w * z.alphaA,
            -2 * n * z.deltaV, -2 * w * z.deltaA};
}

/// L - L* = [K_P (1/T + K_Q) - 2 K_P alphaV (1/T + K_Q alphaA) + W n_A] / 2.
template <field Scalar> Scalar reduced_excess(const sizes<Scalar>& c, const reduced<Scalar>& z) {
    return (c.KP * (1 / c.T + c.KQ) - 2 * c.KP * z.alphaV * (1 / c.T + c.KQ * z.alphaA) +
            W(c, z) * n_A(c, z)) *
           rational(1, 2);
}

/// On the manifold, with p = alphaV alphaA:
///     alphaV' = (1 - alphaV)/T + K_Q alphaA (1 - p),   alphaA' = K_P alphaV (1 - p).
/// Claim    scb.manifold.
template <field Scalar>
std::array<Scalar, 2> manifold_velocity(const sizes<Scalar>& c, const Scalar& alphaV,
                                        const Scalar& alphaA) {
    const Scalar gap = 1 - alphaV * alphaA;
    return {(1 - alphaV) / c.T + c.KQ * alphaA * gap, c.KP * alphaV * gap};
}

/// E = K_P [(1 - alphaV)^2 / T + K_Q (1 - p)^2] / 2: the excess loss on the manifold.
/// Claim    scb.manifold.
template <field Scalar>
Scalar manifold_energy(const sizes<Scalar>& c, const Scalar& alphaV, const Scalar& alphaA) {
    const Scalar gap = 1 - alphaV * alphaA;
    const Scalar lag = 1 - alphaV;
    return c.KP * (lag * lag / c.T + c.KQ * gap * gap) * rational(1, 2);
}

/// The second coordinate -1/(T K_Q) of the saddle z* = (0, -1/(T K_Q)).
/// Claim    scb.equilibria.
template <field Scalar> Scalar saddle(const sizes<Scalar>& c) { return -1 / (c.T * c.KQ); }

/// alphaV on the level set of E through the saddle, beside the line alphaV = 0:
///     E - K_P (1/T + K_Q)/2 = K_P alphaV [alphaV (1/T + K_Q alphaA^2) - 2 (1/T + K_Q alphaA)]/2.
/// Claim    scb.manifold.
template <field Scalar> Scalar saddle_level(const sizes<Scalar>& c, const Scalar& alphaA) {
    return 2 * (1 / c.T + c.KQ * alphaA) / (1 / c.T + c.KQ * alphaA * alphaA);
}

/// lambda^2 + linear lambda + constant.
template <class Scalar> struct quadratic {
    Scalar linear, constant;
    Scalar operator()(const Scalar& lambda) const {
        return lambda * lambda + linear * lambda + constant;
    }
};
/// Characteristic polynomial of the linearisation at (1, 1):
///     lambda^2 + (K_P + K_Q + 1/T) lambda + K_P / T.
template <field Scalar> quadratic<Scalar> characteristic_at_minimum(const sizes<Scalar>& c) {
    return {c.KP + c.KQ + 1 / c.T, c.KP / c.T};
}
/// Characteristic polynomial at z*: lambda^2 + (1/T + 1/(T^2 K_Q)) lambda - K_P K_Q.
template <field Scalar> quadratic<Scalar> characteristic_at_saddle(const sizes<Scalar>& c) {
    return {1 / c.T + 1 / (c.T * c.T * c.KQ), -(c.KP * c.KQ)};
}

/// One simultaneous step on the manifold.
/// Claim    scb.discrete.
template <field Scalar>
std::array<Scalar, 2> manifold_step(const sizes<Scalar>& c, const Scalar& alphaV,
                                    const Scalar& alphaA, const Scalar& etaV, const Scalar& etaA) {
    const auto [velocityV, velocityA] = manifold_velocity(c, alphaV, alphaA);
    return {alphaV + etaV * velocityV, alphaA + etaA * velocityA};
}

} // namespace flowproof::scb
