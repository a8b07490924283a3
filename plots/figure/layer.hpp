#pragma once

#include <array>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "verify/result/record.hpp"

namespace flowproof::plots {

/// A layer's rows as numbers, as far as a drawing needs them.
using point = std::pair<double, double>;
using grid_row = std::vector<std::tuple<double, double, double>>;
struct arrow {
    double x, y, dx, dy;
};

/// A layer other than a surface, ready to be drawn.
struct overlaid {
    const layer_series* layer;
    std::size_t index; ///< in the figure
    /// The finite stretches of a curve, each of two points or more; all points of a points layer,
    /// or of a curve that is not joined, as one.
    std::vector<std::vector<point>> parts{};
    std::vector<grid_row> band{};               ///< finite stretches of x, lower, upper
    std::vector<std::array<double, 4>> boxes{}; ///< x from, to, y from, to
    std::vector<arrow> arrows{};                ///< of a field, where its direction is defined
    std::string colour{};
    bool repeats = false; ///< continues an earlier layer of the same quantity and label: same
                          ///< colour, one entry in the key

    bool is(const char* kind) const { return layer->draw == kind; }
    bool joined() const { return is("curve") && !layer->as_points; }
    /// A single point, which carries its label beside it.
    bool lone() const { return (is("points") || layer->as_points) && parts.front().size() == 1; }
};

/// Scans of a surface's full grid, all of one length.
/// @param where  as place(), for messages.
/// @throws std::invalid_argument as gnuplot_script, here and below.
std::vector<grid_row> scans(const layer_series& layer, const std::string& where);

/// The layers of one panel, surfaces left out, in the order in which they are drawn: fields, bands,
/// curves, points; with their colours.
std::vector<overlaid> overlays(const figure_series& figure, std::size_t panel, bool on_surface);

/// "figure scb.landscape, layer 0 (excess loss E)".
std::string place(const figure_series& figure, std::size_t layer);

} // namespace flowproof::plots
