#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>
#include <stdexcept>

#include "numerics/linalg/definite.hpp"
#include "numerics/poly/lowest_point.hpp"
#include "numerics/poly/rational_function.hpp"
#include "numerics/poly/real_roots.hpp"
#include "numerics/poly/sum_of_squares.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "verify/engine/engines.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

/// The tape expanded. Quotients may have constant denominators only.
polynomial expanded(const char* who, const tape& t) {
    const bool whole = std::all_of(t.nodes().begin(), t.nodes().end(), [&](const node& n) {
        const bool divides = n.op == opcode::div || (n.op == opcode::power && n.b < 0);
        return n.op != opcode::pi && n.op < opcode::sqrt &&
               (!divides || (n.op == opcode::div &&
                             t.nodes()[static_cast<std::size_t>(n.b)].op == opcode::constant));
    });
    if (!whole || t.outputs().size() != 1)
        throw std::invalid_argument(
            fmt::format("{}: need one polynomial (+ - * powers, quotients by constants), got {} "
                        "outputs{}",
                        who, t.outputs().size(), whole ? "" : ", not polynomials"));
    if (t.variables().empty())
        throw std::invalid_argument(fmt::format("{}: need a variable, got a constant", who));
    const polynomial_ring ring(t.variables());
    std::vector<rational_function> inputs;
    for (std::size_t v = 0; v < t.variables().size(); ++v)
        inputs.emplace_back(ring.variable(v));
    const rational_function f = evaluate(t, inputs, embed<rational_function>{}).front();
    const polynomial in_ring = polynomial(0) * ring.variable(0);
    return in_ring + f.numerator() * polynomial(rational(1) / f.denominator().constant_value());
}

std::string words(const std::vector<rational>& values) {
    std::string out;
    for (const rational& x : values)
        out += (out.empty() ? "" : " ") + x.str();
    return out;
}

std::string row_line(const char* key, const matrix<rational>& a, Eigen::Index i) {
    std::string line = key;
    for (Eigen::Index j = 0; j < a.cols(); ++j)
        line += " " + a(i, j).str();
    return line + "\n";
}

std::string certificate_text(const char* kind, const std::string& body) {
    return fmt::format("flowproof-certificate 1 {}\n{}qed\n", kind, body);
}

std::string tape_lines(const char* name, const tape& t) {
    std::string text = t.text();
    if (!text.empty() && text.back() != '\n') text += '\n';
    return fmt::format("tape {}\n{}end\n", name, text);
}

certificate about(const fnv_hash& statement) {
    certificate proof;
    proof.kind = "certificate";
    proof.fingerprint = statement.str();
    return proof;
}

decision shown(certificate proof, coverage covers, std::string what, std::size_t count) {
    proof.covers = covers;
    return {verdict::holds(witnessed{covers, std::move(what), count}), std::move(proof)};
}

decision refuted(certificate proof, counterexample found) {
    for (const auto& [name, value] : found.at)
        proof.payload.emplace_back("at " + name, value);
    proof.payload.emplace_back("left value", found.left);
    proof.payload.emplace_back("right value", found.right);
    return {verdict::falls(std::move(found)), std::move(proof)};
}

std::string counted(std::size_t n, const char* one, const char* many) {
    return fmt::format("{} {}", n, n == 1 ? one : many);
}

std::string end_text(const std::optional<rational>& end, const char* infinite) {
    return end ? end->str() : infinite;
}

/// Those between the ends, as intervals of width 2^-20.
std::vector<std::string> roots_between(const std::vector<rational>& coefficients,
                                       const real_roots& what) {
    std::vector<std::string> result;
    for (rational width = power(rational(2), -20);; width /= 1024) {
        bool across = false;
        result.clear();
        for (const isolated_root& r : isolate_real_roots(coefficients, width)) {
            // No end is a root: narrower intervals lie on one side of it.
            for (const auto& end : {what.lower, what.upper})
                across = across || (end && r.lower <= *end && *end <= r.upper);
            if ((what.lower && r.upper < *what.lower) || (what.upper && *what.upper < r.lower))
                continue;
            std::string text = r.lower == r.upper
                                   ? r.lower.str()
                                   : fmt::format("in [{}, {}]", decimal_below(r.lower, 9),
                                                 decimal_above(r.upper, 9));
            if (r.multiplicity > 1) text += fmt::format(", {}-fold", r.multiplicity);
            result.push_back(std::move(text));
        }
        if (!across) return result;
    }
}

} // namespace

decision decide_real_roots(const real_roots& what, const engine_context& context) {
    const polynomial p = expanded("real_roots", what.polynomial);
    const std::string variable = what.polynomial.variables().front();
    if (p.is_zero()) throw std::invalid_argument("real_roots: the polynomial is 0 everywhere");
    const std::vector<rational> coefficients = univariate_coefficients(p);
    if (what.lower && what.upper && *what.lower >= *what.upper)
        throw std::invalid_argument("real_roots: need lower < upper, got " + what.lower->str() +
                                    " and " + what.upper->str());
    for (const auto& end : {what.lower, what.upper})
        if (end && p.evaluate({*end}).is_zero())
            throw std::invalid_argument("real_roots: the end " + end->str() + " is itself a root");
    const std::string lower = end_text(what.lower, "-inf"), upper = end_text(what.upper, "inf");
    certificate proof = about(fnv_hash()
                                  .add("real_roots")
                                  .add(what.polynomial.text())
                                  .add(lower)
                                  .add(upper)
                                  .add(static_cast<std::uint64_t>(what.count)));
    if (what.lower || what.upper)
        proof.domain.push_back(fmt::format("{} < {} < {}", lower, variable, upper));
    add_payload(proof, "polynomial", what.polynomial.text(), "the tape of the claim's polynomial");
    look(context);
    const sturm_chain chain(coefficients);
    const std::size_t count = chain.count(what.lower, what.upper);
    look(context);
    const std::vector<std::string> roots = roots_between(coefficients, what);
    if (roots.size() != count)
        throw std::logic_error(
            fmt::format("real_roots: {} roots counted, {} isolated", count, roots.size()));
    std::string list;
    for (std::size_t k = 0; k < roots.size(); ++k) {
        proof.payload.emplace_back(fmt::format("root {}", k + 1), roots[k]);
        list += (k == 0 ? ": " : "; ") + roots[k];
    }
    const std::string place = fmt::format("{} < {} < {}", lower, variable, upper);
    if (count != what.count)
        return refuted(std::move(proof), {place,
                                          {},
                                          counted(count, "real root", "real roots") + list,
                                          counted(what.count, "root claimed", "roots claimed")});
    proof.payload.emplace_back(
        "certificate",
        certificate_text("real_roots", fmt::format("polynomial {}\nbetween {} {}\ncount {}\n",
                                                   words(coefficients), lower, upper, count)));
    return shown(std::move(proof), coverage::whole,
                 fmt::format("Sturm chain of {}, {} with {}", chain.length(),
                             counted(count, "distinct real root", "distinct real roots"), place),
                 1);
}

decision decide_definite_matrices(const definite_matrices& what, const engine_context& context) {
    if (what.matrices.empty())
        throw std::invalid_argument("definite_matrices: no matrix is listed");
    fnv_hash statement;
    statement.add("definite_matrices").add(static_cast<std::uint64_t>(what.strictly));
    for (const auto& [name, a] : what.matrices)
        statement.add(name).add(str(a));
    certificate proof = about(statement);
    for (const std::string& fixed : what.listed)
        proof.domain.push_back("fixed: " + fixed);
    std::size_t largest = 0;
    for (const auto& [name, a] : what.matrices) {
        look(context);
        definiteness found;
        try {
            found = definiteness_of(a);
        } catch (const std::invalid_argument& e) {
            throw std::invalid_argument("matrix " + name + ": " + e.what());
        }
        const auto needed = what.strictly ? definiteness::answer::positive_definite
                                          : definiteness::answer::semidefinite;
        if (found.is > needed) {
            add_payload(proof, "matrix " + name, str(a), "a matrix of the claim");
            return refuted(std::move(proof),
                           {name,
                            {{"A", str(a)}, {"v", "(" + words(found.direction) + ")"}},
                            "v^T A v = " + found.value.str(),
                            what.strictly ? "> 0" : ">= 0"});
        }
        std::string one_word = name;
        std::replace_if(
            one_word.begin(), one_word.end(), [](char c) { return c == ' ' || c == '\n'; }, '_');
        std::string body = fmt::format("matrix {} {} {}\n", one_word, a.rows(),
                                       what.strictly ? "strictly" : "semi");
        for (Eigen::Index i = 0; i < a.rows(); ++i)
            body += row_line("row", a, i);
        proof.payload.emplace_back("certificate " + name, certificate_text("definite", body));
        largest = std::max(largest, static_cast<std::size_t>(a.rows()));
    }
    return shown(std::move(proof), what.listed.empty() ? coverage::whole : coverage::listed,
                 fmt::format("{} positive {} by L D L^T, of size {} at most",
                             counted(what.matrices.size(), "matrix", "matrices"),
                             what.strictly ? "definite" : "semidefinite", largest),
                 what.matrices.size());
}

namespace {

struct square_budget {
    std::size_t monomials, descents;
};
square_budget square_budget_of(profile p) {
    return p == profile::quick  ? square_budget{40, 64}
           : p == profile::full ? square_budget{70, 640}
                                : square_budget{120, 6400};
}

bindings point_bindings(const std::vector<std::string>& variables,
                        const std::vector<rational>& point) {
    bindings result;
    for (std::size_t v = 0; v < variables.size(); ++v)
        result.emplace_back(variables[v], point[v].str());
    return result;
}

std::string square_certificate(const sum_of_squares& what, const gram_certificate& witness) {
    std::string body =
        tape_lines("polynomial", what.polynomial) + "lower " + what.lower.str() + "\n";
    if (!what.attained.empty()) body += "attained " + words(what.attained) + "\n";
    body += "monomials";
    for (const auto& m : witness.monomials)
        body += fmt::format(" {}", fmt::join(m, ","));
    body += "\n";
    for (Eigen::Index i = 0; i < witness.gram.rows(); ++i)
        body += row_line("gram", witness.gram, i);
    return certificate_text("sum_of_squares", body);
}

} // namespace

decision decide_sum_of_squares(const sum_of_squares& what, const engine_context& context) {
    const polynomial p = expanded("sum_of_squares", what.polynomial);
    const std::vector<std::string>& variables = what.polynomial.variables();
    certificate proof = about(fnv_hash()
                                  .add("sum_of_squares")
                                  .add(what.polynomial.text())
                                  .add(what.lower.str())
                                  .add(words(what.attained)));
    add_payload(proof, "polynomial", what.polynomial.text(), "the tape of the claim's polynomial");
    const auto falls_at = [&](const std::vector<rational>& point, const char* relation) {
        return refuted(std::move(proof), {"a point of the domain", point_bindings(variables, point),
                                          p.evaluate(point).str(), relation + what.lower.str()});
    };
    if (!what.attained.empty()) {
        if (what.attained.size() != variables.size())
            throw std::invalid_argument(
                fmt::format("sum_of_squares: the point where the bound is attained needs {} "
                            "coordinates, got {}",
                            variables.size(), what.attained.size()));
        if (p.evaluate(what.attained) != what.lower) return falls_at(what.attained, "= ");
    }
    const square_budget allowed = square_budget_of(context.level);
    square_search_options options;
    options.monomials = allowed.monomials;
    options.stop = context.stop;
    look(context);
    const square_search found = find_sum_of_squares(p - polynomial(what.lower), options);
    look(context);
    if (found.is == square_search::answer::found) {
        proof.payload.emplace_back("certificate", square_certificate(what, found.witness));
        std::uint64_t degree = 0;
        for (const auto& m : found.witness.monomials)
            degree = std::max(degree, std::accumulate(m.begin(), m.end(), std::uint64_t{0}));
        return shown(std::move(proof), coverage::whole,
                     fmt::format("sum of {} of polynomials of degree {} at most, over {}{}",
                                 counted(found.squares, "square", "squares"), degree,
                                 counted(found.witness.monomials.size(), "monomial", "monomials"),
                                 what.attained.empty() ? "" : "; the bound is attained"),
                     std::max<std::size_t>(1, found.squares));
    }
    if (const auto point = point_below(p, what.lower, allowed.descents, context.seed))
        return falls_at(*point, ">= ");
    look(context);
    const std::string reason = fmt::format("{}; no lower value found from {} random starts",
                                           found.reason, allowed.descents);
    if (found.is == square_search::answer::none)
        return {verdict::undecided(
                    "the polynomial minus its bound is not a sum of squares: " + reason,
                    "state it for the polynomial times a sum of squares, such as 1 + x^2 + y^2"),
                std::move(proof)};
    return {verdict::undecided(
                reason, context.level == profile::paper
                            ? "a bound just below the minimum, or variables shifted and scaled so "
                              "that the zeros have small coordinates"
                            : fmt::format("a bound just below the minimum, variables shifted and "
                                          "scaled so that the zeros have small coordinates, or a "
                                          "larger profile (now {})",
                                          name(context.level))),
            std::move(proof)};
}

} // namespace flowproof::engine
