#pragma once

#include <atomic>
#include <cstdint>

#include "theory/core/paper.hpp"
#include "verify/result/certificate.hpp"
#include "verify/result/verdict.hpp"

namespace flowproof {

/// What an engine may use. Deterministic: budgets are counted in work, never in seconds.
struct engine_context {
    const paper* from = nullptr; ///< where `sample` finds its experiment
    profile level = profile::quick;
    int digits = 30;        ///< relative accuracy asked of numeric results that are not exact
    std::uint64_t seed = 1; ///< of this obligation: derived from the run's seed and the claim's id
    arguments set{};        ///< --set: check at the user's instance instead of the claim's own
    const std::atomic<bool>* stop = nullptr; ///< set by Ctrl-C; long loops look at it
    bool rounding_trusted =
        true; ///< the rounding self-test passed; without it nothing rigorous is said
};

struct decision {
    verdict result;
    certificate proof;
};

/// Thrown inside a long loop when the stop flag is seen. The claim is then not run.
struct interrupted {};

/// Decides one obligation with the engine of its kind. Never throws but `interrupted`: an exception
/// inside a check becomes the outcome `error`, misuse of --set included in its message.
decision decide(const obligation& what, const engine_context& context);

} // namespace flowproof
