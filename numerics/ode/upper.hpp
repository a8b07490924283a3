#pragma once

#include <cstddef>
#include <limits>

#include "numerics/interval/rounding.hpp"

namespace flowproof::rigorous {

/// An upper bound of a number >= 0; infinite where nothing is known. Sums and products are rounded
/// up, and infinity times 0 stays infinite: unknown is not 0.
class upper {
public:
    constexpr upper() = default;
    /// The bound x; infinite if x is NaN.
    constexpr explicit upper(double x)
        : value_(x == x ? x : std::numeric_limits<double>::infinity()) {}

    constexpr double value() const { return value_; }
    bool is_finite() const { return rounding::is_finite(value_); }

    friend upper operator+(upper x, upper y) { return upper(rounding::up_add(x.value_, y.value_)); }
    friend upper operator*(upper x, upper y) {
        if (!x.is_finite() || !y.is_finite()) return infinite();
        return upper(rounding::up_mul(x.value_, y.value_));
    }
    /// x / y for a lower bound y of the denominator; infinite unless y > 0.
    friend upper operator/(upper x, double y) {
        if (!x.is_finite() || !(y > 0)) return infinite();
        return upper(rounding::up_div(x.value_, y));
    }
    upper& operator+=(upper y) { return *this = *this + y; }
    friend bool operator<(upper x, upper y) { return x.value_ < y.value_; }

    static constexpr upper infinite() { return upper(std::numeric_limits<double>::infinity()); }

private:
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
