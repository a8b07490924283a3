#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace flowproof {

/// Exact rational number in lowest terms with positive denominator.
///
/// Exact means exact: no operation rounds. Small numerators and denominators (62 bits) live
/// inside the object, larger ones on the heap (FLINT fmpq).
/// Errors: division by zero and malformed text throw; nothing else can fail.
class rational {
public:
    rational() noexcept = default; ///< 0
    template <std::signed_integral I>
    rational(I n)
        : rational(from_int{}, static_cast<std::int64_t>(n)) {} // NOLINT: exact, hence implicit
    /// @throws std::domain_error if the denominator is 0.
    rational(std::int64_t numerator, std::int64_t denominator);
    rational(double) = delete; ///< decimals enter as text or quotients; see exactly().
    rational(const rational& other);
    rational(rational&& other) noexcept;
    rational& operator=(const rational& other);
    rational& operator=(rational&& other) noexcept;
    ~rational();

    /// The rational that a finite double stands for, all 53 bits of it.
    /// @throws std::domain_error for NaN and infinities.
    static rational exactly(double x);

    /// Reads "3", "-3/4", "0.125", "1.5e-7", "2/0.5" is not accepted: a quotient of integers or one
    /// decimal. @throws std::invalid_argument naming the text and what is wrong with it.
    static rational parse(std::string_view text);

    rational& operator+=(const rational& y);
    rational& operator-=(const rational& y);
    rational& operator*=(const rational& y);
    /// @throws std::domain_error if y is 0.
    rational& operator/=(const rational& y);
    friend rational operator+(rational x, const rational& y) { return x += y; }
    friend rational operator-(rational x, const rational& y) { return x -= y; }
    friend rational operator*(rational x, const rational& y) { return x *= y; }
    friend rational operator/(rational x, const rational& y) { return x /= y; }
    friend rational operator-(const rational& x);
    friend rational operator+(const rational& x) { return x; }

    friend bool operator==(const rational& x, const rational& y);
    friend std::strong_ordering operator<=>(const rational& x, const rational& y);

    int sign() const noexcept; ///< -1, 0 or 1
    bool is_zero() const noexcept { return sign() == 0; }
    bool is_integer() const;
    rational numerator() const;
    rational denominator() const;
    /// x to the n. @throws std::domain_error for 0 to a negative power and for a result
    /// of more than 2^30 bits; 0 to the 0 is 1.
    friend rational power(const rational& x, std::int64_t n);
    friend rational abs(const rational& x) { return x.sign() < 0 ? -x : x; }
    /// The largest integer <= x, the smallest integer >= x.
    rational floor() const;
    rational ceil() const;
    /// The exact square root if x is the square of a rational, else nothing is written: false.
    bool square_root(rational& root) const;

    /// Value as an int64 when it is an integer in range. @throws std::domain_error otherwise.
    std::int64_t to_int64() const;
    double nearest() const;    ///< nearest double, ties to even; +-inf beyond the range
    double round_down() const; ///< largest double <= x (-inf below the range)
    double round_up() const;   ///< smallest double >= x (+inf above the range)

    std::string str() const; ///< "-3/4", "5"
    /// Significant decimal digits, truncated never, rounded to nearest: "0.86949324", "1.5e-12".
    std::string decimal(int digits) const;
    /// 64-bit hash of the exact value, the same in every build.
    std::uint64_t hash() const;

    /// The FLINT number inside (an fmpq*), for this library's own .cpp files.
    void* raw() noexcept { return words_; }
    const void* raw() const noexcept { return words_; }

private:
    struct from_int {};
    rational(from_int, std::int64_t n);
    std::int64_t words_[2] = {0, 1}; // fmpq: numerator, denominator
};

std::ostream& operator<<(std::ostream& out, const rational& x);

} // namespace flowproof
