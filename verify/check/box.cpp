#include "verify/check/box.hpp"

#include <algorithm>

namespace flowproof::check {

box box::centre() const {
    box result = *this;
    for (std::size_t i = 0; i < size(); ++i)
        result.lower[i] = result.upper[i] = middle(i);
    return result;
}

void add_side(box& b, document& text, const line& from) {
    if (from.words.size() != 4) unreadable(from.number, "expected a name and two numbers");
    const std::string name(from.words[1]);
    if (std::find(b.names.begin(), b.names.end(), name) != b.names.end())
        unreadable(from.number, "a second side of " + name);
    b.names.push_back(name);
    b.lower.push_back(text.number(from, 2));
    b.upper.push_back(text.number(from, 3));
    if (b.lower.back() > b.upper.back())
        unreadable(from.number, "the lower end is above the upper");
}

std::int64_t precision_for(const document& text) {
    return static_cast<std::int64_t>(128 + std::min<std::size_t>(text.widest(), 1 << 20));
}

} // namespace flowproof::check
