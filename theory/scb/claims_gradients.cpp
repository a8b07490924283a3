#include "theory/scb/claims.hpp"
#include "theory/scb/enumerate.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

using maker = symbolic_instance (*)(worksheet&, weights);
using listing = std::vector<std::string> (*)();
using closed_form = matrix<expr> (*)(const bigram<expr>&, const matrix<expr>&, const matrix<expr>&);

matrix<expr> weighted_V_of_C(const bigram<expr>& b, const matrix<expr>& V, const matrix<expr>& A) {
    return weighted(b, projected_gradient_V(b, V, A));
}
matrix<expr> weighted_A_of_C(const bigram<expr>& b, const matrix<expr>& V, const matrix<expr>& A) {
    return weighted(b, projected_gradient_A(b, V, A));
}

/// Reverse-mode derivative of the enumerated loss against the closed forms.
identity full_gradients(maker make, listing listed, closed_form of_V = gradient_V<expr>,
                        closed_form of_A = gradient_A<expr>) {
    worksheet sheet;
    const auto [b, V, A] = make(sheet, weights::free);
    const expr L = enumerated_loss(b, V, A);
    sheet.equate(sheet.gradient(L, "v", V.rows(), V.cols()), of_V(b, V, A));
    sheet.equate(sheet.gradient(L, "a", A.rows(), A.cols()), of_A(b, V, A));
    return sheet.finish(listed());
}

exact_equal full_at_instances() {
    return {.parameters = all_parameters(),
            .left =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    return column({enumerated_gradient_V(b, at.at("V"), at.at("A")),
                                   enumerated_gradient_A(b, at.at("V"), at.at("A"))});
                },
            .right =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    return column({gradient_V(b, at.at("V"), at.at("A")),
                                   gradient_A(b, at.at("V"), at.at("A"))});
                },
            .fixed = {{"R0", to_arguments(R0(), R0_V(), R0_A())}},
            .random = [](std::uint64_t seed,
                         std::uint64_t k) { return random_instance(seed, k, weights::free); },
            .random_count = 6,
            .check = check_weights};
}

claim full_claim() {
    const std::string lemma = "derivative of the enumerated loss, N = T = 2";
    return {
        .id = "scb.grad.full",
        .statement = "gradients of the population loss in V and A, for all V and A",
        .latex =
            R"(\nabla_VL=(n_AV-g_AP)(D-\mu\mu^\top)+(s_2V-s_1P)\mu\mu^\top,\quad \nabla_AL=\big[WA-CQ+\mathbf1(\|V\mu\|^2c-(\mu^\top V\mu)\mathbf1^\top)\big]D)",
        .from = derived("gradients of the squared loss"),
        .hypotheses = {"P mu = mu", "P and Q column-stochastic"},
        .method = "the enumerated loss is differentiated on its tape and both sides are "
                  "expanded; sample-wise chain rule at random exact instances",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(lemma, full_gradients(two_by_two, listed_two_by_two)),
                            make_lemma("the same over R0", full_gradients(over_R0, listed_R0)),
                            make_lemma("exact instances", full_at_instances())}},
        .twins = {{"V-gradient of C used off C",
                   full_gradients(two_by_two, listed_two_by_two, weighted_V_of_C), lemma},
                  {"A-gradient without the column-sum term",
                   full_gradients(two_by_two, listed_two_by_two, gradient_V<expr>, weighted_A_of_C),
                   lemma}},
        .quantities = {"scb.grad.V", "scb.grad.A"},
    };
}

enum class projection { applied, skipped };

/// On C, multiplied by D from the right: projections act from the left and commute with it.
identity projected_gradients(maker make, listing listed, projection of_A = projection::applied) {
    worksheet sheet;
    const auto [b, V, A] = make(sheet, weights::on_C);
    const matrix<expr> full_A = gradient_A(b, V, A);
    sheet.equate(gradient_V(b, V, A), weighted_V_of_C(b, V, A));
    sheet.equate(of_A == projection::applied ? project_A(full_A) : full_A,
                 weighted_A_of_C(b, V, A));
    if (of_A == projection::skipped) return sheet.finish(listed());
    const auto p = parts(b, V, A);
    for (Index k = 0; k < b.N(); ++k) {
        expr sum;
        for (Index t = 0; t < b.T(); ++t)
            sum += full_A(t, k);
        sheet.equate(sum, (p.W - p.C) * b.mu(k, 0));
    }
    return sheet.finish(listed());
}

using projector = matrix<expr> (*)(const bigram<expr>&, const matrix<expr>&);

/// Left factor I - 1 1^T / N and right factor I - 1 1^T / N.
matrix<expr> unweighted_right(const bigram<expr>&, const matrix<expr>& G) {
    const matrix<expr> turned = project_A(G).transpose();
    return project_A(turned).transpose();
}
/// Feasible and self-adjoint, but not the identity on feasible matrices.
matrix<expr> nothing(const bigram<expr>& b, const matrix<expr>&) {
    return matrix<expr>::Constant(b.N(), b.N(), expr(0));
}
/// Left factor I - mu 1^T, right factor I - mu 1^T.
matrix<expr> oblique_left(const bigram<expr>& b, const matrix<expr>& G) {
    matrix<expr> result = G;
    const matrix<expr> image = product(G, b.mu);
    for (Index i = 0; i < b.N(); ++i)
        for (Index j = 0; j < b.N(); ++j)
            result(i, j) = G(i, j) - image(i, 0);
    for (Index j = 0; j < b.N(); ++j) {
        expr sum;
        for (Index i = 0; i < b.N(); ++i)
            sum += result(i, j);
        for (Index i = 0; i < b.N(); ++i)
            result(i, j) = result(i, j) - b.mu(i, 0) * sum;
    }
    return result;
}

/// Feasible, the identity on the feasible matrices, and self-adjoint in <.,.>_mu: the orthogonal
/// projection on them.
identity orthogonal_projection(projector project = project_V<expr>) {
    worksheet sheet;
    const bigram<expr> b = constants(R0());
    const matrix<expr> G = sheet.symbols("G", b.N(), b.N()), H = sheet.symbols("H", b.N(), b.N());
    const matrix<expr> image = project(b, G);
    const matrix<expr> feasible =
        centred_V<expr>(b, V_on_C(b, sheet.symbols("v", b.N() - 1, b.N() - 1)));
    sheet.equate(project(b, feasible), feasible);
    sheet.equate(product(image, b.mu), matrix<expr>::Constant(b.N(), 1, expr(0)));
    const matrix<expr> ones = matrix<expr>::Constant(1, b.N(), expr(1));
    sheet.equate(product(ones, image), matrix<expr>::Constant(1, b.N(), expr(0)));
    sheet.equate(inner(image, H, b.mu), inner(G, project(b, H), b.mu));
    return sheet.finish(listed_R0());
}

identity residuals_sum_to_zero() {
    worksheet sheet;
    const auto [b, V, A] = two_by_two(sheet, weights::on_C);
    const matrix<expr> sums = residual_sums(b, V, A);
    sheet.equate(sums, matrix<expr>::Constant(1, sums.cols(), expr(0)));
    return sheet.finish(listed_two_by_two());
}

exact_equal projected_at_instances(projection of_A) {
    return {
        .parameters = all_parameters(),
        .left =
            [of_A](const arguments& at) {
                const auto b = bigram_of(at);
                const auto G = preconditioned(b, enumerated_gradient_A(b, at.at("V"), at.at("A")));
                return column({preconditioned(b, enumerated_gradient_V(b, at.at("V"), at.at("A"))),
                               of_A == projection::applied ? project_A(G) : G});
            },
        .right =
            [](const arguments& at) {
                const auto b = bigram_of(at);
                return column({projected_gradient_V(b, at.at("V"), at.at("A")),
                               projected_gradient_A(b, at.at("V"), at.at("A"))});
            },
        .fixed = {{"R0", to_arguments(R0(), R0_V_on_C(), R0_A_on_C())}},
        .random = [](std::uint64_t seed,
                     std::uint64_t k) { return random_instance(seed, k, weights::on_C); },
        .random_count = 6,
        .check = check_on_C};
}

claim projected_claim() {
    const std::string over_reference = "over R0, all of C symbolic";
    const std::string orthogonal = "Pi_V is the orthogonal projection";
    return {
        .id = "scb.grad.projected",
        .statement = "preconditioned gradients on C: V needs no projection, A does",
        .latex =
            R"(\nabla_VL\,D^{-1}=n_A\bar V-g_A\bar P,\qquad \Pi_A(\nabla_AL\,D^{-1})=W\bar A-C\bar Q,\qquad \mathbf1^\top\nabla_AL\,D^{-1}=(W-C)\mathbf1^\top)",
        .from = derived("preconditioned projected gradients"),
        .hypotheses = {"V and A on C", "P mu = mu", "P and Q column-stochastic"},
        .method = "the full gradients restricted to C are expanded; the projector is checked to "
                  "be feasible, the identity on feasible matrices and self-adjoint (so it is the "
                  "orthogonal projection); sample-wise gradients at random "
                  "exact instances",
        .expected = outcome::certified,
        .shown_by =
            all_of{
                {make_lemma("N = T = 2, everything symbolic",
                            projected_gradients(two_by_two, listed_two_by_two)),
                 make_lemma(over_reference, projected_gradients(over_R0, listed_R0)),
                 make_lemma(orthogonal, orthogonal_projection()),
                 make_lemma("residuals of single samples sum to 0 on C", residuals_sum_to_zero()),
                 make_lemma("exact instances", projected_at_instances(projection::applied))}},
        .twins = {{"Pi_A skipped", projected_gradients(over_R0, listed_R0, projection::skipped),
                   over_reference},
                  {"right factor I - 1 1^T / N", orthogonal_projection(unweighted_right),
                   orthogonal},
                  {"left factor I - mu 1^T", orthogonal_projection(oblique_left), orthogonal},
                  {"the map to 0", orthogonal_projection(nothing), orthogonal}},
        .quantities = {"scb.grad.projected.V", "scb.grad.projected.A"},
    };
}

claim unprojected_claim() {
    return {
        .id = "scb.grad.unprojected",
        .statement = "on C the A-gradient needs no projection, as usually summarised",
        .latex = R"(\nabla_AL\,D^{-1}=W\bar A-C\bar Q\quad\text{on }\mathcal C)",
        .from = derived("the projected gradient, read without its projection"),
        .hypotheses = {"V and A on C", "P mu = mu"},
        .method = "sample-wise gradients at exact instances on C",
        .expected = outcome::refuted,
        .shown_by = projected_at_instances(projection::skipped),
        .control = "scb.grad.projected",
        .quantities = {"scb.grad.A", "scb.grad.projected.A"},
    };
}

} // namespace

std::vector<claim> gradient_claims() {
    return {full_claim(), projected_claim(), unprojected_claim()};
}

} // namespace flowproof::scb
