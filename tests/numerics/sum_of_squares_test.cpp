#include <boost/test/unit_test.hpp>
#include <functional>
#include <random>

#include "numerics/poly/lowest_point.hpp"
#include "numerics/poly/sum_of_squares.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using answer = square_search::answer;

namespace {

polynomial fraction(std::int64_t n, std::int64_t d) { return polynomial(rational(n, d)); }

/// (1 - ab)^2 + (1 - cp)^2 + (a - c)^2 / 10, plus `decay` times the sum of squares.
polynomial two_layers(const rational& decay) {
    const polynomial_ring ring({"a", "b", "c", "p"});
    const polynomial a = ring.variable(0), b = ring.variable(1), c = ring.variable(2),
                     p = ring.variable(3);
    return power(1 - a * b, 2) + power(1 - c * p, 2) + fraction(1, 10) * power(a - c, 2) +
           polynomial(decay) * (a * a + b * b + c * c + p * p);
}

polynomial motzkin() {
    const polynomial_ring ring({"x", "y"});
    const polynomial x = ring.variable(0), y = ring.variable(1);
    return power(x, 4) * y * y + x * x * power(y, 4) - 3 * x * x * y * y + 1;
}

polynomial random_polynomial(const polynomial_ring& ring, int degree, std::mt19937_64& rng) {
    polynomial sum = polynomial(0) * ring.variable(0);
    const std::function<void(std::size_t, int, polynomial)> add = [&](std::size_t v, int left,
                                                                      polynomial monomial) {
        if (v == ring.variables().size()) {
            const auto above = static_cast<std::int64_t>(rng() % 11) - 5;
            const auto below = static_cast<std::int64_t>(rng() % 3) + 1;
            sum += monomial * fraction(above, below);
            return;
        }
        for (int e = 0; e <= left; ++e)
            add(v + 1, left - e, monomial * power(ring.variable(v), e));
    };
    add(0, degree, sum + 1);
    return sum;
}

void check_found(const polynomial& p, std::size_t most_squares) {
    BOOST_TEST_CONTEXT("p = " << p) {
        const square_search found = find_sum_of_squares(p);
        BOOST_TEST_CONTEXT(found.reason) {
            BOOST_TEST_REQUIRE((found.is == answer::found));
            const auto shown = squares_shown(p, found.witness);
            BOOST_TEST_REQUIRE(shown.has_value());
            BOOST_TEST(*shown == found.squares);
            BOOST_TEST(found.squares <= most_squares);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(sum_of_squares_test)

BOOST_AUTO_TEST_CASE(a_loss_that_vanishes_on_a_curve_is_a_sum_of_three_squares) {
    check_found(two_layers(rational(0)), 3);
}

BOOST_AUTO_TEST_CASE(a_loss_with_decay_is_bounded_by_its_minimum_itself_at_irrational_points) {
    const polynomial loss = two_layers(rational(1, 20));
    for (const rational& below : {rational(0), rational(19, 100), rational(194999, 1000000)})
        check_found(loss - polynomial(below), 7);
    check_found(loss - fraction(39, 200), 5); // attained at +-sqrt(19/20) (1, 1, 1, 1)
    const polynomial above = loss - fraction(195001, 1000000);
    BOOST_TEST((find_sum_of_squares(above).is == answer::none));
    const auto point = point_below(above, rational(0), 64, support::seed(5));
    BOOST_TEST_REQUIRE(point.has_value());
    BOOST_TEST(above.evaluate(*point).sign() < 0);
}

BOOST_AUTO_TEST_CASE(motzkins_polynomial_is_none_but_twice_multiplied_it_is) {
    const polynomial m = motzkin();
    const polynomial x = m.ring().variable(0), y = m.ring().variable(1);
    const square_search plain = find_sum_of_squares(m);
    BOOST_TEST((plain.is == answer::none));
    BOOST_TEST((plain.reason.find("x^2*y^2") != std::string::npos), plain.reason);
    BOOST_TEST(!point_below(m, rational(0), 64, 1).has_value());
    BOOST_TEST((find_sum_of_squares(m + 100 * (x * x + y * y)).is == answer::found));
    check_found(m * (x * x + y * y), 3);
    check_found(m * (x * x + y * y + 1), 6);
}

BOOST_AUTO_TEST_CASE(robinsons_and_choi_lams_polynomials_are_told_to_be_none_by_a_functional) {
    const polynomial_ring ring({"x", "y", "z"});
    const polynomial x = ring.variable(0), y = ring.variable(1), z = ring.variable(2);
    const polynomial x2 = x * x, y2 = y * y, z2 = z * z;
    // Robinson 1969 and Choi, Lam 1977: nonnegative, not sums of squares.
    const polynomial robinson = x2 * x2 * x2 + y2 * y2 * y2 + z2 * z2 * z2 -
                                (x2 * x2 * (y2 + z2) + y2 * y2 * (x2 + z2) + z2 * z2 * (x2 + y2)) +
                                3 * x2 * y2 * z2;
    const polynomial choi_lam = x2 * x2 * y2 + y2 * y2 * z2 + z2 * z2 * x2 - 3 * x2 * y2 * z2;
    for (const polynomial& p : {robinson, choi_lam}) {
        BOOST_TEST((find_sum_of_squares(p).is == answer::none));
        BOOST_TEST(!point_below(p, rational(0), 32, 1).has_value());
    }
}

BOOST_AUTO_TEST_CASE(random_sums_of_squares_are_found_again) {
    const std::uint64_t seed = support::seed(20260617);
    std::mt19937_64 rng(seed);
    for (std::size_t n = 1; n <= 4; ++n)
        for (int degree = 1; degree <= 3; ++degree) {
            std::vector<std::string> names{"x", "y", "z", "w"};
            names.resize(n);
            const polynomial_ring ring(names);
            // As many squares as variables may share single irrational zeros: see the header.
            for (const int squares : {1, 9})
                for (int trial = 0; trial < support::trials(n == 4 && degree == 3 ? 1 : 3);
                     ++trial) {
                    polynomial sum = polynomial(0) * ring.variable(0);
                    for (int k = 0; k < squares; ++k)
                        sum += power(random_polynomial(ring, degree, rng), 2);
                    BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", " << squares
                                               << " squares") {
                        check_found(sum, 35);
                    }
                }
        }
}

BOOST_AUTO_TEST_CASE(in_one_variable_every_nonnegative_polynomial_is_found) {
    const polynomial_ring ring({"t"});
    const polynomial t = ring.variable(0);
    const std::uint64_t seed = support::seed(20260618);
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(60); ++trial) {
        // Real roots of even multiplicity, rational or not, and complex pairs.
        polynomial p = polynomial(0) * t + 1;
        for (std::uint64_t k = rng() % 3; k > 0; --k)
            p *= power(random_polynomial(ring, 1 + static_cast<int>(rng() % 3), rng), 2);
        for (std::uint64_t k = rng() % 3; k > 0; --k)
            p *= power(t - fraction(static_cast<std::int64_t>(rng() % 9), 2), 2) +
                 fraction(1, static_cast<std::int64_t>(rng() % 20) + 1);
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial) {
            check_found(p, 10);
            // One simple root makes it change its sign.
            const polynomial q = p * (t - 1);
            if (q.is_zero()) continue;
            BOOST_TEST((find_sum_of_squares(q).is == answer::none));
            const auto point = point_below(q, rational(0), 1, 1);
            BOOST_TEST_REQUIRE(point.has_value());
            BOOST_TEST(q.evaluate(*point).sign() < 0);
        }
    }
    check_found(power(power(t, 3) - 2, 2), 1); // its real zero has complex conjugates
    check_found(power(t - 1000, 2), 1);
    check_found(polynomial(0) * t, 0);
    check_found(polynomial(0) * t + 7, 1);
}

BOOST_AUTO_TEST_CASE(polynomials_with_negative_values_are_never_found) {
    const std::uint64_t seed = support::seed(20260619);
    std::mt19937_64 rng(seed);
    const polynomial_ring ring({"x", "y", "z"});
    for (int trial = 0; trial < support::trials(30); ++trial) {
        polynomial sum = polynomial(0) * ring.variable(0);
        for (int k = 0; k < 4; ++k)
            sum += power(random_polynomial(ring, 2, rng), 2);
        const std::vector<rational> at{rational(1, 2), rational(-1), rational(2, 3)};
        const rational value = sum.evaluate(at);
        const polynomial p =
            sum - polynomial(value + rational(1, static_cast<std::int64_t>(rng() % 1000) + 1));
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", p = " << p) {
            BOOST_TEST((find_sum_of_squares(p).is == answer::none));
            const auto point = point_below(p, rational(0), 64, seed);
            BOOST_TEST_REQUIRE(point.has_value());
            BOOST_TEST(p.evaluate(*point).sign() < 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_witness_that_is_wrong_anywhere_is_not_accepted) {
    const polynomial p = two_layers(rational(1, 20)) - fraction(19, 100);
    const square_search found = find_sum_of_squares(p);
    BOOST_TEST_REQUIRE((found.is == answer::found));
    const Eigen::Index n = found.witness.gram.rows();
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j <= i; ++j) {
            gram_certificate wrong = found.witness;
            wrong.gram(i, j) += power(rational(2), -200);
            if (i != j) wrong.gram(j, i) = wrong.gram(i, j);
            BOOST_TEST(!squares_shown(p, wrong).has_value());
        }
    // The right form, but not semidefinite.
    gram_certificate wrong = found.witness;
    const auto of = [&](std::vector<std::uint64_t> e) {
        const auto it = std::find(wrong.monomials.begin(), wrong.monomials.end(), e);
        return static_cast<Eigen::Index>(it - wrong.monomials.begin());
    };
    const Eigen::Index one = of({0, 0, 0, 0}), a = of({1, 0, 0, 0}), b = of({0, 1, 0, 0}),
                       ab = of({1, 1, 0, 0});
    for (const auto& [i, j, by] :
         {std::tuple{one, ab, rational(100)}, std::tuple{a, b, rational(-100)}}) {
        wrong.gram(i, j) += by;
        wrong.gram(j, i) += by;
    }
    BOOST_TEST(!squares_shown(p, wrong).has_value());
    wrong.monomials.pop_back();
    BOOST_CHECK_THROW(squares_shown(p, wrong), std::invalid_argument);
    BOOST_CHECK_THROW(find_sum_of_squares(polynomial(3)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
