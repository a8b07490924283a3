// The command line: reads options, calls one command, turns exceptions into exit statuses.
#include <CLI/CLI.hpp>
#include <exception>
#include <fmt/format.h>
#include <stdexcept>

#include "verify/cli/commands.hpp"
#include "verify/registry/select.hpp"

namespace {

using namespace flowproof;

constexpr const char* description = "flowproof checks theorems about gradient training of linear "
                                    "transformers and returns a verdict\n"
                                    "with the numbers behind it.";

constexpr const char* footer =
    "Examples:\n"
    "  flowproof list 'scb.*'                                  what is claimed\n"
    "  flowproof verify 'scb.*'                                decide it; the record goes to out/\n"
    "  flowproof show scb.loss.population                      one claim in full\n"
    "  flowproof eval scb.loss.population --set V=V.csv --digits 40\n"
    "  flowproof report                                        out/report/index.html from the last "
    "run\n"
    "  flowproof recheck                                       its certificates, by a separate "
    "checker\n"
    "\n"
    "Exit status of verify: 0 all as expected, 1 some claim against its expectation, 2 something\n"
    "undecided or weaker than expected, 3 misuse, 4 a check broke, 130 interrupted.";

/// What CLI11 says of a wrong command line, with the nearest right word added.
int misused(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
    fmt::print(stderr, "flowproof: {}\n", error.what());
    std::vector<std::string> words;
    const CLI::App* scope = &app;
    for (const CLI::App* sub : app.get_subcommands({})) {
        words.push_back(sub->get_name());
        if (sub->parsed()) scope = sub;
    }
    for (const CLI::Option* option : scope->get_options())
        for (const std::string& name : option->get_lnames())
            words.push_back("--" + name);
    for (int i = 1; i < argc; ++i) {
        const std::string word(argv[i]);
        if (std::find(words.begin(), words.end(), word) != words.end()) continue;
        if (i > 1 && word.rfind("--", 0) != 0) continue;
        if (const auto near = nearest(word, words, 1); !near.empty())
            fmt::print(stderr, "  {}: did you mean {}?\n", word, near.front());
    }
    fmt::print(stderr, "  {} --help lists what there is\n",
               scope == &app ? std::string("flowproof") : "flowproof " + scope->get_name());
    return cli::misuse;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{description, "flowproof"};
    app.footer(footer);
    app.require_subcommand(1);
    app.set_version_flag("--version", cli::version_text());
    app.get_formatter()->column_width(34);

    cli::list_options list;
    auto* list_app =
        app.add_subcommand("list", "claims: id, one-line statement, source, expected outcome");
    list_app->add_option("PATTERN", list.patterns,
                         "globs on claim ids, such as 'scb.loss.*' (default: all)");

    cli::show_options show;
    auto* show_app = app.add_subcommand(
        "show", "one claim: statement, formula, hypotheses, method, twins, last evidence");
    show_app->add_option("ID", show.id, "claim id")->required();
    show_app->add_option("--run", show.run, "folder of the run whose evidence is shown")
        ->capture_default_str();

    cli::verify_options verify;
    auto* verify_app =
        app.add_subcommand("verify", "decide claims and write the record, figures and report");
    verify_app->add_option("PATTERN", verify.patterns, "globs on claim ids (default: all)");
    verify_app
        ->add_option(
            "--profile", verify.profile,
            "how much work: quick (a minute), full (half an hour), paper (the papers' own sizes)")
        ->check(CLI::IsMember({"quick", "full", "paper"}))
        ->capture_default_str();
    verify_app
        ->add_option("--digits", verify.digits,
                     "relative accuracy asked of numeric results that are not exact")
        ->check(CLI::Range(2, 10000))
        ->capture_default_str();
    verify_app->add_option("--seed", verify.seed, "seed of random instances and samples")
        ->capture_default_str();
    verify_app
        ->add_option("--threads", verify.threads, "0 uses all cores; results do not depend on it")
        ->check(CLI::Range(0, 4096))
        ->capture_default_str();
    verify_app->add_option("--out", verify.out, "folder of the run")->capture_default_str();
    verify_app->add_option("--set", verify.set,
                           "check at your own instance: name=value, number, [[1,0],[0,1/2]], .csv "
                           "or .npy (repeatable)");
    verify_app->add_option("--json", verify.json, "write the record to this file as well");
    verify_app->add_option("--junit", verify.junit,
                           "write a JUnit file for continuous integration");
    verify_app->add_flag("--resume", verify.resume,
                         "keep what an interrupted run of the same build and options finished");
    verify_app->add_flag("--quiet", verify.quiet,
                         "no progress, no table; the exit status and the record only");

    cli::eval_options eval;
    auto* eval_app = app.add_subcommand("eval", "any quantity of a paper at your own parameters");
    eval_app->add_option("QUANTITY", eval.quantity, "quantity id; --list names them");
    eval_app->add_option("--set", eval.set,
                         "name=value: number, [[1,0],[0,1/2]], .csv or .npy (repeatable)");
    eval_app->add_option("--digits", eval.digits, "significant digits")
        ->check(CLI::Range(2, 100000))
        ->capture_default_str();
    eval_app->add_flag("--list", eval.list,
                       "every quantity with its parameters, shapes and defaults");

    cli::plot_options plot;
    auto* plot_app = app.add_subcommand("plot", "draw the figures of a run from its record");
    plot_app->add_option("PATTERN", plot.patterns, "globs on figure ids (default: all)");
    plot_app->add_option("--format", plot.format, "svg, png, pdf or tikz")
        ->check(CLI::IsMember({"svg", "png", "pdf", "tikz"}))
        ->capture_default_str();
    plot_app->add_option("--run", plot.run, "folder of the run")->capture_default_str();

    cli::report_options report;
    auto* report_app = app.add_subcommand("report", "redraw the report of a run from its record");
    report_app->add_option("--format", report.format, "html or md")
        ->check(CLI::IsMember({"html", "md"}))
        ->capture_default_str();
    report_app->add_option("--run", report.run, "folder of the run")->capture_default_str();

    cli::recheck_options recheck;
    auto* recheck_app = app.add_subcommand(
        "recheck", "validate the certificates of a run with a small separate checker");
    recheck_app->add_option("RUN", recheck.folder, "folder of the run; the same as --run");
    recheck_app->add_option("--run", recheck.run, "folder of the run")->capture_default_str();
    recheck_app->footer("The checker shares balls and rationals with the engines and nothing else. "
                        "It proves the\nstatement of each certificate again, from its text alone.\n"
                        "\n"
                        "Exit status: 0 all certificates are valid, 1 some is not, 3 misuse, 130 "
                        "interrupted.");

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        return misused(app, error, argc, argv);
    }
    try {
        if (*plot_app) return cli::plot_command(plot);
        if (*report_app) return cli::report_command(report);
        if (*recheck_app) return cli::recheck_command(recheck);
        const std::vector<paper> papers = all_papers();
        if (*list_app) return cli::list_command(papers, list);
        if (*show_app) return cli::show_command(papers, show);
        if (*eval_app) return cli::eval_command(papers, eval);
        return cli::verify_command(papers, verify);
    } catch (const std::invalid_argument& e) {
        fmt::print(stderr, "flowproof: {}\n", e.what());
        return cli::misuse;
    } catch (const std::domain_error& e) {
        fmt::print(stderr, "flowproof: {}\n", e.what());
        return cli::misuse;
    } catch (const std::exception& e) {
        fmt::print(stderr, "flowproof: {}\n", e.what());
        return cli::broken;
    }
}
