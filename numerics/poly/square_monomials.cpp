#include "numerics/poly/square_monomials.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

namespace flowproof {

namespace {

std::uint64_t degree(const exponents& e) {
    return std::accumulate(e.begin(), e.end(), std::uint64_t{0});
}

/// All e with least <= |e| <= most and e_v <= box_v; false beyond the limit.
bool list_monomials(const exponents& box, std::uint64_t least, std::uint64_t most,
                    std::size_t limit, exponents& e, std::size_t v, std::vector<exponents>& out) {
    if (v == box.size()) {
        if (degree(e) >= least) out.push_back(e);
        return out.size() <= limit;
    }
    const std::uint64_t used = degree(e);
    for (e[v] = 0; e[v] <= std::min(box[v], most - used); ++e[v])
        if (!list_monomials(box, least, most, limit, e, v + 1, out)) return false;
    e[v] = 0;
    return true;
}

/// How often each product of two different monomials of the list occurs.
std::map<exponents, std::size_t> mixed_products(const std::vector<exponents>& z) {
    std::map<exponents, std::size_t> result;
    for (std::size_t i = 0; i < z.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            ++result[product(z[i], z[j])];
    return result;
}

} // namespace

exponents product(const exponents& x, const exponents& y) {
    exponents z(x.size());
    std::transform(x.begin(), x.end(), y.begin(), z.begin(), std::plus<>());
    return z;
}

square_monomials monomials_of_squares(const polynomial& p, std::size_t limit) {
    std::map<exponents, rational> terms;
    std::uint64_t least = UINT64_MAX, most = 0;
    exponents box(p.ring().variables().size(), 0);
    for (std::size_t k = 0; k < p.terms(); ++k) {
        const polynomial::term t = p.term_at(k);
        least = std::min(least, degree(t.exponents));
        most = std::max(most, degree(t.exponents));
        for (std::size_t v = 0; v < box.size(); ++v)
            box[v] = std::max(box[v], t.exponents[v]);
        terms[t.exponents] = t.coefficient;
    }
    for (std::uint64_t& b : box)
        b /= 2;
    square_monomials result;
    exponents e(box.size(), 0);
    // Reductions take most monomials away: many more may be listed than are kept.
    if (!list_monomials(box, (least + 1) / 2, most / 2, 20 * limit, e, 0, result.monomials)) {
        result.too_many = true;
        return result;
    }
    std::vector<exponents>& z = result.monomials;
    for (bool changed = true; changed;) {
        const auto mixed = mixed_products(z);
        changed = std::erase_if(z, [&](const exponents& m) {
                      const exponents square = product(m, m);
                      return !terms.contains(square) && !mixed.contains(square);
                  }) > 0;
    }
    std::stable_sort(z.begin(), z.end(),
                     [](const auto& x, const auto& y) { return degree(x) < degree(y); });
    result.too_many = z.size() > limit;
    const auto name = [&](const exponents& m) {
        polynomial x = polynomial(0) * p.ring().variable(0) + 1;
        for (std::size_t v = 0; v < m.size(); ++v)
            x *= power(p.ring().variable(v), static_cast<std::int64_t>(m[v]));
        return x.str();
    };
    auto products = mixed_products(z);
    for (const exponents& m : z) {
        const exponents square = product(m, m);
        if (!products.contains(square) && terms[square].sign() < 0)
            result.impossible = "the coefficient of " + name(square) + " is negative";
    }
    for (const exponents& m : z)
        ++products[product(m, m)];
    for (const auto& [m, c] : terms)
        if (!products.contains(m)) result.impossible = "squares cannot contain the term " + name(m);
    return result;
}

} // namespace flowproof
