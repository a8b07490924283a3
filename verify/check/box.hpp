#pragma once

#include <string>
#include <vector>

#include "verify/check/document.hpp"
#include "verify/check/range.hpp"

namespace flowproof::check {

/// A product of closed intervals with rational ends, over named variables.
struct box {
    std::vector<std::string> names;
    std::vector<rational> lower, upper;
    std::size_t size() const { return names.size(); }
    rational middle(std::size_t i) const { return (lower[i] + upper[i]) / rational(2); }
    /// The box without extent at its middle.
    box centre() const;
};

/// Appends the side "... NAME LOWER UPPER" of a line.
void add_side(box& b, document& text, const line& from);
/// Working precision for numbers as long as those of the text.
std::int64_t precision_for(const document& text);

/// A program over the variables of a box, enclosed on parts of it.
class enclosed_program {
public:
    enclosed_program(const program& p, const box& domain, std::int64_t bits, meter& work);

    /// Every output over the box.
    std::vector<range> direct(const box& b) const;
    /// Every output over the box with its derivatives in all variables of the box.
    std::vector<jet> jets(const box& b) const;
    /// f(m) + f'(box) (box - m) around the middle m, for the jets over the box.
    std::vector<range> centred(const box& b, const std::vector<jet>& over) const;
    std::size_t outputs() const { return program_->outputs.size(); }

private:
    const program* program_;
    std::vector<std::size_t> at_;
    std::int64_t bits_;
    meter* work_;
};

range side_of(const box& b, std::size_t i, std::int64_t bits);
/// Side i moved so that its middle is 0.
range offset_of(const box& b, std::size_t i, std::int64_t bits);

/// Reads the lines `tree`: halves the box as they say and hands each part with its leaf to
/// `leaf(word, box, line)`. @throws refusal unless the parts cover the box.
template <class Leaf> void walk(document& text, const box& whole, meter& work, Leaf leaf) {
    constexpr std::size_t deepest = 2000;
    struct part {
        box at;
        std::size_t depth;
    };
    std::vector<part> open{{whole, 0}};
    std::size_t last = 0;
    for (const line* l : text.all({"tree"}))
        for (std::size_t i = 1; i < l->words.size(); ++i) {
            last = l->number;
            if (open.empty()) invalid(last, "the tree goes on after the whole box is covered");
            part now = std::move(open.back());
            open.pop_back();
            work.spend(4 * whole.size() + now.depth);
            const std::string_view word = l->words[i];
            if (word[0] != 's') {
                leaf(word, now.at, *l);
                continue;
            }
            const std::size_t j = number_after(word, whole.size(), last);
            if (++now.depth > deepest) invalid(last, "halves the box more than 2000 times");
            const rational middle = now.at.middle(j);
            open.push_back(now);
            open.back().at.lower[j] = middle;
            now.at.upper[j] = middle;
            open.push_back(std::move(now)); // the lower half comes first
        }
    if (!open.empty())
        invalid(last, "the tree ends with " + std::to_string(open.size()) + " parts not covered");
}

} // namespace flowproof::check
