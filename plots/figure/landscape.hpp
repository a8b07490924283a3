#pragma once

#include <cstddef>

#include "plots/figure/format.hpp"
#include "verify/result/record.hpp"

namespace gnuplotio {
class Gnuplot;
}

namespace flowproof::plots {

/// A surface as shaded level sets with a colour box, and the other layers over it.
/// @param surface  index of its layer.
void write_landscape(gnuplotio::Gnuplot& gp, const figure_series& s, std::size_t surface,
                     image_format format);

} // namespace flowproof::plots
