#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <random>
#include <sstream>
#include <vector>

#include "numerics/interval/eigen.hpp"
#include "numerics/interval/interval.hpp"
#include "numerics/interval/order.hpp"
#include "tests/support/draw_interval.hpp"
#include "tests/support/rounded_rational.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;

namespace {

using set = interval<double>;
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();
constexpr double tiny = std::numeric_limits<double>::denorm_min();
const std::uint64_t seed = support::seed(20240611);

bool has_negative_zero(const set& x) {
    return (x.lower() == 0 && std::signbit(x.lower())) ||
           (x.upper() == 0 && std::signbit(x.upper()));
}

using draw = support::draw_interval;
using support::is_tightest_above, support::is_tightest_below;

template <class Exact> std::pair<rational, rational> range(const set& x, const set& y, Exact f) {
    const rational a = rational::exactly(x.lower()), b = rational::exactly(x.upper());
    const rational c = rational::exactly(y.lower()), d = rational::exactly(y.upper());
    const std::array<rational, 4> all{f(a, c), f(a, d), f(b, c), f(b, d)};
    const auto [low, high] = std::minmax_element(all.begin(), all.end());
    return {*low, *high};
}

template <class Rounded, class Exact>
void check_tightest(int trials, Rounded rounded, Exact exact, bool divides = false) {
    draw next(seed);
    for (int trial = 0; trial < trials; ++trial) {
        const set x = next.bounded(), y = next.bounded();
        if (divides && y.contains(0.0)) continue;
        const set z = rounded(x, y);
        const auto [low, high] = range(x, y, exact);
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", x = " << x << ", y = " << y
                                   << ", z = " << z) {
            BOOST_TEST(is_tightest_below(z.lower(), low));
            BOOST_TEST(is_tightest_above(z.upper(), high));
            BOOST_TEST(!has_negative_zero(z));
        }
    }
}

struct binary_case {
    set x, y, result;
};
template <class Op> void check_table(const std::vector<binary_case>& cases, Op op) {
    for (const auto& c : cases)
        BOOST_TEST_CONTEXT("x = " << c.x << ", y = " << c.y) {
            BOOST_TEST(op(c.x, c.y) == c.result);
            BOOST_TEST(!has_negative_zero(op(c.x, c.y)));
        }
}

const set none = set::empty(), all = set::entire();

} // namespace

BOOST_AUTO_TEST_SUITE(interval_test)

BOOST_AUTO_TEST_CASE(sums_are_tightest) {
    check_tightest(
        20000, [](const set& x, const set& y) { return x + y; },
        [](const rational& a, const rational& b) { return a + b; });
}
BOOST_AUTO_TEST_CASE(differences_are_tightest) {
    check_tightest(
        20000, [](const set& x, const set& y) { return x - y; },
        [](const rational& a, const rational& b) { return a - b; });
}
BOOST_AUTO_TEST_CASE(products_are_tightest) {
    check_tightest(
        20000, [](const set& x, const set& y) { return x * y; },
        [](const rational& a, const rational& b) { return a * b; });
}
BOOST_AUTO_TEST_CASE(quotients_by_intervals_without_zero_are_tightest) {
    check_tightest(
        40000, [](const set& x, const set& y) { return x / y; },
        [](const rational& a, const rational& b) { return a / b; }, true);
}

BOOST_AUTO_TEST_CASE(products_that_round_to_the_same_double_keep_the_smaller_error) {
    // Neighbouring factors: several endpoint products round to one double from both sides.
    draw next(seed);
    for (int trial = 0; trial < support::trials(4000); ++trial) {
        const auto near_one = [&] {
            const double a = 1 + std::ldexp(static_cast<double>(next() % 8) - 4, -52);
            return set(a, a + std::ldexp(static_cast<double>(next() % 3), -53));
        };
        const set x = near_one(), y = near_one(), z = x * y, w = -x * y;
        const auto [low, high] =
            range(x, y, [](const rational& a, const rational& b) { return a * b; });
        BOOST_TEST_CONTEXT("trial " << trial << ", x = " << x << ", y = " << y) {
            BOOST_TEST((is_tightest_below(z.lower(), low) && is_tightest_above(z.upper(), high)));
            BOOST_TEST((is_tightest_below(w.lower(), -high) && is_tightest_above(w.upper(), -low)));
        }
    }
}

BOOST_AUTO_TEST_CASE(sums_at_the_edge_of_the_range_are_tightest) {
    // Where an intermediate of the error-free sum overflows although the sum does not.
    for (const double a : {largest, -largest, std::nextafter(largest, 0.0), 0x1p1023, -0x1p1023})
        for (const double b : {tiny, -tiny, 1.0, -1.0, 0x1p969, -0x1p969, 0x1p970, -0x1p970,
                               0x1.8p970, largest, -largest})
            BOOST_TEST_CONTEXT("a = " << a << ", b = " << b) {
                const rational sum = rational::exactly(a) + rational::exactly(b);
                for (const set& z : {set(a) + set(b), set(b) + set(a), set(a) - set(-b)}) {
                    BOOST_TEST(is_tightest_below(z.lower(), sum));
                    BOOST_TEST(is_tightest_above(z.upper(), sum));
                }
            }
}

BOOST_AUTO_TEST_CASE(square_roots_are_tightest) {
    draw next(seed);
    for (int trial = 0; trial < support::trials(10000); ++trial) {
        const set x = abs(next.bounded()), z = sqrt(x);
        const auto squared = [](double r) { return rational::exactly(r) * rational::exactly(r); };
        const rational low = rational::exactly(x.lower()), high = rational::exactly(x.upper());
        BOOST_TEST_CONTEXT("trial " << trial << ", x = " << x << ", z = " << z) {
            BOOST_TEST(
                (squared(z.lower()) <= low && squared(std::nextafter(z.lower(), inf)) > low));
            BOOST_TEST((squared(z.upper()) >= high));
            BOOST_TEST((z.upper() == 0 || squared(std::nextafter(z.upper(), 0.0)) < high));
        }
    }
}

BOOST_AUTO_TEST_CASE(squares_and_constants_are_tightest) {
    draw next(seed);
    for (int trial = 0; trial < support::trials(4000); ++trial) {
        const set x = next.bounded(), z = square(x);
        const rational a = rational::exactly(x.lower()), b = rational::exactly(x.upper());
        const rational low = x.contains(0.0) ? rational() : std::min(a * a, b * b);
        BOOST_TEST_CONTEXT("trial " << trial << ", x = " << x) {
            BOOST_TEST(is_tightest_below(z.lower(), low));
            BOOST_TEST(is_tightest_above(z.upper(), std::max(a * a, b * b)));
        }
        const auto n = static_cast<std::int64_t>(next());
        const set whole = n;
        BOOST_TEST_CONTEXT("n = " << n) {
            BOOST_TEST(is_tightest_below(whole.lower(), rational(n)));
            BOOST_TEST(is_tightest_above(whole.upper(), rational(n)));
        }
        const rational q(n, static_cast<std::int64_t>(next() >> 1) + 1);
        const set around = set::enclosing(q);
        BOOST_TEST_CONTEXT("q = " << q) {
            BOOST_TEST(is_tightest_below(around.lower(), q));
            BOOST_TEST(is_tightest_above(around.upper(), q));
            BOOST_TEST((around.contains(q) && embed<set>{}(q) == around));
        }
    }
    BOOST_TEST(
        (set(3).is_point() && set(-7).lower() == -7 && set::enclosing(rational(1, 4)).is_point()));
}

BOOST_AUTO_TEST_CASE(powers_enclose_and_know_parity) {
    draw next(seed);
    for (int trial = 0; trial < support::trials(3000); ++trial) {
        const set x = next.bounded();
        const auto n = static_cast<std::int64_t>(next() % 13) - 6;
        const set z = power(x, n);
        BOOST_TEST_CONTEXT("trial " << trial << ", x = " << x << ", n = " << n << ", z = " << z) {
            for (const double t : {x.lower(), x.midpoint(), x.upper()})
                if (t != 0 || n >= 0) BOOST_TEST(z.contains(power(rational::exactly(t), n)));
            BOOST_TEST(!has_negative_zero(z));
            if (n % 2 == 0) BOOST_TEST((z.is_empty() || z.lower() >= 0));
        }
    }
    BOOST_TEST(power(set(-2, 3), 2) == set(0, 9));
    BOOST_TEST(power(set(-2, 3), 3) == set(-8, 27));
    BOOST_TEST(power(set(-2, 3), 0) == set(1));
    BOOST_TEST(power(set(0), 0) == set(1));
    BOOST_TEST(power(set(2, 4), -2) == set(0.0625, 0.25));
    BOOST_TEST(power(set(-4, -2), -1) == set(-0.5, -0.25));
    BOOST_TEST(power(set(0, 2), -1) == set(0.5, inf));
    BOOST_TEST(power(set(-2, 0), -1) == set(-inf, -0.5));
    BOOST_TEST(power(set(-2, 1), -1) == all);
    BOOST_TEST(power(set(-2, 1), -2) == set(0.25, inf));
    BOOST_TEST(power(set(0), -2) == none);
    BOOST_TEST(power(set(0), -3) == none);
    BOOST_TEST(power(none, 0) == none);
    BOOST_TEST(power(all, 2) == set(0, inf));
    BOOST_TEST(power(all, 3) == all);
    BOOST_TEST(power(all, -2) == set(0, inf));
    BOOST_TEST(power(set(1, inf), -3) == set(0, 1));
    BOOST_TEST(power(set(-1), std::numeric_limits<std::int64_t>::min()) == set(1));
    BOOST_TEST(power(set(2), 5000) == set(largest, inf));
    BOOST_TEST(power(set(2), -5000).lower() == 0);
    BOOST_TEST(power(set(2), -5000).upper() < 1e-308);
}

BOOST_AUTO_TEST_CASE(sums_of_empty_and_unbounded_sets_follow_the_standard) {
    check_table({{none, set(1), none},
                 {none, all, none},
                 {none, none, none},
                 {all, set(1), all},
                 {all, all, all},
                 {set(-inf, 1), set(2, inf), all},
                 {set(-inf, 1), set(-inf, 2), set(-inf, 3)},
                 {set(1, inf), set(-2), set(-1, inf)},
                 {set(largest), set(largest), set(largest, inf)}},
                [](const set& x, const set& y) { return x + y; });
    BOOST_TEST(set(1, inf) - set(1, inf) == all);
    BOOST_TEST(none - all == none);
    BOOST_TEST(-none == none);
    BOOST_TEST(-set(-inf, 2) == set(-2, inf));
    BOOST_TEST(!has_negative_zero(-set(0)));
    BOOST_TEST(!has_negative_zero(set(-0.0)));
}

BOOST_AUTO_TEST_CASE(products_of_empty_and_unbounded_sets_follow_the_standard) {
    check_table({{none, all, none},
                 {set(0), none, none},
                 {set(0), all, set(0)},
                 {set(0), set(1, inf), set(0)},
                 {set(0, 1), set(0, inf), set(0, inf)},
                 {set(0, 1), all, all},
                 {set(-1, 2), set(3, inf), all},
                 {set(1, 2), set(3, inf), set(3, inf)},
                 {set(-2, -1), set(3, inf), set(-inf, -3)},
                 {set(-inf, -3), set(-inf, 2), set(-inf, inf)},
                 {set(-inf, -3), set(-inf, -2), set(6, inf)},
                 {set(-inf, 0), set(0, inf), set(-inf, 0)},
                 {set(tiny), set(tiny), set(0, tiny)},
                 {set(tiny), set(-tiny), set(-tiny, 0)},
                 {set(largest), set(-2), set(-inf, -largest)}},
                [](const set& x, const set& y) { return x * y; });
}

BOOST_AUTO_TEST_CASE(quotients_follow_the_standard_where_the_divisor_contains_zero) {
    check_table({{none, set(1), none},
                 {set(1), none, none},
                 {set(1, 2), set(0), none},
                 {set(0), set(0), none},
                 {all, set(0), none},
                 {set(1, 2), set(0, 1), set(1, inf)},
                 {set(1, 2), set(-1, 0), set(-inf, -1)},
                 {set(1, 2), set(-1, 1), all},
                 {set(-2, -1), set(0, 1), set(-inf, -1)},
                 {set(-2, -1), set(-1, 0), set(1, inf)},
                 {set(0), set(0, 1), set(0)},
                 {set(0), set(-1, 1), set(0)},
                 {set(0), all, set(0)},
                 {set(0, 1), set(0, 1), set(0, inf)},
                 {set(-1, 0), set(0, 1), set(-inf, 0)},
                 {set(-1, 1), set(0, 1), all},
                 {set(0, 1), set(-1, 1), all},
                 {all, set(1, 2), all},
                 {set(1, 2), all, all},
                 {set(1, 2), set(1, inf), set(0, 2)},
                 {set(-1, 2), set(1, inf), set(-1, 2)},
                 {set(1, inf), set(1, inf), set(0, inf)},
                 {set(-inf, -1), set(1, inf), set(-inf, 0)},
                 {set(1, 2), set(0, inf), set(0, inf)},
                 {set(1, 2), set(-inf, -4), set(-0.5, 0)},
                 {set(-inf, 3), set(-2, -1), set(-3, inf)}},
                [](const set& x, const set& y) { return x / y; });
}

BOOST_AUTO_TEST_CASE(extended_division_returns_both_branches) {
    const auto check = [](const set& x, const set& y, const set& left, const set& right) {
        BOOST_TEST_CONTEXT("x = " << x << ", y = " << y) {
            const auto [a, b] = divide_to_pair(x, y);
            BOOST_TEST(a == left);
            BOOST_TEST(b == right);
        }
    };
    check(set(1, 2), set(-1, 4), set(-inf, -1), set(0.25, inf));
    check(set(-2, -1), set(-1, 4), set(-inf, -0.25), set(1, inf));
    check(set(1, 2), all, set(-inf, 0), set(0, inf));
    check(set(1, 2), set(0, 4), set(0.25, inf), none);
    check(set(1, 2), set(0), none, none);
    check(set(0, 2), set(0), all, none);
    check(set(-1, 2), set(-1, 4), all, none);
    check(set(1, 2), set(2, 4), set(0.25, 1), none);
    check(none, set(-1, 1), none, none);
}

BOOST_AUTO_TEST_CASE(square_roots_drop_what_is_outside_the_domain) {
    BOOST_TEST(sqrt(set(-1, 4)) == set(0, 2));
    BOOST_TEST(sqrt(set(-2, -1)) == none);
    BOOST_TEST(sqrt(set(-1, 0)) == set(0));
    BOOST_TEST(sqrt(none) == none);
    BOOST_TEST(sqrt(all) == set(0, inf));
    BOOST_TEST(sqrt(set(4, inf)) == set(2, inf));
}

BOOST_AUTO_TEST_CASE(set_operations_agree_with_sets) {
    BOOST_TEST(intersection(set(0, 2), set(1, 3)) == set(1, 2));
    BOOST_TEST(intersection(set(0, 1), set(2, 3)) == none);
    BOOST_TEST(intersection(none, all) == none);
    BOOST_TEST(convex_hull(set(0, 1), set(2, 3)) == set(0, 3));
    BOOST_TEST(convex_hull(none, set(2, 3)) == set(2, 3));
    BOOST_TEST((subset(none, none) && subset(set(1), set(0, 1)) && !subset(set(0, 2), set(0, 1)) &&
                !subset(all, none)));
    BOOST_TEST((interior(set(1), set(0, 2)) && !interior(set(0, 1), set(0, 2)) &&
                interior(all, all) && interior(none, none) && !interior(set(1), none)));
    BOOST_TEST(
        (disjoint(set(0, 1), set(2, 3)) && !disjoint(set(0, 1), set(1, 3)) && disjoint(none, all)));
    BOOST_TEST(abs(set(-3, 2)) == set(0, 3));
    BOOST_TEST(abs(set(-3, -2)) == set(2, 3));
    BOOST_TEST(abs(none) == none);
    BOOST_TEST(square(none) == none);
    BOOST_TEST(min(set(0, 3), set(1, 2)) == set(0, 2));
    BOOST_TEST(max(set(0, 3), set(1, 2)) == set(1, 3));
    BOOST_TEST(max(none, set(1)) == none);
    BOOST_TEST(set() == set(0));
    BOOST_TEST((none.is_empty() && !none.is_bounded() && !none.contains(0.0) &&
                !none.contains(rational(0))));
    BOOST_TEST(
        (all.is_entire() && !all.is_bounded() && !all.contains(inf) && all.contains(rational(5))));
    BOOST_TEST((!set(0, 1).contains(rational(-1, 3)) && set(0, 1).contains(rational(1, 3))));
}

BOOST_AUTO_TEST_CASE(sizes_are_bounds_and_midpoints_are_members) {
    draw next(seed);
    for (int trial = 0; trial < support::trials(4000); ++trial) {
        const set x = next.bounded();
        const rational a = rational::exactly(x.lower()), b = rational::exactly(x.upper());
        const rational m = rational::exactly(x.midpoint());
        BOOST_TEST_CONTEXT("trial " << trial << ", x = " << x) {
            BOOST_TEST(is_tightest_above(x.width(), b - a));
            BOOST_TEST((a <= m && m <= b));
            BOOST_TEST(is_tightest_above(x.radius(), std::max(b - m, m - a)));
            BOOST_TEST(x.magnitude() == std::max(std::abs(x.lower()), std::abs(x.upper())));
        }
    }
    BOOST_TEST(set(-largest, largest).midpoint() == 0);
    BOOST_TEST(set(largest).midpoint() == largest);
    BOOST_TEST(all.midpoint() == 0);
    BOOST_TEST(set(1, inf).midpoint() == largest);
    BOOST_TEST(set(-inf, 1).midpoint() == -largest);
    BOOST_TEST(all.radius() == inf);
    BOOST_TEST(all.width() == inf);
    BOOST_TEST(set(-3, 2).mignitude() == 0);
    BOOST_TEST(set(-3, -2).mignitude() == 2);
    for (const double nothing :
         {none.width(), none.midpoint(), none.radius(), none.magnitude(), none.mignitude()})
        BOOST_TEST(std::isnan(nothing));
}

BOOST_AUTO_TEST_CASE(construction_rejects_what_is_no_interval) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const auto& [lower, upper] : std::vector<std::pair<double, double>>{
             {nan, 1}, {1, nan}, {nan, nan}, {2, 1}, {inf, inf}, {-inf, -inf}, {inf, -inf}})
        BOOST_CHECK_THROW(set(lower, upper), std::invalid_argument);
    BOOST_CHECK_THROW(set{inf}, std::invalid_argument);
    BOOST_CHECK_THROW(set{nan}, std::invalid_argument);
    BOOST_CHECK_THROW(set::hull(rational(1), rational(0)), std::invalid_argument);
    BOOST_TEST(set::hull(rational(1, 4), rational(1, 2)) == set(0.25, 0.5));
    static_assert(!std::is_convertible_v<double, set> && std::is_convertible_v<int, set>);
}

BOOST_AUTO_TEST_CASE(constants_mix_on_both_sides) {
    const set x(2, 4);
    const rational half(1, 2), third(1, 3);
    BOOST_TEST(1 + x * 2 - 3 == set(2, 6));
    BOOST_TEST(1 / x == set(0.25, 0.5));
    BOOST_TEST(half * x == set(1, 2));
    BOOST_TEST(x / half - half == set(3.5, 7.5));
    BOOST_TEST((set(1) * third).contains(third));
    set y = x;
    y += 1;
    y *= half;
    y -= set(0.5);
    y /= 2;
    BOOST_TEST(y == set(0.5, 1));
}

BOOST_AUTO_TEST_CASE(order_is_three_valued_and_silent_about_the_empty_set) {
    BOOST_TEST((less(set(0, 2), set(1, 3)) == truth::unknown));
    BOOST_TEST((less(set(0, 1), set(2, 3)) == truth::yes));
    BOOST_TEST((less(set(0, 1), set(1, 3)) == truth::unknown));
    BOOST_TEST((less(set(1, 3), set(0, 1)) == truth::no));
    BOOST_TEST((less(set(1), set(1)) == truth::no));
    BOOST_TEST((less(0, set(1)) == truth::yes));
    BOOST_TEST((less(set(1), rational(4, 3)) == truth::yes));
    BOOST_TEST((less(all, all) == truth::unknown));
    BOOST_TEST((less_equal(set(0, 1), set(1, 3)) == truth::yes));
    BOOST_TEST((less_equal(set(1, 3), set(0, 1)) == truth::unknown));
    BOOST_TEST((less_equal(set(2, 3), set(0, 1)) == truth::no));
    BOOST_TEST((contains(set(0, 2), set(1)) == truth::yes));
    BOOST_TEST((contains(set(0, 2), set(1, 3)) == truth::unknown));
    BOOST_TEST((contains(set(0, 2), set(3)) == truth::no));
    for (const truth t : {less(none, set(1)), less(set(1), none), less_equal(none, none),
                          contains(none, set(1)), contains(set(1), none)})
        BOOST_TEST((t == truth::unknown));
}

BOOST_AUTO_TEST_CASE(printed_endpoints_are_outward_and_short_when_exact) {
    draw next(seed);
    for (int trial = 0; trial < support::trials(4000); ++trial) {
        const double x = next.number();
        const rational exact = rational::exactly(x);
        const rational low = rational::parse(decimal_down(x)),
                       high = rational::parse(decimal_up(x));
        BOOST_TEST_CONTEXT("x = " << exact << ": " << decimal_down(x) << ", " << decimal_up(x)) {
            BOOST_TEST((low <= exact && exact <= high));
            BOOST_TEST((high - low <= abs(exact) / power(rational(10), 16)));
        }
    }
    BOOST_TEST(set(-1, 2).str() == "[-1, 2]");
    BOOST_TEST(set(0.1).str() == "[0.1, 0.10000000000000001]");
    BOOST_TEST(set(0.03125, 1024).str() == "[0.03125, 1024]");
    BOOST_TEST(set(0.00001220703125, 1e20).str() == "[0.00001220703125, 1e20]");
    BOOST_TEST(set(-1.5e-300, 1e16).str() == "[-1.5000000000000002e-300, 10000000000000000]");
    BOOST_TEST(all.str() == "[-inf, inf]");
    std::ostringstream text;
    text << none;
    BOOST_TEST(text.str() == "empty");
}

BOOST_AUTO_TEST_CASE(matrix_products_enclose_the_exact_product) {
    using matrix = Eigen::Matrix<set, Eigen::Dynamic, Eigen::Dynamic>;
    for (const Eigen::Index n : {3, 24}) { // the lazy and the blocked product of Eigen
        draw next(seed);
        std::mt19937_64 rng(seed);
        matrix a(n, n), b(n, n);
        std::vector<rational> exact_a, exact_b;
        for (Eigen::Index i = 0; i < n; ++i)
            for (Eigen::Index j = 0; j < n; ++j) {
                const auto entry = [&] {
                    return rational(static_cast<std::int64_t>(rng() % 2001) - 1000,
                                    static_cast<std::int64_t>(rng() % 1000) + 1);
                };
                exact_a.push_back(entry());
                exact_b.push_back(entry());
                a(i, j) = exact_a.back();
                b(i, j) = exact_b.back();
            }
        const matrix c = a * b + a - b;
        const matrix d = a.transpose() * b;
        const auto at = [n](Eigen::Index i, Eigen::Index j) {
            return static_cast<std::size_t>(i * n + j);
        };
        for (Eigen::Index i = 0; i < n; ++i)
            for (Eigen::Index j = 0; j < n; ++j) {
                rational sum = exact_a[at(i, j)] - exact_b[at(i, j)], turned;
                for (Eigen::Index k = 0; k < n; ++k) {
                    sum += exact_a[at(i, k)] * exact_b[at(k, j)];
                    turned += exact_a[at(k, i)] * exact_b[at(k, j)];
                }
                BOOST_TEST_CONTEXT("n = " << n << ", entry " << i << ", " << j) {
                    BOOST_TEST(c(i, j).contains(sum));
                    BOOST_TEST(d(i, j).contains(turned));
                    BOOST_TEST(c(i, j).width() < 1e-6);
                }
            }
    }
}

BOOST_AUTO_TEST_SUITE_END()
