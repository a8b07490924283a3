// What the engines write, the separate checker accepts.
#include <boost/test/unit_test.hpp>

#include "tests/support/small_paper.hpp"
#include "verify/check/check.hpp"

using namespace flowproof;

namespace {

/// The engine's certificates; all of them must be valid.
std::vector<std::string> certificates_of(const obligation& what, std::size_t at_least = 1) {
    const decision d = decide(what, small::quick());
    BOOST_TEST((d.result.result() == outcome::proved || d.result.result() == outcome::certified),
               d.result.summary() + d.result.reason());
    std::vector<std::string> texts;
    for (const auto& [name, text] : d.proof.payload) {
        if (!check::is_certificate(text)) continue;
        texts.push_back(text);
        const check::verdict v = check::validate(text);
        BOOST_TEST_CONTEXT(name << ": " << v.reason << "\n" << text.substr(0, 4000))
        BOOST_TEST((v.is == check::verdict::answer::valid));
    }
    BOOST_TEST(texts.size() >= at_least);
    return texts;
}

} // namespace

BOOST_AUTO_TEST_SUITE(check_engines_test)

BOOST_AUTO_TEST_CASE(signs_over_boxes) {
    certificates_of(sign_on_box{.value = record({"KP", "KQ", "e"},
                                                [](auto KP, auto KQ, auto e) {
                                                    return power(KP + KQ + e, 2) - 4 * KP * e;
                                                }),
                                .signs = {relation::positive},
                                .box = {{"KP", rational(1, 20), rational(19, 20)},
                                        {"KQ", rational(1, 20), rational(1)},
                                        {"e", power(rational(10), -8), rational(1, 10)}}});
    // The sign touches 0 at an end that is no dyadic number.
    certificates_of(sign_on_box{.value = record({"x"}, [](auto x) { return (3 * x - 1) * exp(x); }),
                                .signs = {relation::nonnegative},
                                .box = {{"x", rational(1, 3), rational(2)}}});
    certificates_of(sign_on_box{
        .value = record({"x", "y"}, [](auto x, auto y) { return x - y + rational(1, 9); }),
        .signs = {relation::positive},
        .box = {{"x", rational(0), rational(1)}, {"y", rational(0), rational(1)}},
        .domain = record({"y", "x"}, [](auto y, auto x) { return x - y; }),
        .relations = {relation::nonnegative},
        .words = {"x >= y"}});
}

BOOST_AUTO_TEST_CASE(zeros_over_cells_of_parameters) {
    zeros_in_box z;
    z.system = record({"a", "b", "KP", "KQ", "e"}, [](auto a, auto b, auto KP, auto KQ, auto e) {
        return std::vector{(1 - a) * e + KQ * b * (1 - a * b), KP * a * (1 - a * b)};
    });
    z.unknowns = {{"a", rational(-2), rational(2)}, {"b", rational(-2), rational(2)}};
    z.parameters = {{"KP", rational(3, 10), rational(2, 5)},
                    {"KQ", rational(1, 2), rational(1, 2)},
                    {"e", rational(1, 10), rational(1, 10)}};
    z.count = 2;
    const auto texts = certificates_of(z);
    const decision d = decide(z, small::quick());
    const std::string& cells = d.proof.payload.back().second;
    BOOST_TEST((check::validate_cells(cells, texts).is == check::verdict::answer::valid),
               check::validate_cells(cells, texts).reason);
    auto fewer = texts;
    fewer.pop_back();
    BOOST_TEST((check::validate_cells(cells, fewer).is == check::verdict::answer::invalid));
    auto more = texts;
    more.push_back(texts.front());
    BOOST_TEST((check::validate_cells(cells, more).is == check::verdict::answer::invalid));
    auto other = texts;
    other.front().replace(other.front().find("parameter KP 3/10"), 17, "parameter KP 4/10");
    BOOST_TEST((check::validate_cells(cells, other).is != check::verdict::answer::valid));
}

BOOST_AUTO_TEST_CASE(exact_witnesses) {
    certificates_of(real_roots{
        record({"x"}, [](auto x) { return power(x - 1, 2) * (x * x - 3) * (x + 7) / 3; }),
        rational(-2),
        {},
        3});
    certificates_of(definite_matrices{
        {{"H", rows({{2, -1, 0}, {-1, 2, -1}, {0, -1, 2}})}, {"G", rows({{5, 1}, {1, 1}})}}});
    certificates_of(sum_of_squares{record({"x", "y"},
                                          [](auto x, auto y) {
                                              return power(x - y, 2) + power(x * y - 1, 2) +
                                                     rational(1, 3);
                                          }),
                                   rational(1, 3),
                                   {1, 1}});
}

BOOST_AUTO_TEST_SUITE_END()
