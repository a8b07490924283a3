// The separate checker: what it accepts, and its arithmetic against exact oracles.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "tests/support/certificates.hpp"
#include "tests/support/seed.hpp"
#include "verify/check/check.hpp"
#include "verify/check/document.hpp"
#include "verify/check/elimination.hpp"
#include "verify/check/jet.hpp"
#include "verify/check/polynomial.hpp"
#include "verify/check/range.hpp"
#include "verify/check/series.hpp"

using namespace flowproof;
using check::range;
using answer = check::verdict::answer;

BOOST_AUTO_TEST_SUITE(check_test)

BOOST_AUTO_TEST_CASE(valid_certificates_of_every_kind_are_accepted) {
    std::set<std::string> kinds;
    for (const auto& [name, text] : support::all_certificates()) {
        const check::verdict v = check::validate(text);
        BOOST_TEST_CONTEXT(name << ": " << v.reason << "\n" << text) {
            BOOST_TEST((v.is == answer::valid));
            BOOST_TEST(!v.statement.empty());
            BOOST_TEST(check::is_certificate(text));
        }
        kinds.insert(v.kind);
    }
    BOOST_TEST(kinds.size() == 6U);
}

BOOST_AUTO_TEST_CASE(checking_stops_when_asked) {
    const std::atomic<bool> stop{true};
    const check::verdict v = check::validate(support::sign_certificate(), {.stop = &stop});
    BOOST_TEST((v.is == answer::unreadable));
    BOOST_TEST(v.reason == "interrupted");
}

BOOST_AUTO_TEST_CASE(the_checker_includes_nothing_but_balls_and_rationals) {
    std::size_t files = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(FLOWPROOF_SOURCE_DIR "/verify/check")) {
        const std::string ending = entry.path().extension().string();
        if (ending != ".cpp" && ending != ".hpp") continue;
        ++files;
        std::ifstream in(entry.path());
        for (std::string line; std::getline(in, line);) {
            if (line.rfind("#include \"", 0) != 0) continue;
            const std::string file = line.substr(10, line.rfind('"') - 10);
            BOOST_TEST((file.rfind("verify/check/", 0) == 0 || file == "numerics/scalar/ball.hpp" ||
                        file == "numerics/scalar/rational.hpp"),
                       entry.path().filename().string() + " includes " + file);
        }
    }
    BOOST_TEST(files > 10U);
}

namespace {

check::program program_of(const tape& t, check::meter& work) {
    const std::string text = support::certificate_text("none", support::tape_block("t", t));
    return check::document(text, work).tape("t");
}

/// Does the range contain all values that the ball may have?
bool contains(const range& x, const ball& y) {
    return !certainly(less(y, x.lo)) && !certainly(less(x.hi, y)) && x.lo.is_finite();
}

const tape& everything() { // every operation, defined for 1/2 <= x, y <= 2
    static const tape t = record({"x", "y"}, [](auto x, auto y) {
        return std::vector{x * y - x / y + power(x - y, 2) - power(x - y, 3) * power(y, -2),
                           sqrt(x + y) * exp(-x) + log(x * y) - sin(3 * x) * cos(y - 2 * x),
                           x * x * power(-y, 4) - (x - y) * (y - 1)};
    });
    return t;
}

} // namespace

BOOST_AUTO_TEST_CASE(ranges_contain_the_values_at_all_points) {
    check::meter work({});
    const check::program p = program_of(everything(), work);
    const std::uint64_t seed = support::seed(20240620);
    std::mt19937_64 rng(seed);
    const auto draw = [&](int low, int high) {
        return rational(low + static_cast<int>(rng() % static_cast<unsigned>(high - low + 1)), 64);
    };
    for (int trial = 0; trial < support::trials(200); ++trial) {
        std::vector<range> box;
        std::vector<ball> point;
        for (int i = 0; i < 2; ++i) {
            const rational a = draw(32, 120), b = a + draw(0, 8), s = draw(0, 64);
            box.emplace_back(ball(a, 100), ball(b, 100));
            point.emplace_back(a + (b - a) * s, 100);
        }
        const auto wide = check::run(p, box, check::in_ranges{100});
        const auto at = evaluate(everything(), std::span<const ball>(point), embed<ball>{100});
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << " at " << point[0] << ", "
                                   << point[1])
        for (std::size_t o = 0; o < at.size(); ++o) {
            const range& x = wide[p.outputs[o]];
            BOOST_TEST((contains(x, at[o])));
        }
    }
}

BOOST_AUTO_TEST_CASE(ranges_keep_ends_and_know_where_nothing_is_defined) {
    const auto from = [](int a, int b) {
        return range(ball(rational(a), 64), ball(rational(b), 64));
    };
    const range product = from(0, 1) * from(0, 1), square = power(from(-1, 2), 2);
    BOOST_TEST(product.lo.contains(rational(0)));
    BOOST_TEST(product.lo.is_exact());
    BOOST_TEST(product.hi.contains(rational(1)));
    BOOST_TEST(square.lo.is_exact());
    BOOST_TEST(square.lo.contains_zero());
    BOOST_TEST(square.hi.contains(rational(4)));
    for (const range& undefined :
         {log(from(-1, 2)), log(from(0, 2)), sqrt(from(-1, 2)), from(1, 2) / from(-1, 1),
          from(1, 2) / from(0, 1), power(from(-1, 1), -2), from(0, 0) * log(from(-1, 1)),
          power(power(from(2, 2), 1 << 20), 1 << 20)}) {
        BOOST_TEST(!undefined.lo.is_finite());
        BOOST_TEST(!undefined.hi.is_finite());
        BOOST_TEST((less(undefined.lo, ball(0)) == truth::unknown));
    }
}

BOOST_AUTO_TEST_CASE(jets_agree_with_the_derivative_tape) {
    check::meter work({});
    const check::program p = program_of(everything(), work);
    const std::vector<ball> point{ball(rational(5, 4), 128), ball(rational(7, 8), 128)};
    const range zero(ball(rational(0), 128)), one(ball(rational(1), 128));
    const std::vector<check::jet_of<range>> in{{range(point[0]), {one, zero}},
                                               {range(point[1]), {zero, one}}};
    const auto all = check::run(p, in, check::in_jets<check::in_ranges>{{128}});
    for (std::size_t v = 0; v < 2; ++v) {
        const auto d =
            evaluate(derivative(everything(), v), std::span<const ball>(point), embed<ball>{128});
        for (std::size_t o = 0; o < d.size(); ++o) {
            const range& slope = all[p.outputs[o]].slope[v];
            BOOST_TEST_CONTEXT("output " << o << ", variable " << v << ": " << d[o] << " in "
                                         << slope.lo << ", " << slope.hi) {
                BOOST_TEST((contains(slope, d[o])));
                BOOST_TEST((slope.hi - slope.lo).upper().nearest() < 1e-30);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(recurrences_agree_with_series_arithmetic) {
    check::meter work({});
    const check::program p = check::without_powers(program_of(everything(), work));
    constexpr std::size_t order = 12;
    // x = 5/4 + s - s^2 / 3, y = 7/8 + s / 2
    const std::vector<std::vector<rational>> in{{rational(5, 4), rational(1), rational(-1, 3)},
                                                {rational(7, 8), rational(1, 2)}};
    check::recurrences r(p, 200, work);
    std::vector<check::series> found(3);
    for (std::size_t k = 0; k <= order; ++k) {
        std::vector<ball> next;
        for (const auto& x : in)
            next.emplace_back(k < x.size() ? x[k] : rational(0), 200);
        r.advance(next);
        for (std::size_t o = 0; o < 3; ++o)
            found[o].push_back(r.output(o));
    }
    // Oracle: the value at s = 1/1000, up to a tail below 1e-30.
    const rational s(1, 1000);
    std::vector<ball> at;
    for (const auto& x : in) {
        rational value;
        for (std::size_t k = x.size(); k-- > 0;)
            value = value * s + x[k];
        at.emplace_back(value, 200);
    }
    const auto exact = evaluate(everything(), std::span<const ball>(at), embed<ball>{200});
    for (std::size_t o = 0; o < 3; ++o) {
        const ball gap = check::at(found[o], ball(s, 200)) - exact[o];
        BOOST_TEST(abs(gap).upper().nearest() < 1e-30, "output " << o << ": " << gap);
        BOOST_TEST(abs(gap).upper().nearest() > 0);
    }
}

BOOST_AUTO_TEST_CASE(a_shifted_polynomial_is_the_same_polynomial) {
    check::series p;
    for (const int c : {3, -1, 4, 1, -5})
        p.emplace_back(rational(c), 100);
    const ball c(rational(3, 8), 100), s(rational(-1, 4), 100);
    const ball left = check::at(check::shifted(p, c), s), right = check::at(p, c + s);
    BOOST_TEST((equal(left, right) == truth::yes)); // dyadic, hence exact
}

BOOST_AUTO_TEST_CASE(polynomials_agree_with_the_tape) {
    check::meter work({});
    const tape t = record({"x", "y"}, [](auto x, auto y) {
        return power(x - 2 * y, 5) * (y - x / 3) - power(x * y - 1, 3) + 7;
    });
    const check::program p = program_of(t, work);
    const check::in_polynomials make{2, &work};
    const check::polynomial f =
        check::run(p, std::vector{make.variable(0), make.variable(1)}, make)[p.outputs[0]];
    const std::vector<rational> at{rational(3, 7), rational(-5, 2)};
    rational sum;
    for (const auto& [e, c] : f.terms)
        sum += c * power(at[0], e[0]) * power(at[1], e[1]);
    BOOST_TEST(sum == evaluate(t, std::span<const rational>(at))[0]);
}

BOOST_AUTO_TEST_CASE(elimination_inverts_and_tells_definite_from_not) {
    check::meter work({});
    const check::square a{3, {0, 2, 1, 1, 0, 3, 4, -1, 2}};
    const auto b = check::inverse(a, work);
    BOOST_REQUIRE(b.has_value());
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) {
            rational sum;
            for (std::size_t k = 0; k < 3; ++k)
                sum += a.at(i, k) * b->at(k, j);
            BOOST_TEST(sum == rational(i == j ? 1 : 0));
        }
    BOOST_TEST(!check::inverse({2, {1, 2, 2, 4}}, work).has_value());
    BOOST_TEST(check::not_definite({2, {1, 2, 2, 4}}, false, work).empty());
    BOOST_TEST(!check::not_definite({2, {1, 2, 2, 4}}, true, work).empty());
    BOOST_TEST(!check::not_definite({2, {0, 1, 1, 4}}, false, work).empty());
    BOOST_TEST(!check::not_definite({2, {1, 2, 2, 3}}, false, work).empty());
}

BOOST_AUTO_TEST_SUITE_END()
