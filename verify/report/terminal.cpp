#include "verify/report/terminal.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "verify/report/totals.hpp"

namespace flowproof {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Columns of a text, counted in code points.
std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::string padded(std::string_view text, std::size_t to) {
    const std::size_t have = columns(text);
    return std::string(text) + std::string(have < to ? to - have : 0, ' ');
}

/// Cut to `most` columns, three points in place of what is missing; control characters, which
/// could move the cursor, become blanks.
std::string cut(std::string_view text, std::size_t most) {
    std::string clean(text);
    std::replace_if(
        clean.begin(), clean.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    if (columns(clean) <= most) return clean;
    std::size_t end = 0;
    for (std::size_t seen = 0; end < clean.size(); ++end) {
        if (continues(clean[end])) continue;
        if (seen == most - 3) break;
        ++seen;
    }
    clean.erase(end);
    clean.erase(clean.find_last_not_of(' ') + 1);
    return clean + "...";
}

const char* mark(const claim_record& c) {
    if (c.result == outcome::error) return "!!";
    if (c.result == outcome::not_run) return "--";
    switch (compare(c.result, c.expected)) {
    case comparison::as_expected:
        return "ok";
    case comparison::stronger:
        return "++";
    case comparison::weaker:
        return "??";
    case comparison::against:
        break;
    }
    return "!!";
}

const char* colour(outcome o) {
    switch (o) {
    case outcome::proved:
        return "\x1b[1;32m";
    case outcome::certified:
        return "\x1b[32m";
    case outcome::supported:
        return "\x1b[36m";
    case outcome::refuted:
    case outcome::contradicted:
        return "\x1b[35m";
    case outcome::undecided:
        return "\x1b[33m";
    case outcome::error:
        return "\x1b[1;31m";
    case outcome::not_run:
        break;
    }
    return "\x1b[2m";
}

} // namespace

std::string verdict_table(const run_record& record, const terminal_options& options) {
    if (options.width < 40)
        throw std::invalid_argument(
            fmt::format("verdict_table: need a width of 40 or more, got {}", options.width));
    constexpr std::size_t outcome_width = 12; // "contradicted"
    constexpr std::size_t id_at = 2 + 2 + outcome_width + 2;
    std::size_t id_width = 0;
    for (const claim_record& c : record.claims)
        id_width = std::max(id_width, columns(c.id));
    const std::size_t text_at = id_at + id_width + 2;
    const bool beside = text_at + 24 <= options.width;

    std::string out;
    for (const claim_record& c : record.claims) {
        const std::string word = padded(name(c.result), outcome_width);
        out += mark(c);
        out += "  ";
        out += options.colour ? colour(c.result) + word + "\x1b[0m" : word;
        out += "  ";
        const std::string text = fmt::format(
            "{}{}", c.twins.empty() ? "" : "twins " + twins_rejected(c) + "  ", c.statement);
        if (beside)
            out += padded(c.id, id_width) + "  " + cut(text, options.width - text_at);
        else
            out += c.id + "\n    " + cut(text, options.width - 4);
        out += "\n";
    }
    // Totals wrap between their parts, never between a count and what it counts.
    std::string line;
    const std::string all = totals(record);
    for (std::size_t from = 0; from < all.size();) {
        const std::size_t to = std::min(all.find_first_of(",;:", from), all.size() - 1) + 1;
        const std::string part = all.substr(from, to - from);
        if (!line.empty() && line.size() + 1 + part.size() > options.width) {
            out += line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + part;
        from = to + 1; // the blank after it
    }
    return out + line + "\n";
}

} // namespace flowproof
