#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "theory/core/paper.hpp"

namespace flowproof {

/// Does the id match the glob (* any run of characters, ? one)?
bool matches(std::string_view pattern, std::string_view id);

struct selected_claim {
    const paper* from;
    const claim* what;
};

/// The claims that match any of the patterns, in registry order; all for no patterns.
/// @throws std::invalid_argument for a pattern that matches nothing, with the nearest ids.
std::vector<selected_claim> select_claims(const std::vector<paper>& papers,
                                          const std::vector<std::string>& patterns);

/// The quantity with this id. @throws std::invalid_argument with the nearest ids.
const quantity& find_quantity(const std::vector<paper>& papers, std::string_view id);

/// Up to `count` candidates nearest to the word by edit distance, nearest first; none too far off.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates,
                                 std::size_t count = 3);

} // namespace flowproof
