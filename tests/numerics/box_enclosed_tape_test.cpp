#include <boost/test/unit_test.hpp>
#include <optional>
#include <random>
#include <stdexcept>

#include "numerics/box/bounded_function.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "tests/support/random_tape.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using fast = interval<double>;
using exact = rational_interval;

namespace {

template <class T> bool holds(const T& x, const rational& value);
template <> bool holds(const fast& x, const rational& value) { return x.contains(value); }
template <> bool holds(const exact& x, const rational& value) {
    return !x.is_empty() && x.lower() <= value && value <= x.upper();
}

std::optional<std::vector<rational>> values(const tape& t, const std::vector<rational>& at) {
    try {
        return evaluate(t, at);
    } catch (const std::domain_error&) {
        return {};
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(box_enclosed_tape_test)

BOOST_AUTO_TEST_CASE(outputs_contain_all_values_and_are_empty_unless_defined) {
    const std::uint64_t seed = support::seed(20260801);
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(1000); ++trial) {
        const tape t = support::random_tape(rng, 12, support::vocabulary::rational_function);
        const tape jet = with_derivatives(t);
        std::vector<fast> doubles;
        std::vector<exact> rationals;
        std::vector<rational> lower, width;
        for (int j = 0; j < 3; ++j) {
            lower.push_back(support::small_nonzero(rng));
            width.push_back(trial % 4 == 0 ? rational(0) : abs(support::small_nonzero(rng)));
            doubles.push_back(fast::hull(lower.back(), lower.back() + width.back()));
            rationals.emplace_back(lower.back(), lower.back() + width.back());
        }
        const enclosed_tape<fast> quick(jet);
        const enclosed_tape<exact> slow(jet);
        auto quick_work = quick.workspace();
        auto slow_work = slow.workspace();
        quick.evaluate(doubles, quick_work);
        slow.evaluate(rationals, slow_work);
        for (int k = 0; k < 6; ++k) {
            std::vector<rational> at;
            for (std::size_t j = 0; j < 3; ++j)
                at.push_back(lower[j] +
                             width[j] * rational(static_cast<std::int64_t>(rng() % 8), 7));
            const auto x = values(t, at);
            const auto all = values(jet, at);
            BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", at " << at[0] << " "
                                       << at[1] << " " << at[2] << "\n"
                                       << t.text()) {
                for (std::size_t i = 0; i < jet.outputs().size(); ++i) {
                    const fast& d = quick.output(quick_work, i);
                    const exact& r = slow.output(slow_work, i);
                    if (all) {
                        BOOST_TEST((d.is_empty() || holds(d, (*all)[i])));
                        BOOST_TEST((r.is_empty() || holds(r, (*all)[i])));
                    }
                }
                if (!x) { // undefined at this point: some output says so
                    BOOST_TEST((quick.output(quick_work, 0).is_empty() ||
                                quick.output(quick_work, 1).is_empty()));
                    BOOST_TEST((slow.output(slow_work, 0).is_empty() ||
                                slow.output(slow_work, 1).is_empty()));
                }
                if (trial % 4 == 0 && all && jet.nodes().size() < 30)
                    for (std::size_t i = 0; i < jet.outputs().size(); ++i)
                        BOOST_TEST((slow.output(slow_work, i).is_empty() ||
                                    slow.output(slow_work, i).upper().str().size() > 60 ||
                                    slow.output(slow_work, i).lower() == (*all)[i]));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(elementary_functions_are_enclosed_and_end_at_their_domains) {
    const tape t = record({"x"}, [](auto x) {
        return std::vector{sqrt(x), log(x), exp(x), sin(x), cos(x), 1 / x, power(x, -3)};
    });
    const enclosed_tape<fast> quick(t);
    const enclosed_tape<exact> slow(t);
    auto quick_work = quick.workspace();
    auto slow_work = slow.workspace();
    const std::vector<fast> touching{fast(0.0, 1.0)};
    const std::vector<exact> rationals{exact(0, 1)};
    quick.evaluate(touching, quick_work);
    slow.evaluate(rationals, slow_work);
    for (const std::size_t undefined : {1u, 5u, 6u}) {
        BOOST_TEST(quick.output(quick_work, undefined).is_empty());
        BOOST_TEST(slow.output(slow_work, undefined).is_empty());
    }
    BOOST_TEST((quick.output(quick_work, 0) == fast(0.0, 1.0)));
    BOOST_TEST((slow.output(slow_work, 2).lower() == 1));
    BOOST_TEST((slow.output(slow_work, 2).upper() > rational::parse("2.718281828459045")));
    BOOST_TEST((slow.output(slow_work, 2).upper() < rational::parse("2.718281828459046")));
    BOOST_TEST((slow.output(slow_work, 3).upper() > rational::parse("0.8414709848078965")));
    const std::vector<exact> negative{exact(-1, 1)};
    slow.evaluate(negative, slow_work);
    BOOST_TEST(slow.output(slow_work, 0).is_empty());
}

BOOST_AUTO_TEST_CASE(long_rationals_are_rounded_outward) {
    const tape t = record({"x"}, [](auto x) {
        return std::vector{power(x, 301) - power(x, 300) * x, power(x, 301), 1 / power(x, 77)};
    });
    const enclosed_tape<exact> slow(t);
    auto work = slow.workspace();
    for (const rational& x : {rational(355, 113), rational(-22, 7), rational(1, 3)}) {
        const std::vector<exact> at{exact(x)};
        slow.evaluate(at, work);
        const exact& difference = slow.output(work, 0);
        BOOST_TEST(holds(slow.output(work, 1), power(x, 301)));
        BOOST_TEST(holds(slow.output(work, 2), power(x, -77)));
        BOOST_TEST((difference.lower() <= 0 && difference.upper() >= 0));
        BOOST_TEST((difference.upper() - difference.lower() <=
                    abs(power(x, 301)) * power(rational(2), -170)));
    }
}

BOOST_AUTO_TEST_CASE(the_centred_and_the_monotone_form_show_what_direct_evaluation_cannot) {
    const bounded_function<fast> f(record({"x", "y"}, [](auto x, auto y) { return x - x * y; }));
    auto work = f.make_workspace();
    const auto side = [](double lower, double upper) {
        return box_side<fast>{fast(lower, upper), fast(lower), fast(upper), lower == upper};
    };
    std::vector<box_side<fast>> box{side(0, 1), side(0, 1)};
    BOOST_TEST((f.show(goal::nonnegative, box, work) == form::monotone));
    BOOST_TEST((f.show(goal::positive, box, work) == form::none));
    box = {side(1, 1.25), side(0.5, 0.625)};
    BOOST_TEST((f.show(goal::positive, box, work) == form::direct));
    const bounded_function<fast> g(
        record({"x"}, [](auto x) { return x * x - x + rational(3, 10); }));
    auto g_work = g.make_workspace();
    box = {side(0.40625, 0.59375)};
    BOOST_TEST((g.show(goal::positive, box, g_work) == form::centred));
    BOOST_TEST((g.show(goal::negative, box, g_work) == form::none));
}

BOOST_AUTO_TEST_SUITE_END()
