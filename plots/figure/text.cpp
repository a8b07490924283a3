#include "plots/figure/text.hpp"

namespace flowproof::plots {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::string in_tex(char c) {
    switch (c) {
    case '\\':
        return "\\textbackslash{}";
    case '~':
        return "\\textasciitilde{}";
    case '^':
        return "\\textasciicircum{}";
    case '_':
    case '&':
    case '%':
    case '$':
    case '#':
    case '{':
    case '}':
        return std::string("\\") + c;
    default:
        return std::string(1, c);
    }
}

/// Doubled, so that gnuplot's enhanced mode prints the character itself.
std::string in_enhanced(char c) {
    switch (c) {
    case '\\':
    case '@':
    case '&':
    case '~':
    case '{':
    case '}':
    case '_':
    case '^':
        return std::string("\\") + c;
    default:
        return std::string(1, c);
    }
}

std::string escaped(std::string_view text, image_format format) {
    std::string out;
    for (const char c : text)
        out += format == image_format::tikz ? in_tex(c) : in_enhanced(c);
    return out;
}

} // namespace

std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') out += '\'';
        out += c == '\n' || c == '\r' ? ' ' : c;
    }
    return out + "'";
}

std::string literal(std::string_view text, image_format format) {
    if (format != image_format::tikz) return quoted(text) + " noenhanced";
    return quoted(escaped(text, format)) + " noenhanced";
}

std::string label(std::string_view text, image_format format) {
    const bool tex = format == image_format::tikz;
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        const bool shifts = (c == '_' || c == '^') && i + 1 < text.size();
        std::size_t end = i + 1;
        while (end < text.size() && continues(text[end]))
            ++end;
        if (!shifts) {
            out += escaped(text.substr(i, end - i), format);
            i = end;
            continue;
        }
        std::size_t from = i + 1, to = i + 2;
        while (to < text.size() && continues(text[to]))
            ++to;
        std::size_t next = to;
        if (const auto close = text.find('}', i); text[i + 1] == '{' && close != text.npos) {
            from = i + 2;
            to = close;
            next = close + 1;
        }
        const std::string group = escaped(text.substr(from, to - from), format);
        out += tex ? std::string("$") + c + "{\\mathrm{" + group + "}}$"
                   : std::string(1, c) + "{" + group + "}";
        i = next;
    }
    return quoted(out) + (tex ? " noenhanced" : " enhanced");
}

} // namespace flowproof::plots
