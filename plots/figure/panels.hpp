#pragma once

#include "plots/figure/format.hpp"
#include "verify/result/record.hpp"

namespace gnuplotio {
class Gnuplot;
}

namespace flowproof::plots {

/// The panels of a figure without a surface, one above the other with one x axis. Each key stands
/// in a corner that the panel leaves free, or to the right of the panels.
void write_panels(gnuplotio::Gnuplot& gp, const figure_series& s, image_format format);

} // namespace flowproof::plots
