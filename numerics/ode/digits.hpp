#pragma once
// Includes FLINT: for .cpp files only.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "numerics/ode/magnitude.hpp"
#include "numerics/scalar/flint.hpp"

namespace flowproof::approx {

/// A binary number d_0 B^low + d_1 B^(low + 1) + ..., B = 2^58, with |d_i| <= B / 2 but for the
/// last digit, for which |d_i| < B.
///
/// Signed digits of one radix at fixed positions need no alignment and no carries: a product of two
/// is one multiplication of 64 bits with a sum of 128 (`columns`), and small numbers have few.
struct digits {
    static constexpr int radix_bits = 58;

    std::int64_t low = 0;
    std::vector<std::int64_t> digit; ///< the last one is not 0; empty for 0

    bool is_zero() const { return digit.empty(); }
    std::int64_t high() const { return low + static_cast<std::int64_t>(digit.size()); }
    /// |x| < 2^top(); x not 0.
    std::int64_t top() const;
    /// |x| 2^shift or a little more.
    magnitude size(std::int64_t shift = 0) const;
    /// Drops what is below B^position. Returns the bound of it in quarters of B^position.
    int cut(std::int64_t position);

    /// Exactly; false if the exponent is beyond 2^40 or x is not finite.
    bool set(const arf_t x);
    /// x 2^shift exactly.
    void get(arf_t x, std::int64_t shift = 0) const;
};

/// The coefficients of a power series as digits, ordered so that a plane has the digit of all
/// coefficients at one position.
class digit_row {
public:
    explicit digit_row(slong size) : size_(size), tops_(static_cast<std::size_t>(size), no_top) {}

    void clear();
    bool is_zero() const { return used_ == 0; } ///< so far
    void set(slong k, const digits& x);
    void get(slong k, digits& x) const;

    struct plane {
        std::int64_t position;
        std::vector<std::int64_t> digit; ///< of every order
        slong first, last;               ///< of the orders where it is not 0
    };
    /// From the lowest position on; planes of zeros are left out.
    std::span<const plane> planes() const { return {planes_.data(), used_}; }
    std::int64_t low() const { return planes_.front().position; } ///< not is_zero()
    /// |x_k| < 2^top(k), of which top() is the largest; far below all numbers for 0.
    std::int64_t top(slong k) const { return tops_[static_cast<std::size_t>(k)]; }
    std::int64_t top() const { return top_; }
    static constexpr std::int64_t no_top = std::numeric_limits<std::int64_t>::min() / 4;

    /// No digit is needed below this position from here on; only ever raised.
    std::int64_t floor = no_top;

private:
    plane& at(std::int64_t position, slong k);

    slong size_;
    std::int64_t top_ = no_top;
    std::vector<std::int64_t> tops_;
    std::size_t used_ = 0;
    std::vector<plane> planes_;
};

/// A sum of digits and products of digits, position by position: exact but for what lies below the
/// lowest position.
class columns {
public:
    /// A new sum of what is not below B^low. Digits from there on.
    void open(std::int64_t low) {
        low_ = low;
        left_out_ = deeper_ = 0;
        used_ = 0;
    }
    std::int64_t low() const { return low_; }
    /// |times| < 2^31
    void add(const digits& x, std::int64_t times);
    /// times x y, |times| <= 2
    void add_product(const digits& x, const digits& y, std::int64_t times);
    /// times (x_first y_(k - first) + ... + x_last y_(k - last)), |times| <= 2
    void add_inner(const digit_row& x, const digit_row& y, slong k, slong first, slong last,
                   std::int64_t times);
    /// All of x / divisor above the lowest position, with an error of at most its unit.
    void add_quotient(const digits& x, std::int64_t divisor);

    /// The sum times 2^shift, 0 <= shift < radix_bits. What the sum itself lacks is at most
    /// left_out() / 4 B^(low + 1) in absolute value.
    void close(digits& sum, int shift = 0);
    std::uint64_t left_out() const { return left_out_ + deeper_; }

private:
    __extension__ using wide = __int128;
    wide& at(std::int64_t position) {
        const auto i = static_cast<std::size_t>(position - low_);
        if (i >= sum_.size()) sum_.resize(i + 8);
        while (used_ <= i)
            sum_[used_++] = 0;
        return sum_[i];
    }
    void leave_out(std::int64_t position, slong products, std::int64_t times);

    std::int64_t low_ = 0;
    std::uint64_t left_out_ = 0, deeper_ = 0;
    std::size_t used_ = 0;
    std::vector<wide> sum_;
};

} // namespace flowproof::approx
