#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>

#include "numerics/poly/real_roots.hpp"
#include "tests/support/rationals.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;

namespace {

const polynomial_ring ring({"x"});
const polynomial x = ring.variable(0);
const std::optional<rational> infinite;

std::vector<rational> coefficients(const polynomial& p) { return univariate_coefficients(p); }

/// Distinct rational roots with multiplicities, times factors without a real root.
struct known {
    std::map<rational, std::size_t> roots;
    polynomial p = polynomial(0) * x + 1;
};
known random_known(std::mt19937_64& rng) {
    known k;
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(rng() % n); };
    for (std::int64_t i = below(6); i > 0; --i) {
        const rational root(below(31) - 15, below(6) + 1);
        if (k.roots.contains(root)) continue;
        k.roots[root] = static_cast<std::size_t>(below(3)) + 1;
        k.p *= power(x - polynomial(root), static_cast<std::int64_t>(k.roots[root]));
    }
    for (std::int64_t i = below(3); i > 0; --i) {
        const rational centre(below(9) - 4, below(3) + 1);
        k.p *= power(x - polynomial(centre), 2) + polynomial(rational(below(20) + 1, 7));
    }
    k.p *= polynomial(rational(below(2) == 0 ? -3 : 2, below(9) + 1));
    return k;
}

} // namespace

BOOST_AUTO_TEST_SUITE(real_roots_test)

BOOST_AUTO_TEST_CASE(
    counts_agree_with_known_rational_roots_on_any_interval_roots_as_ends_included) {
    const std::uint64_t seed = support::seed(20260611);
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(300); ++trial) {
        const known k = random_known(rng);
        const sturm_chain chain(coefficients(k.p));
        for (int pair = 0; pair < 8; ++pair) {
            std::optional<rational> ends[2];
            for (auto& end : ends) // often a root itself
                if (rng() % 5 != 0) {
                    end = rational(static_cast<std::int64_t>(rng() % 61) - 30, 2);
                    if (!k.roots.empty() && rng() % 2 == 0)
                        end = std::next(k.roots.begin(),
                                        static_cast<std::ptrdiff_t>(rng() % k.roots.size()))
                                  ->first;
                }
            auto& [lower, upper] = ends;
            if (lower && upper && *lower >= *upper) continue;
            std::size_t count = 0, odd = 0;
            for (const auto& [root, multiplicity] : k.roots)
                if ((!lower || *lower < root) && (!upper || root < *upper)) {
                    ++count;
                    odd += multiplicity % 2;
                }
            BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", p = " << k.p << ", ("
                                       << (lower ? lower->str() : "-inf") << ", "
                                       << (upper ? upper->str() : "inf") << ")") {
                BOOST_TEST(chain.count(lower, upper) == count);
                BOOST_TEST(sign_changes(coefficients(k.p), lower, upper) == odd);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(isolated_roots_are_those_that_were_put_in) {
    const std::uint64_t seed = support::seed(20260612);
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(200); ++trial) {
        const known k = random_known(rng);
        const rational width(1, static_cast<std::int64_t>(rng() % 1000) + 1);
        const auto found = isolate_real_roots(coefficients(k.p), width);
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", p = " << k.p) {
            BOOST_TEST_REQUIRE(found.size() == k.roots.size());
            auto expected = k.roots.begin();
            for (std::size_t i = 0; i < found.size(); ++i, ++expected) {
                const auto& [root, multiplicity] = *expected;
                const isolated_root& f = found[i];
                BOOST_TEST(
                    (f.lower == f.upper ? f.lower == root : f.lower < root && root < f.upper));
                BOOST_TEST(f.multiplicity == multiplicity);
                BOOST_TEST((f.upper - f.lower <= width));
                if (i > 0) BOOST_TEST((found[i - 1].upper < f.lower));
                if (f.lower != f.upper) {
                    BOOST_TEST(!k.p.evaluate({f.lower}).is_zero());
                    BOOST_TEST(!k.p.evaluate({f.upper}).is_zero());
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(square_parts_multiply_back) {
    const std::uint64_t seed = support::seed(20260613);
    std::mt19937_64 rng(seed);
    const auto polynomial_of = [](const std::vector<rational>& c) {
        polynomial p = polynomial(0) * x;
        for (std::size_t i = 0; i < c.size(); ++i)
            p += polynomial(c[i]) * power(x, static_cast<std::int64_t>(i));
        return p;
    };
    for (int trial = 0; trial < support::trials(100); ++trial) {
        const known k = random_known(rng);
        const auto [g, h] = split_squares(k.p);
        const polynomial s = polynomial_of(square_free_part(coefficients(k.p)));
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", p = " << k.p) {
            BOOST_TEST(g * g * h == k.p);
            BOOST_TEST(gcd(h, h.derivative(0)).is_constant());
            BOOST_TEST(gcd(s, s.derivative(0)).is_constant());
            polynomial rest;
            BOOST_TEST(divide_exactly(k.p, s, rest));
            BOOST_TEST(s.leading_sign() == k.p.leading_sign());
        }
    }
}

BOOST_AUTO_TEST_CASE(
    wilkinsons_polynomial_keeps_its_twenty_roots_and_loses_ten_to_the_2_to_the_minus_23) {
    polynomial w = polynomial(0) * x + 1;
    for (int k = 1; k <= 20; ++k)
        w *= x - k;
    BOOST_TEST(sturm_chain(coefficients(w)).count(infinite, infinite) == 20u);
    const auto roots = isolate_real_roots(coefficients(w), rational(1, 1 << 20));
    for (int k = 1; k <= 20; ++k) {
        const isolated_root& r = roots[static_cast<std::size_t>(k - 1)];
        BOOST_TEST((r.lower <= rational(k) && rational(k) <= r.upper));
    }
    // Wilkinson 1963: changed by -2^-23 in x^19, ten of the roots become complex.
    w -= polynomial(rational(1, 1 << 23)) * power(x, 19);
    const sturm_chain changed(coefficients(w));
    BOOST_TEST(changed.count(infinite, infinite) == 10u);
    BOOST_TEST(changed.count(rational(20), rational(21)) == 1u); // 20.8469...
    BOOST_TEST(changed.degree() == 20u);
}

BOOST_AUTO_TEST_CASE(chebyshev_polynomials_have_all_their_roots_between_minus_one_and_one) {
    polynomial before = polynomial(0) * x + 1, t = x;
    for (int n = 1; n <= 40; ++n) {
        const sturm_chain chain(coefficients(t));
        BOOST_TEST(chain.count(rational(-1), rational(1)) == static_cast<std::size_t>(n));
        BOOST_TEST(chain.count(rational(0), infinite) == static_cast<std::size_t>(n / 2));
        const polynomial next = 2 * x * t - before;
        before = t;
        t = next;
    }
}

BOOST_AUTO_TEST_CASE(close_roots_are_told_apart) {
    // Mignotte: x^9 - 2 (1000 x - 1)^2 has two roots within 1000^-5.5 of 1/1000.
    const polynomial p = power(x, 9) - 2 * power(1000 * x - 1, 2);
    const auto roots = isolate_real_roots(coefficients(p), rational(1));
    BOOST_TEST_REQUIRE(roots.size() == 3u);
    BOOST_TEST((roots[0].upper < rational(1, 1000) && rational(1, 1000) < roots[1].lower));
}

BOOST_AUTO_TEST_CASE(constants_have_no_roots_and_misuse_is_refused) {
    BOOST_TEST(sturm_chain(support::rationals({"3", "0"})).count(infinite, infinite) == 0u);
    BOOST_TEST(isolate_real_roots(support::rationals({"-1/2"}), rational(1)).empty());
    BOOST_CHECK_THROW(sturm_chain(support::rationals({"0", "0"})), std::invalid_argument);
    BOOST_CHECK_THROW(sturm_chain(support::rationals({"0", "1"})).count(rational(1), rational(1)),
                      std::invalid_argument);
    BOOST_CHECK_THROW(isolate_real_roots(support::rationals({"0", "1"}), rational(0)),
                      std::invalid_argument);
    BOOST_CHECK_THROW(univariate_coefficients(polynomial_ring({"a", "b"}).variable(0)),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
