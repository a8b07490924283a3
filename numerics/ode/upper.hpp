#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "numerics/interval/rounding.hpp"

namespace flowproof::rigorous {

/// An upper bound of a number >= 0; infinite where nothing is known. Every operation rounds up by
/// a few units, which is cheaper than to the next double; 0 stays 0, but infinity times 0 is
/// infinite: unknown is not 0.
class upper {
public:
    constexpr upper() = default;
    /// The bound x; infinite if x is NaN.
    constexpr upper(double x) // NOLINT: any number bounds itself
        : value_(x == x ? x : infinity) {}

    constexpr double value() const { return value_; }
    bool is_finite() const { return rounding::is_finite(value_); }

    friend upper operator+(upper x, upper y) { return (x.value_ + y.value_) * up; }
    friend upper operator*(upper x, upper y) {
        const double product = x.value_ * y.value_;
        if (product == 0 && (x.value_ == 0 || y.value_ == 0)) return 0;
        return product * up + least;
    }
    /// x / y for a lower bound y of the denominator; infinite unless y > 0.
    friend upper operator/(upper x, double y) {
        if (!(y > 0)) return infinity;
        return x.value_ == 0 ? x : x.value_ / y * up + least;
    }
    upper& operator+=(upper y) { return *this = *this + y; }
    upper& operator*=(upper y) { return *this = *this * y; }
    /// x 2^exponent.
    friend upper scaled(upper x, std::int64_t exponent) {
        const auto e = static_cast<int>(std::clamp<std::int64_t>(exponent, -3000, 3000));
        // Inexact below the range of normal numbers only.
        return x.value_ == 0 ? x : std::ldexp(x.value_, e) + least;
    }
    friend bool operator<(upper x, upper y) { return x.value_ < y.value_; }

    static constexpr upper infinite() { return infinity; }

private:
    static constexpr double infinity = std::numeric_limits<double>::infinity();
    /// One rounding to nearest loses a 2^-53 of a normal number, or 2^-1075.
    static constexpr double up = 1 + 0x1p-51, least = 0x1p-1073;
    double value_ = 0;
};

/// Bounds |x_0| + |x_step| + ... (count terms): to nearest, then for all its roundings at once.
inline upper sum_of_sizes(const double* x, std::size_t count, std::size_t step = 1) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i)
        sum += std::abs(x[i * step]);
    // The exact sum is at most sum / (1 - u)^count, u = 2^-53; additions do not underflow.
    return upper(sum) * upper(1 + static_cast<double>(count) * 0x1p-51);
}

/// What `count` successive roundings to nearest do to a number, relative: (1 + u)^count - 1. And
/// what they may do below the range of normal numbers, for all that a program of ours can do at
/// once: 2^-1000 bounds 2^70 roundings of subnormal numbers.
inline upper rounding_of(std::size_t count) { return upper(static_cast<double>(count) * 0x1p-52); }
inline constexpr upper underflow{0x1p-1000};

} // namespace flowproof::rigorous
