#include "numerics/ode/monomials.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace flowproof::rigorous {

double monomials::product_terms(int symbols, int degree) {
    double result = 1; // binomial(2 symbols + degree, degree)
    for (int i = 1; i <= degree; ++i)
        result = result * (2 * symbols + i) / i;
    return result;
}

monomials::monomials(int symbols, int degree, int positive) : symbols_(symbols), degree_(degree) {
    if (symbols < 0 || symbols > 8 || positive < 0 || positive > symbols || degree < 0 ||
        degree > 60)
        throw std::invalid_argument(
            "monomials: need 0 <= positive <= symbols <= 8 and 0 <= degree <= 60, got positive = " +
            std::to_string(positive) + ", symbols = " + std::to_string(symbols) +
            ", degree = " + std::to_string(degree));
    if (product_terms(symbols, degree) > largest_product)
        throw std::invalid_argument("monomials: need at most 4000000 terms of a product, got " +
                                    std::to_string(symbols) + " symbols of degree " +
                                    std::to_string(degree));
    const auto n = static_cast<std::size_t>(symbols);
    // Degree d from degree d - 1: multiply with symbols not before the last one used.
    exponents_.assign(n, 0);
    degree_of_.push_back(0);
    std::vector<int> last{0};
    for (std::size_t begin = 0, end = 1; degree_of_.back() < degree && symbols > 0;
         begin = end, end = degree_of_.size()) {
        for (std::size_t i = begin; i < end; ++i)
            for (int s = last[i]; s < symbols; ++s) {
                for (std::size_t t = 0; t < n; ++t)
                    exponents_.push_back(static_cast<std::uint8_t>(
                        exponents_[i * n + t] + (static_cast<int>(t) == s ? 1 : 0)));
                degree_of_.push_back(static_cast<std::uint8_t>(degree_of_[i] + 1));
                last.push_back(s);
            }
    }
    const std::size_t count = size();
    divided_.assign(count * n, -1);
    multiplied_.assign(count * n, -1);
    nonnegative_.assign(count, 1);
    std::vector<int> e(n);
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t s = 0; s < n; ++s)
            e[s] = exponents_[i * n + s];
        for (std::size_t s = 0; s < n; ++s) {
            if (static_cast<int>(s) < symbols - positive && e[s] % 2 != 0) nonnegative_[i] = 0;
            if (e[s] == 0) continue;
            --e[s];
            const std::int32_t lower = find(e);
            ++e[s];
            divided_[i * n + s] = lower;
            multiplied_[static_cast<std::size_t>(lower) * n + s] = static_cast<std::int32_t>(i);
        }
    }
    root_.assign(count, -1);
    first_.assign(count + 1, 0);
    first_ordered_.assign(count + 1, 0);
    const auto product = [&](std::size_t x, std::size_t y) {
        auto at = static_cast<std::int32_t>(x);
        for (std::size_t s = 0; s < n && at >= 0; ++s)
            for (int k = 0; k < exponents_[y * n + s] && at >= 0; ++k)
                at = multiplied_[static_cast<std::size_t>(at) * n + s];
        return at;
    };
    std::vector<std::vector<pair>> pairs(count);
    for (std::size_t x = 0; x < count; ++x)
        for (std::size_t y = 0; y < count && degree_of_[x] + degree_of_[y] <= degree; ++y)
            pairs[static_cast<std::size_t>(product(x, y))].push_back(
                {static_cast<std::int32_t>(x), static_cast<std::int32_t>(y)});
    for (std::size_t i = 0; i < count; ++i) {
        for (const pair& p : pairs[i]) {
            factors_.push_back(p);
            if (p.x < p.y) ordered_.push_back(p);
            if (p.x == p.y) root_[i] = p.x;
        }
        first_[i + 1] = factors_.size();
        first_ordered_[i + 1] = ordered_.size();
        most_ = std::max(most_, pairs[i].size());
    }
}

std::int32_t monomials::find(std::span<const int> exponents) const {
    int total = 0;
    for (const int e : exponents)
        total += e;
    const auto n = static_cast<std::size_t>(symbols_);
    const auto begin = std::lower_bound(degree_of_.begin(), degree_of_.end(), total);
    for (auto i = static_cast<std::size_t>(begin - degree_of_.begin());
         i < degree_of_.size() && degree_of_[i] == total; ++i)
        if (std::equal(exponents.begin(), exponents.end(),
                       exponents_.begin() + static_cast<std::ptrdiff_t>(i * n)))
            return static_cast<std::int32_t>(i);
    return -1;
}

} // namespace flowproof::rigorous
