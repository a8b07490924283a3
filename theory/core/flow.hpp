#pragma once

#include <string>
#include <variant>
#include <vector>

#include "numerics/scalar/formula.hpp"
#include "theory/core/arguments.hpp"

namespace flowproof {

/// A number asked of a flow: stated here as tapes, computed by verify.
///
///     y' = velocity(y, parameters),   y(0) = start(parameters)
///
/// is followed to the time t, a parameter, or to the first zero of `until` after t = 0; there
/// `observed` is evaluated. Tapes name their variables: a name is a state, the time t, or else a
/// parameter, and every tape takes those that it needs.
struct flow_value {
    std::vector<std::string> states; ///< in the order of velocity's outputs; "t" is not one of them
    tape velocity;                   ///< over states and parameters, one output a state
    tape start;                      ///< over parameters, one output a state
    tape observed;                   ///< over states, parameters and t: the value, row by row
    /// Over states, parameters and t: one output, whose first change of sign at a time > 0 is
    /// looked for. No outputs: the flow is followed to the parameter t, which may be negative.
    tape until{};
    tape horizon{}; ///< with `until`: over parameters, the time after which the search gives up
    /// Conditions on the parameters (and t), over any of them.
    tape domain{};
    std::vector<relation> relations{};
    std::vector<std::string> words{};
    /// What the request itself leaves out: "terms of second order at the start". Its numbers are
    /// then estimates of what is meant, however well the flow is followed, and never enclosures.
    std::string neglects{};
};

/// The value of one parameter at which the first observed output of a flow changes sign.
struct flow_root {
    flow_value of;
    std::string parameter; ///< looked for; the other parameters are given
    tape low, high;        ///< over the other parameters: a bracket; one output each
};

using flow_request = std::variant<flow_value, flow_root>;

/// Names of what must be given, in order of first mention in velocity, start, observed, until,
/// horizon, domain: the parameters, and t where it is the end.
std::vector<std::string> parameters_of(const flow_value& request);
std::vector<std::string> parameters_of(const flow_root& request);
std::vector<std::string> parameters_of(const flow_request& request);

} // namespace flowproof
