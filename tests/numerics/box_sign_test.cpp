#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <optional>
#include <random>
#include <sstream>
#include <stdexcept>
#include <tbb/global_control.h>

#include "numerics/box/enclosed_tape.hpp"
#include "numerics/box/sign.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "tests/support/random_tape.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using kind = sign_answer::kind;

namespace {

rational q(const char* text) { return rational::parse(text); }

/// Values in the order of the box; nothing where t is undefined.
std::optional<std::vector<rational>> values(const tape& t, const std::vector<variable_range>& box,
                                            const std::vector<rational>& at) {
    std::vector<rational> inputs;
    for (const std::string& v : t.variables())
        for (std::size_t j = 0; j < box.size(); ++j)
            if (box[j].variable == v) inputs.push_back(at[j]);
    try {
        return evaluate(t, inputs);
    } catch (const std::domain_error&) {
        return {};
    }
}

bool has_sign(relation r, const rational& x) {
    return r == relation::positive ? x > 0 : r == relation::nonnegative ? x >= 0 : x != 0;
}
bool in_domain(const sign_statement& s, const std::vector<rational>& at) {
    const auto x = values(s.domain, s.box, at);
    for (std::size_t k = 0; k < s.relations.size(); ++k)
        if (!x || !has_sign(s.relations[k], (*x)[k])) return false;
    return true;
}
bool all_signs(const sign_statement& s, const std::vector<rational>& at) {
    const auto x = values(s.value, s.box, at);
    for (std::size_t k = 0; k < s.signs.size(); ++k)
        if (!x || !has_sign(s.signs[k], (*x)[k])) return false;
    return true;
}

/// Walks the tree with its own exact boxes and asks every leaf at its corners and a point inside.
void check_tree(const sign_statement& s, const sign_answer& a) {
    std::istringstream tokens(a.tree);
    std::vector<std::vector<variable_range>> rest{s.box};
    std::size_t leaves = 0, wrong = 0;
    for (std::string token; tokens >> token;) {
        BOOST_REQUIRE(!rest.empty());
        std::vector<variable_range> box = rest.back();
        rest.pop_back();
        if (token[0] == 's') {
            const std::size_t j = std::stoul(token.substr(1));
            BOOST_REQUIRE(j < box.size());
            const rational middle = (box[j].lower + box[j].upper) / rational(2);
            for (const bool low : {false, true}) {
                rest.push_back(box);
                (low ? rest.back()[j].upper : rest.back()[j].lower) = middle;
            }
            continue;
        }
        ++leaves;
        for (unsigned corner = 0; corner <= 1u << box.size(); ++corner) {
            std::vector<rational> at;
            for (std::size_t j = 0; j < box.size(); ++j)
                at.push_back(corner == 1u << box.size()
                                 ? (2 * box[j].lower + box[j].upper) / rational(3)
                             : (corner >> j) & 1u ? box[j].upper
                                                  : box[j].lower);
            wrong += (token == "o" ? in_domain(s, at) : !all_signs(s, at)) ? 1 : 0;
        }
    }
    BOOST_TEST(rest.empty());
    BOOST_TEST(leaves == a.leaves);
    BOOST_TEST(wrong == 0u);
}

/// (KP + KQ + e)^2 - 4 KP e - KQ^2 > 0: as small as KP^2 where e is small.
sign_statement narrow() {
    return {record({"KP", "KQ", "e"},
                   [](auto KP, auto KQ, auto e) {
                       return power(KP + KQ + e, 2) - 4 * KP * e - KQ * KQ;
                   }),
            {relation::positive},
            {},
            {},
            {{"KP", q("1/20"), q("19/20")}, {"KQ", q("1/20"), 1}, {"e", q("1e-8"), q("1/10")}}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(box_sign_test)

BOOST_AUTO_TEST_CASE(signs_that_touch_zero_at_an_end_are_shown_there) {
    for (const char* end : {"1", "1/3", "2/7", "1e-8", "0.7"}) {
        const sign_statement s{
            record({"v", "a", "e"},
                   [end](auto v, auto a, auto e) { return a * (rational::parse(end) - v) * e; }),
            {relation::nonnegative},
            {},
            {},
            {{"v", 0, q(end)}, {"a", 0, 1}, {"e", q("1e-8"), q("0.1")}}};
        const sign_answer a = decide_signs(s);
        BOOST_TEST((a.is == kind::holds), end);
        BOOST_TEST(a.leaves <= 4u, end);
        check_tree(s, a);
        sign_statement strict = s;
        strict.signs = {relation::positive};
        BOOST_TEST((decide_signs(strict).is == kind::fails), end);
    }
    // x^2 y (1 - y) + (1 - x) y: monotone in neither; faces y = 0, where it vanishes.
    const sign_statement faces{
        record({"x", "y"},
               [](auto x, auto y) { return x * x * y * (1 - y) + (1 - x) * y * (2 - y); }),
        {relation::nonnegative},
        {},
        {},
        {{"x", 0, 1}, {"y", 0, 1}}};
    const sign_answer a = decide_signs(faces);
    BOOST_TEST((a.is == kind::holds));
    check_tree(faces, a);
}

BOOST_AUTO_TEST_CASE(ends_between_doubles_are_rounded_outward) {
    for (int k = 1; k < 60; ++k) {
        const rational x(k, 7);
        for (const int sign : {-1, 1}) {
            const sign_statement s{record({"x"}, [=](auto v) { return sign * (7 * v - k); }),
                                   {relation::positive},
                                   {},
                                   {},
                                   {{"x", x, x}}};
            BOOST_TEST((decide_signs(s).is == kind::fails), k << " " << sign);
            sign_statement zero = s;
            zero.signs = {relation::nonnegative};
            BOOST_TEST((decide_signs(zero).is == kind::holds), k << " " << sign);
            // The next double is another number.
            const rational near = rational::exactly(x.nearest());
            zero.value = record({"x"}, [&](auto v) { return sign * (v - near); });
            BOOST_TEST((decide_signs(zero).is ==
                        ((x > near) == (sign > 0) || x == near ? kind::holds : kind::fails)),
                       k << " " << sign);
        }
    }
}

BOOST_AUTO_TEST_CASE(parts_have_exact_ends_within_their_doubles) {
    const std::uint64_t seed = support::seed(20260813);
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(200); ++trial) {
        const rational lower = support::small_nonzero(rng),
                       upper = lower + abs(support::small_nonzero(rng));
        const halved_box box("test", {{"x", lower, upper}});
        side_part part = box.whole()[0];
        rational low = lower, high = upper;
        for (int depth = 0; depth <= 60; ++depth) {
            BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", depth " << depth) {
                BOOST_TEST((box.lower(0, part) == low && box.upper(0, part) == high));
                BOOST_TEST((part.lower().contains(low) && part.upper().contains(high)));
                BOOST_TEST((part.range().contains(low) && part.range().contains(high)));
                BOOST_TEST(part.lower().width() <= 4e-15);
                BOOST_TEST(box.splits(0, part) == (depth < 60));
            }
            const int which = static_cast<int>(rng() % 2);
            part = box.half(0, part, which);
            (which == 0 ? high : low) = (low + high) / rational(2);
        }
    }
}

BOOST_AUTO_TEST_CASE(products_of_linear_factors_keep_their_sign_between_the_roots) {
    const std::uint64_t seed = support::seed(20260811);
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(100); ++trial) {
        std::vector<rational> roots;
        for (int i = 0; i < 5; ++i)
            roots.emplace_back(static_cast<std::int64_t>(rng() % 41) - 20,
                               static_cast<std::int64_t>(rng() % 9) + 1);
        std::sort(roots.begin(), roots.end());
        if (std::adjacent_find(roots.begin(), roots.end()) != roots.end()) continue;
        recorder r;
        expr x = r.variable("x"), product = r.constant(1);
        for (const rational& root : roots)
            product = product * (x - root);
        const std::size_t i = rng() % 4;
        const rational gap = roots[i + 1] - roots[i];
        const int sign = i % 2 == 0 ? 1 : -1; // four, three, ... negative factors
        sign_statement s{r.finish(std::vector<expr>{sign * product}),
                         {relation::nonnegative},
                         {},
                         {},
                         {{"x", roots[i], roots[i + 1]}}};
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", between " << roots[i]
                                   << " and " << roots[i + 1]) {
            const sign_answer touching = decide_signs(s, {20000, nullptr});
            BOOST_TEST((touching.is == kind::holds));
            check_tree(s, touching);
            s.signs = {relation::positive};
            s.box[0] = {"x", roots[i] + gap / rational(1000), roots[i + 1]};
            BOOST_TEST((decide_signs(s).is == kind::fails)); // at the upper end
            s.box[0].upper = roots[i + 1] - gap / rational(1000);
            BOOST_TEST((decide_signs(s).is == kind::holds));
            s.signs = {relation::nonzero};
            BOOST_TEST((decide_signs(s).is == kind::holds));
            s.box[0].upper = roots[i + 1] + gap / rational(1000);
            BOOST_TEST((decide_signs(s).is == kind::fails));
        }
    }
}

BOOST_AUTO_TEST_CASE(random_statements_agree_with_exact_values) {
    const std::uint64_t seed = support::seed(20260812);
    std::mt19937_64 rng(seed);
    std::size_t held = 0, failed = 0, tried = 0;
    for (int trial = 0; trial < support::trials(600); ++trial) {
        sign_statement s;
        s.value = support::random_tape(rng, 8, support::vocabulary::rational_function);
        const auto any = [&] { return static_cast<relation>(rng() % 3); };
        s.signs = {any(), any()};
        if (trial % 3 == 0) {
            s.domain = support::random_tape(rng, 3, support::vocabulary::polynomial);
            s.relations = {any(), any()};
        }
        for (const char* v : {"alphaV", "x", "y"}) { // another order than the tape's
            const rational lower(static_cast<std::int64_t>(rng() % 13) - 6,
                                 static_cast<std::int64_t>(rng() % 5) + 1);
            s.box.push_back({v, lower, lower + rational(static_cast<std::int64_t>(rng() % 4), 3)});
        }
        const sign_answer a = decide_signs(s, {300, nullptr});
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", box " << printed(s.box)
                                   << "\n"
                                   << s.value.text() << s.domain.text()) {
            ++tried;
            if (a.is == kind::holds) {
                ++held;
                check_tree(s, a);
            } else if (a.is == kind::fails && a.point[0].lower == a.point[0].upper &&
                       a.point[1].lower == a.point[1].upper &&
                       a.point[2].lower == a.point[2].upper) {
                ++failed;
                const std::vector<rational> at{a.point[0].lower, a.point[1].lower,
                                               a.point[2].lower};
                BOOST_TEST(in_domain(s, at));
                const auto x = values(one_output(s.value, a.output), s.box, at);
                BOOST_REQUIRE(x.has_value());
                BOOST_TEST(!has_sign(s.signs[a.output], x->front()));
            }
        }
    }
    BOOST_TEST(held > tried / 20);
    BOOST_TEST(failed > tried / 4);
}

BOOST_AUTO_TEST_CASE(a_parameter_over_seven_decades_costs_few_parts) {
    const sign_answer a = decide_signs(narrow());
    BOOST_TEST((a.is == kind::holds));
    BOOST_TEST(a.leaves < 100u); // 20 when written
    check_tree(narrow(), a);
    // Of size e^2 at e = 1e-8, below the rounding errors of doubles.
    const sign_statement tiny{record({"e"}, [](auto e) { return 1 / (1 + e) - 1 + e; }),
                              {relation::positive},
                              {},
                              {},
                              {{"e", q("1e-8"), q("1/10")}}};
    const sign_answer t = decide_signs(tiny);
    BOOST_TEST((t.is == kind::holds));
    BOOST_TEST(t.leaves < 200u);
    check_tree(tiny, t);
}

BOOST_AUTO_TEST_CASE(the_tree_is_the_same_for_any_number_of_threads) {
    const sign_statement motzkin{record({"x", "y"},
                                        [](auto x, auto y) {
                                            return power(x, 4) * y * y + x * x * power(y, 4) -
                                                   3 * x * x * y * y + rational(1001, 1000);
                                        }),
                                 {relation::positive},
                                 {},
                                 {},
                                 {{"x", -2, 2}, {"y", -2, 2}}};
    std::string first;
    for (const std::size_t threads : {1u, 4u}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        const sign_answer a = decide_signs(motzkin);
        BOOST_REQUIRE((a.is == kind::holds));
        BOOST_TEST(a.leaves > 500u);
        if (first.empty()) {
            first = a.tree;
            check_tree(motzkin, a);
        }
        BOOST_TEST((a.tree == first));
    }
}

BOOST_AUTO_TEST_CASE(poles_spent_budgets_and_stops_leave_a_part_open) {
    const sign_statement pole{record({"x"}, [](auto x) { return 1 / (x * x); }),
                              {relation::positive},
                              {},
                              {},
                              {{"x", -1, 2}}};
    const sign_answer p = decide_signs(pole);
    BOOST_TEST((p.is == kind::open));
    BOOST_TEST(p.undefined);
    BOOST_REQUIRE(p.part.size() == 1u);
    BOOST_TEST((p.part[0].lower <= 0 && p.part[0].upper >= 0));
    const sign_answer spent = decide_signs(narrow(), {5, nullptr});
    BOOST_TEST((spent.is == kind::open));
    BOOST_TEST(!spent.undefined);
    BOOST_TEST(spent.tree.empty());
    const std::atomic<bool> stop = true;
    BOOST_TEST((decide_signs(narrow(), {200000, &stop}).is == kind::open));
    // A root of x at 0 is defined, its derivative is not.
    const sign_statement root{record({"x"}, [](auto x) { return sqrt(x) + x; }),
                              {relation::nonnegative},
                              {},
                              {},
                              {{"x", 0, 2}}};
    BOOST_TEST((decide_signs(root).is == kind::holds));
}

BOOST_AUTO_TEST_CASE(conditions_cut_the_box_exactly) {
    sign_statement s{record({"x", "y"}, [](auto x, auto y) { return x - y + rational(1, 50); }),
                     {relation::positive},
                     record({"x", "y"}, [](auto x, auto y) { return 3 * (x - y); }),
                     {relation::nonnegative},
                     {{"x", 0, q("1/3")}, {"y", 0, q("1/3")}}};
    const sign_answer a = decide_signs(s);
    BOOST_TEST((a.is == kind::holds));
    BOOST_TEST(a.outside > 0u);
    check_tree(s, a);
    s.relations = {relation::nonzero};
    BOOST_TEST((decide_signs(s).is == kind::fails));
}

BOOST_AUTO_TEST_CASE(misuse_is_refused_with_rule_and_values) {
    const auto message = [](const sign_statement& s) {
        try {
            decide_signs(s);
        } catch (const std::invalid_argument& e) {
            return std::string(e.what());
        }
        return std::string("accepted");
    };
    sign_statement s = narrow();
    s.box[0].upper = 0;
    BOOST_TEST(message(s) == "decide_signs: a side needs lower <= upper, got KP in [1/20, 0]");
    s = narrow();
    s.box[1].variable = "KP";
    BOOST_TEST(message(s) == "decide_signs: variable KQ has no side in the box");
    s = narrow();
    s.box.push_back(s.box[0]);
    BOOST_TEST(message(s) == "decide_signs: variable KP has two sides");
    s = narrow();
    s.signs.clear();
    BOOST_TEST(message(s).find("1 outputs and 0 signs") != std::string::npos);
    s = narrow();
    s.relations = {relation::positive};
    BOOST_TEST(message(s).find("0 conditions and 1 relations") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
