#include "numerics/poly/normal_form.hpp"

#include <cstdio>
#include <optional>
#include <stdexcept>
#include <vector>

#include "numerics/poly/atoms.hpp"

namespace flowproof {

namespace {

using namespace normal;

class workspace {
public:
    workspace(const tape& t, const normal_form_budget& budget, plan& known)
        : field_(t, budget, known), atoms_(field_, known.units) {}

    fractions& field() { return field_; }
    std::vector<fraction> outputs(const tape& t);

private:
    fraction apply(const node& n, const std::vector<std::optional<fraction>>& value, const tape& t);

    fractions field_;
    atoms atoms_;
};

fraction workspace::apply(const node& n, const std::vector<std::optional<fraction>>& value,
                          const tape& t) {
    const auto at = [&](std::int32_t i) -> const fraction& {
        return *value[static_cast<std::size_t>(i)];
    };
    switch (n.op) {
    case opcode::constant:
        return field_.constant(t.constants()[static_cast<std::size_t>(n.a)]);
    case opcode::pi:
        return atoms_.pi();
    case opcode::variable:
        return field_.variable(static_cast<std::size_t>(n.a));
    case opcode::neg:
        return field_.negative(at(n.a));
    case opcode::add:
        return field_.add(at(n.a), at(n.b));
    case opcode::sub:
        return field_.subtract(at(n.a), at(n.b));
    case opcode::mul:
        return field_.multiply(at(n.a), at(n.b));
    case opcode::div:
        return field_.multiply(at(n.a), field_.reciprocal(at(n.b)));
    case opcode::power:
        return field_.raise(at(n.a), n.b);
    case opcode::sqrt:
        return atoms_.square_root(at(n.a));
    case opcode::exp:
        return atoms_.exponential(at(n.a));
    case opcode::log:
        return atoms_.logarithm(at(n.a));
    case opcode::sin:
        return atoms_.sine_cosine(at(n.a)).first;
    default:
        return atoms_.sine_cosine(at(n.a)).second;
    }
}

/// Values are dropped after their last use.
std::vector<fraction> workspace::outputs(const tape& t) {
    const auto& nodes = t.nodes();
    std::vector<std::size_t> last(nodes.size(), 0);
    const auto operands = [](const node& n) {
        const bool leaf =
            n.op == opcode::constant || n.op == opcode::pi || n.op == opcode::variable;
        const bool binary = n.op == opcode::add || n.op == opcode::sub || n.op == opcode::mul ||
                            n.op == opcode::div;
        return leaf ? 0 : binary ? 2 : 1;
    };
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (operands(nodes[i]) >= 1) last[static_cast<std::size_t>(nodes[i].a)] = i;
        if (operands(nodes[i]) == 2) last[static_cast<std::size_t>(nodes[i].b)] = i;
    }
    for (const std::int32_t i : t.outputs())
        last[static_cast<std::size_t>(i)] = nodes.size();
    std::vector<std::optional<fraction>> value(nodes.size());
    const auto release = [&](std::int32_t operand, std::size_t now) {
        auto& x = value[static_cast<std::size_t>(operand)];
        if (!x || last[static_cast<std::size_t>(operand)] != now) return;
        field_.drop(*x);
        x.reset();
    };
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        value[i] = apply(nodes[i], value, t);
        field_.keep(*value[i]);
        if (operands(nodes[i]) >= 1) release(nodes[i].a, i);
        if (operands(nodes[i]) == 2) release(nodes[i].b, i);
    }
    std::vector<fraction> result;
    for (const std::int32_t i : t.outputs())
        result.push_back(*value[static_cast<std::size_t>(i)]);
    return result;
}

/// The atoms that a text mentions, explained: " with #1 = sqrt(x)".
std::string explained(std::string text, const fractions& w) {
    std::string list;
    for (std::size_t i = w.generators(); i-- > 0;) {
        const std::string symbol = "#" + std::to_string(i + 1);
        const std::string known = text + list;
        std::size_t at = known.find(symbol);
        while (at != std::string::npos && at + symbol.size() < known.size() &&
               known[at + symbol.size()] >= '0' && known[at + symbol.size()] <= '9')
            at = known.find(symbol, at + 1);
        if (at != std::string::npos)
            list += (list.empty() ? ", with " : ", ") + symbol + " = " + w.meaning(i);
    }
    return text + list;
}

identity_decision decide(const tape& left, const tape& right, const normal_form_budget& budget,
                         plan& known) {
    workspace work(left, budget, known);
    fractions& w = work.field();
    identity_decision decision;
    decision.outputs = left.outputs().size();
    decision.result = identity_decision::answer::identical;
    const auto summary = [&] {
        decision.generators = w.generators();
        decision.terms = w.peak();
        decision.work = known.work;
        return decision;
    };
    try {
        const std::vector<fraction> a = work.outputs(left), b = work.outputs(right);
        std::uint64_t h = 0xcbf29ce484222325ULL;
        const auto stir = [&h](std::uint64_t x) {
            h = (h ^ x) * 0x9e3779b97f4a7c15ULL ^ (h >> 29);
        };
        for (std::size_t i = 0; i < w.generators(); ++i)
            for (const char c : w.meaning(i))
                stir(static_cast<unsigned char>(c));
        for (std::size_t i = 0; i < a.size(); ++i) {
            stir(w.hash(a[i]));
            stir(w.hash(b[i]));
            const fraction difference = w.subtract(a[i], b[i]);
            if (difference.is_zero() ||
                decision.result == identity_decision::answer::not_normal_zero)
                continue;
            decision.result = identity_decision::answer::not_normal_zero;
            decision.first_difference = i;
            decision.difference = explained(w.str(difference), w);
        }
        char digest[17];
        std::snprintf(digest, sizeof digest, "%016llx", static_cast<unsigned long long>(h));
        decision.digest = digest;
        return summary();
    } catch (const nowhere_defined& e) {
        decision.result = identity_decision::answer::undefined;
        decision.reason = e.reason;
    } catch (const exhausted& e) {
        decision.result = identity_decision::answer::out_of_budget;
        decision.reason = e.reason;
    } catch (const std::length_error& e) {
        decision.result = identity_decision::answer::out_of_budget;
        decision.reason = e.what();
    }
    return summary();
}

} // namespace

identity_decision compare_normal_forms(const tape& left, const tape& right,
                                       const normal_form_budget& budget) {
    const auto list = [](const tape& t) {
        std::string text;
        for (const std::string& v : t.variables())
            text += (text.empty() ? "" : " ") + v;
        return "(" + text + ")";
    };
    if (left.variables() != right.variables())
        throw std::invalid_argument("compare_normal_forms: the sides have different variables, " +
                                    list(left) + " and " + list(right));
    if (left.rows() != right.rows() || left.cols() != right.cols())
        throw std::invalid_argument(
            "compare_normal_forms: the sides have different shapes, " +
            std::to_string(left.rows()) + " x " + std::to_string(left.cols()) + " and " +
            std::to_string(right.rows()) + " x " + std::to_string(right.cols()));
    const std::size_t nodes = left.nodes().size() + right.nodes().size();
    if (nodes > budget.nodes) {
        identity_decision decision;
        decision.outputs = left.outputs().size();
        decision.reason = std::to_string(nodes) + " operations, " + std::to_string(budget.nodes) +
                          " allowed (normal_form_budget.nodes)";
        return decision;
    }
    plan known;
    for (const tape* t : {&left, &right})
        for (const node& n : t->nodes())
            if (n.op == opcode::pi || n.op >= opcode::sqrt)
                known.slots = std::min(budget.generators, known.slots + 1);
    while (true) {
        try {
            return decide(left, right, budget, known);
        } catch (const begin_again&) {
            // `known` has grown; it is bounded, so this ends.
        }
    }
}

} // namespace flowproof
