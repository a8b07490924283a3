#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "numerics/scalar/rational.hpp"
#include "verify/check/meter.hpp"
#include "verify/check/program.hpp"

namespace flowproof::check {

/// The text of a certificate, taken apart: its tapes by name, its other lines in order. Whoever
/// reads it asks for each line; what nobody asked for makes the text unreadable.
class document {
public:
    document(std::string_view text, meter& work);

    const std::string& kind() const { return kind_; }
    const std::map<std::string, std::string>& tape_texts() const { return texts_; }

    /// The tape of this name; @throws refusal if there is none.
    const program& tape(const std::string& name);
    bool has_tape(const std::string& name) const { return tapes_.contains(name); }
    /// All lines that begin with one of these words, in order.
    std::vector<const line*> all(std::initializer_list<std::string_view> keywords);
    /// The one line that begins with this word.
    const line& only(std::string_view keyword);
    bool has(std::string_view keyword) const;
    void nothing_else() const; ///< @throws refusal if a line or a tape was not asked for

    rational number(const line& from, std::size_t word);
    /// A number, or nothing for `-inf` (lower ends) or `inf` (upper ends).
    bool is_infinite(const line& from, std::size_t word, std::string_view sign) const;
    std::vector<rational> numbers(const line& from, std::size_t first, std::size_t count);
    std::size_t count(const line& from, std::size_t word, std::size_t most) const;
    /// Bits of the longest number read so far.
    std::size_t widest() const { return widest_; }

private:
    meter& work_;
    std::string kind_;
    std::vector<line> lines_;
    std::vector<bool> asked_;
    std::map<std::string, program> tapes_;
    std::map<std::string, std::string> texts_;
    std::map<std::string, bool> tape_asked_;
    std::size_t widest_ = 64;
};

/// The number in a word such as "s12", below `limit`. @throws refusal naming the line.
std::size_t number_after(std::string_view word, std::size_t limit, std::size_t line);
/// An integer, a quotient p/q or m*2^e; its size in bits. @throws refusal naming the line.
rational exact_number(std::string_view word, std::size_t line, std::size_t& bits);

} // namespace flowproof::check
