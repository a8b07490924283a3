#pragma once

#include <array>
#include <cmath>

#include "numerics/scalar/concept.hpp"

/// Flows with a closed form, one function each; conventions and tables: theory/flows/README.md.
///
/// Every template takes any scalar of its rung: recorded as a tape it is the statement of a claim,
/// in balls it encloses, in double it computes. Domains are conditions of the quantities of the
/// same name; outside them a ball is not finite. Time is in units of 1 / rate.
namespace flowproof::flows {

// 1. Linear, two dimensions. Claim flows.linear2.

/// z' = M z + b.
template <class Scalar> struct affine2 {
    Scalar m11, m12, m21, m22, b1, b2;

    Scalar trace() const { return m11 + m22; }
    Scalar determinant() const { return m11 * m22 - m12 * m21; }
    /// trace^2 - 4 determinant: positive for distinct real eigenvalues.
    Scalar discriminant() const { return trace() * trace() - 4 * determinant(); }
    std::array<Scalar, 2> velocity(const std::array<Scalar, 2>& z) const {
        return {m11 * z[0] + m12 * z[1] + b1, m21 * z[0] + m22 * z[1] + b2};
    }
};

/// The larger and the smaller root of lambda^2 - trace lambda + determinant.
/// Domain   discriminant >= 0.
/// Accuracy double: the root nearer to 0 loses the digits that trace and root of the discriminant
///          share; a ball widens by them.
template <elementary Scalar> std::array<Scalar, 2> eigenvalues(const affine2<Scalar>& flow) {
    using std::sqrt;
    const Scalar root = sqrt(flow.discriminant());
    return {(flow.trace() + root) / 2, (flow.trace() - root) / 2};
}

/// The state at time t of z' = M z + b from z(0) = start, with r = M start + b:
///
///     z(t) = start + [f(l1) (M - l2) r - f(l2) (M - l1) r] / (l1 - l2),   f(l) = (e^(l t) - 1)/l,
///
/// which is Lagrange's form of start + M^-1 (e^(M t) - 1) r.
/// @param eigenvalue  both eigenvalues of M, distinct, none 0.
template <elementary Scalar>
std::array<Scalar, 2> linear2(const affine2<Scalar>& flow, const std::array<Scalar, 2>& eigenvalue,
                              const std::array<Scalar, 2>& start, const Scalar& t) {
    using std::exp;
    const Scalar &l1 = eigenvalue[0], &l2 = eigenvalue[1];
    const Scalar f1 = (exp(l1 * t) - 1) / l1, f2 = (exp(l2 * t) - 1) / l2;
    const auto [r1, r2] = flow.velocity(start);
    const Scalar Mr1 = flow.m11 * r1 + flow.m12 * r2, Mr2 = flow.m21 * r1 + flow.m22 * r2;
    const auto moved = [&](const Scalar& z, const Scalar& Mr, const Scalar& r) {
        return Scalar(z + (f1 * (Mr - l2 * r) - f2 * (Mr - l1 * r)) / (l1 - l2));
    };
    return {moved(start[0], Mr1, r1), moved(start[1], Mr2, r2)};
}
/// Domain   distinct real eigenvalues, none of them 0: discriminant > 0, determinant != 0; every t.
template <elementary Scalar>
std::array<Scalar, 2> linear2(const affine2<Scalar>& flow, const std::array<Scalar, 2>& start,
                              const Scalar& t) {
    return linear2(flow, eigenvalues(flow), start, t);
}

// 2. Logistic. Claim flows.logistic.

/// p0 / p(t) of logistic: positive exactly as long as the flow exists.
template <elementary Scalar>
Scalar logistic_denominator(const Scalar& r, const Scalar& p0, const Scalar& t) {
    using std::exp;
    return p0 + (1 - p0) * exp(-(r * t));
}

/// p(t) of p' = r p (1 - p), p(0) = p0:
///
///     p(t) = p0 / (p0 + (1 - p0) e^(-r t)),
///
/// in which no term grows with r t: a large time cannot overflow.
/// Domain   p0 + (1 - p0) e^(-r t) > 0: every t for 0 <= p0 <= 1, else until the blow-up.
/// Accuracy double: relative error below 6 2^-53 for 0 < p0 < 1, |r t| <= 30 and r t exact (3.7
/// 2^-53
///          measured); rounding r t adds up to |r t| 2^-53. At p0 = 0 it fails, 0/0, from r t =
///          746.
template <elementary Scalar> Scalar logistic(const Scalar& r, const Scalar& p0, const Scalar& t) {
    return p0 / logistic_denominator(r, p0, t);
}

// 3. and 4. Two factors: u' = KQ v (1 - u v), v' = KP u (1 - u v).

template <field Scalar>
std::array<Scalar, 2> product_velocity(const Scalar& KP, const Scalar& KQ, const Scalar& u,
                                       const Scalar& v) {
    const Scalar gap = 1 - u * v;
    return {KQ * v * gap, KP * u * gap};
}

/// c = KP u^2 - KQ v^2, conserved. Claim flows.product.conserved.
template <ring Scalar>
Scalar product_balance(const Scalar& KP, const Scalar& KQ, const Scalar& u, const Scalar& v) {
    return KP * u * u - KQ * v * v;
}

/// omega = sqrt(KP KQ). Domain KP KQ >= 0.
template <elementary Scalar> Scalar product_omega(const Scalar& KP, const Scalar& KQ) {
    using std::sqrt;
    return sqrt(KP * KQ);
}

/// (u, v) at time t from the balanced start (u0, kappa u0), kappa = sqrt(KP/KQ) = omega/KQ, at the
/// given logistic rate, which is 2 omega: with p0 = kappa u0^2,
///
///     u = u0 sqrt(1 / (p0 + (1 - p0) e^(-rate t))),   v = kappa u,   u v = logistic(rate, p0, t).
template <elementary Scalar>
std::array<Scalar, 2> balanced_product(const Scalar& KP, const Scalar& KQ, const Scalar& rate,
                                       const Scalar& u0, const Scalar& t) {
    using std::sqrt;
    const Scalar kappa = product_omega(KP, KQ) / KQ, p0 = kappa * u0 * u0;
    const Scalar u = u0 * sqrt(1 / logistic_denominator(rate, p0, t));
    return {u, kappa * u};
}
/// Claim    flows.product.balanced.
/// Domain   KP > 0, KQ > 0, any u0; p0 + (1 - p0) e^(-2 omega t) > 0, which holds for t >= 0.
template <elementary Scalar>
std::array<Scalar, 2> balanced_product(const Scalar& KP, const Scalar& KQ, const Scalar& u0,
                                       const Scalar& t) {
    return balanced_product(KP, KQ, Scalar(2 * product_omega(KP, KQ)), u0, t);
}

/// R = sqrt(4 omega^2 + c^2): the rate at which the flow lands on u v = 1, where
/// KP u^2 + KQ v^2 = R. Claim flows.product.landing.
template <elementary Scalar>
Scalar landing_rate(const Scalar& KP, const Scalar& KQ, const Scalar& c) {
    using std::sqrt;
    return sqrt(4 * KP * KQ + c * c);
}

/// (u, v) where the flow with balance c lands:
///     u^2 = (R + c) / (2 KP),   v^2 = (R - c) / (2 KQ),   both positive.
template <elementary Scalar>
std::array<Scalar, 2> landing_point(const Scalar& KP, const Scalar& KQ, const Scalar& c) {
    using std::sqrt;
    const Scalar R = landing_rate(KP, KQ, c);
    return {sqrt((R + c) / (2 * KP)), sqrt((R - c) / (2 * KQ))};
}

/// The unbalanced flow along its ray coordinate z = (sqrt(KP) u + sqrt(KQ) v)^2 = |c| y, which
/// obeys
///
///     z' = -(z - high)(z - low) / 2,   high = 2 omega + R,   low = 2 omega - R = -c^2 / high,
///
/// and turns logistic, z = 4 omega p, as c -> 0: nothing is divided by c, and its sign enters only
/// through u and v. Claim flows.product.unbalanced.
template <elementary Scalar> struct product_ray {
    Scalar R, high, low;

    product_ray(const Scalar& omega, const Scalar& c, const Scalar& rate)
        : R(rate), high(2 * omega + R), low(-(c * c) / high) {}

    /// z(0) - low + (high - z(0)) e^(-R t); positive where the flow exists.
    Scalar denominator(const Scalar& z0, const Scalar& t) const {
        using std::exp;
        return z0 - low + (high - z0) * exp(-(R * t));
    }
    /// z(t) / z(0) = 1 + (high - z0)(1 - low/z0)(1 - e^(-R t)) / denominator; positive where the
    /// flow exists. No term grows with t.
    Scalar growth(const Scalar& z0, const Scalar& t) const {
        using std::exp;
        return 1 + (high - z0) * (1 - low / z0) * (1 - exp(-(R * t))) / denominator(z0, t);
    }
};

/// z of the state: KP (u + v/kappa)^2, 1/kappa = omega/KP.
template <elementary Scalar>
Scalar product_z(const Scalar& KP, const Scalar& KQ, const Scalar& u, const Scalar& v) {
    const Scalar x = u + v * product_omega(KP, KQ) / KP;
    return KP * x * x;
}

/// (u, v) at time t from (u0, v0), at the given rate, which is landing_rate: with x = u + v/kappa,
/// y = u - v/kappa and c = KP x y,
///
///     x(t) = x0 g,   y(t) = y0 / g,   g = sqrt(z(t)/z(0)).
template <elementary Scalar>
std::array<Scalar, 2> unbalanced_product(const Scalar& KP, const Scalar& KQ, const Scalar& rate,
                                         const Scalar& u0, const Scalar& v0, const Scalar& t) {
    using std::sqrt;
    const Scalar omega = product_omega(KP, KQ), over_kappa = omega / KP;
    const product_ray<Scalar> ray(omega, product_balance(KP, KQ, u0, v0), rate);
    const Scalar g = sqrt(ray.growth(product_z(KP, KQ, u0, v0), t));
    const Scalar x = (u0 + v0 * over_kappa) * g, y = (u0 - v0 * over_kappa) / g;
    return {(x + y) / 2, (x - y) / (2 * over_kappa)};
}
/// Claim    flows.product.unbalanced.
/// Domain   KP > 0, KQ > 0, sqrt(KP) u0 + sqrt(KQ) v0 != 0 (u v may have either sign, and u0 v0 > 1
///          is allowed); growth and denominator of product_ray positive, which holds for t >= 0.
template <elementary Scalar>
std::array<Scalar, 2> unbalanced_product(const Scalar& KP, const Scalar& KQ, const Scalar& u0,
                                         const Scalar& v0, const Scalar& t) {
    const Scalar rate = landing_rate(KP, KQ, product_balance(KP, KQ, u0, v0));
    return unbalanced_product(KP, KQ, rate, u0, v0, t);
}

/// The time from (u0, v0) to u v = p, negative if it lies in the past:
///
///     (1/R) ln[ (z_p - low)(high - z_0) / ((high - z_p)(z_0 - low)) ],
///     z_p = 2 omega p + sqrt(4 omega^2 p^2 + c^2).
///
/// Claim    flows.product.time.
/// Domain   KP > 0, KQ > 0, 0 < p < 1, u0 v0 < 1, sqrt(KP) u0 + sqrt(KQ) v0 > 0.
template <elementary Scalar>
Scalar product_time(const Scalar& KP, const Scalar& KQ, const Scalar& u0, const Scalar& v0,
                    const Scalar& p) {
    using std::log, std::sqrt;
    const Scalar omega = product_omega(KP, KQ), c = product_balance(KP, KQ, u0, v0);
    const product_ray<Scalar> ray(omega, c, landing_rate(KP, KQ, c));
    const Scalar z0 = product_z(KP, KQ, u0, v0), half = 2 * omega * p;
    const Scalar z = half + sqrt(half * half + c * c);
    return log((z - ray.low) * (ray.high - z0) / ((ray.high - z) * (z0 - ray.low))) / ray.R;
}

// 5. The drift along the valley u v = 1. Claim flows.valley.

/// du/ds = KP u^4 (1 - u) / (KP u^4 + KQ).
template <field Scalar>
Scalar valley_velocity(const Scalar& KP, const Scalar& KQ, const Scalar& u) {
    const Scalar u4 = u * u * u * u;
    return KP * u4 * (1 - u) / (KP * u4 + KQ);
}

/// G(u) with s = G(u(s)) - G(u(0)) along the valley flow: with m = KQ/KP,
///
///     G(u) = -(1 + m) ln|1 - u| + m [ln u - 1/u - 1/(2 u^2) - 1/(3 u^3)].
///
/// Written with ln|1 - u| = ln((1 - u)^2)/2, so that one formula serves both sides of u = 1.
/// Domain   KP > 0, KQ > 0, u > 0, u != 1.
template <elementary Scalar>
Scalar valley_clock(const Scalar& KP, const Scalar& KQ, const Scalar& u) {
    using std::log;
    const Scalar m = KQ / KP, gap = 1 - u, w = 1 / u;
    return m * (log(u) - w * (1 + w * (rational(1, 2) + w / 3))) - (1 + m) * log(gap * gap) / 2;
}

} // namespace flowproof::flows
