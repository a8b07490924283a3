#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

#include "numerics/poly/normal_form.hpp"
#include "numerics/poly/point_search.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "verify/engine/engines.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

using point = std::vector<std::pair<std::string, rational>>;

struct budget {
    normal_form_budget expansion;
    std::size_t tries;
};

budget budget_of(profile p) {
    budget b{{}, 256 * static_cast<std::size_t>(work_factor(p))};
    b.expansion.terms *= p == profile::quick ? 1 : 10;
    b.expansion.work *= work_factor(p);
    return b;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& w : words)
        out += (out.empty() ? "" : ", ") + w;
    return "(" + out + ")";
}

/// No conditions, over these variables.
tape everywhere(const std::vector<std::string>& variables) {
    recorder r;
    for (const std::string& v : variables)
        r.variable(v);
    return r.finish({}, 0, 0);
}

void check(const identity& i) {
    if (i.left.variables() != i.right.variables())
        throw std::invalid_argument("identity: both sides need the same variables, got " +
                                    joined(i.left.variables()) + " and " +
                                    joined(i.right.variables()));
    if (i.left.rows() != i.right.rows() || i.left.cols() != i.right.cols())
        throw std::invalid_argument(
            fmt::format("identity: both sides need the same shape, got {} x {} and {} x {}",
                        i.left.rows(), i.left.cols(), i.right.rows(), i.right.cols()));
    if (i.left.outputs().empty())
        throw std::invalid_argument("identity: nothing to compare, both sides have no outputs");
    if (i.domain.outputs().size() != i.relations.size() || i.words.size() != i.relations.size())
        throw std::invalid_argument(
            fmt::format("identity: need a relation and words for each domain condition, got {} "
                        "conditions, {} relations, {} words",
                        i.domain.outputs().size(), i.relations.size(), i.words.size()));
    if (!i.relations.empty() && i.domain.variables() != i.left.variables())
        throw std::invalid_argument("identity: the domain needs the variables of the sides, got " +
                                    joined(i.domain.variables()) + " and " +
                                    joined(i.left.variables()));
}

/// The variables that --set names as `name`: name itself, or the entries name[i] and name[i,j].
std::size_t variables_named(const std::vector<std::string>& variables, const std::string& name) {
    return static_cast<std::size_t>(
        std::count_if(variables.begin(), variables.end(), [&](const std::string& v) {
            return v == name || v.rfind(name + "[", 0) == 0;
        }));
}

/// What a value of --set says of the variables: V = [[1, 2], [3, 4]] sets V[1,1] to V[2,2].
point values_of(const std::string& name, const matrix<rational>& value,
                const std::vector<std::string>& variables) {
    point result;
    const auto set = [&](const std::string& v, const rational& x) {
        if (std::find(variables.begin(), variables.end(), v) != variables.end())
            result.emplace_back(v, x);
    };
    if (value.size() == 1) set(name, value(0, 0));
    for (Eigen::Index i = 0; i < value.rows(); ++i)
        for (Eigen::Index j = 0; j < value.cols(); ++j) {
            set(fmt::format("{}[{},{}]", name, i + 1, j + 1), value(i, j));
            if (value.cols() == 1) set(fmt::format("{}[{}]", name, i + 1), value(i, j));
        }
    return result;
}

bool fits(const point& values, const matrix<rational>& value, std::size_t variables) {
    return values.size() == variables && values.size() == static_cast<std::size_t>(value.size());
}

/// All of --set that concerns these variables.
point values_of(const arguments& set, const std::vector<std::string>& variables) {
    point result;
    for (const auto& [name, value] : set.all()) {
        const std::size_t count = variables_named(variables, name);
        if (count == 0) continue;
        const point values = values_of(name, value, variables);
        if (!fits(values, value, count))
            throw std::invalid_argument(fmt::format(
                "identity (--set): the variables {}[...] are {} in number, got a {} x {} matrix",
                name, count, value.rows(), value.cols()));
        result.insert(result.end(), values.begin(), values.end());
    }
    return result;
}

/// Which nodes depend on no variable?
std::vector<bool> constants_of(const tape& t) {
    std::vector<bool> constant;
    constant.reserve(t.nodes().size());
    const auto at = [&](std::int32_t i) { return constant[static_cast<std::size_t>(i)]; };
    for (const node& n : t.nodes()) {
        const bool binary = n.op == opcode::add || n.op == opcode::sub || n.op == opcode::mul ||
                            n.op == opcode::div;
        if (n.op == opcode::constant || n.op == opcode::pi)
            constant.push_back(true);
        else if (n.op == opcode::variable)
            constant.push_back(false);
        else
            constant.push_back(at(n.a) && (!binary || at(n.b)));
    }
    return constant;
}

/// One condition without variables. Folded constants are exact, others enclosed.
truth condition_holds(const tape& t, std::size_t output, relation asked) {
    const node& n = t.nodes()[static_cast<std::size_t>(t.outputs()[output])];
    if (n.op == opcode::constant)
        return holds(asked, t.constants()[static_cast<std::size_t>(n.a)], rational(0));
    truth answer = truth::unknown;
    for (std::int64_t bits = 64; answer == truth::unknown && bits <= 4096; bits *= 2) {
        const std::vector<ball> zeros(t.variables().size(), ball(rational(0), bits));
        answer = holds(asked, evaluate(t, zeros, embed<ball>{bits})[output], ball(0));
    }
    return answer;
}

/// The identity at the user's values. @throws std::invalid_argument where they leave the domain.
identity at_values(const identity& what, const point& values) {
    identity result = what;
    result.left = substitute(what.left, values);
    result.right = substitute(what.right, values);
    result.domain = substitute(what.domain, values);
    const std::vector<bool> constant = constants_of(result.domain);
    for (std::size_t k = 0; k < result.relations.size(); ++k) {
        const auto node_index = static_cast<std::size_t>(result.domain.outputs()[k]);
        if (!constant[node_index]) continue;
        const truth t = condition_holds(result.domain, k, result.relations[k]);
        if (certainly(t)) continue;
        std::string at;
        for (const auto& [name, value] : values)
            at += (at.empty() ? "" : ", ") + name + " = " + value.str();
        throw std::invalid_argument("identity (--set): needs " + what.words[k] + ", which is " +
                                    (certainly_not(t) ? "violated" : "not certain") + " at " + at);
    }
    for (const auto& [name, value] : values)
        result.listed.push_back(name + " = " + value.str());
    return result;
}

/// Is there a point of the domain where both sides are defined? Two tapes are made that differ by
/// 1 wherever both sides mean something, and are looked at as any other pair.
bool somewhere_defined(const identity& what, const point_search_options& options) {
    recorder r;
    std::vector<expr> variables;
    for (const std::string& v : what.left.variables())
        variables.push_back(r.variable(v));
    const embed<expr> constants{&r};
    std::vector<expr> both = evaluate(what.left, variables, constants);
    for (const expr& x : evaluate(what.right, variables, constants))
        both.push_back(x);
    const tape defined = r.finish(both);
    both.front() = both.front() + 1;
    return find_difference(defined, r.finish(both), what.domain, what.relations, options)
        .has_value();
}

/// May an operation of the tape be undefined at some point?
bool partial(const tape& t) {
    const std::vector<bool> constant = constants_of(t);
    return std::any_of(t.nodes().begin(), t.nodes().end(), [&](const node& n) {
        return n.op == opcode::sqrt || n.op == opcode::log || (n.op == opcode::power && n.b < 0) ||
               (n.op == opcode::div && !constant[static_cast<std::size_t>(n.b)]);
    });
}

certificate describe(const identity& what) {
    certificate proof;
    proof.kind = "identity";
    proof.domain = what.words;
    if (partial(what.left) || partial(what.right))
        proof.domain.push_back("where both sides are defined");
    for (const std::string& fixed : what.listed)
        proof.domain.push_back("fixed: " + fixed);
    const std::string left = what.left.text(), right = what.right.text(),
                      domain = what.domain.text();
    fnv_hash texts;
    texts.add(left).add(right).add(domain);
    for (const relation r : what.relations)
        texts.add(static_cast<std::uint64_t>(r));
    proof.fingerprint = texts.str();
    add_payload(proof, "left", left, "the tape of the claim's left side");
    add_payload(proof, "right", right, "the tape of the claim's right side");
    if (!what.relations.empty()) add_payload(proof, "domain", domain, "the tape of the domain");
    return proof;
}

decision refute(const identity& what, const difference_point& d, certificate proof) {
    counterexample e;
    e.where = "a point of the domain";
    if (what.left.outputs().size() > 1)
        e.where += fmt::format(", entry [{},{}]", d.output / what.left.cols() + 1,
                               d.output % what.left.cols() + 1);
    for (const auto& [name, value] : d.point)
        e.at.emplace_back(name, value.str());
    for (const auto& [name, value] : e.at)
        proof.payload.emplace_back("at " + name, value);
    proof.payload.emplace_back("left value", d.left);
    proof.payload.emplace_back("right value", d.right);
    e.left = d.left;
    e.right = d.right;
    return {verdict::falls(std::move(e)), std::move(proof)};
}

} // namespace

bool takes(const identity& what, const arguments& set) {
    const std::vector<std::string>& variables = what.left.variables();
    return std::all_of(set.all().begin(), set.all().end(), [&](const auto& entry) {
        const auto& [name, value] = entry;
        const std::size_t count = variables_named(variables, name);
        return count == 0 || fits(values_of(name, value, variables), value, count);
    });
}

decision decide_identity(const identity& declared, const engine_context& context) {
    check(declared);
    identity what = declared;
    if (what.relations.empty()) what.domain = everywhere(what.left.variables());
    if (const point values = values_of(context.set, what.left.variables()); !values.empty())
        what = at_values(what, values);

    budget allowed = budget_of(context.level);
    allowed.expansion.stop = context.stop;
    const std::string larger = context.level == profile::paper
                                   ? "smaller sizes, or a statement cut into lemmas"
                                   : fmt::format("a larger profile (now {})", name(context.level));
    point_search_options search;
    search.seed = context.seed;
    search.tries = allowed.tries;
    search.stop = context.stop;
    certificate proof = describe(what);

    look(context);
    const identity_decision found = compare_normal_forms(what.left, what.right, allowed.expansion);
    look(context);
    using answer = identity_decision::answer;
    if (found.result == answer::undefined)
        throw std::invalid_argument("identity: a side is defined nowhere: " + found.reason);
    if (found.result == answer::identical) {
        const bool of_something = somewhere_defined(what, search);
        look(context);
        if (!of_something)
            return {verdict::undecided(
                        fmt::format("the normal forms are equal, but none of {} points lies in the "
                                    "domain with both sides defined: it may hold of nothing",
                                    search.tries),
                        "a domain that simple fractions meet, or " + larger),
                    std::move(proof)};
        proof.covers = what.listed.empty() ? coverage::whole : coverage::listed;
        proof.payload.emplace_back("normal form", found.digest);
        return {verdict::holds(exact_identity{*proof.covers, found.outputs,
                                              what.left.variables().size() + found.generators,
                                              found.terms}),
                std::move(proof)};
    }
    if (const auto d = find_difference(what.left, what.right, what.domain, what.relations, search))
        return refute(what, *d, std::move(proof));
    look(context);
    if (found.result == answer::out_of_budget)
        return {verdict::undecided("expansion stopped: " + found.reason, larger), std::move(proof)};
    return {verdict::undecided(
                fmt::format("output {} has the normal form {} left over, but none of {} points of "
                            "the domain shows a difference",
                            found.first_difference + 1, found.difference, search.tries),
                "write both sides with the same elementary functions, or " + larger),
            std::move(proof)};
}

} // namespace flowproof::engine
