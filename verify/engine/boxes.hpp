#pragma once
// What the engines of statements over boxes share.

#include <string>
#include <vector>

#include "numerics/poly/point_search.hpp"
#include "theory/core/obligation.hpp"
#include "verify/engine/engine.hpp"

namespace flowproof {

std::vector<variable_range> ranges_of(const std::vector<side>& box);
/// Boxes that an engine may look at: 100 thousand, 10 and 40 times as many in the larger profiles.
std::size_t parts_allowed(profile p);
/// "a larger profile (now quick)", or what to do when there is none.
std::string more_parts(profile p);
/// Lines "tree ..." of at most about 100 characters.
std::string tree_lines(const std::string& tokens);

} // namespace flowproof
