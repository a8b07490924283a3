#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "numerics/poly/normal_form.hpp"
#include "numerics/poly/polynomial.hpp"

/// What compare_normal_forms calculates with.
namespace flowproof::normal {

// Thrown, and caught by compare_normal_forms.
struct exhausted {
    std::string reason;
};
struct nowhere_defined {
    std::string reason;
};
/// The ring has too few generators, or an exponential needs a finer unit: begin again.
struct begin_again {};

/// What is learnt on the way and kept when the work begins again.
struct plan {
    std::size_t slots = 0;                     ///< generators the ring has room for
    std::map<std::string, std::int64_t> units; ///< "m / D" -> M: the generator is exp(m / (M D))
    std::uint64_t work = 0;                    ///< done so far, over all beginnings
};

/// numerator / product of factor^exponent; factors by index, in increasing order.
struct fraction {
    polynomial numerator;
    std::vector<std::pair<std::size_t, std::int64_t>> below;

    bool is_zero() const { return numerator.is_zero(); }
};

/// Terms, longer coefficients counted more than once.
std::size_t size(const polynomial& p);
/// Its first terms.
std::string shortened(const polynomial& p);

/// Fractions in the variables of a tape and in generators that are added one by one, under a
/// budget. They share their factors.
class fractions {
public:
    fractions(const tape& t, const normal_form_budget& budget, plan& known);

    fraction constant(const rational& q) const { return {q * one_, {}}; }
    fraction variable(std::size_t i) const { return {ring_.variable(i), {}}; }
    fraction add(const fraction& x, const fraction& y);
    fraction subtract(const fraction& x, const fraction& y) { return add(x, negative(y)); }
    fraction multiply(const fraction& x, const fraction& y);
    fraction negative(const fraction& x) const { return {-x.numerator, x.below}; }
    fraction reciprocal(const fraction& x);
    fraction raise(const fraction& x, std::int64_t n);
    /// generator^n, n != 0.
    fraction power_of(const polynomial& generator, std::int64_t n);
    polynomial denominator(const fraction& x);

    // Polynomials.
    polynomial sum(const polynomial& x, const polynomial& y);
    polynomial product(const polynomial& x, const polynomial& y);
    void charge(double work);

    polynomial new_generator(std::string meaning);
    /// The square of the youngest generator, in older ones.
    void set_square(const polynomial& square);
    std::size_t generators() const { return meaning_.size(); }
    const std::string& meaning(std::size_t i) const { return meaning_[i]; }

    void keep(const fraction& x) { live_ += size(x.numerator); }
    void drop(const fraction& x) { live_ -= size(x.numerator); }
    std::size_t peak() const { return peak_; } ///< most that was kept at one time

    std::string str(const fraction& x) const;
    std::uint64_t hash(const fraction& x) const;

private:
    const polynomial& checked(const polynomial& p);
    polynomial raw_product(const polynomial& x, const polynomial& y);
    polynomial to_the(const polynomial& x, std::int64_t n);
    polynomial reduced(polynomial p);
    bool divides(const polynomial& x, const polynomial& y, polynomial& quotient);
    std::size_t factor_index(const polynomial& monic);

    const normal_form_budget& budget_;
    plan& known_;
    std::size_t variables_;
    polynomial_ring ring_;
    polynomial one_;
    std::size_t live_ = 0, peak_ = 0;
    std::vector<polynomial> factors_; ///< leading coefficient 1
    std::vector<std::string> meaning_;
    std::vector<std::pair<std::size_t, polynomial>> squares_; ///< generator^2 = polynomial
};

} // namespace flowproof::normal
