#include "verify/report/junit.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <string_view>
#include <vector>

#include "verify/report/totals.hpp"

namespace flowproof {
namespace {

/// Text for attributes and elements; characters that XML 1.0 forbids are left out.
std::string escaped(std::string_view text) {
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
        case '"':
            out += "&quot;";
            break;
        case '\n':
        case '\t':
        case '\r':
            out += fmt::format("&#{};", static_cast<int>(c));
            break;
        default:
            if (static_cast<unsigned char>(c) >= 0x20) out += c;
        }
    }
    return out;
}

enum class state { passed, failed, broke, skipped };

state state_of(const claim_record& c) {
    if (c.result == outcome::error) return state::broke;
    if (c.result == outcome::not_run) return state::skipped;
    const comparison as = compare(c.result, c.expected);
    return as == comparison::against || as == comparison::weaker ? state::failed : state::passed;
}

std::string details(const claim_record& c) {
    return escaped(fmt::format("{}\nexpected {}, got {}\n{}", c.statement, name(c.expected),
                               name(c.result), c.summary));
}

std::string test_case(const claim_record& c) {
    const std::string head =
        fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", escaped(c.paper),
                    escaped(c.id), c.seconds);
    const auto with = [&](const char* element, std::string_view type) {
        return fmt::format(
            "{}>\n      <{} type=\"{}\" message=\"{}\">{}</{}>\n    </testcase>\n", head, element,
            type, escaped(fmt::format("{}: {}", name(c.result), standing(c))), details(c), element);
    };
    switch (state_of(c)) {
    case state::passed:
        return head + "/>\n";
    case state::failed:
        return with("failure",
                    compare(c.result, c.expected) == comparison::against ? "against" : "weaker");
    case state::broke:
        return with("error", "error");
    case state::skipped:
        break;
    }
    return head + ">\n      <skipped message=\"" +
           escaped(c.reason.empty() ? "needs a larger profile" : c.reason) +
           "\"/>\n    </testcase>\n";
}

std::string counts(const std::vector<const claim_record*>& claims) {
    const auto count = [&](state s) {
        return std::count_if(claims.begin(), claims.end(),
                             [s](const claim_record* c) { return state_of(*c) == s; });
    };
    double seconds = 0;
    for (const claim_record* c : claims)
        seconds += c->seconds;
    return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3f}")",
                       claims.size(), count(state::failed), count(state::broke),
                       count(state::skipped), seconds);
}

} // namespace

std::string junit_report(const run_record& record) {
    std::vector<const claim_record*> all;
    std::vector<std::string> papers; // in order of appearance
    for (const claim_record& c : record.claims) {
        all.push_back(&c);
        if (std::find(papers.begin(), papers.end(), c.paper) == papers.end())
            papers.push_back(c.paper);
    }
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"flowproof\" " +
        counts(all) + ">\n";
    for (const std::string& paper : papers) {
        std::vector<const claim_record*> claims;
        std::copy_if(all.begin(), all.end(), std::back_inserter(claims),
                     [&paper](const claim_record* c) { return c->paper == paper; });
        out += "  <testsuite name=\"" + escaped(paper) + "\" " + counts(claims) + ">\n";
        for (const claim_record* c : claims)
            out += test_case(*c);
        out += "  </testsuite>\n";
    }
    return out + "</testsuites>\n";
}

} // namespace flowproof
