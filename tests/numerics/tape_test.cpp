#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <vector>

#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/random_tape.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;

namespace {

/// LaTeX of a formula of a, b and c.
template <class Formula> std::string printed(Formula formula) {
    return latex(record({"a", "b", "c"}, formula));
}

const char* const small_tape = "flowproof-tape 1\n"
                               "in x y\n"
                               "%0 var x\n"
                               "%1 const -1/3\n"
                               "%2 mul %1 %0\n"
                               "%3 power %2 -2\n"
                               "out 1 2 %3 %0\n";

} // namespace

BOOST_AUTO_TEST_SUITE(tape_test)

BOOST_AUTO_TEST_CASE(text_round_trips) {
    BOOST_TEST(tape::parse(small_tape).text() == small_tape);
    BOOST_TEST(tape::parse(tape().text()).text() == tape().text());
    std::mt19937_64 rng(seed(21));
    for (int trial = 0; trial < trials(300); ++trial) {
        const tape t = random_tape(rng, 20, vocabulary::all), back = tape::parse(t.text());
        BOOST_TEST(back.text() == t.text());
        BOOST_TEST((back == t));
        BOOST_TEST((back.nodes() == t.nodes() && back.outputs() == t.outputs() &&
                    back.variables() == t.variables()));
    }
}

BOOST_AUTO_TEST_CASE(mutated_text_is_refused_or_gives_a_valid_tape) {
    std::mt19937_64 rng(seed(22));
    const std::string alphabet = "%0123456789 \n-/.exinoutpwadmulsvr_[],";
    int refused = 0, accepted = 0;
    for (int trial = 0; trial < trials(6000); ++trial) {
        std::string text =
            trial % 4 == 0 ? small_tape : random_tape(rng, 8, vocabulary::all).text();
        for (std::size_t edits = 1 + rng() % 3; edits-- > 0 && !text.empty();) {
            const std::size_t at = rng() % text.size();
            switch (rng() % 5) {
            case 0:
                text.erase(at, 1);
                break;
            case 1:
                text.insert(at, 1, alphabet[rng() % alphabet.size()]);
                break;
            case 2:
                text[at] = alphabet[rng() % alphabet.size()];
                break;
            case 3:
                text.resize(at);
                break;
            default:
                text[at] = static_cast<char>(rng());
                break;
            }
        }
        BOOST_TEST_CONTEXT("trial " << trial << ", text\n" << text) {
            try {
                const tape t = tape::parse(text);
                ++accepted;
                // Valid: every consumer of tapes may walk it.
                BOOST_TEST(tape::parse(t.text()).text() == t.text());
                BOOST_TEST(t.outputs().size() == t.rows() * t.cols());
                if (!t.outputs().empty()) latex(t);
                std::vector<double> at(t.variables().size(), 0.5);
                evaluate(t, at);
            } catch (const std::invalid_argument& e) {
                ++refused;
                BOOST_TEST((std::string(e.what()).find("tape::parse: line ") == 0 ||
                            std::string(e.what()).find("rational::parse: ") == 0));
            }
        }
    }
    BOOST_TEST(refused > 100);
    BOOST_TEST(accepted > 20);
}

BOOST_AUTO_TEST_CASE(messages_name_line_and_rule) {
    const auto refused = [](const std::string& text, const char* part) {
        BOOST_CHECK_EXCEPTION(tape::parse(text), std::invalid_argument,
                              [&](const std::invalid_argument& e) {
                                  BOOST_TEST_MESSAGE(e.what());
                                  return std::string(e.what()).find(part) != std::string::npos;
                              });
    };
    const std::string head = "flowproof-tape 1\n";
    refused("", "line 1: unexpected end");
    refused("flowproof-tape 2\nin\nout 0 0\n", "line 1: expected \"flowproof-tape 1\"");
    refused(head + "in x x\nout 0 0\n", "line 2: variable x twice");
    refused(head + "in 3x\nout 0 0\n", "line 2: \"3x\" is not a variable name");
    refused(head + "in x\n%0 var y\nout 1 1 %0\n", "line 3: unknown variable \"y\"");
    refused(head + "in x\n%1 var x\nout 1 1 %0\n", "line 3: expected node %0");
    refused(head + "in x\n%0 tan x\nout 1 1 %0\n", "line 3: unknown operation \"tan\"");
    refused(head + "in x\n%0 neg %0\nout 1 1 %0\n", "line 3: expected a reference to an earlier");
    refused(head + "in x\n%0 var x\n%1 add %0\nout 1 1 %1\n", "add takes 2 operands, got 1");
    refused(head + "in x\n%0 var x\n%1 power %0 99999999999999999999999\nout 1 1 %1\n",
            "line 4: expected an integer in [-2147483648, 2147483647]");
    refused(head + "in x\n%0 var x\n%1 power %0 2147483648\nout 1 1 %1\n", "expected an integer");
    refused(head + "in x\n%0 var x\n%1 neg %0\nout 1 1 %0\n", "line 5: node %1 is not used");
    refused(head + "in x\n%0 var x\n%1 neg %0\n%2 neg %0\nout 1 2 %1 %2\n",
            "line 5: repeats an earlier node");
    refused(head + "in\n%0 const 1/2\n%1 const 2/4\nout 1 2 %0 %1\n", "repeats an earlier node");
    refused(head + "in x\n%0 var x\nout 2 1 %0\n", "a 2 x 1 output needs 2 nodes, got 1");
    refused(head + "in x\n%0 var x\nout 1 1 %0\nmore\n", "line 5: text after the outputs");
    refused(head + "in x\n%0 const 1/0\nout 1 1 %0\n", "denominator must not be 0");
}

BOOST_AUTO_TEST_CASE(variables_are_found_by_name) {
    const tape t = tape::parse(small_tape);
    BOOST_TEST(t.index_of("y") == 1u);
    BOOST_TEST(t.has_variable("x"));
    BOOST_TEST(!t.has_variable("z"));
    BOOST_CHECK_EXCEPTION(t.index_of("z"), std::invalid_argument, [](const auto& e) {
        return std::string(e.what()) == "tape: no variable \"z\" among: x y";
    });
}

BOOST_AUTO_TEST_CASE(polynomials_and_rational_functions_are_recognised) {
    const tape p = record({"x", "y"}, [](auto x, auto y) { return power(x, 3) * y - 2 * x; });
    const tape q = record({"x", "y"}, [](auto x, auto y) { return x / y; });
    const tape r = record({"x", "y"}, [](auto x, auto y) { return power(x, -1) + y; });
    const tape s = record({"x", "y"}, [](auto x, auto y) { return exp(x) + y; });
    BOOST_TEST((p.is_polynomial() && p.is_rational()));
    BOOST_TEST((!q.is_polynomial() && q.is_rational()));
    BOOST_TEST((!r.is_polynomial() && r.is_rational()));
    BOOST_TEST((!s.is_polynomial() && !s.is_rational()));
}

BOOST_AUTO_TEST_CASE(latex_puts_parentheses_where_meaning_needs_them) {
    BOOST_TEST(printed([](auto a, auto b, auto) { return -(a + b); }) == "-\\left(a + b\\right)");
    BOOST_TEST(printed([](auto a, auto b, auto c) { return a - (b - c); }) ==
               "a - \\left(b - c\\right)");
    BOOST_TEST(printed([](auto a, auto b, auto c) { return a - (b + c); }) ==
               "a - \\left(b + c\\right)");
    BOOST_TEST(printed([](auto a, auto b, auto c) { return a + (b - c); }) == "a + b - c");
    BOOST_TEST(printed([](auto a, auto b, auto) { return a + -b; }) == "a - b");
    BOOST_TEST(printed([](auto a, auto b, auto) { return a - -b; }) == "a - \\left(-b\\right)");
    BOOST_TEST(printed([](auto a, auto b, auto c) { return a + (-b - c); }) == "a - b - c");
    BOOST_TEST(printed([](auto a, auto, auto) { return power(-a, 2); }) == "\\left(-a\\right)^{2}");
    BOOST_TEST(printed([](auto a, auto, auto) { return -power(a, 2); }) == "-a^{2}");
    BOOST_TEST(printed([](auto a, auto, auto) { return power(power(a, 2), 3); }) ==
               "\\left(a^{2}\\right)^{3}");
    BOOST_TEST(printed([](auto a, auto b, auto c) { return a / (b / c); }) ==
               "\\frac{a}{\\frac{b}{c}}");
    BOOST_TEST(printed([](auto a, auto b, auto c) { return a / b * c; }) == "\\frac{a}{b} c");
    BOOST_TEST(printed([](auto a, auto b, auto) { return power(a / b, 2); }) ==
               "\\left(\\frac{a}{b}\\right)^{2}");
    BOOST_TEST(printed([](auto a, auto b, auto) { return power(a * b, 2); }) ==
               "\\left(a b\\right)^{2}");
    BOOST_TEST(printed([](auto a, auto b, auto c) { return a * (b + c); }) ==
               "a \\left(b + c\\right)");
    BOOST_TEST(printed([](auto a, auto b, auto) { return a * -b; }) == "a \\left(-b\\right)");
    BOOST_TEST(printed([](auto a, auto b, auto) { return -a * b; }) == "-a b");
    BOOST_TEST(printed([](auto a, auto b, auto c) { return c - (-a) * b; }) ==
               "c - \\left(-a b\\right)");
    BOOST_TEST(printed([](auto a, auto, auto) { return 2 * (3 * a); }) == "2 \\cdot 3 a");
    BOOST_TEST(printed([](auto a, auto, auto) { return 2 * a * 3; }) == "2 a \\cdot 3");
    BOOST_TEST(printed([](auto a, auto, auto) { return 2 * (rational(1, 2) * a); }) ==
               "2 \\cdot \\frac{1}{2} a");
    BOOST_TEST(printed([](auto a, auto, auto) { return rational(-2, 3) * a; }) ==
               "-\\frac{2}{3} a");
    BOOST_TEST(printed([](auto a, auto, auto) { return a + rational(-2, 3); }) ==
               "a - \\frac{2}{3}");
    BOOST_TEST(printed([](auto a, auto, auto) { return a * rational(-2); }) ==
               "a \\left(-2\\right)");
    BOOST_TEST(printed([](auto a, auto, auto) { return power(exp(-a), 2); }) ==
               "\\left(e^{-a}\\right)^{2}");
    BOOST_TEST(printed([](auto a, auto, auto) { return power(sin(a), 2); }) ==
               "\\left(\\sin\\left(a\\right)\\right)^{2}");
    BOOST_TEST(printed([](auto a, auto b, auto) { return log(a * b) + sqrt(a + b) - cos(a); }) ==
               "\\ln\\left(a b\\right) + \\sqrt{a + b} - \\cos\\left(a\\right)");
    BOOST_TEST(printed([](auto a, auto, auto) { return power(a, -1); }) == "a^{-1}");
}

BOOST_AUTO_TEST_CASE(names_become_letters_with_indices) {
    BOOST_TEST(latex_name("KP") == "K_P");
    BOOST_TEST(latex_name("alphaV") == "\\alpha_V");
    BOOST_TEST(latex_name("eta") == "\\eta");
    BOOST_TEST(latex_name("beta12") == "\\beta_{12}");
    BOOST_TEST(latex_name("theta") == "\\theta");
    BOOST_TEST(latex_name("V[1,2]") == "V_{12}");
    BOOST_TEST(latex_name("V[1,12]") == "V_{1,12}");
    BOOST_TEST(latex_name("V[11,2]") == "V_{11,2}");
    BOOST_TEST(latex_name("x[10]") == "x_{10}");
    BOOST_TEST(latex_name("mu[3]") == "\\mu_3");
    BOOST_TEST(latex_name("nA[2]") == "n_{A,2}");
    BOOST_TEST(latex_name("q_min") == "q_{min}");
    BOOST_TEST(latex_name("a_b_c") == "a_{b\\_c}");
}

BOOST_AUTO_TEST_CASE(formulas_too_long_to_print_are_refused) {
    const auto squared = [](int times) {
        return record({"x"}, [times](auto x) {
            for (int i = 0; i < times; ++i)
                x = x * x;
            return x;
        });
    };
    BOOST_TEST(latex(squared(3)) == "x x x x x x x x");
    BOOST_CHECK_THROW(latex(squared(200)), std::length_error); // 2^200 factors
    BOOST_CHECK_THROW(latex(record({"x"},
                                   [](auto x) {
                                       for (int i = 0; i < 5000; ++i)
                                           x = sin(x);
                                       return x;
                                   })),
                      std::length_error);
    BOOST_CHECK_THROW(latex(squared(1), 1), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
