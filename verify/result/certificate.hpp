#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "theory/core/outcome.hpp"

namespace flowproof {

/// What a verdict rests on, in a form that can be checked again without this program: exact
/// numbers, tape texts, instances. The envelope is versioned here, payloads by their kind.
struct certificate {
    static constexpr int version = 1;
    std::string kind;                ///< of the obligation: "identity", ...
    int payload_version = 1;         ///< of this kind's payload
    std::vector<std::string> domain; ///< conditions and listed restrictions, in words
    std::optional<coverage> covers;  ///< of the evidence; none where there is none
    /// A tape's fingerprint is its text; a closure's the hash of its exact outputs.
    std::string fingerprint;
    std::string control; ///< twins rejected, or the control claim
    /// Ordered entries: ("left", tape text), ("instance R0", "V = [[...]]"), ("value R0", "...").
    std::vector<std::pair<std::string, std::string>> payload;
};

} // namespace flowproof
