// Wrong input as a user would type it: status 3, a message that names who, rule and values, and
// nothing written.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/mentions.hpp"
#include "tests/support/process.hpp"

namespace bdata = boost::unit_test::data;
using flowproof::support::mentions;
using flowproof::test::run;
using flowproof::test::said;
using flowproof::test::scratch_folder;

namespace {

struct wrong {
    std::vector<std::string> arguments;
    std::vector<std::string> expected; ///< parts of the message
};
std::ostream& operator<<(std::ostream& out, const wrong& w) {
    for (const auto& a : w.arguments)
        out << a << ' ';
    return out;
}

const std::vector<wrong> wrong_lines{
    {{}, {"subcommand"}},
    {{"verfy"}, {"did you mean verify?"}},
    {{"verify", "--proflie", "quick"}, {"did you mean --profile?"}},
    {{"verify", "--profile", "huge"}, {"--profile", "huge"}},
    {{"verify", "--digits", "0"}, {"--digits"}},
    {{"verify", "--threads", "-2"}, {"--threads"}},
    {{"verify", "scb.loss.populatoin"}, {"scb.loss.populatoin", "scb.loss.population"}},
    {{"list", "nothing.*"}, {"nothing.*"}},
    {{"show", "scb.momnets"}, {"scb.moments"}},
    {{"show"}, {"ID"}},
    {{"eval"}, {"--list"}},
    {{"eval", "scb.loss.poplation"}, {"scb.loss.population"}},
    {{"eval", "scb.loss.population", "--set", "V"}, {"--set V", "name=value"}},
    {{"eval", "scb.loss.population", "--set", "V="}, {"value is missing"}},
    {{"eval", "scb.loss.population", "--set", "V=nan"}, {"nan"}},
    {{"eval", "scb.loss.population", "--set", "V=[[1,2],[3]]"}, {"row 1 has 1 entries"}},
    {{"eval", "scb.loss.population", "--set", "V=[[1,2],[3,4]"}, {"brackets do not match"}},
    {{"eval", "scb.loss.population", "--set", "V=[[1,,2]]"}, {"entry is missing"}},
    {{"eval", "scb.loss.population", "--set", "V=1", "--set", "V=2"}, {"set twice"}},
    {{"eval", "scb.loss.population", "--set", "V=[[1,0],[0,1]]"}, {"V", "N = 3", "2 x 2"}},
    {{"eval", "scb.loss.population", "--set", "Z=1"}, {"Z"}},
    {{"eval", "scb.loss.population", "--set", "mu=[[1/2],[1/4],[1/8]]"}, {"mu", "7/8"}},
    {{"eval", "scb.loss.population", "--set", "V=missing.csv"}, {"missing.csv"}},
    {{"plot", "--run", "/nonexistent/run"}, {"/nonexistent/run"}},
    {{"report", "--run", "/nonexistent/run"}, {"/nonexistent/run"}},
    {{"report", "--format", "docx"}, {"docx"}},
};

} // namespace

BOOST_AUTO_TEST_SUITE(misuse_test)

BOOST_DATA_TEST_CASE(a_wrong_line_is_misuse_and_says_why, bdata::make(wrong_lines), line) {
    const said result = run(line.arguments);
    BOOST_TEST_CONTEXT(result.err) {
        BOOST_TEST(result.status == 3);
        BOOST_TEST(result.out.empty());
        BOOST_TEST(!mentions(result.err, "terminate"));
        for (const auto& part : line.expected)
            BOOST_TEST(mentions(result.err, part), "expected: " + part);
    }
}

BOOST_AUTO_TEST_CASE(the_violated_hypothesis_is_named_with_its_values) {
    const said column =
        run({"eval", "scb.loss.population", "--set", "P=[[1,0,0],[0,1,0],[1/2,0,1]]"});
    BOOST_TEST_CONTEXT(column.err) {
        BOOST_TEST(column.status == 3);
        BOOST_TEST(mentions(column.err, "P"));
        BOOST_TEST(mentions(column.err, "3/2"));
    }
}

BOOST_AUTO_TEST_CASE(broken_matrix_files_are_refused_with_their_place) {
    const scratch_folder folder;
    const std::vector<std::pair<std::string, std::string>> files{{"ragged.csv", "1,2,3\n4,5\n"},
                                                                 {"nan.csv", "1,nan\n2,3\n"},
                                                                 {"empty.csv", ""},
                                                                 {"short.npy", "\x93NUMPY"}};
    for (const auto& [name, text] : files) {
        flowproof::test::write(folder / name, text);
        const said result = run({"eval", "scb.loss.population", "--set", "V=" + (folder / name)});
        BOOST_TEST_CONTEXT(name << ": " << result.err) {
            BOOST_TEST(result.status == 3);
            BOOST_TEST(mentions(result.err, name));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_run_folder_that_cannot_be_made_is_an_error) {
    const scratch_folder folder;
    flowproof::test::write(folder / "file", "not a folder");
    const said result = run({"verify", "scb.moments", "--out", folder / "file/run"});
    BOOST_TEST(result.status == 4);
    BOOST_TEST(mentions(result.err, "file/run"));
}

BOOST_AUTO_TEST_CASE(a_record_of_another_schema_or_cut_short_is_refused) {
    const scratch_folder folder;
    flowproof::test::write(folder / "results.json", "{\"schema\": 99}");
    const said schema = run({"report", "--run", folder.path().string()});
    BOOST_TEST_CONTEXT(schema.err) {
        BOOST_TEST(schema.status == 3);
        BOOST_TEST(mentions(schema.err, "schema"));
        BOOST_TEST(mentions(schema.err, "99"));
    }
    flowproof::test::write(folder / "results.json", "{\"schema\": 2, \"run\":");
    const said cut = run({"plot", "--run", folder.path().string()});
    BOOST_TEST_CONTEXT(cut.err) {
        BOOST_TEST(cut.status == 3);
        BOOST_TEST(mentions(cut.err, "results.json"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
