#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <functional>
#include <random>
#include <vector>

#include "numerics/interval/array.hpp"
#include "tests/support/draw_interval.hpp"
#include "tests/support/rounded_rational.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;

namespace {

using set = interval<double>;
const std::uint64_t seed = support::seed(20261122);
const set none = set::empty(), all = set::entire();
constexpr double inf = std::numeric_limits<double>::infinity();

std::vector<instruction_set> instruction_sets() {
    std::vector<instruction_set> result;
    for (const auto s : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512})
        if (is_available(s)) result.push_back(s);
    return result;
}

bool same_bits(const set& x, const set& y) { return std::memcmp(&x, &y, sizeof x) == 0; }

struct array_case {
    const char* name;
    std::function<set(const set&, const set&)> one;
    std::function<void(interval_view, interval_view, interval_span, instruction_set)> many;
};
const std::vector<array_case> cases = {
    {"add", [](const set& x, const set& y) { return x + y; },
     [](auto x, auto y, auto z, auto s) { add(x, y, z, s); }},
    {"subtract", [](const set& x, const set& y) { return x - y; },
     [](auto x, auto y, auto z, auto s) { subtract(x, y, z, s); }},
    {"multiply", [](const set& x, const set& y) { return x * y; },
     [](auto x, auto y, auto z, auto s) { multiply(x, y, z, s); }},
    {"divide", [](const set& x, const set& y) { return x / y; },
     [](auto x, auto y, auto z, auto s) { divide(x, y, z, s); }},
    {"sqrt", [](const set& x, const set&) { return sqrt(x); },
     [](auto x, auto, auto z, auto s) { sqrt(x, z, s); }},
    {"add_multiple", [](const set& x, const set& y) { return x + set(-3, 7) * y; },
     [](auto x, auto y, auto z, auto s) {
         std::vector<set> sum(x.begin(), x.end());
         add_multiple(set(-3, 7), y, sum, s);
         std::copy(sum.begin(), sum.end(), z.begin());
     }},
};

void check(const array_case& c, const std::vector<set>& x, const std::vector<set>& y,
           instruction_set s) {
    std::vector<set> z(x.size(), set(17));
    c.many(x, y, z, s);
    for (std::size_t i = 0; i < x.size(); ++i)
        if (const set expected = c.one(x[i], y[i]); !same_bits(z[i], expected))
            BOOST_ERROR(c.name << " with " << name(s) << ", seed " << seed << ", element " << i
                               << ": x = " << x[i] << ", y = " << y[i] << ", got " << z[i]
                               << ", expected " << expected);
}

} // namespace

BOOST_AUTO_TEST_SUITE(interval_array_test)

BOOST_AUTO_TEST_CASE(every_instruction_set_gives_the_bits_of_the_operators) {
    support::draw_interval next(seed);
    std::vector<set> x, y;
    for (int i = 0; i < support::trials(60001); ++i) {
        x.push_back(next.any());
        y.push_back(next.any());
    }
    for (const auto s : instruction_sets())
        for (const auto& c : cases)
            check(c, x, y, s);
}

BOOST_AUTO_TEST_CASE(ordinary_operands_give_the_bits_of_the_operators) {
    // No lane is special, so no block is taken one by one.
    support::draw_interval next(seed + 1);
    std::vector<set> x, y;
    for (int i = 0; i < support::trials(60000); ++i) {
        x.push_back(next.moderate());
        y.push_back(next.moderate());
    }
    for (const auto s : instruction_sets())
        for (const auto& c : cases) {
            check(c, x, y, s);
            std::vector<set> positive;
            for (const set& t : y)
                positive.push_back(abs(t) + 1);
            check(c, positive, y, s);
            check(c, x, positive, s);
        }
}

BOOST_AUTO_TEST_CASE(ordinary_operands_give_the_tightest_result) {
    support::draw_interval next(seed + 2);
    std::vector<set> x, y;
    for (int i = 0; i < support::trials(6000); ++i) {
        x.push_back(next.moderate());
        y.push_back(next.moderate());
    }
    std::vector<set> sum(x.size()), product(x.size());
    for (const auto s : instruction_sets()) {
        add(x, y, sum, s);
        multiply(x, y, product, s);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const rational a = rational::exactly(x[i].lower()), b = rational::exactly(x[i].upper());
            const rational c = rational::exactly(y[i].lower()), d = rational::exactly(y[i].upper());
            BOOST_TEST_CONTEXT(name(s) << ", x = " << x[i] << ", y = " << y[i]) {
                BOOST_TEST(support::is_tightest_below(sum[i].lower(), a + c));
                BOOST_TEST(support::is_tightest_above(sum[i].upper(), b + d));
                BOOST_TEST(support::is_tightest_below(product[i].lower(),
                                                      std::min({a * c, a * d, b * c, b * d})));
                BOOST_TEST(support::is_tightest_above(product[i].upper(),
                                                      std::max({a * c, a * d, b * c, b * d})));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(special_sets_meet_in_every_lane) {
    const std::vector<set> special = {none,
                                      all,
                                      set(0),
                                      set(1),
                                      set(-inf, 0.0),
                                      set(0.0, inf),
                                      set(-1, 2),
                                      set(-2, -1),
                                      set(-inf, 3),
                                      set(4, inf),
                                      set(std::numeric_limits<double>::max()),
                                      set(-std::numeric_limits<double>::denorm_min(), 0.0),
                                      set(0x1p-537, 0x1.8p-537),
                                      set(-0x1p-600, 0x1p600)};
    for (const auto s : instruction_sets())
        for (const auto& c : cases)
            for (const set& a : special)
                for (const set& b : special)
                    for (std::size_t lane = 0; lane < 4; ++lane) {
                        std::vector<set> x(4, set(2, 3)), y(4, set(-5, -4));
                        x[lane] = a;
                        y[lane] = b;
                        check(c, x, y, s);
                    }
}

BOOST_AUTO_TEST_CASE(any_length_will_do_and_results_may_overwrite_operands) {
    support::draw_interval next(seed + 3);
    for (const auto s : instruction_sets())
        for (const auto& c : cases)
            for (std::size_t n = 0; n < 12; ++n) {
                std::vector<set> x, y;
                for (std::size_t i = 0; i < n; ++i) {
                    x.push_back(next.any());
                    y.push_back(next.any());
                }
                check(c, x, y, s);
                std::vector<set> z = x, w = y;
                c.many(z, y, z, s);
                c.many(x, w, w, s);
                for (std::size_t i = 0; i < n; ++i)
                    BOOST_TEST(
                        (same_bits(z[i], c.one(x[i], y[i])) && same_bits(w[i], c.one(x[i], y[i]))));
            }
}

BOOST_AUTO_TEST_CASE(misuse_is_told) {
    const std::vector<set> three(3), two(2);
    std::vector<set> z(3);
    BOOST_CHECK_EXCEPTION(add(three, two, z), std::invalid_argument, [](const auto& e) {
        return std::string(e.what()) == "add: need arrays of one length, got 3, 2 and 3";
    });
    BOOST_CHECK_THROW(sqrt(two, z), std::invalid_argument);
    BOOST_CHECK_THROW(add_multiple(1, two, z), std::invalid_argument);
    BOOST_TEST(is_available(widest()));
}

BOOST_AUTO_TEST_SUITE_END()
