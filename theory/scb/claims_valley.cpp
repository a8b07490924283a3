#include "theory/flows/closed_forms.hpp"
#include "theory/scb/claims.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

/// S = K_P alphaV^2 + K_Q alphaA^2: the rate at which p relaxes to the valley.
expr curvature(const sizes<expr>& c, const expr& u, const expr& v) {
    return c.KP * u * u + c.KQ * v * v;
}

/// p' = alphaA (1 - alphaV)/T + S (1 - p); the drift of alphaV at the p where p' = 0, on the valley
/// alphaA = 1/alphaV; and its clock G.
identity limit_equation(bool sign = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    const auto velocity = manifold_velocity(c, u, v);
    const expr S = curvature(c, u, v);
    sheet.equate(velocity[0] * v + u * velocity[1], v * (1 - u) / c.T + S * (1 - u * v));
    const expr w = 1 / u;                                         // on the valley
    const expr excess = w * (1 - u) / (c.T * curvature(c, u, w)); // p - 1
    const expr drift = (1 - u) / c.T + c.KQ * w * (sign ? -excess : excess);
    sheet.equate(c.T * drift, flows::valley_velocity(c.KP, c.KQ, u));
    const expr clock = flows::valley_clock(c.KP, c.KQ, u);
    sheet.equate(sheet.derivative(clock, "alphaV") * flows::valley_velocity(c.KP, c.KQ, u),
                 expr(1));
    return sheet.finish();
}

claim limit_claim() {
    return {
        .id = "scb.valley.limit",
        .statement =
            "the formal limit of the drift along p = 1 on the time scale T, and its closed "
            "form",
        .latex =
            R"(\frac{du}{ds}=\frac{K_Pu^4(1-u)}{K_Pu^4+K_Q},\quad s=G(u)-G(u_0),\quad p-1\approx\frac{\alpha_A(1-\alpha_V)}{T(K_P\alpha_V^2+K_Q\alpha_A^2)})",
        .from = derived("slow drift after the landing, t = s T"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0", "u > 0, u != 1",
                       "p at the zero of p', to first order in 1/T"},
        .method = "p' expanded for all states; the drift at p' = 0 on alphaA = 1/alphaV, and the "
                  "derivative of G on the tape",
        .given = {"p relaxes at the rate S of order 1 while alphaV drifts at a rate of order 1/T, "
                  "so p follows the zero of p' (the limit itself is compared numerically in "
                  "scb.valley)"},
        .expected = outcome::proved,
        .shown_by = limit_equation(),
        .twins = {{"p below 1 while alphaV < 1", limit_equation(false)}},
        .quantities = {"scb.valley.clock"},
    };
}

enum class valley_slip { none, clock, start, sign };

/// alphaV, then errors of the limit in the units in which they are bounded: of the clock in
/// ln T / T, of p in 1/T^2, of the excess (relative) in 1/T.
flow_table drift_table(const std::vector<sizes<rational>>& instances,
                       const std::vector<rational>& times, valley_slip change = valley_slip::none,
                       bool enclosed = true) {
    flow_table table{
        ask({.observed =
                 [=](letters& x) {
                     const auto c = x.instance();
                     const expr u = x["u"], v = x["v"], S = curvature(c, u, v);
                     const auto clock = [&](const expr& at) {
                         return change == valley_slip::clock
                                    ? flows::valley_clock(expr(c.KP * c.KP), expr(c.KQ * c.KQ), at)
                                    : flows::valley_clock(c.KP, c.KQ, at);
                     };
                     const expr root_kappa = sqrt(sqrt(c.KP / c.KQ));
                     const expr landing =
                         change == valley_slip::start ? root_kappa : 1 / root_kappa;
                     const expr s = x["t"] / c.T;
                     const expr above = v * (1 - u) / (c.T * S);
                     const expr error = u * v - 1 + (change == valley_slip::sign ? above : -above);
                     const expr leading = c.KP * (1 - u) * (1 - u) / (2 * c.T);
                     return std::vector<expr>{u, (clock(u) - clock(landing) - s) * c.T / log(c.T),
                                              error * c.T * c.T,
                                              (manifold_energy(c, u, v) / leading - 1) * c.T};
                 }}),
        {},
        enclosed};
    for (const sizes<rational>& c : instances)
        for (const rational& s : times) {
            const arguments at = instance_at(c).set("t", s * c.T);
            // Larger where kappa is smaller; kappa is above or below 1 here.
            const int clock_bound = c.KQ < c.KP ? 2 : 6;
            table.rows.push_back({"[G(u) - G(u_0) - t/T] T / ln T", at, 1, within(clock_bound)});
            table.rows.push_back({"(p - 1 - first order) T^2", at, 2, within(1)});
            table.rows.push_back({"(2 T E / (K_P (1 - u)^2) - 1) T", at, 3, within(2)});
        }
    return table;
}

flow_table moderate(valley_slip change = valley_slip::none) {
    return drift_table({{{1, 2}, {1, 3}, 1000}, {{1, 10}, {1, 2}, 1000}}, {{1, 2}, 1, 3}, change);
}

/// One decade on.
flow_table later(valley_slip change = valley_slip::none) {
    return drift_table({{{1, 2}, {1, 3}, 10'000}, {{1, 10}, {1, 2}, 10'000}}, {{1, 2}}, change);
}

claim valley_claim() {
    const std::string thousand = "T = 10^3";
    return {
        .id = "scb.valley",
        .statement = "after the landing at (kappa^-1/2, kappa^1/2) the flow drifts along p = 1 on "
                     "the time scale T as the limit says",
        .latex =
            R"(G(\alpha_V(sT))-G(\kappa^{-1/2})=s+O\!\Big(\frac{\log T}T\Big),\quad p=1+\frac{\alpha_A(1-\alpha_V)}{T(K_P\alpha_V^2+K_Q\alpha_A^2)}+O(T^{-2}),\quad \mathcal E=\frac{K_P(1-u)^2}{2T}\big(1+O(\tfrac1T)\big))",
        .from = derived("slow drift after the landing, t = s T"),
        .hypotheses =
            {"(K_P, K_Q) = (1/2, 1/3), (1/10, 1/2); T = 10^3, s = 1/2, 1, 3; T = 10^4, s = "
             "1/2",
             "start at (0, 0)", "constants 6 (clock), 1 (p), 2 (excess)"},
        .method = "the flow itself enclosed across the valley; the limit enters only as what it is "
                  "compared with",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(thousand, moderate()), make_lemma("T = 10^4", later())}},
        .twins = {{"G with K_P^2, K_Q^2", first_rows(moderate(valley_slip::clock), 3), thousand},
                  {"landing at kappa^1/2", first_rows(moderate(valley_slip::start), 3), thousand},
                  {"p below 1 while alphaV < 1", first_rows(moderate(valley_slip::sign), 3),
                   thousand}},
        .quantities = {"scb.valley.clock", "scb.flow"},
    };
}

flow_table long_drift() {
    flow_table table =
        drift_table({{{1, 2}, {1, 3}, 100'000}}, {{1, 2}, 1, 3}, valley_slip::none, false);
    const arguments at = instance_at({{1, 2}, {1, 3}, 1'000'000});
    for (const auto& [s, printed] :
         std::vector<std::pair<std::int64_t, const char*>>{{1, "0.94285723"}, {3, "0.98157203"}})
        table.rows.push_back({"alphaV", arguments(at).set("t", rational(s * 1'000'000)), 0,
                              within_last_digit(printed)});
    const arguments end = arguments(at).set("t", rational(1'000'000));
    table.rows.push_back({"[G(u) - G(u_0) - t/T] T / ln T", end, 1, within(6)});
    return table;
}

claim long_valley_claim() {
    return {
        .id = "scb.valley.long",
        .statement = "the drift along the valley at T = 10^5 and 10^6",
        .latex = R"(T=10^6:\ \alpha_V(T)=0.94285723,\ \alpha_V(3T)=0.98157203)",
        .from = derived("slow drift after the landing, t = s T"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3", "start at (0, 0)"},
        .method = "the flow integrated over times of order T: some 10^5 steps, because it is stiff",
        .expected = outcome::supported,
        .at_least = profile::full,
        .shown_by = long_drift(),
        .twins = {{"G with K_P^2, K_Q^2 at T = 10^5",
                   drift_table({{{1, 2}, {1, 3}, 100'000}}, {{1, 2}}, valley_slip::clock, false)}},
        .quantities = {"scb.valley.clock", "scb.flow"},
    };
}

/// A = Q: alphaA = 1 and deltaA = 0. Both energies and signals of V - P then decay at one rate.
identity finish_identity(bool whole_norm = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), dV = sheet.symbol("deltaV");
    const auto velocity = reduced_velocity(c, {u, expr(1), dV, expr(0)});
    const expr norm = whole_norm ? c.KQ + 1 / c.T : c.KQ; // |Q|_mu^2
    sheet.equate(velocity.alphaV, norm * (1 - u));
    sheet.equate(velocity.deltaV, -2 * norm * dV);
    return sheet.finish();
}

/// The same with matrices, for every V on C: V' = |Q|_mu^2 (P - V).
identity finish_matrices(symbolic_instance (*make)(worksheet&, weights),
                         std::vector<std::string> listed, bool right = true) {
    worksheet sheet;
    const auto [b, V, A] = make(sheet, weights::on_C);
    const expr norm = right ? inner(b.Q, b.Q, b.mu) : KQ(b);
    const matrix<expr> gradient = projected_gradient_V(b, V, b.Q);
    for (Index i = 0; i < b.N(); ++i)
        for (Index j = 0; j < b.N(); ++j)
            sheet.equate(gradient(i, j), norm * (V(i, j) - b.P(i, j)));
    return sheet.finish(std::move(listed));
}

claim finish_claim() {
    return {
        .id = "scb.finish",
        .statement = "with A = Q the valley is gone: V converges to P at the rate |Q|_mu^2 >= "
                     "1/Q_s, whatever T",
        .latex =
            R"(A=Q:\quad \alpha_V'=\|Q\|_\mu^2(1-\alpha_V),\ \delta_V'=-2\|Q\|_\mu^2\delta_V,\qquad \|Q\|_\mu^2=K_Q+\tfrac1T\ge\tfrac1{Q_s})",
        .from = derived("V-only stage after rounding A to its support"),
        .hypotheses = {"A = Q is held fixed, V on C", "K_P > 0, K_Q > 0, T > 0",
                       "reduced dynamics: scb.reduce.4d"},
        .method = "the reduced velocity at alphaA = 1, deltaA = 0, expanded",
        .given = {"1/Q_s: each column of Q has Q_s nonzero entries of sum 1, so the sum of their "
                  "squares is at least 1/Q_s (Cauchy-Schwarz)"},
        .expected = outcome::proved,
        .shown_by = finish_identity(),
        .twins = {{"rate K_Q", finish_identity(false)}},
        .quantities = {"scb.finish"},
    };
}

claim finish_matrices_claim() {
    const std::string small = "N = T = 2, everything symbolic";
    return {
        .id = "scb.finish.instances",
        .statement = "with A = Q the matrix V itself moves straight to P",
        .latex = R"(\nabla_VL\,D^{-1}\big|_{A=Q}=\|Q\|_\mu^2(V-P)\ \text{on}\ \mathcal C)",
        .from = derived("V-only stage after rounding A to its support"),
        .hypotheses = {"V on C", "P mu = mu"},
        .method = "the projected gradient at A = Q, at N = T = 2 with every mu, P, Q and over R0",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(small, finish_matrices(two_by_two, listed_two_by_two())),
                            make_lemma("over R0", finish_matrices(over_R0, listed_R0()))}},
        .twins = {{"rate K_Q", finish_matrices(two_by_two, listed_two_by_two(), false), small}},
        .quantities = {"scb.finish"},
    };
}

} // namespace

std::vector<claim> valley_claims() {
    return {limit_claim(), valley_claim(), long_valley_claim(), finish_claim(),
            finish_matrices_claim()};
}

} // namespace flowproof::scb
