#include "verify/check/polynomial.hpp"

#include <algorithm>

namespace flowproof::check {

namespace {

constexpr std::size_t most_terms = 1'000'000, most_digits = 300'000;

[[noreturn]] void no_polynomial(const std::string& what) {
    unreadable(0, "the tape is no polynomial with rational coefficients: " + what);
}

std::size_t longest(const polynomial& x) {
    std::size_t digits = 0;
    for (const auto& [e, c] : x.terms)
        digits = std::max(digits, c.str().size());
    return digits;
}

/// Before a sum or product of numbers that are so long.
void spend(const polynomial& x, const polynomial& y, std::size_t operations) {
    const std::size_t digits = longest(x) + longest(y);
    if (digits > most_digits) unreadable(0, "coefficients of more than 300000 digits");
    if (operations > most_terms) unreadable(0, "polynomials of more than a million terms");
    x.work->spend(operations * (8 + cost(4 * digits)));
}

} // namespace

void polynomial::add(const exponents& e, const rational& c) {
    const auto [it, fresh] = terms.try_emplace(e, c);
    if (!fresh) it->second += c;
    if (it->second.is_zero()) terms.erase(it);
}

polynomial operator-(const polynomial& x) {
    polynomial result{x.work};
    for (const auto& [e, c] : x.terms)
        result.terms.emplace(e, -c);
    return result;
}
polynomial operator+(const polynomial& x, const polynomial& y) {
    spend(x, y, 1 + x.terms.size() + y.terms.size());
    polynomial result = x;
    for (const auto& [e, c] : y.terms)
        result.add(e, c);
    return result;
}
polynomial operator-(const polynomial& x, const polynomial& y) { return x + -y; }
polynomial operator*(const polynomial& x, const polynomial& y) {
    spend(x, y, 1 + x.terms.size() * y.terms.size());
    polynomial result{x.work};
    for (const auto& [e, c] : x.terms)
        for (const auto& [f, d] : y.terms) {
            polynomial::exponents sum = e;
            for (std::size_t i = 0; i < sum.size(); ++i) {
                sum[i] += f[i];
                if (sum[i] > 1U << 30) unreadable(0, "an exponent above 2^30");
            }
            result.add(sum, c * d);
        }
    return result;
}
polynomial operator/(const polynomial& x, const polynomial& y) {
    const bool constant = y.terms.size() == 1 &&
                          std::all_of(y.terms.begin()->first.begin(), y.terms.begin()->first.end(),
                                      [](std::uint32_t e) { return e == 0; });
    if (!constant) no_polynomial("it divides by more than a nonzero constant");
    polynomial reciprocal = y;
    reciprocal.terms.begin()->second = rational(1) / y.terms.begin()->second;
    return x * reciprocal;
}
polynomial power(const polynomial& x, std::int64_t n) {
    if (n < 0) no_polynomial("a negative power");
    polynomial square = x, product{x.work};
    for (bool any = false; n != 0; n >>= 1) {
        if (n & 1) product = any ? product * square : square;
        any = any || (n & 1);
        if (n > 1) square = square * square;
    }
    return product;
}
polynomial sqrt(const polynomial&) { no_polynomial("sqrt"); }
polynomial exp(const polynomial&) { no_polynomial("exp"); }
polynomial log(const polynomial&) { no_polynomial("log"); }
polynomial sin(const polynomial&) { no_polynomial("sin"); }
polynomial cos(const polynomial&) { no_polynomial("cos"); }

polynomial in_polynomials::operator()(const rational& q) const {
    polynomial result{work};
    result.add(polynomial::exponents(variables, 0), q);
    return result;
}
polynomial in_polynomials::pi() const { no_polynomial("pi"); }
polynomial in_polynomials::variable(std::size_t i) const {
    polynomial result{work};
    polynomial::exponents e(variables, 0);
    e[i] = 1;
    result.add(e, rational(1));
    return result;
}

} // namespace flowproof::check
