#include "theory/scb/claims.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/symbolic.hpp"

// Which coordinate overshoots, for every K_P: alphaV^2 as a function of alphaA on the way from
// (0, 0), as long as alphaV < 1 and p < 1.
namespace flowproof::scb {

namespace {

/// r = (1 - alphaV)/(1 - p), which the balance grows at: T d(balance)/d(alphaA) = 2 r.
expr relative_lag(const expr& u, const expr& v) { return (1 - u) / (1 - u * v); }

/// 2 K_P alphaV alphaV' = [2 K_Q alphaA + (2/T) r] alphaA', and dr/d(alphaV) <= 0 up to alphaA = 1.
identity phase_curve(int share = 2) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    const auto velocity = manifold_velocity(c, u, v);
    const expr r = relative_lag(u, v), gap = 1 - u * v;
    sheet.equate(2 * c.KP * u * velocity[0], (2 * c.KQ * v + share * r / c.T) * velocity[1]);
    sheet.equate(sheet.derivative(r, "alphaV"), -((1 - v) / (gap * gap)));
    return sheet.finish();
}

/// The direct approach to (1, 1) at the rate K_P y: its direction (y - 1, 1), the equation
/// q(y) = K_P (y^2 - y) - (K_Q + 1/T) y + 1/T = 0, and the slope of (y^2 - y)/((K_Q + 1/T) y -
/// 1/T).
identity direct_approach(bool with_T = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA"), y = sheet.symbol("y");
    const auto velocity = manifold_velocity(c, u, v);
    const auto along = [&](std::size_t i) { // Jacobian at (1, 1) times (y - 1, 1)
        const auto slope = [&](const char* name) {
            const expr d = sheet.derivative(velocity[i], name);
            return sheet.substitute(sheet.substitute(d, "alphaV", expr(1)), "alphaA", expr(1));
        };
        return slope("alphaV") * (y - 1) + slope("alphaA");
    };
    const expr eps = 1 / c.T, held = c.KQ * y + eps * (y - 1);
    const expr q = c.KP * (y * y - y) - held;
    sheet.equate(along(0), -(c.KP * y) * (y - 1) + q);
    sheet.equate(along(1), -(c.KP * y));
    sheet.equate(sheet.substitute(q, "y", expr(1)), -c.KQ);
    sheet.equate(sheet.substitute(q, "y", expr(0)), eps);
    sheet.equate(sheet.derivative((y * y - y) / held, "y") * held * held,
                 c.KQ * y * y + (with_T ? eps : expr(1)) * (y - 1) * (y - 1));
    return sheet.finish();
}

claim threshold_claim() {
    const std::string curve = "phase curve", approach = "direct approach";
    return {
        .id = "scb.ext.threshold",
        .statement = "from (0, 0) the type of overshoot changes exactly once in K_P: alphaV "
                     "overshoots below K_P*(K_Q, T), alphaA above, neither at K_P*",
        .latex =
            R"(\frac{d(\alpha_V^2)}{d\alpha_A}=\frac{2K_Q\alpha_A+\frac2T\frac{1-\alpha_V}{1-p}}{K_P}\ \text{decreases in}\ K_P\ \Rightarrow\ \text{one }K_P^\star:\ K_P<K_P^\star\Leftrightarrow\text{(a)},\ K_P>K_P^\star\Leftrightarrow\text{(b)})",
        .from = extension("uniqueness of the overshoot threshold"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0", "start at (0, 0)",
                       "types (a), (b) and neither as in scb.overshoot"},
        .method = "the orbit as a curve alphaV^2 over alphaA, and the direction of the direct "
                  "approach, expanded for all states",
        .given =
            {"before alphaV = 1 or p = 1 alphaA increases, so w = alphaV^2 is a function of "
             "alphaA with w(0) = 0 and dw/d(alphaA) = G/K_P, G = 2 K_Q alphaA + (2/T) r > 0",
             "larger K_P, smaller w: where the curves of K_P < K_P' meet, that of K_P' has the "
             "smaller slope, so w' < w for all alphaA > 0 that both reach",
             "hence, if K_P' is of type (a), K_P reaches alphaV = 1 earlier: (a); if K_P is of "
             "type (b), K_P' passes alphaA = 1 with alphaV < 1, where alphaV = 1 cannot be "
             "crossed any more: (b)",
             "neither: the orbit tends to (1, 1) with alphaV, alphaA < 1 before, hence along the "
             "fast eigenvector (y - 1, 1), y > 1 the larger root of q (the slow one has entries of "
             "different signs); y decreases strictly in K_P, because (y^2 - y)/((K_Q + 1/T) y - "
             "1/T) increases; but w' < w asks for y' >= y; so neither happens at one K_P at most",
             "both types occur: (a) for K_P <= K_Q (scb.overshoot); at K_Q + 2 ln 2/T not (a) "
             "(scb.ext.threshold.bounds, from the same curve), so beyond it never (a), and neither "
             "at one K_P at most; both are open, since p' > 0 and alphaV' > 0 at the first exits"},
        .expected = outcome::proved,
        .shown_by =
            all_of{{make_lemma(curve, phase_curve()), make_lemma(approach, direct_approach())}},
        .twins = {{"1/T for 2/T in the phase curve", phase_curve(1), curve},
                  {"(y - 1)^2 for (y - 1)^2/T in the slope", direct_approach(false), approach}},
        .quantities = {"scb.overshoot.threshold", "scb.overshoot"},
    };
}

/// h(v) = ln(1 + v) - v^2 ln 2.
expr concave(const expr& v) { return log(1 + v) - v * v * log(v.adopt(2)); }

/// Along B = a ln(1 + v), K_P alphaV^2 = K_Q v^2 + B/T and K_P = K_Q + B(1)/T:
/// K_P (alphaV^2 - v^2) = a h(v)/T; 2 r compared with 2/(1 + v); 1 - alphaV v >= 1 - v; and what a
/// must be for the lower bound.
identity barrier(bool halved = false) {
    worksheet sheet;
    const expr KQ = sheet.symbol("KQ"), T = sheet.symbol("T"), a = sheet.symbol("a");
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("v");
    sheet.require(KQ, relation::positive, "KQ > 0");
    sheet.require(T, relation::positive, "T > 0");
    const expr KP = KQ + a * log(v.adopt(2)) / T;
    sheet.equate((KQ * v * v + a * log(1 + v) / T) - KP * v * v, a * concave(v) / T);
    sheet.equate(2 / (1 + v) - 2 * relative_lag(u, v),
                 (halved ? 1 : 2) * (u - v) / ((1 + v) * (1 - u * v)));
    sheet.equate((1 - u * v) - (1 - v), v * (1 - u));
    const expr at_bound = 2 / (1 + 1 / (T * KQ));
    sheet.equate(2 - at_bound, at_bound / (T * KQ));
    return sheet.finish();
}

/// h(0) = h(1) = 0, and g = v (1 - v) - h: g(0) = g'(0) = g(1) = 0.
identity ends_of_h(int copies = 1) {
    worksheet sheet;
    const expr v = sheet.symbol("v");
    const expr h = log(1 + v) - copies * v * v * log(v.adopt(2)), g = v * (1 - v) - h;
    for (const expr& f : {h, g, sheet.derivative(g, "v")})
        sheet.equate(sheet.substitute(f, "v", expr(0)), expr(0));
    for (const expr& f : {h, g})
        sheet.equate(sheet.substitute(f, "v", expr(1)), expr(0));
    return sheet.finish();
}

/// h'' < 0 and g''' < 0 on [0, 1].
sign_on_box curvature_of_h(int sign = -1) {
    worksheet sheet;
    const expr v = sheet.symbol("v");
    const expr h = concave(v), g = v * (1 - v) - h;
    const auto twice = [&](const expr& f) {
        return sheet.derivative(sheet.derivative(f, "v"), "v");
    };
    return {.value = sheet.finish({sign * twice(h), -sheet.derivative(twice(g), "v")}, 2, 1).value,
            .signs = {relation::positive, relation::positive},
            .box = {{"v", 0, 1}}};
}

claim bounds_claim() {
    const std::string compared = "barriers", ends = "ends of h", curved = "curvature of h";
    return {
        .id = "scb.ext.threshold.bounds",
        .statement = "K_Q + (2 ln 2/T)/(1 + 1/(T K_Q)) <= K_P* <= K_Q + 2 ln 2/T for all K_Q, T",
        .latex =
            R"(\frac{2\ln2}T\cdot\frac1{1+\frac1{TK_Q}}\ \le\ K_P^\star-K_Q\ \le\ \frac{2\ln2}T)",
        .from = extension("two-sided bound of the overshoot threshold"),
        .hypotheses = {"K_Q > 0, T > 0", "start at (0, 0); K_P* as in scb.ext.threshold"},
        .method = "B = a ln(1 + alphaA) as a barrier of T times the balance along the phase curve; "
                  "algebra expanded, 0 <= h <= v (1 - v) from signs of derivatives on [0, 1]",
        .given =
            {"D = T (K_P alphaV^2 - K_Q alphaA^2) obeys dD/d(alphaA) = 2 r, D(0) = 0, and r "
             "decreases in D (scb.ext.threshold)",
             "h is concave with h(0) = h(1) = 0, so h >= 0; g'' decreases, g(0) = g'(0) = g(1) = "
             "0, so g first rises, then is concave, and g >= 0",
             "upper bound: a = 2, K_P = K_Q + 2 ln 2/T: on B alphaV >= v, so 2 r <= 2/(1 + v) = "
             "B', hence D <= B, and alphaV <= 1 at alphaA = 1: type (b) or neither",
             "lower bound: a = 2/(1 + 1/(T K_Q)), K_P = K_Q + a ln 2/T: on B alphaV <= 1 and "
             "alphaV - v <= a h/(2 v T K_P) <= a (1 - v)/(2 T K_Q), so 2/(1 + v) - 2 r <= "
             "a/(T K_Q (1 + v)) = (2 - a)/(1 + v), that is B' <= 2 r; hence D >= B, and alphaV "
             "reaches 1 before or at alphaA = 1: not type (b)"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma(compared, barrier()), make_lemma(ends, ends_of_h()),
                            make_lemma(curved, curvature_of_h())}},
        .twins = {{"r against 1/(1 + v) with half the difference", barrier(true), compared},
                  {"K_P* = K_Q + 4 ln 2/T", ends_of_h(2), ends},
                  {"h convex", curvature_of_h(+1), curved}},
        .quantities = {"scb.overshoot.threshold"},
    };
}

/// The flow depends on T K_P, T K_Q and t/T only.
identity one_scale(bool with_T = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA"), s = sheet.symbol("s");
    sheet.require(s, relation::positive, "s > 0");
    const auto velocity = manifold_velocity(c, u, v);
    const sizes<expr> scaled{s * c.KP, s * c.KQ, with_T ? c.T / s : c.T};
    const auto moved = manifold_velocity(scaled, u, v);
    for (std::size_t i = 0; i < 2; ++i)
        sheet.equate(moved[i], s * velocity[i]);
    return sheet.finish();
}

struct root_digits {
    std::int64_t T;
    const char* KP;
};
/// K_Q = 1/2; units of the last digit are 10^-16.
const std::vector<root_digits>& roots() {
    static const std::vector<root_digits> all = {
        {10, "0.6268803984718927"}, {100, "0.5136902171813215"}, {1000, "0.5013844277201221"}};
    return all;
}

flow_table narrow_brackets(const rational& shift = 0) {
    flow_table table{at_exit([](letters& x) { return std::vector<expr>{exit_sign(x)}; },
                             from(rational(0), rational(0))),
                     {},
                     true};
    for (const auto& [T, printed] : roots()) {
        const bounds digits = within_last_digit(printed);
        const auto add = [&, length = T](const rational& KP, const char* name, const bounds& sign) {
            table.rows.push_back({std::string("alphaV - p at the first exit, type ") + name,
                                  instance_at({KP + shift, {1, 2}, length}), 0, sign});
        };
        add(*digits.lower, "(a)", at_least(rational(0)));
        add(*digits.upper, "(b)", at_most(rational(0)));
    }
    return table;
}

/// x^3 [K_P/K_Q - 1 - 2 ln 2/x + 2 C/x^2] - ln x with x = T K_Q and
/// C = pi^2/16 + (ln 2)/2 - 1/4 - (ln 2)^2/2.
ball_closure beyond_second_order(rational quarter) {
    return [quarter](const arguments& at, std::int64_t bits) {
        const auto number = [&](const rational& q) { return ball(q, bits); };
        const ball KQ = number(at.scalar("KQ")), x = KQ * number(at.scalar("T"));
        const ball l = log(number(2)), pi = ball::pi(bits);
        const ball C = pi * pi / 16 + l / 2 - number(quarter) - l * l / 2;
        matrix<ball> result(1, 1);
        result(0, 0) =
            ((number(at.scalar("KP")) / KQ - 1) * x - 2 * l) * x * x + 2 * C * x - log(x);
        return result;
    };
}

enclosure third_order(const rational& quarter = {1, 4}) {
    enclosure table{{}, beyond_second_order(quarter), {}};
    for (const auto& [T, printed] : roots()) {
        const bounds digits = within_last_digit(printed);
        for (const rational& KP : {*digits.lower, *digits.upper})
            table.rows.push_back({"x^3 [K_P*/K_Q - three terms] - ln x",
                                  instance_at({KP, {1, 2}, T}), 0, between({1, 10}, {1, 2})});
    }
    return table;
}

claim next_claim() {
    const std::string scale = "one scale", flows = "brackets", rest = "what three terms leave";
    return {
        .id = "scb.ext.threshold.next",
        .statement =
            "next coefficient of the threshold: K_P*/K_Q = 1 + 2 ln 2/x - 2C/x^2 + (ln x + "
            "O(1))/x^3 with x = T K_Q",
        .latex =
            R"(\frac{K_P^\star}{K_Q}=1+\frac{2\ln2}x-\frac{2C}{x^2}+\frac{\ln x+O(1)}{x^3},\quad x=TK_Q,\quad C=\frac{\pi^2}{16}+\frac{\ln2}2-\frac14-\frac{\ln^22}2)",
        .from = extension("next coefficient of the overshoot threshold"),
        .hypotheses = {"x = 5, 50, 500 (K_Q = 1/2, T = 10, 100, 1000); by the scaling K_P*/K_Q "
                       "depends on x alone",
                       "C comes from a formal perturbation of the phase curve; that the remainder "
                       "stays (ln x + O(1))/x^3 is shown at the listed x only: between ln x + 1/10 "
                       "and ln x + 1/2",
                       "K_P* as in scb.ext.threshold"},
        .method = "types of the first exit, enclosed, at both ends of brackets of 2 10^-16; the "
                  "remainder enclosed at the ends",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(scale, one_scale()), make_lemma(flows, narrow_brackets()),
                            make_lemma(rest, third_order())}},
        .twins = {{"K_P and K_Q scaled without T", one_scale(false), scale},
                  {"brackets moved by 10^-13",
                   first_rows(narrow_brackets({1, 10'000'000'000'000}), 2), flows},
                  {"C without -1/4", third_order(0), rest}},
        .quantities = {"scb.overshoot.threshold"},
    };
}

/// Before the exit r <= 1, so the balance is at most 2 alphaA/T; the root of K_P X^2 - (2/T) X -
/// K_Q.
identity heights(int share = 2) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    sheet.equate((1 - u * v) - (1 - u), u * (1 - v));
    const expr eps = 1 / c.T, X = (eps + sqrt(eps * eps + c.KP * c.KQ)) / c.KP;
    sheet.equate(c.KP * X * X - share * eps * X - c.KQ, expr(0));
    return sheet.finish();
}

claim height_claim() {
    return {
        .id = "scb.ext.overshoot.height",
        .statement = "how far the overshoot goes: alphaA <= (K_P/K_Q)^(1/4), or alphaV^2 <= [1/T + "
                     "sqrt(T^-2 + K_P K_Q)]/K_P",
        .latex =
            R"(\text{(a) }\alpha_V^2\le\frac{\frac1T+\sqrt{T^{-2}+K_PK_Q}}{K_P}=\sqrt{\tfrac{K_Q}{K_P}}\,\big(1+O(\tfrac1T)\big),\qquad\text{(b) }\alpha_A\le\Big(\frac{K_P}{K_Q}\Big)^{1/4})",
        .from = extension("size of the overshoot"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0", "start at (0, 0); types as in scb.overshoot"},
        .method = "the bound on the growth of the balance, and the root of a quadratic, expanded",
        .given =
            {"up to the exit T d(balance)/d(alphaA) = 2 r (scb.ext.threshold) with 0 <= r <= 1 for "
             "alphaA <= 1, so 0 <= balance <= 2 alphaA/T",
             "(a): at the exit alphaA < 1, so the balance is at most 2/T; afterwards alphaV > 1, "
             "it decreases (scb.balance), and p <= 1: K_P alphaV^4 <= K_Q + (2/T) alphaV^2",
             "(b): alphaA is largest at the exit, where p = 1 and the balance is >= 0: "
             "K_Q alphaA^4 <= K_P"},
        .expected = outcome::proved,
        .shown_by = heights(),
        .twins = {{"balance at most alphaA/T", heights(1)}},
        .quantities = {"scb.overshoot", "scb.flow"},
    };
}

} // namespace

std::vector<claim> threshold_claims() {
    return {threshold_claim(), bounds_claim(), next_claim(), height_claim()};
}

} // namespace flowproof::scb
