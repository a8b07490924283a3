#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "numerics/ode/upper.hpp"

namespace flowproof::rigorous {

/// A real n x m matrix known up to an error in each entry; row by row.
struct near_matrix {
    std::vector<double> centre;
    std::vector<upper> error;
};

/// Lohner's set { C r0 + Q r : |r0_j| <= origin_j, |r_i| <= rest_i } 2^exponent in n dimensions: C
/// remembers what the set began with, Q is nearly orthogonal and holds the rest.
///
/// C, Q and Q's inverse are plain doubles; their rounding errors go into r.
class doubleton {
public:
    /// The box of the first n origins; the other origins act on later sets only.
    doubleton(std::size_t n, std::vector<double> origin, std::int64_t exponent);

    /// The set of all Phi x + Psi r0 + z, |z| <= rest.
    /// @param flow   n x n, Phi.
    /// @param later  n x (m - n), Psi: acts on the origins from n on.
    void move(const near_matrix& flow, const near_matrix& later, const std::vector<upper>& rest);

    /// |x_i| over the set, over 2^exponent().
    std::vector<upper> radius() const;
    std::int64_t exponent() const { return exponent_; }
    /// The same set written with another exponent.
    void set_exponent(std::int64_t exponent);
    const std::vector<double>& origin() const { return origin_; }

private:
    std::size_t n_, m_;
    std::vector<double> memory_, frame_; ///< C, n x m; Q, n x n
    std::vector<double> origin_, rest_;
    std::int64_t exponent_;
};

} // namespace flowproof::rigorous
