#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

#include "numerics/box/parts.hpp"
#include "numerics/scalar/formula.hpp"
#include "numerics/scalar/tape.hpp"

namespace flowproof {

/// Every output of `value` has its sign at all points of the box where all conditions hold.
struct sign_statement {
    tape value;
    std::vector<relation> signs;       ///< one an output
    tape domain{};                     ///< conditions
    std::vector<relation> relations{}; ///< one a condition
    std::vector<variable_range> box;   ///< all variables of both tapes, in any order
};

struct sign_options {
    std::size_t parts = 200'000;             ///< boxes looked at, those that are halved included
    const std::atomic<bool>* stop = nullptr; ///< once set, the search ends with `open`
};

struct sign_answer {
    enum class kind {
        holds, ///< every part has its leaf in `tree`
        fails, ///< at `point`
        open   ///< undecided on `part`, within the budget
    };
    kind is = kind::open;
    /// In preorder: "sJ" halves side J at its exact middle, lower half first. "o": some condition
    /// is certainly violated; "n", "c", "m": every output has its sign by the direct, centred or
    /// monotone form (bounded_function.hpp), or one before it in this order.
    std::string tree;
    std::size_t leaves = 0, outside = 0; ///< outside: leaves "o"
    int depth = 0;                       ///< halvings of the smallest part

    std::size_t output = 0;              ///< that fails or is open
    std::vector<variable_range> point{}; ///< sides with equal ends; for a sign that changes between
                                         ///< two points of a part: that part
    std::vector<variable_range> part{};  ///< that is open
    std::string value;                   ///< there, an exact number or an enclosure
    bool undefined = false;              ///< the output is not certainly defined on `part`
};

/// Subdivides the box until every part is decided: doubles first, rational ends where rounding is
/// in the way. A part is halved along the side with the largest share of |df/dx| width among what
/// is undecided there; the shares of sides that the monotone form has replaced are 0.
///
/// Deterministic: the same answer for any number of threads.
/// @throws std::invalid_argument unless signs, conditions, relations and sides fit.
sign_answer decide_signs(const sign_statement& what, const sign_options& options = {});

} // namespace flowproof
