#include "theory/scb/claims.hpp"
#include "theory/scb/closures.hpp"
#include "theory/scb/enumerate.hpp"
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

} // namespace

std::vector<claim> stage_two_claims() {
    return {noise_claim(), sampled_claim(), curvature_claim(), curvature_instances_claim()};
}

} // namespace flowproof::scb
