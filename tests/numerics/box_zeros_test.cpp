#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <sstream>
#include <stdexcept>

#include "numerics/box/krawczyk.hpp"
#include "numerics/box/zeros.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;

namespace {

bool contains(const std::vector<interval<double>>& box, const std::vector<rational>& point) {
    for (std::size_t i = 0; i < box.size(); ++i)
        if (!box[i].contains(point[i])) return false;
    return true;
}

/// The leaf of the tree that the point falls into, and how many tokens the tree has.
std::string leaf_at(const std::string& tree, std::vector<variable_range> box,
                    const std::vector<rational>& point) {
    std::istringstream in(tree);
    std::string token, found;
    std::vector<char> on_path{1}; // does the point lie in the part that comes next?
    std::vector<std::vector<variable_range>> rest{std::move(box)};
    while (in >> token) {
        BOOST_REQUIRE(!rest.empty());
        const bool here = on_path.back() != 0;
        std::vector<variable_range> part = rest.back();
        rest.pop_back();
        on_path.pop_back();
        if (token[0] != 's') {
            if (here) found = token;
            continue;
        }
        const std::size_t j = std::stoul(token.substr(1));
        const rational middle = (part[j].lower + part[j].upper) / rational(2);
        for (const bool low : {false, true}) {
            rest.push_back(part);
            (low ? rest.back()[j].upper : rest.back()[j].lower) = middle;
            on_path.push_back(here && (point[j] < middle) == low);
        }
    }
    BOOST_TEST(rest.empty());
    return found;
}

/// Every point is in the box of exactly one zero, in the interior of the whole; leaves of the tree
/// about it say so; boxes do not meet.
void check(const zeros_cell& cell, const std::vector<variable_range>& box,
           const std::vector<std::vector<rational>>& points) {
    BOOST_TEST(cell.zeros.size() == points.size());
    for (const auto& point : points) {
        std::size_t in = 0, which = 0;
        for (std::size_t k = 0; k < cell.zeros.size(); ++k) {
            if (!contains(cell.zeros[k].tight, point)) continue;
            ++in;
            which = k;
            BOOST_TEST(contains(cell.zeros[k].box, point));
        }
        BOOST_TEST(in == 1u);
        BOOST_TEST(leaf_at(cell.tree, box, point) == "z" + std::to_string(which));
    }
    for (std::size_t k = 0; k < cell.zeros.size(); ++k) {
        for (std::size_t i = 0; i < box.size(); ++i) {
            BOOST_TEST((box[i].lower < rational::exactly(cell.zeros[k].box[i].lower())));
            BOOST_TEST((rational::exactly(cell.zeros[k].box[i].upper()) < box[i].upper));
        }
        for (std::size_t l = 0; l < k; ++l) {
            bool apart = false;
            for (std::size_t i = 0; i < box.size(); ++i)
                apart = apart || disjoint(cell.zeros[k].box[i], cell.zeros[l].box[i]);
            BOOST_TEST(apart);
        }
    }
}

tape polynomial(const std::vector<rational>& roots) {
    recorder r;
    const expr x = r.variable("x");
    expr product = r.constant(1);
    for (const rational& root : roots)
        product = product * (x - root);
    return r.finish(std::vector<expr>{product});
}

} // namespace

BOOST_AUTO_TEST_SUITE(box_zeros_test)

BOOST_AUTO_TEST_CASE(rational_roots_of_random_polynomials_are_found_each_once) {
    const std::uint64_t seed = support::seed(20260821);
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(60); ++trial) {
        std::vector<rational> roots;
        std::vector<std::vector<rational>> inside;
        const rational lower(-7, 3), upper(31, 9);
        for (std::size_t i = 0; i < 1 + rng() % 7; ++i) {
            const rational root(static_cast<std::int64_t>(rng() % 101) - 50,
                                static_cast<std::int64_t>(rng() % 12) + 1);
            if (std::find(roots.begin(), roots.end(), root) != roots.end() || root == lower ||
                root == upper)
                continue;
            roots.push_back(root);
            if (lower < root && root < upper) inside.push_back({root});
        }
        const std::vector<variable_range> box{{"x", lower, upper}};
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << "\n"
                                   << polynomial(roots).text()) {
            const zeros_answer a = isolate_zeros({polynomial(roots), box});
            BOOST_REQUIRE(a.complete);
            BOOST_REQUIRE(a.cells.size() == 1u);
            check(a.cells[0], box, inside);
        }
    }
}

BOOST_AUTO_TEST_CASE(wilkinsons_roots_are_isolated) {
    std::vector<rational> roots;
    std::vector<std::vector<rational>> points;
    for (int k = 1; k <= 15; ++k) {
        roots.emplace_back(k);
        points.push_back({rational(k)});
    }
    const std::vector<variable_range> box{{"x", rational(1, 2), rational(33, 2)}};
    const zeros_answer a = isolate_zeros({polynomial(roots), box});
    BOOST_REQUIRE(a.complete);
    check(a.cells[0], box, points);
}

BOOST_AUTO_TEST_CASE(crossings_of_random_lines_are_found_in_the_plane) {
    // (u - a)(u - b) = (v - c)(v - d) = 0 with u = x + m y, v = x - n y.
    const std::uint64_t seed = support::seed(20260822);
    std::mt19937_64 rng(seed);
    const auto any = [&] {
        return rational(static_cast<std::int64_t>(rng() % 61) - 30,
                        static_cast<std::int64_t>(rng() % 7) + 1);
    };
    for (int trial = 0; trial < support::trials(25); ++trial) {
        const rational m(static_cast<std::int64_t>(rng() % 3) + 1, 2), n(1);
        const rational a = any(), b = a + rational(2, 3), c = any(), d = c + rational(1, 2);
        const tape system = record({"x", "y"}, [&](auto x, auto y) {
            const auto u = x + m * y, v = x - n * y;
            return std::vector{(u - a) * (u - b), (v - c) * (v - d)};
        });
        const std::vector<variable_range> box{{"x", rational(-20), rational(21)},
                                              {"y", rational(-19), rational(20)}};
        std::vector<std::vector<rational>> inside;
        for (const rational& u : {a, b})
            for (const rational& v : {c, d}) {
                const rational y = (u - v) / (m + n), x = v + n * y;
                if (box[0].lower < x && x < box[0].upper && box[1].lower < y && y < box[1].upper)
                    inside.push_back({x, y});
            }
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << "\n" << system.text()) {
            const zeros_answer found = isolate_zeros({system, box});
            BOOST_REQUIRE(found.complete);
            check(found.cells[0], box, inside);
        }
    }
}

BOOST_AUTO_TEST_CASE(all_nine_critical_points_of_a_regularised_quartic_are_found) {
    const tape loss = record({"a", "b", "c", "p"}, [](auto a, auto b, auto c, auto p) {
        return power(1 - a * b, 2) + power(1 - c * p, 2) + power(a - c, 2) * rational(1, 10) +
               (a * a + b * b + c * c + p * p) * rational(1, 20);
    });
    const zeros_answer a =
        isolate_zeros({gradient(loss), {{"a", -3, 3}, {"b", -3, 3}, {"c", -3, 3}, {"p", -3, 3}}});
    BOOST_REQUIRE(a.complete);
    BOOST_TEST(a.cells[0].zeros.size() == 9u);
    // The minimisers are +-sqrt(19/20) (1, 1, 1, 1).
    std::size_t diagonal = 0;
    for (const isolated_zero& z : a.cells[0].zeros) {
        bool all = true;
        for (const interval<double>& x : z.tight)
            all = all && square(x).contains(rational(19, 20)) && x.width() < 1e-13;
        diagonal += all ? 1 : 0;
    }
    BOOST_TEST(diagonal == 2u);
}

BOOST_AUTO_TEST_CASE(zeros_are_followed_over_boxes_of_parameters) {
    const tape system = record({"p", "x"}, [](auto p, auto x) { return x * x - p; });
    zeros_question question{system, {{"x", -3, 3}}, {{"p", 1, 4}}};
    question.indicators = record({"x", "p"}, [](auto x, auto p) { return std::vector{x, p - 2}; });
    question.needed = {1, 0};
    const zeros_answer a = isolate_zeros(question);
    BOOST_REQUIRE(a.complete);
    rational next(1);
    for (const zeros_cell& cell : a.cells) { // in preorder: from left to right
        BOOST_TEST((cell.parameters[0].lower == next));
        next = cell.parameters[0].upper;
        BOOST_REQUIRE(cell.zeros.size() == 2u);
        for (const isolated_zero& z : cell.zeros) {
            const interval<double> squares = square(z.tight[0]);
            BOOST_TEST(squares.contains(cell.parameters[0].lower));
            BOOST_TEST(squares.contains(cell.parameters[0].upper));
            BOOST_TEST(std::abs(z.signs[0]) == 1);
        }
        BOOST_TEST(cell.zeros[0].signs[0] == -cell.zeros[1].signs[0]);
    }
    BOOST_TEST((next == 4));
    // A fold: no count is right for all parameters.
    question.parameters = {{"p", rational(-1, 3), 1}};
    const zeros_answer fold = isolate_zeros(question, {3000, nullptr});
    BOOST_TEST(!fold.complete);
    BOOST_REQUIRE(fold.parameters.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_isolated_is_left_as_clusters) {
    const auto ask = [](const tape& system, const rational& lower, const rational& upper) {
        return isolate_zeros({system, {{"x", lower, upper}}});
    };
    const auto near = [](const zeros_answer& a, const rational& x) {
        return !a.complete && a.clusters > 0 && a.cluster[0].lower <= x && x <= a.cluster[0].upper;
    };
    BOOST_TEST(near(ask(polynomial({0, 0, 1}), -1, 3), 0));
    BOOST_TEST(near(ask(polynomial({rational(1, 3), rational(1, 3), rational(1, 3)}), -1, 3),
                    rational(1, 3)));
    BOOST_TEST(near(ask(polynomial({0, 1}), 0, 3), 0)); // on the boundary
    BOOST_TEST(near(ask(polynomial({rational(1, 3)}), -1, rational(1, 3)), rational(1, 3)));
    const zeros_answer pole = ask(record({"x"}, [](auto x) { return 1 / x; }), -1, 2);
    BOOST_TEST(near(pole, 0));
    BOOST_TEST((pole.reason == "the system is not certainly defined there"));
    const zeros_answer spent = isolate_zeros({polynomial({0, 1, 2}), {{"x", -1, 3}}}, {2, nullptr});
    BOOST_TEST(!spent.complete);
    BOOST_TEST(spent.reason.find("budget") != std::string::npos);
    BOOST_TEST(ask(record({"x"}, [](auto x) { return x * x + rational(1, 100); }), -1, 2).complete);
}

BOOST_AUTO_TEST_CASE(the_krawczyk_operator_keeps_zeros_and_rounds_outward) {
    // x^2 = 2 about 1.5 with C = 1/3: 17/12, and the rest of the width on both sides.
    const std::vector<interval<double>> X{interval<double>(1.25, 1.75)}, F{interval<double>(0.25)},
        J{interval<double>(2.5, 3.5)};
    const std::vector<double> c{1.5}, C{1.0 / 3};
    const interval<double> K = krawczyk_row(0, X, c, C, F, J);
    BOOST_TEST((square(K).contains(rational(2))));
    BOOST_TEST(interior(K, X[0]));
    BOOST_TEST(K.contains(rational(17, 12)));
    const auto exactly = rational::exactly(C[0]);
    BOOST_TEST((rational::exactly(K.lower()) <=
                rational(3, 2) - exactly / 4 - (exactly * rational(7, 2) - 1) / rational(4)));
    BOOST_TEST(!approximate_inverse({1, 2, 2, 4}, 2).has_value());
    BOOST_TEST((approximate_inverse({0, 2, 4, 0}, 2) == std::vector<double>{0, 0.25, 0.5, 0}));
}

BOOST_AUTO_TEST_CASE(boxes_whose_image_touches_them_are_not_taken) {
    // x^2 = 1 about c = 1 with C = 1/2: all is exact, and the image of [0, 2] is [0, 2]. That box
    // is a third of the whole to both sides, the second one tried; 2 x is not regular on it.
    for (const int sign : {1, -1}) {
        const rational a(sign == 1 ? -1 : -5, 2), b(sign == 1 ? 5 : 1, 2);
        const zeros_answer found = isolate_zeros({polynomial({-1, 1}), {{"x", a, b}}});
        BOOST_REQUIRE(found.complete);
        check(found.cells[0], {{"x", a, b}}, {{rational(sign)}});
        BOOST_TEST(found.cells[0].zeros[0].box[0].mignitude() > 0);
    }
}

BOOST_AUTO_TEST_CASE(misuse_is_refused) {
    const tape one = polynomial({0, 1});
    BOOST_CHECK_THROW(isolate_zeros({one, {}}), std::invalid_argument);
    BOOST_CHECK_THROW(isolate_zeros({one, {{"x", 1, 0}}}), std::invalid_argument);
    BOOST_CHECK_THROW(isolate_zeros({one, {{"x", 1, 1}}}), std::invalid_argument);
    BOOST_CHECK_THROW(isolate_zeros({one, {{"y", 0, 1}}}), std::invalid_argument);
    BOOST_CHECK_THROW(isolate_zeros({one, {{"x", 0, 1}, {"y", 0, 1}}}), std::invalid_argument);
    BOOST_CHECK_THROW(isolate_zeros({one, {{"x", 0, 1}}, {{"x", 0, 1}}}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
