// The kinds that are decided in rationals: Sturm chains, L D L^T, sums of squares.
#include <algorithm>
#include <optional>

#include "verify/check/elimination.hpp"
#include "verify/check/kinds.hpp"
#include "verify/check/polynomial.hpp"

namespace flowproof::check {

namespace {

using coefficients = std::vector<rational>; // c_0, c_1, ..., the last one not 0

/// -(f mod g), divided by the size of its leading coefficient, which keeps the numbers short.
coefficients next_in_chain(coefficients f, const coefficients& g) {
    while (f.size() >= g.size()) {
        const rational factor = f.back() / g.back();
        const std::size_t shift = f.size() - g.size();
        for (std::size_t i = 0; i + 1 < g.size(); ++i)
            f[shift + i] -= factor * g[i];
        f.pop_back();
        while (!f.empty() && f.back().is_zero())
            f.pop_back();
    }
    if (f.empty()) return f;
    const rational scale = rational(-1) / abs(f.back());
    for (rational& c : f)
        c *= scale;
    return f;
}

/// Sign of f at an end; infinite ends by the leading term.
int sign_at(const coefficients& f, const std::optional<rational>& x, bool lower) {
    if (!x) return f.size() % 2 == 0 && lower ? -f.back().sign() : f.back().sign();
    rational value;
    for (std::size_t i = f.size(); i-- > 0;)
        value = value * *x + f[i];
    return value.sign();
}

int changes(const std::vector<coefficients>& chain, const std::optional<rational>& x, bool lower) {
    int count = 0, before = 0;
    for (const coefficients& f : chain) {
        const int s = sign_at(f, x, lower);
        if (s != 0 && before != 0 && s != before) ++count;
        if (s != 0) before = s;
    }
    return count;
}

} // namespace

std::string check_real_roots(document& text, meter& work) {
    const line &given = text.only("polynomial"), &between = text.only("between"),
               &count = text.only("count");
    coefficients f = text.numbers(given, 1, given.words.size() - 1);
    if (f.size() < 2 || f.back().is_zero() || f.size() > 5001)
        unreadable(given.number,
                   "need a polynomial of degree 1 to 5000 with its leading coefficient");
    if (between.words.size() != 3 || count.words.size() != 2)
        unreadable(between.number, "expected \"between LOWER UPPER\" and \"count N\"");
    std::optional<rational> lower, upper;
    if (!text.is_infinite(between, 1, "-inf")) lower = text.number(between, 1);
    if (!text.is_infinite(between, 2, "inf")) upper = text.number(between, 2);
    if (lower && upper && *lower >= *upper) invalid(between.number, "the ends are not in order");
    const std::size_t claimed = text.count(count, 1, f.size());
    text.nothing_else();

    // Coefficients of the chain are quotients of subresultants: 2 n times as long as those given.
    work.spend(f.size() * f.size() * (8 + cost(2 * f.size() * text.widest())));
    std::vector<coefficients> chain{f, {}};
    for (std::size_t i = 1; i < f.size(); ++i)
        chain[1].push_back(rational(static_cast<std::int64_t>(i)) * f[i]);
    for (;;) {
        coefficients next = next_in_chain(chain[chain.size() - 2], chain.back());
        if (next.empty()) break;
        chain.push_back(std::move(next));
    }
    // Sturm: the number of distinct roots in (lower, upper], if the ends are no multiple roots.
    if ((lower && sign_at(f, lower, true) == 0) || (upper && sign_at(f, upper, false) == 0))
        invalid(between.number, "an end is a root");
    const int found = changes(chain, lower, true) - changes(chain, upper, false);
    if (static_cast<std::size_t>(found) != claimed)
        invalid(count.number, "Sturm's chain counts " + std::to_string(found) + " roots");
    return "a polynomial of degree " + std::to_string(f.size() - 1) + " has " +
           std::to_string(found) + " distinct real roots between the ends";
}

std::string check_definite(document& text, meter& work) {
    const auto lines = text.all({"matrix", "row"});
    text.nothing_else();
    std::size_t matrices = 0;
    for (std::size_t i = 0; i < lines.size();) {
        const line& head = *lines[i++];
        if (head.words.size() != 4 || head.words[0] != "matrix" ||
            (head.words[3] != "strictly" && head.words[3] != "semi"))
            unreadable(head.number, "expected \"matrix NAME N strictly|semi\"");
        square a{text.count(head, 2, 1000), {}};
        if (a.n == 0 || lines.size() - i < a.n)
            unreadable(head.number, "expected " + std::to_string(a.n) + " rows, one at least");
        for (std::size_t r = 0; r < a.n; ++r, ++i) {
            if (lines[i]->words[0] != "row" || lines[i]->words.size() != 1 + a.n)
                unreadable(lines[i]->number,
                           "expected \"row\" and " + std::to_string(a.n) + " entries");
            for (rational& q : text.numbers(*lines[i], 1, a.n))
                a.entries.push_back(std::move(q));
        }
        if (const auto why = not_definite(a, head.words[3] == "strictly", work); !why.empty())
            invalid(head.number, std::string(head.words[1]) + ": " + why);
        ++matrices;
    }
    if (matrices == 0) unreadable(0, "no matrix");
    return std::to_string(matrices) + " positive definite or semidefinite matrices, as listed";
}

std::string check_sum_of_squares(document& text, meter& work) {
    const program& tape = text.tape("polynomial");
    const line &lower = text.only("lower"), &monomials = text.only("monomials");
    const bool touches = text.has("attained");
    if (tape.outputs.size() != 1 || lower.words.size() != 2)
        unreadable(lower.number, "expected a tape of one output and \"lower Q\"");
    const rational bound = text.number(lower, 1);
    std::vector<rational> point;
    if (touches) {
        const line& l = text.only("attained");
        if (l.words.size() != 1 + tape.variables.size())
            unreadable(l.number, "expected one value a variable");
        point = text.numbers(l, 1, tape.variables.size());
    }
    const std::size_t n = monomials.words.size() - 1, v = tape.variables.size();
    std::vector<polynomial::exponents> basis;
    for (std::size_t i = 1; i <= n; ++i) {
        polynomial::exponents e;
        const std::string_view w = monomials.words[i];
        for (std::size_t at = 0; v != 0 && at <= w.size();) {
            const std::size_t end = std::min(w.find(',', at), w.size());
            const line one{monomials.number, {w.substr(at, end - at)}};
            e.push_back(static_cast<std::uint32_t>(text.count(one, 0, 1 << 20)));
            at = end + 1;
        }
        if (e.size() != v) unreadable(monomials.number, "a monomial has one exponent a variable");
        basis.push_back(std::move(e));
    }
    const auto gram = text.all({"gram"});
    if (n == 0 || n > 1000 || gram.size() != n)
        unreadable(monomials.number, "need 1 to 1000 monomials and a line \"gram\" for each");
    square g{n, {}};
    for (const line* l : gram) {
        if (l->words.size() != 1 + n) unreadable(l->number, "expected one entry a monomial");
        for (rational& q : text.numbers(*l, 1, n))
            g.entries.push_back(std::move(q));
    }
    text.nothing_else();

    const in_polynomials make{v, &work};
    std::vector<polynomial> in, at_point;
    for (std::size_t i = 0; i < v; ++i)
        in.push_back(make.variable(i));
    polynomial rest = run(tape, in, make)[tape.outputs[0]] - make(bound);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            work.spend(8 + cost(text.widest()));
            polynomial::exponents e = basis[i];
            for (std::size_t k = 0; k < v; ++k)
                e[k] += basis[j][k];
            rest.add(e, -g.at(i, j));
        }
    if (!rest.terms.empty())
        invalid(monomials.number, "polynomial - lower is not z^T G z: " +
                                      std::to_string(rest.terms.size()) + " coefficients differ");
    if (const auto why = not_definite(g, false, work); !why.empty()) invalid(gram[0]->number, why);
    if (touches) {
        for (const rational& q : point)
            at_point.push_back(make(q));
        const polynomial value = run(tape, at_point, make)[tape.outputs[0]] - make(bound);
        if (!value.terms.empty())
            invalid(lower.number, "the value at the point attained is not the lower bound");
    }
    return "a polynomial in " + std::to_string(v) + " variables is at least the lower bound" +
           (touches ? ", which it attains" : "");
}

} // namespace flowproof::check
