#include <fmt/format.h>
#include <stdexcept>

#include "numerics/box/sign.hpp"
#include "verify/engine/boxes.hpp"
#include "verify/engine/engines.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

const char* word(relation r) {
    return r == relation::positive      ? "positive"
           : r == relation::nonnegative ? "nonnegative"
                                        : "nonzero";
}
const char* symbol(relation r) {
    return r == relation::positive ? "> 0" : r == relation::nonnegative ? ">= 0" : "!= 0";
}

std::string words(const std::vector<relation>& relations) {
    std::string text;
    for (const relation r : relations)
        text.append(" ").append(word(r));
    return text;
}

/// What is proved, in the form of verify/check/README.md, without the tree.
std::string statement_text(const sign_on_box& what) {
    std::string text = "flowproof-certificate 1 sign_on_box\ntape value\n" + what.value.text() +
                       "end\nsigns" + words(what.signs) + "\n";
    if (!what.relations.empty())
        text +=
            "tape domain\n" + what.domain.text() + "end\nrelations" + words(what.relations) + "\n";
    for (const side& s : what.box)
        text += fmt::format("side {} {} {}\n", s.variable, s.lower.str(), s.upper.str());
    return text;
}

void check(const sign_on_box& what) {
    if (what.words.size() != what.relations.size())
        throw std::invalid_argument(
            fmt::format("sign_on_box: need words for each condition, got {} conditions, {} words",
                        what.relations.size(), what.words.size()));
}

std::string output_name(const sign_on_box& what, std::size_t output) {
    return what.signs.size() == 1 ? "the expression" : fmt::format("output {}", output + 1);
}

verdict fallen(const sign_on_box& what, const sign_answer& found, certificate& proof) {
    counterexample e;
    e.where = output_name(what, found.output);
    for (const variable_range& s : found.point) {
        e.at.emplace_back(s.variable, s.lower == s.upper
                                          ? s.lower.str()
                                          : "[" + s.lower.str() + ", " + s.upper.str() + "]");
        proof.payload.emplace_back("at " + s.variable, e.at.back().second);
    }
    e.left = found.value;
    e.right = symbol(what.signs[found.output]);
    proof.payload.emplace_back("value", found.value);
    return verdict::falls(std::move(e));
}

verdict open(const sign_on_box& what, const sign_answer& found, const engine_context& context) {
    const std::string where = printed(found.part);
    if (found.undefined)
        return verdict::undecided(
            fmt::format("{} is not certainly defined on the part {}",
                        output_name(what, found.output), where),
            "a condition that excludes the singularity with a margin, or a smaller box");
    return verdict::undecided(
        fmt::format("{} lies in {} on the part {}, {} asked ({} parts looked at, depth {})",
                    output_name(what, found.output), found.value, where,
                    symbol(what.signs[found.output]), parts_allowed(context.level), found.depth),
        more_parts(context.level) +
            "; where the expression touches 0, a factor drawn out or a smaller box");
}

} // namespace

decision decide_sign_on_box(const sign_on_box& what, const engine_context& context) {
    check(what);
    certificate proof;
    proof.kind = "sign_on_box";
    proof.domain = what.words;
    const std::vector<variable_range> box = ranges_of(what.box);
    proof.domain.push_back(printed(box));
    for (const std::string& fixed : what.listed)
        proof.domain.push_back("fixed: " + fixed);
    const std::string text = statement_text(what);
    proof.fingerprint = fnv_hash().add(text).str();

    look(context);
    const sign_answer found =
        decide_signs({what.value, what.signs, what.domain, what.relations, box},
                     {parts_allowed(context.level), context.stop});
    look(context);
    if (found.is == sign_answer::kind::fails) {
        proof.payload.emplace_back("statement", text);
        verdict v = fallen(what, found, proof);
        return {std::move(v), std::move(proof)};
    }
    if (found.is == sign_answer::kind::open) return {open(what, found, context), std::move(proof)};
    if (found.outside == found.leaves)
        return {verdict::undecided("no part of the box meets the conditions: it would hold of "
                                   "nothing",
                                   "a box that meets the conditions"),
                std::move(proof)};
    proof.covers = what.listed.empty() ? coverage::whole : coverage::listed;
    proof.payload.emplace_back("proof", text + tree_lines(found.tree) + "qed\n");
    return {verdict::holds(signs_certain{*proof.covers, what.signs.size(), found.leaves,
                                         found.outside, found.depth}),
            std::move(proof)};
}

} // namespace flowproof::engine
