#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>
#include <stdexcept>

#include "numerics/box/minimum.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using fast = interval<double>;

namespace {

bool covered(const minimum_answer& a, const std::vector<rational>& point) {
    for (const auto& box : a.minimisers) {
        bool in = true;
        for (std::size_t j = 0; j < box.size(); ++j)
            in = in && box[j].contains(point[j]);
        if (in) return true;
    }
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(box_minimum_test)

BOOST_AUTO_TEST_CASE(two_equal_minima_are_enclosed_to_the_last_digits) {
    const tape loss = record({"a", "b", "c", "p"}, [](auto a, auto b, auto c, auto p) {
        return power(1 - a * b, 2) + power(1 - c * p, 2) + power(a - c, 2) * rational(1, 10) +
               (a * a + b * b + c * c + p * p) * rational(1, 20);
    });
    const minimum_answer a = minimise(loss, std::vector<fast>(4, fast(-3.0, 3.0)));
    BOOST_TEST(a.complete);
    BOOST_TEST(a.value.contains(rational(195, 1000)));
    BOOST_TEST(a.value.width() < 1e-14);
    BOOST_TEST(!a.unique);
    BOOST_REQUIRE(a.minimisers.size() == 2u);
    for (const auto& box : a.minimisers)
        for (const fast& x : box) {
            BOOST_TEST(square(x).contains(rational(19, 20)));
            BOOST_TEST(x.width() < 1e-12);
        }
}

BOOST_AUTO_TEST_CASE(random_quadratics_have_their_exact_minimum_inside_or_at_the_ends) {
    // w (x - c)^2 + v (y - d)^2 + k (x - c)(y - d) with 4 w v > k^2; then one variable is held at
    // the end of a box beside c: minimum w' (end - c)^2 with w' = w - k^2 / (4 v), if y is free.
    const std::uint64_t seed = support::seed(20260831);
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(60); ++trial) {
        const auto any = [&](int from, int to) {
            return rational(from * 4 + static_cast<std::int64_t>(
                                           rng() % static_cast<unsigned>((to - from) * 4)),
                            4);
        };
        const rational w = any(1, 3), v = any(1, 3), k = any(-1, 1), c = any(-1, 1), d = any(-1, 1);
        const tape f = record({"x", "y"}, [&](auto x, auto y) {
            return w * power(x - c, 2) + v * power(y - d, 2) + k * (x - c) * (y - d) + 1;
        });
        const bool beside = trial % 2 == 1;
        const std::vector<fast> box{beside ? fast(1.5, 4.0) : fast(-2.0, 4.0), fast(-8.0, 8.0)};
        const minimum_answer a = minimise(f, box);
        const rational gap = rational(3, 2) - c;
        const rational least = beside ? (w - k * k / (4 * v)) * gap * gap + 1 : rational(1);
        const std::vector<rational> at{beside ? rational(3, 2) : c,
                                       beside ? d - k * gap / (2 * v) : d};
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << "\n" << f.text()) {
            BOOST_TEST(a.complete);
            BOOST_TEST(a.unique);
            BOOST_TEST(a.value.contains(least));
            BOOST_TEST(a.value.width() < 1e-12);
            BOOST_TEST(covered(a, at));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_curve_of_minimisers_is_covered_by_small_boxes) {
    const tape f = record({"x", "y"}, [](auto x, auto y) { return power(x * y - 1, 2); });
    const minimum_answer a =
        minimise(f, std::vector<fast>{fast(0.25, 4.0), fast(0.25, 4.0)}, {0.05, 100000, nullptr});
    BOOST_TEST(a.complete);
    BOOST_TEST(a.value.contains(0.0));
    BOOST_TEST(!a.unique);
    for (int k = 0; k <= 1000; ++k) {
        const rational t = rational(1, 4) + rational(15 * k, 4000);
        BOOST_TEST(covered(a, {t, 1 / t}), t);
    }
    for (const auto& box : a.minimisers) {
        BOOST_TEST(box[0].width() <= 0.05);
        BOOST_TEST(std::abs(box[0].midpoint() * box[1].midpoint() - 1) < 0.5);
    }
}

BOOST_AUTO_TEST_CASE(flat_directions_and_corners_lose_no_minimiser) {
    const tape f =
        record({"x", "y"}, [](auto x, auto y) { return x * x + 0 * y + power(y, 3) * x * x; });
    const minimum_answer a =
        minimise(f, std::vector<fast>{fast(-1.0, 1.0), fast(0.0, 1.0)}, {0.25, 10000, nullptr});
    for (int k = 0; k <= 64; ++k)
        BOOST_TEST(covered(a, {rational(0), rational(k, 64)}));
    const tape linear = record({"x", "y"}, [](auto x, auto y) { return x - 2 * y; });
    const minimum_answer corner =
        minimise(linear, std::vector<fast>{fast(-1.0, 1.0), fast(0.0, 3.0)});
    BOOST_TEST((corner.value == fast(-7.0)));
    BOOST_TEST((corner.best == std::vector<double>{-1, 3}));
    BOOST_TEST(corner.parts == 1u);
}

BOOST_AUTO_TEST_CASE(convexity_is_claimed_only_where_it_is_certain) {
    const auto quadratic = [](int k) {
        return record({"x", "y"}, [k](auto x, auto y) {
            return x * x + y * y + rational(k, 10) * x * y + power(x, 4);
        });
    };
    const std::vector<fast> box{fast(-1.0, 1.0), fast(-1.0, 1.0)};
    BOOST_TEST(certainly_convex(quadratic(19), box));
    BOOST_TEST(!certainly_convex(quadratic(20), box));
    BOOST_TEST(!certainly_convex(quadratic(21), box));
    BOOST_TEST(!certainly_convex(record({"x"}, [](auto x) { return 1 / x; }),
                                 std::vector<fast>{fast(-1.0, 1.0)}));
    BOOST_TEST(certainly_positive_definite(std::vector<fast>{2, -1, 0, -1, 2, -1, 0, -1, 2}, 3));
    BOOST_TEST(!certainly_positive_definite(std::vector<fast>{1, -1, -1, 1}, 2));
}

BOOST_AUTO_TEST_CASE(poles_and_spent_budgets_leave_the_value_open_and_misuse_is_refused) {
    const tape pole = record({"x"}, [](auto x) { return 1 / x; });
    const minimum_answer p = minimise(pole, std::vector<fast>{fast(-1.0, 2.0)});
    BOOST_TEST(p.value.lower() == -std::numeric_limits<double>::infinity());
    const tape wave = record({"x"}, [](auto x) { return sin(x * 5) + x * x * rational(1, 10); });
    const minimum_answer spent =
        minimise(wave, std::vector<fast>{fast(-9.0, 9.0)}, {1e-6, 9, nullptr});
    BOOST_TEST(!spent.complete);
    const minimum_answer all = minimise(wave, std::vector<fast>{fast(-9.0, 9.0)});
    BOOST_TEST(all.complete);
    BOOST_TEST(all.unique);
    BOOST_TEST(all.value.width() < 1e-14);
    BOOST_TEST(subset(all.value, spent.value));
    BOOST_CHECK_THROW(minimise(pole, std::vector<fast>{}), std::invalid_argument);
    BOOST_CHECK_THROW(minimise(pole, std::vector<fast>{fast::empty()}), std::invalid_argument);
    BOOST_CHECK_THROW(minimise(pole, std::vector<fast>{fast::entire()}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
