// Certificates that were tampered with: what is accepted must still be true.
#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/support/certificate_oracle.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/seed.hpp"
#include "verify/check/check.hpp"

using namespace flowproof;
using check::validate;
using support::statement_may_be_true;
using answer = check::verdict::answer;

namespace {

constexpr check::limits little{.work = 5'000'000}; // a fraction of a second

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t end = std::min(text.find('\n', i), text.size());
        lines.push_back(text.substr(i, end - i));
        i = end + 1;
    }
    return lines;
}
std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words{""};
    for (const char c : line)
        if (c == ' ')
            words.emplace_back();
        else
            words.back() += c;
    return words;
}
std::string joined(const std::vector<std::string>& parts, const char* between) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i == 0 ? "" : between) + parts[i];
    return text;
}
std::string text_of(const std::vector<std::string>& lines) { return joined(lines, "\n") + "\n"; }

/// text with `from` replaced by `to` in its n-th place.
std::string with(std::string text, const std::string& from, const std::string& to, int n = 0) {
    std::size_t at = text.find(from);
    for (; n > 0 && at != std::string::npos; --n)
        at = text.find(from, at + 1);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, "no \"" + from + "\" in\n" + text);
    return text.replace(at, from.size(), to);
}

/// Word w of the line that begins with `keyword` (the n-th such), times a factor.
std::string scaled(const std::string& text, const std::string& keyword, int n, std::size_t w,
                   const rational& factor) {
    auto lines = lines_of(text);
    for (auto& l : lines) {
        auto words = words_of(l);
        if (words[0] != keyword || n-- > 0) continue;
        BOOST_REQUIRE(w < words.size());
        std::size_t bits = 0;
        words[w] = (check::exact_number(words[w], 1, bits) * factor).str();
        l = joined(words, " ");
        return text_of(lines);
    }
    BOOST_FAIL("no line " + keyword);
    return "";
}

void must_fall(const std::string& text, const std::string& reason = "") {
    const check::verdict v = validate(text, little);
    BOOST_TEST_CONTEXT((v.is == answer::valid ? text : v.reason)) {
        BOOST_TEST((v.is != answer::valid));
        BOOST_TEST(v.reason.find(reason) != std::string::npos, "expected: " + reason);
    }
}

/// Accepted texts state something true; returns whether it was accepted.
bool sound(const std::string& text) {
    const check::verdict v = validate(text, {.work = 1'000'000}); // enough for the originals
    if (v.is != answer::valid) {
        BOOST_TEST(!v.reason.empty());
        return false;
    }
    BOOST_TEST(statement_may_be_true(text), text);
    return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(check_forgery_test)

BOOST_AUTO_TEST_CASE(the_oracle_tells_true_from_false) {
    for (const auto& [name, text] : support::all_certificates())
        BOOST_TEST(statement_may_be_true(text), name);
    using support::sign_certificate, support::zeros_certificate, support::flow_certificate;
    BOOST_TEST(!statement_may_be_true(with(sign_certificate(), "1/10", "-1/10")));
    BOOST_TEST(!statement_may_be_true(with(zeros_certificate(), "count 2", "count 1")));
    BOOST_TEST(!statement_may_be_true(with(support::roots_certificate(), "count 2", "count 4")));
    BOOST_TEST(!statement_may_be_true(with(support::definite_certificate(), "row 2", "row -2")));
    BOOST_TEST(!statement_may_be_true(with(support::squares_certificate(), "lower 0", "lower 1")));
    BOOST_TEST(!statement_may_be_true(with(flow_certificate(), "parameter a 1", "parameter a 2")));
    BOOST_TEST(!statement_may_be_true(with(support::crossing_certificate(), "side -1", "side 1")));
}

BOOST_AUTO_TEST_CASE(a_sign_needs_its_proof) {
    const std::string plain = support::sign_certificate(),
                      mixed = support::conditional_sign_certificate();
    must_fall(with(plain, "signs positive", "signs negative"), "positive, nonnegative or nonzero");
    must_fall(with(plain, "1/10", "0"), "not every output has its sign");
    must_fall(with(plain, "side x -1 1", "side x -2 1"), "not every output");
    must_fall(with(plain, "side y -1 1\n", ""), "has no value or side");
    must_fall(with(plain, " n\nqed", "\nqed"), "parts not covered"); // a part is skipped
    must_fall(with(plain, "tree", "tree n"), "not every output");    // one part for all
    must_fall(with(plain, " n\nqed", " n n\nqed"), "whole box is covered");
    must_fall(with(plain, " n\nqed", " o\nqed"), "no condition");
    must_fall(with(mixed, "s1 c o", "s1 n o"), "not every output"); // too weak
    must_fall(with(mixed, "s1 c o", "s1 o o"), "no condition");     // not outside
    must_fall(with(mixed, "s1 c o", "s1 o c"), "no condition");     // leaves swapped
    must_fall(with(mixed, "s1 n m", "s1 o m"), "no condition");
    must_fall(with(mixed, "s1 n m", "s1 m n"), "not every output");
    must_fall(with(mixed, "relations positive", "relations nonzero"), "no condition");
    must_fall(with(mixed, "const 1/2", "const 11/10"), "not every output");
    must_fall(with(mixed, "signs nonnegative", "signs nonnegative positive"), "expected 1 signs");
}

BOOST_AUTO_TEST_CASE(a_zero_needs_its_proof) {
    const std::string text = support::zeros_certificate();
    must_fall(with(text, "count 2", "count 1"), "count");
    must_fall(with(text, "parameter p 9/10 11/10", "parameter p 9/10 13/10"));
    must_fall(with(text, "; 5/14 1/2 5/14 -1/2 ;", "; 0 0 0 0 ;"), "Krawczyk");
    must_fall(with(text, "; 5/14 1/2 5/14 -1/2 ;", "; -5/14 1/2 5/14 -1/2 ;"), "Krawczyk");
    must_fall(with(text, "; -1 0", "; 1 0"), "indicator 0");
    must_fall(with(text, "; 1 -1", "; 1 1"), "indicator 1");
    must_fall(with(text, "; 7/10 7/10 ;", "; 1 7/10 ;"), "centre");
    must_fall(with(text, "zero 3/5 4/5", "zero 7/10 4/5")); // the zero is not in all of it
    must_fall(with(text, " z0", " z1"), "z1");
    must_fall(with(text, " z0", " e0"), "e0");
    must_fall(with(text, " z0", " k"), "leaf k");
    must_fall(with(text, " e0 e1", " e1 e0"), "not certain");
    must_fall(with(text, "e0 z", "e0 x"), "a leaf is");
    // The same zero twice.
    const std::string again = "zero 3/5 4/5 3/5 4/5 ; 7/10 7/10 ; 5/14 1/2 5/14 -1/2 ; 1 -1\n";
    must_fall(with(with(text, again, again + again), "count 2", "count 3"), "two zeros meet");
    // A zero that is found but not counted has no leaf; a box on the boundary is not isolated.
    must_fall(with(text, "unknown x -2 2", "unknown x -2 4/5"), "interior");
}

BOOST_AUTO_TEST_CASE(exact_witnesses_need_to_fit) {
    const std::string roots = support::roots_certificate(),
                      matrices = support::definite_certificate(),
                      squares = support::squares_certificate();
    must_fall(with(roots, "count 2", "count 3"), "counts 2");
    must_fall(with(roots, "0 inf", "3/2 inf"), "counts 1");
    must_fall(with(roots, "0 inf", "1 inf"), "an end is a root");
    must_fall(with(roots, "0 inf", "2 1"), "order");
    must_fall(with(roots, "-5 1", "-5 0"), "leading");
    must_fall(with(matrices, "row 2", "row 1/3"), "negative");
    must_fall(with(matrices, "row 2 -1 0", "row 2 1 0"), "symmetric");
    must_fall(with(matrices, "2 semi", "2 strictly"), "pivot 1 is 0");
    must_fall(with(matrices, "row 1/4 1/2", "row 0 1/2"), "rest of its row");
    must_fall(with(matrices, "row 1/2 1\n", ""), "rows");
    must_fall(with(squares, "lower 0", "lower 1/100"), "coefficients differ");
    must_fall(with(squares, "attained 1 1", "attained 1 2"), "attained");
    must_fall(with(squares, "gram 0 1 -1 0", "gram 0 1 -1 1"), "differ");
    must_fall(with(squares, "1,1\n", "2,1\n"), "differ");
    // Right as an identity, but not positive: the weight of x^2 y^2 moved into the products.
    const std::string indefinite = with(
        with(with(with(squares, "gram 1 0 0 -1", "gram 1 0 0 -2"), "gram 0 1 -1 0", "gram 0 1 0 0"),
             "gram 0 -1 1 0", "gram 0 0 1 0"),
        "gram -1 0 0 1", "gram -2 0 0 1");
    must_fall(indefinite, "pivot 3 is negative");
}

BOOST_AUTO_TEST_CASE(a_flow_needs_its_proof) {
    const std::string text = support::flow_certificate(), event = support::crossing_certificate();
    const rational tenth(1, 10);
    for (int k = 0; k < 3; ++k) { // words: step L O B ; m m ; w w ; e0 ; tube ; e1
        must_fall(scaled(text, "step", k, 11, k == 0 ? rational(0) : tenth), "from the centre");
        must_fall(scaled(text, "step", k, 13, tenth), "tube");
        must_fall(scaled(text, "step", k, 15, tenth), "error at the end");
        must_fall(scaled(text, "step", k, 2, rational(1, 7))); // order 2: the defect is too large
        must_fall(scaled(text, "step", k, 1, rational(11, 10)));
        must_fall(scaled(text, "step", k, 1, rational(-1)), "forward and backward");
        must_fall(scaled(text, "step", k, 5, rational(1000001, 1000000)), "from the centre");
        must_fall(scaled(text, "step", k, 8, rational(-1)), "positive");
    }
    must_fall(scaled(text, "final", 0, 7, tenth), "from the centre");
    must_fall(scaled(text, "final", 0, 1, rational(1000001, 1000000)), "from the centre");
    must_fall(with(text, "start 1/3 1", "start 1/3 2"), "from the centre");
    must_fall(with(text, "parameter a 1", "parameter a 101/100"), "from the centre");
    must_fall(with(text, "\nvalue 0", "\nvalue 1"), "the value is only known");
    must_fall(scaled(text, "value", 0, 2, rational(1000001, 1000000)), "the value is only known");
    must_fall(scaled(text, "value", 0, 3, rational(999999, 1000000)), "the value is only known");
    must_fall(with(text, "parameter a 1\n", ""), "no value");
    must_fall(with(text, "parameter a 1", "parameter t 1"), "is t");
    auto lines = lines_of(text);
    lines.erase(std::find_if(lines.begin(), lines.end(),
                             [](const auto& l) { return l.rfind("step", 0) == 0; }));
    must_fall(text_of(lines), "from the centre"); // a step is skipped

    must_fall(with(event, "side -1", "side 1"), "no certain sign");
    must_fall(scaled(event, "crossing", 0, 2, rational(999999, 1000000)), "order");
    must_fall(scaled(
        scaled(with(event, "value 0", "value 1"), "crossing", 0, 2, rational(99999999, 100000000)),
        "crossing", 0, 1, rational(99999998, 100000000)));
    must_fall(scaled(event, "crossing", 0, 1, rational(1000001, 1000000)), "order");
    must_fall(scaled(scaled(event, "crossing", 0, 1, rational(1000001, 1000000)), "crossing", 0, 2,
                     rational(11, 10)),
              "no certain sign");
    must_fall(with(event, "const 1/2", "const 1/3"), ""); // 0 at the start, then on the other side
    auto early = lines_of(event);
    std::erase_if(early, [n = 0](const auto& l) mutable {
        return l.rfind("step", 0) == 0 && n++ == 2; // the last step
    });
    must_fall(text_of(early));
}

BOOST_AUTO_TEST_CASE(an_event_may_vanish_at_the_start_only) {
    // u - 1/3 is 0 at the start; (u - 1/3) (u - 1/2) is so, negative after it, and 0 at log 2.
    const std::string event = support::crossing_certificate();
    const std::string factor = with(
        with(
            with(
                event, "%1 const 1/2\n%2 sub %0 %1\nout 1 1 %2",
                "%1 const 1/2\n%2 sub %0 %1\n%3 const 1/4\n%4 sub %0 %3\n%5 mul %2 %4\nout 1 1 %5"),
            "start 1/3", "start 1/3"),
        "side -1", "side -1");
    BOOST_TEST((validate(factor).is == answer::valid), validate(factor).reason);
}

BOOST_AUTO_TEST_CASE(broken_texts_are_told_apart) {
    const std::string text = support::sign_certificate();
    must_fall("", "line 1");
    must_fall("hello", "line 1");
    must_fall(with(text, "certificate 1", "certificate 2"), "line 1");
    must_fall(with(text, "sign_on_box", "sine_on_box"), "unknown kind");
    must_fall(with(text, "qed", "QED"), "cut short");
    must_fall(text.substr(0, text.size() / 2), "cut short");
    must_fall(text + "more\n", "cut short");
    must_fall(with(text, "\nsigns", "\n\nsigns"), "space too many");
    must_fall(with(text, "signs positive", "signs  positive"), "space too many");
    must_fall(with(text, "\nsigns", "\nnote by the author\nsigns"), "has a line");
    must_fall(with(text, "tape value", "tape velue"), "missing");
    must_fall(with(text, "\nend\n", "\n"), "no \"end\"");
    must_fall(with(text, "1/10", "0.1"), "expected an integer");
    must_fall(with(text, "1/10", "1/0"), "expected an integer");
    must_fall(with(text, "1/10", "inf"), "expected an integer");
    must_fall(with(text, "%1 mul %0 %0", "%1 mul %0 %1"), "expected");
    must_fall(with(text, "%1 mul %0 %0", "%1 tan %0"), "unknown operation");
}

BOOST_AUTO_TEST_CASE(work_and_memory_are_bounded) {
    const std::string text = support::flow_certificate(), signs = support::sign_certificate(),
                      squares = support::squares_certificate();
    must_fall(with(text, " 10 60 ", " 5001 60 "), "at most 5000");
    must_fall(with(text, " 10 60 ", " 10 2000000 "), "at most 1048576");
    must_fall(with(text, " 10 60 ", " 5000 1000000 "), "memory");
    must_fall(with(text, " 10 60 ", " 5000 60 "), "units of work");
    must_fall(with(text, "start 1/3", "start 1*2^999999999"), "2^21 bits");
    must_fall(with(text, "start 1/3", "start 1*2^2000000"));
    must_fall(with(signs, "1/10", std::string(3'000'000, '7')), "2^21 bits");
    must_fall(with(signs, "%1 mul %0 %0", "%1 power %0 99999999"), "expected an integer");
    // 2^(20 * 40) is far beyond any exponent; coefficients of 2^40 digits.
    std::string tower = "in x y\n%0 var x\n", numbers = "in x y\n%0 const 3\n";
    for (int i = 0; i < 40; ++i) {
        const std::string n = std::to_string(i + 1), m = std::to_string(i);
        tower += "%" + n + " power %" + m + " 1000000\n";
        numbers += "%" + n + " mul %" + m + " %" + m + "\n";
    }
    const auto replaced = [](const std::string& whole, const std::string& body) {
        const std::size_t a = whole.find("in x y\n"), b = whole.find("\nend");
        return whole.substr(0, a) + body + whole.substr(b + 1);
    };
    must_fall(replaced(signs, tower + "out 2 1 %40 %40\n"), "not every output");
    must_fall(replaced(squares, tower + "out 1 1 %40\n"));
    must_fall(replaced(squares, numbers + "out 1 1 %40\n"), "");
    must_fall(with(signs, "tree", "tree s0" + std::string(9000, ' ').replace(0, 0, "")), "space");
    std::string deep = "tree";
    for (int i = 0; i < 5000; ++i)
        deep += " s0";
    must_fall(with(signs, "tree", deep), "2000 times");
}

BOOST_AUTO_TEST_CASE(every_number_changed_and_every_line_dropped_leaves_the_truth) {
    int accepted = 0, tried = 0;
    for (const auto& [name, text] : support::all_certificates()) {
        BOOST_TEST_CONTEXT(name) {
            const auto lines = lines_of(text);
            for (std::size_t l = 0; l < lines.size(); ++l) {
                auto dropped = lines, twice = lines;
                dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(l));
                twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(l), lines[l]);
                accepted += sound(text_of(dropped));
                accepted += sound(text_of(twice));
                const auto words = words_of(lines[l]);
                for (std::size_t w = 1; w < words.size(); ++w) {
                    std::vector<std::string> others{"0", ";", "n", "s1"};
                    try {
                        std::size_t bits = 0;
                        const rational q = check::exact_number(words[w], 1, bits);
                        for (const rational& r :
                             {-q, q + rational(1), q - rational(1), q * rational(2),
                              q / rational(10), q * rational(1001, 1000)})
                            others.push_back(r.str());
                    } catch (const check::refusal&) { // a word
                    }
                    for (const std::string& other : others) {
                        auto changed = words;
                        changed[w] = other;
                        auto all = lines;
                        all[l] = joined(changed, " ");
                        ++tried;
                        accepted += sound(text_of(all));
                    }
                }
            }
        }
    }
    BOOST_TEST_MESSAGE(accepted << " of " << tried << " accepted, all true");
    BOOST_TEST(accepted > 0);         // a wider bound is still a bound
    BOOST_TEST(accepted < tried / 4); // and most changes are noticed
}

BOOST_AUTO_TEST_CASE(random_bytes_never_make_a_false_statement_pass) {
    const std::uint64_t seed = support::seed(20240619);
    std::mt19937_64 rng(seed);
    const std::string alphabet =
        "0123456789012345678901234567890123456789 -/*^;%\nabcdefghimnopqrstuvxz_,";
    const auto all = support::all_certificates();
    int accepted = 0;
    const int trials = support::trials(2000);
    for (int trial = 0; trial < trials; ++trial) {
        const auto& [name, original] = all[static_cast<std::size_t>(trial) % all.size()];
        std::string text = original;
        for (auto edits = 1 + rng() % 3; edits > 0; --edits) {
            const std::size_t at = rng() % text.size();
            const char c = alphabet[rng() % alphabet.size()];
            switch (rng() % 4) {
            case 0:
                text.erase(at, 1);
                break;
            case 1:
                text.insert(at, 1, c);
                break;
            case 2:
                text[at] = static_cast<char>(rng() % 20 == 0 ? rng() % 256
                                                             : static_cast<unsigned char>(c));
                break;
            default:
                text[at] = c;
                break;
            }
        }
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", " << name) {
            accepted += sound(text);
        }
    }
    BOOST_TEST_MESSAGE(accepted << " of " << trials << " accepted, all true");
}

BOOST_AUTO_TEST_SUITE_END()
