#include "theory/scb/claims.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/symbolic.hpp"

// Statements that hold on a box of parameters, by signs and isolated zeros over the box.
namespace flowproof::scb {

namespace {

/// K_P in [1/20, 19/20], K_Q in [1/20, 1], e = 1/T in [10^-8, 1/10].
std::vector<side> parameter_box() {
    return {{"KP", {1, 20}, {19, 20}}, {"KQ", {1, 20}, 1}, {"e", {1, 100'000'000}, {1, 10}}};
}
const char* const box_words = "K_P in [1/20, 19/20], K_Q in [1/20, 1], 1/T in [10^-8, 1/10]";

/// Equilibria after elimination: alphaV (1 - alphaV) = 0 and alphaV' + 4 alphaA'/K_P = 0; the sign
/// of alphaV - 1/2 tells them apart.
zeros_in_box equilibria(std::size_t count = 2) {
    letters x;
    const expr KQ = x["KQ"], e = x["e"], u = x["alphaV"], v = x["alphaA"];
    const expr gap = 1 - u * v;
    const tape system = x.finish({u * (1 - u), e * (1 - u) + (KQ * v + 4 * u) * gap});
    letters at;
    const expr right = at["alphaV"] - rational(1, 2);
    return {.system = system,
            .unknowns = {{"alphaV", {-1, 2}, {3, 2}}, {"alphaA", -3, 3}},
            .parameters = {parameter_box()[1], parameter_box()[2]},
            .count = count,
            .indicators = at.finish({right}),
            .types = {{"alphaV > 1/2", {+1}, count - 1}, {"alphaV < 1/2", {-1}, 1}}};
}

/// K_P alphaV alphaV' - K_Q alphaA alphaA' = K_P alphaV (1 - alphaV)/T, and on alphaV = 1 the
/// second equation has no zero but 1 and -4/K_Q.
identity eliminated(int sign = -1) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    const auto f = manifold_velocity(c, u, v);
    sheet.equate(c.KP * u * f[0] - c.KQ * v * f[1], c.KP * u * (1 + sign * u) / c.T);
    sheet.equate(f[0] + 4 * f[1] / c.KP, (1 - u) / c.T + (c.KQ * v + 4 * u) * (1 - u * v));
    return sheet.finish();
}

claim equilibria_claim() {
    const std::string isolated = "all zeros isolated", algebra = "elimination";
    return {
        .id = "scb.equilibria.box",
        .statement = "over the whole box of parameters exactly two equilibria, found without being "
                     "told where: one with alphaV > 1/2, one with alphaV < 1/2",
        .latex = R"(\#\{\alpha_V'=\alpha_A'=0\}=2\quad\text{in}\ [-\tfrac12,\tfrac32]\times[-3,3])",
        .from = derived("equilibria of the flow on the signal manifold"),
        .hypotheses = {box_words, "alphaV in [-1/2, 3/2], alphaA in [-3, 3]"},
        .method =
            "interval Newton over unknowns and parameters, in the equations alphaV (1 - "
            "alphaV) = 0 and alphaV' + 4 alphaA'/K_P = 0, which do not degenerate as 1/T -> 0",
        .given = {"every equilibrium solves these equations, and their two zeros are equilibria "
                  "(scb.equilibria, with their types)"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma(isolated, equilibria()), make_lemma(algebra, eliminated())}},
        .twins = {{"three equilibria", equilibria(3), isolated},
                  {"alphaV (1 + alphaV) in the elimination", eliminated(+1), algebra}},
        .quantities = {"scb.equilibria.saddle"},
    };
}

/// alphaV^2 p' on p = level, and the change of K_Q alphaA^2 - K_P alphaV^2.
identity walls(bool with_square = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA"), P = sheet.symbol("P");
    sheet.require(u, relation::positive, "alphaV > 0");
    const auto on_wall = manifold_velocity(c, u, P / u);
    sheet.equate(u * u * (on_wall[0] * P / u + u * on_wall[1]),
                 P * u * (1 - u) / c.T -
                     (P - 1) * (c.KP * power(u, 4) + c.KQ * (with_square ? P * P : P)));
    const auto f = manifold_velocity(c, u, v);
    sheet.equate(c.KQ * v * f[1] - c.KP * u * f[0], c.KP * u * (u - 1) / c.T);
    return sheet.finish();
}

/// -alphaV^2 p' > 0 on p = level, 0 <= alphaV <= 1.
sign_on_box upper_wall(const rational& level = 2) {
    letters x;
    const expr u = x["alphaV"];
    std::vector<side> box = parameter_box();
    box.push_back({"alphaV", 0, 1});
    return {.value = x.finish({(level - 1) * (x["KP"] * power(u, 4) + level * level * x["KQ"]) -
                               level * u * (1 - u) * x["e"]}),
            .signs = {relation::positive},
            .box = box};
}

claim trap_claim() {
    const std::string algebra = "velocities on the walls", wall = "p decreases on p = 2";
    return {
        .id = "scb.regions",
        .statement = "for each parameter of the box a compact region X(K_P, K_Q) holds the orbit "
                     "from (0, 0): p <= 2, K_Q alphaA^2 <= K_P alphaV^2 + 4 K_Q, K_P alphaV^2 <= "
                     "K_Q alphaA^2 + K_P",
        .latex =
            R"(X=\{\alpha_V,\alpha_A\ge0,\ p\le2,\ -4K_Q\le K_P\alpha_V^2-K_Q\alpha_A^2\le K_P\}\ \text{is forward invariant})",
        .from = derived("bounded orbits"),
        .hypotheses = {box_words},
        .method = "velocities on the walls expanded for all states; the sign of p' on p = 2 by "
                  "subdivision of the box",
        .given =
            {"for alphaV > 1 all terms of p' on p = 2 are negative",
             "on K_Q alphaA^2 = K_P alphaV^2 + 4 K_Q alphaA >= 2, so p <= 2 leaves alphaV <= 1, "
             "where the balance does not decrease; on K_P alphaV^2 = K_Q alphaA^2 + K_P "
             "alphaV >= 1, where it does not increase; the edges: scb.global",
             "X is compact: p <= 2 bounds alphaV by K_P alphaV^4 <= K_P alphaV^2 + 4 K_Q, and "
             "alphaA in the same way"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma(algebra, walls()), make_lemma(wall, upper_wall())}},
        .twins = {{"K_Q P for K_Q P^2 in p'", walls(false), algebra},
                  {"p = 21/20 as the wall", upper_wall({21, 20}), wall}},
        .quantities = {"scb.flow"},
    };
}

/// One step of size h in [0, longest] at K_P = 1/2, K_Q = 1/3, T = 100 from points of
/// X = {alphaV, alphaA >= 0, p <= 11/10, -1/20 <= K_P alphaV^2 - K_Q alphaA^2 <= 11/20}.
class step_in_X {
public:
    explicit step_in_X(rational longest) : longest_(std::move(longest)) {
        u = x_["alphaV"], v = x_["alphaA"], h = x_["eta"];
        const expr gap = 1 - u * v;
        du = eps * (1 - u) + KQ * v * gap;
        dv = KP * u * gap;
        balance = KP * u * u - KQ * v * v;
        where(rational(11, 10) - u * v, "p <= 11/10");
        where(balance + rational(1, 20), "balance >= -1/20");
        where(rational(11, 20) - balance, "balance <= 11/20");
    }
    step_in_X& where(const expr& condition, std::string words) {
        conditions_.push_back(condition);
        words_.push_back(std::move(words));
        return *this;
    }
    sign_on_box has(const std::vector<expr>& values, relation sign) const {
        return {.value = x_.finish(values),
                .signs = std::vector<relation>(values.size(), sign),
                .box = {{"alphaV", 0, {13, 10}}, {"alphaA", 0, {13, 10}}, {"eta", 0, longest_}},
                .domain = x_.finish(conditions_),
                .relations = std::vector<relation>(conditions_.size(), relation::nonnegative),
                .words = words_,
                .listed = {"K_P = 1/2, K_Q = 1/3, T = 100"}};
    }

    const rational KP{1, 2}, KQ{1, 3}, eps{1, 100};
    expr u, v, h, du, dv, balance;

    expr next_u() const { return u + h * du; }
    expr next_v() const { return v + h * dv; }
    expr next_balance() const { return KP * next_u() * next_u() - KQ * next_v() * next_v(); }
    /// d/dh of p and of the balance after the step.
    expr slope_p() const { return du * next_v() + next_u() * dv; }
    expr slope_balance() const {
        return 2 * eps * KP * u * (1 - u) + 2 * h * (KP * du * du - KQ * dv * dv);
    }

private:
    letters x_;
    rational longest_;
    std::vector<expr> conditions_;
    std::vector<std::string> words_;
};

constexpr const char* layer_of_p = "p <= 11/10 from p >= 21/20";

/// p does not grow during a step that begins in the layer p >= from.
sign_on_box p_falls(const rational& longest, const rational& from) {
    step_in_X s(longest);
    s.where(s.u * s.v - from, "p >= " + from.str());
    return s.has({-s.slope_p()}, relation::nonnegative);
}

/// A wall is not passed: from its layer the step leads away from it, from beyond the layer it does
/// not reach it.
std::vector<lemma> stays(const rational& longest) {
    const auto at = [&] { return step_in_X(longest); };
    const relation up = relation::nonnegative;
    std::vector<lemma> all;
    const auto add = [&](const char* name, const sign_on_box& statement) {
        all.push_back(make_lemma(name, statement));
    };
    {
        auto s = at();
        add("both coordinates stay >= 0",
            s.has({1 - s.h * (s.eps + s.KQ * s.v * s.v), 1 - s.h * s.KP * s.u * s.u},
                  relation::positive));
    }
    add(layer_of_p, p_falls(longest, {21, 20}));
    {
        auto s = at();
        s.where(rational(21, 20) - s.u * s.v, "p <= 21/20");
        add("p <= 11/10 from p <= 21/20", s.has({rational(11, 10) - s.next_u() * s.next_v()}, up));
    }
    {
        auto s = at();
        s.where(-s.balance - rational(1, 40), "balance <= -1/40");
        add("balance >= -1/20 from below -1/40", s.has({s.slope_balance()}, up));
    }
    {
        auto s = at();
        s.where(s.balance + rational(1, 40), "balance >= -1/40");
        add("balance >= -1/20 from above -1/40", s.has({s.next_balance() + rational(1, 20)}, up));
    }
    {
        auto s = at();
        s.where(s.balance - rational(21, 40), "balance >= 21/40");
        add("balance <= 11/20 from above 21/40", s.has({-s.slope_balance()}, up));
    }
    {
        auto s = at();
        s.where(rational(21, 40) - s.balance, "balance <= 21/40");
        add("balance <= 11/20 from below 21/40", s.has({rational(11, 20) - s.next_balance()}, up));
    }
    return all;
}

/// diag(K_P, K_Q) - (h/2) E'' is positive definite on X, in the scaled coordinates
/// sqrt(K_P) alphaV, sqrt(K_Q) alphaA.
sign_on_box descends(const rational& longest) {
    const step_in_X s(longest);
    const expr half = s.h / 2, a = 1 - half * (s.eps + s.KQ * s.v * s.v);
    const expr b = 1 - half * s.KP * s.u * s.u, off = half * (2 * s.u * s.v - 1);
    return s.has({a, a * b - s.KP * s.KQ * off * off}, relation::positive);
}

/// E' of the metric: E'' and the gradient, differentiated on the tape.
identity energy_slopes(bool with_cross = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    const expr E = manifold_energy(c, u, v);
    const auto f = manifold_velocity(c, u, v);
    const expr Eu = sheet.derivative(E, "alphaV"), Ev = sheet.derivative(E, "alphaA");
    sheet.equate(Eu, -(c.KP * f[0]));
    sheet.equate(Ev, -(c.KQ * f[1]));
    sheet.equate(sheet.derivative(Eu, "alphaV"), c.KP * (1 / c.T + c.KQ * v * v));
    sheet.equate(sheet.derivative(Eu, "alphaA"), c.KP * c.KQ * ((with_cross ? 2 : 1) * u * v - 1));
    sheet.equate(sheet.derivative(Ev, "alphaA"), c.KP * c.KQ * u * u);
    return sheet.finish();
}

claim descent_claim() {
    const std::string slopes = "energy", definite = "E decreases along the step";
    const rational longest = 1;
    std::vector<lemma> all = stays(longest);
    all.push_back(make_lemma(slopes, energy_slopes()));
    all.push_back(make_lemma(definite, descends(longest)));
    return {
        .id = "scb.ext.descent",
        .statement = "gradient descent from (0, 0), and from every point of a region X, converges "
                     "to (1, 1) for every step eta <= 1 at K_P = 1/2, K_Q = 1/3, T = 100",
        .latex =
            R"(X=\{\alpha_V,\alpha_A\ge0,\ p\le\tfrac{11}{10},\ -\tfrac1{20}\le K_P\alpha_V^2-K_Q\alpha_A^2\le\tfrac{11}{20}\}:\quad F_\eta(X)\subseteq X,\ \mathcal E\circ F_\eta<\mathcal E\text{ off }(1,1)\quad(0<\eta\le1))",
        .from = extension("global convergence of gradient descent"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3, T = 100", "equal steps 0 < eta <= 1",
                       "local stability holds up to eta = 2.388...; between 1 and that nothing is "
                       "shown"},
        .method = "signs over alphaV, alphaA and eta by subdivision",
        .given =
            {"alphaV <= 13/10 and alphaA <= 13/10 on X: p <= 11/10 gives K_P alphaV^4 <= (11/20) "
             "alphaV^2 + (121/100) K_Q and K_Q alphaA^4 <= alphaA^2/20 + (121/100) K_P",
             "the step is alphaV (1 - eta/T - eta K_Q alphaA^2) + eta/T + eta K_Q alphaA, alphaA "
             "(1 - eta K_P alphaV^2) + eta K_P alphaV: nonnegative",
             "p or the balance after a step of length h is a function of h whose slope keeps its "
             "sign on [0, eta], as far as the start lies in the wall's layer",
             "all partial steps stay in X; so E(F(z)) - E(z) = -eta f^T (M - (eta/2) E''(y)) f for "
             "some y of the segment (Taylor), f the velocity, M = diag(K_P, K_Q): E decreases "
             "strictly off equilibria, X is compact, and (1, 1) is its only equilibrium"},
        .expected = outcome::certified,
        .shown_by = all_of{all},
        .twins = {{"p falls from p >= 1 on", p_falls(longest, 1), layer_of_p},
                  {"steps up to 5/2", descends({5, 2}), definite},
                  {"p - 1 for 2p - 1 in E''", energy_slopes(false), slopes}},
        .quantities = {"scb.discrete"},
    };
}

} // namespace

std::vector<claim> region_claims() { return {equilibria_claim(), trap_claim(), descent_claim()}; }

} // namespace flowproof::scb
