#include "verify/cli/settings.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "numerics/io/matrix_file.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::cli {

namespace {

[[noreturn]] void bad(const std::string& word, const std::string& rule) {
    throw std::invalid_argument(
        fmt::format("--set {}: {} (--set name=value with a number, a matrix "
                    "[[1,0],[0,1/2]] or a .csv or .npy file)",
                    word, rule));
}

/// "[[1, 0], [0, 1/2]]"
matrix<rational> matrix_in_place(const std::string& word, std::string_view text) {
    std::vector<std::vector<rational>> entries;
    std::string number;
    int depth = 0;
    const auto finish_number = [&] {
        if (number.empty()) bad(word, "an entry is missing");
        try {
            entries.back().push_back(rational::parse(number));
        } catch (const std::invalid_argument& e) {
            bad(word, e.what());
        }
        number.clear();
    };
    bool closed_row = false, done = false;
    for (const char c : text) {
        if (std::isspace(static_cast<unsigned char>(c)) != 0) continue;
        if (done) bad(word, "text after the closing bracket");
        if (c == '[') {
            if (++depth > 2) bad(word, "brackets nest too deeply");
            if (depth == 2) entries.emplace_back();
            closed_row = false;
        } else if (c == ']') {
            if (depth == 2) {
                finish_number();
                closed_row = true;
            }
            if (--depth == 0) done = true;
        } else if (c == ',') {
            if (depth == 2) {
                finish_number();
            } else if (!closed_row) {
                bad(word, "a row is missing");
            }
        } else {
            if (depth != 2) bad(word, "numbers stand in rows: [[1, 2], [3, 4]]");
            number += c;
        }
    }
    if (!done || entries.empty()) bad(word, "brackets do not match");
    try {
        return rows(entries);
    } catch (const std::invalid_argument& e) {
        bad(word, e.what());
    }
}

bool names_a_file(std::string_view text) {
    for (const std::string_view ending : {".csv", ".tsv", ".txt", ".npy"})
        if (text.size() > ending.size() && text.substr(text.size() - ending.size()) == ending)
            return true;
    return false;
}

std::string hash_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    return fnv_hash().add(bytes).str();
}

} // namespace

settings read_settings(const std::vector<std::string>& words) {
    settings result;
    for (const std::string& word : words) {
        const auto equals = word.find('=');
        if (equals == std::string::npos || equals == 0) bad(word, "expected name=value");
        const std::string name = word.substr(0, equals), value = word.substr(equals + 1);
        if (value.empty()) bad(word, "the value is missing");
        if (result.values.has(name)) bad(word, name + " is set twice");
        if (value.front() == '[') {
            result.values.set(name, matrix_in_place(word, value));
        } else if (names_a_file(value)) {
            const io::exact_table table = [&] {
                try {
                    return io::read_matrix(value);
                } catch (const std::runtime_error& e) { // no such file, unreadable: the user's word
                    bad(word, e.what());
                }
            }();
            matrix<rational> m(static_cast<Eigen::Index>(table.rows),
                               static_cast<Eigen::Index>(table.cols));
            for (std::size_t i = 0; i < table.entries.size(); ++i)
                m(static_cast<Eigen::Index>(i / table.cols),
                  static_cast<Eigen::Index>(i % table.cols)) = table.entries[i];
            result.values.set(name, std::move(m));
            result.inputs.emplace_back(value, hash_of(value));
        } else {
            try {
                result.values.set(name, rational::parse(value));
            } catch (const std::invalid_argument& e) {
                bad(word, e.what());
            }
        }
    }
    return result;
}

} // namespace flowproof::cli
