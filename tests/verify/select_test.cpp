#include <boost/test/unit_test.hpp>

#include "tests/support/small_paper.hpp"
#include "verify/registry/select.hpp"

using namespace flowproof;

namespace {

std::string message(const std::vector<std::string>& patterns) {
    try {
        select_claims({small::make_paper()}, patterns);
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "no exception";
}

std::vector<std::string> ids(const std::vector<std::string>& patterns) {
    const std::vector<paper> papers{small::make_paper()};
    std::vector<std::string> result;
    for (const selected_claim& s : select_claims(papers, patterns))
        result.push_back(s.what->id);
    return result;
}

using list = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(select_test)

BOOST_AUTO_TEST_CASE(globs_match_runs_and_single_characters) {
    BOOST_TEST(matches("scb.loss", "scb.loss"));
    BOOST_TEST(!matches("scb.loss", "scb.losses"));
    BOOST_TEST(!matches("scb.losses", "scb.loss"));
    BOOST_TEST(matches("scb.*", "scb.loss.population"));
    BOOST_TEST(matches("*.loss", "scb.loss"));
    BOOST_TEST(!matches("*.loss", "scb.loss.x"));
    BOOST_TEST(matches("*a*b*", "xaxaxbxb"));
    BOOST_TEST(matches("*ab", "aab"));
    BOOST_TEST(matches("s?b", "scb"));
    BOOST_TEST(!matches("s?b", "sb"));
    BOOST_TEST(matches("", ""));
    BOOST_TEST(matches("**", ""));
    BOOST_TEST(!matches("?", ""));
    BOOST_TEST(!matches("", "a"));
    BOOST_TEST(!matches("scbxloss", "scb.loss"));
}

BOOST_AUTO_TEST_CASE(claims_come_once_and_in_registry_order) {
    BOOST_TEST(ids({}).size() == 7u);
    BOOST_TEST((ids({"small.root", "small.die.*"}) ==
                list{"small.root", "small.die.mean", "small.die.one"}));
    BOOST_TEST((ids({"small.r*", "*root"}) == list{"small.root"}));
}

BOOST_AUTO_TEST_CASE(an_unknown_id_suggests_the_nearest_ones) {
    BOOST_TEST(message({"small.rot"}) == "no claim matches \"small.rot\"; nearest: small.root, "
                                         "small.both, small.trace");
    BOOST_TEST((nearest("tau", {"taus", "tan", "quantity", "tau"}) == list{"tau", "taus", "tan"}));
    BOOST_TEST((nearest("tau", {"theta", "taus", "tau"}, 1) == list{"tau"}));
    BOOST_TEST(nearest("tau", {}).empty());
}

BOOST_AUTO_TEST_CASE(quantities_are_found_by_their_exact_id) {
    const std::vector<paper> papers{small::make_paper()};
    BOOST_TEST(find_quantity(papers, "small.root").id == "small.root");
    BOOST_CHECK_EXCEPTION(find_quantity(papers, "small.rot"), std::invalid_argument,
                          [](const std::invalid_argument& e) {
                              return std::string(e.what()).find("nearest: small.root") !=
                                     std::string::npos;
                          });
}

BOOST_AUTO_TEST_SUITE_END()
