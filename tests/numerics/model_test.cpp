#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <random>

#include "numerics/ode/model.hpp"
#include "numerics/scalar/ball.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::rigorous;
using namespace flowproof::support;

namespace {

using basis_ptr = std::shared_ptr<const monomials>;

double uniform(std::mt19937_64& rng) { return std::ldexp(static_cast<double>(rng() >> 11), -53); }

/// Coefficients of all bits around 2^exponent, some 0; a remainder, some 0.
model random_model(std::mt19937_64& rng, const basis_ptr& basis, int exponent) {
    std::vector<double> c;
    for (std::size_t i = 0; i < basis->size(); ++i)
        c.push_back(rng() % 5 == 0 ? 0.0 : std::ldexp(2 * uniform(rng) - 1, exponent));
    const upper remainder(rng() % 2 == 0 ? 0.0 : std::ldexp(uniform(rng), exponent - 4));
    return {basis, c, remainder};
}

std::vector<rational> random_point(std::mt19937_64& rng, int symbols) {
    std::vector<rational> result;
    for (int s = 0; s < symbols; ++s)
        result.push_back(rng() % 3 == 0 ? rational(rng() % 2 == 0 ? 1 : -1)
                                        : rational::exactly(2 * uniform(rng) - 1));
    return result;
}

rational polynomial(const model& x, const std::vector<rational>& point) {
    rational result;
    for (std::size_t i = 0; i < x.basis().size(); ++i) {
        rational term = rational::exactly(x.coefficients()[i]);
        for (std::size_t s = 0; s < point.size(); ++s)
            term *= power(point[s], x.basis().exponent(i, static_cast<int>(s)));
        result += term;
    }
    return result;
}

/// A function that x stands for, at the point: the polynomial and a part of the remainder.
rational member(std::mt19937_64& rng, const model& x, const std::vector<rational>& point) {
    const rational part = rng() % 2 == 0 ? rational(rng() % 2 == 0 ? 1 : -1)
                                         : rational::exactly(2 * uniform(rng) - 1);
    return polynomial(x, point) + part * rational::exactly(x.remainder().value());
}

bool holds(const model& x, const std::vector<rational>& point, const rational& value) {
    return !x.is_finite() ||
           abs(value - polynomial(x, point)) <= rational::exactly(x.remainder().value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(model_test)

BOOST_AUTO_TEST_CASE(monomials_multiply_as_their_exponents_add) {
    for (const auto& [n, m] : {std::pair{0, 0}, {1, 7}, {2, 5}, {3, 4}, {4, 3}}) {
        const monomials basis(n, m);
        double pairs = 0;
        for (std::size_t i = 0; i < basis.size(); ++i) {
            std::size_t ordered = 0, equal = 0;
            for (const auto& [x, y] : basis.factors(i)) {
                for (int s = 0; s < n; ++s)
                    BOOST_TEST(basis.exponent(static_cast<std::size_t>(x), s) +
                                   basis.exponent(static_cast<std::size_t>(y), s) ==
                               basis.exponent(i, s));
                ordered += x < y ? 1 : 0;
                equal += x == y ? 1 : 0;
                ++pairs;
            }
            BOOST_TEST(basis.ordered_factors(i).size() == ordered);
            BOOST_TEST((basis.root(i) >= 0) == (equal == 1));
        }
        BOOST_TEST(pairs == monomials::product_terms(n, m)); // so no pair is missing
    }
    BOOST_CHECK_THROW(monomials(2, -1), std::invalid_argument);
    BOOST_CHECK_THROW(monomials(8, 40), std::invalid_argument);
    BOOST_CHECK_THROW(monomials(1, 3, 2), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(operations_enclose_exact_ones_at_every_point) {
    const std::uint64_t s = seed(11);
    std::mt19937_64 rng(s);
    for (int trial = 0; trial < trials(400); ++trial) {
        const int n = static_cast<int>(rng() % 4), m = static_cast<int>(rng() % 5);
        const auto basis = std::make_shared<const monomials>(n, m);
        const int scale = trial % 7 == 0 ? -540 : static_cast<int>(rng() % 20) - 10;
        const model x = random_model(rng, basis, scale), y = random_model(rng, basis, scale);
        const auto point = random_point(rng, n);
        const rational a = member(rng, x, point), b = member(rng, y, point);
        BOOST_TEST_CONTEXT("seed " << s << ", trial " << trial << ", " << n << " symbols, degree "
                                   << m << ", a = " << a << ", b = " << b) {
            BOOST_TEST(holds(x + y, point, a + b));
            BOOST_TEST(holds(x - y, point, a - b));
            BOOST_TEST(holds(-x, point, -a));
            BOOST_TEST((x * y).is_finite());
            BOOST_TEST(holds(x * y, point, a * b));
            BOOST_TEST(holds(x + rational(1, 3), point, a + rational(1, 3)));
            BOOST_TEST(x.range().contains(a));
        }
    }
}

BOOST_AUTO_TEST_CASE(functions_enclose_exact_ones_and_are_undefined_off_their_domains) {
    const std::uint64_t s = seed(12);
    std::mt19937_64 rng(s);
    int finite = 0;
    for (int trial = 0; trial < trials(200); ++trial) {
        const int n = static_cast<int>(rng() % 3), m = static_cast<int>(rng() % 6);
        const auto basis = std::make_shared<const monomials>(n, m);
        const model x = random_model(rng, basis, -2) + rational(static_cast<int>(rng() % 5));
        const model y = random_model(rng, basis, -3) + rational(static_cast<int>(rng() % 5) - 2);
        const auto point = random_point(rng, n);
        const rational a = member(rng, x, point), b = member(rng, y, point);
        BOOST_TEST_CONTEXT("seed " << s << ", trial " << trial << ", degree " << m
                                   << ", a = " << a.decimal(20) << ", b = " << b.decimal(20)) {
            const model q = x / y;
            finite += q.is_finite() ? 1 : 0;
            if (q.is_finite()) BOOST_TEST(holds(q, point, a / b));
            const auto check = [&](const model& f, const ball& exact) {
                if (!f.is_finite()) return;
                ++finite;
                BOOST_TEST(exact.is_finite());
                const rational size = abs(exact.midpoint() - polynomial(f, point));
                BOOST_TEST(size <= rational::exactly(f.remainder().value()) + exact.radius());
            };
            const ball exact(a, 300);
            check(sqrt(x), sqrt(exact));
            check(exp(x), exp(exact));
            check(log(x), log(exact));
            check(sin(x), sin(exact));
            check(cos(x), cos(exact));
            const model wide = x + model(basis, interval<double>(-20.0, 20.0));
            BOOST_TEST(!(1 / wide).is_finite());
            BOOST_TEST(!sqrt(wide).is_finite());
            BOOST_TEST(!log(wide).is_finite());
            BOOST_TEST(!((1 / wide) * 0).is_finite()); // unknown times 0 is not 0
        }
    }
    BOOST_TEST(finite > trials(200)); // most are defined
}

BOOST_AUTO_TEST_CASE(parts_of_the_box_keep_the_function) {
    const std::uint64_t s = seed(13);
    std::mt19937_64 rng(s);
    for (int trial = 0; trial < trials(100); ++trial) {
        const int n = 1 + static_cast<int>(rng() % 3), m = static_cast<int>(rng() % 6);
        const auto basis = std::make_shared<const monomials>(n, m);
        const model x = random_model(rng, basis, 0);
        std::vector<interval<double>> box;
        std::vector<rational> inner, outer;
        for (int i = 0; i < n; ++i) {
            double a = 2 * uniform(rng) - 1, b = 2 * uniform(rng) - 1;
            if (rng() % 4 == 0) a = -1;
            if (a > b) std::swap(a, b);
            box.emplace_back(a, b);
            const rational centre = rational::exactly(box.back().midpoint());
            const rational radius = rational::exactly(box.back().radius());
            outer.push_back(rational::exactly(a + (b - a) * uniform(rng)));
            if (!box.back().contains(outer.back())) outer.back() = rational::exactly(a);
            inner.push_back(radius.is_zero() ? rational(0) : (outer.back() - centre) / radius);
            BOOST_TEST(abs(inner.back()) <= rational(1));
        }
        const rational value = member(rng, x, outer);
        BOOST_TEST_CONTEXT("seed " << s << ", trial " << trial) {
            const model part = x.restricted(box);
            BOOST_TEST(holds(part, inner, value));
            BOOST_TEST(part.remainder().value() <= x.remainder().value() + 1e-12);
            BOOST_TEST(part.range().contains(value));
        }
    }
    const model x(std::make_shared<const monomials>(1, 2));
    BOOST_CHECK_THROW(x.restricted(std::vector<interval<double>>{}), std::invalid_argument);
    BOOST_CHECK_THROW(x.restricted(std::vector{interval<double>(-1.0, 1.5)}),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
