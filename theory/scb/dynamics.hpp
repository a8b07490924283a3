#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "numerics/scalar/expr.hpp"
#include "theory/core/obligation.hpp"
#include "theory/scb/reduced.hpp"

/// Numbers asked of the reduced flow. Along it u = alphaV and v = alphaA (and dV, dA for the
/// off-manifold energies); the parameters alphaV, alphaA (deltaV, deltaA) are where it starts.
namespace flowproof::scb {

/// The variables of one tape; a name enters when it is first used.
class letters {
public:
    expr operator[](const std::string& name);
    expr p() { return (*this)["u"] * (*this)["v"]; }
    sizes<expr> instance() { return {(*this)["KP"], (*this)["KQ"], (*this)["T"]}; }
    /// A constant to which sqrt, log, ... may be applied.
    expr constant(const rational& q) { return recorder_.constant(q); }
    tape finish(const std::vector<expr>& outputs) const { return recorder_.finish(outputs); }

private:
    recorder recorder_;
    std::map<std::string, expr> known_;
};

/// Outputs of one tape, written with letters.
using writing = std::function<std::vector<expr>(letters&)>;
tape written(const writing& outputs);

writing from(rational alphaV, rational alphaA);
std::vector<expr> from_parameters(letters& x); ///< (alphaV, alphaA)
std::vector<expr> manifold_flow(letters& x);   ///< (u', v') on the manifold
std::vector<expr> undriven_flow(letters& x);   ///< the same without the terms in 1/T

/// What is asked of a planar flow; see flow_value.
struct planar {
    writing observed;
    writing start = from(rational(0), rational(0));
    writing until{};   ///< none: to the time t
    writing horizon{}; ///< with `until`; none: long enough for any landing, see dynamics.cpp
    writing velocity = manifold_flow;
};
/// On K_P, K_Q, T > 0 as far as these occur.
flow_value ask(const planar& what);

/// (alphaV, alphaA, E) at time t.
flow_value orbit(const writing& start = from_parameters);
/// (alphaV, alphaA, deltaV, deltaA, excess loss) at time t, off the manifold.
flow_value orbit_4d();
/// Observed at the first time with p = theta; from (alphaV, alphaA) or another start.
flow_value at_level(const writing& observed, const writing& start = from_parameters);
/// Observed at the first exit from {alphaV < 1, p < 1}.
flow_value at_exit(const writing& observed, const writing& start = from_parameters);
/// alphaV - p at the first exit: positive if alphaV crosses 1 first, negative if p does.
expr exit_sign(letters& x);

/// Observed at the first time with E = epsilon, from (0, 0): omega t / ln(T/epsilon), and the rate
/// -E'/E of the excess over 2 |lambda_slow|.
flow_value at_excess();

/// The separatrix of the two basins on the axis alphaA = 0, from (0, -1/(T K_Q)) along its stable
/// manifold backward in time. Observed there: alphaV, T omega alphaV.
/// Accuracy starts on the tangent at a relative distance of 10^-60 of the saddle; the curvature
///          that is left out enters squared, so 100 digits and more need a nearer start.
flow_value separatrix();
/// (alphaV, alphaA) at time t, to be taken negative: on the separatrix, from the point
/// z* + alphaV (1, K_P/lambda_-) of its tangent at the saddle, up to O(alphaV^2).
flow_value saddle_branch();
/// (tau_theta - two_term_time) T^2 from (0, 0).
flow_value residual_of_two_terms();
/// Which side of the separatrix a start with alphaV < 0 lies on: followed until alphaV = 0 (towards
/// (1, 1)) or alphaA = -1 (away); observed: alphaA + 1/(T K_Q), positive or negative, and alphaV.
/// Domain   T K_Q > 1.
flow_value basin_side(const writing& start = from_parameters);

/// The first rows of a table: enough of a twin, which falls by one.
flow_table first_rows(flow_table table, std::size_t count);

/// |x| <= size, and the instance as arguments: for rows of tables.
bounds within(const rational& size);
arguments instance_at(const sizes<rational>& c);

/// The K_P at which a run from (0, 0) passes from crossing alphaV = 1 to crossing p = 1.
flow_root overshoot_threshold();

} // namespace flowproof::scb
