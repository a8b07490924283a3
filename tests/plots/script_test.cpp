#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "plots/figure/script.hpp"
#include "plots/figure/text.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/sample_record.hpp"

using namespace flowproof;
using support::mentions;
using namespace flowproof::plots;

namespace {

std::string contents(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string message_of(const figure_series& f) {
    try {
        gnuplot_script(f, nullptr);
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "accepted";
}

} // namespace

BOOST_AUTO_TEST_SUITE(script_test)

BOOST_AUTO_TEST_CASE(the_landscape_is_the_golden_script) {
    const run_record r = support::sample_record();
    BOOST_TEST(gnuplot_script(r.series[0], &r.claims[0]) ==
               contents(FLOWPROOF_TEST_DATA "/landscape.gp"));
}

BOOST_AUTO_TEST_CASE(curves_alone_are_the_golden_script) {
    run_record r = support::sample_record();
    r.series[0].layers.erase(r.series[0].layers.begin());
    BOOST_TEST(gnuplot_script(r.series[0], &r.claims[3]) ==
               contents(FLOWPROOF_TEST_DATA "/curves.gp"));
}

BOOST_AUTO_TEST_CASE(the_title_tells_claim_and_outcome) {
    const run_record r = support::sample_record();
    BOOST_TEST(mentions(gnuplot_script(r.series[0], &r.claims[0]), "'scb.identity: proved'"));
    BOOST_TEST(mentions(gnuplot_script(r.series[0], nullptr), "'scb.identity: not run'"));
}

BOOST_AUTO_TEST_CASE(data_have_seventeen_digits) {
    figure_series f = support::sample_record().series[0];
    f.layers = {{"points", "p", "", {"x", "y"}, {{"0.1", "1e-300"}, {"-3", "2"}}}};
    BOOST_TEST(
        mentions(gnuplot_script(f, nullptr), "1.0000000000000001e-01 1.0000000000000000e-300\n"));
}

BOOST_AUTO_TEST_CASE(text_is_quoted_for_gnuplot_and_for_tex) {
    BOOST_TEST(quoted("it's\n\"x\"") == "'it''s \"x\"'");
    BOOST_TEST(literal("a_b {c}", image_format::svg) == "'a_b {c}' noenhanced");
    BOOST_TEST(literal("a_b {50%}", image_format::tikz) == R"('a\_b \{50\%\}' noenhanced)");
    BOOST_TEST(label("α_V @ 10^{-3}", image_format::png) == R"('α_{V} \@ 10^{-3}' enhanced)");
    BOOST_TEST(label("x_α_", image_format::png) == R"('x_{α}\_' enhanced)");
    BOOST_TEST(label("a_V", image_format::tikz) == R"('a$_{\mathrm{V}}$' noenhanced)");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_drawn_is_refused_with_its_place) {
    const figure_series good = support::sample_record().series[0];
    figure_series f = good;
    f.layers.clear();
    BOOST_TEST(mentions(message_of(f), "figure scb.landscape: no layers"));
    f = good;
    f.error = "division by zero";
    BOOST_TEST(mentions(message_of(f), "division by zero"));
    f = good;
    f.layers[0].rows.pop_back();
    BOOST_TEST(mentions(message_of(f), "layer 0 (loss): need a full grid"));
    f = good;
    f.layers[0].rows.resize(3);
    BOOST_TEST(mentions(message_of(f), "full grid"));
    f = good;
    f.layers[0].rows[4][1] = "0.5";
    BOOST_TEST(mentions(message_of(f), "full grid"));
    f = good;
    f.layers[1].rows[2][1] = "1/3";
    BOOST_TEST(mentions(message_of(f), "row 2: need a decimal number, got \"1/3\""));
    f = good;
    f.layers[1].rows[2].pop_back();
    f.layers[1].rows[2].pop_back();
    BOOST_TEST(mentions(message_of(f), "row 2: a curve needs 2 to 3 columns, got 1"));
    f = good;
    f.layers[1].draw = "pie";
    BOOST_TEST(mentions(message_of(f), "got pie"));
    f = good;
    f.layers[2].rows[0][0] = "inf";
    BOOST_TEST(mentions(message_of(f), "finite point"));
    f = good;
    f.layers[2].rows.clear();
    BOOST_TEST(mentions(message_of(f), "no rows"));
    f = good;
    f.layers.push_back(f.layers[0]);
    BOOST_TEST(mentions(message_of(f), "one surface at most"));
}

BOOST_AUTO_TEST_SUITE_END()
