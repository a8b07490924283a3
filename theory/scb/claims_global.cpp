#include <tuple>

#include "theory/scb/claims.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

/// E' = -K_P alphaV'^2 - K_Q alphaA'^2, E on the line alphaV = 0, and E there twice as large as the
/// term that bounds alphaV: E - K_P (1 - alphaV)^2/(2T) = K_P K_Q (1 - p)^2/2.
identity strict_energy(int sign = -1) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    const auto velocity = manifold_velocity(c, u, v);
    const expr E = manifold_energy(c, u, v), gap = 1 - u * v, lag = 1 - u;
    sheet.equate(sheet.derivative(E, "alphaV") * velocity[0] +
                     sheet.derivative(E, "alphaA") * velocity[1],
                 sign * (c.KP * velocity[0] * velocity[0] + c.KQ * velocity[1] * velocity[1]));
    sheet.equate(manifold_energy(c, expr(0), v), c.KP * (1 / c.T + c.KQ) / 2);
    sheet.equate(E - c.KP * lag * lag / (2 * c.T), c.KP * c.KQ * gap * gap / 2);
    return sheet.finish();
}

/// Inward at the edges of the quadrant; where p < 1, K_P alphaV alphaV' - K_Q alphaA alphaA' =
/// K_P alphaV (1 - alphaV)/T.
identity quadrant(bool drift = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    const auto velocity = manifold_velocity(c, u, v);
    sheet.equate(manifold_velocity(c, expr(0), v)[0], (drift ? 1 / c.T : expr(0)) + c.KQ * v);
    sheet.equate(manifold_velocity(c, u, expr(0))[1], c.KP * u);
    sheet.equate(c.KP * u * velocity[0] - c.KQ * v * velocity[1], c.KP * u * (1 - u) / c.T);
    return sheet.finish();
}

/// |z - (1, 1)|^2 at time t.
flow_value distance_at() {
    return ask({.observed =
                    [](letters& x) {
                        const expr a = x["u"] - 1, b = x["v"] - 1;
                        return std::vector<expr>{a * a + b * b};
                    },
                .start = from_parameters});
}

arguments starting(const sizes<rational>& c, const rational& alphaV, const rational& alphaA,
                   const rational& t) {
    return instance_at(c).set("alphaV", alphaV).set("alphaA", alphaA).set("t", t);
}

flow_table arrivals(bool outside = false) {
    flow_table table{distance_at(), {}, true};
    const std::vector<std::pair<rational, rational>> starts =
        outside ? std::vector<std::pair<rational, rational>>{{{-1, 2}, {-1, 2}}}
                : std::vector<std::pair<rational, rational>>{{0, 0}, {0, 2}, {{1, 100}, 0},
                                                             {3, 0}, {2, 2}, {{1, 10}, {3, 2}}};
    for (const sizes<rational>& c :
         {sizes<rational>{{1, 10}, {1, 2}, 10}, sizes<rational>{{1, 2}, {1, 3}, 20},
          sizes<rational>{{3, 5}, {1, 5}, 10}})
        for (const auto& [alphaV, alphaA] : starts)
            table.rows.push_back({"squared distance from (1, 1) at t = 60 T",
                                  starting(c, alphaV, alphaA, 60 * c.T), 0,
                                  at_most(rational(1, 10'000))});
    return table;
}

claim global_claim() {
    const std::string energy = "strict energy", edges = "edges of the quadrant";
    return {
        .id = "scb.global",
        .statement = "from (0, 0), and from every start with alphaV >= 0 and alphaA >= 0, the flow "
                     "converges to (1, 1)",
        .latex =
            R"(\alpha_V(0),\alpha_A(0)\ge0\ \Rightarrow\ (\alpha_V,\alpha_A)(t)\to(1,1)\quad(t\to\infty))",
        .from = derived("LaSalle in the quadrant"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0 finite"},
        .method = "energy, edges and the balance of squares expanded for all states",
        .given =
            {"the quadrant is forward invariant, because the velocity points inward at its edges",
             "from any start in the quadrant, (0, 0) included: E bounds alphaV and p; where p >= 1 "
             "alphaA does not "
             "increase, where p < 1 and alphaV <= 1 alphaA^2 grows at most as K_P alphaV^2 / K_Q, "
             "and where p < 1 < alphaV alphaA < 1; {p < 1, alphaV <= 1} is not entered again once "
             "left (p' >= 0 on p = 1, alphaV' >= 0 on alphaV = 1 >= alphaA); so the orbit is "
             "bounded",
             "LaSalle: a bounded orbit with a strict energy tends to the equilibria; of the two "
             "(scb.equilibria) only (1, 1) lies in the quadrant"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma(energy, strict_energy()), make_lemma(edges, quadrant())}},
        .twins = {{"energy increases", strict_energy(+1), energy},
                  {"no drift on alphaV = 0", quadrant(false), edges}},
        .quantities = {"scb.flow", "scb.manifold.energy"},
    };
}

claim arrivals_claim() {
    return {
        .id = "scb.global.arrivals",
        .statement = "six starts of the quadrant come within 1/100 of (1, 1) by t = 60 T",
        .latex = R"(|(\alpha_V,\alpha_A)(60T)-(1,1)|^2\le10^{-4})",
        .from = derived("LaSalle in the quadrant"),
        .hypotheses = {"(K_P, K_Q, T) = (1/2, 1/3, 20), (1/10, 1/2, 10), (3/5, 1/5, 10)",
                       "starts (0, 0), (0, 2), (1/100, 0), (3, 0), (2, 2), (1/10, 3/2)"},
        .method = "the distance from (1, 1) enclosed along the flow",
        .expected = outcome::certified,
        .shown_by = arrivals(),
        .twins = {{"every start with alphaV alphaA >= 0", first_rows(arrivals(true), 1)}},
        .quantities = {"scb.flow"},
    };
}

/// D = {alphaV <= 0, p <= 1, alphaA <= -1/(T K_Q)}: velocities on its walls, alphaA', and
/// E - K_P/(2T), with a = -alphaV and b = -1/(T K_Q) - alphaA, both >= 0 in D.
identity lost_region(bool saddle_scaled = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr a = sheet.symbol("a"), b = sheet.symbol("b");
    sheet.require(a, relation::positive, "a > 0");
    const expr u = -a, v = (saddle_scaled ? saddle(c) : saddle(c) * c.KQ) - b;
    const expr p = u * v;
    sheet.equate(manifold_velocity(c, expr(0), v)[0], -(c.KQ * b));
    sheet.equate(manifold_velocity(c, u, v)[1], -(c.KP * a * (1 - p)));
    const auto on_valley = manifold_velocity(c, u, 1 / u);
    sheet.equate(on_valley[0] / u + u * on_valley[1], -((1 + a) / (a * c.T)));
    sheet.equate(manifold_energy(c, u, v) - c.KP / (2 * c.T),
                 c.KP / 2 * (a * (2 + a) / c.T + c.KQ * (1 - p) * (1 - p)));
    return sheet.finish();
}

claim lost_claim() {
    return {
        .id = "scb.basin.lost",
        .statement = "no orbit leaves {alphaV < 0, alphaA <= -1/(T K_Q), p <= 1}, and its excess "
                     "stays above K_P/(2T)",
        .latex =
            R"(D=\{\alpha_V<0,\ \alpha_A\le-\tfrac1{TK_Q},\ p\le1\}\ \text{is forward invariant};\quad \mathcal E>\tfrac{K_P}{2T}\ \text{on}\ D)",
        .from = derived("the other side of the saddle"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0"},
        .method = "velocities on the three walls and the energy, written in the distances from the "
                  "walls and expanded",
        .given = {"on alphaV = 0 alphaV' <= 0, on alphaA = -1/(T K_Q) alphaA' <= 0, on p = 1 "
                  "p' < 0: none of the walls lets an orbit out; (-1/2, -1/2) lies in D for "
                  "T K_Q >= 2, so convergence to (1, 1) is not global"},
        .expected = outcome::proved,
        .shown_by = lost_region(),
        .twins = {{"wall alphaA = -1/T", lost_region(false)}},
        .quantities = {"scb.equilibria.saddle", "scb.flow"},
    };
}

/// Starts a relative 10^-9 to the right of the separatrix go to (1, 1), to the left they do not; at
/// T = 10^3 and 10^4 also starts 1/50 beside -1/(T omega).
flow_table sides(bool swapped = false) {
    const writing scaled = [](letters& x) { // alphaV = x/(T omega)
        return std::vector<expr>{x["x"] / (x["T"] * sqrt(x["KP"] * x["KQ"])), expr(0)};
    };
    flow_table table{basin_side(scaled), {}, true};
    const rational narrow(1, 1'000'000'000), wide(1, 50);
    for (const auto& [T, printed, margin] :
         std::vector<std::tuple<std::int64_t, const char*, rational>>{
             {10, "-1.147320803547", narrow},
             {100, "-1.012449010766", narrow},
             {1000, "-1.001226723625", narrow},
             {10'000, "-1.000122494239", narrow},
             {1000, "-1", wide},
             {10'000, "-1", wide}})
        for (const int side : {-1, +1}) {
            const rational x = rational::parse(printed) * (1 - side * margin);
            const bool left = (side < 0) != swapped;
            const arguments at = instance_at({{1, 2}, {1, 3}, T}).set("x", x);
            table.rows.push_back({left ? "ends left" : "ends right", at, 0,
                                  left ? at_most(rational(0)) : at_least(rational(0))});
            if (left) // at alphaA = -1 this is p < 1
                table.rows.push_back({"alphaV there", at, 1, between(rational(-1), rational(0))});
        }
    return table;
}

/// T omega alphaV on the separatrix at alphaA = 0.
flow_table on_the_axis(bool tabulated = true) {
    flow_table table{separatrix(), {}};
    for (const auto& [T, printed] :
         std::vector<std::pair<std::int64_t, const char*>>{{10, "-1.147320803546892"},
                                                           {100, "-1.012449010765746"},
                                                           {1000, "-1.001226723624847"},
                                                           {10'000, "-1.000122494238589"}})
        table.rows.push_back(
            {"T omega alphaV on the separatrix at T = " + std::to_string(T),
             instance_at({{1, 2}, {1, 3}, T}), 1,
             tabulated ? within_last_digit(printed) : within_last_digit("-1.000000")});
    return table;
}

claim sides_claim() {
    return {
        .id = "scb.basin.sides",
        .statement = "on the axis alphaA = 0 the basins part within 10^-9, relatively, of the "
                     "values of scb.basin.separatrix; 2% to either side of -1/(T omega) for T >= "
                     "10^3",
        .latex =
            R"(\alpha_V(0)=\alpha_V^{sep}(1\mp10^{-9}),\ T=10,\ldots,10^4;\qquad \alpha_V(0)=-\frac{1\mp0.02}{T\omega},\ T=10^3,10^4)",
        .from = derived("both sides of the saddle's stable manifold"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3; T = 10, 10^2, 10^3, 10^4; alphaA(0) = 0"},
        .method = "enclosed orbits followed into one of two regions",
        .given =
            {"beyond alphaV = 0, above the saddle: alphaA increases while alphaV > 0 > alphaA, "
             "alphaV cannot return to 0 (alphaV' > 0 there), and no equilibrium lies in this "
             "strip, so the orbit enters the quadrant of scb.global",
             "an orbit that reaches alphaA = -1 < -1/(T K_Q) with -1 <= alphaV < 0 has p <= 1 "
             "there: it lies in the region of scb.basin.lost"},
        .expected = outcome::certified,
        .shown_by = sides(),
        .twins = {{"sides exchanged", first_rows(sides(true), 3)}},
        .quantities = {"scb.basin.side"},
    };
}

claim separatrix_claim() {
    return {
        .id = "scb.basin.separatrix",
        .statement = "the separatrix crosses alphaA = 0 at alphaV = -(1 + O(1/T))/(T omega)",
        .latex =
            R"(T\omega\,\alpha_V^{sep}=-1.147320803547,\,-1.012449010766,\,-1.001226723625,\,-1.000122494239\quad(T=10,\ldots,10^4))",
        .from = derived("stable manifold of the saddle"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3; T = 10, 10^2, 10^3, 10^4"},
        .method = "the stable manifold followed backward from the saddle to the axis, not "
                  "enclosed; scb.basin.sides encloses it to nine digits from both sides",
        .expected = outcome::supported,
        .shown_by = on_the_axis(),
        .twins = {{"exactly -1/(T omega)", on_the_axis(false)}},
        .quantities = {"scb.basin.separatrix", "scb.basin.side"},
    };
}

/// On the saddle's line alphaA = -1/(T K_Q) the flow crosses alphaV = 0 nowhere but in the saddle.
identity at_the_saddle() {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const auto velocity = manifold_velocity(c, expr(0), saddle(c));
    sheet.equate(velocity[0], expr(0));
    sheet.equate(velocity[1], expr(0));
    return sheet.finish();
}

/// alphaV, alphaA, E - K_P/(2T) and (alphaA^3 / (-3 K_P t / (K_Q T)) - 1) (t/T)^(1/3) at time t.
flow_value escaping(int cubes) {
    return ask({.observed =
                    [=](letters& x) {
                        const auto c = x.instance();
                        const expr u = x["u"], v = x["v"], t = x["t"];
                        const expr ratio = v * v * v * c.KQ * c.T / (-(cubes * c.KP * t));
                        return std::vector<expr>{u, v, 1 - u * v,
                                                 manifold_energy(c, u, v) - c.KP / (2 * c.T),
                                                 (ratio - 1) * exp(log(t / c.T) / 3)};
                    },
                .start = from_parameters});
}

flow_table escapes(const std::vector<std::int64_t>& times, int cubes = 3, bool enclosed = true) {
    flow_table table{escaping(cubes), {}, enclosed};
    const sizes<rational> c{{1, 2}, {1, 3}, 100};
    for (const auto& [alphaV, alphaA] :
         std::vector<std::pair<rational, rational>>{{{-1, 10}, 0}, {{-1, 2}, {-1, 2}}})
        for (const std::int64_t t : times) {
            const arguments at = starting(c, alphaV, alphaA, t);
            table.rows.push_back({"alphaV < 0", at, 0, at_most(rational(0))});
            table.rows.push_back({"1 - p > 0", at, 2, between(rational(0), rational(1, 50))});
            table.rows.push_back({"E > K_P/(2T)", at, 3, at_least(rational(0))});
            table.rows.push_back(
                {"(K_Q T alphaA^3 / (-3 K_P t) - 1) (t/T)^(1/3)", at, 4, between({1, 2}, 1)});
        }
    return table;
}

claim basin_claim() {
    const std::string orbits = "orbits on the other side", point = "the separatrix on alphaV = 0";
    return {
        .id = "scb.basin",
        .statement = "convergence is not global: beyond the separatrix alphaA -> -infinity with "
                     "p -> 1, and the excess never falls below K_P/(2T)",
        .latex =
            R"(\alpha_V\sim-\Big(\frac{3K_Pt}{K_QT}\Big)^{-1/3},\quad\alpha_A\to-\infty,\quad p\to1,\quad\mathcal E\downarrow\frac{K_P}{2T})",
        .from = derived("the other side of the saddle"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3, T = 100; starts (-1/10, 0) and (-1/2, -1/2)",
                       "t = 1000, 3000; alphaA^3 exceeds its limit by 1/2 to 1 times (T/t)^{1/3}, "
                       "relatively"},
        .method = "walls of the region of no return expanded for all states; the flow enclosed at "
                  "listed times",
        .given = {"scb.basin.lost: no orbit leaves that region"},
        .expected = outcome::certified,
        .shown_by =
            all_of{{make_lemma("region of no return", lost_region()),
                    make_lemma(point, at_the_saddle()), make_lemma(orbits, escapes({1000, 3000}))}},
        .twins = {{"2 K_P t / (K_Q T) for 3 K_P t / (K_Q T)", escapes({1000}, 2), orbits}},
        .quantities = {"scb.flow", "scb.basin.separatrix"},
    };
}

claim long_basin_claim() {
    return {
        .id = "scb.basin.long",
        .statement = "the orbit beyond the separatrix ten times longer",
        .latex = R"(\alpha_A^3\sim-\frac{3K_Pt}{K_QT}\quad(t=10^4,\,3\cdot10^4))",
        .from = derived("the other side of the saddle"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3, T = 100; starts (-1/10, 0) and (-1/2, -1/2)"},
        .method = "the flow integrated; it grows stiffer like t^{2/3}",
        .expected = outcome::supported,
        .at_least = profile::full,
        .shown_by = escapes({10'000, 30'000}, 3, false),
        .twins = {{"2 K_P t / (K_Q T) for 3 K_P t / (K_Q T), earlier", escapes({1000}, 2, false)}},
        .quantities = {"scb.flow"},
    };
}

claim everywhere_claim() {
    return {
        .id = "scb.basin.everywhere",
        .statement = "the flow converges to (1, 1) from every start",
        .latex = R"((\alpha_V,\alpha_A)(t)\to(1,1)\ \text{for all}\ (\alpha_V,\alpha_A)(0))",
        .from = derived("a global reading of scb.global"),
        .hypotheses = {"start (-1/2, -1/2)", "(K_P, K_Q, T) = (1/10, 1/2, 10)"},
        .method = "the distance from (1, 1) at t = 60 T enclosed along the flow",
        .expected = outcome::refuted,
        .shown_by = first_rows(arrivals(true), 1),
        .control = "scb.basin",
        .quantities = {"scb.flow", "scb.basin.side"},
    };
}

} // namespace

std::vector<claim> global_claims() {
    return {global_claim(),     arrivals_claim(), lost_claim(),       sides_claim(),
            separatrix_claim(), basin_claim(),    long_basin_claim(), everywhere_claim()};
}

} // namespace flowproof::scb
