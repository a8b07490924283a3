#include "verify/check/document.hpp"

#include <algorithm>
#include <charconv>

namespace flowproof::check {

namespace {

constexpr std::size_t most_text = std::size_t{1} << 26, most_bits = std::size_t{1} << 21;

/// Words separated by single spaces.
std::vector<std::string_view> words_of(std::string_view text, std::size_t number) {
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i <= text.size();) {
        const std::size_t end = std::min(text.find(' ', i), text.size());
        if (end == i) unreadable(number, "an empty line, or a space too many");
        words.push_back(text.substr(i, end - i));
        i = end + 1;
    }
    for (const char c : text)
        if (c < ' ' || c > '~') unreadable(number, "a character that is no printable ASCII");
    return words;
}

bool digits(std::string_view s) {
    return !s.empty() &&
           std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_minus(std::string_view s) {
    return !s.empty() && s.front() == '-' ? s.substr(1) : s;
}

} // namespace

rational exact_number(std::string_view word, std::size_t line, std::size_t& bits) {
    const auto malformed = [&] {
        unreadable(line,
                   "expected an integer, a quotient p/q or m*2^e of at most 2^21 bits, got \"" +
                       std::string(word.substr(0, 60)) + "\"");
    };
    if (word.size() > most_bits / 4) malformed();
    bits = 4 * word.size();
    const auto times = word.find("*2^"), slash = word.find('/');
    const std::string_view head = word.substr(0, std::min({times, slash, word.size()}));
    if (!digits(without_minus(head))) malformed();
    rational value = rational::parse(head);
    if (times != std::string_view::npos) {
        const std::string_view exponent = word.substr(times + 3);
        std::int64_t e = 0;
        if (!digits(without_minus(exponent)) || exponent.size() > 8) malformed();
        std::from_chars(exponent.data(), exponent.data() + exponent.size(), e);
        if (std::abs(e) > static_cast<std::int64_t>(most_bits)) malformed();
        bits += static_cast<std::size_t>(std::abs(e));
        value *= power(rational(2), e);
    } else if (slash != std::string_view::npos) {
        if (!digits(word.substr(slash + 1))) malformed();
        const rational below = rational::parse(word.substr(slash + 1));
        if (below.is_zero()) malformed();
        value /= below;
    }
    return value;
}

std::size_t number_after(std::string_view word, std::size_t limit, std::size_t line) {
    std::size_t value = limit;
    if (digits(word.substr(1)) && word.size() < 12)
        std::from_chars(word.data() + 1, word.data() + word.size(), value);
    if (value >= limit)
        unreadable(line, "expected a letter and a number below " + std::to_string(limit) +
                             ", got \"" + std::string(word.substr(0, 60)) + "\"");
    return value;
}

document::document(std::string_view text, meter& work) : work_(work) {
    if (text.size() > most_text) unreadable(0, "longer than 2^26 characters");
    work_.spend(text.size());
    std::vector<line> all;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t end = std::min(text.find('\n', i), text.size());
        all.push_back({all.size() + 1, words_of(text.substr(i, end - i), all.size() + 1)});
        i = end + 1;
    }
    if (all.empty() || all[0].words.size() != 3 || all[0].words[0] != "flowproof-certificate" ||
        all[0].words[1] != "1")
        unreadable(1, "expected \"flowproof-certificate 1 KIND\"");
    if (all.back().words != std::vector<std::string_view>{"qed"})
        unreadable(all.size(), "the text is cut short: its last line is not \"qed\"");
    kind_ = all[0].words[2];
    for (std::size_t i = 1; i + 1 < all.size(); ++i) {
        if (all[i].words[0] == "qed") unreadable(all[i].number, "text after \"qed\"");
        if (all[i].words[0] != "tape") {
            lines_.push_back(std::move(all[i]));
            continue;
        }
        if (all[i].words.size() != 2) unreadable(all[i].number, "expected \"tape NAME\"");
        const std::string name(all[i].words[1]);
        const std::size_t first = i + 1;
        while (i + 1 < all.size() && all[i].words != std::vector<std::string_view>{"end"})
            ++i;
        if (i + 1 == all.size()) unreadable(first, "the tape " + name + " has no \"end\"");
        if (tapes_.contains(name)) unreadable(first, "a second tape " + name);
        tapes_.emplace(name, read_program({all.data() + first, i - first}, work_));
        std::string& copy = texts_[name];
        for (std::size_t j = first; j < i; ++j) {
            for (std::size_t k = 0; k < all[j].words.size(); ++k)
                copy.append(k == 0 ? "" : " ").append(all[j].words[k]);
            copy += '\n';
        }
    }
    asked_.assign(lines_.size(), false);
}

const program& document::tape(const std::string& name) {
    const auto it = tapes_.find(name);
    if (it == tapes_.end()) unreadable(0, "the tape \"" + name + "\" is missing");
    tape_asked_[name] = true;
    return it->second;
}

std::vector<const line*> document::all(std::initializer_list<std::string_view> keywords) {
    std::vector<const line*> found;
    for (std::size_t i = 0; i < lines_.size(); ++i)
        if (std::find(keywords.begin(), keywords.end(), lines_[i].words[0]) != keywords.end()) {
            asked_[i] = true;
            found.push_back(&lines_[i]);
        }
    return found;
}

const line& document::only(std::string_view keyword) {
    const auto found = all({keyword});
    if (found.empty()) unreadable(0, "the line \"" + std::string(keyword) + "\" is missing");
    if (found.size() > 1)
        unreadable(found[1]->number, "a second line \"" + std::string(keyword) + "\"");
    return *found[0];
}

bool document::has(std::string_view keyword) const {
    return std::any_of(lines_.begin(), lines_.end(),
                       [&](const line& l) { return l.words[0] == keyword; });
}

void document::nothing_else() const {
    for (std::size_t i = 0; i < lines_.size(); ++i)
        if (!asked_[i])
            unreadable(lines_[i].number, "no certificate of kind " + kind_ + " has a line \"" +
                                             std::string(lines_[i].words[0].substr(0, 60)) + "\"");
    for (const auto& [name, ignored] : tapes_)
        if (!tape_asked_.contains(name))
            unreadable(0, "no certificate of kind " + kind_ + " has a tape \"" + name + "\"");
}

rational document::number(const line& from, std::size_t word) {
    if (word >= from.words.size()) unreadable(from.number, "a number is missing");
    work_.spend(1 + from.words[word].size());
    std::size_t bits = 0;
    rational value = exact_number(from.words[word], from.number, bits);
    widest_ = std::max(widest_, bits);
    return value;
}

bool document::is_infinite(const line& from, std::size_t word, std::string_view sign) const {
    return word < from.words.size() && from.words[word] == sign;
}

std::vector<rational> document::numbers(const line& from, std::size_t first, std::size_t count) {
    if (from.words.size() < first || from.words.size() - first < count)
        unreadable(from.number, "expected " + std::to_string(count) + " numbers");
    std::vector<rational> result;
    for (std::size_t i = 0; i < count; ++i)
        result.push_back(number(from, first + i));
    return result;
}

std::size_t document::count(const line& from, std::size_t word, std::size_t most) const {
    std::size_t value = 0;
    if (word >= from.words.size() || !digits(from.words[word]) || from.words[word].size() > 12)
        unreadable(from.number, "expected a whole number");
    std::from_chars(from.words[word].data(), from.words[word].data() + from.words[word].size(),
                    value);
    if (value > most)
        unreadable(from.number,
                   "at most " + std::to_string(most) + " is checked, got " + std::to_string(value));
    return value;
}

} // namespace flowproof::check
