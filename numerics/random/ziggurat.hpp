#pragma once

#include <array>
#include <cstdint>

namespace flowproof::random {

/// Tables of the normal sampler: 256 regions of equal area under f(x) = exp(-x^2 / 2), x >= 0.
///
/// Region 0 is the strip of height f(edge[1]) with the tail beyond edge[1]; region i >= 1 is the
/// rectangle [0, edge[i]] x [f(edge[i]), f(edge[i + 1])]. The edges decrease, edge[256] = 0, and
/// edge[0] is the width that a rectangle of the strip's height would need for the common area.
/// Accuracy: every entry is the correctly rounded real number (integers: its floor), certified
/// by ball arithmetic when the table is made, hence the same in every build.
struct ziggurat {
    std::array<double, 257> edge;         ///< as above
    std::array<double, 256> unit;         ///< edge[i] 2^-53, the length of one step
    std::array<std::uint64_t, 256> inner; ///< floor(2^53 edge[i + 1] / edge[i])
    std::array<double, 256> rise;         ///< f(edge[i + 1]) / f(edge[i]) - 1, for i >= 1
};

/// The table, made on first use (a few milliseconds) and then shared by all threads.
const ziggurat& normal_ziggurat();

/// exp(t) - 1 for 0 <= t <= 3/4 by + * / only: Taylor polynomial of degree 17, remainder below
/// 2^-59 t. Relative error below 2^-51, measured.
double expm1_series(double t);

} // namespace flowproof::random
