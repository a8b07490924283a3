#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string>
#include <utility>

#include "numerics/io/excerpt.hpp"
#include "numerics/io/matrix_file.hpp"

namespace flowproof::io {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::size_t longest_cell = 4096;
/// "1e999999" is 8 bytes of text and a number of a million digits: the sum of the exponents of
/// a file is bounded, as its length is, so that memory is.
constexpr std::size_t largest_exponents = std::size_t{1} << 27;

struct place {
    std::string_view name;
    std::size_t line, column;

    std::string str() const {
        return "io::parse_csv: " + std::string(name) + ", line " + std::to_string(line) +
               ", column " + std::to_string(column) + ": ";
    }
};

[[noreturn]] void refuse(const place& where, std::string_view rule, std::string_view text) {
    throw std::invalid_argument(where.str() + std::string(rule) + ", got " + excerpt(text));
}

std::string_view trim(std::string_view s) {
    const auto first = s.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return s.substr(first, s.find_last_not_of(blanks) - first + 1);
}

char separator_of(std::string_view row) {
    for (const char c : {';', ',', '\t'})
        if (row.find(c) != std::string_view::npos) return c;
    return ' ';
}

const char* spelled(char separator) {
    switch (separator) {
    case ';':
        return "semicolons";
    case ',':
        return "commas";
    case '\t':
        return "tabs";
    default:
        return "blanks";
    }
}

/// Cells without the blanks around them; a run of blanks separates once, other separators do
/// so each time, hence may leave empty cells.
std::vector<std::string_view> cells_of(std::string_view row, char separator) {
    std::vector<std::string_view> cells;
    for (;;) {
        const auto end = separator == ' ' ? row.find_first_of(blanks) : row.find(separator);
        cells.push_back(trim(row.substr(0, end)));
        if (end == std::string_view::npos) return cells;
        row.remove_prefix(end + 1);
        if (separator == ' ') row = trim(row);
    }
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool says_not_finite(std::string_view cell) {
    if (!cell.empty() && (cell.front() == '-' || cell.front() == '+')) cell.remove_prefix(1);
    std::string word(cell);
    std::transform(word.begin(), word.end(), word.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    constexpr std::array words{"nan", "inf", "infinity", "na", "n/a", "null", "none"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// Why a cell that holds other characters than a number's is refused.
std::string broken_rule(std::string_view cell, char separator, bool first_row) {
    if (cell.empty()) return "a cell must not be empty";
    if (says_not_finite(cell)) return "an entry must be a finite number";
    const char letter =
        cell.front() == '"' || cell.front() == '\'' ? cell[cell.size() > 1] : cell[0];
    if (first_row && (is_letter(letter) || letter == '_'))
        return "a header line is not read (delete it or put # before it)";
    if (cell.find_first_of(";, \t") != std::string_view::npos)
        return std::string("one separator must serve the whole file (here ") + spelled(separator) +
               ") and the decimal sign is a point";
    return "a cell must be an integer, a quotient such as 1/3 or a decimal such as 2.5e-3";
}

/// Size of the decimal exponent in a cell of a number's characters, 0 without one.
std::size_t exponent_of(std::string_view cell) {
    std::size_t exponent = 0;
    const auto e = cell.find_first_of("eE");
    const auto digits = e == std::string_view::npos ? e : cell.find_first_not_of("+-", e + 1);
    if (digits != std::string_view::npos)
        std::from_chars(cell.data() + digits, cell.data() + cell.size(), exponent);
    return std::min(exponent, largest_exponents);
}

} // namespace

exact_table parse_csv(std::string_view text, std::string_view name) {
    const std::size_t size = text.size();
    if (text.substr(0, 2) == "\xff\xfe" || text.substr(0, 2) == "\xfe\xff")
        refuse({name, 1, 1}, "the text must be UTF-8 or ASCII, not UTF-16", text.substr(0, 2));
    if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);

    exact_table table;
    char separator = ' ';
    std::size_t first_line = 0, exponents = 0;
    for (std::size_t line = 1; !text.empty(); ++line) {
        const auto end = text.find('\n');
        std::string_view row = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (!row.empty() && row.back() == '\r') row.remove_suffix(1);
        if (const auto comment = row.find('#'); comment != std::string_view::npos) {
            row = row.substr(0, comment);
            row = row.substr(0, row.find_last_not_of(blanks) + 1);
        }
        if (trim(row).empty()) continue;

        const bool first_row = table.entries.empty();
        if (first_row) separator = separator_of(trim(row));
        const auto cells = cells_of(separator == '\t' ? row : trim(row), separator);
        if (first_row) {
            first_line = line;
            table.cols = cells.size();
        }
        for (std::size_t j = 0; j < cells.size(); ++j) {
            const std::string_view cell = cells[j];
            const place where{name, line, j + 1};
            if (cell.empty() ||
                cell.find_first_not_of("0123456789+-./eE") != std::string_view::npos)
                refuse(where, broken_rule(cell, separator, first_row), cell);
            if (cell.size() > longest_cell)
                refuse(where, "a cell must have at most 4096 characters", cell);
            if (table.entries.size() == largest_matrix)
                refuse(where, "a matrix must have at most 67108864 entries", cell);
            exponents += exponent_of(cell);
            if (exponents > largest_exponents)
                refuse(where, "the exponents of a file must add up to at most 134217728", cell);
            try {
                table.entries.push_back(rational::parse(cell));
            } catch (const std::invalid_argument& malformed) {
                throw std::invalid_argument(where.str() + malformed.what());
            }
        }
        if (cells.size() != table.cols)
            refuse({name, line, std::min(cells.size(), table.cols) + 1},
                   "every row must have the " + std::to_string(table.cols) + " cells of line " +
                       std::to_string(first_line) + " and not " + std::to_string(cells.size()),
                   row);
        ++table.rows;
    }
    if (table.rows == 0)
        throw std::invalid_argument("io::parse_csv: " + std::string(name) +
                                    ": a matrix must have at least one row, got " +
                                    std::to_string(size) + " bytes without a number");
    return table;
}

} // namespace flowproof::io
