// list, show, eval, --version: what there is, before anything is decided.
#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

#include "verify/cli/commands.hpp"
#include "verify/cli/console.hpp"
#include "verify/cli/settings.hpp"
#include "verify/registry/eval.hpp"
#include "verify/registry/select.hpp"
#include "verify/result/build_info.hpp"
#include "verify/result/record.hpp"

namespace flowproof::cli {

namespace {

std::string text_of(const source& s) {
    std::string out = s.paper;
    if (!s.version.empty()) out += " " + s.version;
    if (!s.place.empty()) out += ", " + s.place;
    return out;
}

void field(const char* label, const std::string& text, std::size_t width) {
    if (!text.empty()) fmt::print("{:<12}{}\n", label, wrapped(text, width, 12));
}

void field(const char* label, const std::vector<std::string>& items, std::size_t width) {
    for (std::size_t i = 0; i < items.size(); ++i)
        fmt::print("{:<12}{}\n", i == 0 ? label : "", wrapped(items[i], width, 12));
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& w : words)
        out += (out.empty() ? "" : ", ") + w;
    return out;
}

std::string described(const parameter& p, const arguments* defaults) {
    std::string out = p.name;
    if (p.shape != "1") out += " (" + p.shape + ")";
    if (!p.description.empty()) out += ": " + p.description;
    if (!p.domain.empty()) out += "; " + p.domain;
    if (defaults != nullptr && defaults->has(p.name))
        out += "; default " + str(defaults->at(p.name));
    return out;
}

/// "1/3 ~ 0.3333" for exact values, with = where the decimal is exact, too; "0.3333 +/- 2e-5";
/// "0.3333 +/- 2e-5 (estimated)".
std::string value_text(const evaluated::entry& e) {
    if (e.exact.empty())
        return fmt::format("{} +/- {}{}", e.decimal, e.radius, e.estimated ? " (estimated)" : "");
    if (e.exact == e.decimal) return e.exact;
    return fmt::format("{} {} {}", e.exact, e.radius == "0" ? "=" : "~", e.decimal);
}

} // namespace

int list_command(const std::vector<paper>& papers, const list_options& options) {
    const auto claims = select_claims(papers, options.patterns);
    const std::size_t width = standard_output().width;
    std::size_t id_width = 0;
    for (const auto& c : claims)
        id_width = std::max(id_width, c.what->id.size());
    const bool narrow = width < id_width + 60;
    for (const auto& c : claims) {
        const std::string expected(name(c.what->expected));
        if (narrow) {
            fmt::print("{}  [{}]\n  {}\n  {}\n", c.what->id, expected,
                       wrapped(c.what->statement, width, 2),
                       wrapped(text_of(c.what->from), width, 2));
        } else {
            const std::size_t indent = id_width + 2 + 14;
            fmt::print("{:<{}}  {:<12}  {}\n", c.what->id, id_width, expected,
                       wrapped(c.what->statement, width, indent));
            fmt::print("{:<{}}{}\n", "", indent, wrapped(text_of(c.what->from), width, indent));
        }
    }
    fmt::print("{} claims\n", claims.size());
    return 0;
}

int show_command(const std::vector<paper>& papers, const show_options& options) {
    const auto found = select_claims(papers, {options.id});
    const std::size_t width = standard_output().width;
    for (const auto& [from, c] : found) {
        field("claim", c->id, width);
        field("paper", from->title, width);
        field("statement", c->statement, width);
        field("formula", c->latex, width);
        field("source", text_of(c->from), width);
        field("hypotheses", c->hypotheses, width);
        field("method", c->method, width);
        field("given", c->given, width);
        field("kind", std::string(kind(c->shown_by)), width);
        field("expected", fmt::format("{} (from profile {})", name(c->expected), name(c->at_least)),
              width);
        for (const twin& t : c->twins)
            field("twin",
                  t.replaces.empty() ? t.name
                                     : fmt::format("{} (in lemma: {})", t.name, t.replaces),
                  width);
        field("control", c->control, width);
        std::vector<std::string> parameters;
        for (const parameter& p : settable(c->shown_by))
            parameters.push_back(p.name);
        if (parameters.size() > 12) {
            parameters.resize(12);
            parameters.emplace_back("...");
        }
        field("--set", joined(parameters), width);
        field("eval", joined(c->quantities), width);
        field("figures", joined(c->figures), width);
        if (std::filesystem::exists(options.run / "results.json")) {
            const run_record record = read_record(options.run);
            for (const claim_record& r : record.claims) {
                if (r.id != c->id) continue;
                field("last run", fmt::format("{}: {}", name(r.result), r.summary), width);
                field("", r.reason, width);
                field("", r.cure, width);
                for (const twin_record& t : r.twins)
                    field("", fmt::format("twin {}: {}", t.name, t.result), width);
            }
        } else {
            field("last run",
                  fmt::format("none in {}; run: flowproof verify {}", options.run.string(), c->id),
                  width);
        }
        if (found.size() > 1) fmt::print("\n");
    }
    return 0;
}

int eval_command(const std::vector<paper>& papers, const eval_options& options) {
    const std::size_t width = standard_output().width;
    if (options.list) {
        for (const paper& p : papers)
            for (const quantity& q : p.quantities) {
                fmt::print("{}\n    {}\n", q.id, wrapped(q.description, width, 4));
                for (const parameter& x : q.parameters)
                    fmt::print("      {}\n", wrapped(described(x, &q.defaults), width, 8));
                if (q.shape != "1") fmt::print("      gives {}\n", q.shape);
            }
        return 0;
    }
    if (options.quantity.empty())
        throw std::invalid_argument("eval: name a quantity, or use --list to see them all");
    const quantity& q = find_quantity(papers, options.quantity);
    const settings given = read_settings(options.set);
    const evaluated value = evaluate_quantity(q, given.values, options.digits);
    fmt::print("{}\n{}\n", q.id, wrapped(q.description, width, 0));
    fmt::print("at {}\n", wrapped(value.at.str(), width, 3));
    if (value.entries.size() == 1) {
        fmt::print("= {}\n", value_text(value.entries.front()));
    } else {
        for (std::size_t i = 0; i < value.entries.size(); ++i) {
            const std::string place =
                value.cols == 1 ? fmt::format("[{}]", i + 1)
                                : fmt::format("[{},{}]", i / value.cols + 1, i % value.cols + 1);
            fmt::print("{:<8}= {}\n", place, value_text(value.entries[i]));
        }
    }
    return 0;
}

std::string version_text() {
    const build_info& build = current_build();
    std::string out =
        fmt::format("flowproof {} ({})\ncompiler         {}, {}, flags {}\ninstruction set  {}\n",
                    build.version, build.commit, build.compiler, build.build_type, build.flags,
                    build.instruction_set);
    for (const auto& [library, version] : build.libraries)
        out += fmt::format("{:<16} {}\n", library, version);
    out.pop_back();
    return out;
}

} // namespace flowproof::cli
