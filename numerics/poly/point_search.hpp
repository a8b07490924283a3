#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "numerics/scalar/formula.hpp"
#include "numerics/scalar/rational.hpp"
#include "numerics/scalar/tape.hpp"

namespace flowproof {

/// Draw this variable from [lower, upper], ends included.
struct variable_range {
    std::string variable;
    rational lower;
    rational upper;
};

struct point_search_options {
    std::uint64_t seed = 1;  ///< equal seeds give equal points with every compiler
    std::size_t tries = 256; ///< points drawn, those outside the domain included
    std::int64_t bits = 512; ///< largest working precision of balls
    std::vector<variable_range> ranges;
    const std::atomic<bool>* stop = nullptr; ///< once set, the search ends
};

/// A point of the domain at which the two sides certainly differ.
struct difference_point {
    std::vector<std::pair<std::string, rational>> point; ///< every variable
    std::size_t output = 0;                              ///< the first output that differs there
    bool exact = false; ///< values are exact rationals; otherwise disjoint enclosures
    std::string left;   ///< value of that output
    std::string right;
    std::size_t tries = 0; ///< points drawn until then
};

/// Looks for a point with small rational coordinates that certainly satisfies every condition
/// and at which left and right certainly differ: integers and simple fractions, of both signs
/// or all positive, zeros now and then, or multiples of 1/16 of a range.
///
/// Rational tapes are evaluated exactly (in balls where the numbers would grow beyond a million
/// bits), others in balls of 64, 128, ... bits. A point counts only if every operation on it is
/// defined for certain and, in balls, both values lie between 2^-20000 and 2^20000 in size or are
/// 0. What is returned is therefore a proof that the sides differ; nothing
/// returned proves nothing.
/// @param conditions  one output a condition, over the variables of both sides.
/// @throws std::invalid_argument unless variables, shapes, conditions, relations and ranges fit.
std::optional<difference_point> find_difference(const tape& left, const tape& right,
                                                const tape& conditions,
                                                std::span<const relation> relations,
                                                const point_search_options& options = {});

} // namespace flowproof
