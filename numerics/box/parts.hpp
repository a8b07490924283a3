#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/poly/point_search.hpp"
#include "numerics/scalar/rational.hpp"

namespace flowproof {

/// One of the 2^halvings equal parts of a side, with doubles around its exact rational ends. A box
/// is a std::vector of them.
struct side_part {
    std::uint64_t index = 0; ///< counted from the lower end
    std::int32_t halvings = 0;
    double lower_down = 0, lower_up = 0; ///< around the lower end; equal if it is a double
    double upper_down = 0, upper_up = 0;

    interval<double> range() const { return {lower_down, upper_up}; }
    interval<double> lower() const { return {lower_down, lower_up}; }
    interval<double> upper() const { return {upper_down, upper_up}; }
};

/// A box with rational sides, and its parts by repeated halving at exact midpoints.
class halved_box {
public:
    /// @throws std::invalid_argument if the box is empty, a side has lower > upper or does not fit
    ///         into doubles, or a variable is named twice; `who` begins the message.
    halved_box(std::string_view who, std::vector<variable_range> sides);

    const std::vector<variable_range>& sides() const { return sides_; }
    std::size_t index_of(std::string_view variable) const; ///< sides().size() if there is none
    std::vector<side_part> whole() const;
    /// Has this part of side j two halves? Not if its ends are equal or it is a 2^-60 of the side.
    bool splits(std::size_t j, const side_part& part) const;
    /// The lower (0) or upper (1) half.
    side_part half(std::size_t j, const side_part& part, int which) const;
    rational lower(std::size_t j, const side_part& part) const;
    rational upper(std::size_t j, const side_part& part) const;
    rational middle(std::size_t j, const side_part& part) const;
    std::vector<variable_range> exactly(std::span<const side_part> box) const;

private:
    std::vector<variable_range> sides_;
    std::vector<rational> widths_;
};

/// "a in [0, 1/2], b = 3": sides with equal ends are values.
std::string printed(std::span<const variable_range> box);

} // namespace flowproof
