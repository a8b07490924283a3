#include "numerics/poly/real_roots.hpp"

#include <algorithm>
#include <stdexcept>

#include "numerics/scalar/flint.hpp"

namespace flowproof {

namespace {

const fmpq* q(const rational& x) { return static_cast<const fmpq*>(x.raw()); }

/// An fmpz_poly that cleans up after itself.
class integer_polynomial {
public:
    integer_polynomial() { fmpz_poly_init(raw); }
    integer_polynomial(const integer_polynomial& other) : integer_polynomial() {
        fmpz_poly_set(raw, other.raw);
    }
    integer_polynomial& operator=(const integer_polynomial&) = delete;
    ~integer_polynomial() { fmpz_poly_clear(raw); }

    bool is_zero() const { return fmpz_poly_is_zero(raw) != 0; }
    slong degree() const { return fmpz_poly_degree(raw); }
    int leading_sign() const { return fmpz_sgn(raw->coeffs + degree()); }
    int sign_at(const rational& x) const {
        rational value;
        fmpz_poly_evaluate_fmpq(static_cast<fmpq*>(value.raw()), raw, q(x));
        return value.sign();
    }
    int sign_at_infinity(bool positive) const {
        return !positive && degree() % 2 != 0 ? -leading_sign() : leading_sign();
    }
    /// Divides by the positive content, so that signs stay.
    void reduce() {
        fmpz_t content;
        fmpz_init(content);
        fmpz_poly_content(content, raw);
        if (fmpz_cmp_ui(content, 1) > 0) fmpz_poly_scalar_divexact_fmpz(raw, raw, content);
        fmpz_clear(content);
    }
    std::vector<rational> coefficients() const {
        std::vector<rational> result(static_cast<std::size_t>(degree() + 1));
        for (slong i = 0; i <= degree(); ++i)
            fmpq_set_fmpz(static_cast<fmpq*>(result[static_cast<std::size_t>(i)].raw()),
                          raw->coeffs + i);
        return result;
    }

    fmpz_poly_t raw;
};

/// A positive multiple of p.
integer_polynomial integral(std::span<const rational> coefficients) {
    integer_polynomial p;
    fmpz_t common, scaled;
    fmpz_init_set_ui(common, 1);
    fmpz_init(scaled);
    for (const rational& c : coefficients)
        fmpz_lcm(common, common, fmpq_denref(q(c)));
    for (std::size_t i = 0; i < coefficients.size(); ++i) {
        fmpz_divexact(scaled, common, fmpq_denref(q(coefficients[i])));
        fmpz_mul(scaled, scaled, fmpq_numref(q(coefficients[i])));
        fmpz_poly_set_coeff_fmpz(p.raw, static_cast<slong>(i), scaled);
    }
    fmpz_clear(common);
    fmpz_clear(scaled);
    if (p.is_zero()) throw std::invalid_argument("real roots: need a polynomial other than 0");
    p.reduce();
    return p;
}

integer_polynomial square_free(const integer_polynomial& p) {
    integer_polynomial derivative, common, result;
    fmpz_poly_derivative(derivative.raw, p.raw);
    fmpz_poly_gcd(common.raw, p.raw, derivative.raw); // leading coefficient positive
    if (fmpz_poly_divides(result.raw, p.raw, common.raw) == 0)
        throw std::logic_error("real roots: a greatest common divisor does not divide");
    result.reduce();
    return result;
}

struct factor {
    integer_polynomial of;
    std::size_t multiplicity;
};

/// p up to a constant: square-free, pairwise coprime factors with positive leading coefficients.
std::vector<factor> square_free_factors(const integer_polynomial& p) {
    fmpz_poly_factor_t found;
    fmpz_poly_factor_init(found);
    fmpz_poly_factor_squarefree(found, p.raw);
    std::vector<factor> result;
    for (slong i = 0; i < found->num; ++i) {
        factor f{{}, static_cast<std::size_t>(found->exp[i])};
        fmpz_poly_set(f.of.raw, found->p + i);
        if (f.of.leading_sign() < 0) fmpz_poly_neg(f.of.raw, f.of.raw);
        result.push_back(f);
    }
    fmpz_poly_factor_clear(found);
    return result;
}

std::vector<integer_polynomial> chain_of(const integer_polynomial& p) {
    std::vector<integer_polynomial> chain{square_free(p)};
    integer_polynomial next;
    fmpz_poly_derivative(next.raw, chain.front().raw);
    while (!next.is_zero()) {
        next.reduce();
        chain.push_back(next);
        const integer_polynomial& a = chain[chain.size() - 2];
        const integer_polynomial& b = chain.back();
        ulong power = 0; // of the leading coefficient of b that a was multiplied by
        fmpz_poly_pseudo_rem(next.raw, &power, a.raw, b.raw);
        if (b.leading_sign() > 0 || power % 2 == 0) fmpz_poly_neg(next.raw, next.raw);
    }
    return chain;
}

} // namespace

struct sturm_chain::content {
    std::vector<integer_polynomial> chain;

    /// Sign changes along the chain, zeros left out.
    template <class Sign> std::size_t variations(Sign sign) const {
        std::size_t changes = 0;
        int last = 0;
        for (const integer_polynomial& p : chain) {
            const int s = sign(p);
            if (s == 0) continue;
            if (last != 0 && s != last) ++changes;
            last = s;
        }
        return changes;
    }
    std::size_t variations_at(const std::optional<rational>& x, bool upper) const {
        return x ? variations([&](const auto& p) { return p.sign_at(*x); })
                 : variations([&](const auto& p) { return p.sign_at_infinity(upper); });
    }
};

sturm_chain::sturm_chain(std::span<const rational> coefficients)
    : data_(std::make_shared<const content>(content{chain_of(integral(coefficients))})) {}

std::size_t sturm_chain::length() const { return data_->chain.size(); }
std::size_t sturm_chain::degree() const {
    return static_cast<std::size_t>(data_->chain.front().degree());
}
int sturm_chain::sign_at(const rational& x) const { return data_->chain.front().sign_at(x); }

std::size_t sturm_chain::count(const std::optional<rational>& lower,
                               const std::optional<rational>& upper) const {
    if (lower && upper && *lower >= *upper)
        throw std::invalid_argument("sturm_chain::count: need lower < upper, got " + lower->str() +
                                    " and " + upper->str());
    const std::size_t half_open =
        data_->variations_at(lower, false) - data_->variations_at(upper, true);
    return half_open - (upper && sign_at(*upper) == 0 ? 1 : 0);
}

std::vector<rational> square_free_part(std::span<const rational> coefficients) {
    return square_free(integral(coefficients)).coefficients();
}

std::size_t sign_changes(std::span<const rational> coefficients,
                         const std::optional<rational>& lower,
                         const std::optional<rational>& upper) {
    integer_polynomial odd;
    fmpz_poly_one(odd.raw);
    for (const factor& f : square_free_factors(integral(coefficients)))
        if (f.multiplicity % 2 != 0) fmpz_poly_mul(odd.raw, odd.raw, f.of.raw);
    return sturm_chain(odd.coefficients()).count(lower, upper);
}

namespace {

/// Halves until one root is left, then until it is narrow; roots that are met exactly become
/// points.
class isolation {
public:
    isolation(const integer_polynomial& p, const rational& width)
        : chain_(p.coefficients()), width_(width) {}

    /// The roots in (lower, upper); neither is a root.
    void split(const rational& lower, const rational& upper) {
        const std::size_t n = chain_.count(lower, upper);
        if (n == 0) return;
        if (n == 1) {
            isolated_root root{lower, upper, 0};
            while (root.upper - root.lower > width_)
                halve(root);
            roots.push_back(std::move(root));
            return;
        }
        const rational middle = (lower + upper) / 2;
        if (chain_.sign_at(middle) != 0) {
            split(lower, middle);
            split(middle, upper);
            return;
        }
        // A gap around the root that holds no other one.
        rational gap = (upper - lower) / 4;
        while (chain_.count(middle - gap, middle + gap) != 1 || chain_.sign_at(middle - gap) == 0 ||
               chain_.sign_at(middle + gap) == 0)
            gap /= 2;
        split(lower, middle - gap);
        roots.push_back({middle, middle, 0});
        split(middle + gap, upper);
    }
    void part_neighbours() {
        for (std::size_t i = 0; i + 1 < roots.size(); ++i)
            while (roots[i].upper >= roots[i + 1].lower) {
                halve(roots[i]);
                halve(roots[i + 1]);
            }
    }

    std::vector<isolated_root> roots;

private:
    void halve(isolated_root& root) const {
        if (root.lower == root.upper) return;
        const rational middle = (root.lower + root.upper) / 2;
        const int s = chain_.sign_at(middle);
        if (s == 0)
            root.lower = root.upper = middle;
        else if (s == chain_.sign_at(root.lower))
            root.lower = middle;
        else
            root.upper = middle;
    }
    sturm_chain chain_;
    rational width_;
};

/// A power of 2 beyond all roots: 1 + max |c_i / c_n| (Cauchy).
rational root_bound(const integer_polynomial& p) {
    const std::vector<rational> c = p.coefficients();
    rational largest(0);
    for (const rational& x : c)
        largest = std::max(largest, abs(x / c.back()));
    rational bound(2);
    while (bound <= largest + 1)
        bound *= 2;
    return bound;
}

} // namespace

std::vector<isolated_root> isolate_real_roots(std::span<const rational> coefficients,
                                              const rational& width) {
    if (width.sign() <= 0)
        throw std::invalid_argument("isolate_real_roots: need width > 0, got " + width.str());
    const integer_polynomial p = integral(coefficients);
    const rational bound = root_bound(p);
    isolation run(p, width);
    run.split(-bound, bound);
    run.part_neighbours();
    const std::vector<factor> factors = square_free_factors(p);
    for (isolated_root& root : run.roots)
        for (const factor& f : factors)
            if (f.of.sign_at(root.lower) * f.of.sign_at(root.upper) < 0 ||
                (root.lower == root.upper && f.of.sign_at(root.lower) == 0))
                root.multiplicity = f.multiplicity;
    return std::move(run.roots);
}

std::vector<rational> univariate_coefficients(const polynomial& p) {
    if (!p.has_ring()) return {p.constant_value()};
    if (p.ring().variables().size() != 1)
        throw std::invalid_argument("univariate_coefficients: need one variable, got " +
                                    std::to_string(p.ring().variables().size()));
    std::vector<rational> result(static_cast<std::size_t>(std::max<std::int64_t>(0, p.degree(0))) +
                                 1);
    for (std::size_t i = 0; i < p.terms(); ++i) {
        polynomial::term t = p.term_at(i);
        result[t.exponents[0]] = std::move(t.coefficient);
    }
    return result;
}

} // namespace flowproof
