#include <fmt/format.h>

#include "theory/core/worksheet.hpp"
#include "theory/landscapes/claims.hpp"
#include "theory/landscapes/losses.hpp"

namespace flowproof::landscapes {

namespace {

source derived(std::string place) { return {"flowproof", "derived", std::move(place)}; }

tape loss(const rational& decay) {
    return record({"a", "b", "c", "p"},
                  [&](auto a, auto b, auto c, auto p) { return decayed_loss(a, b, c, p, decay); });
}

/// second[i][j] = d^2 L / dx_i dx_j, four by four.
matrix<expr> hessian(worksheet& sheet, const expr& value) {
    const char* names[] = {"a", "b", "c", "p"};
    matrix<expr> h(4, 4);
    for (Eigen::Index i = 0; i < 4; ++i) {
        const expr slope = sheet.derivative(value, names[i]);
        for (Eigen::Index j = 0; j < 4; ++j)
            h(i, j) = sheet.derivative(slope, names[j]);
    }
    return h;
}

matrix<rational> hessian_at(const rational& decay, const std::vector<rational>& point) {
    worksheet sheet;
    const expr a = sheet.symbol("a"), b = sheet.symbol("b"), c = sheet.symbol("c"),
               p = sheet.symbol("p");
    const matrix<expr> h = hessian(sheet, decayed_loss(a, b, c, p, decay));
    std::vector<expr> entries;
    for (Eigen::Index i = 0; i < 4; ++i)
        for (Eigen::Index j = 0; j < 4; ++j)
            entries.push_back(h(i, j));
    const std::vector<rational> values = evaluate(sheet.finish(entries, 4, 4).value, point);
    matrix<rational> result(4, 4);
    for (Eigen::Index i = 0; i < 4; ++i)
        for (Eigen::Index j = 0; j < 4; ++j)
            result(i, j) = values[static_cast<std::size_t>(4 * i + j)];
    return result;
}

sum_of_squares bounded(const rational& decay, rational lower, std::vector<rational> attained = {}) {
    return {loss(decay), std::move(lower), std::move(attained)};
}

const rational one(1), no_decay(0), decay(1, 20);

/// L(a, 1/a, a, 1/a) = 0.
identity vanishes_on_the_valley(std::int64_t exponent = -1) {
    worksheet sheet;
    const expr a = sheet.symbol("a");
    sheet.require(a, relation::nonzero, "a != 0");
    const expr b = power(a, exponent);
    sheet.equate(tied_loss(a, b, a, b), expr(0));
    return sheet.finish();
}

claim valley() {
    return {
        .id = "landscapes.valley",
        .statement = "two tied products: the loss is nonnegative and vanishes on a curve",
        .latex =
            R"(L=(1-ab)^2+(1-cp)^2+\tfrac1{10}(a-c)^2\ge0\ \text{on}\ \mathbb R^4,\qquad L(a,\tfrac1a,a,\tfrac1a)=0\ (a\ne0))",
        .from = derived("1. Two tied products"),
        .method = "a Gram matrix over five monomials, positive semidefinite by an exact L D L^T; "
                  "expansion on the curve",
        .expected = outcome::proved,
        .shown_by =
            all_of{{make_lemma("nonnegative", bounded(no_decay, rational(0), {one, one, one, one})),
                    make_lemma("curve", vanishes_on_the_valley())}},
        .twins = {{"L >= 1/100", bounded(no_decay, rational(1, 100)), "nonnegative"},
                  {"0 attained at (1, 1, 1, 2)",
                   bounded(no_decay, rational(0), {one, one, one, rational(2)}), "nonnegative"},
                  {"b = p = 1/a^2", vanishes_on_the_valley(-2), "curve"}},
    };
}

definite_matrices curvature(const std::vector<std::vector<rational>>& points,
                            const rational& with_decay, bool strictly) {
    definite_matrices result;
    result.strictly = strictly;
    for (const auto& x : points) {
        const std::string name = fmt::format("Hessian at ({}, {}, {}, {})", x[0].str(), x[1].str(),
                                             x[2].str(), x[3].str());
        result.matrices.emplace_back(name, hessian_at(with_decay, x));
        result.listed.push_back(name);
    }
    return result;
}

claim flat() {
    const rational half(1, 2), two(2);
    const std::vector<std::vector<rational>> points = {
        {half, two, half, two}, {one, one, one, one}, {-two, -half, -two, -half}};
    return {
        .id = "landscapes.valley.flat",
        .statement = "the Hessian on the curve is positive semidefinite at three points, not "
                     "definite",
        .latex = R"(\nabla^2L\succeq0\ \text{at}\ (a,\tfrac1a,a,\tfrac1a),\ a\in\{\tfrac12,1,-2\})",
        .from = derived("1. Two tied products"),
        .method = "second derivatives on the tape, L D L^T in rationals",
        .expected = outcome::certified,
        .shown_by = curvature(points, no_decay, false),
        .twins = {{"definite", curvature(points, no_decay, true)},
                  {"at the origin too",
                   curvature(
                       {{one, one, one, one}, {rational(0), rational(0), rational(0), rational(0)}},
                       no_decay, false)}},
    };
}

/// On the diagonal, L + decay |x|^2 = 4 decay - 2 decay^2 + 2 (s^2 - 1 + decay)^2.
identity along_the_diagonal(std::int64_t factor = 2) {
    worksheet sheet;
    const expr s = sheet.symbol("s"), d = sheet.symbol("lambda");
    sheet.equate(tied_loss(s, s, s, s) + d * (4 * s * s),
                 4 * d - 2 * d * d + factor * power(s * s - 1 + d, 2));
    return sheet.finish();
}

claim minimum() {
    return {
        .id = "landscapes.regularised.minimum",
        .statement = "with weight decay 1/20 the least loss is 39/200, at irrational points",
        .latex =
            R"(L+\tfrac1{20}(a^2+b^2+c^2+p^2)\ge\tfrac{39}{200},\ \text{attained at}\ a=b=c=p=\pm\sqrt{19/20})",
        .from = derived("2. Weight decay"),
        .method = "a singular Gram matrix over seven monomials whose kernel is that of the two "
                  "minimisers, found in rationals; the value by completing the square",
        .given = {"s^2 = 1 - lambda makes the last square vanish: the value is 4/20 - 2/400"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma("bound", bounded(decay, rational(39, 200))),
                            make_lemma("diagonal", along_the_diagonal())}},
        .twins = {{"1951/10000", bounded(decay, rational(1951, 10000)), "bound"},
                  {"39/200 attained at (1, 1, 1, 1)",
                   bounded(decay, rational(39, 200), {one, one, one, one}), "bound"},
                  {"(s^2 - 1 + lambda)^2 once", along_the_diagonal(1), "diagonal"}},
    };
}

claim rational_minimum() {
    const rational lambda(9, 25), s(4, 5), value = 4 * lambda - 2 * lambda * lambda;
    const std::vector<rational> at(4, s);
    return {
        .id = "landscapes.regularised.rational",
        .statement = "with weight decay 9/25 the minimum is attained at (4/5, 4/5, 4/5, 4/5)",
        .latex =
            R"(L+\tfrac9{25}(a^2+b^2+c^2+p^2)\ge\tfrac{738}{625},\ \text{attained at}\ a=b=c=p=\tfrac45)",
        .from = derived("2. Weight decay"),
        .method = "a singular Gram matrix over seven monomials, positive semidefinite by an exact "
                  "L D L^T",
        .expected = outcome::proved,
        .shown_by = bounded(lambda, value, at),
        .twins = {{"a larger bound", bounded(lambda, value + rational(1, 1000))},
                  {"attained at (3/5, 3/5, 3/5, 3/5)",
                   bounded(lambda, value, std::vector<rational>(4, rational(3, 5)))}},
    };
}

claim strict_minimum() {
    const rational lambda(9, 25), s(4, 5), zero(0);
    return {
        .id = "landscapes.regularised.hessian",
        .statement = "with weight decay 9/25 the Hessian at both minimisers is positive definite",
        .latex = R"(\nabla^2\big(L+\tfrac9{25}|x|^2\big)\succ0\ \text{at}\ x=\pm\tfrac45(1,1,1,1))",
        .from = derived("2. Weight decay"),
        .method = "second derivatives on the tape, L D L^T in rationals",
        .expected = outcome::certified,
        .shown_by = curvature({{s, s, s, s}, {-s, -s, -s, -s}}, lambda, true),
        .twins = {{"at the origin too",
                   curvature({{s, s, s, s}, {zero, zero, zero, zero}}, lambda, true)}},
    };
}

/// The critical points in a box; types by leading principal minors of the Hessian.
zeros_in_box critical_points(std::size_t minima, std::size_t saddles) {
    worksheet sheet;
    const expr a = sheet.symbol("a"), b = sheet.symbol("b"), c = sheet.symbol("c"),
               p = sheet.symbol("p");
    const expr value = decayed_loss(a, b, c, p, decay);
    std::vector<expr> slopes, minors;
    zeros_in_box result;
    for (const char* name : {"a", "b", "c", "p"}) {
        slopes.push_back(sheet.derivative(value, name));
        result.unknowns.push_back({name, rational(-3), rational(3)});
    }
    const matrix<expr> h = hessian(sheet, value);
    // c and p meet a and b through one entry, t = h_13.
    const expr first = h(0, 0) * h(1, 1) - h(0, 1) * h(0, 1);
    const expr second = h(2, 2) * h(3, 3) - h(2, 3) * h(2, 3);
    const expr t2 = h(0, 2) * h(0, 2);
    minors = {h(0, 0), first, first * h(2, 2) - t2 * h(1, 1),
              first * second - t2 * h(1, 1) * h(3, 3)};
    result.system = sheet.finish(slopes, 4, 1).value;
    result.indicators = sheet.finish(minors, 4, 1).value;
    result.count = minima + saddles + 1;
    result.types = {{"minimum", {1, 1, 1, 1}, minima},
                    {"saddle of index 1", {0, 0, 0, -1}, saddles},
                    {"saddle of index 2", {0, -1, 0, 1}, 1}};
    return result;
}

claim critical() {
    return {
        .id = "landscapes.regularised",
        .statement = "with weight decay 1/20 the loss has nine critical points in a box: four "
                     "minima, four saddles of index 1, the origin of index 2",
        .latex = R"(\#\{x\in[-3,3]^4:\nabla(L+\tfrac1{20}|x|^2)=0\}=9=4+4+1)",
        .from = derived("2. Weight decay"),
        .method = "subdivision with interval Newton tests; types by the leading principal minors "
                  "of the Hessian",
        .given = {"the Hessian is positive definite on the (a, c) plane, where it is at least "
                  "[[3/10, -1/5], [-1/5, 3/10]]: the index is at most 2, so 1 where the "
                  "determinant is negative and 2 where only the second minor is"},
        .expected = outcome::proved,
        .shown_by = critical_points(4, 4),
        .twins = {{"two minima, six saddles", critical_points(2, 6)},
                  {"seven critical points", critical_points(2, 4)}},
    };
}

} // namespace

std::vector<claim> tied_claims() {
    return {valley(), flat(), minimum(), rational_minimum(), strict_minimum(), critical()};
}

} // namespace flowproof::landscapes
