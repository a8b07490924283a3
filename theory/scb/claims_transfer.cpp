#include "theory/scb/claims.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

/// (1 - theta) start + theta pretrained.
matrix<expr> blend(const matrix<expr>& start, const matrix<expr>& pretrained, const expr& theta) {
    matrix<expr> result = start;
    for (Index i = 0; i < start.rows(); ++i)
        for (Index j = 0; j < start.cols(); ++j)
            result(i, j) = start(i, j) + theta * (pretrained(i, j) - start(i, j));
    return result;
}

identity transferred(bool energy_squared = true) {
    worksheet sheet;
    const auto [b, V, A] = over_R0(sheet, weights::on_C);
    const expr theta = sheet.symbol("theta"), thetaA = sheet.symbol("thetaA");
    const matrix<expr> zero_V = matrix<expr>::Constant(b.N(), b.N(), expr(0));
    const matrix<expr> zero_A = matrix<expr>::Constant(b.T(), b.N(), expr(0));
    const matrix<expr> flat_V = -centred_V(b, zero_V), flat_A = -centred_A(b, zero_A);
    const auto pretrained = coordinates(b, V, A);
    const auto start = coordinates(b, blend(flat_V, V, theta), blend(flat_A, A, thetaA));
    sheet.equate(start.alphaV, theta * pretrained.alphaV);
    sheet.equate(start.alphaA, thetaA * pretrained.alphaA);
    sheet.equate(start.deltaV, (energy_squared ? theta * theta : theta) * pretrained.deltaV);
    sheet.equate(start.deltaA, thetaA * thetaA * pretrained.deltaA);
    return sheet.finish(listed_R0());
}

/// V with column sums 1, re-centred at another mu: on C again.
identity recentring(bool recentred = true) {
    worksheet sheet;
    const bigram<expr> b = constants(R0());
    const matrix<expr> V = A_on_C<expr>(sheet.symbols("V", b.N() - 1, b.N())); // column sums 1
    const matrix<expr> moved = recentred ? recentred_V(b, V) : V;
    const matrix<expr> ones = matrix<expr>::Constant(1, b.N(), expr(1));
    sheet.equate(product(ones, moved), ones);
    sheet.equate(product(moved, b.mu), b.mu);
    return sheet.finish(listed_R0());
}

} // namespace

std::vector<claim> transfer_claims() {
    return {{
        .id = "scb.transfer.init",
        .statement = "a blended pretrained start enters the reduced dynamics exactly: signals "
                     "scale with theta, energies with theta^2",
        .latex =
            R"(V_0=\theta V_{pre}+(1-\theta)\mu\mathbf1^\top:\quad \alpha_V(0)=\theta\tfrac{\langle\bar V_{pre},\bar P\rangle_\mu}{K_P},\quad \delta_V(0)=\theta^2\|\bar V_{pre}\|_\mu^2-K_P\alpha_V(0)^2)",
        .from = derived("transfer from a pretrained model"),
        .hypotheses = {"pretrained weights on C (V re-centred if mu changed)", "K_P, K_Q > 0"},
        .method = "reduced coordinates of the blend over R0 with all of C symbolic, expanded; "
                  "re-centring restores V mu = mu",
        .expected = outcome::certified,
        .shown_by =
            all_of{{make_lemma("blend", transferred()), make_lemma("re-centring", recentring())}},
        .twins = {{"energy scales with theta", transferred(false), "blend"},
                  {"re-centring skipped", recentring(false), "re-centring"}},
        .quantities = {"scb.transfer.init"},
    }};
}

} // namespace flowproof::scb
