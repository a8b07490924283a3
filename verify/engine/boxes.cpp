#include "verify/engine/boxes.hpp"

#include <fmt/format.h>

namespace flowproof {

std::vector<variable_range> ranges_of(const std::vector<side>& box) {
    std::vector<variable_range> result;
    for (const side& s : box)
        result.push_back({s.variable, s.lower, s.upper});
    return result;
}

std::size_t parts_allowed(profile p) {
    return p == profile::quick ? 100'000 : p == profile::full ? 1'000'000 : 4'000'000;
}

std::string more_parts(profile p) {
    return p == profile::paper ? "a smaller box, or a statement cut into lemmas"
                               : fmt::format("a larger profile (now {})", name(p));
}

std::string tree_lines(const std::string& tokens) {
    constexpr std::size_t width = 100;
    std::string lines;
    for (std::size_t at = 0; at < tokens.size();) {
        std::size_t end =
            tokens.size() - at <= width ? tokens.size() : tokens.find(' ', at + width);
        if (end == std::string::npos) end = tokens.size();
        lines.append("tree ").append(tokens, at, end - at).append("\n");
        at = end + 1;
    }
    return lines;
}

} // namespace flowproof
