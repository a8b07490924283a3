#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "numerics/scalar/concept.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"
#include "numerics/scalar/tape.hpp"

namespace flowproof {

/// What a domain condition asks of its expression.
enum class relation {
    positive,    ///< > 0
    nonnegative, ///< >= 0
    nonzero      ///< != 0
};

/// A branch-free formula beside the conditions under which it is meant.
///
/// Conditions should be defined everywhere (best: polynomials), so that asking whether a point
/// belongs to the domain cannot fail itself.
struct formula {
    tape value;
    tape domain;                     ///< the variables of `value`, one output a condition
    std::vector<relation> relations; ///< one per output of `domain`
    std::vector<std::string> words;  ///< each condition as a reader writes it: "KP > 0"
};

/// Collects the conditions of a formula's domain while they are recorded.
class conditions {
public:
    void positive(const expr& x, std::string words) {
        add(relation::positive, x, std::move(words));
    }
    void nonnegative(const expr& x, std::string words) {
        add(relation::nonnegative, x, std::move(words));
    }
    void nonzero(const expr& x, std::string words) { add(relation::nonzero, x, std::move(words)); }

    const std::vector<expr>& values() const { return values_; }
    const std::vector<relation>& relations() const { return relations_; }
    const std::vector<std::string>& words() const { return words_; }

private:
    void add(relation kind, const expr& x, std::string words) {
        values_.push_back(x);
        relations_.push_back(kind);
        words_.push_back(std::move(words));
    }
    std::vector<expr> values_;
    std::vector<relation> relations_;
    std::vector<std::string> words_;
};

/// A formula with its domain:
///     make_formula({"KP", "KQ"},
///                  [](auto KP, auto KQ) { return 1 / sqrt(KP * KQ); },
///                  [](conditions& need, auto KP, auto KQ) {
///                      need.positive(KP, "KP > 0");
///                      need.positive(KQ, "KQ > 0");
///                  });
template <std::size_t N, class Value, class Domain>
formula make_formula(const char* const (&variables)[N], Value value, Domain domain) {
    recorder r;
    std::vector<expr> inputs;
    for (const char* variable : variables)
        inputs.push_back(r.variable(variable));
    conditions need;
    [&]<std::size_t... I>(std::index_sequence<I...>) { domain(need, inputs[I]...); }
    (std::make_index_sequence<N>{});
    return {record(variables, value), r.finish(need.values()), need.relations(), need.words()};
}

/// Does `x relation 0` hold? Not-a-number answers no.
template <ordered T> truth holds(relation kind, const T& x, const T& zero) {
    const truth below = less(x, zero), above = less(zero, x);
    switch (kind) {
    case relation::positive:
        return above;
    case relation::nonnegative:
        if constexpr (std::totally_ordered<T>) return x >= zero ? truth::yes : truth::no;
        return negation(below);
    default:
        if (certainly(below) || certainly(above)) return truth::yes;
        return certainly_not(below) && certainly_not(above) ? truth::no : truth::unknown;
    }
}

struct domain_answer {
    truth holds = truth::yes;  ///< conjunction of all conditions
    std::size_t condition = 0; ///< the first violated one, else the first unknown one, else count
};

/// Are all conditions met at these values?
/// @param values     one value per variable of the tape.
/// @param constants  how T sees exact constants.
/// @throws std::invalid_argument if conditions and relations differ in number; as evaluate().
template <ordered T>
domain_answer domain_holds(const tape& conditions, std::span<const relation> relations,
                           std::span<const T> values, const embed<T>& constants = {}) {
    if (relations.size() != conditions.outputs().size())
        throw std::invalid_argument("domain_holds: " + std::to_string(conditions.outputs().size()) +
                                    " conditions with " + std::to_string(relations.size()) +
                                    " relations");
    const std::vector<T> x = evaluate(conditions, values, constants);
    const T zero = constants(rational(0));
    domain_answer answer{truth::yes, relations.size()};
    for (std::size_t i = 0; i < x.size(); ++i) {
        const truth t = holds(relations[i], x[i], zero);
        if (certainly_not(t)) return {truth::no, i};
        if (!certainly(t) && certainly(answer.holds)) answer = {truth::unknown, i};
    }
    return answer;
}

template <ordered T>
domain_answer domain_holds(const formula& f, const std::vector<T>& values,
                           const embed<T>& constants = {}) {
    return domain_holds(f.domain, f.relations, std::span<const T>(values), constants);
}

} // namespace flowproof
