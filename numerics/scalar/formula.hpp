#pragma once

#include "numerics/scalar/expr.hpp"

#include <string>
#include <vector>

namespace flowproof {

/// What a domain condition asks of its left-hand side.
enum class relation { positive, nonnegative, nonzero };

/// A branch-free formula and, beside it, the conditions under which it means something.
struct formula {
    tape value;
    tape domain; ///< one output per condition, over the same variables
    std::vector<relation> relations;
    std::vector<std::string> words; ///< "KP > 0"
};

} // namespace flowproof
