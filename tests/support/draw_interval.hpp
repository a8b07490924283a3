#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include "numerics/interval/interval.hpp"

namespace flowproof::support {

/// Doubles and intervals of every kind that rounding treats differently.
class draw_interval {
public:
    explicit draw_interval(std::uint64_t seed) : bits_(seed) {}

    /// A finite double.
    double number() {
        const double sign = bits_() % 2 == 0 ? 1 : -1;
        switch (bits_() % 12) {
        case 0:
            return 0;
        case 1:
            return sign * static_cast<double>(bits_() % 16); // exact products, ties
        case 2:
            return sign * std::ldexp(fraction(), -1022); // subnormal or least normal
        case 3:
            return sign * std::ldexp(fraction(), 1023); // huge
        case 4:
            return sign * least * static_cast<double>(bits_() % 4);
        case 5:
            return sign * (1 + std::ldexp(static_cast<double>(bits_() % 4), -52));
        case 6:
            return sign * std::ldexp(fraction(), exponent(2098) - 1074); // anywhere
        case 7:
            return sign * std::ldexp(fraction(), exponent(40) - 530); // products underflow
        case 8:
            return sign * std::ldexp(fraction(), exponent(40) + 490); // products overflow
        case 9:
            return sign * std::ldexp(1.0, exponent(120) - 60);
        default:
            return sign * std::ldexp(fraction(), exponent(120) - 60);
        }
    }
    interval<double> bounded() {
        const double x = number();
        switch (bits_() % 4) {
        case 0:
            return interval<double>(x);
        case 1:
            return {x, std::min(largest, std::nextafter(x, infinity))};
        case 2:
            return {-std::abs(x), std::abs(x)};
        default:
            return between(x, number());
        }
    }
    /// Also empty and unbounded.
    interval<double> any() {
        switch (bits_() % 16) {
        case 0:
            return interval<double>::empty();
        case 1:
            return {number(), infinity};
        case 2:
            return {-infinity, number()};
        case 3:
            return bits_() % 2 == 0 ? interval<double>::entire() : interval<double>(0);
        default:
            return bounded();
        }
    }
    /// Of magnitudes between 2^-60 and 2^61, often with ties among products of endpoints.
    interval<double> moderate() {
        const auto one = [this] {
            const double sign = bits_() % 2 == 0 ? 1 : -1;
            if (bits_() % 3 == 0) return sign * static_cast<double>(bits_() % 8 + 1);
            if (bits_() % 3 == 0)
                return sign * (1 + std::ldexp(static_cast<double>(bits_() % 8) - 4, -52));
            return sign * std::ldexp(fraction(), exponent(120) - 60);
        };
        const double x = one();
        return bits_() % 4 == 0 ? interval<double>(-std::abs(x), std::abs(x)) : between(x, one());
    }
    std::uint64_t operator()() { return bits_(); }

private:
    static constexpr double infinity = std::numeric_limits<double>::infinity();
    static constexpr double largest = std::numeric_limits<double>::max();
    static constexpr double least = std::numeric_limits<double>::denorm_min();
    static interval<double> between(double x, double y) { return {std::min(x, y), std::max(x, y)}; }
    double fraction() { // in [1, 2), sometimes with few bits
        const auto f = (bits_() >> 12) & (bits_() % 4 == 0 ? ~std::uint64_t{0} << 26 : ~0ULL);
        return 1 + std::ldexp(static_cast<double>(f), -52);
    }
    int exponent(int range) { return static_cast<int>(bits_() % static_cast<unsigned>(range)); }
    std::mt19937_64 bits_;
};

} // namespace flowproof::support
