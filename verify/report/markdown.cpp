#include "verify/report/markdown.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <variant>
#include <vector>

#include "verify/engine/support.hpp"
#include "verify/report/totals.hpp"

namespace flowproof {
namespace {

/// Names and numbers in typewriter; what could end the span or a table cell is printed as text.
std::string code(std::string_view text) {
    if (text.empty()) return "–";
    if (text.find_first_of("`|\n\r") != text.npos) return markdown_text(text);
    return fmt::format("`{}`", text);
}

/// A text as one word of a POSIX shell.
std::string shell_word(std::string_view text) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("._-+/=:,").find(c) != std::string_view::npos;
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return std::string(text);
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

/// A formula for display; text that brings its own dollars stays as it is.
std::string formula(std::string_view latex) {
    std::string line(latex);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    const auto first = line.find_first_not_of(" \t");
    if (first == line.npos) return {};
    line = line.substr(first, line.find_last_not_of(" \t") - first + 1);
    return line.find('$') == line.npos ? "$$" + line + "$$" : line;
}

std::string badge(std::string_view outcome_name) {
    std::string css(outcome_name);
    std::replace(css.begin(), css.end(), ' ', '-');
    return fmt::format("<span class=\"outcome {}\">{}</span>", css, outcome_name);
}
std::string badge(outcome o) { return badge(name(o)); }

std::string link(const std::string& id) { return fmt::format("[{}](#{})", code(id), id); }

/// A long text by its length and hash, enough to see whether two are equal.
std::string digest(const std::string& text) {
    if (text.size() <= 72) return code(text);
    return fmt::format("{} ({} bytes, in full in `results.json`)", code(fnv_hash().add(text).str()),
                       text.size());
}

std::string commands(const run_record& record, const std::vector<std::string>& ids) {
    std::string line = "flowproof verify";
    for (const std::string& id : ids)
        line += " " + shell_word(id);
    if (!record.run.profile.empty()) line += " --profile " + shell_word(record.run.profile);
    line += fmt::format(" --digits {} --seed {}", record.run.digits, record.run.seed);
    for (const auto& [key, value] : record.run.set)
        line += " --set " + shell_word(key + "=" + value);
    return line;
}

/// What the evidence is, with its numbers in full.
class evidence_section {
public:
    std::string operator()(const std::monostate&) const { return "No evidence was recorded.\n"; }
    std::string operator()(const exact_identity& e) const {
        return fmt::format("Both sides have the same normal form: {} entries, {} generators, the "
                           "largest polynomial of {} terms. The evidence covers the {}.\n",
                           e.outputs, e.generators, e.terms, domain(e.covers));
    }
    std::string operator()(const exact_agreement& e) const {
        return fmt::format("Both sides are equal as rationals at {} instances ({} entries).\n",
                           e.instances, e.values);
    }
    std::string operator()(const enclosed& e) const {
        std::string out =
            fmt::format("Enclosures at {} bits; the evidence covers the {}.\n\n"
                        "| value | lower | upper | must lie in |\n|---|---|---|---|\n",
                        e.bits, domain(e.covers));
        for (const enclosed::row& r : e.rows)
            out += fmt::format("| {} | {} | {} | {} |\n", markdown_text(r.name), code(r.lower),
                               code(r.upper), code(r.target));
        return out;
    }
    std::string operator()(const counterexample& e) const {
        std::string out = fmt::format("False at {}:\n\n| | |\n|---|---|\n", markdown_text(e.where));
        for (const auto& [key, value] : e.at)
            out += fmt::format("| {} | {} |\n", code(key), code(value));
        return out +
               fmt::format("| **left** | {} |\n| **right** | {} |\n", code(e.left), code(e.right));
    }
    std::string operator()(const refinement& e) const {
        return fmt::format("{}\n\n| value | reference | difference | error | tolerance | level |\n"
                           "|---|---|---|---|---|---|\n| {} | {} | {} | {} | {} | {} |\n",
                           markdown_text(e.model), code(e.value), code(e.reference),
                           code(e.difference), code(e.error), code(e.tolerance), e.level);
    }
    std::string operator()(const integrated& e) const {
        std::string out = fmt::format("{}; up to {} digits a step. Errors are estimated, not "
                                      "enclosed.\n\n"
                                      "| value | computed | error | must lie in |\n"
                                      "|---|---|---|---|\n",
                                      markdown_text(e.model), e.digits);
        for (const integrated::row& r : e.rows)
            out += fmt::format("| {} | {} | {} | {} |\n", markdown_text(r.name), code(r.value),
                               code(r.error), code(r.target));
        return out;
    }
    std::string operator()(const sampled& e) const {
        return fmt::format(
            "Experiment {}, statistic {}, {} draws under seed {}; {}. The interval misses the "
            "true mean with probability at most {}.\n\n"
            "| mean | lower | upper | expected | relative tolerance |\n|---|---|---|---|---|\n"
            "| {} | {} | {} | {} | {} |\n",
            code(e.experiment), code(e.statistic), e.draws, e.seed, markdown_text(e.method),
            e.level, code(e.mean), code(e.lower), code(e.upper), code(e.expected),
            code(e.tolerance));
    }
    std::string operator()(const scaled& e) const {
        std::string out = fmt::format(
            "Experiment {}, {} of the statistic {}, {} draws at each value under seed {}; {}. All "
            "intervals hold at once but for a probability of at most {}.\n\n"
            "| {} | {} | lower | upper |\n|---|---|---|---|\n",
            code(e.experiment), e.moment, code(e.statistic), e.draws, e.seed,
            markdown_text(e.method), e.level, markdown_text(e.parameter), e.moment);
        for (const scaled::point& p : e.points)
            out += fmt::format("| {} | {} | {} | {} |\n", code(p.value), code(p.moment),
                               code(p.lower), code(p.upper));
        return out + fmt::format("\n| exponent | lower | upper | must lie in |\n|---|---|---|---|\n"
                                 "| {} | {} | {} | {} |\n",
                                 code(e.slope), code(e.lower), code(e.upper),
                                 code("[" + e.band_lower + ", " + e.band_upper + "]"));
    }
    std::string operator()(const signs_certain& e) const {
        return fmt::format("{} expressions have certain signs on every one of {} boxes, {} of them "
                           "outside the conditions; the smallest comes from {} halvings. The "
                           "evidence covers the {}.\n",
                           e.outputs, e.parts, e.outside, e.depth, domain(e.covers));
    }
    std::string operator()(const zeros_isolated& e) const {
        std::string out = fmt::format("{} zeros, each unique in its box, and none elsewhere ({} "
                                      "boxes); the evidence covers the {}.\n\n"
                                      "| type | box |\n|---|---|\n",
                                      e.zeros.size(), e.parts, domain(e.covers));
        for (const zeros_isolated::zero& z : e.zeros)
            out += fmt::format("| {} | {} |\n", markdown_text(z.type), code(z.box));
        return out;
    }
    std::string operator()(const witnessed& e) const {
        return fmt::format("Checked in exact arithmetic: {}. The evidence covers the {}.\n",
                           markdown_text(e.what), domain(e.covers));
    }
    std::string operator()(const composite& e) const {
        std::string out = "| part | outcome | evidence |\n|---|---|---|\n";
        for (const composite::part& p : e.parts)
            out += fmt::format("| {}{} | {} | {} |\n", markdown_text(p.name),
                               p.necessary ? "" : " (not necessary)", badge(p.result),
                               markdown_text(p.summary));
        return out;
    }

private:
    static const char* domain(coverage c) {
        return c == coverage::whole ? "whole domain" : "listed instances";
    }
};

void list(std::string& out, const char* title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    out += fmt::format("**{}**\n\n", title);
    for (const std::string& item : items)
        out += "- " + markdown_text(item) + "\n";
    out += "\n";
}

void picture(std::string& out, const figure_series& f, const figure_images& images) {
    const auto image = images.find(f.id);
    if (!f.error.empty())
        out += fmt::format("Figure {} could not be evaluated: {}\n\n", code(f.id),
                           markdown_text(f.error));
    else if (image == images.end())
        out += fmt::format("Figure {}: {} (draw it with `flowproof plot {}`)\n\n", code(f.id),
                           markdown_text(f.title), shell_word(f.id));
    else
        out +=
            fmt::format("![{} ({})](<{}>)\n\n", markdown_text(f.title), code(f.id), image->second);
}

void claim_section(std::string& out, const run_record& record, const claim_record& c,
                   const figure_images& images) {
    out += fmt::format("<a id=\"{0}\"></a>\n\n### `{0}`\n\n{1} expected {2}, {3}\n\n{4}\n\n", c.id,
                       badge(c.result), name(c.expected), standing(c), markdown_text(c.statement));
    if (const std::string math = formula(c.latex); !math.empty()) out += math + "\n\n";
    list(out, "Hypotheses", c.hypotheses);
    out += fmt::format("**Source** {}\n\n", markdown_text(c.source));
    out += fmt::format("**Method** ({}) {}\n\n", markdown_text(c.kind), markdown_text(c.method));
    list(out, "Given: steps done by hand, on which the verdict rests", c.given);
    list(out, "Domain and what is fixed", c.proof.domain);
    if (!c.reason.empty())
        out += fmt::format("**Reason** {}{}\n\n", markdown_text(c.reason),
                           c.cure.empty() ? "" : "; cure: " + markdown_text(c.cure));
    if (c.result != outcome::not_run) {
        out += "**Evidence** " + markdown_text(c.summary) + "\n\n";
        out += std::visit(evidence_section{}, c.grounds) + "\n";
        if (!c.twins.empty()) {
            out += fmt::format("**False twins** {} rejected\n\n| twin | outcome | had to be | "
                               "rejected | how |\n|---|---|---|---|---|\n",
                               twins_rejected(c));
            for (const twin_record& t : c.twins)
                out += fmt::format("| {} | {} | {} | {} | {} |\n", markdown_text(t.name),
                                   badge(t.result), markdown_text(t.expected),
                                   t.rejected ? "yes" : "**no**", markdown_text(t.summary));
            out += "\n";
        }
        if (!c.proof.fingerprint.empty())
            out += fmt::format("**Certificate** {}, payload version {}, fingerprint {}\n\n",
                               markdown_text(c.proof.kind), c.proof.payload_version,
                               digest(c.proof.fingerprint));
    }
    if (!c.control.empty()) out += fmt::format("**Control** {}\n\n", link(c.control));
    for (const figure_series& f : record.series)
        if (f.claim == c.id) picture(out, f, images);
    out += fmt::format("**Rerun**\n\n```sh\n{}\n```\n\n", commands(record, {c.id}));
}

void table_of(std::string& out, const char* title, const bindings& rows) {
    if (rows.empty()) return;
    out += fmt::format("| {} | |\n|---|---|\n", title);
    for (const auto& [key, value] : rows)
        out += fmt::format("| {} | {} |\n", markdown_text(key), code(value));
    out += "\n";
}

void surprises(std::string& out, const run_record& record) {
    out += "## Surprises\n\n";
    std::string rows;
    // Stable order: what matters most first.
    for (const char* which :
         {"against expectation", "broke", "weaker than expected", "stronger than expected"})
        for (const claim_record& c : record.claims)
            if (standing(c) == which)
                rows += fmt::format("| {} | {} | {} | {} | {} |\n", link(c.id),
                                    markdown_text(c.statement), name(c.expected), badge(c.result),
                                    markdown_text(c.summary));
    out += rows.empty() ? std::string("No claim differs from its expectation.\n\n")
                        : "| claim | statement | expected | outcome | evidence |\n"
                          "|---|---|---|---|---|\n" +
                              rows + "\n";
    rows.clear();
    for (const claim_record& c : record.claims) {
        if (!falls(c.expected) || !falls(c.result)) continue;
        const auto control =
            std::find_if(record.claims.begin(), record.claims.end(),
                         [&c](const claim_record& other) { return other.id == c.control; });
        rows += fmt::format("| {} | {} | {} | {} | {} |\n", link(c.id), markdown_text(c.statement),
                            badge(c.result), markdown_text(c.summary),
                            control == record.claims.end()
                                ? std::string("–")
                                : link(control->id) + " " + badge(control->result));
    }
    if (rows.empty()) return;
    out += "### Wrong as usually stated\n\n"
           "| claim | statement | outcome | counterexample | corrected claim |\n"
           "|---|---|---|---|---|\n" +
           rows + "\n";
}

} // namespace

std::string markdown_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '\n':
        case '\r':
        case '\t':
            out += ' ';
            break;
        case '\\':
        case '`':
        case '*':
        case '_':
        case '[':
        case ']':
        case '#':
        case '|':
        case '$':
        case '~':
        case '^':
        case '@':
        case '!':
        case '{':
        case '}':
            out += '\\';
            [[fallthrough]];
        default:
            out += c;
        }
    }
    return out;
}

std::string markdown_report(const run_record& record, const figure_images& images) {
    const run_info& run = record.run;
    std::string out = "# flowproof report\n\n" + markdown_text(totals(record)) + ".\n\n";
    if (run.interrupted)
        out += "**The run was interrupted; claims listed as not run are missing.**\n\n";
    if (!run.rounding_self_test.empty() && run.rounding_self_test != "passed")
        out += "**The rounding self-test did not pass: " + markdown_text(run.rounding_self_test) +
               "**\n\n";
    surprises(out, record);

    out += "## Verdicts\n\n| claim | statement | expected | outcome | evidence | twins rejected |\n"
           "|---|---|---|---|---|---|\n";
    for (const claim_record& c : record.claims)
        out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", link(c.id),
                           markdown_text(c.statement), name(c.expected), badge(c.result),
                           markdown_text(c.summary), markdown_text(twins_rejected(c)));
    out += "\n## Claims\n\n";
    for (const claim_record& c : record.claims)
        claim_section(out, record, c, images);

    std::string others;
    for (const figure_series& f : record.series)
        if (std::none_of(record.claims.begin(), record.claims.end(),
                         [&f](const claim_record& c) { return c.id == f.claim; }))
            picture(others, f, images);
    if (!others.empty()) out += "## Other figures\n\n" + others;

    out += "## How this run was made\n\n";
    bindings facts = {{"flowproof", run.version},
                      {"commit", run.commit},
                      {"compiler", run.compiler},
                      {"flags", run.flags},
                      {"instruction set", run.instruction_set},
                      {"profile", run.profile},
                      {"digits", std::to_string(run.digits)},
                      {"seed", std::to_string(run.seed)},
                      {"threads", std::to_string(run.threads)},
                      {"started", run.started},
                      {"wall time", fmt::format("{:.1f} s", run.wall_seconds)},
                      {"rounding self-test", run.rounding_self_test}};
    table_of(out, "run", facts);
    table_of(out, "library", run.libraries);
    table_of(out, "input file and hash", run.inputs);
    table_of(out, "set for this run", run.set);
    if (!run.error_budget.empty()) {
        out +=
            "Error budget: probability that sampling decides any claim of the paper wrongly.\n\n";
        table_of(out, "paper", run.error_budget);
    }
    std::vector<std::string> ids;
    for (const claim_record& c : record.claims)
        ids.push_back(c.id);
    if (!ids.empty())
        out += fmt::format("All claims of this report again:\n\n```sh\n{}\n```\n",
                           commands(record, ids));
    return out;
}

} // namespace flowproof
