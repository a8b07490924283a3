#pragma once

#include <array>
#include <cmath>

#include "theory/core/obligation.hpp"
#include "theory/scb/reduced.hpp"

/// Attention A = softmax(Z), column by column, trained by gradient descent on Z with the V of the
/// linear model. If every column of Q is uniform on Q_s positions and Z starts at 0, the logits on
/// the support exceed the others by one number d, and A stays on the manifold.
namespace flowproof::scb {

/// Attention of a position on the support and off it.
template <class Scalar> struct attention {
    Scalar on, off;

    /// 1 - T off: A = 1 1^T/T + alphaA Qbar.
    Scalar alphaA(const Scalar& T) const { return 1 - T * off; }
};
/// off = 1/(Q_s e^d + T - Q_s), on = e^d off, given e^d. Domain T > Q_s > 0.
template <field Scalar>
attention<Scalar> attended(const Scalar& odds, const Scalar& T, const Scalar& Qs) {
    const Scalar off = 1 / (Qs * odds + T - Qs);
    return {odds * off, off};
}

/// K_Q of columns that are uniform on Q_s positions: 1/Q_s - 1/T.
template <field Scalar> Scalar uniform_KQ(const Scalar& T, const Scalar& Qs) {
    return 1 / Qs - 1 / T;
}

/// -d(d)/d(eta): on (g_on - gbar) - off (g_off - gbar) with g = W a - C q and gbar = <a, g>.
template <field Scalar>
Scalar logit_gradient(const attention<Scalar>& a, const Scalar& T, const Scalar& Qs,
                      const Scalar& C, const Scalar& W) {
    const Scalar g_on = W * a.on - C / Qs, g_off = W * a.off;
    const Scalar mean = Qs * a.on * g_on + (T - Qs) * a.off * g_off;
    return a.on * (g_on - mean) - a.off * (g_off - mean);
}

template <class Scalar> struct softmax_state { Scalar d, alphaV; };

/// One simultaneous step of size eta.
/// Claim    scb.softmax.table.
template <elementary Scalar>
softmax_state<Scalar> softmax_step(const sizes<Scalar>& c, const Scalar& Qs,
                                   const softmax_state<Scalar>& z, const Scalar& eta) {
    using std::exp;
    const attention<Scalar> a = attended(Scalar(exp(z.d)), c.T, Qs);
    const Scalar W = c.KP * z.alphaV * z.alphaV;
    const auto velocity = manifold_velocity(c, z.alphaV, a.alphaA(c.T));
    return {z.d - eta * logit_gradient(a, c.T, Qs, Scalar(c.KP * z.alphaV), W),
            z.alphaV + eta * velocity[0]};
}

/// (alphaA, alphaV, n E) after n steps from d = alphaV = 0, in balls; parameters KP, T, Qs, eta, n.
ball_closure softmax_orbit();
/// n E after n steps at KP, T, Qs, eta, in midpoints: rounded at every step, not enclosed.
ball softmax_excess(const arguments& at, std::int64_t n, std::int64_t bits);
/// @throws std::invalid_argument unless KP, eta > 0, T > Qs > 0 and n is in 0 .. 10^6.
void check_softmax(const arguments& at);

} // namespace flowproof::scb
