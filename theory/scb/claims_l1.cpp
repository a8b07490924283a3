#include <algorithm>
#include <utility>

#include "numerics/random/instances.hpp"
#include "theory/scb/claims.hpp"
#include "theory/scb/closures.hpp"
#include "theory/scb/prox.hpp"
#include "theory/scb/symbolic.hpp"

/// The l1 steps of stage two. One column, exact.
namespace flowproof::scb {

namespace {

matrix<rational> random_column(random::stream& bits, Index T) {
    matrix<rational> z(T, 1);
    for (Index t = 0; t < T; ++t)
        z(t, 0) = random::random_rational(bits, 9, 6);
    return z;
}

/// z with 2 to 5 entries and lambda = f lambda*(z) for the factors below, or a free lambda.
flowproof::instance prox_instance(std::uint64_t seed, std::uint64_t k) {
    random::stream bits(seed, 5, static_cast<std::uint32_t>(k));
    const matrix<rational> z = random_column(bits, static_cast<Index>(2 + k % 4));
    const rational factors[] = {{0, 1}, {1, 2}, {49, 50}, {1, 1}, {51, 50}, {3, 1}};
    arguments at;
    at.set("z", z).set("lambda", lambda_star(z) * factors[k % 6]);
    if (k % 7 == 6) at.set("lambda", abs(random::random_rational(bits, 5, 6)));
    return {"random " + std::to_string(k), at};
}

std::vector<parameter> prox_parameters() {
    return {{"z", "the point", "T x 1", ""}, {"lambda", "l1 weight", "1", ">= 0"}};
}

void check_prox(const arguments& at) {
    if (at.at("z").cols() != 1)
        throw std::invalid_argument("scb: z must be a column T x 1, got " + str(at.at("z")));
    if (at.scalar("lambda").sign() < 0)
        throw std::invalid_argument("scb: need lambda >= 0, got " + at.scalar("lambda").str());
}

exact_equal prox_table(exact_closure left, exact_closure right, std::size_t count) {
    return {.parameters = prox_parameters(),
            .left = std::move(left),
            .right = std::move(right),
            .fixed = {{"z = (1/2, 3/4, -1/4, 0), lambda = 1/4", prox_example()}},
            .random = prox_instance,
            .random_count = count,
            .check = check_prox};
}

matrix<rational> indicator(bool yes) { return single(rational(yes ? 1 : 0)); }

exact_equal optimality() {
    return prox_table(
        [](const arguments& at) { return prox_affine(at.at("z"), at.scalar("lambda")); },
        [](const arguments& at) { return prox_by_patterns(at.at("z"), at.scalar("lambda")); }, 24);
}

exact_equal threshold(const rational& factor) {
    return prox_table(
        [](const arguments& at) {
            const auto& z = at.at("z");
            return indicator(prox_affine(z, at.scalar("lambda")) == project_simplex(z).a);
        },
        [factor](const arguments& at) {
            return indicator(at.scalar("lambda") >= factor * lambda_star(at.at("z")));
        },
        24);
}

exact_equal without_l1() {
    return prox_table([](const arguments& at) { return prox_affine(at.at("z"), rational(0)); },
                      [](const arguments& at) {
                          matrix<rational> a = at.at("z");
                          rational excess(-1);
                          for (Index t = 0; t < a.rows(); ++t)
                              excess += a(t, 0);
                          for (Index t = 0; t < a.rows(); ++t)
                              a(t, 0) -= excess / rational(a.rows());
                          return a;
                      },
                      6);
}

claim prox_claim() {
    const std::string lemma = "equals the simplex projection iff lambda >= lambda*";
    return {
        .id = "scb.prox.affine",
        .statement = "l1 prox on 1^T a = 1: a shifted soft threshold, the simplex projection from "
                     "lambda* on",
        .latex =
            R"(\mathrm{prox}(z)=\mathcal S_\lambda(z-\nu\mathbf1),\ \textstyle\sum_t\mathcal S_\lambda(z_t-\nu)=1;\qquad \mathrm{prox}(z)=\Pi_\Delta(z)\iff\lambda\ge\lambda^\star=\tfrac12(\theta-\min_tz_t)_+)",
        .from = derived("stage 2, l1 step"),
        .hypotheses = {"lambda >= 0"},
        .method = "exact: the breakpoint solution against the sign pattern that satisfies the "
                  "optimality conditions, and against the sorted simplex projection",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma("optimality conditions", optimality()),
                            make_lemma(lemma, threshold(rational(1))),
                            make_lemma("lambda = 0 is the affine projection", without_l1())}},
        .twins = {{"lambda* without 1/2", threshold(rational(2)), lemma}},
        .quantities = {"scb.prox.affine", "scb.prox.threshold"},
    };
}

claim renormalised_claim() {
    return {
        .id = "scb.prox.renormalised",
        .statement = "thresholding and then renormalising is the exact prox, as usually summarised",
        .latex = R"(\mathcal S_\lambda(z)/\mathbf1^\top\mathcal S_\lambda(z)=\mathrm{prox}(z))",
        .from = derived("stage 2, l1 step read as one algorithm"),
        .hypotheses = {"1^T z = 1", "lambda >= 0"},
        .method = "one exact point",
        .expected = outcome::refuted,
        .shown_by =
            [] {
                exact_equal point = prox_table(
                    [](const arguments& at) {
                        matrix<rational> a = soft_threshold(at.at("z"), at.scalar("lambda"));
                        rational sum;
                        for (Index t = 0; t < a.rows(); ++t)
                            sum += a(t, 0);
                        if (sum.is_zero())
                            throw std::domain_error(
                                "scb: nothing is left to renormalise at lambda = " +
                                at.scalar("lambda").str());
                        for (Index t = 0; t < a.rows(); ++t)
                            a(t, 0) /= sum;
                        return a;
                    },
                    [](const arguments& at) {
                        return prox_affine(at.at("z"), at.scalar("lambda"));
                    },
                    0);
                point.random = {};
                point.check = [](const arguments& at) {
                    check_prox(at);
                    rational sum;
                    for (Index t = 0; t < at.at("z").rows(); ++t)
                        sum += at.at("z")(t, 0);
                    if (sum != rational(1))
                        throw std::invalid_argument(
                            "scb: the entries of z must sum to 1 here, their sum is " + sum.str());
                };
                return point;
            }(),
        .control = "scb.prox.affine",
        .quantities = {"scb.prox.affine"},
    };
}

/// On the support W a - C q - (W S - C)/T + lambda = 0 with the column sum S; off it the entry
/// stays 0 as long as lambda - Q_s lambda/(T - Q_s) >= 0.
identity l1_stationarity(bool centring = true) {
    worksheet sheet;
    const expr C = sheet.symbol("C"), W = sheet.symbol("W"), lambda = sheet.symbol("lambda");
    const expr T = sheet.symbol("T"), Qs = sheet.symbol("Qs"), q = sheet.symbol("q");
    sheet.require(W, relation::positive, "W > 0");
    sheet.require(Qs, relation::positive, "Qs > 0");
    sheet.require(T - Qs, relation::positive, "T > Qs");
    sheet.require(lambda, relation::positive, "lambda > 0");
    const expr shift = centring ? lambda * T / (T - Qs) : lambda;
    const expr a = (C * q - shift) / W;
    const expr S = (C - Qs * shift) / W; // the q_s sum to 1
    const expr mean = (W * S - C) / T;
    sheet.equate(W * a - C * q - mean + lambda, expr(0));
    sheet.equate(lambda + mean, lambda * (T - 2 * Qs) / (T - Qs));
    return sheet.finish();
}

claim l1_claim() {
    return {
        .id = "scb.l1.bias",
        .statement = "fixed point of the l1 step: support kept, column sum below C / W",
        .latex =
            R"(a_s=\frac{Cq_s-\lambda\frac T{T-Q_s}}W\ (s\in\mathrm{supp}\,q),\qquad \mathbf1^\top a=\frac CW-\frac{Q_s\lambda T}{W(T-Q_s)})",
        .from = derived("stage 2, l1 step"),
        .hypotheses = {"V fixed on C, W > 0", "T >= 2 Q_s, lambda T / (T - Q_s) <= C q_min",
                       "only the gradient is projected"},
        .method = "stationarity on the support and the dead-zone condition off it, expanded as "
                  "rational functions",
        .given = {"the entries of q sum to 1, so the column sum is (C - Q_s shift) / W",
                  "a positive entry is fixed by the soft threshold iff its gradient is -lambda, a "
                  "zero entry iff its gradient is at most lambda in size; off the support it is "
                  "-(mean) with mean = -Q_s lambda / (T - Q_s) between -lambda and 0"},
        .expected = outcome::proved,
        .shown_by = l1_stationarity(),
        .twins = {{"shift lambda in place of lambda T / (T - Q_s)", l1_stationarity(false)}},
        .quantities = {"scb.l1.bias"},
    };
}

arguments l1_arguments() {
    arguments at = l1_example();
    at.set("eta", rational(1, 2));
    return at;
}

std::vector<parameter> l1_parameters() {
    return {{"q", "one column of Q", "T x 1", "sums to 1"},
            {"C", "signal <Pbar, Vbar>_mu", "1", ""},
            {"W", "|Vbar|_mu^2", "1", "> 0"},
            {"lambda", "l1 weight", "1", ">= 0"},
            {"eta", "step size", "1", "> 0"}};
}

/// Everything that the fixed point needs: a law q, W > 0, lambda >= 0, eta > 0, T >= 2 Q_s and
/// lambda T / (T - Q_s) <= C q_min.
void check_l1(const arguments& at) {
    check_l1_column(at);
    if (at.scalar("eta").sign() <= 0)
        throw std::invalid_argument("scb: need eta > 0, got " + at.scalar("eta").str());
}

/// T = 2 Q_s + extra positions, lambda at most what the support bears.
flowproof::instance l1_instance(std::uint64_t seed, std::uint64_t k) {
    random::stream bits(seed, 6, static_cast<std::uint32_t>(k));
    const auto Qs = static_cast<Index>(1 + k % 3);
    const Index T = 2 * Qs + static_cast<Index>(k % 4);
    const auto law = random::random_law(bits, static_cast<std::size_t>(Qs), 5);
    arguments at = l1_arguments();
    matrix<rational> q = matrix<rational>::Constant(T, 1, rational(0));
    rational least(1);
    for (Index s = 0; s < Qs; ++s) {
        q(T - 1 - s, 0) = law[static_cast<std::size_t>(s)];
        least = std::min(least, law[static_cast<std::size_t>(s)]);
    }
    const rational C(static_cast<std::int64_t>(1 + k % 5), 4);
    at.set("q", q).set("C", C);
    at.set("lambda",
           C * least * rational(T - Qs, T) * rational(static_cast<std::int64_t>(k % 4 + 1), 4));
    return {"random " + std::to_string(k), at};
}

exact_equal l1_fixed() {
    const auto fixed_point = [](const arguments& at) {
        return l1_fixed_point(at.at("q"), at.scalar("C"), at.scalar("W"), at.scalar("lambda"));
    };
    return {.parameters = l1_parameters(),
            .left =
                [fixed_point](const arguments& at) {
                    return l1_step(fixed_point(at), at.at("q"), at.scalar("C"), at.scalar("W"),
                                   at.scalar("lambda"), at.scalar("eta"));
                },
            .right = fixed_point,
            .fixed = {{"T = 12, Qs = 3", l1_arguments()}},
            .random = l1_instance,
            .random_count = 12,
            .check = check_l1};
}

exact_equal l1_baseline(const rational& first) {
    return {.parameters = {}, // a table holds at its rows
            .left =
                [](const arguments& at) {
                    return l1_fixed_point(at.at("q"), at.scalar("C"), at.scalar("W"),
                                          at.scalar("lambda"));
                },
            .right =
                [first](const arguments&) {
                    matrix<rational> a = matrix<rational>::Constant(12, 1, rational(0));
                    a(0, 0) = first;
                    a(1, 0) = rational(8, 75);
                    a(2, 0) = rational(2, 75);
                    return a;
                },
            .fixed = {{"T = 12, Qs = 3", l1_arguments()}}};
}

claim l1_table_claim() {
    return {
        .id = "scb.l1.bias.table",
        .statement = "fixed point (4/15, 8/75, 2/75, 0, ...) of the l1 step, and random ones",
        .latex =
            R"(T=12,\ q=(\tfrac12,\tfrac3{10},\tfrac15),\ C=\tfrac25,\ W=\tfrac12,\ \lambda=\tfrac1{20}:\quad a=(\tfrac4{15},\tfrac8{75},\tfrac2{75},0,\dots))",
        .from = derived("stage 2, l1 step"),
        .hypotheses = {"as scb.l1.bias, eta > 0"},
        .method = "one exact step from the fixed point",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma("tabulated column", l1_baseline(rational(4, 15))),
                            make_lemma("one step changes nothing", l1_fixed())}},
        .twins = {{"first entry C q_1 / W - lambda / W",
                   l1_baseline((rational(2, 5) * rational(1, 2) - rational(1, 20)) * 2),
                   "tabulated column"}},
        .quantities = {"scb.l1.bias"},
    };
}

claim l1_stochastic_claim() {
    return {
        .id = "scb.l1.stochastic",
        .statement = "the projected l1 step keeps the columns of A summing to 1, as usually "
                     "summarised",
        .latex =
            R"(\mathbf1^\top\mathcal S_{\eta\lambda}\big(a-\eta\,\Pi_A(Wa-Cq)\big)=1\quad\text{if}\ \mathbf1^\top a=1)",
        .from = derived("stage 2, l1 step, read as staying on C"),
        .hypotheses = {"1^T a = 1 before the step"},
        .method = "one exact step from a = q",
        .expected = outcome::refuted,
        .shown_by = exact_equal{.parameters = l1_parameters(),
                                .left =
                                    [](const arguments& at) {
                                        const auto& q = at.at("q");
                                        const matrix<rational> a =
                                            l1_step(q, q, at.scalar("C"), at.scalar("W"),
                                                    at.scalar("lambda"), at.scalar("eta"));
                                        rational sum;
                                        for (Index t = 0; t < a.rows(); ++t)
                                            sum += a(t, 0);
                                        return single(sum);
                                    },
                                .right = [](const arguments&) { return single(rational(1)); },
                                .fixed = {{"T = 12, Qs = 3", l1_arguments()}},
                                .check = check_l1},
        .control = "scb.l1.bias.table",
        .quantities = {"scb.l1.bias"},
    };
}

} // namespace

std::vector<claim> l1_claims() {
    return {prox_claim(), renormalised_claim(), l1_claim(), l1_table_claim(),
            l1_stochastic_claim()};
}

} // namespace flowproof::scb
