#pragma once

#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/ode/taylor_program.hpp"

namespace flowproof::rigorous {

/// Every row of the program over boxes of states and parameters, by plain interval arithmetic:
/// exact where that is. Rows of derivatives in time (taylor_op::slope) are 0.
std::vector<interval<double>> row_values(const taylor_program& program,
                                         const std::vector<interval<double>>& states,
                                         const std::vector<interval<double>>& parameters);

} // namespace flowproof::rigorous
