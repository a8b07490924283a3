#pragma once

#include <array>
#include <string>
#include <tuple>
#include <vector>

#include "verify/result/record.hpp"

namespace flowproof::plots {

/// A layer's rows as numbers, as far as a drawing needs them.
using point = std::pair<double, double>;
using grid_row = std::vector<std::tuple<double, double, double>>;

/// Scans of a full grid, all of one length. @param where  "figure scb.landscape, layer 0", for
/// messages. @throws std::invalid_argument as gnuplot_script.
std::vector<grid_row> scans(const layer_series& layer, const std::string& where);

/// The finite stretches of a path, each of two points or more, or the points of a points layer as
/// one stretch.
std::vector<std::vector<point>> stretches(const layer_series& layer, const std::string& where);

} // namespace flowproof::plots
