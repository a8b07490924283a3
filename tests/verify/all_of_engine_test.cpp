#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/support/small_paper.hpp"

using namespace flowproof;

namespace {

outcome result(const all_of& a) { return decide(a, small::quick()).result.result(); }

exact_equal throwing() {
    exact_equal e = small::trace();
    e.left = [](const arguments&) -> matrix<rational> { throw std::runtime_error("broken pipe"); };
    return e;
}

} // namespace

BOOST_AUTO_TEST_SUITE(all_of_engine_test)

BOOST_AUTO_TEST_CASE(the_weakest_lemma_decides_what_may_be_said) {
    BOOST_TEST((result({{make_lemma("a", small::binomial())}}) == outcome::proved));
    BOOST_TEST((result(small::together()) == outcome::certified));
    BOOST_TEST((result({{make_lemma("a", small::binomial()),
                         make_lemma("b", small::compound_interest())}}) == outcome::supported));
}

BOOST_AUTO_TEST_CASE(a_refuted_lemma_refutes_only_where_it_is_necessary) {
    BOOST_TEST((result(small::together(3)) == outcome::refuted));
    BOOST_TEST((result(small::together(2, "1.4152")) == outcome::refuted));
    BOOST_TEST((result({{make_lemma("a", small::binomial()),
                         make_lemma("b", small::binomial(3), false)}}) == outcome::undecided));
}

BOOST_AUTO_TEST_CASE(a_broken_lemma_is_an_error_that_names_it) {
    const decision d =
        decide(all_of{{make_lemma("a", small::binomial()), make_lemma("pipe", throwing())}},
               small::quick());
    BOOST_TEST((d.result.result() == outcome::error));
    BOOST_TEST(d.result.reason() == "pipe: broken pipe");
    BOOST_TEST((result({}) == outcome::error));
    BOOST_TEST((result({{lemma{"empty", nullptr, true}}}) == outcome::error));
}

BOOST_AUTO_TEST_CASE(the_certificate_carries_the_lemmas_certificates) {
    const decision d = decide(small::together(), small::quick());
    BOOST_TEST((d.proof.covers == coverage::listed));
    const auto entry = [&](const std::string& name) {
        const auto it = std::find_if(d.proof.payload.begin(), d.proof.payload.end(),
                                     [&](const auto& e) { return e.first == name; });
        return it == d.proof.payload.end() ? std::string() : it->second;
    };
    BOOST_TEST(entry("lemma binomial") == "identity, proved");
    BOOST_TEST((tape::parse(entry("binomial: left")) == small::binomial().left));
    BOOST_TEST(entry("root: fingerprint") ==
               decide(small::root_of_two(), small::quick()).proof.fingerprint);
    BOOST_TEST(d.proof.fingerprint != decide(small::together(3), small::quick()).proof.fingerprint);
}

BOOST_AUTO_TEST_CASE(set_reaches_every_lemma_that_knows_the_name) {
    const decision d = decide(small::together(), small::with(arguments().set("a", rational(5))));
    BOOST_TEST((d.result.result() == outcome::certified));
    BOOST_TEST((std::get<composite>(d.result.grounds()).parts[0].result == outcome::certified));
    BOOST_TEST((result({{make_lemma("nested", small::together())}}) == outcome::certified));
}

BOOST_AUTO_TEST_CASE(set_leaves_out_lemmas_at_other_sizes) {
    const auto sum_of_entries = [](int n) {
        recorder r;
        expr left, right;
        for (int i = 1; i <= n; ++i) {
            const expr v = r.variable("v[" + std::to_string(i) + "]");
            left += v;
            right = v + right;
        }
        const expr outputs[] = {left, right};
        return identity{r.finish(std::span(outputs, 1)), r.finish(std::span(outputs + 1, 1))};
    };
    const all_of both{
        {make_lemma("two", sum_of_entries(2)), make_lemma("three", sum_of_entries(3))}};
    const auto own = [](const std::vector<std::vector<rational>>& v) {
        return small::with(arguments().set("v", rows(v)));
    };
    const decision three = decide(both, own({{1}, {2}, {3}}));
    BOOST_TEST((three.result.result() == outcome::certified));
    BOOST_TEST(std::get<composite>(three.result.grounds()).parts.size() == 1U);
    BOOST_TEST(std::get<composite>(three.result.grounds()).parts[0].name == "three");
    const decision none = decide(both, own({{1}, {2}, {3}, {4}}));
    BOOST_TEST((none.result.result() == outcome::error));
    BOOST_TEST(none.result.reason() == "all_of (--set): no lemma is stated at the sizes of v = "
                                       "[[1], [2], [3], [4]]");
}

BOOST_AUTO_TEST_SUITE_END()
