// Signs of outputs over all of a box, part by part.
#include "verify/check/box.hpp"
#include "verify/check/kinds.hpp"

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

bool above(const range& x) { return certainly(less(ball(0), x.lo)); }
bool below(const range& x) { return certainly(less(x.hi, ball(0))); }
bool at_least(const range& x) { return certainly_not(less(x.lo, ball(0))); }
bool at_most(const range& x) { return certainly_not(less(ball(0), x.hi)); }

bool holds(sign s, const range& x) {
    if (s == sign::positive) return above(x);
    if (s == sign::nonnegative) return at_least(x);
    return above(x) || below(x);
}
bool violated(sign s, const range& x) {
    if (s == sign::positive) return at_most(x);
    if (s == sign::nonnegative) return below(x);
    return at_least(x) && at_most(x);
}

/// The face of the box where an output with these derivatives is smallest (largest).
box extreme_face(box b, const jet& over, bool smallest) {
    for (std::size_t i = 0; i < b.size(); ++i) {
        const bool rises = at_least(over.slope[i]), falls = at_most(over.slope[i]);
        if (rises == smallest && (rises || falls))
            b.upper[i] = b.lower[i];
        else if (rises || falls)
            b.lower[i] = b.upper[i];
    }
    return b;
}

struct signs_on_box {
    enclosed_program value;
    std::vector<sign> wanted;

    bool directly(const box& b) const {
        const auto x = value.direct(b);
        for (std::size_t o = 0; o < x.size(); ++o)
            if (!holds(wanted[o], x[o])) return false;
        return true;
    }
    /// Output o over b, directly or by the centred form.
    bool centred(const box& b, std::size_t o, sign s) const {
        if (holds(s, value.direct(b)[o])) return true;
        return holds(s, value.centred(b, value.jets(b))[o]);
    }
    bool centred(const box& b) const {
        const auto x = value.direct(b), y = value.centred(b, value.jets(b));
        for (std::size_t o = 0; o < x.size(); ++o)
            if (!holds(wanted[o], x[o]) && !holds(wanted[o], y[o])) return false;
        return true;
    }
    bool by_monotonicity(const box& b) const {
        const auto over = value.jets(b);
        for (std::size_t o = 0; o < over.size(); ++o) {
            if (wanted[o] != sign::nonzero) {
                if (!centred(extreme_face(b, over[o], true), o, wanted[o])) return false;
                continue;
            }
            const box low = extreme_face(b, over[o], true), high = extreme_face(b, over[o], false);
            const auto certain = [&](const box& face, bool (*test)(const range&)) {
                return test(value.direct(face)[o]) ||
                       test(value.centred(face, value.jets(face))[o]);
            };
            if (!certain(low, above) && !certain(high, below)) return false;
        }
        return true;
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
    const std::vector<sign> wanted = signs_of(text.only("signs"), value.outputs.size());
    const enclosed_program enclosed(value, whole, bits, work);
    const signs_on_box claim{enclosed, wanted};
    const program none{};
    const bool restricted = text.has_tape("domain");
    const program& domain = restricted ? text.tape("domain") : none;
    const enclosed_program conditions(domain, whole, bits, work);
    std::vector<sign> relations;
    if (restricted) relations = signs_of(text.only("relations"), domain.outputs.size());

    std::size_t parts = 0;
    walk(text, whole, work, [&](std::string_view leaf, const box& b, const line& at) {
        ++parts;
        bool shown = false;
        if (leaf == "n") {
            shown = claim.directly(b);
        } else if (leaf == "c") {
            shown = claim.centred(b);
        } else if (leaf == "m") {
            shown = claim.by_monotonicity(b);
        } else if (leaf == "o") {
            const auto x = conditions.direct(b);
            for (std::size_t i = 0; i < x.size(); ++i)
                shown = shown || violated(relations[i], x[i]);
        } else {
            unreadable(at.number, "a leaf is o, n, c or m, got \"" + std::string(leaf) + "\"");
        }
        if (!shown)
            invalid(at.number, "part " + std::to_string(parts) + " of the box: leaf " +
                                   std::string(leaf) +
                                   (leaf == "o" ? ", no condition is certainly violated"
                                                : ", not every output has its sign"));
    });
    text.nothing_else();
    return std::to_string(value.outputs.size()) + " signs over " + std::to_string(whole.size()) +
           " variables, " + std::to_string(parts) + " parts";
}

} // namespace flowproof::check
