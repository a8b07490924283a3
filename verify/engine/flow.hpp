#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "theory/core/obligation.hpp"

/// Numbers asked of flows: estimates, which prove nothing, and enclosures.
namespace flowproof {

/// What one number asked of a flow may cost.
struct flow_budget {
    std::int64_t max_steps = 100'000;        ///< of one integration
    const std::atomic<bool>* stop = nullptr; ///< set by Ctrl-C
};

/// A number asked of a flow, with what two integrations say of its error.
struct flow_estimate {
    matrix<rational> value; ///< empty if there is a failure
    /// Of each entry: the difference of the two integrations, the rounding of `observed`, and
    /// 10^-digits of the value, digits being those of the coarser one.
    matrix<rational> error;
    std::string failure{};  ///< why there is no value: "blow-up near t = 1.00", ...; else empty
    std::string cure{};     ///< of a failure
    std::int64_t steps = 0; ///< of the finer integration (of the last one for a root)
    int digits = 0;         ///< asked of each step of the finer integration
};

/// Integrates twice: each step to `digits` digits, and again to eight more with a Taylor order
/// four higher than that needs. The value is that of the second.
///
/// A root is looked for by bracketing in both, the second time near the first one's.
/// @param at  a value for each of parameters_of(request); others are ignored.
/// @throws std::invalid_argument for missing values, tapes that do not fit and violated conditions
///         of the domain, naming them; `interrupted` at the stop flag.
flow_estimate estimate(const flow_request& request, const arguments& at, int digits,
                       const flow_budget& budget = {});

/// A number asked of a flow, enclosed.
struct flow_enclosure {
    matrix<ball> value;     ///< empty if there is a failure
    std::string failure{};  ///< why there is no value
    std::string cure{};     ///< of a failure
    std::int64_t steps = 0; ///< of the last integration
    int digits = 0;         ///< asked of the enclosure at the end
    /// Writes that these outputs lie within these bounds, in the format of verify/check/README.md;
    /// empty where that format does not reach: roots, inexact starts, errors carried by frames.
    std::function<std::string(const std::vector<std::pair<std::size_t, bounds>>&)> certificate{};
};

/// Follows the flow with a validated integrator. A root is a bracket at whose ends the observed
/// output certainly has different signs.
/// @param at  as for estimate.
/// @throws as estimate.
flow_enclosure enclose(const flow_request& request, const arguments& at, int digits,
                       const flow_budget& budget = {});

/// Lower and upper bounds of one observed output.
struct flow_band {
    rational from, to; ///< of the time
    double lower, upper;
};

/// One band between each two neighbouring times (increasing, from 0 on) that holds for all of it
/// and for all parameters in the box, by one integration with these as symbols.
/// @param output  of `observed`, which must be a state.
/// @throws std::invalid_argument as above, for a request with an event, and for an output that is
///         no state; std::runtime_error where the flow is not enclosed up to the last time.
std::vector<flow_band> enclose_along(const flow_value& request, const std::vector<side>& box,
                                     const arguments& at, const std::vector<rational>& times,
                                     std::size_t output);

/// The observed outputs, in double, at each of the times, from one integration with dense output.
/// A time that the flow does not reach gives NaN.
/// @throws std::invalid_argument as above, and for a request with an event.
std::vector<std::vector<double>> evaluate_along(const flow_value& request, const arguments& at,
                                                const std::vector<rational>& times,
                                                const flow_budget& budget = {});

} // namespace flowproof
