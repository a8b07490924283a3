#pragma once

#include <string>

#include "verify/result/record.hpp"

namespace flowproof {

/// "14 claims: 9 proved, 2 certified, 3 refuted; all as expected", or how many went against their
/// expectation, came out weaker or stronger, or broke.
std::string totals(const run_record& record);

/// Twins that were rejected among those tried, or what stands in their place: "2/2",
/// "control scb.loss.population", "none".
std::string twins_rejected(const claim_record& claim);

/// "as expected", "against expectation", "weaker than expected", "stronger than expected"; of
/// claims that did not come to a verdict "broke" or "not run".
std::string standing(const claim_record& claim);

} // namespace flowproof
