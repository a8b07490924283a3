#include "verify/check/elimination.hpp"

#include <algorithm>
#include <utility>

namespace flowproof::check {

namespace {

/// Entries of eliminated matrices are quotients of minors: n times as long as the longest entry.
void spend_elimination(const square& a, meter& work) {
    std::size_t longest = 0;
    for (const rational& q : a.entries)
        longest = std::max(longest, q.str().size());
    work.spend(a.n * a.n * a.n * (8 + cost(8 * a.n * longest)));
}

} // namespace

std::optional<square> inverse(square a, meter& work) {
    spend_elimination(a, work);
    const std::size_t n = a.n;
    square b{n, std::vector<rational>(n * n)};
    for (std::size_t i = 0; i < n; ++i)
        b.at(i, i) = rational(1);
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t pivot = k;
        while (pivot < n && a.at(pivot, k).is_zero())
            ++pivot;
        if (pivot == n) return std::nullopt;
        for (std::size_t j = 0; j < n; ++j) {
            std::swap(a.at(k, j), a.at(pivot, j));
            std::swap(b.at(k, j), b.at(pivot, j));
        }
        const rational scale = rational(1) / a.at(k, k);
        for (std::size_t j = 0; j < n; ++j) {
            a.at(k, j) *= scale;
            b.at(k, j) *= scale;
        }
        for (std::size_t i = 0; i < n; ++i) {
            const rational factor = a.at(i, k);
            if (i == k || factor.is_zero()) continue;
            for (std::size_t j = 0; j < n; ++j) {
                a.at(i, j) -= factor * a.at(k, j);
                b.at(i, j) -= factor * b.at(k, j);
            }
        }
    }
    return b;
}

std::string not_definite(square a, bool strictly, meter& work) {
    spend_elimination(a, work);
    const std::size_t n = a.n;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (a.at(i, j) != a.at(j, i)) return "the matrix is not symmetric";
    for (std::size_t k = 0; k < n; ++k) {
        const rational pivot = a.at(k, k);
        if (pivot.sign() < 0) return "pivot " + std::to_string(k) + " is negative";
        if (pivot.is_zero()) {
            if (strictly) return "pivot " + std::to_string(k) + " is 0";
            for (std::size_t i = k + 1; i < n; ++i)
                if (!a.at(i, k).is_zero())
                    return "pivot " + std::to_string(k) + " is 0 and the rest of its row is not";
            continue;
        }
        for (std::size_t i = k + 1; i < n; ++i) {
            const rational factor = a.at(i, k) / pivot;
            for (std::size_t j = k + 1; j < n; ++j)
                a.at(i, j) -= factor * a.at(k, j);
        }
    }
    return "";
}

} // namespace flowproof::check
