#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <limits>
#include <string>
#include <utility>

#include "numerics/interval/ends.hpp"
#include "numerics/interval/rounding.hpp"
#include "numerics/scalar/concept.hpp"
#include "numerics/scalar/rational.hpp"

namespace flowproof {

/// Closed interval with endpoints of type T. No primary definition on purpose: arithmetic on
/// interval<T> compiles only for a T whose rounding was argued for.
template <class T> class interval;

/// Closed, possibly unbounded or empty set of reals with double endpoints, after the set-based
/// flavour of IEEE 1788 (without decorations).
///
/// Enclosure  f(X, Y) contains f(x, y) for all x in X, y in Y where f is defined; points outside
///            the domain of f are dropped, so sqrt([-1, 4]) = [0, 2] and [1, 1] / [0, 0] is empty.
/// Accuracy   tightest, no smaller interval of doubles will do. Each operation sees its operands as
///            independent: X - X contains 0 and is not 0.
/// Constants  int and rational convert implicitly and are enclosed tightly. double does not: write
///            interval(x) for the exact value of a double x.
/// Errors     operations never throw and never return NaN endpoints; constructors throw on misuse.
/// Requires   round to nearest and gradual underflow, see self_test.hpp.
///
/// There is no operator<: order is three-valued, see order.hpp.
template <> class interval<double> {
public:
    constexpr interval() noexcept = default; ///< [0, 0]; Eigen sizes matrices with it.
    /// [n, n]; an integer of more than 53 bits is enclosed.
    template <std::signed_integral I>
    interval(I n) : interval(whole{}, n) {} // NOLINT: exact, hence implicit
    interval(const rational& q);            // NOLINT: enclosing(q)
    /// [point, point], exactly. @throws std::invalid_argument if the point is not finite.
    template <std::same_as<double> D> explicit interval(D point) : interval(point, point) {}
    /// @throws std::invalid_argument unless lower <= upper (so NaN is rejected), and for
    /// [inf, inf] and [-inf, -inf], which contain no real number.
    interval(double lower, double upper) : lower_(lower + 0.0), upper_(upper + 0.0) {
        if (!(lower <= upper) || lower > largest || upper < -largest) reject(lower, upper);
    }

    static constexpr interval empty() noexcept { return {unchecked{}, infinity, -infinity}; }
    static constexpr interval entire() noexcept { return {unchecked{}, -infinity, infinity}; }
    /// The tightest interval around q; unbounded on one side if q is beyond the largest double.
    static interval enclosing(const rational& q) { return interval(q); }
    /// The tightest interval around [lower, upper]. @throws std::invalid_argument if lower > upper.
    static interval hull(const rational& lower, const rational& upper);

    constexpr double lower() const noexcept { return lower_; } ///< -inf if unbounded, inf if empty
    constexpr double upper() const noexcept { return upper_; } ///< inf if unbounded, -inf if empty
    bool is_empty() const noexcept { return lower_ > upper_; }
    bool is_entire() const noexcept { return lower_ == -infinity && upper_ == infinity; }
    /// Neither empty nor unbounded?
    bool is_bounded() const noexcept {
        return rounding::is_finite(lower_) && rounding::is_finite(upper_);
    }
    bool is_point() const noexcept { return lower_ == upper_; }
    bool contains(double x) const noexcept {
        return lower_ <= x && x <= upper_ && rounding::is_finite(x);
    }
    bool contains(const rational& q) const;

    /// An upper bound of the width, tightest; NaN if empty.
    double width() const noexcept;
    /// A finite member, the centre to nearest if bounded; NaN if empty.
    double midpoint() const noexcept;
    /// An upper bound of the distance of any member from midpoint(), tightest; NaN if empty.
    double radius() const noexcept;
    /// Largest and smallest absolute value of a member (inf if unbounded); NaN if empty.
    double magnitude() const noexcept;
    double mignitude() const noexcept;

    /// "[lower, upper]" in 17 decimal digits rounded outward, or "empty".
    std::string str() const;

    friend interval operator+(const interval& x, const interval& y) {
        return sum(x, y.lower_, y.upper_);
    }
    friend interval operator-(const interval& x, const interval& y) {
        return sum(x, -y.upper_, -y.lower_);
    }
    friend interval operator-(const interval& x) {
        return {unchecked{}, 0.0 - x.upper_, 0.0 - x.lower_};
    }
    friend interval operator+(const interval& x) { return x; }

    friend interval operator*(const interval& x, const interval& y) {
        rounding::ends z;
        return rounding::product(x.both(), y.both(), z) ? interval(z) : product_far(x, y);
    }

    /// The closure of all quotients x / y with y != 0: [1, 2] / [0, 1] = [1, inf],
    /// [1, 2] / [-1, 1] is entire, [0, 0] / [-1, 1] = [0, 0], and x / [0, 0] is empty.
    friend interval operator/(const interval& x, const interval& y) {
        rounding::ends z;
        if (y.lower_ > 0 ? rounding::quotient(x.both(), y.both(), z)
                         : y.upper_ < 0 && rounding::quotient((-x).both(), (-y).both(), z))
            return interval(z);
        return quotient_far(x, y);
    }

    interval& operator+=(const interval& y) { return *this = *this + y; }
    interval& operator-=(const interval& y) { return *this = *this - y; }
    interval& operator*=(const interval& y) { return *this = *this * y; }
    interval& operator/=(const interval& y) { return *this = *this / y; }

    /// Equality of sets.
    friend bool operator==(const interval& x, const interval& y) noexcept {
        return x.lower_ == y.lower_ && x.upper_ == y.upper_;
    }

    friend interval sqrt(const interval& x) {
        if (!(x.upper_ >= 0)) return empty();
        return {unchecked{}, x.lower_ > 0 ? rounding::down_sqrt(x.lower_) : 0.0,
                rounding::up_sqrt(x.upper_)};
    }
    friend interval abs(const interval& x) {
        if (x.lower_ >= 0) return x; // also empty
        return {unchecked{}, x.upper_ <= 0 ? 0.0 - x.upper_ : 0.0, std::max(-x.lower_, x.upper_)};
    }
    friend interval square(const interval& x) {
        if (x.is_empty()) return x;
        const interval a = abs(x);
        return {unchecked{}, rounding::down_mul(a.lower_, a.lower_),
                rounding::up_mul(a.upper_, a.upper_)};
    }
    /// x to the n as one function of x (pown of IEEE 1788): even powers are never negative,
    /// x to the 0 is 1 for 0 too, and a negative n drops 0 from x.
    friend interval power(const interval& x, std::int64_t n);
    friend interval reciprocal(const interval& x) { return interval(1) / x; }
    /// x y + z, tightest as a whole: x y is not rounded. Slower than the operators.
    friend interval fma(const interval& x, const interval& y, const interval& z);
    friend interval min(const interval& x, const interval& y) {
        if (x.is_empty() || y.is_empty()) return empty();
        return {unchecked{}, std::min(x.lower_, y.lower_), std::min(x.upper_, y.upper_)};
    }
    friend interval max(const interval& x, const interval& y) {
        if (x.is_empty() || y.is_empty()) return empty();
        return {unchecked{}, std::max(x.lower_, y.lower_), std::max(x.upper_, y.upper_)};
    }

    friend interval intersection(const interval& x, const interval& y) {
        const interval z(unchecked{}, std::max(x.lower_, y.lower_), std::min(x.upper_, y.upper_));
        return z.is_empty() ? empty() : z;
    }
    /// The smallest interval that contains both.
    friend interval convex_hull(const interval& x, const interval& y) {
        return {unchecked{}, std::min(x.lower_, y.lower_), std::max(x.upper_, y.upper_)};
    }
    friend bool subset(const interval& x, const interval& y) noexcept {
        return x.is_empty() || (y.lower_ <= x.lower_ && x.upper_ <= y.upper_);
    }
    /// Does x lie in the topological interior of y?
    friend bool interior(const interval& x, const interval& y) noexcept {
        return x.is_empty() || ((y.lower_ < x.lower_ || y.lower_ == -infinity) &&
                                (x.upper_ < y.upper_ || y.upper_ == infinity));
    }
    friend bool disjoint(const interval& x, const interval& y) noexcept {
        return x.is_empty() || y.is_empty() || x.upper_ < y.lower_ || y.upper_ < x.lower_;
    }

    /// All z with y z = x for some members x, y, as at most two intervals (IEEE 1788
    /// mulRevToPair), the left one first and empty ones last. Unlike x / y it keeps z where
    /// y = x = 0: if 0 is in both, every z solves.
    friend std::pair<interval, interval> divide_to_pair(const interval& x, const interval& y);

private:
    static constexpr double infinity = std::numeric_limits<double>::infinity();
    static constexpr double largest = std::numeric_limits<double>::max();
    struct unchecked {};
    struct whole {};
    constexpr interval(unchecked, double lower, double upper) noexcept
        : lower_(lower), upper_(upper) {}
    interval(whole, std::int64_t n)
        : lower_(rounding::down_add(high_part(n), low_part(n))),
          upper_(rounding::up_add(high_part(n), low_part(n))) {}
    static double high_part(std::int64_t n) { return static_cast<double>(n >> 32) * 0x1p32; }
    static double low_part(std::int64_t n) { return static_cast<double>(n & 0xffffffff); }
    [[noreturn]] static void reject(double lower, double upper);

    explicit interval(rounding::ends e) noexcept : lower_(e[0]), upper_(e[1]) {}
    rounding::ends both() const noexcept { return rounding::ends{lower_, upper_}; }
    static interval sum(const interval& x, double lower, double upper) {
        rounding::ends z;
        return rounding::sum(x.both(), rounding::ends{lower, upper}, z) ? interval(z)
                                                                        : sum_far(x, lower, upper);
    }
    /// x / y for bounded x and bounded y > 0.
    static interval over_positive(const interval& x, const interval& y) {
        return {unchecked{}, rounding::down_div(x.lower_, x.lower_ >= 0 ? y.upper_ : y.lower_),
                rounding::up_div(x.upper_, x.upper_ >= 0 ? y.lower_ : y.upper_)};
    }
    // Empty and unbounded operands, and magnitudes near underflow and overflow.
    static interval sum_far(const interval& x, double lower, double upper);
    static interval product_far(const interval& x, const interval& y);
    static interval quotient_far(const interval& x, const interval& y);

    double lower_ = 0, upper_ = 0; // never NaN, never -0; empty is [inf, -inf]
};

std::ostream& operator<<(std::ostream& out, const interval<double>& x);

/// x in decimal with at most 17 significant digits, rounded down (up): "0.1", "-2.5e-300", "inf".
/// @throws std::invalid_argument for NaN.
std::string decimal_down(double x);
std::string decimal_up(double x);

template <> struct embed<interval<double>> {
    interval<double> operator()(const rational& q) const { return q; }
};

} // namespace flowproof
