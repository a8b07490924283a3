#include "theory/flows/closed_forms.hpp"
#include "theory/scb/claims.hpp"
#include "theory/scb/closures.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/escape.hpp"
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

/// Time to p = 1/2 from (a, 0) as 1/T -> 0, and the same minus ln(2 / (a sqrt kappa))/omega, over
/// a^2. With share_of_c: R = sqrt(4 omega^2 + share c^2).
formula transfer_values(const rational& share_of_c) {
    worksheet sheet;
    const expr KP = sheet.symbol("KP"), KQ = sheet.symbol("KQ"), a = sheet.symbol("a");
    sheet.require(KP, relation::positive, "KP > 0");
    sheet.require(KQ, relation::positive, "KQ > 0");
    sheet.require(a, relation::positive, "a > 0");
    const expr omega = sqrt(KP * KQ), c = KP * a * a;
    const flows::product_ray<expr> ray(omega, c, sqrt(4 * KP * KQ + share_of_c * c * c));
    const expr half = omega + sqrt(omega * omega + c * c), start = c; // |c| y at p = 1/2 and 0
    const expr time =
        (log((half - ray.low) / (ray.high - half)) - log((start - ray.low) / (ray.high - start))) /
        ray.R;
    const expr small = log(2 / (a * sqrt(omega / KQ))) / omega;
    return sheet.finish({time, (time - small) / (a * a)}, 2, 1);
}

arguments transfer_at(const rational& a) {
    arguments at;
    return at.set("KP", rational(1, 2)).set("KQ", rational(1, 3)).set("a", a);
}

enclosure transfer_table(const rational& share_of_c = 1) {
    enclosure table{{}, in_balls(transfer_values(share_of_c)), {}};
    for (const auto& [a, printed] :
         std::vector<std::pair<rational, const char*>>{{{1, 5}, "5.361909622075203600842648"},
                                                       {{1, 2}, "2.988426250403706819799301"},
                                                       {{1, 100}, "12.72980337399299101257317"}})
        table.rows.push_back(
            {"time from (" + a.str() + ", 0)", transfer_at(a), 0, within_last_digit(printed)});
    for (const std::int64_t digits : {2, 3, 4})
        table.rows.push_back({"[time - ln(2/(a sqrt kappa))/omega] / a^2",
                              transfer_at(power(rational(10), -digits)), 1, within(1)});
    return table;
}

/// a = 1/(T omega) makes ln(2/(a sqrt kappa)) the l of the escape from scratch; in fourth roots of
/// K_P and K_Q.
identity equal_starts(bool with_omega = true) {
    worksheet sheet;
    const expr x = sheet.symbol("x"), y = sheet.symbol("y"), T = sheet.symbol("T");
    sheet.require(x, relation::positive, "x = K_P^(1/4) > 0");
    sheet.require(y, relation::positive, "y = K_Q^(1/4) > 0");
    sheet.require(T, relation::positive, "T > 0");
    const expr omega = x * x * y * y, root_kappa = x / y;
    const expr a = 1 / (with_omega ? T * omega : T);
    sheet.equate(2 / (a * root_kappa), 2 * T * x * y * y * y);
    return sheet.finish();
}

claim time_claim() {
    const std::string table = "closed form", equal = "scratch as a transfer";
    return {
        .id = "scb.transfer.time",
        .statement =
            "from (a, 0) the time to p = 1/2 is free of T as T grows; a = 1/(T omega) gives "
            "the leading term of the escape from scratch",
        .latex =
            R"(\tau_{tr}=\frac1R\Big[\ln\frac{y_h-y_-}{y_+-y_h}-\ln\frac{1-y_-}{y_+-1}\Big]\approx\frac1\omega\ln\frac2{a\sqrt\kappa},\qquad a_{eq}=\frac1{T\sqrt{K_PK_Q}})",
        .from = derived("transfer from a pretrained model, 1/T -> 0"),
        .hypotheses = {"table: K_P = 1/2, K_Q = 1/3; small a: 10^-2, 10^-3, 10^-4, error within "
                       "a^2"},
        .method = "the solved flow of scb.noT.explicit at p = 1/2, enclosed in balls; the two "
                  "logarithms' arguments expanded",
        .given = {"on bounded times the flow depends continuously on 1/T, so the time at finite T "
                  "tends to this one (compared at T = 10^4 in scb.transfer.time.flow)",
                  "that l/omega is the leading term of the escape time is scb.tau, certified at "
                  "listed instances only",
                  "time saved against scratch to leading order: ln(a T omega)/omega"},
        .expected = outcome::certified,
        .shown_by =
            all_of{{make_lemma(table, transfer_table()), make_lemma(equal, equal_starts())}},
        .twins = {{"R = sqrt(4 omega^2 + c^2/4)", transfer_table({1, 4}), table},
                  {"a = 1/T", equal_starts(false), equal}},
        .quantities = {"scb.transfer.time", "scb.tau"},
    };
}

/// The flow's own time at finite T.
flow_table finite_T(const writing& velocity = manifold_flow) {
    flow_value request = at_level([](letters& x) { return std::vector<expr>{x["t"]}; });
    request.velocity = written(velocity);
    flow_table table{request, {}, true};
    const auto add = [&](const rational& a, const char* printed) {
        table.rows.push_back({"tau_1/2 from (" + a.str() + ", 0)",
                              instance_at({{1, 2}, {1, 3}, 10'000})
                                  .set("alphaV", a)
                                  .set("alphaA", rational(0))
                                  .set("theta", rational(1, 2)),
                              0, within_last_digit(printed)});
    };
    add({1, 5}, "5.35974953177092");
    add({1, 2}, "2.98796467604293");
    add({1, 100}, "12.6721701828045");
    return table;
}

claim finite_T_claim() {
    return {
        .id = "scb.transfer.time.flow",
        .statement = "the same times at T = 10^4, along the flow with its drift",
        .latex = R"(T=10^4:\ 5.35974953177092,\ 2.98796467604293,\ 12.6721701828045)",
        .from = derived("transfer from a pretrained model"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3, T = 10^4; starts (1/5, 0), (1/2, 0), (1/100, 0)"},
        .method = "Taylor integration to p = 1/2, every crossing enclosed",
        .expected = outcome::certified,
        .shown_by = finite_T(),
        .twins = {{"drift dropped", finite_T(undriven_flow)}},
        .quantities = {"scb.tau", "scb.transfer.time"},
    };
}

} // namespace

std::vector<claim> transfer_claims() {
    return {init_claim(), instances_claim(), time_claim(), finite_T_claim()};
}

} // namespace flowproof::scb
