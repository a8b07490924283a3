#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <stdexcept>

#include "numerics/box/zeros.hpp"
#include "verify/engine/boxes.hpp"
#include "verify/engine/engines.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

using type = zeros_in_box::type;

/// Exactly, as an integer or m*2^e.
std::string dyadic(double x) {
    int exponent = 0;
    auto m = static_cast<std::int64_t>(std::ldexp(std::frexp(x, &exponent), 53));
    if (m == 0) return "0";
    for (exponent -= 53; m % 2 == 0; m /= 2)
        ++exponent;
    if (exponent >= 0 && exponent < 10) return std::to_string(m * (std::int64_t{1} << exponent));
    return fmt::format("{}*2^{}", m, exponent);
}

std::string sides_text(const char* word, const std::vector<variable_range>& sides) {
    std::string text;
    for (const variable_range& s : sides)
        text += fmt::format("{} {} {} {}\n", word, s.variable, s.lower.str(), s.upper.str());
    return text;
}

std::string zero_line(const isolated_zero& z) {
    std::string line = "zero";
    for (const interval<double>& side : z.box)
        line += " " + dyadic(side.lower()) + " " + dyadic(side.upper());
    line += " ;";
    for (const double x : z.centre)
        line += " " + dyadic(x);
    line += " ;";
    for (const double x : z.preconditioner)
        line += " " + dyadic(x);
    line += " ;";
    for (const int sign : z.signs)
        line += " " + std::to_string(sign);
    return line + "\n";
}

/// Of one cell of the parameters, in the form of verify/check/README.md.
std::string cell_text(const zeros_in_box& what, const zeros_cell& cell) {
    std::string text = "flowproof-certificate 1 zeros_in_box\ntape system\n" + what.system.text() +
                       "end\n" + sides_text("unknown", ranges_of(what.unknowns)) +
                       sides_text("parameter", cell.parameters) +
                       fmt::format("count {}\n", cell.zeros.size());
    if (!what.indicators.outputs().empty())
        text += "tape indicators\n" + what.indicators.text() + "end\n";
    for (const isolated_zero& z : cell.zeros)
        text += zero_line(z);
    return text + tree_lines(cell.tree) + "qed\n";
}

void check(const zeros_in_box& what) {
    std::size_t all = 0;
    for (const type& t : what.types) {
        if (t.signs.size() != what.indicators.outputs().size() ||
            std::any_of(t.signs.begin(), t.signs.end(), [](int s) { return s < -1 || s > 1; }))
            throw std::invalid_argument(fmt::format(
                "zeros_in_box: type \"{}\" needs a sign -1, 0 or 1 for each of {} indicators",
                t.name, what.indicators.outputs().size()));
        all += t.count;
    }
    if (all > what.count)
        throw std::invalid_argument(
            fmt::format("zeros_in_box: the types count {} zeros, {} stated", all, what.count));
}

truth is_of(const isolated_zero& z, const type& t) {
    truth answer = truth::yes;
    for (std::size_t k = 0; k < t.signs.size(); ++k) {
        if (t.signs[k] == 0 || z.signs[k] == t.signs[k]) continue;
        answer = conjunction(answer, z.signs[k] == 0 ? truth::unknown : truth::no);
    }
    return answer;
}

/// How a cell agrees with the statement; `why` says what differs or is open.
truth agrees(const zeros_in_box& what, const zeros_cell& cell, std::string& found,
             std::string& stated) {
    if (cell.zeros.size() != what.count) {
        found = fmt::format("{} zeros", cell.zeros.size());
        stated = fmt::format("{} zeros", what.count);
        return truth::no;
    }
    truth answer = truth::yes;
    for (const type& t : what.types) {
        std::size_t certain = 0, possible = 0;
        for (const isolated_zero& z : cell.zeros) {
            const truth is = is_of(z, t);
            certain += certainly(is) ? 1 : 0;
            possible += possibly(is) ? 1 : 0;
        }
        if (certain == t.count && possible == t.count) continue;
        found = fmt::format("{} to {} zeros of type {}", certain, possible, t.name);
        stated = fmt::format("{} zeros of type {}", t.count, t.name);
        if (certain > t.count || possible < t.count) return truth::no;
        answer = truth::unknown;
    }
    return answer;
}

std::string box_words(const std::vector<variable_range>& unknowns, const isolated_zero& z) {
    std::string text;
    for (std::size_t i = 0; i < unknowns.size(); ++i)
        text += (i == 0 ? "" : ", ") + unknowns[i].variable + " in " + z.tight[i].str();
    return text;
}

verdict fallen(const zeros_in_box& what, const zeros_cell& cell, const std::string& found,
               const std::string& stated) {
    counterexample e;
    e.where = cell.parameters.empty() ? "the box" : "these parameters, all of them";
    for (const variable_range& s : cell.parameters)
        e.at.emplace_back(s.variable, s.lower == s.upper
                                          ? s.lower.str()
                                          : "[" + s.lower.str() + ", " + s.upper.str() + "]");
    for (std::size_t k = 0; k < cell.zeros.size(); ++k)
        e.at.emplace_back(fmt::format("zero {}", k + 1),
                          box_words(ranges_of(what.unknowns), cell.zeros[k]));
    e.left = found;
    e.right = stated;
    return verdict::falls(std::move(e));
}

verdict open(const zeros_in_box& what, const zeros_answer& found, const engine_context& context) {
    std::string where = printed(found.cluster);
    if (!found.parameters.empty()) where += " at " + printed(found.parameters);
    const std::string clusters =
        found.clusters > 1 ? fmt::format(" (and {} parts like it)", found.clusters - 1) : "";
    const bool fixed = std::all_of(what.parameters.begin(), what.parameters.end(),
                                   [](const side& s) { return s.lower == s.upper; });
    return verdict::undecided(
        fmt::format("the part {}{}: {}", where, clusters, found.reason),
        found.clusters > 0
            ? "a box whose boundary holds no zero; multiple zeros need a statement about the "
              "system divided by its factors"
            : more_parts(context.level) + (fixed ? "" : ", or a smaller box of parameters"));
}

} // namespace

decision decide_zeros_in_box(const zeros_in_box& what, const engine_context& context) {
    check(what);
    certificate proof;
    proof.kind = "zeros_in_box";
    const std::vector<variable_range> unknowns = ranges_of(what.unknowns),
                                      parameters = ranges_of(what.parameters);
    proof.domain.push_back(printed(unknowns));
    if (!parameters.empty()) proof.domain.push_back(printed(parameters));
    for (const std::string& fixed : what.listed)
        proof.domain.push_back("fixed: " + fixed);
    fnv_hash texts;
    texts.add(what.system.text()).add(what.indicators.text());
    for (const std::string& line : proof.domain)
        texts.add(line);
    proof.fingerprint = texts.add(static_cast<std::uint64_t>(what.count)).str();

    zeros_question question{what.system, unknowns, parameters, what.indicators, {}};
    question.needed.assign(what.indicators.outputs().size(), 0);
    for (const type& t : what.types)
        for (std::size_t k = 0; k < t.signs.size(); ++k)
            if (t.signs[k] != 0) question.needed[k] = 1;
    look(context);
    const zeros_answer found =
        isolate_zeros(question, {parts_allowed(context.level), context.stop});
    look(context);

    std::string left, right;
    const zeros_cell* unclear = nullptr;
    for (std::size_t k = 0; k < found.cells.size(); ++k) {
        const zeros_cell& cell = found.cells[k];
        proof.payload.emplace_back(parameters.empty() ? "proof"
                                                      : fmt::format("proof of cell {}", k + 1),
                                   cell_text(what, cell));
        const truth t = agrees(what, cell, left, right);
        if (certainly_not(t)) return {fallen(what, cell, left, right), std::move(proof)};
        if (!certainly(t) && unclear == nullptr) unclear = &cell;
    }
    if (!found.complete) return {open(what, found, context), std::move(proof)};
    if (unclear != nullptr) {
        agrees(what, *unclear, left, right);
        return {
            verdict::undecided(left + " by certain signs of the indicators, " + right + " asked",
                               "indicators that do not vanish at the zeros"),
            std::move(proof)};
    }
    // How the cells of the proofs, in their order, fill the box of the parameters.
    if (!parameters.empty())
        proof.payload.emplace_back("cells",
                                   sides_text("side", parameters) + tree_lines(found.cell_tree));
    const bool instance =
        !what.parameters.empty() && std::all_of(what.parameters.begin(), what.parameters.end(),
                                                [](const side& s) { return s.lower == s.upper; });
    proof.covers = what.listed.empty() && !instance ? coverage::whole : coverage::listed;
    zeros_isolated evidence{*proof.covers, {}, found.parts};
    for (const isolated_zero& z : found.cells.front().zeros) {
        std::string name;
        for (const type& t : what.types)
            if (name.empty() && certainly(is_of(z, t))) name = t.name;
        evidence.zeros.push_back({name, box_words(unknowns, z)});
    }
    return {verdict::holds(std::move(evidence)), std::move(proof)};
}

} // namespace flowproof::engine
