#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verify/engine/engine.hpp"
#include "verify/registry/plan.hpp"
#include "verify/result/record.hpp"

/// What a run records of one claim.
namespace flowproof {

/// All that is known before the claim is decided.
claim_record describe(const planned& p);

void not_run(claim_record& r, std::string reason, std::string cure);
void conclude(claim_record& r, const verdict& v);
/// Weighs the claim's own verdict against those of its twins: a check that does not reject them
/// has nothing to say. @param decided  own, then twins; none where interrupted. The proof is taken.
void conclude(claim_record& r, const claim& c, std::vector<std::optional<decision>>& decided);
/// A claim that is expected to fall says something only beside its corrected form, which holds.
void weigh_control(claim_record& r, const claim_record& control);

} // namespace flowproof
