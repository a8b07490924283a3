#pragma once

#include <array>
#include <cmath>

#include "theory/scb/reduced.hpp"

/// How training leaves the origin: the linear flow there, and the time it takes.
/// Notation: theory/scb/README.md.
namespace flowproof::scb {

/// d = r_+ - r_-, the eigenvalues of [[-1/T, K_Q], [K_P, 0]] being r_+-.
/// Domain   K_P, K_Q, T > 0.
template <elementary Scalar> Scalar linear_gap(const sizes<Scalar>& c) {
    using std::sqrt;
    return sqrt(1 / (c.T * c.T) + 4 * c.KP * c.KQ);
}
/// (r_+, r_-) = (-1/T +- d)/2.
template <elementary Scalar>
std::array<Scalar, 2> linear_rates(const sizes<Scalar>& c, const Scalar& d) {
    return {(d - 1 / c.T) / 2, -(d + 1 / c.T) / 2};
}

/// The flow linearised at the origin: alphaV' = (1 - alphaV)/T + K_Q alphaA, alphaA' = K_P alphaV.
template <field Scalar>
std::array<Scalar, 2> linear_velocity(const sizes<Scalar>& c, const Scalar& alphaV,
                                      const Scalar& alphaA) {
    return {(1 - alphaV) / c.T + c.KQ * alphaA, c.KP * alphaV};
}

/// (alphaV, alphaA) of the linearised flow at time t from (0, 0), d being linear_gap(c):
///     alphaV = (e^{r_+ t} - e^{r_- t}) / (T d),
///     alphaA = [(r_+ e^{r_- t} - r_- e^{r_+ t}) / d - 1] / (T K_Q).
/// Claim    scb.early. Domain K_P, K_Q, T > 0.
template <elementary Scalar>
std::array<Scalar, 2> linear_escape(const sizes<Scalar>& c, const Scalar& d, const Scalar& t) {
    using std::exp;
    const auto [plus, minus] = linear_rates(c, d);
    const Scalar up = exp(plus * t), down = exp(minus * t);
    return {(up - down) / (c.T * d), ((plus * down - minus * up) / d - 1) / (c.T * c.KQ)};
}

/// What the two-term formula of the hitting time is made of.
template <class Scalar> struct escape_constants {
    Scalar lead;       ///< 1/omega, the factor of log T
    Scalar omega;      ///< sqrt(K_P K_Q)
    Scalar l;          ///< ln(2 T K_P^{1/4} K_Q^{3/4})
    Scalar root_kappa; ///< (K_P/K_Q)^{1/4}
};
/// Domain   K_P, K_Q, T > 0.
template <elementary Scalar> escape_constants<Scalar> escape(const sizes<Scalar>& c) {
    using std::log, std::sqrt;
    const Scalar omega = sqrt(c.KP * c.KQ), root_kappa = sqrt(sqrt(c.KP / c.KQ));
    return {1 / omega, omega, log(2 * c.T * omega / root_kappa), root_kappa};
}

/// First time with p = theta from (0, 0), up to O(log T / T^2), after division by
/// lead for the first term and by omega for the second:
///     l + ln(theta/(1-theta))/2 and
///     {2 l - 1 - (K_P/K_Q)^{1/4} F(sqrt theta) + ln(theta/(1-theta)) + 1/(1-theta) - 1}/(4 omega
///     T), F(x) = 2 [-1/x + x/(2 (1 - x^2)) + 3/4 ln((1 + x)/(1 - x))].
/// Claim    scb.tau. Domain 0 < theta < 1.
template <elementary Scalar>
Scalar two_term_time(const escape_constants<Scalar>& e, const Scalar& T, const Scalar& theta) {
    using std::log, std::sqrt;
    const Scalar x = sqrt(theta), rest = 1 - theta;
    const Scalar odds = log(theta / rest);
    const Scalar F = 2 * (x / (2 * rest) - 1 / x + rational(3, 4) * log((1 + x) / (1 - x)));
    const Scalar second = 2 * e.l - 1 - e.root_kappa * F + odds + 1 / rest - 1;
    return e.lead * (e.l + odds / 2) + second / (4 * e.omega * e.omega * T);
}

/// The same at theta = 1/2, where F = 3 ln(1 + sqrt 2) - sqrt 2:
///     l/omega + [2 l - (K_P/K_Q)^{1/4} (3 ln(1 + sqrt 2) - sqrt 2)] / (4 omega^2 T).
template <elementary Scalar>
Scalar two_term_half_time(const escape_constants<Scalar>& e, const Scalar& T,
                          const Scalar& root_two) {
    using std::log;
    const Scalar F = 3 * log(1 + root_two) - root_two;
    return e.lead * e.l + (2 * e.l - e.root_kappa * F) / (4 * e.omega * e.omega * T);
}

} // namespace flowproof::scb
