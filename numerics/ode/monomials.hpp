#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace flowproof::rigorous {

/// The monomials of total degree at most `degree` in some symbols, in the order of their degrees,
/// with the tables for products that drop what is of higher degree. Every symbol runs over [-1, 1];
/// the last ones may run over [0, 1] instead.
class monomials {
public:
    struct pair {
        std::int32_t x, y;
    };

    /// @param positive  this many of the symbols, the last, run over [0, 1].
    /// @throws std::invalid_argument unless 0 <= positive <= symbols <= 8, 0 <= degree <= 60 and
    ///         the product has at most largest_product terms.
    monomials(int symbols, int degree, int positive = 0);
    static constexpr double largest_product = 4e6;
    /// The number of terms of a product: pairs of monomials with total degree at most `degree`.
    static double product_terms(int symbols, int degree);

    int symbols() const { return symbols_; }
    int degree() const { return degree_; }
    std::size_t size() const { return degree_of_.size(); }

    int degree_of(std::size_t i) const { return degree_of_[i]; }
    int exponent(std::size_t i, int symbol) const {
        return exponents_[i * static_cast<std::size_t>(symbols_) +
                          static_cast<std::size_t>(symbol)];
    }
    /// Is the range [0, 1], and not [-1, 1]? Monomial 0 is the constant 1.
    bool is_nonnegative(std::size_t i) const { return nonnegative_[i] != 0; }
    /// The number of x^e, e the exponents; -1 beyond the degree.
    std::int32_t find(std::span<const int> exponents) const;
    /// The number of monomial i divided by a symbol, or -1.
    std::int32_t divided(std::size_t i, int symbol) const {
        return divided_[i * static_cast<std::size_t>(symbols_) + static_cast<std::size_t>(symbol)];
    }
    /// The number of monomial i times a symbol, or -1 beyond the degree.
    std::int32_t multiplied(std::size_t i, int symbol) const {
        return multiplied_[i * static_cast<std::size_t>(symbols_) +
                           static_cast<std::size_t>(symbol)];
    }

    /// All pairs whose product is monomial i; (x, y) and (y, x) both.
    std::span<const pair> factors(std::size_t i) const {
        return {factors_.data() + first_[i], first_[i + 1] - first_[i]};
    }
    /// Those with x < y.
    std::span<const pair> ordered_factors(std::size_t i) const {
        return {ordered_.data() + first_ordered_[i], first_ordered_[i + 1] - first_ordered_[i]};
    }
    /// The number of monomial i's square root, or -1.
    std::int32_t root(std::size_t i) const { return root_[i]; }
    /// The largest number of factors() of a monomial.
    std::size_t most_factors() const { return most_; }

private:
    int symbols_, degree_;
    std::vector<std::uint8_t> degree_of_, exponents_, nonnegative_;
    std::vector<std::int32_t> divided_, multiplied_, root_;
    std::vector<pair> factors_, ordered_;
    std::vector<std::size_t> first_, first_ordered_;
    std::size_t most_ = 0;
};

} // namespace flowproof::rigorous
