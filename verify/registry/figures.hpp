#pragma once

#include <cstdint>
#include <vector>

#include "theory/core/paper.hpp"
#include "verify/result/record.hpp"

namespace flowproof {

/// The figures that belong to these claims: of their verdict, or named by them; in registry order.
std::vector<const figure*> figures_of(const std::vector<paper>& papers,
                                      const std::vector<claim_record>& claims);

/// The data of a figure: every layer's quantity over its grid, in balls, printed with 17
/// significant digits; numbers asked of flows are integrated in double. A layer that cannot be
/// evaluated leaves its reason in `error` and the other layers as they are; never throws for it.
/// Points are computed in parallel; the result does not depend on the number of threads.
///
///     surface  columns x, y, value: one row per grid point, y fastest
///     curve    columns parameter, value, or parameter, x, y for two outputs
///     points   columns x, y: one row
///     band     columns parameter, lower, upper
///     field    columns x, y, dx, dy: as surface
///
/// @param seed  of the run, for bands from experiments
figure_series evaluate_figure(const std::vector<paper>& papers, const figure& what,
                              std::uint64_t seed);

} // namespace flowproof
