#pragma once
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

/// Low to high: light to dark.
inline constexpr const char* palette =
    "defined (0 '#fffdf0', 1 '#f3f4cf', 2 '#d6ebc6', 3 '#a8d9c1', 4 '#78c3c3', 5 '#57a9c4', "
    "6 '#478fbd', 7 '#4075b0', 8 '#3d5a9c')";

/// Of the verdict in the title.
inline constexpr const char* stands = "#1a7f37";
inline constexpr const char* falls = "#b3261e";
inline constexpr const char* open = "#8a6100";

inline constexpr double curve_width = 2.4, level_width = 0.7, frame_width = 1.0;
inline constexpr double point_size = 1.5;

} // namespace flowproof::plots::theme
