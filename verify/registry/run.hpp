#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "theory/core/paper.hpp"
#include "verify/result/record.hpp"

namespace flowproof {

struct run_options {
    profile level = profile::quick;
    int digits = 30;
    std::uint64_t seed = 1;
    int threads = 0;     ///< 0: all cores
    arguments set{};     ///< --set, for every selected claim; twins keep their own instances
    bool figures = true; ///< evaluate the figures of the selected claims
    const std::atomic<bool>* stop = nullptr;
};

/// Told after each finished claim, from one thread at a time.
struct progress {
    std::size_t finished, total;
    const claim_record* last; ///< the claim just finished
    const run_info* run;      ///< how the run is made, so that a part of it can be kept
};

/// Decides the selected claims with their twins and controls in parallel and returns the record.
/// The record does not depend on the number of threads. A claim whose twin survives is undecided,
/// whatever its own check said. A claim above the profile is listed as not run. Claims are
/// isolated: what breaks in one becomes its own `error`. A control that was not selected is run as
/// well and joins the record. After the stop flag, finished claims are kept, the others are not
/// run.
/// @throws std::invalid_argument for patterns without a match and for --set names that no selected
///         claim knows.
run_record verify_claims(const std::vector<paper>& papers, const std::vector<std::string>& patterns,
                         const run_options& options,
                         const std::function<void(const progress&)>& tell = {});

} // namespace flowproof
