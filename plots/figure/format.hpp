#pragma once

#include <optional>
#include <string_view>

namespace flowproof::plots {

enum class image_format { svg, png, pdf, tikz };

/// Also the extension of a file of this format, but for tikz: "tex".
constexpr std::string_view name(image_format f) {
    switch (f) {
    case image_format::svg:
        return "svg";
    case image_format::png:
        return "png";
    case image_format::pdf:
        return "pdf";
    case image_format::tikz:
        break;
    }
    return "tikz";
}

constexpr std::string_view extension(image_format f) {
    return f == image_format::tikz ? "tex" : name(f);
}

constexpr std::optional<image_format> format_named(std::string_view text) {
    for (const image_format f :
         {image_format::svg, image_format::png, image_format::pdf, image_format::tikz})
        if (name(f) == text) return f;
    return std::nullopt;
}

} // namespace flowproof::plots
