#include <algorithm>

#include "numerics/random/instances.hpp"
#include "theory/scb/claims.hpp"
#include "theory/scb/closures.hpp"
#include "theory/scb/enumerate.hpp"
#include "theory/scb/prox.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

/// The law with P replaced by mu 1^T: its residual covariance has no cross term.
template <class Scalar> bigram<Scalar> forgetful(bigram<Scalar> b) {
    for (Index j = 0; j < b.N(); ++j)
        b.P.col(j) = b.mu;
    return b;
}

identity noise_over_R0(bool cross_term = true) {
    worksheet sheet;
    const auto [b, V, A] = over_R0(sheet, weights::sparse);
    const bigram<expr> seen = cross_term ? b : forgetful(b);
    const matrix<rational> Q = R0().Q;
    for (Index k = 0; k < b.N(); ++k) {
        sheet.equate(enumerated_residual_covariance(b, V, A, k),
                     residual_covariance(seen, V, A, k));
        const matrix<expr> moments = enumerated_entry_moments(b, V, A, k);
        const auto p = parts(b, V, A);
        for (Index t = 0; t < b.T(); ++t) {
            if (Q(t, k).is_zero()) sheet.equate(moments(t, 1), off_support_noise(seen, V, A, k));
            sheet.equate(moments(t, 0), p.W * A(t, k) - p.C * b.Q(t, k));
        }
    }
    return sheet.finish(listed_R0());
}

/// Column by column: Sigma_k, the off-support second moments, the means.
exact_equal noise_at_instances() {
    return {.parameters = all_parameters(),
            .left =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    std::vector<matrix<rational>> blocks;
                    for (Index k = 0; k < b.N(); ++k) {
                        blocks.push_back(
                            enumerated_residual_covariance(b, at.at("V"), at.at("A"), k));
                        matrix<rational> m = enumerated_entry_moments(b, at.at("V"), at.at("A"), k);
                        for (Index t = 0; t < b.T(); ++t)
                            if (!b.Q(t, k).is_zero()) m(t, 1) = 0; // off the support only
                        blocks.push_back(m);
                    }
                    return column(blocks);
                },
            .right =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    const auto p = parts(b, at.at("V"), at.at("A"));
                    std::vector<matrix<rational>> blocks;
                    for (Index k = 0; k < b.N(); ++k) {
                        blocks.push_back(residual_covariance(b, at.at("V"), at.at("A"), k));
                        const rational v = off_support_noise(b, at.at("V"), at.at("A"), k);
                        matrix<rational> m(b.T(), 2);
                        for (Index t = 0; t < b.T(); ++t) {
                            m(t, 0) = p.W * at.at("A")(t, k) - p.C * b.Q(t, k);
                            m(t, 1) = b.Q(t, k).is_zero() ? v : rational(0);
                        }
                        blocks.push_back(m);
                    }
                    return column(blocks);
                },
            .fixed = {{"R0 at A = Q", to_arguments(R0(), R0_V_on_C(), R0().Q)}},
            .random = [](std::uint64_t seed,
                         std::uint64_t k) { return random_instance(seed, k, weights::sparse); },
            .random_count = 6,
            .check = check_support};
}

claim noise_claim() {
    const std::string lemma = "R0, V and the support of A symbolic";
    return {
        .id = "scb.A.noise",
        .statement = "off-support noise of the A-gradient is Tr(S_V Sigma_k); residual covariance",
        .latex =
            R"(\mathbb E[\langle\bar Vx_t,r\rangle^2|k]=\mathrm{Tr}(S_V\Sigma_k),\ S_V=\bar VD\bar V^\top,\ \Sigma_k=D-\mu\mu^\top+\|a_k\|^2S_V-\langle a_k,q_k\rangle(\bar VD\bar P^\top+\bar PD\bar V^\top))",
        .from = derived("stage 2, noise of single samples"),
        .hypotheses = {"V and A on C", "P mu = mu", "a_tk = q_tk = 0 at the entry"},
        .method = "all outcomes are summed with symbolic V and A, and at random exact instances; "
                  "the conditional means W a - C q are checked beside",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(lemma, noise_over_R0()),
                            make_lemma("exact instances", noise_at_instances())}},
        .twins = {{"cross term dropped", noise_over_R0(false), lemma}},
        .quantities = {"scb.A.noise"},
    };
}

sample sampled_noise(bool cross_term = true) {
    arguments at = to_arguments(R0(), R0_V_on_C(), R0().Q);
    at.set("k", rational(1));
    return {.experiment = "scb.A.noise",
            .statistic = "second_moment",
            .at = at,
            .expected =
                [cross_term](const arguments& a) {
                    const auto b = bigram_of(a);
                    const Index k = a.integer("k", 1, b.N()) - 1;
                    return column(std::vector<rational>{
                        off_support_noise(cross_term ? b : forgetful(b), a.at("V"), a.at("A"), k)});
                },
            .tolerance = rational(1, 50),
            .level = sample_level,
            .draws = 1'000'000};
}

claim sampled_claim() {
    return {
        .id = "scb.A.noise.sampled",
        .statement = "off-support noise of column 1 of R0 at A = Q, by drawing the data",
        .latex =
            R"(\mathbb E[\langle\bar Vx_t,r\rangle^2|k=1]=v_1=\tfrac{237992}{130321}\quad(\text{R0},\ A=Q))",
        .from = derived("stage 2, noise of single samples"),
        .hypotheses = {"V and A on C", "A = Q"},
        .method = "independent draws of the data, mean over the off-support positions; no "
                  "formula of the model is used",
        .expected = outcome::supported,
        .shown_by = sampled_noise(),
        .twins = {{"cross term dropped", sampled_noise(false)}},
        .quantities = {"scb.A.noise"},
    };
}

/// Second derivative along 1 e_k^T / sqrt(T): c_k moves by eps sqrt(T), so with the step written
/// as eps 1 e_k^T the parts move as below and the second derivative is divided by T.
identity curvature(bool with_T = true) {
    worksheet sheet;
    const loss_parts<expr> p{sheet.symbol("C"),  sheet.symbol("W"),  sheet.symbol("m"),
                             sheet.symbol("v2"), sheet.symbol("gA"), sheet.symbol("nA"),
                             sheet.symbol("s1"), sheet.symbol("s2")};
    const expr mu = sheet.symbol("mu_k"), sum = sheet.symbol("c_k"), T = sheet.symbol("T");
    const expr eps = sheet.symbol("eps");
    sheet.require(T, relation::positive, "T > 0");
    loss_parts<expr> moved = p;
    moved.g_A = p.g_A + eps * mu;
    moved.n_A = p.n_A + mu * (2 * eps * sum + eps * eps * T);
    moved.s1 = p.s1 + mu * eps * T;
    moved.s2 = p.s2 + mu * (2 * eps * T * sum + eps * eps * T * T);
    const expr second = sheet.derivative(sheet.derivative(loss(moved), "eps"), "eps");
    sheet.equate(second / T, mu * (p.W + (with_T ? T * p.v2 : p.v2)));
    return sheet.finish();
}

claim curvature_claim() {
    return {
        .id = "scb.sgd.curvature",
        .statement = "curvature of L along a column sum of A: mu_k (W + T |V mu|^2)",
        .latex = R"(\partial^2L[\mathbf1e_k^\top/\sqrt T]=\mu_k\big(W+T\|V\mu\|^2\big))",
        .from = derived("comparison with plain gradient descent"),
        .hypotheses = {"any V and A", "P mu = mu", "T > 0"},
        .method = "the loss along the direction, differentiated twice on its tape, with symbolic "
                  "T and parts",
        .given = {"L is the function of its parts in scb.loss.population (certified); adding eps 1 "
                  "e_k^T to A moves g_A by eps mu_k, n_A by "
                  "mu_k (2 eps c_k + eps^2 T), s1 by eps mu_k T, s2 by "
                  "mu_k (2 eps T c_k + eps^2 T^2)"},
        .expected = outcome::proved,
        .shown_by = curvature(),
        .twins = {{"factor T omitted", curvature(false)}},
        .quantities = {"scb.sgd.curvature"},
    };
}

/// Second differences of the enumerated loss along 1 e_k^T, divided by T, against the closed form.
exact_equal curvature_at_instances(bool with_T) {
    return {.parameters = all_parameters(),
            .left =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    const auto &V = at.at("V"), &A = at.at("A");
                    std::vector<rational> result;
                    const rational here = enumerated_loss(b, V, A);
                    for (Index k = 0; k < b.N(); ++k) {
                        matrix<rational> up = A, down = A;
                        for (Index t = 0; t < b.T(); ++t) {
                            up(t, k) += 1;
                            down(t, k) -= 1;
                        }
                        result.push_back(
                            (enumerated_loss(b, V, up) - 2 * here + enumerated_loss(b, V, down)) /
                            rational(b.T()));
                    }
                    return column(result);
                },
            .right =
                [with_T](const arguments& at) {
                    const auto b = bigram_of(at);
                    std::vector<rational> result;
                    for (Index k = 0; k < b.N(); ++k) {
                        const rational W = parts(b, at.at("V"), at.at("A")).W;
                        const rational full = column_sum_curvature(b, at.at("V"), k);
                        const rational flat = b.mu(k, 0) * W;
                        result.push_back(with_T ? full : flat + (full - flat) / rational(b.T()));
                    }
                    return column(result);
                },
            .fixed = {{"R0", to_arguments(R0(), R0_V(), R0_A())}},
            .random = [](std::uint64_t seed,
                         std::uint64_t k) { return random_instance(seed, k, weights::free); },
            .random_count = 3,
            .check = check_weights};
}

claim curvature_instances_claim() {
    return {
        .id = "scb.sgd.curvature.instances",
        .statement = "curvature along column sums of A, from second differences of the loss",
        .latex =
            R"(\tfrac1T\big[L(A+\mathbf1e_k^\top)-2L(A)+L(A-\mathbf1e_k^\top)\big]=\mu_k\big(W+T\|V\mu\|^2\big))",
        .from = derived("comparison with plain gradient descent"),
        .hypotheses = {"any V and A", "P mu = mu"},
        .method = "the enumerated loss is quadratic in A, so second differences are exact",
        .expected = outcome::certified,
        .shown_by = curvature_at_instances(true),
        .twins = {{"factor T omitted", curvature_at_instances(false)}},
        .quantities = {"scb.sgd.curvature"},
    };
}

// The l1 steps. One column, exact.

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

std::vector<claim> stage_two_claims() {
    return {
        noise_claim(),        sampled_claim(),      curvature_claim(), curvature_instances_claim(),
        prox_claim(),         renormalised_claim(), l1_claim(),        l1_table_claim(),
        l1_stochastic_claim()};
}

} // namespace flowproof::scb
