#include "theory/scb/claims.hpp"
#include "theory/scb/closures.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/softmax.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

struct symbolic_softmax {
    expr KP, T, Qs;
    sizes<expr> c() const { return {KP, uniform_KQ(T, Qs), T}; }
};
symbolic_softmax softmax_symbols(worksheet& sheet) {
    const symbolic_softmax s{sheet.symbol("KP"), sheet.symbol("T"), sheet.symbol("Qs")};
    sheet.require(s.KP, relation::positive, "KP > 0");
    sheet.require(s.Qs, relation::positive, "Qs > 0");
    sheet.require(s.T - s.Qs, relation::positive, "T > Qs");
    return s;
}

/// Attention with logits d on the support: it sums to 1, lies on the manifold, and moves by
///     d' = T on off K_P alphaV (1 - p) / Q_s,  alphaA' = ((1 - alphaA) on)^power K_P alphaV (1 -
///     p).
identity on_the_manifold(int factor = 2) {
    worksheet sheet;
    const auto s = softmax_symbols(sheet);
    const expr u = sheet.symbol("alphaV"), odds = sheet.symbol("odds");
    sheet.require(odds, relation::positive, "odds > 0");
    const attention<expr> a = attended(odds, s.T, s.Qs);
    const expr alphaA = a.alphaA(s.T);
    sheet.equate(s.Qs * a.on + (s.T - s.Qs) * a.off, expr(1));
    sheet.equate(a.on, 1 / s.T + alphaA * (1 / s.Qs - 1 / s.T));
    sheet.equate(a.off, 1 / s.T - alphaA / s.T);
    const expr rate =
        -logit_gradient(a, s.T, s.Qs, expr(s.KP * u), expr(s.KP * u * u)); // of d = ln odds
    const expr linear = manifold_velocity(s.c(), u, alphaA)[1];
    sheet.equate(rate, s.T * a.on * a.off * linear / s.Qs);
    sheet.equate(sheet.derivative(alphaA, "odds") * odds * rate,
                 power((1 - alphaA) * a.on, factor) * linear);
    return sheet.finish();
}

claim softmax_claim() {
    return {
        .id = "scb.softmax",
        .statement = "softmax attention stays exactly on the linear model's manifold when every "
                     "column of Q is uniform; it moves ((1 - alphaA) a_on)^2 times as fast",
        .latex =
            R"(A=\tfrac1T\mathbf1\mathbf1^\top+\alpha_A\bar Q,\qquad \alpha_A'=\big((1-\alpha_A)\,a_{on}\big)^2K_P\alpha_V(1-p),\quad a_{on}=\tfrac1T+\alpha_A\big(\tfrac1{Q_s}-\tfrac1T\big))",
        .from = derived("gradient flow on the logits, preconditioned"),
        .hypotheses = {"columns of Q uniform on Q_s < T positions",
                       "Z = 0 and V = mu 1^T at the "
                       "start",
                       "logit gradient a (g - <a, g>) with g = W A - C Q, every size"},
        .method = "attention, its gradient and its derivative as rational functions of e^d, "
                  "expanded",
        .given = {"the gradient at a position depends only on whether it is attended, and on T, "
                  "Q_s, W, C, which all columns share; so the logits of all columns keep one "
                  "difference d between attended and other positions, for the flow and for every "
                  "step size",
                  "on the manifold C = K_P alphaV and W = K_P alphaV^2, and V obeys the linear "
                  "model's equation: scb.manifold"},
        .expected = outcome::proved,
        .shown_by = on_the_manifold(),
        .twins = {{"one softmax Jacobian instead of two", on_the_manifold(1)}},
        .quantities = {"scb.softmax"},
    };
}

enum class constant_slip { none, without_share, exponential };

/// The least E over alphaV and the speed of alphaA there; the constants of eps^-2 and of t E.
identity along_the_valley(constant_slip slip = constant_slip::none) {
    worksheet sheet;
    const auto s = softmax_symbols(sheet);
    const auto c = s.c();
    const expr u = sheet.symbol("alphaV"), eps = sheet.symbol("eps");
    const expr v = 1 - eps, n = 1 / c.T + c.KQ * v * v;
    const expr best = (1 / c.T + c.KQ * v) / n;
    const expr least = c.KP * c.KQ / (2 * c.T) * eps * eps / n;
    sheet.equate(manifold_energy(c, u, v), least + c.KP / 2 * n * (u - best) * (u - best));
    sheet.equate(1 - best * v, eps / (c.T * n));
    const expr on = 1 / c.T + v * c.KQ; // softmax: alphaA' = (eps on)^2 K_P alphaV (1 - p)
    const expr speed = power(eps * on, 2) * manifold_velocity(c, best, v)[1];
    const auto at_the_end = [&](const expr& x) { return sheet.substitute(x, "eps", expr(0)); };
    const int order = slip == constant_slip::exponential ? 1 : 3;
    const expr decay = c.KP / (s.Qs * c.T); // eps' = -decay eps^3 at the end of the valley
    sheet.equate(speed, power(eps, order) * c.KP * best * on * on / (c.T * n));
    sheet.equate(at_the_end(c.KP * best * on * on / (c.T * n)), decay);
    const expr c1 = c.KP * c.KQ / (c.T * (1 / c.T + c.KQ));
    sheet.equate(decay, c1 * (1 / s.Qs + 1 / (s.T - s.Qs)));
    const expr share = slip == constant_slip::without_share ? expr(1) : (s.T - s.Qs) / s.T;
    sheet.equate(c.KP * c.KQ / (2 * c.T) / at_the_end(n) / (2 * decay), s.Qs / 4 * share);
    return sheet.finish();
}

claim softmax_valley_claim() {
    return {
        .id = "scb.softmax.valley",
        .statement = "along the valley softmax decays like 1/t, with a constant free of K_P and "
                     "K_Q, where the linear model decays exponentially",
        .latex =
            R"(\min_{\alpha_V}\mathcal E=\frac{K_PK_Q}{2T}\frac{\epsilon^2}{\frac1T+K_Q\alpha_A^2},\quad \epsilon'=-\frac{K_P}{Q_sT}\epsilon^3(1+O(\epsilon)),\quad \epsilon\simeq\Big(\frac{2K_Pt}{Q_sT}\Big)^{-1/2},\quad \mathcal E\simeq\frac{Q_s(T-Q_s)}{4T}\cdot\frac1t)",
        .from = derived("gradient flow on the logits, preconditioned"),
        .hypotheses = {"columns of Q uniform on Q_s < T positions, K_Q = 1/Q_s - 1/T",
                       "alphaV at its optimum for the present alphaA; eps = 1 - alphaA"},
        .method = "square completed, speed and constants expanded as rational functions",
        .given = {"alphaV relaxes at the rate 1/T + K_Q alphaA^2 while eps decays algebraically, "
                  "so alphaV follows its optimum (compared with the map in scb.softmax.limit)",
                  "eps' = -k eps^3 gives eps^-2 = 2 k t + const"},
        .expected = outcome::proved,
        .shown_by = along_the_valley(),
        .twins = {{"constant Q_s/4", along_the_valley(constant_slip::without_share)},
                  {"exponential decay", along_the_valley(constant_slip::exponential)}},
        .quantities = {"scb.softmax"},
    };
}

arguments softmax_baseline() {
    arguments at;
    at.set("KP", rational(147, 400)).set("T", rational(16)).set("Qs", rational(2));
    return at.set("eta", rational(1));
}

struct softmax_row {
    std::int64_t n;
    const char *alphaV, *alphaA;
};

enclosure softmax_table(const std::vector<softmax_row>& rows, const rational& KP = {147, 400}) {
    enclosure table{{}, softmax_orbit(), {}};
    for (const auto& [n, alphaV, alphaA] : rows) {
        const arguments at = softmax_baseline().set("KP", KP).set("n", rational(n));
        const std::string name = " after " + std::to_string(n) + " steps";
        table.rows.push_back({"alphaV" + name, at, 1, within_last_digit(alphaV)});
        table.rows.push_back({"alphaA" + name, at, 0, within_last_digit(alphaA)});
    }
    return table;
}

const std::vector<softmax_row>& softmax_rows() {
    static const std::vector<softmax_row> rows = {
        {1, "0.0625000000000000000000000", "0.0000000000000000000000000"},
        {20, "0.7530799166819844054845301", "0.01312522281136207422823977"},
        {100, "1.875368822940986827689442", "0.3337287887507440981153312"},
        {1000, "1.190119387710570393343903", "0.8124070520652950402186446"}};
    return rows;
}

/// E of the linear model after n steps of the same size.
enclosure linear_after(const char* printed) {
    const ball_closure energy = [](const arguments& at, std::int64_t bits) {
        const matrix<ball> z = discrete_orbit()(at, bits);
        const auto in = [&](const char* name) { return ball(at.scalar(name), bits); };
        matrix<ball> result(1, 1);
        result(0, 0) = manifold_energy(sizes<ball>{in("KP"), in("KQ"), in("T")}, z(0, 0), z(1, 0));
        return result;
    };
    arguments at = instance_at({{147, 400}, {7, 16}, 16});
    at.set("etaV", rational(1)).set("etaA", rational(1)).set("n", rational(200));
    at.set("alphaV", rational(0)).set("alphaA", rational(0));
    return {{}, energy, {{"E after 200 steps", at, 0, within_last_digit(printed)}}};
}

claim softmax_table_claim() {
    const std::string map = "softmax", linear = "linear model";
    return {
        .id = "scb.softmax.table",
        .statement = "softmax descent from scratch after 1, 20, 100, 1000 steps; the linear model "
                     "after 200",
        .latex =
            R"((\alpha_V,\alpha_A)_{20}=(0.75307\ldots,0.01312\ldots),\ \ldots;\quad \mathcal E_{200}^{linear}=1.6131568\cdot10^{-9})",
        .from = derived("gradient descent on the logits, preconditioned"),
        .hypotheses = {"K_P = 147/400, T = 16, Q_s = 2, eta = 1", "simultaneous update"},
        .method = "the reduced maps iterated in balls",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(map, softmax_table(softmax_rows())),
                            make_lemma(linear, linear_after("1.6131568e-9"))}},
        .twins = {{"K_P = 3/8", softmax_table(softmax_rows(), {3, 8}), map},
                  {"E of the linear model twice as large", linear_after("3.2263136e-9"), linear}},
        .quantities = {"scb.softmax", "scb.discrete"},
    };
}

numeric softmax_limit(bool with_share = true) {
    return {.model = "n E after n = 2^level steps in midpoints; what is left over decays like "
                     "ln n / n",
            .at = softmax_baseline(),
            .value =
                [](const arguments& at, std::int64_t level, std::int64_t bits) {
                    return softmax_excess(at, std::int64_t{1} << level, bits);
                },
            .reference =
                [=](const arguments& at, std::int64_t bits) {
                    const rational T = at.scalar("T"), Qs = at.scalar("Qs");
                    const rational share = with_share ? (T - Qs) / T : rational(1);
                    return ball(Qs / rational(4) * share, bits);
                },
            .levels = 16,
            .tolerance = {1, 500}};
}

claim softmax_limit_claim() {
    return {
        .id = "scb.softmax.limit",
        .statement = "n E of softmax descent tends to Q_s (T - Q_s) / (4T)",
        .latex = R"(n\,\mathcal E_n\to\frac{Q_s(T-Q_s)}{4T}=0.4375)",
        .from = derived("gradient descent on the logits, preconditioned"),
        .hypotheses = {"K_P = 147/400, T = 16, Q_s = 2, eta = 1"},
        .method = "the reduced map iterated for 2^14, 2^15 and 2^16 steps",
        .expected = outcome::supported,
        .shown_by = softmax_limit(),
        .twins = {{"Q_s/4", softmax_limit(false)}},
        .quantities = {"scb.softmax"},
    };
}

} // namespace

std::vector<claim> softmax_claims() {
    return {softmax_claim(), softmax_valley_claim(), softmax_table_claim(), softmax_limit_claim()};
}

} // namespace flowproof::scb
