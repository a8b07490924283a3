#pragma once

#include <string_view>

namespace flowproof::support {

/// Does the text contain these words?
inline bool mentions(std::string_view text, std::string_view words) {
    return text.find(words) != std::string_view::npos;
}

} // namespace flowproof::support
