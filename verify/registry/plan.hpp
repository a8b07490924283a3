#pragma once

#include <string>
#include <vector>

#include "theory/core/paper.hpp"
#include "verify/registry/select.hpp"

/// What a run decides, and whether it can.
namespace flowproof {

struct planned {
    selected_claim which;
    bool selected; ///< asked for; otherwise only somebody's control
};

/// The selected claims and their controls, in registry order.
std::vector<planned> plan(const std::vector<paper>& papers,
                          const std::vector<selected_claim>& selected);

/// @throws std::invalid_argument for a name that is no parameter of any selected claim.
void check_set(const std::vector<selected_claim>& selected, const arguments& set);

/// What makes a claim unfit to be decided; empty if nothing does.
std::string malformed(const claim& c, const std::vector<paper>& papers);

} // namespace flowproof
