// recheck as a user would run it: valid, forged, foreign, missing and broken.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/mentions.hpp"
#include "tests/support/process.hpp"

using flowproof::support::mentions;
using flowproof::test::contents;
using flowproof::test::run;
using flowproof::test::said;
using flowproof::test::scratch_folder;

namespace {

const std::string roots = "flowproof-certificate 1 real_roots\npolynomial -2 0 1\n"
                          "between -inf inf\ncount 2\nqed\n";

/// A small run whose record carries this text as a certificate of a claim of this kind.
std::string run_with(const scratch_folder& folder, const std::string& kind,
                     const std::string& text) {
    const std::string out = folder / "run";
    run({"verify", "scb.moments", "--out", out, "--quiet"});
    auto record = nlohmann::json::parse(contents(out + "/results.json"));
    auto& claim = record["claims"][0];
    claim["kind"] = claim["certificate"]["kind"] = kind;
    claim["certificate"]["fingerprint"] = "";
    claim["certificate"]["payload"] =
        nlohmann::json::array({nlohmann::json::array({"proof", text})});
    flowproof::test::write(out + "/results.json", record.dump());
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(recheck_test)

BOOST_AUTO_TEST_CASE(a_run_without_certificates_is_no_failure_and_says_why) {
    const scratch_folder folder;
    const std::string out = folder / "run";
    run({"verify", "scb.moments", "--out", out, "--quiet"});
    const said result = run({"recheck", out});
    BOOST_TEST_CONTEXT(result.out << result.err) {
        BOOST_TEST(result.status == 0);
        BOOST_TEST(mentions(result.out, "0 valid, 0 invalid"));
        BOOST_TEST(mentions(result.out, "without a certificate"));
    }
}

BOOST_AUTO_TEST_CASE(valid_forged_and_foreign_certificates_are_told_apart) {
    const scratch_folder folder;
    const said valid = run({"recheck", "--run", run_with(folder, "certificate", roots)});
    BOOST_TEST_CONTEXT(valid.out << valid.err) {
        BOOST_TEST(valid.status == 0);
        BOOST_TEST(mentions(valid.out, "1 valid, 0 invalid"));
    }
    std::string forged_text = roots;
    forged_text.replace(forged_text.find("count 2"), 7, "count 1");
    const said forged = run({"recheck", run_with(folder, "certificate", forged_text)});
    BOOST_TEST_CONTEXT(forged.out << forged.err) {
        BOOST_TEST(forged.status == 1);
        BOOST_TEST(mentions(forged.out, "line 4"));
    }
    const said foreign = run({"recheck", run_with(folder, "sign_on_box", roots)});
    BOOST_TEST_CONTEXT(foreign.out << foreign.err) {
        BOOST_TEST(foreign.status == 1);
        BOOST_TEST(mentions(foreign.out, "real_roots"));
    }
}

BOOST_AUTO_TEST_CASE(a_missing_or_corrupted_run_is_misuse) {
    const scratch_folder folder;
    for (const said& missing :
         {run({"recheck", "/nonexistent/run"}), run({"recheck", folder.path().string()})}) {
        BOOST_TEST(missing.status == 3);
        BOOST_TEST(mentions(missing.err, "results.json"));
    }
    for (const char* text : {"{\"schema\": 99}", "{\"schema\": 3, \"run\":", "not JSON"}) {
        flowproof::test::write(folder / "results.json", text);
        const said broken = run({"recheck", folder.path().string()});
        BOOST_TEST_CONTEXT(text << ": " << broken.err) {
            BOOST_TEST(broken.status == 3);
            BOOST_TEST(broken.out.empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
