#pragma once

#include <cstdint>
#include <vector>

#include "numerics/random/philox.hpp"
#include "numerics/scalar/rational.hpp"

/// Random exact instances for identities and tests.
namespace flowproof::random {

/// p / q with p uniform on {-numerator_bound, ..., numerator_bound} and q uniform on
/// {1, ..., denominator_bound}, independent, then in lowest terms.
/// @throws std::invalid_argument unless 0 <= numerator_bound < 2^62 and denominator_bound >= 1.
rational random_rational(stream& bits, std::int64_t numerator_bound,
                         std::int64_t denominator_bound);

/// A law on n points, all probabilities positive: independent weights uniform on
/// {1, ..., weight_bound}, divided by their sum.
/// @throws std::invalid_argument unless n >= 1 and weight_bound >= 1.
std::vector<rational> random_law(stream& bits, std::size_t n, std::int64_t weight_bound);

} // namespace flowproof::random
