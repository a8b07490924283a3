#pragma once

#include <cmath>

namespace flowproof::rigorous {

/// An upper bound of a magnitude; every operation rounds up by a few units. Comparisons are those
/// of doubles: NaN is smaller than nothing.
class upper_bound {
public:
    constexpr upper_bound(double x = 0) : value_(x) {} // NOLINT: any double bounds itself
    constexpr double value() const { return value_; }

    friend upper_bound operator+(upper_bound x, upper_bound y) {
        return (x.value_ + y.value_) * up;
    }
    friend upper_bound operator*(upper_bound x, upper_bound y) {
        return x.value_ * y.value_ * up + least;
    }
    /// x / y for a lower bound y >= 0.
    friend upper_bound over(upper_bound x, double y) { return x.value_ / y * up + least; }
    upper_bound& operator+=(upper_bound y) { return *this = *this + y; }
    upper_bound& operator*=(upper_bound y) { return *this = *this * y; }
    /// x 2^exponent.
    friend upper_bound scaled(upper_bound x, long exponent) {
        const long e = exponent < -3000 ? -3000 : exponent > 3000 ? 3000 : exponent;
        return x.value_ == 0 ? 0 : std::ldexp(x.value_, static_cast<int>(e)) + least;
    }

private:
    static constexpr double up = 1 + 0x1p-51, least = 0x1p-1073;
    double value_;
};

} // namespace flowproof::rigorous
