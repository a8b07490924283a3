#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

// How every figure looks, in one place. Colours are told apart in all common forms of colour
// blindness (Okabe and Ito's set; a sequential map of rising darkness) and in grey.

namespace flowproof::plots::theme {

inline constexpr const char* font = "DejaVu Sans";
inline constexpr int font_points = 12;
inline constexpr int title_points = 14;
inline constexpr int width = 760, height = 640; ///< of an svg in pixels; png has twice as many
inline constexpr double width_inches = 6.3, height_inches = 5.3; ///< of pdf and tikz

inline constexpr const char* ink = "#1b1f24";
inline constexpr const char* frame = "#57606a";
inline constexpr const char* grid = "#c4ccd6";
inline constexpr const char* level_set = "#8f0b1f3a";
inline constexpr const char* paper = "#ffffff";

/// For curves and points, in order.
inline constexpr const char* series[] = {"#D55E00", "#0072B2", "#009E73",
                                         "#CC79A7", "#E69F00", "#56B4E9"};
/// Of curves and points over a surface, where a blue or a green would drown.
inline constexpr const char* over_surface[] = {"#1b1f24", "#D55E00", "#8A2BE2", "#7A0019"};

/// Beside a family, whose colours are warm.
inline constexpr const char* beside_family[] = {"#0072B2", "#009E73", "#1b1f24", "#56B4E9"};
inline constexpr const char *field = "#8c96a3", *field_over_surface = "#701b1f24";

/// Member k of a family of `count` curves: light to dark, each darker than the one before for every
/// eye and in grey.
inline std::string of_family(std::size_t k, std::size_t count) {
    constexpr std::array<std::array<int, 3>, 6> stops = {{{0xf6, 0xb7, 0x3c},
                                                          {0xee, 0x7b, 0x30},
                                                          {0xcf, 0x44, 0x46},
                                                          {0x9b, 0x29, 0x64},
                                                          {0x65, 0x1a, 0x7d},
                                                          {0x2a, 0x0b, 0x59}}};
    const double at =
        count < 2 ? 0.0
                  : static_cast<double>(k * (stops.size() - 1)) / static_cast<double>(count - 1);
    const std::size_t below = std::min(static_cast<std::size_t>(at), stops.size() - 2);
    const double share = at - static_cast<double>(below);
    std::string colour = "#";
    for (std::size_t i = 0; i < 3; ++i) {
        const double mixed = stops[below][i] + share * (stops[below + 1][i] - stops[below][i]);
        const auto value = static_cast<unsigned>(mixed + 0.5);
        colour += "0123456789abcdef"[value / 16];
        colour += "0123456789abcdef"[value % 16];
    }
    return colour;
}

/// Low to high: light to dark.
inline constexpr const char* palette =
    "defined (0 '#fffdf0', 1 '#f3f4cf', 2 '#d6ebc6', 3 '#a8d9c1', 4 '#78c3c3', 5 '#57a9c4', "
    "6 '#478fbd', 7 '#4075b0', 8 '#3d5a9c')";

/// Of the verdict in the title.
inline constexpr const char* stands = "#1a7f37";
inline constexpr const char* falls = "#b3261e";
inline constexpr const char* open = "#8a6100";

inline constexpr double curve_width = 2.4, level_width = 0.7, frame_width = 1.0;
inline constexpr double point_size = 1.5, data_point_size = 0.9;
inline constexpr double band_opacity = 0.2, band_edge = 0.8; ///< a thin band shows its edges
inline constexpr double box_opacity = 0.45, box_edge = 0.4;
inline constexpr double arrow_width = 0.9, arrow_share = 0.7; ///< of a grid cell

// Screen fractions of a figure with one panel. A further panel adds to the height; what is above
// and below the panels keeps its size.
inline constexpr double left = 0.12, right = 0.965, bottom = 0.115, top = 0.885;
inline constexpr double right_of_surface = 0.845; ///< leaves room for the colour box
inline constexpr double title_at = 0.963, verdict_at = 0.92, gap = 0.035;
constexpr double height_of(std::size_t panels) {
    return panels < 2 ? 1.0 : 0.73 + 0.36 * static_cast<double>(panels - 1);
}

} // namespace flowproof::plots::theme
