#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "tests/support/mentions.hpp"
#include "tests/support/sample_record.hpp"
#include "tests/support/scratch_folder.hpp"
#include "verify/report/html.hpp"
#include "verify/report/junit.hpp"
#include "verify/report/markdown.hpp"
#include "verify/report/terminal.hpp"
#include "verify/report/totals.hpp"

using namespace flowproof;
using support::mentions;

namespace {

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t columns(const std::string& line) {
    std::size_t n = 0;
    for (const char c : line)
        n += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    return n;
}

} // namespace

BOOST_AUTO_TEST_SUITE(report_test)

BOOST_AUTO_TEST_CASE(text_is_printed_as_it_stands) {
    BOOST_TEST(markdown_text("a|b_c <d> & $e$ [f](g) `h`\n# i") ==
               R"(a\|b\_c &lt;d&gt; &amp; \$e\$ \[f\](g) \`h\` \# i)");
}

BOOST_AUTO_TEST_CASE(surprises_come_first_and_everything_is_there) {
    const std::string report =
        markdown_report(support::sample_record(), {{"scb.landscape", "../figures/a b.png"}});
    std::size_t at = 0;
    for (const char* part :
         {"# flowproof report",
          "11 claims: 1 proved",
          "## Surprises",
          "| [`scb.sampled`](#scb.sampled) | statement of scb.sampled | supported | "
          "<span class=\"outcome contradicted\">contradicted</span> |",
          "| [`ical.broken`](#ical.broken)",
          "out of memory at &lt;0x1&gt;",
          "| [`scb.open`](#scb.open)",
          "### Wrong as usually stated",
          "| [`scb.wrong`](#scb.wrong)",
          "[`scb.identity`](#scb.identity) <span",
          "## Verdicts",
          "(12 entries, 21 generators, 1406 terms) | 1/1 |",
          "## Claims",
          "<a id=\"scb.identity\"></a>",
          "### `scb.identity`",
          R"($$\frac{a_1}{b} < c$$)",
          R"(- a \| b &amp; c\_1 &lt; \$d\$)",
          "**Source** arXiv:2410.23438 v1, Theorem 2",
          "- Stone-Weierstrass, by hand",
          "normal form: 12 entries",
          "| sign flipped |",
          "![A \"title\" with 'quotes' (`scb.landscape`)](<../figures/a b.png>)",
          "flowproof verify scb.identity --profile quick --digits 30 --seed 18446744073709551615 "
          "--set KP=1/2",
          "| `0.49` | `0.51` |",
          "| `V` | `[[1, 0], [0, 1]]` |",
          "root mean square of the statistic `x_1`",
          "| B | root mean square | lower | upper |",
          "| `16` | `0.25` | `0.24` | `0.26` |",
          "| exponent | lower | upper | must lie in |",
          "| `-0.5` | `-0.7` | – | `[-3/5, -2/5]` |",
          "| tau | `10.6` | `1e-30` | `>= 10` |",
          "## How this run was made",
          "| FLINT | `2.9.0` |",
          "| scb | `1e-06` |"}) {
        const auto found = report.find(part, at);
        BOOST_TEST_CONTEXT("after byte " << at << ": " << part)
        BOOST_TEST((found != std::string::npos));
        if (found != std::string::npos) at = found;
    }
}

BOOST_AUTO_TEST_CASE(a_twin_that_survived_stands_out) {
    run_record r = support::sample_record();
    r.claims[0].twins[0].rejected = false;
    BOOST_TEST(mentions(markdown_report(r), "| **no** |"));
    BOOST_TEST(twins_rejected(r.claims[0]) == "0/1");
    BOOST_TEST(twins_rejected(r.claims[3]) == "control scb.identity");
}

BOOST_AUTO_TEST_CASE(totals_count_outcomes_and_what_differs) {
    run_record r = support::sample_record();
    BOOST_TEST(totals(r) ==
               "11 claims: 1 proved, 3 certified, 2 supported, 1 refuted, 1 contradicted, "
               "1 undecided, 1 error, 1 not run; 1 against expectation, 1 weaker than expected");
    r.claims.resize(4);
    BOOST_TEST(totals(r) == "4 claims: 1 proved, 2 certified, 1 refuted; all as expected");
    BOOST_TEST(totals({}) == "0 claims");
}

BOOST_AUTO_TEST_CASE(a_terminal_line_fits_and_keeps_ids_whole) {
    run_record r = support::sample_record();
    r.claims[0].statement = "the loss \xE2\x89\xA5 zero \xE2\x80\x93 " + std::string(300, 'x');
    r.claims[1].statement = "line\nbreak \x1b[31m";
    for (const std::size_t width : {40U, 41U, 60U, 80U, 200U}) {
        const std::string table = verdict_table(r, {width, false});
        std::istringstream lines(table);
        for (std::string line; std::getline(lines, line);)
            BOOST_TEST_CONTEXT("width " << width << ": " << line)
        BOOST_TEST(columns(line) <= width);
        for (const claim_record& c : r.claims)
            BOOST_TEST(mentions(table, c.id));
        BOOST_TEST(!mentions(table, "\x1b"));
    }
    BOOST_TEST(mentions(verdict_table(r, {120, false}),
                        "ok  proved        scb.identity   twins 1/1  the loss \xE2\x89\xA5 zero"));
    BOOST_TEST(mentions(verdict_table(r, {80, false}), "!!  contradicted  scb.sampled "));
    BOOST_TEST(mentions(verdict_table(r, {80, false}), "??  undecided     scb.open "));
    BOOST_TEST(mentions(verdict_table(r, {80, true}), "\x1b[1;32mproved"));
    BOOST_CHECK_THROW(verdict_table(r, {39, false}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(junit_tells_failures_errors_and_skips_apart) {
    const std::string xml = junit_report(support::sample_record());
    BOOST_TEST(mentions(xml, "<testsuites name=\"flowproof\" tests=\"11\" failures=\"2\" "
                             "errors=\"1\" skipped=\"1\" time=\"1.100\">"));
    BOOST_TEST(mentions(xml, "<testsuite name=\"ical\" tests=\"3\" failures=\"0\" errors=\"1\""));
    BOOST_TEST(
        mentions(xml, "name=\"scb.sampled\" time=\"0.100\">\n      <failure type=\"against\""));
    BOOST_TEST(mentions(xml, "<failure type=\"weaker\" message=\"undecided: weaker"));
    BOOST_TEST(mentions(xml, "<error type=\"error\""));
    BOOST_TEST(mentions(xml, "out of memory at &lt;0x1&gt;"));
    BOOST_TEST(mentions(xml, "<skipped message=\"needs a larger profile\"/>"));
}

BOOST_AUTO_TEST_CASE(the_html_report_stands_alone) {
    const support::scratch_folder scratch;
    const auto run = scratch.path() / "run 'x'";
    std::filesystem::create_directories(run / "figures");
    std::ofstream(run / "figures" / "a b.svg")
        << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
    const figure_images images = {{"scb.landscape", "../figures/a b.svg"}};
    if (std::system("pandoc --version > /dev/null 2>&1") != 0) {
        BOOST_TEST_MESSAGE("pandoc is not installed; skipped");
        return;
    }
    const auto html = write_html_report(support::sample_record(), run, images);
    const std::string text = contents(html);
    BOOST_TEST(mentions(text, "<math"));
    BOOST_TEST(mentions(text, "<td><span class=\"outcome contradicted\">contradicted</span></td>"));
    BOOST_TEST(mentions(text, "prefers-color-scheme: dark"));
    BOOST_TEST(mentions(text, "data:image/svg+xml"));
    BOOST_TEST(!mentions(text, "src=\"http"));
    BOOST_TEST(!mentions(text, "href=\"http"));
    BOOST_TEST(!mentions(text, "url(http"));
    BOOST_TEST(std::distance(std::filesystem::directory_iterator(run / "report"), {}) == 2);
}

BOOST_AUTO_TEST_CASE(without_pandoc_the_markdown_is_kept) {
    const support::scratch_folder scratch;
    BOOST_CHECK_EXCEPTION(
        write_html_report(support::sample_record(), scratch.path(), {}, "no-such-pandoc"),
        std::runtime_error, [](const auto& e) {
            return mentions(e.what(), "no-such-pandoc was not found") &&
                   mentions(e.what(), "apt-get install pandoc") && mentions(e.what(), "report.md");
        });
    BOOST_CHECK_EXCEPTION(write_html_report(support::sample_record(), scratch.path(), {}, "false"),
                          std::runtime_error, [](const auto& e) {
                              return mentions(e.what(), "false ended with status 1");
                          });
    BOOST_TEST(mentions(contents(scratch.path() / "report" / "report.md"), "## Surprises"));
    BOOST_TEST(!std::filesystem::exists(scratch.path() / "report" / "index.html"));
}

BOOST_AUTO_TEST_SUITE_END()
