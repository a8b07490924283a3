// Certificates of zeros_in_box for the parts of a box of parameters, together.
#include <algorithm>
#include <exception>

#include "verify/check/box.hpp"
#include "verify/check/check.hpp"

namespace flowproof::check {

namespace {

/// What a certificate says of all cells alike: its tapes, unknowns and count.
struct shared_statement {
    std::map<std::string, std::string> tapes;
    std::vector<std::vector<std::string>> lines;
    friend bool operator==(const shared_statement&, const shared_statement&) = default;
};

shared_statement statement_of(document& text) {
    shared_statement result{text.tape_texts(), {}};
    for (const line* l : text.all({"unknown", "count"}))
        result.lines.emplace_back(l->words.begin(), l->words.end());
    return result;
}

bool same_box(const box& a, const box& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto at = std::find(b.names.begin(), b.names.end(), a.names[i]);
        if (at == b.names.end()) return false;
        const auto j = static_cast<std::size_t>(at - b.names.begin());
        if (a.lower[i] != b.lower[j] || a.upper[i] != b.upper[j]) return false;
    }
    return true;
}

std::string check_cells(std::string_view cells, const std::vector<std::string>& texts,
                        meter& work) {
    const std::string wrapped = "flowproof-certificate 1 cells\n" + std::string(cells) + "qed\n";
    document tree(wrapped, work);
    box whole;
    for (const line* l : tree.all({"side"}))
        add_side(whole, tree, *l);
    shared_statement statement;
    std::size_t next = 0;
    walk(tree, whole, work, [&](std::string_view leaf, const box& part, const line& at) {
        if (leaf != "c") unreadable(at.number, "a leaf is c");
        if (next == texts.size()) invalid(at.number, "there are more cells than certificates");
        document text(texts[next], work);
        if (text.kind() != "zeros_in_box") invalid(at.number, "a cell is of kind zeros_in_box");
        box cell;
        for (const line* l : text.all({"parameter"}))
            add_side(cell, text, *l);
        if (!same_box(part, cell))
            invalid(at.number, "the parameters of certificate " + std::to_string(next + 1) +
                                   " are not those of the cell");
        shared_statement here = statement_of(text);
        if (next > 0 && !(here == statement))
            invalid(at.number, "certificate " + std::to_string(next + 1) +
                                   " is of another system, box of unknowns or count");
        statement = std::move(here);
        ++next;
    });
    tree.nothing_else();
    if (next != texts.size()) invalid(0, "there are more certificates than cells");
    return std::to_string(next) + " cells fill the box of " + std::to_string(whole.size()) +
           " parameters";
}

} // namespace

verdict validate_cells(std::string_view cells, const std::vector<std::string>& texts,
                       const limits& allowed) noexcept {
    verdict result{verdict::answer::unreadable, "cells", "", "", {}};
    try {
        meter work(allowed);
        result.statement = check_cells(cells, texts, work);
        result.is = verdict::answer::valid;
    } catch (const refusal& why) {
        result.is = why.is;
        result.reason = why.what();
    } catch (const std::exception& e) {
        result.reason = e.what();
    }
    return result;
}

} // namespace flowproof::check
