#pragma once

#include <cstdint>

#include "theory/core/paper.hpp"

namespace flowproof {

/// The quantity's defaults with the user's values in their place.
/// @throws std::invalid_argument for names that are no parameters, values that are missing, wrong
///         shapes and violated conditions, naming them.
arguments complete_arguments(const quantity& q, const arguments& set);

/// Enclosures of all entries at complete arguments, at one working precision. Entries that the
/// precision does not reach are not finite; so is everything while the domain is not certain.
/// @throws std::invalid_argument for a violated domain; std::logic_error for a number asked of a
///         flow, which is estimated instead (verify/engine/flow.hpp).
matrix<ball> enclose(const quantity& q, const arguments& at, std::int64_t bits);

} // namespace flowproof
