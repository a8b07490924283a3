// verify: decides, shows, and leaves the record, the figures and the report behind.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <stdexcept>
#include <unistd.h>

#include "numerics/io/atomic_file.hpp"
#include "verify/cli/commands.hpp"
#include "verify/cli/console.hpp"
#include "verify/cli/produce.hpp"
#include "verify/cli/progress.hpp"
#include "verify/cli/run_folder.hpp"
#include "verify/cli/settings.hpp"
#include "verify/engine/support.hpp"
#include "verify/registry/figures.hpp"
#include "verify/registry/run.hpp"
#include "verify/registry/select.hpp"
#include "verify/report/junit.hpp"
#include "verify/report/terminal.hpp"
#include "verify/result/build_info.hpp"

namespace flowproof::cli {

std::atomic<bool> stop_requested{false};

namespace {

static_assert(std::atomic<bool>::is_always_lock_free, "the signal handler stores to it");

const char* interrupt_message = "";

extern "C" void on_interrupt(int) {
    if (stop_requested.exchange(true)) _exit(130);
    [[maybe_unused]] const auto written =
        write(STDERR_FILENO, interrupt_message, std::strlen(interrupt_message));
}

profile profile_named(const std::string& word) {
    for (const profile p : {profile::quick, profile::full, profile::paper})
        if (name(p) == word) return p;
    throw std::invalid_argument("verify: --profile is quick, full or paper, got " + word);
}

/// Claims of an interrupted record of the same build and options that need not run again.
std::map<std::string, claim_record> kept_claims(const verify_options& options,
                                                const run_options& run) {
    const run_record before = read_record(options.out);
    const auto key = [](const std::string& commit, std::string_view level, int digits,
                        std::uint64_t seed, const bindings& set) {
        std::string text =
            fmt::format("build {}, profile {}, digits {}, seed {}", commit, level, digits, seed);
        for (const auto& [name, value] : set)
            text += fmt::format(", {} = {}", name, value);
        return text;
    };
    const run_info& b = before.run;
    const std::string then = key(b.commit, b.profile, b.digits, b.seed, b.set);
    const std::string now =
        key(current_build().commit, name(run.level), run.digits, run.seed, bindings_of(run.set));
    if (then != now)
        throw std::invalid_argument(fmt::format(
            "verify --resume: {} was made with {}; this run has {}; run without --resume",
            (options.out / "results.json").string(), then, now));
    std::map<std::string, claim_record> kept;
    for (const claim_record& c : before.claims)
        if (c.result != outcome::not_run) kept.emplace(c.id, c);
    return kept;
}

/// The records in registry order, kept ones in place of those that were not run again.
void merge(run_record& record, std::map<std::string, claim_record> kept,
           const std::vector<paper>& papers) {
    for (claim_record& c : record.claims)
        if (c.result != outcome::not_run || !kept.contains(c.id))
            kept.insert_or_assign(c.id, std::move(c));
    record.claims.clear();
    for (const paper& p : papers)
        for (const claim& c : p.claims)
            if (const auto it = kept.find(c.id); it != kept.end())
                record.claims.push_back(std::move(it->second));
    for (const figure* f : figures_of(papers, record.claims)) // of claims that were not run again
        if (std::none_of(record.series.begin(), record.series.end(),
                         [&](const figure_series& s) { return s.id == f->id; }))
            record.series.push_back(evaluate_figure(papers, *f, record.run.seed));
}

} // namespace

void watch_interrupts(const char* message) {
    interrupt_message = message;
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

int verify_command(const std::vector<paper>& papers, const verify_options& options) {
    const settings given = read_settings(options.set);
    run_options run;
    run.level = profile_named(options.profile);
    run.digits = options.digits;
    run.seed = options.seed;
    run.threads = options.threads;
    run.set = given.values;
    run.stop = &stop_requested;

    const auto selected = select_claims(papers, options.patterns);
    const run_folder folder(options.out); // one writer a folder
    std::map<std::string, claim_record> kept;
    std::vector<std::string> wanted;
    if (options.resume && std::filesystem::exists(options.out / "results.json"))
        kept = kept_claims(options, run);
    for (const selected_claim& c : selected)
        if (!kept.contains(c.what->id)) wanted.push_back(c.what->id);
    if (wanted.empty()) { // nothing is left but what the whole run draws
        fmt::print(stderr, "nothing to resume: {} is complete; running again\n",
                   (options.out / "results.json").string());
        for (const selected_claim& c : selected)
            wanted.push_back(c.what->id);
        kept.clear();
    }

    watch_interrupts("\nstopping; finished claims are kept (Ctrl-C again ends at once)\n");
    progress_view view(options.quiet);
    partial_record partial(options.out, kept);
    run_record record = verify_claims(papers, wanted, run, [&](const progress& p) {
        partial.add(p);
        view(p);
    });
    view.finish();
    merge(record, std::move(kept), papers);
    record.run.inputs = given.inputs;
    write_record(record, options.out);
    if (!options.json.empty()) io::write_file_atomically(options.json, to_json(record));
    if (!options.junit.empty()) io::write_file_atomically(options.junit, junit_report(record));

    const int status = exit_status(record);
    if (record.run.interrupted) {
        fmt::print(stderr,
                   "interrupted: {} holds what was finished; the same command with --resume does "
                   "the rest\n",
                   (options.out / "results.json").string());
        return status;
    }
    const production made = produce(record, options.out);
    if (!options.quiet) {
        const console out = standard_output();
        fmt::print("{}\n", verdict_table(record, {out.width, out.colour}));
        for (const claim_record& c : record.claims)
            if (!c.reason.empty() && c.result != outcome::not_run)
                fmt::print(
                    "{}: {}\n", c.id,
                    wrapped(c.cure.empty() ? c.reason : c.reason + "; " + c.cure, out.width, 4));
        fmt::print("record   {}\n", (options.out / "results.json").string());
        for (const auto& figure : made.figures)
            fmt::print("figure   {}\n", figure.string());
        if (!made.report.empty()) fmt::print("report   {}\n", made.report.string());
    }
    for (const std::string& problem : made.problems)
        fmt::print(stderr, "flowproof: {}\n", problem);
    return status;
}

} // namespace flowproof::cli
