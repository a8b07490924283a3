#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "numerics/scalar/rational.hpp"
#include "verify/check/meter.hpp"

namespace flowproof::check {

/// Polynomial in several variables with rational coefficients: exponents to nonzero coefficients.
struct polynomial {
    using exponents = std::vector<std::uint32_t>;
    meter* work; ///< charged for products
    std::map<exponents, rational> terms{};

    void add(const exponents& e, const rational& c);
};
polynomial operator-(const polynomial& x);
polynomial operator+(const polynomial& x, const polynomial& y);
polynomial operator-(const polynomial& x, const polynomial& y);
polynomial operator*(const polynomial& x, const polynomial& y);
/// By nonzero constants only. This and what follows: @throws refusal for what is no polynomial.
polynomial operator/(const polynomial& x, const polynomial& y);
polynomial power(const polynomial& x, std::int64_t n);
polynomial sqrt(const polynomial& x);
polynomial exp(const polynomial& x);
polynomial log(const polynomial& x);
polynomial sin(const polynomial& x);
polynomial cos(const polynomial& x);

/// Constants for run().
struct in_polynomials {
    std::size_t variables;
    meter* work;
    polynomial operator()(const rational& q) const;
    polynomial pi() const;
    polynomial variable(std::size_t i) const;
};

} // namespace flowproof::check
