#pragma once

#include <initializer_list>
#include <vector>

#include "numerics/scalar/rational.hpp"

namespace flowproof::support {

/// {"1/2", "0.5"} exactly.
inline std::vector<rational> rationals(std::initializer_list<const char*> texts) {
    std::vector<rational> result;
    for (const char* text : texts)
        result.push_back(rational::parse(text));
    return result;
}

} // namespace flowproof::support
