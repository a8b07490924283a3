// A session as a user would have it: help, list, show, verify, its files, resume, interrupt.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/support/mentions.hpp"
#include "tests/support/process.hpp"

using flowproof::support::mentions;
using flowproof::test::contents;
using flowproof::test::run;
using flowproof::test::said;
using flowproof::test::scratch_folder;
using nlohmann::json;

namespace {

std::size_t widest_line(const std::string& text) {
    std::size_t widest = 0;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t end = std::min(text.find('\n', i), text.size());
        widest = std::max(widest, end - i);
        i = end + 1;
    }
    return widest;
}

/// A long run, under way: its first claim is reported.
pid_t long_run(const std::string& out, const scratch_folder& folder) {
    const pid_t child = flowproof::test::start(
        {"verify", "scb.*", "--profile", "full", "--threads", "1", "--out", out}, folder);
    for (int i = 0; i < 1200 && !mentions(contents(folder / "stderr"), "[1/"); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return child;
}

} // namespace

BOOST_AUTO_TEST_SUITE(session_test)

BOOST_AUTO_TEST_CASE(help_is_for_strangers) {
    const said help = run({"--help"});
    BOOST_TEST(help.status == 0);
    for (const char* word :
         {"list", "show", "verify", "eval", "plot", "report", "recheck", "Exit status", "Examples"})
        BOOST_TEST(mentions(help.out, word), word);
    for (const char* command : {"list", "show", "verify", "eval", "plot", "report"}) {
        const said one = run({command, "--help"});
        BOOST_TEST(one.status == 0);
        BOOST_TEST(mentions(one.out, command));
    }
}

BOOST_AUTO_TEST_CASE(version_names_libraries_and_instruction_set) {
    const said version = run({"--version"});
    BOOST_TEST(version.status == 0);
    for (const char* word : {"flowproof", "compiler", "instruction set", "Boost", "FLINT", "Eigen"})
        BOOST_TEST(mentions(version.out, word), word);
}

BOOST_AUTO_TEST_CASE(list_fits_a_narrow_terminal) {
    const said narrow = run({"list", "scb.*"}, {{"COLUMNS", "48"}});
    BOOST_TEST(narrow.status == 0);
    BOOST_TEST(widest_line(narrow.out) <= 48U);
    BOOST_TEST(mentions(narrow.out, "scb.loss.population"));
}

BOOST_AUTO_TEST_CASE(eval_prints_the_reference_loss_exactly) {
    const said value = run({"eval", "scb.loss.population", "--digits", "40"});
    BOOST_TEST_CONTEXT(value.out << value.err) {
        BOOST_TEST(value.status == 0);
        BOOST_TEST(mentions(value.out, "286265/329232"));
        BOOST_TEST(mentions(value.out, "0.8694932448850658502211206687077805316616"));
    }
}

BOOST_AUTO_TEST_CASE(verify_writes_record_figure_and_report_and_show_reads_them) {
    const scratch_folder folder;
    const std::string out = folder / "run";
    const said result = run({"verify", "scb.loss.bayes", "scb.manifold", "--out", out, "--junit",
                             folder / "junit.xml"});
    BOOST_TEST_CONTEXT(result.out << result.err) {
        BOOST_TEST(result.status == 0);
        BOOST_TEST(mentions(result.out, "scb.loss.bayes"));
    }
    const json record = json::parse(contents(out + "/results.json"));
    BOOST_TEST(record.at("schema") == 3);
    BOOST_TEST(record.at("claims").size() == 2U);
    for (const auto& claim : record.at("claims"))
        for (const auto& twin : claim.at("twins"))
            BOOST_TEST(twin.at("rejected") == true);
    BOOST_TEST(mentions(contents(folder / "junit.xml"), "<testcase"));
    BOOST_TEST(std::filesystem::exists(out + "/report/index.html"));
    BOOST_TEST(std::filesystem::exists(out + "/figures/scb.landscape.svg"));
    const said shown = run({"show", "scb.loss.bayes", "--run", out});
    BOOST_TEST(mentions(shown.out, "last run"));
    BOOST_TEST(!mentions(shown.out, "none in"));
    const said report = run({"report", "--format", "md", "--run", out});
    BOOST_TEST(report.status == 0);
    BOOST_TEST(mentions(contents(out + "/report/report.md"), "scb.manifold"));
}

BOOST_AUTO_TEST_CASE(records_are_equal_for_any_number_of_threads) {
    const scratch_folder folder;
    std::string first;
    for (const char* threads : {"1", "2", "7"}) {
        const std::string out = folder / (std::string("run") + threads);
        const said result = run({"verify", "scb.init.*", "scb.equilibria*", "scb.A.noise*",
                                 "--threads", threads, "--out", out, "--quiet"});
        BOOST_TEST(result.status == 0);
        BOOST_TEST(result.out.empty());
        json record = json::parse(contents(out + "/results.json"));
        for (const char* name : {"threads", "wall_seconds", "started"})
            record["run"].erase(name);
        for (auto& claim : record["claims"])
            claim.erase("seconds");
        if (first.empty()) first = record.dump();
        BOOST_TEST((record.dump() == first));
    }
}

BOOST_AUTO_TEST_CASE(a_claim_is_checked_at_the_users_own_instance) {
    const scratch_folder folder;
    flowproof::test::write(folder / "V.csv", "1,0,2\n0,1,-1\n1,1,1\n");
    const said own = run({"verify", "scb.loss.population", "--set", "V=" + (folder / "V.csv"),
                          "--out", folder / "run", "--quiet"});
    BOOST_TEST_CONTEXT(own.err) { BOOST_TEST(own.status == 0); }
    const json record = json::parse(contents(folder / "run/results.json"));
    BOOST_TEST(record.at("run").at("inputs").size() == 1U);
    BOOST_TEST(record.at("claims").at(0).at("outcome") == "certified");
    const said unknown =
        run({"verify", "scb.loss.population", "--set", "QQ=1", "--out", folder / "run", "--quiet"});
    BOOST_TEST(unknown.status == 3);
    BOOST_TEST(mentions(unknown.err, "QQ"));
}

BOOST_AUTO_TEST_CASE(an_interrupt_keeps_what_was_finished_and_says_how_to_resume) {
    const scratch_folder folder;
    const std::string out = folder / "run";
    const pid_t child = long_run(out, folder);
    kill(child, SIGINT);
    const auto asked = std::chrono::steady_clock::now();
    const said stopped = flowproof::test::wait_for(child, folder);
    BOOST_TEST_MESSAGE(
        "stopped after "
        << std::chrono::duration<double>(std::chrono::steady_clock::now() - asked).count() << " s");
    BOOST_TEST_CONTEXT(stopped.err) {
        BOOST_TEST(stopped.status == 130);
        BOOST_TEST(mentions(stopped.err, "--resume"));
    }
    const json record = json::parse(contents(out + "/results.json"));
    BOOST_TEST(record.at("run").at("interrupted") == true);
    const auto finished = std::count_if(record.at("claims").begin(), record.at("claims").end(),
                                        [](const json& c) { return c.at("outcome") != "not run"; });
    BOOST_TEST(finished >= 1);
    const said other = run({"verify", "scb.*", "--profile", "quick", "--out", out, "--resume"});
    BOOST_TEST(other.status == 3);
    BOOST_TEST(mentions(other.err, "--resume"));
}

BOOST_AUTO_TEST_CASE(a_resumed_run_has_the_record_and_figures_of_a_whole_one) {
    const scratch_folder folder;
    const std::vector<std::string> whole{"verify", "scb.manifold", "scb.equilibria*", "--quiet",
                                         "--out"};
    const auto at = [&](const std::string& out, bool resume) {
        std::vector<std::string> line = whole;
        line.push_back(out);
        if (resume) line.push_back("--resume");
        return run(line).status;
    };
    const std::string first = folder / "first", second = folder / "second";
    BOOST_TEST(at(first, false) == 0);
    // A run that was cut off: the same record with claims and figures taken out.
    json record = json::parse(contents(first + "/results.json"));
    record["run"]["interrupted"] = true;
    for (auto& claim : record["claims"])
        if (claim["id"] != "scb.manifold") claim["outcome"] = "not run";
    record["series"] = json::array();
    std::filesystem::create_directories(second);
    flowproof::test::write(second + "/results.json", record.dump());
    BOOST_TEST(at(second, true) == 0);
    const auto steady = [](const std::string& file) {
        json r = json::parse(contents(file));
        for (const char* name : {"threads", "wall_seconds", "started"})
            r["run"].erase(name);
        for (auto& claim : r["claims"])
            claim.erase("seconds");
        return r.dump();
    };
    BOOST_TEST((steady(first + "/results.json") == steady(second + "/results.json")));
    BOOST_TEST(std::filesystem::exists(second + "/figures/scb.landscape.svg"));
}

BOOST_AUTO_TEST_CASE(a_second_process_on_the_same_folder_is_turned_away) {
    const scratch_folder folder;
    const std::string out = folder / "run";
    const pid_t child = long_run(out, folder);
    const said second = run({"verify", "scb.moments", "--out", out});
    kill(child, SIGINT);
    flowproof::test::wait_for(child, folder);
    BOOST_TEST(second.status == 4);
    BOOST_TEST(mentions(second.err, "another flowproof"));
}

BOOST_AUTO_TEST_SUITE_END()
