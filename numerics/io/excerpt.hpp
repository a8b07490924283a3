#pragma once

#include <string>
#include <string_view>

namespace flowproof::io {

/// What a message shows of text from a file: in quotes, at most 40 bytes of it, everything but
/// printable ASCII as \xNN, so that no file can garble a terminal or a JSON record.
inline std::string excerpt(std::string_view text) {
    constexpr std::size_t longest = 40;
    constexpr char hex[] = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : text.substr(0, longest)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte > 0x7e || c == '\\') {
            result += {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
        } else {
            result += c;
        }
    }
    return result + (text.size() > longest ? "\"..." : "\"");
}

} // namespace flowproof::io
