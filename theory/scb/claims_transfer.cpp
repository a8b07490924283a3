#include "theory/scb/claims.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

using maker = symbolic_instance (*)(worksheet&, weights);
using listing = std::vector<std::string> (*)();

/// Every N and T: Vbar_0 = theta Vbar_pre and Abar_0 = thetaA Abar_pre in inner products.
identity blend_of_inner_products(bool energy_squared = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const gram V{sheet.symbol("VV"), sheet.symbol("VP"), c.KP};
    const gram A{sheet.symbol("AA"), sheet.symbol("AQ"), c.KQ};
    const expr theta = sheet.symbol("theta"), thetaA = sheet.symbol("thetaA");
    const gram V_start = V.combined(theta, expr(0)), A_start = A.combined(thetaA, expr(0));
    const expr alphaV = theta * V.cross / c.KP, alphaA = thetaA * A.cross / c.KQ;
    sheet.equate(V_start.alpha(), alphaV);
    sheet.equate(A_start.alpha(), alphaA);
    sheet.equate(V_start.delta(),
                 (energy_squared ? theta * theta : theta) * V.own - c.KP * alphaV * alphaV);
    sheet.equate(A_start.delta(), thetaA * thetaA * A.own - c.KQ * alphaA * alphaA);
    sheet.equate(V_start.delta(), theta * theta * V.delta());
    sheet.equate(A_start.delta(), thetaA * thetaA * A.delta());
    return sheet.finish();
}

/// (1 - theta) start + theta pretrained.
matrix<expr> blend(const matrix<expr>& start, const matrix<expr>& pretrained, const expr& theta) {
    matrix<expr> result = start;
    for (Index i = 0; i < start.rows(); ++i)
        for (Index j = 0; j < start.cols(); ++j)
            result(i, j) = start(i, j) + theta * (pretrained(i, j) - start(i, j));
    return result;
}

identity blend_of_matrices(maker make, listing listed, bool energy_squared = true) {
    worksheet sheet;
    const auto [b, V, A] = make(sheet, weights::on_C);
    const expr theta = sheet.symbol("theta"), thetaA = sheet.symbol("thetaA");
    const matrix<expr> zero_V = matrix<expr>::Constant(b.N(), b.N(), expr(0));
    const matrix<expr> zero_A = matrix<expr>::Constant(b.T(), b.N(), expr(0));
    const matrix<expr> flat_V = -centred_V(b, zero_V), flat_A = -centred_A(b, zero_A);
    sheet.require(KP(b), relation::positive, "K_P > 0");
    sheet.require(KQ(b), relation::positive, "K_Q > 0");
    const auto pretrained = coordinates(b, V, A);
    const auto start = coordinates(b, blend(flat_V, V, theta), blend(flat_A, A, thetaA));
    sheet.equate(start.alphaV, theta * pretrained.alphaV);
    sheet.equate(start.alphaA, thetaA * pretrained.alphaA);
    sheet.equate(start.deltaV, (energy_squared ? theta * theta : theta) * pretrained.deltaV);
    sheet.equate(start.deltaA, thetaA * thetaA * pretrained.deltaA);
    return sheet.finish(listed());
}

/// V with column sums 1, re-centred at the mu of an instance: on C.
identity recentring(maker make, listing listed, bool recentred = true) {
    worksheet sheet;
    const bigram<expr> b = make(sheet, weights::none).b;
    const matrix<expr> V = A_on_C<expr>(sheet.symbols("v", b.N() - 1, b.N())); // column sums 1
    const matrix<expr> moved = recentred ? recentred_V(b, V) : V;
    const matrix<expr> ones = matrix<expr>::Constant(1, b.N(), expr(1));
    sheet.equate(product(ones, moved), ones);
    sheet.equate(product(moved, b.mu), b.mu);
    return sheet.finish(listed());
}

claim init_claim() {
    return {
        .id = "scb.transfer.init",
        .statement = "a blended pretrained start: signals scale with theta, energies with theta^2",
        .latex =
            R"(V_0=\theta V_{pre}+(1-\theta)\mu\mathbf1^\top:\quad \alpha_V(0)=\theta\tfrac{\langle\bar V_{pre},\bar P\rangle_\mu}{K_P},\quad \delta_V(0)=\theta^2\|\bar V_{pre}\|_\mu^2-K_P\alpha_V(0)^2)",
        .from = derived("transfer from a pretrained model"),
        .hypotheses = {"pretrained weights on C (V re-centred if mu changed)",
                       "K_P > 0, K_Q > 0, T > 0"},
        .method = "the reduced coordinates of the blend in inner products at every N and T, "
                  "expanded",
        .given = {"V_0 - mu 1^T = theta (V_pre - mu 1^T) and A_0 - 1 1^T / T = "
                  "theta_A (A_pre - 1 1^T / T), and bilinearity of <.,.>_mu; with matrices: "
                  "scb.transfer.init.instances"},
        .expected = outcome::proved,
        .shown_by = blend_of_inner_products(),
        .twins = {{"energy scales with theta", blend_of_inner_products(false)}},
        .quantities = {"scb.transfer.init"},
    };
}

claim instances_claim() {
    const std::string reference = "blend over R0"; // at N = 2 deltaV is 0
    const std::string moved = "re-centring, N = 2, everything symbolic";
    return {
        .id = "scb.transfer.init.instances",
        .statement = "the blended start as matrices; re-centring puts a foreign V on C",
        .latex =
            R"(V_{pre}\to\mu\mathbf1^\top+V_{pre}(I-\mu\mathbf1^\top)\in\mathcal C;\qquad (\alpha_V,\alpha_A,\delta_V,\delta_A)(0)=(\theta\alpha_V,\theta_A\alpha_A,\theta^2\delta_V,\theta_A^2\delta_A)_{pre})",
        .from = derived("transfer from a pretrained model"),
        .hypotheses = {"pretrained weights on C for the blend; 1^T V = 1^T for re-centring",
                       "P mu = mu", "K_P > 0, K_Q > 0"},
        .method = "both maps are carried out on matrices, at N = T = 2 with every mu, P, Q and "
                  "over R0, and expanded",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma("blend, N = T = 2, everything symbolic",
                                       blend_of_matrices(two_by_two, listed_two_by_two)),
                            make_lemma(reference, blend_of_matrices(over_R0, listed_R0)),
                            make_lemma(moved, recentring(two_by_two, listed_two_by_two)),
                            make_lemma("re-centring over R0", recentring(over_R0, listed_R0))}},
        .twins = {{"energy scales with theta", blend_of_matrices(over_R0, listed_R0, false),
                   reference},
                  {"re-centring skipped", recentring(two_by_two, listed_two_by_two, false), moved}},
        .quantities = {"scb.transfer.init"},
    };
}

} // namespace

std::vector<claim> transfer_claims() { return {init_claim(), instances_claim()}; }

} // namespace flowproof::scb
