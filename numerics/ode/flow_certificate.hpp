#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "numerics/ode/enclose.hpp"
#include "numerics/scalar/rational.hpp"
#include "numerics/scalar/tape.hpp"

namespace flowproof::rigorous {

/// What a kept run proves of a flow with exact start and parameters.
struct flow_statement {
    struct value {
        std::size_t output; ///< of observed
        std::optional<rational> lower, upper;
    };
    tape velocity; ///< over states, then parameters
    tape observed; ///< over states, parameters and t
    std::optional<tape> event;
    std::vector<rational> start, parameters;
    std::vector<value> values; ///< at the end, or over the crossing
};

/// The certificate `flow` (verify/check/README.md): the steps with their claims, from which the
/// statement can be checked again without this integrator.
/// @param run  reached, or crossed if there is an event; with its path, moved by transport::norm.
/// @throws std::invalid_argument otherwise, and for wrong counts.
std::string flow_certificate(const flow_statement& statement, const tube<ball>& run);

} // namespace flowproof::rigorous
