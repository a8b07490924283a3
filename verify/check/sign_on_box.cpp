// Signs of outputs over all of a box, part by part.
#include <optional>

#include "verify/check/box.hpp"
#include "verify/check/exact_range.hpp"
#include "verify/check/kinds.hpp"
#include "verify/check/range.hpp"

namespace flowproof::check {

namespace {

enum class sign { positive, nonnegative, nonzero };

std::vector<sign> signs_of(const line& from, std::size_t count) {
    if (from.words.size() != 1 + count)
        unreadable(from.number, "expected " + std::to_string(count) + " signs, one an output");
    std::vector<sign> result;
    for (std::size_t i = 1; i <= count; ++i) {
        const std::string_view w = from.words[i];
        if (w != "positive" && w != "nonnegative" && w != "nonzero")
            unreadable(from.number, "a sign is positive, nonnegative or nonzero");
        result.push_back(w == "positive"      ? sign::positive
                         : w == "nonnegative" ? sign::nonnegative
                                              : sign::nonzero);
    }
    return result;
}

/// Has output o its sign on the box? In ranges, and in exact ones where a sign may touch 0.
struct signs {
    enclosed_program<in_ranges> rounded;
    enclosed_program<in_exact_ranges> exact;
    std::vector<sign> wanted;

    bool hold(const box& b, int effort) const {
        for (std::size_t o = 0; o < wanted.size(); ++o)
            if (!holds(rounded, b, o, effort) && !holds(exact, b, o, effort)) return false;
        return true;
    }
    /// Some output certainly has not its sign.
    bool fail(const box& b, int effort) const {
        for (std::size_t o = 0; o < wanted.size(); ++o)
            if (fails(rounded, b, o, effort) || fails(exact, b, o, effort)) return true;
        return false;
    }

private:
    template <class P> bool holds(const P& p, const box& b, std::size_t o, int effort) const {
        if (wanted[o] == sign::positive) return p.certain(b, o, above, true, effort);
        if (wanted[o] == sign::nonnegative) return p.certain(b, o, at_least, true, effort);
        return p.certain(b, o, above, true, effort) || p.certain(b, o, below, false, effort);
    }
    template <class P> bool fails(const P& p, const box& b, std::size_t o, int effort) const {
        if (wanted[o] == sign::positive) return p.certain(b, o, at_most, false, effort);
        if (wanted[o] == sign::nonnegative) return p.certain(b, o, below, false, effort);
        return p.certain(b, o, at_least, true, effort) && p.certain(b, o, at_most, false, effort);
    }
};

} // namespace

std::string check_sign_on_box(document& text, meter& work) {
    box whole;
    for (const line* l : text.all({"side"}))
        add_side(whole, text, *l);
    const std::int64_t bits = precision_for(text);
    const program& value = text.tape("value");
    if (value.outputs.empty()) unreadable(value.line, "the tape has no outputs");
    const auto signs_over = [&](const program& p, const line& relations) {
        const std::vector<sign> wanted = signs_of(relations, p.outputs.size());
        const enclosed_program<in_ranges> rounded(p, whole, {bits}, work);
        const enclosed_program<in_exact_ranges> exact(p, whole, {}, work);
        return signs{rounded, exact, wanted};
    };
    const signs claim = signs_over(value, text.only("signs"));
    std::optional<signs> conditions;
    if (text.has_tape("domain"))
        conditions = signs_over(text.tape("domain"), text.only("relations"));

    std::size_t parts = 0;
    walk(text, whole, work, [&](std::string_view leaf, const box& b, const line& at) {
        ++parts;
        if (leaf == "o") {
            if (!conditions || !conditions->fail(b, 2))
                invalid(at.number, "part " + std::to_string(parts) +
                                       " of the box: leaf o, no condition is certainly violated");
        } else if (leaf == "n" || leaf == "c" || leaf == "m") {
            if (!claim.hold(b, leaf == "n" ? 0 : leaf == "c" ? 1 : 2))
                invalid(at.number, "part " + std::to_string(parts) + " of the box: leaf " +
                                       std::string(leaf) + ", not every output has its sign");
        } else {
            unreadable(at.number,
                       "a leaf is o, n, c or m, got \"" + std::string(leaf.substr(0, 60)) + "\"");
        }
    });
    text.nothing_else();
    return std::to_string(value.outputs.size()) + " signs over " + std::to_string(whole.size()) +
           " variables, " + std::to_string(parts) + " parts";
}

} // namespace flowproof::check
