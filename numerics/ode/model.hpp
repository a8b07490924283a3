#pragma once

#include <memory>
#include <span>
#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/ode/monomials.hpp"
#include "numerics/ode/upper.hpp"
#include "numerics/scalar/exact_constant.hpp"

namespace flowproof::rigorous {

/// A function of some symbols in [-1, 1] known up to a remainder (a Taylor model): for each value
/// of the symbols it differs by at most remainder() from the polynomial with exactly these
/// coefficients.
///
/// Enclosure  every operation encloses the exact result for each value of the symbols, so what
///            operands have in common is kept: x - x is 0 up to the remainders. All roundings,
///            and what a product has beyond the degree, go to the remainder.
/// Domain     where a quotient, root or logarithm may not be defined, or a number leaves the range,
///            the remainder is infinite; nothing throws.
class model : public with_exact_constants<model> {
public:
    /// The constant 0. @param basis  not null.
    explicit model(std::shared_ptr<const monomials> basis);
    /// A constant known to lie in x.
    model(std::shared_ptr<const monomials> basis, const interval<double>& x);
    /// This polynomial, exactly, up to the remainder. @throws std::invalid_argument unless there is
    /// one coefficient for each monomial.
    model(std::shared_ptr<const monomials> basis, std::vector<double> coefficients,
          upper remainder);

    const monomials& basis() const { return *basis_; }
    const std::shared_ptr<const monomials>& shared_basis() const { return basis_; }
    const std::vector<double>& coefficients() const { return coefficients_; }
    upper remainder() const { return remainder_; }
    bool is_finite() const { return remainder_.is_finite(); }
    bool is_zero() const;

    model adopt(const rational& q) const { return {basis_, interval<double>(q)}; }
    /// The same with a larger remainder.
    model widened(upper by) const;

    /// Bounds of the sizes of its coefficients of each degree, and of all.
    std::vector<upper> sizes() const;
    upper size() const;
    /// Encloses all values: each monomial on its own; entire if the remainder is infinite.
    interval<double> range() const;
    /// The same function with its symbols confined to a box of [-1, 1]^n and scaled to fill it.
    /// @throws std::invalid_argument unless box has one part of [-1, 1] for each symbol.
    model restricted(std::span<const interval<double>> box) const;

    friend model operator+(const model& x, const model& y);
    friend model operator-(const model& x, const model& y);
    friend model operator*(const model& x, const model& y);
    friend model operator/(const model& x, const model& y);
    friend model operator-(const model& x);
    friend model sqrt(const model& x);
    friend model exp(const model& x);
    friend model log(const model& x);
    friend model sin(const model& x);
    friend model cos(const model& x);

private:
    std::shared_ptr<const monomials> basis_;
    std::vector<double> coefficients_;
    upper remainder_;
};

/// Bounds the coefficients of degree above `degree` of a product of polynomials with these sizes.
upper beyond(std::span<const upper> x, std::span<const upper> y, int degree);

} // namespace flowproof::rigorous

namespace flowproof {
template <> struct embed<rigorous::model> {
    std::shared_ptr<const rigorous::monomials> basis;
    rigorous::model operator()(const rational& q) const { return {basis, interval<double>(q)}; }
    rigorous::model pi() const {
        return {basis, interval<double>(0x1.921fb54442d18p+1, 0x1.921fb54442d19p+1)};
    }
};
} // namespace flowproof
