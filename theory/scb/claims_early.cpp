#include "theory/flows/closed_forms.hpp"
#include "theory/scb/claims.hpp"
#include "theory/scb/closures.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/escape.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

/// d with 4 K_P K_Q, or the slip K_P K_Q.
expr gap_of(const sizes<expr>& c, bool with_four) {
    return with_four ? linear_gap(c) : sqrt(1 / (c.T * c.T) + c.KP * c.KQ);
}

identity linear_solution(bool with_four = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr t = sheet.symbol("t");
    const expr d = gap_of(c, with_four);
    const auto z = linear_escape(c, d, t);
    const auto velocity = linear_velocity(c, z[0], z[1]);
    for (std::size_t i = 0; i < 2; ++i) {
        sheet.equate(sheet.derivative(z[i], "t"), velocity[i]);
        sheet.equate(sheet.substitute(z[i], "t", expr(0)), expr(0));
    }
    return sheet.finish();
}

/// e^{t/(2T)} alphaV = 2 sinh(d t/2) / (T d), e^{t/(2T)} (1 + T K_Q alphaA) = cosh(d t/2) +
/// sinh(d t/2)/(T d), and r_+ = omega - 1/(2T) + 1/(2 T^2 (d + 2 omega)).
identity large_T_form() {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr t = sheet.symbol("t");
    const expr d = linear_gap(c), omega = sqrt(c.KP * c.KQ);
    const auto z = linear_escape(c, d, t);
    const expr up = exp(d * t / 2), down = exp(-(d * t) / 2), damped = exp(-t / (2 * c.T));
    sheet.equate(c.T * d * z[0], damped * (up - down));
    sheet.equate(1 + c.T * c.KQ * z[1], damped * ((up + down) / 2 + (up - down) / (2 * c.T * d)));
    sheet.equate(linear_rates(c, d)[0],
                 omega - 1 / (2 * c.T) + 1 / (2 * c.T * c.T * (d + 2 * omega)));
    return sheet.finish();
}

claim early_claim() {
    return {
        .id = "scb.early",
        .statement = "closed form of the flow linearised at the start; its growth rate is omega - "
                     "1/(2T) + O(T^-2)",
        .latex =
            R"(\alpha_V^{lin}=\frac{e^{r_+t}-e^{r_-t}}{Td},\quad \alpha_A^{lin}=\frac1{TK_Q}\Big[\frac{r_+e^{r_-t}-r_-e^{r_+t}}d-1\Big],\quad r_\pm=\tfrac{-1/T\pm d}2,\ d=\sqrt{T^{-2}+4K_PK_Q})",
        .from = derived("linearisation at the origin, with its drift"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0", "start at (0, 0)"},
        .method = "differentiated in t on the tape, put into the linear flow and expanded with "
                  "exponentials and roots as atoms",
        .given = {"0 < 1/(2 T^2 (d + 2 omega)) < 1/(8 omega T^2), because d > 2 omega; at fixed t, "
                  "T alphaV -> sinh(omega t)/omega and T alphaA -> (cosh(omega t) - 1)/K_Q"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma("it solves the linear flow", linear_solution()),
                            make_lemma("form for large T", large_T_form())}},
        .twins = {{"d = sqrt(T^-2 + K_P K_Q)", linear_solution(false),
                   "it solves the linear flow"}},
        .quantities = {"scb.early", "scb.omega"},
    };
}

/// (alphaV, alphaA) of the linear formula as a function of KP, KQ, T, t.
formula linear_values(bool with_four = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr t = sheet.symbol("t");
    const auto z = linear_escape(c, gap_of(c, with_four), t);
    return sheet.finish({z[0], z[1]}, 2, 1);
}

arguments baseline() { return instance_at({{1, 2}, {1, 3}, 10'000}).set("t", rational(10)); }

enclosure linear_table(bool with_four = true) {
    return {{},
            in_balls(linear_values(with_four)),
            {{"alphaV", baseline(), 0, within_last_digit("0.007256124725790465848")},
             {"alphaA", baseline(), 1, within_last_digit("0.0085930471615271197681")}}};
}

claim early_table_claim() {
    return {
        .id = "scb.early.table",
        .statement = "the linear formula at t = 10 for K_P = 1/2, K_Q = 1/3, T = 10^4",
        .latex = R"((\alpha_V^{lin},\alpha_A^{lin})=(0.0072561247\ldots,\,0.0085930471\ldots))",
        .from = derived("linearisation at the origin"),
        .method = "the formula enclosed in balls",
        .expected = outcome::certified,
        .shown_by = linear_table(),
        .twins = {{"d = sqrt(T^-2 + K_P K_Q)", linear_table(false)}},
        .quantities = {"scb.early"},
    };
}

/// The linear flow minus the flow, at different states: a linear cooperative system driven by
/// terms that are nonnegative in the quadrant; and the flow on the quadrant's boundary.
identity comparison(int sign = +1) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    const expr a = sheet.symbol("wV"), b = sheet.symbol("wA"); // linear - true
    const auto linear = linear_velocity(c, u + a, v + b), flow = manifold_velocity(c, u, v);
    sheet.equate(linear[0] - flow[0], -a / c.T + c.KQ * b + sign * c.KQ * v * v * u);
    sheet.equate(linear[1] - flow[1], c.KP * a + sign * c.KP * u * u * v);
    sheet.equate(manifold_velocity(c, expr(0), v)[0], 1 / c.T + c.KQ * v);
    sheet.equate(manifold_velocity(c, u, expr(0))[1], c.KP * u);
    return sheet.finish();
}

/// alphaV, alphaA, alphaV^lin - alphaV, alphaA^lin - alphaA at time t from (0, 0).
flow_table ordered_pairs(bool with_four = true) {
    flow_table table{
        ask({.observed =
                 [=](letters& x) {
                     const auto c = x.instance();
                     const auto z = linear_escape(c, gap_of(c, with_four), x["t"]);
                     return std::vector<expr>{x["u"], x["v"], z[0] - x["u"], z[1] - x["v"]};
                 }}),
        {},
        true};
    const char* const names[] = {"alphaV", "alphaA", "alphaV^lin - alphaV", "alphaA^lin - alphaA"};
    for (const auto& [c, times] : std::vector<std::pair<sizes<rational>, std::vector<rational>>>{
             {{{1, 2}, {1, 3}, 100}, {{1, 10}, 1, 5, 20}},
             {{{1, 10}, {1, 2}, 1000}, {1, 30, 60}},
             {{{3, 5}, {1, 5}, 10}, {1, 10, 100}}})
        for (const rational& t : times)
            for (Eigen::Index i = 0; i < 4; ++i)
                table.rows.push_back({std::string(names[i]) + " >= 0", instance_at(c).set("t", t),
                                      i, at_least(rational(0))});
    table.rows.push_back({"alphaV at the baseline", baseline(), 0,
                          within_last_digit("0.00725591513126998332802818962968")});
    table.rows.push_back({"alphaA at the baseline", baseline(), 1,
                          within_last_digit("0.00859278448838234698174820461308")});
    return table;
}

/// alphaV^lin alphaA^lin - theta when the flow reaches p = theta.
flow_table crossing_first() {
    flow_table table{at_level(
                         [](letters& x) {
                             const auto c = x.instance();
                             const auto z = linear_escape(c, linear_gap(c), x["t"]);
                             return std::vector<expr>{z[0] * z[1] - x["theta"]};
                         },
                         from(rational(0), rational(0))),
                     {},
                     true};
    for (const sizes<rational>& c :
         {sizes<rational>{{1, 2}, {1, 3}, 100}, sizes<rational>{{1, 10}, {1, 2}, 1000},
          sizes<rational>{{3, 5}, {1, 5}, 10'000}})
        for (const rational& theta : {rational(1, 10), rational(1, 2), rational(9, 10)})
            table.rows.push_back({"p^lin(tau_theta) >= theta", instance_at(c).set("theta", theta),
                                  0, at_least(rational(0))});
    return table;
}

claim comparison_claim() {
    return {
        .id = "scb.early.comparison",
        .statement = "the flow from (0, 0) stays between 0 and the linear formula, so the linear "
                     "crossing time bounds tau_theta from below",
        .latex =
            R"(0\le\alpha_V\le\alpha_V^{lin},\quad 0\le\alpha_A\le\alpha_A^{lin}\quad(t\ge0);\qquad \tau_\theta\ge\inf\{t:\alpha_V^{lin}\alpha_A^{lin}=\theta\})",
        .from = derived("comparison for quasi-monotone systems"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0", "start at (0, 0)"},
        .method = "the difference of the two velocity fields, and the velocity on the edges of "
                  "the quadrant, expanded for all states",
        .given = {"quadrant: at its edges the velocity points inward (1/T + K_Q alphaA > 0 on "
                  "alphaV = 0, K_P alphaV >= 0 on alphaA = 0), so the flow stays in it",
                  "quasi-monotone: w = (wV, wA) solves w' = M w + f with nonnegative off-diagonal "
                  "entries K_Q, K_P of M and f >= 0 in the quadrant; by variation of constants "
                  "w(t) = int e^{(t - s) M} f(s) ds >= 0",
                  "alphaV^lin alphaA^lin increases from 0 and lies above p, hence reaches theta "
                  "first"},
        .expected = outcome::proved,
        .shown_by = comparison(),
        .twins = {{"dropped terms with the other sign", comparison(-1)}},
        .quantities = {"scb.early", "scb.flow", "scb.tau"},
    };
}

claim comparison_table_claim() {
    const std::string values = "ordered at listed times";
    return {
        .id = "scb.early.comparison.table",
        .statement = "the comparison along the flow: order at listed times, and which product "
                     "reaches theta first",
        .latex =
            R"(\alpha_V^{lin}-\alpha_V,\ \alpha_A^{lin}-\alpha_A\ge0;\qquad \alpha_V^{lin}\alpha_A^{lin}\ge\theta\ \text{at}\ \tau_\theta)",
        .from = derived("comparison for quasi-monotone systems"),
        .hypotheses = {"start at (0, 0)",
                       "(K_P, K_Q, T) = (1/2, 1/3, 100), (1/10, 1/2, 1000), (3/5, 1/5, 10); "
                       "levels 1/10, 1/2, 9/10, the last pair at T = 10^4"},
        .method = "flow and linear formula enclosed together",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(values, ordered_pairs()),
                            make_lemma("the linear product crosses first", crossing_first())}},
        .twins = {{"bound with d = sqrt(T^-2 + K_P K_Q)", first_rows(ordered_pairs(false), 12),
                   values}},
        .quantities = {"scb.early", "scb.flow", "scb.tau"},
    };
}

/// Without 1/T: c is conserved and p' = (1 - p) S with S = K_P alphaV^2 + K_Q alphaA^2, S^2 = c^2 +
/// 4 omega^2 p^2.
identity undriven_reduction() {
    worksheet sheet;
    const expr KP = sheet.symbol("KP"), KQ = sheet.symbol("KQ");
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    const auto [du, dv] = flows::product_velocity(KP, KQ, u, v);
    const expr balance = flows::product_balance(KP, KQ, u, v), S = KP * u * u + KQ * v * v;
    sheet.equate(2 * (KP * u * du - KQ * v * dv), expr(0));
    sheet.equate(v * du + u * dv, (1 - u * v) * S);
    sheet.equate(S * S, balance * balance + 4 * KP * KQ * (u * v) * (u * v));
    return sheet.finish();
}

/// With Y = (sqrt(K_P) alphaV + sqrt(K_Q) alphaA)^2 = |c| y: the explicit solution at balance c
/// from Y = y0, for c of either sign or 0, and what it makes of p and of both factors' squares.
identity undriven_solution(const rational& share_of_c = 1) {
    worksheet sheet;
    const expr KP = sheet.symbol("KP"), KQ = sheet.symbol("KQ");
    sheet.require(KP, relation::positive, "KP > 0");
    sheet.require(KQ, relation::positive, "KQ > 0");
    const expr c = sheet.symbol("c"), y0 = sheet.symbol("y0"), t = sheet.symbol("t");
    const expr omega = sqrt(KP * KQ), R = sqrt(4 * KP * KQ + share_of_c * c * c);
    const expr high = 2 * omega + R, low = 2 * omega - R, E = exp(R * t);
    const expr Y = (low * (high - y0) + high * (y0 - low) * E) / (high - y0 + (y0 - low) * E);
    const expr p = (Y - c * c / Y) / (4 * omega), S = (Y + c * c / Y) / 2;
    const expr V2 = (S + c) / (2 * KP), A2 = (S - c) / (2 * KQ);
    sheet.equate(sheet.substitute(Y, "t", expr(0)), y0);
    sheet.equate(sheet.derivative(p, "t"), (1 - p) * S);
    sheet.equate(V2 * A2, p * p);
    sheet.equate(sheet.derivative(V2, "t"), 2 * KQ * p * (1 - p));
    sheet.equate(sheet.derivative(A2, "t"), 2 * KP * p * (1 - p));
    return sheet.finish();
}

/// c = 0: logistic p at rate 2 omega; alphaV^2 = p/kappa and alphaA^2 = kappa p.
identity balanced_solution() {
    worksheet sheet;
    const expr KP = sheet.symbol("KP"), KQ = sheet.symbol("KQ");
    sheet.require(KP, relation::positive, "KP > 0");
    sheet.require(KQ, relation::positive, "KQ > 0");
    const expr t = sheet.symbol("t"), tau = sheet.symbol("tau");
    const expr omega = sqrt(KP * KQ), kappa = omega / KQ;
    const expr p = 1 / (1 + exp(-(2 * omega * (t - tau))));
    sheet.equate(sheet.derivative(p, "t"), 2 * omega * p * (1 - p));
    sheet.equate(sheet.derivative(p / kappa, "t"), 2 * KQ * p * (1 - p));
    sheet.equate(sheet.derivative(kappa * p, "t"), 2 * KP * p * (1 - p));
    return sheet.finish();
}

claim undriven_claim() {
    const std::string solution = "explicit solution";
    return {
        .id = "scb.noT.explicit",
        .statement = "without the 1/T terms the flow is explicit: logistic on the balanced line, "
                     "a Moebius function of an exponential off it",
        .latex =
            R"(p'=(1-p)\sqrt{4\omega^2p^2+c^2},\quad \frac{y(t)-y_-}{y_+-y(t)}=\frac{y(0)-y_-}{y_+-y(0)}e^{Rt},\quad p=\frac{|c|}{4\omega}\Big(y-\frac1y\Big),\quad R=\sqrt{4\omega^2+c^2},\ y_\pm=\frac{2\omega\pm R}{|c|})",
        .from = derived("the flow on the manifold as 1/T -> 0"),
        .hypotheses = {"K_P > 0, K_Q > 0",
                       "sqrt(K_P) alphaV + sqrt(K_Q) alphaA > 0 (holds in the quadrant)"},
        .method = "in Y = |c| y = (sqrt(K_P) alphaV + sqrt(K_Q) alphaA)^2, which needs no case "
                  "distinction in c; differentiated on the tape and expanded",
        .given =
            {"p, alphaV^2 and alphaA^2 determine the point up to its sign, and sqrt(K_P) alphaV + "
             "sqrt(K_Q) alphaA, which keeps its sign, fixes that; the solution of the initial "
             "value problem is unique",
             "Y = S + 2 omega p and S^2 = c^2 + 4 omega^2 p^2, hence c^2/Y = S - 2 omega p",
             "at p = 1, S = R: the rate of landing is K_P alphaV^2 + K_Q alphaA^2 there"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma("reduction to p", undriven_reduction()),
                            make_lemma(solution, undriven_solution()),
                            make_lemma("balanced line", balanced_solution())}},
        .twins = {{"R = sqrt(4 omega^2 + c^2/4)", undriven_solution({1, 4}), solution}},
        .quantities = {"scb.noT.explicit"},
    };
}

flow_table undriven_table(const rational& share_of_c = 1) {
    const rational tiny = power(rational(10), -45);
    flow_table table{ask({.observed =
                              [=](letters& x) {
                                  const expr KP = x["KP"], KQ = x["KQ"];
                                  const auto [u0, v0] = std::array{x["alphaV"], x["alphaA"]};
                                  const expr c = flows::product_balance(KP, KQ, u0, v0);
                                  const expr R = sqrt(4 * KP * KQ + share_of_c * c * c);
                                  const auto z =
                                      flows::unbalanced_product(KP, KQ, R, u0, v0, x["t"]);
                                  return std::vector<expr>{x["u"] - z[0], x["v"] - z[1]};
                              },
                          .start = from_parameters,
                          .velocity = undriven_flow}),
                     {},
                     true};
    for (const auto& [u0, v0] : std::vector<std::pair<rational, rational>>{
             {{1, 5}, 0}, {0, {1, 5}}, {{1, 2}, {1, 10}}, {{-1, 10}, {1, 2}}, {{3, 2}, 2}})
        for (const rational& t : {rational(2), rational(5), rational(30)}) {
            arguments at;
            at.set("KP", rational(1, 2)).set("KQ", rational(1, 3));
            at.set("alphaV", u0).set("alphaA", v0).set("t", t);
            table.rows.push_back({"alphaV", at, 0, within(tiny)});
            table.rows.push_back({"alphaA", at, 1, within(tiny)});
        }
    return table;
}

claim undriven_table_claim() {
    return {
        .id = "scb.noT.explicit.flow",
        .statement = "the explicit solution agrees with the enclosed flow to 45 decimals",
        .latex = R"(\alpha_V,\alpha_A\ \text{at}\ t=2,5,30\ \text{from five starts}:\ \pm10^{-45})",
        .from = derived("the flow on the manifold as 1/T -> 0"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3", "balances of both signs; p < 0, 0, > 0 and > 1"},
        .method = "Taylor integration beside the closed form, their difference enclosed",
        .expected = outcome::certified,
        .shown_by = undriven_table(),
        .twins = {{"R = sqrt(4 omega^2 + c^2/4)", first_rows(undriven_table({1, 4}), 2)}},
        .quantities = {"scb.noT.explicit"},
    };
}

} // namespace

std::vector<claim> early_claims() {
    return {early_claim(),    early_table_claim(),   comparison_claim(), comparison_table_claim(),
            undriven_claim(), undriven_table_claim()};
}

} // namespace flowproof::scb
