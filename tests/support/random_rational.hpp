#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include "numerics/scalar/rational.hpp"

namespace flowproof::support {

/// Small quotients, integers, zeros, exact doubles of all sizes and long quotients, either sign.
inline rational random_rational(std::mt19937_64& rng) {
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(rng() % n); };
    switch (below(8)) {
    case 0:
        return rational(0);
    case 1:
        return rational(below(7) - 3);
    case 2: // from 2^-1074 to 2^960
        return rational::exactly(std::ldexp(static_cast<double>(below(1LL << 53) - (1LL << 52)),
                                            static_cast<int>(below(1980)) - 1060));
    case 3:
        return rational(below(1LL << 62) - (1LL << 61), below(1LL << 62) + 1) *
               rational(below(1LL << 62) + 1, below(1LL << 62) + 1);
    default:
        return rational(below(41) - 20, below(12) + 1);
    }
}

/// A quotient of small integers that is not 0.
inline rational small_nonzero(std::mt19937_64& rng) {
    const auto n = static_cast<std::int64_t>(rng() % 40) - 20;
    return rational(n >= 0 ? n + 1 : n, static_cast<std::int64_t>(rng() % 12) + 1);
}

} // namespace flowproof::support
