// What IEEE 1788 says of bare intervals, from its definitions; oracles are exact rationals.

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <vector>

#include "numerics/interval/integer_functions.hpp"
#include "numerics/interval/relations.hpp"
#include "numerics/interval/reverse.hpp"
#include "numerics/interval/text.hpp"
#include "tests/support/draw_interval.hpp"
#include "tests/support/rounded_rational.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;

namespace {

using set = interval<double>;
using support::is_tightest_above, support::is_tightest_below;
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();
constexpr double tiny = std::numeric_limits<double>::denorm_min();
const std::uint64_t seed = support::seed(1788);
const set none = set::empty(), all = set::entire();

rational exact(double x) { return rational::exactly(x); }

bool is_tightest(const set& z, const rational& low, const rational& high) {
    return is_tightest_below(z.lower(), low) && is_tightest_above(z.upper(), high) &&
           !(z.lower() == 0 && std::signbit(z.lower())) &&
           !(z.upper() == 0 && std::signbit(z.upper()));
}

/// All intervals with ends among -2, ..., 2 and the infinities, and the empty one.
std::vector<set> small_sets() {
    const std::vector<double> ends = {-inf, -2, -1, 0, 1, 2, inf};
    std::vector<set> result = {none};
    for (const double a : ends)
        for (const double b : ends)
            if (a <= b && a < inf && b > -inf) result.emplace_back(a, b);
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(interval_standard_test)

BOOST_AUTO_TEST_CASE(fused_products_and_sums_are_tightest) {
    support::draw_interval next(seed);
    for (int trial = 0; trial < support::trials(3000); ++trial) {
        const set x = next.bounded(), y = next.bounded(), z = next.bounded(), w = fma(x, y, z);
        std::vector<rational> products;
        for (const double a : {x.lower(), x.upper()})
            for (const double b : {y.lower(), y.upper()})
                products.push_back(exact(a) * exact(b));
        const auto [least, most] = std::minmax_element(products.begin(), products.end());
        BOOST_TEST_CONTEXT("trial " << trial << ", x = " << x << ", y = " << y << ", z = " << z
                                    << ", w = " << w)
        BOOST_TEST(is_tightest(w, *least + exact(z.lower()), *most + exact(z.upper())));
    }
    for (const set& x : small_sets())
        for (const set& y : small_sets())
            for (const set& z : {none, all, set(1), set(-inf, 1), set(2, inf)})
                BOOST_TEST(fma(x, y, z) == x * y + z); // small integers: nothing rounds
}

BOOST_AUTO_TEST_CASE(powers_are_tightest) {
    support::draw_interval next(seed);
    for (int trial = 0; trial < support::trials(4000); ++trial) {
        const set x = trial % 2 == 0 ? next.bounded() : next.moderate();
        const auto n = static_cast<std::int64_t>(next() % 17) - 5;
        if (n < 0 && x.contains(0.0)) continue;
        const set z = power(x, n);
        const rational a = power(exact(x.lower()), n), b = power(exact(x.upper()), n);
        const rational low = n > 0 && n % 2 == 0 && x.contains(0.0) ? rational() : std::min(a, b);
        BOOST_TEST_CONTEXT("trial " << trial << ", x = " << x << ", n = " << n << ", z = " << z)
        BOOST_TEST(is_tightest(z, low, std::max(a, b)));
    }
    for (const std::int64_t n : {3, 63, 64, 65, 1000})
        for (const double a : {1 + 0x1p-52, 1 + 0x1p-50, 1 - 0x1p-53, 1.0625, 3.0}) {
            const rational p = power(exact(a), n);
            BOOST_TEST(is_tightest(power(set(a), n), p, p));
        }
    BOOST_TEST((reciprocal(set(-1, 2)) == all && reciprocal(set(0)) == none &&
                reciprocal(set(0, 4)) == set(0.25, inf)));
}

BOOST_AUTO_TEST_CASE(order_of_sets_is_that_of_the_quantifiers) {
    // Members: halves between -4 and 4. They stand for all where no infinite end is concerned.
    std::vector<double> grid;
    for (double t = -4; t <= 4; t += 0.5)
        grid.push_back(t);
    const auto every = [&](const set& x, auto f) {
        return std::all_of(grid.begin(), grid.end(),
                           [&](double t) { return !x.contains(t) || f(t); });
    };
    const auto some = [&](const set& x, auto f) {
        return !every(x, [&](double t) { return !f(t); });
    };
    for (const set& x : small_sets())
        for (const set& y : small_sets())
            BOOST_TEST_CONTEXT("x = " << x << ", y = " << y) {
                const auto ordered = [&](auto below) {
                    return every(x,
                                 [&](double a) {
                                     return some(y, [&](double b) { return below(a, b); });
                                 }) &&
                           every(y, [&](double b) {
                               return some(x, [&](double a) { return below(a, b); });
                           });
                };
                const auto pairwise = [&](auto below) {
                    return every(x, [&](double a) {
                        return every(y, [&](double b) { return below(a, b); });
                    });
                };
                BOOST_TEST(weakly_less(x, y) == ordered(std::less_equal()));
                BOOST_TEST(precedes(x, y) == pairwise(std::less_equal()));
                BOOST_TEST(strictly_precedes(x, y) == pairwise(std::less()));
                BOOST_TEST(disjoint(x, y) == pairwise(std::not_equal_to()));
                BOOST_TEST(subset(x, y) == every(x, [&](double a) { return y.contains(a); }));
                const auto finite = [](const set& s) { return s.is_empty() || s.is_bounded(); };
                if (finite(x) && finite(y)) BOOST_TEST(strictly_less(x, y) == ordered(std::less()));
            }
    BOOST_TEST((strictly_less(all, all) && strictly_less(set(-inf, 1), set(-inf, 2)) &&
                strictly_less(set(1, inf), set(2, inf)) && strictly_less(set(1, 2), set(2, inf))));
    BOOST_TEST((!strictly_less(set(1, inf), set(1, inf)) && strictly_less(all, set(1, inf))));
    BOOST_TEST((!strictly_less(set(1, inf), set(2, 3)) && !strictly_less(set(1, 2), all)));
}

BOOST_AUTO_TEST_CASE(exactly_one_state_of_overlap_holds) {
    using enum overlap_state;
    for (const set& x : small_sets())
        for (const set& y : small_sets()) {
            const double a = x.lower(), b = x.upper(), c = y.lower(), d = y.upper();
            const bool both = !x.is_empty() && !y.is_empty();
            const std::map<overlap_state, bool> states = {
                {both_empty, x.is_empty() && y.is_empty()},
                {first_empty, x.is_empty() && !y.is_empty()},
                {second_empty, !x.is_empty() && y.is_empty()},
                {before, both && b < c},
                {meets, both && a < b && b == c && c < d},
                {overlaps, both && a < c && c < b && b < d},
                {starts, both && a == c && b < d},
                {contained_by, both && c < a && b < d},
                {finishes, both && c < a && b == d},
                {equals, both && a == c && b == d},
                {finished_by, both && a < c && b == d},
                {contains, both && a < c && d < b},
                {started_by, both && a == c && d < b},
                {overlapped_by, both && c < a && a < d && d < b},
                {met_by, both && c < d && d == a && a < b},
                {after, both && d < a}};
            BOOST_TEST_CONTEXT("x = " << x << ", y = " << y << ": " << name(overlap(x, y)))
            for (const auto& [state, holds] : states)
                BOOST_TEST((overlap(x, y) == state) == holds);
        }
    BOOST_TEST((name(both_empty) == "both empty" && name(after) == "after" &&
                name(contained_by) == "contained by" && name(met_by) == "met by"));
}

BOOST_AUTO_TEST_CASE(integer_functions_are_those_of_rationals) {
    support::draw_interval next(seed);
    const rational half(1, 2);
    for (int trial = 0; trial < support::trials(3000); ++trial) {
        const double x =
            trial % 2 == 0 ? next.number() : 0.5 * static_cast<double>(next() % 41) - 10; // ties
        const rational q = exact(x), size = abs(q);
        const auto is = [&](const set& z, const rational& value) {
            return z.is_point() && exact(z.lower()) == value;
        };
        const rational away = (size + half).floor(), even = [&] {
            const rational up = (q + half).floor();
            const bool tie = q + half == up;
            return tie && !(up / 2).is_integer() ? up - 1 : up;
        }();
        BOOST_TEST_CONTEXT("x = " << q) {
            BOOST_TEST(is(floor(set(x)), q.floor()));
            BOOST_TEST(is(ceil(set(x)), q.ceil()));
            BOOST_TEST(is(trunc(set(x)), q.sign() < 0 ? q.ceil() : q.floor()));
            BOOST_TEST(is(sign(set(x)), q.sign()));
            BOOST_TEST(is(round_away(set(x)), q.sign() < 0 ? -away : away));
            BOOST_TEST(is(round_to_even(set(x)), even));
        }
    }
    for (const auto f : {floor, ceil, trunc, round_away, round_to_even}) {
        BOOST_TEST((f(none) == none && f(all) == all && f(set(-inf, 2)) == set(-inf, 2)));
        BOOST_TEST(!std::signbit(f(set(-0.25, 0.25)).upper()));
    }
    BOOST_TEST((sign(all) == set(-1, 1) && sign(set(0, 3)) == set(0, 1) && sign(none) == none));
    BOOST_TEST((floor(set(1.1, 2.5)) == set(1, 2) && ceil(set(-0.5, 2.5)) == set(0, 3)));
}

BOOST_AUTO_TEST_CASE(cancellation_undoes_sums) {
    support::draw_interval next(seed);
    for (int trial = 0; trial < support::trials(4000); ++trial) {
        const set y = next.bounded();
        const set x =
            trial % 2 == 0 ? next.bounded() : y + set(next.number()); // of nearly one width
        if (!x.is_bounded()) continue;
        const set z = cancel_minus(x, y), w = cancel_plus(x, -y);
        const rational low = exact(x.lower()) - exact(y.lower()),
                       high = exact(x.upper()) - exact(y.upper());
        BOOST_TEST_CONTEXT("trial " << trial << ", x = " << x << ", y = " << y << ", z = " << z) {
            BOOST_TEST((low <= high ? is_tightest(z, low, high) : z == all));
            BOOST_TEST(w == z);
        }
    }
    BOOST_TEST((cancel_minus(none, none) == none && cancel_minus(none, set(1)) == none));
    BOOST_TEST((cancel_minus(none, all) == all && cancel_minus(set(1), none) == all));
    BOOST_TEST((cancel_minus(all, set(1)) == all && cancel_minus(set(1, 2), set(-inf, 1)) == all));
    BOOST_TEST((cancel_minus(set(1, 2), set(1, 2)) == set(0) &&
                cancel_minus(set(0, 1), set(0, 2)) == all));
}

BOOST_AUTO_TEST_CASE(reverse_powers_are_the_tightest_roots) {
    support::draw_interval next(seed);
    for (int trial = 0; trial < support::trials(1500); ++trial) {
        const double c = std::abs(next.number());
        auto n = static_cast<std::int64_t>(next() % 12) - 4;
        if (n == 0) n = 2;
        if (c == 0) continue;
        const set z = reverse_power(set(c), n, set(0, inf));
        const auto reaches = [&](double t) { // t^n against c, for increasing t
            return n > 0 ? power(exact(t), n) <=> exact(c) : exact(c) <=> power(exact(t), n);
        };
        BOOST_TEST_CONTEXT("c = " << exact(c) << ", n = " << n << ", z = " << z) {
            BOOST_TEST((z.lower() == 0 || reaches(z.lower()) <= 0));
            BOOST_TEST((z.lower() == largest || reaches(std::nextafter(z.lower(), inf)) > 0));
            BOOST_TEST((z.upper() == inf || reaches(z.upper()) >= 0));
            BOOST_TEST((z.upper() <= tiny || reaches(std::nextafter(z.upper(), 0.0)) < 0));
            BOOST_TEST(reverse_power(set(c), n) == (n % 2 == 0 ? convex_hull(-z, z) : z));
            BOOST_TEST(reverse_power(set(-c), n) == (n % 2 == 0 ? none : -z));
        }
    }
    BOOST_TEST((reverse_power(set(1, 2), 0, set(3)) == set(3) && reverse_power(set(2), 0) == none));
    BOOST_TEST((reverse_power(set(0, 4), -2) == all && reverse_power(set(0), -2) == none));
    BOOST_TEST((reverse_power(set(4, inf), -2, set(0, 1)) == set(0, 0.5)));
    BOOST_TEST((reverse_square(set(4, 9), set(-10, 0)) == set(-3, -2)));
    BOOST_TEST((reverse_square(set(4, 9), set(-2.5, 10)) == set(-2.5, 3)));
    BOOST_TEST((reverse_square(set(-9, -4)) == none && reverse_square(none) == none));
    BOOST_TEST(
        (reverse_abs(set(-1, 2)) == set(-2, 2) && reverse_abs(set(1, 2), set(0, 5)) == set(1, 2)));
    BOOST_TEST((reverse_abs(set(-2, -1)) == none &&
                reverse_abs(set(1, 2), set(-1.5, 1.25)) == set(-1.5, 1.25)));
}

BOOST_AUTO_TEST_CASE(reverse_products_keep_every_solution) {
    for (const set& b : small_sets())
        for (const set& c : small_sets())
            for (const set& x : {all, set(-1, 2), set(0), none}) {
                const set z = reverse_multiply(b, c, x);
                BOOST_TEST_CONTEXT("b = " << b << ", c = " << c << ", x = " << x << ", z = " << z) {
                    BOOST_TEST(subset(z, x));
                    for (double t = -3; t <= 3; t += 0.25)
                        if (x.contains(t)) {
                            const bool solves = !disjoint(b * set(t), c);
                            if (solves) BOOST_TEST(z.contains(t));
                        }
                }
            }
    BOOST_TEST((reverse_multiply(set(-1, 1), set(1, 2)) == all));
    BOOST_TEST((reverse_multiply(set(-1, 1), set(1, 2), set(-0.5, 5)) == set(1, 5)));
    BOOST_TEST(
        (reverse_multiply(set(0), set(1)) == none && reverse_multiply(set(0), set(0, 1)) == all));
    BOOST_TEST((reverse_multiply(set(2), set(1, 3)) == set(0.5, 1.5)));
}

BOOST_AUTO_TEST_CASE(literals_are_enclosed_tightly) {
    const std::vector<std::pair<const char*, set>> cases = {
        {"[1,2]", set(1, 2)},
        {" [ -1.5e0 , +2. ] ", set(-1.5, 2)},
        {"[3]", set(3)},
        {"[]", none},
        {"[ Empty ]", none},
        {"[entire]", all},
        {"[ , ]", all},
        {"[-Inf, +INFINITY]", all},
        {"[1,]", set(1, inf)},
        {"[,1]", set(-inf, 1)},
        {"[-0x1p-1074,0x1.fffffffffffffp1023]", set(-tiny, largest)},
        {"[1e400]", set(largest, inf)},
        {"[-1e-400,0]", set(-tiny, 0)},
        {"[-4/2, 10/5]", set(-2, 2)},
        {"12?2", set(10, 14)},
        {"12?2u", set(12, 14)},
        {"12?2d", set(10, 12)},
        {"12?", set(11.5, 12.5)},
        {"-10?12", set(-22, 2)},
        {"1.25??", all},
        {"1.25??u", set(1.25, inf)},
        {"1.25??d", set(-inf, 1.25)},
        {"0.5?5e1", set(0, 10)},
        {"2?E3", set(1500, 2500)}};
    for (const auto& [text, expected] : cases) {
        BOOST_TEST_CONTEXT(text) BOOST_TEST(parse_interval(text) == expected);
    }
    support::draw_interval next(seed);
    for (int trial = 0; trial < support::trials(500); ++trial) {
        const rational a(static_cast<std::int64_t>(next() % 2000001) - 1000000, 1000),
            b = a + rational(static_cast<std::int64_t>(next() % 1000), 7000);
        const std::string text = fmt::format("[{},{}]", a.str(), b.str());
        const std::string uncertain = fmt::format("{}.000?7e-5", a.floor().str());
        BOOST_TEST_CONTEXT(text << " and " << uncertain) {
            BOOST_TEST(is_tightest(parse_interval(text), a, b));
            const rational scale = power(rational(10), -5), unit = power(rational(10), -3);
            BOOST_TEST(is_tightest(parse_interval(uncertain), (a.floor() - 7 * unit) * scale,
                                   (a.floor() + 7 * unit) * scale));
        }
    }
}

BOOST_AUTO_TEST_CASE(other_literals_are_refused_with_the_reason) {
    for (const char* text : {"",           "1",         "[1",
                             "1]",         "[2,1]",     "[0x1.8p1, 0X.8P-1]",
                             "[inf]",      "[inf,inf]", "[,-inf]",
                             "[inf,]",     "[foo]",     "[1 2]",
                             "[1,2,3]",    "[1,2]_com", "[nai]",
                             "[0x1.8]",    "[0xp1]",    "[1e]",
                             "[1e100000]", "1e2?3",     "?1",
                             "1?x",        "1?1ue",     "1?1e2u",
                             "1/2?1",      "[1/0]",     "[1.0000000000000002,1.0000000000000001]"})
        BOOST_TEST_CONTEXT("\"" << text << "\"")
    BOOST_CHECK_EXCEPTION(parse_interval(text), std::invalid_argument, [&](const auto& e) {
        return std::string(e.what()).find(fmt::format("\"{}\"", text)) != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
