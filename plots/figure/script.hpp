#pragma once

#include <string>

#include "plots/figure/format.hpp"
#include "verify/result/record.hpp"

namespace flowproof::plots {

/// The gnuplot script of a figure. Its data stand in it with 17 digits, so the script alone
/// reproduces the figure; terminal and output file are left to plots/render. The title ends with
/// the claim's id and outcome, so that nobody mistakes a sampled curve for a proved one.
///
/// Layers, with the columns that they need:
///
///     surface  x, y, value    one row a point of a full grid, scan by scan; drawn as shaded level
///                             sets, in the logarithm where the values are >= 0 and span decades
///     curve    [parameter,] x, y    joined in order, or as points; broken where a value is "nan"
///                                   or infinite
///     points   x, y                 a layer of one point carries its label beside it
///     band     x, lower, upper      light, beneath the curves
///     field    x, y, dx, dy         arrows of one length on a grid
///
/// Several panels stand one above the other with one x axis. Keys keep off the data.
///
/// @param verdict  the record of series.claim; null leaves the outcome out ("not run")
/// @param format   the format to be rendered: tikz wants its text escaped for TeX
/// @throws std::invalid_argument naming figure, layer, row and rule: nothing to draw, an unknown
///         kind of layer, a row that does not fit, a number that is none, a grid with holes, a
///         panel without layers, a surface beside other panels.
std::string gnuplot_script(const figure_series& series, const claim_record* verdict,
                           image_format format = image_format::svg);

} // namespace flowproof::plots
