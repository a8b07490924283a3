#include "numerics/box/parts.hpp"

#include <algorithm>
#include <stdexcept>

namespace flowproof {

namespace {

constexpr std::int32_t most_halvings = 60;

rational at(const rational& lower, const rational& width, std::uint64_t index,
            std::int32_t halvings) {
    return lower + width * rational(static_cast<std::int64_t>(index), std::int64_t{1} << halvings);
}

} // namespace

halved_box::halved_box(std::string_view who, std::vector<variable_range> sides)
    : sides_(std::move(sides)) {
    const auto refuse = [&](const std::string& rule) {
        throw std::invalid_argument(std::string(who) + ": " + rule);
    };
    if (sides_.empty()) refuse("the box has no sides");
    for (std::size_t j = 0; j < sides_.size(); ++j) {
        const variable_range& s = sides_[j];
        const std::string got = s.variable + " in [" + s.lower.str() + ", " + s.upper.str() + "]";
        if (s.lower > s.upper) refuse("a side needs lower <= upper, got " + got);
        if (!interval<double>::hull(s.lower, s.upper).is_bounded())
            refuse("a side must lie within the range of doubles, got " + got);
        if (index_of(s.variable) != j) refuse("variable " + s.variable + " has two sides");
        widths_.push_back(s.upper - s.lower);
    }
}

std::size_t halved_box::index_of(std::string_view variable) const {
    return static_cast<std::size_t>(
        std::find_if(sides_.begin(), sides_.end(),
                     [&](const variable_range& s) { return s.variable == variable; }) -
        sides_.begin());
}

std::vector<side_part> halved_box::whole() const {
    std::vector<side_part> result;
    for (const variable_range& s : sides_) {
        const interval<double> lower(s.lower), upper(s.upper);
        result.push_back({0, 0, lower.lower(), lower.upper(), upper.lower(), upper.upper()});
    }
    return result;
}

bool halved_box::splits(std::size_t j, const side_part& part) const {
    return part.halvings < most_halvings && !widths_[j].is_zero();
}

side_part halved_box::half(std::size_t j, const side_part& part, int which) const {
    const interval<double> centre(middle(j, part));
    side_part result = part;
    result.index = 2 * part.index + static_cast<std::uint64_t>(which);
    ++result.halvings;
    (which == 0 ? result.upper_down : result.lower_down) = centre.lower();
    (which == 0 ? result.upper_up : result.lower_up) = centre.upper();
    return result;
}

rational halved_box::lower(std::size_t j, const side_part& part) const {
    return at(sides_[j].lower, widths_[j], part.index, part.halvings);
}
rational halved_box::upper(std::size_t j, const side_part& part) const {
    return at(sides_[j].lower, widths_[j], part.index + 1, part.halvings);
}
rational halved_box::middle(std::size_t j, const side_part& part) const {
    return at(sides_[j].lower, widths_[j], 2 * part.index + 1, part.halvings + 1);
}

std::vector<variable_range> halved_box::exactly(std::span<const side_part> box) const {
    std::vector<variable_range> result;
    for (std::size_t j = 0; j < box.size(); ++j)
        result.push_back({sides_[j].variable, lower(j, box[j]), upper(j, box[j])});
    return result;
}

std::string printed(std::span<const variable_range> box) {
    std::string text;
    for (const variable_range& s : box) {
        if (!text.empty()) text += ", ";
        if (s.lower == s.upper)
            text.append(s.variable).append(" = ").append(s.lower.str());
        else
            text.append(s.variable)
                .append(" in [")
                .append(s.lower.str())
                .append(", ")
                .append(s.upper.str())
                .append("]");
    }
    return text;
}

} // namespace flowproof
