#include "theory/scb/claims.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/symbolic.hpp"

// The four-dimensional flow: what energies off the manifold change about convergence.
namespace flowproof::scb {

namespace {

reduced<expr> symbolic_state(worksheet& sheet) {
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    return {u, v, sheet.symbol("deltaV"), sheet.symbol("deltaA")};
}

/// E' = -K_P alphaV'^2 - K_Q alphaA'^2 - n_A^2 deltaV - W^2 deltaA; E bounds alphaV, p and what is
/// left over; the velocity on the quadrant's edges; the balance of squares.
identity energy_off_manifold(bool with_deltaA = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const reduced<expr> z = symbolic_state(sheet);
    const auto& [u, v, dV, dA] = z;
    const reduced<expr> f = reduced_velocity(c, z);
    const expr E = reduced_excess(c, z), n = n_A(c, z), w = W(c, z);
    sheet.equate(
        sheet.derivative(E, "alphaV") * f.alphaV + sheet.derivative(E, "alphaA") * f.alphaA +
            sheet.derivative(E, "deltaV") * f.deltaV + sheet.derivative(E, "deltaA") * f.deltaA,
        -(c.KP * f.alphaV * f.alphaV) - c.KQ * f.alphaA * f.alphaA - n * n * dV -
            (with_deltaA ? w * w * dA : expr(0)));
    sheet.equate(2 * E, 2 * manifold_energy(c, u, v) + c.KP * u * u * dA + n * dV);
    sheet.equate(reduced_velocity(c, {expr(0), v, dV, dA}).alphaV, 1 / c.T + c.KQ * v);
    sheet.equate(reduced_velocity(c, {u, expr(0), dV, dA}).alphaA, c.KP * u);
    sheet.equate(reduced_velocity(c, {expr(1), v, dV, dA}).alphaV, c.KQ * v * (1 - v) - dA);
    sheet.equate(c.KQ * v * f.alphaA - c.KP * u * f.alphaV,
                 c.KP * u * (u - 1) / c.T + c.KP * u * u * dA - c.KQ * dV * v * v);
    return sheet.finish();
}

claim global_claim() {
    return {
        .id = "scb.ext.global",
        .statement = "off the manifold too: from every start with alphaV >= 0 and alphaA >= 0, "
                     "whatever deltaV and deltaA, the flow converges to V = P, A = Q",
        .latex =
            R"(\alpha_V(0),\alpha_A(0)\ge0,\ \delta_V(0),\delta_A(0)\ge0\ \Rightarrow\ (\alpha_V,\alpha_A,\delta_V,\delta_A)(t)\to(1,1,0,0))",
        .from = extension("LaSalle in the four reduced coordinates"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0 finite", "reduced dynamics: scb.reduce.4d"},
        .method = "energy, edges and the balance of squares of the four-dimensional flow expanded "
                  "for all states",
        .given =
            {"the quadrant is forward invariant (alphaV' > 0 on alphaV = 0, alphaA' >= 0 on alphaA "
             "= 0); deltaV, deltaA >= 0 only decrease; E is nonincreasing and bounds alphaV and p",
             "alphaA is bounded: it increases only where p < 1, hence beyond alphaA = 1 only where "
             "alphaV < 1; with alphaA > 1 alphaV cannot rise through 1; so from then on, as long "
             "as alphaA > 1, (K_Q alphaA^2 - K_P alphaV^2)' <= 2 K_P alphaV^2 deltaA <= -deltaA', "
             "whose integral is at most deltaA(0); and where alphaV > 1 alphaA decreases",
             "LaSalle: the limit points satisfy alphaV' = alphaA' = 0, n_A^2 deltaV = W^2 deltaA = "
             "0; n_A >= 1/T, so deltaV = 0; alphaV' > 0 on alphaV = 0, so alphaV > 0, W > 0 and "
             "deltaA = 0; of the two planar equilibria (scb.equilibria) only (1, 1) has "
             "alphaA >= 0"},
        .expected = outcome::proved,
        .shown_by = energy_off_manifold(),
        .twins = {{"W^2 deltaA missing", energy_off_manifold(false)}},
        .quantities = {"scb.flow.4d"},
    };
}

/// Off minus on the manifold, and the planar flow's off-diagonal slopes.
identity cooperative(int copies = 2) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const reduced<expr> z = symbolic_state(sheet);
    const auto& [u, v, dV, dA] = z;
    const reduced<expr> f = reduced_velocity(c, z);
    const auto planar = manifold_velocity(c, u, v);
    const expr p = u * v;
    sheet.equate(f.alphaV - planar[0], -(dA * u));
    sheet.equate(f.alphaA - planar[1], -(dV * v));
    sheet.equate(sheet.derivative(planar[0], "alphaA"), c.KQ * (1 - copies * p));
    sheet.equate(sheet.derivative(planar[1], "alphaV"), c.KP * (1 - copies * p));
    // alphaV' and alphaA' in the strip between the saddle's height and alphaA = 0
    const expr b = sheet.symbol("b");
    sheet.equate(manifold_velocity(c, u, saddle(c) + b)[0],
                 c.KQ * b - u * (1 / c.T + c.KQ * (saddle(c) + b) * (saddle(c) + b)));
    sheet.equate(reduced_velocity(c, {u, expr(0), dV, dA}).alphaA, c.KP * u);
    return sheet.finish();
}

claim basin_claim() {
    return {
        .id = "scb.ext.basin",
        .statement = "energy off the manifold shrinks the divergent set: a start (alphaV, 0) that "
                     "recovers on the manifold recovers with every deltaV, deltaA >= 0",
        .latex =
            R"(\alpha_V(0)=-a<0,\ \alpha_A(0)=0,\ TK_Q\ge2a:\quad(\alpha_V,\alpha_A)\to(1,1)\text{ at }\delta=0\ \Rightarrow\ \text{at all }\delta_V(0),\delta_A(0)\ge0)",
        .from = extension("basin of attraction off the manifold"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0", "alphaA(0) = 0, alphaV(0) = -a, T K_Q >= 2a"},
        .method = "the difference of the two velocity fields and the slopes of the planar one, "
                  "expanded",
        .given =
            {"a planar orbit that recovers stays in S = {-a <= alphaV < 0, -1/(T K_Q) < alphaA <= "
             "0} until alphaV = 0: there alphaV' > 0, alphaA' <= 0, and below S lies "
             "scb.basin.lost",
             "in S p <= a/(T K_Q) <= 1/2, so the planar flow is cooperative, and the terms "
             "-deltaA alphaV, -deltaV alphaA are >= 0; by comparison (Kamke) the orbit off the "
             "manifold stays to the right of and above the planar one until it crosses alphaV = 0, "
             "above the saddle's height; alphaA <= 0 until then, as alphaA' < 0 on alphaA = 0",
             "beyond: while alphaV > 0 > alphaA, alphaA' > 0 and alphaV' > 0 on alphaV = 0; no "
             "equilibrium lies there, the orbit is bounded by E, so it enters the quadrant of "
             "scb.ext.global"},
        .expected = outcome::proved,
        .shown_by = cooperative(),
        .twins = {{"slopes K_Q (1 - p), K_P (1 - p)", cooperative(1)}},
        .quantities = {"scb.basin.side", "scb.flow.4d"},
    };
}

/// The flow off the manifold from alphaV = x/(T omega), alphaA = 0 to alphaV = 0 or alphaA = -1;
/// observed: alphaA + 1/(T K_Q) and alphaV.
flow_value side_off_manifold() {
    flow_value request = orbit_4d();
    request.start = written([](letters& x) {
        return std::vector<expr>{x["x"] / (x["T"] * sqrt(x["KP"] * x["KQ"])), expr(0), x["deltaV"],
                                 x["deltaA"]};
    });
    request.observed = written([](letters& x) {
        return std::vector<expr>{x["v"] - saddle(x.instance()), x["u"]};
    });
    request.until = written([](letters& x) { return std::vector<expr>{x["u"] * (x["v"] + 1)}; });
    request.horizon = written([](letters&) { return std::vector<expr>{expr(200)}; });
    return request;
}

flow_table both_fates(bool swapped = false) {
    flow_table table{side_off_manifold(), {}, true};
    const auto add = [&](std::int64_t T, const rational& x, const rational& dV, const rational& dA,
                         bool lost) {
        const arguments at =
            instance_at({{1, 2}, {1, 3}, T}).set("x", x).set("deltaV", dV).set("deltaA", dA);
        table.rows.push_back({lost != swapped ? "below the saddle" : "above the saddle", at, 0,
                              lost != swapped ? at_most(rational(0)) : at_least(rational(0))});
        if (lost != swapped) // at alphaA = -1 this is p < 1
            table.rows.push_back({"alphaV there", at, 1, between(-1, 0)});
    };
    for (const std::int64_t T : {10, 100, 1000}) {
        add(T, {-6, 5}, 0, 0, true);
        add(T, {-6, 5}, {1, 2}, 0, false);
    }
    add(100, {-51, 50}, 0, 0, true);
    add(100, {-51, 50}, {1, 100}, 0, false);
    add(100, {-51, 50}, 0, {1, 100}, false);
    return table;
}

claim fates_claim() {
    return {
        .id = "scb.ext.basin.instances",
        .statement = "it shrinks strictly: from the same alphaV(0), lost on the manifold, "
                     "recovered with deltaV or deltaA",
        .latex =
            R"(T\omega\alpha_V(0)=-\tfrac65:\ \delta_V=0\text{ lost},\ \delta_V=\tfrac12\text{ recovers }(T=10,10^2,10^3);\qquad T\omega\alpha_V(0)=-\tfrac{51}{50},\ T=10^2:\ \delta_V\text{ or }\delta_A=\tfrac1{100}\text{ recovers})",
        .from = extension("basin of attraction off the manifold"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3; T = 10, 10^2, 10^3; alphaA(0) = 0"},
        .method = "four-dimensional orbits enclosed up to alphaV = 0 or alphaA = -1",
        .given = {"at deltaV = deltaA = 0 an orbit that reaches alphaA = -1 with -1 <= alphaV < 0 "
                  "is lost (scb.basin.lost); one that reaches alphaV = 0 above the saddle's height "
                  "recovers (scb.ext.basin)"},
        .expected = outcome::certified,
        .shown_by = both_fates(),
        .twins = {{"fates exchanged", first_rows(both_fates(true), 2)}},
        .quantities = {"scb.basin.side", "scb.flow.4d"},
    };
}

} // namespace

std::vector<claim> off_manifold_claims() { return {global_claim(), basin_claim(), fates_claim()}; }

} // namespace flowproof::scb
