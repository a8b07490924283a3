#pragma once

#include <string>
#include <vector>

#include "verify/check/document.hpp"
#include "verify/check/jet.hpp"

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

/// A program over the variables of a box, enclosed on parts of it in ranges or exact ranges.
template <class In> class enclosed_program {
public:
    using set = typename in_jets<In>::set;
    using jet = jet_of<set>;

    enclosed_program(const program& p, const box& domain, In in, meter& work)
        : program_(&p), at_(places(p, domain.names)), in_(in), work_(&work) {}

    std::size_t outputs() const { return program_->outputs.size(); }

    /// Every output over the box.
    std::vector<set> direct(const box& b) const {
        work_->spend(program_->weight * charge());
        std::vector<set> in, out;
        for (const std::size_t i : at_)
            in.push_back(in_.between(b.lower[i], b.upper[i]));
        const std::vector<set> all = run(*program_, in, in_);
        for (const std::size_t o : program_->outputs)
            out.push_back(all[o]);
        return out;
    }

    /// Every output over the box with its derivatives in all variables of the box.
    std::vector<jet> jets(const box& b) const {
        work_->spend(program_->weight * (1 + b.size()) * charge());
        const set zero = in_(rational(0)), one = in_(rational(1));
        std::vector<jet> in, out;
        for (const std::size_t i : at_) {
            in.push_back({in_.between(b.lower[i], b.upper[i]), std::vector<set>(b.size(), zero)});
            in.back().slope[i] = one;
        }
        const std::vector<jet> all = run(*program_, in, in_jets<In>{in_});
        for (const std::size_t o : program_->outputs) {
            out.push_back(all[o]);
            out.back().slope.resize(b.size(), zero); // of constants
        }
        return out;
    }

    /// f(m) + f'(box) (box - m) around the middle m, for the jets over the box.
    std::vector<set> centred(const box& b, const std::vector<jet>& over) const {
        std::vector<set> result = direct(b.centre());
        for (std::size_t o = 0; o < result.size(); ++o)
            for (std::size_t i = 0; i < b.size(); ++i)
                result[o] = result[o] + over[o].slope[i] * offset(b, i);
        return result;
    }

    /// Side i of the box, moved so that its middle is 0.
    set offset(const box& b, std::size_t i) const {
        const rational half = (b.upper[i] - b.lower[i]) / rational(2);
        return in_.between(-half, half);
    }

    /// Is `test`, which asks for a sign of output o from below (or above), certain on the box? By
    /// direct evaluation, or for `effort` 1 also by the centred form, for 2 also by monotonicity.
    bool certain(const box& b, std::size_t o, bool (*test)(const set&), bool from_below,
                 int effort) const {
        if (test(direct(b)[o])) return true;
        if (effort == 0) return false;
        const std::vector<jet> over = jets(b);
        if (test(centred(b, over)[o])) return true;
        if (effort == 1) return false;
        const box face = extreme_face(b, over[o], from_below);
        return face.lower == b.lower && face.upper == b.upper
                   ? false
                   : certain(face, o, test, from_below, effort);
    }

private:
    std::uint64_t charge() const {
        if constexpr (requires { in_.bits; }) return cost(static_cast<std::uint64_t>(in_.bits));
        return 100;
    }

    /// The face where an output with these derivatives is smallest (largest): sides with a certain
    /// sign of the derivative shrink to an end.
    static box extreme_face(box b, const jet& over, bool smallest) {
        for (std::size_t i = 0; i < b.size(); ++i) {
            const bool rises = at_least(over.slope[i]), falls = at_most(over.slope[i]);
            if (!rises && !falls) continue;
            if (rises == smallest)
                b.upper[i] = b.lower[i];
            else
                b.lower[i] = b.upper[i];
        }
        return b;
    }

    const program* program_;
    std::vector<std::size_t> at_;
    In in_;
    meter* work_;
};

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
