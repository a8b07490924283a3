#pragma once

#include <cstdint>
#include <stdexcept>

#include "numerics/random/philox.hpp"

namespace flowproof::random {

/// Uniform on the 2^53 multiples of 2^-53 in [0, 1): 0 can occur, 1 cannot. Takes one next64().
constexpr double uniform01(stream& bits) {
    return static_cast<double>(bits.next64() >> 11) * 0x1p-53; // both steps exact
}

/// Uniform on {0, ..., n - 1}, without bias. Takes one word per attempt when n < 2^32, else two;
/// an attempt fails with probability below n / 2^32 (n / 2^64).
///
/// Source  D. Lemire, Fast random integer generation in an interval, ACM TOMACS 29 (2019),
///         arXiv:1805.10941v4, algorithm 5.
/// @throws std::invalid_argument if n is 0.
constexpr std::uint64_t uniform_below(stream& bits, std::uint64_t n) {
    if (n == 0) throw std::invalid_argument("random::uniform_below: need n >= 1, got n = 0");
    if (n >> 32 == 0) {
        const auto n32 = static_cast<std::uint32_t>(n);
        std::uint64_t product = std::uint64_t{bits.next()} * n32;
        if (static_cast<std::uint32_t>(product) < n32) {
            const std::uint32_t threshold = (0u - n32) % n32; // 2^32 mod n
            while (static_cast<std::uint32_t>(product) < threshold)
                product = std::uint64_t{bits.next()} * n32;
        }
        return product >> 32;
    }
    __extension__ using wide = unsigned __int128;
    wide product = static_cast<wide>(bits.next64()) * n;
    if (static_cast<std::uint64_t>(product) < n) {
        const std::uint64_t threshold = (std::uint64_t{0} - n) % n; // 2^64 mod n
        while (static_cast<std::uint64_t>(product) < threshold)
            product = static_cast<wide>(bits.next64()) * n;
    }
    return static_cast<std::uint64_t>(product >> 64);
}

} // namespace flowproof::random
