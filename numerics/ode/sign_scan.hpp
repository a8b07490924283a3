#pragma once

#include <optional>
#include <span>
#include <vector>

#include "numerics/interval/interval.hpp"

namespace flowproof::rigorous {

/// Certain signs of a function that differs from c_0 + c_1 s + ... by at most `blur`.
class sign_scan {
public:
    sign_scan(std::span<const double> c, double blur) : c_(c), blur_(blur) {}

    /// 1 or -1 if the function has this sign at all s in [a, b], else 0.
    int sign(double a, double b) const;
    /// Up to where, at least, it has this sign, from a on; b if all the way; nothing if not even
    /// near a.
    std::optional<double> lasts(int side, double a, double b) const;
    /// A point in (a, b] where it certainly has this sign, early if there is one early.
    std::optional<double> first(int side, double a, double b) const;

private:
    std::span<const double> c_;
    double blur_;
};

/// Encloses c_0 + c_1 s + ... for all s, from the value in the middle and the slope.
interval<double> range_of(std::span<const double> c, const interval<double>& s);

} // namespace flowproof::rigorous
