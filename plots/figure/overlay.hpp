#pragma once

#include <string>
#include <vector>

#include "plots/figure/format.hpp"
#include "plots/figure/layer.hpp"
#include "plots/figure/view.hpp"

namespace gnuplotio {
class Gnuplot;
}

namespace flowproof::plots {

/// Writes the layers' data blocks, and the labels of lone points.
/// @param on_surface  they lie on a surface, which wants three coordinates.
/// @return the clauses of the plot command, in order.
std::vector<std::string> write_overlays(gnuplotio::Gnuplot& gp, const std::vector<overlaid>& layers,
                                        const view& where, image_format format, bool on_surface);

/// Does the layer stand in the key?
bool keyed(const overlaid& o);

/// "a, \\\n  b\n".
std::string joined(const std::vector<std::string>& clauses);

} // namespace flowproof::plots
