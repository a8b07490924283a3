#include <boost/test/unit_test.hpp>
#include <sstream>

#include "numerics/linalg/definite.hpp"
#include "numerics/poly/polynomial.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/rationals.hpp"
#include "tests/support/small_paper.hpp"

using namespace flowproof;
using support::mentions;
using support::rationals;

namespace {

std::string certificate_of(const decision& d, const std::string& name = "certificate") {
    for (const auto& [entry, text] : d.proof.payload)
        if (entry == name) return text;
    return {};
}

/// The words after `key` on its line.
std::vector<std::string> words_after(const std::string& text, const std::string& key) {
    std::istringstream lines(text);
    std::vector<std::string> result;
    for (std::string line; std::getline(lines, line);)
        if (line.rfind(key + " ", 0) == 0) {
            std::istringstream words(line.substr(key.size() + 1));
            for (std::string word; words >> word;)
                result.push_back(word);
        }
    return result;
}

outcome result_of(const obligation& o) { return decide(o, small::quick()).result.result(); }

/// (x - 1)^2 (x + 2) (x^2 + 1)
real_roots roots(std::size_t count, std::optional<rational> lower = std::nullopt,
                 std::optional<rational> upper = std::nullopt) {
    return {
        record({"x"}, [](auto x) { return power(x - 1, 2) * (x + 2) * (x * x + 1) / rational(3); }),
        lower, upper, count};
}

sum_of_squares circle(const rational& lower, std::vector<rational> attained = {}) {
    return {record({"x", "y"}, [](auto x, auto y) { return power(x * x + y * y - 1, 2) + x; }),
            lower, std::move(attained)};
}

matrix<rational> two_by_two(std::int64_t a, std::int64_t b, std::int64_t c) {
    matrix<rational> m(2, 2);
    m << rational(a), rational(b), rational(b), rational(c);
    return m;
}

} // namespace

BOOST_AUTO_TEST_SUITE(certificate_engine_test)

BOOST_AUTO_TEST_CASE(numbers_of_real_roots_are_proved_with_a_certificate) {
    const decision d = decide(roots(2), small::quick());
    BOOST_TEST_REQUIRE((d.result.result() == outcome::proved));
    BOOST_TEST(std::get<witnessed>(d.result.grounds()).count == 1u);
    BOOST_TEST((d.proof.covers == coverage::whole));
    BOOST_TEST(certificate_of(d) == "flowproof-certificate 1 real_roots\n"
                                    "polynomial 2/3 -1 2/3 -2/3 0 1/3\n"
                                    "between -inf inf\ncount 2\nqed\n");
    BOOST_TEST(certificate_of(d, "root 1") == "-2");
    BOOST_TEST(certificate_of(d, "root 2") == "1, 2-fold");
    BOOST_TEST((result_of(roots(1, rational(0))) == outcome::proved));
    BOOST_TEST((result_of(roots(1, std::nullopt, rational(1, 2))) == outcome::proved));
    BOOST_TEST((result_of(roots(0, rational(2), rational(3))) == outcome::proved));
}

BOOST_AUTO_TEST_CASE(wrong_numbers_of_real_roots_are_refuted_with_the_roots) {
    for (const std::size_t wrong : {0u, 1u, 3u, 5u}) {
        const decision d = decide(roots(wrong), small::quick());
        BOOST_TEST_REQUIRE((d.result.result() == outcome::refuted));
        BOOST_TEST(std::get<counterexample>(d.result.grounds()).left ==
                   "2 real roots: -2; 1, 2-fold");
        BOOST_TEST(certificate_of(d).empty());
    }
    BOOST_TEST((result_of(roots(2, rational(0))) == outcome::refuted));
}

BOOST_AUTO_TEST_CASE(misuse_of_real_roots_is_an_error) {
    BOOST_TEST((result_of(roots(1, rational(1))) == outcome::error)); // the end is a root
    BOOST_TEST((result_of(roots(1, rational(2), rational(2))) == outcome::error));
    const auto of = [](tape t) { return result_of(real_roots{std::move(t), {}, {}, 0}); };
    BOOST_TEST((of(record({"x"}, [](auto x) { return x - x; })) == outcome::error));
    BOOST_TEST((of(record({"x"}, [](auto x) { return 1 / x; })) == outcome::error));
    BOOST_TEST((of(record({"x"}, [](auto x) { return power(x, -1) * x; })) == outcome::error));
    BOOST_TEST((of(record({"x"}, [](auto x) { return exp(x); })) == outcome::error));
    BOOST_TEST((of(record({"x", "y"}, [](auto x, auto y) { return x + y; })) == outcome::error));
}

BOOST_AUTO_TEST_CASE(definite_matrices_are_proved_or_certified_where_listed) {
    definite_matrices what{{{"first one", two_by_two(2, 1, 1)}, {"second", two_by_two(1, 0, 3)}}};
    const decision d = decide(what, small::quick());
    BOOST_TEST_REQUIRE((d.result.result() == outcome::proved));
    BOOST_TEST(std::get<witnessed>(d.result.grounds()).count == 2u);
    BOOST_TEST(certificate_of(d, "certificate first one") ==
               "flowproof-certificate 1 definite\nmatrix first_one 2 strictly\n"
               "row 2 1\nrow 1 1\nqed\n");
    what.listed = {"two of many"};
    BOOST_TEST((result_of(what) == outcome::certified));
    what.matrices[1].second = two_by_two(1, 2, 4); // singular
    what.strictly = false;
    BOOST_TEST((result_of(what) == outcome::certified));
    what.strictly = true;
    BOOST_TEST((result_of(what) == outcome::refuted));
}

BOOST_AUTO_TEST_CASE(indefinite_matrices_are_refuted_by_a_direction) {
    for (const bool strictly : {true, false}) {
        const decision d =
            decide(definite_matrices{{{"good", two_by_two(1, 0, 1)}, {"bad", two_by_two(1, 2, 3)}},
                                     strictly},
                   small::quick());
        BOOST_TEST_REQUIRE((d.result.result() == outcome::refuted));
        const auto& c = std::get<counterexample>(d.result.grounds());
        BOOST_TEST(c.where == "bad");
        BOOST_TEST(c.at[1].second == "(-2 1)");
        BOOST_TEST(c.left == "v^T A v = -1");
    }
    BOOST_TEST((result_of(definite_matrices{}) == outcome::error));
    matrix<rational> skew = two_by_two(1, 2, 3);
    skew(0, 1) = rational(5);
    BOOST_TEST((result_of(definite_matrices{{{"skew", skew}}}) == outcome::error));
}

BOOST_AUTO_TEST_CASE(sums_of_squares_are_proved_and_their_certificate_multiplies_out) {
    const sum_of_squares what = circle(rational(-106, 100));
    const decision d = decide(what, small::quick());
    BOOST_TEST_REQUIRE((d.result.result() == outcome::proved), d.result.summary());
    const std::string text = certificate_of(d);
    // Read back with another expansion than the engine's.
    const auto monomials = words_after(text, "monomials"), gram = words_after(text, "gram");
    BOOST_TEST(gram.size() == monomials.size() * monomials.size());
    const auto n = static_cast<Eigen::Index>(monomials.size());
    matrix<rational> g(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j)
            g(i, j) = rational::parse(gram[static_cast<std::size_t>(i * n + j)]);
    BOOST_TEST((definiteness_of(g).is != definiteness::answer::indefinite));
    for (const auto& at :
         {rationals({"1/2", "-3"}), rationals({"7", "2/3"}), rationals({"-1", "0"}),
          rationals({"12", "-5/7"}), rationals({"1/9", "1/11"})}) {
        std::vector<rational> z;
        for (const std::string& m : monomials) {
            const auto comma = m.find(',');
            z.push_back(power(at[0], std::stoll(m.substr(0, comma))) *
                        power(at[1], std::stoll(m.substr(comma + 1))));
        }
        BOOST_TEST(quadratic_form(g, z) == evaluate(what.polynomial, at).front() - what.lower);
    }
    BOOST_TEST(mentions(text, "lower -53/50\nmonomials "));
    BOOST_TEST(mentions(text, "tape polynomial\n" + what.polynomial.text()));
    BOOST_TEST(text.substr(text.size() - 4) == "qed\n");
}

BOOST_AUTO_TEST_CASE(bounds_above_the_least_value_are_refuted_by_a_point) {
    // The least value is about -1.0562.
    const decision d = decide(circle(rational(-105, 100)), small::quick());
    BOOST_TEST_REQUIRE((d.result.result() == outcome::refuted));
    const auto& c = std::get<counterexample>(d.result.grounds());
    const std::vector<rational> at{rational::parse(c.at[0].second),
                                   rational::parse(c.at[1].second)};
    const rational value = evaluate(circle(0).polynomial, at).front();
    BOOST_TEST((value < rational(-105, 100)));
    BOOST_TEST(c.left == value.str());
    const sum_of_squares unbounded{
        record({"x", "y"}, [](auto x, auto y) { return power(x, 4) - power(x * y, 3); }),
        rational(-1000)};
    BOOST_TEST((result_of(unbounded) == outcome::refuted));
}

BOOST_AUTO_TEST_CASE(a_point_where_the_bound_is_said_to_be_attained_is_checked) {
    const auto of = [](std::vector<rational> at) {
        return sum_of_squares{
            record({"x", "y"},
                   [](auto x, auto y) { return power(x - 2 * y, 2) + power(y - 1, 2) + 3; }),
            rational(3), std::move(at)};
    };
    const decision d = decide(of(rationals({"2", "1"})), small::quick());
    BOOST_TEST_REQUIRE((d.result.result() == outcome::proved));
    BOOST_TEST(mentions(certificate_of(d), "\nattained 2 1\n"));
    const decision wrong = decide(of(rationals({"2", "2"})), small::quick());
    BOOST_TEST_REQUIRE((wrong.result.result() == outcome::refuted));
    BOOST_TEST(std::get<counterexample>(wrong.result.grounds()).left == "8");
    BOOST_TEST((result_of(of(rationals({"2"}))) == outcome::error));
}

BOOST_AUTO_TEST_CASE(motzkins_polynomial_stays_undecided_and_says_why) {
    const sum_of_squares motzkin{record({"x", "y"},
                                        [](auto x, auto y) {
                                            return power(x, 4) * y * y + x * x * power(y, 4) -
                                                   3 * x * x * y * y + 1;
                                        }),
                                 rational(0)};
    const decision d = decide(motzkin, small::quick());
    BOOST_TEST_REQUIRE((d.result.result() == outcome::undecided));
    BOOST_TEST(mentions(d.result.reason(), "not a sum of squares"), d.result.reason());
    BOOST_TEST(mentions(d.result.cure(), "times a sum of squares"));
    BOOST_TEST(certificate_of(d).empty());
    sum_of_squares multiplied = motzkin;
    multiplied.polynomial = record({"x", "y"}, [](auto x, auto y) {
        return (x * x + y * y) *
               (power(x, 4) * y * y + x * x * power(y, 4) - 3 * x * x * y * y + 1);
    });
    BOOST_TEST((result_of(multiplied) == outcome::proved));
}

BOOST_AUTO_TEST_CASE(a_polynomial_that_is_its_bound_is_proved_and_others_than_polynomials_refused) {
    const auto of = [](tape t) { return result_of(sum_of_squares{std::move(t), rational(2)}); };
    BOOST_TEST((of(record({"x"}, [](auto x) { return x - x + 2; })) == outcome::proved));
    BOOST_TEST((of(record({"x"}, [](auto x) { return x - x + 1; })) == outcome::refuted));
    BOOST_TEST((of(record({"x"}, [](auto x) { return 3 + 1 / (1 + x * x); })) == outcome::error));
    BOOST_TEST((of(record({"x"}, [](auto x) {
                    return std::vector{x * x + 2, x * x + 3};
                })) == outcome::error));
}

BOOST_AUTO_TEST_CASE(equal_statements_have_equal_fingerprints_and_certificates) {
    const decision first = decide(circle(rational(-2)), small::quick()),
                   again = decide(circle(rational(-2)), small::quick()),
                   other = decide(circle(rational(-3)), small::quick());
    BOOST_TEST(first.proof.fingerprint == again.proof.fingerprint);
    BOOST_TEST(certificate_of(first) == certificate_of(again));
    BOOST_TEST(first.proof.fingerprint != other.proof.fingerprint);
}

BOOST_AUTO_TEST_SUITE_END()
