#include "theory/scb/claims.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/symbolic.hpp"

// Gradient descent with finite steps: its stability region, and what lies inside and beyond.
namespace flowproof::scb {

namespace {

/// Spectral radius of the Jacobian at (1, 1), minus 1.
ball_closure radius_excess() {
    return [](const arguments& at, std::int64_t bits) {
        const auto number = [&](const char* name) { return ball(at.scalar(name), bits); };
        const ball etaV = number("etaV"), etaA = number("etaA");
        const ball a = etaV * (number("KQ") + 1 / number("T")), g = etaA * number("KP");
        const ball trace = 2 - a - g, determinant = (1 - a) * (1 - g) - etaV * number("KQ") * g;
        const ball gap = trace * trace - 4 * determinant;
        matrix<ball> result(1, 1);
        result(0, 0) = certainly(less(gap, ball(0))) ? sqrt(determinant) - 1
                                                     : (abs(trace) + sqrt(gap)) / 2 - 1;
        return result;
    };
}

/// Are both conditions of scb.discrete met? With `half` for the factor 1/2 of the first.
bool in_region(const sizes<rational>& c, const rational& etaV, const rational& etaA,
               const rational& half) {
    const rational decay = etaV * (c.KQ + 1 / c.T) + etaA * c.KP;
    const rational product = etaV * etaA * c.KP / c.T;
    return decay < 2 + half * product && product < decay;
}

/// Listed steps, among them pairs a relative 10^-6 to both sides of the boundary.
enclosure radii(const rational& half = {1, 2}) {
    enclosure table{{}, radius_excess(), {}};
    const auto add = [&](const sizes<rational>& c, const rational& etaV, const rational& etaA) {
        const bool inside = in_region(c, etaV, etaA, half);
        table.rows.push_back({inside ? "stable" : "unstable",
                              instance_at(c).set("etaV", etaV).set("etaA", etaA), 0,
                              inside ? at_most(rational(0)) : at_least(rational(0))});
    };
    const rational beside(1, 1'000'000);
    for (const sizes<rational>& c :
         {sizes<rational>{{1, 2}, {1, 3}, 10}, sizes<rational>{{1, 2}, {1, 3}, 100},
          sizes<rational>{{1, 10}, {1, 2}, 1000}, sizes<rational>{{3, 5}, {1, 20}, 10},
          sizes<rational>{{19, 20}, 1, 1000}}) {
        for (const rational& share : {rational(1, 10), rational(1, 2), rational(9, 10)}) {
            const rational etaV = 2 * share / (c.KQ + 1 / c.T);
            const rational etaA = 2 * (1 - share) / (c.KP * (1 - half * etaV / c.T));
            add(c, etaV, etaA * (1 - beside));
            add(c, etaV, etaA * (1 + beside));
        }
        for (const rational& etaV : {rational(1, 3), rational(5, 3), rational(7), rational(41, 3)})
            for (const rational& etaA : {rational(1, 3), rational(5, 3), rational(7)})
                add(c, etaV, etaA);
    }
    return table;
}

claim radius_claim() {
    return {
        .id = "scb.discrete.radius",
        .statement = "the stability region told by the spectral radius itself: below 1 inside, "
                     "above 1 outside, 10^-6 to both sides of the boundary",
        .latex =
            R"(\rho\big(F'(1,1)\big)<1\iff(\eta_V,\eta_A)\ \text{in the region of scb.discrete})",
        .from = derived("preconditioned projected gradient descent"),
        .hypotheses = {"five (K_P, K_Q, T), 18 pairs of steps each; 6 of them a relative 10^-6 "
                       "beside the boundary"},
        .method = "eigenvalues of the Jacobian in balls; the region in rationals",
        .expected = outcome::certified,
        .shown_by = radii(),
        .twins = {{"K_P etaV etaA / T without the factor 1/2", radii(1)}},
        .quantities = {"scb.discrete"},
    };
}

/// The map in a = etaV/T, b = etaV K_Q, g = etaA K_P, from (1 + x, 1 + y) - (1, 1).
struct scaled_map {
    expr a, b, g;
    std::array<expr, 2> operator()(const expr& x, const expr& y) const {
        const auto next = manifold_step(sizes<expr>{g, b, 1 / a}, 1 + x, 1 + y, expr(1), expr(1));
        return {next[0] - 1, next[1] - 1};
    }
};

/// On the boundary of stability g = 2 (2 - a - b)/(2 - a) the curve
///     z(s) = s (b, 2 - a - b) + s^2 w + s^3 (0, y)
/// obeys F(z(s)) = z(-s + c s^3) + O(s^4), with
///     c = 4 b (2 - a) N/(a ((2 - a)^2 + a b)).
identity flip_form(bool right = true) {
    worksheet sheet;
    const expr a = sheet.symbol("a"), b = sheet.symbol("b"), s = sheet.symbol("s");
    const expr t = 2 - a, D = t * t + a * b;
    sheet.require(a, relation::positive, "a > 0");
    sheet.require(b, relation::positive, "b > 0");
    sheet.require(t - b, relation::positive, "a + b < 2");
    const scaled_map F{a, b, 2 * (t - b) / t};
    const expr N = 8 - 12 * a - 16 * b + 6 * a * a + 8 * b * b + (right ? 22 : 20) * a * b -
                   a * a * a - 7 * a * a * b - 6 * a * b * b;
    const expr c = 4 * b * t * N / (a * D);
    const expr w1 = b * t * (a + 2 * b - 2) / a;
    const expr w2 = b * (3 * a * a + 3 * a * b - 8 * a - 4 * b + 4) / a;
    const expr y =
        b * (a + b - 2) *
        (3 * power(a, 4) - 2 * power(a, 3) * b - 22 * power(a, 3) - 5 * a * a * b * b -
         6 * a * a * b + 60 * a * a + 8 * a * b * b + 36 * a * b - 72 * a - 32 * b + 32) /
        (a * D);
    const auto z = [&](const expr& r) {
        return std::array<expr, 2>{r * b + r * r * w1, r * (t - b) + r * r * w2 + r * r * r * y};
    };
    const auto here = z(s), image = F(here[0], here[1]), there = z(-s + c * s * s * s);
    for (std::size_t i = 0; i < 2; ++i) {
        expr difference = image[i] - there[i];
        for (int order = 0; order <= 3; ++order) {
            if (order > 0) difference = sheet.derivative(difference, "s");
            sheet.equate(sheet.substitute(difference, "s", expr(0)), expr(0));
        }
    }
    return sheet.finish();
}

/// With t = 2 - a and b = t r: N/t^2 = (1 - t/2) 2 r (3 - 2 r) + (t/2) 2 (2 r - 1)^2; and on the
/// boundary 1 + det = a (1 - r), 1 + tr + det = 0.
identity flip_sign(int inner = 3) {
    worksheet sheet;
    const expr t = sheet.symbol("t"), r = sheet.symbol("r");
    const expr a = 2 - t, b = t * r;
    const expr N = 8 - 12 * a - 16 * b + 6 * a * a + 8 * b * b + 22 * a * b - a * a * a -
                   7 * a * a * b - 6 * a * b * b;
    sheet.equate(
        N, t * t * ((1 - t / 2) * 2 * r * (inner - 2 * r) + t / 2 * 2 * (2 * r - 1) * (2 * r - 1)));
    const expr g = 2 * (2 - a - b) / (2 - a);
    const expr determinant = (1 - a - b) * (1 - g) - b * g;
    sheet.equate(1 + determinant, a * (1 - r));
    sheet.equate(1 + (2 - a - b - g) + determinant, expr(0));
    return sheet.finish();
}

claim flip_claim() {
    const std::string form = "normal form", sign = "sign of the coefficient";
    return {
        .id = "scb.ext.flip",
        .statement = "where steps with eta_V (K_Q + 1/T) < 2 grow past the first condition of "
                     "scb.discrete, (1, 1) loses stability to an attracting 2-cycle: the flip is "
                     "supercritical for all parameters",
        .latex =
            R"(F(z(s))=z(-s+cs^3)+O(s^4),\quad c=\frac{4b(2-a)N}{a\big((2-a)^2+ab\big)}>0,\quad a=\frac{\eta_V}T,\ b=\eta_VK_Q,\ \eta_AK_P=\frac{2(2-a-b)}{2-a})",
        .from = extension("flip at the boundary of scb.discrete"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0, etaV > 0, etaA > 0",
                       "on eta_V (K_Q + 1/T) + eta_A K_P = 2 + eta_V eta_A K_P/(2T), with "
                       "eta_V (K_Q + 1/T) < 2"},
        .method = "the map along an explicit curve expanded to third order; the sign from a sum of "
                  "nonnegative terms",
        .given =
            {"flip theorem: an eigenvalue -1, the other inside the unit circle, and c > 0 give one "
             "2-cycle beyond the boundary, attracting, and none near (1, 1) before it",
             "with 0 < t < 2 and 0 < r < 1 both terms of N/t^2 are nonnegative, the first "
             "positive; "
             "(2 - a)^2 + a b > 0",
             "the other eigenvalue is -det = 1 - a (1 - r), between -1 and 1; the eigenvalue -1 is "
             "crossed with nonzero speed, because 1 + tr + det = 4 + a g - 2 (a + b + g), g = "
             "eta_A K_P, decreases in either step: on the boundary a < 2 and g = 2 - 2b/(2 - a) < "
             "2, so its derivatives in ln eta_V, a (g - 2) - 2b, and ln eta_A, g (a - 2), are "
             "negative"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma(form, flip_form()), make_lemma(sign, flip_sign())}},
        .twins = {{"20 a b for 22 a b in N", flip_form(false), form},
                  {"r (2 - 2 r) for r (3 - 2 r)", flip_sign(2), sign}},
        .quantities = {"scb.discrete"},
    };
}

/// 2-cycles (m, n) + d (1, y), (m, n) - d (1, y), d^2 = D, of equal steps eta at K_P = 1/2,
/// K_Q = 1/3, T = 100. A zero with D > 0 is a real cycle, with D < 0 none.
zeros_in_box cycles(const rational& low, const rational& high, int sign) {
    letters x;
    const expr m = x["m"], n = x["n"], y = x["y"], D = x["D"], eta = x["eta"];
    const rational KP(1, 2), KQ(1, 3), eps(1, 100);
    // Odd parts of alphaV alphaA^2 and alphaA alphaV^2 in d, over d. The even part of the first
    // equation is taken m times, less n times that of the second: this divides its near
    // degeneracy out.
    const expr odd_V = n * n + D * y * y + 2 * m * n * y;
    const expr odd_A = y * (m * m + D) + 2 * m * n;
    const std::vector<expr> system = {
        eps / KQ * m * (1 - m) + D * (n - m * y) * (n + m * y), m - n * (m * m + D) - 2 * D * y * m,
        2 + eta * (KQ * (y - odd_V) - eps), 2 * y + eta * KP * (1 - odd_A)};
    return {.system = x.finish(system),
            .unknowns = {{"m", {9, 10}, {11, 10}},
                         {"n", {9, 10}, {11, 10}},
                         {"y", {5, 4}, {7, 4}},
                         {"D", {-1, 100}, {1, 100}}},
            .parameters = {{"eta", low, high}},
            .count = 1,
            .indicators = x.finish({D}),
            .types = {{sign > 0 ? "real 2-cycle" : "no real 2-cycle", {sign}, 1}},
            .listed = {"K_P = 1/2, K_Q = 1/3, T = 100"}};
}

claim cycle_claim() {
    const std::string below = "below the boundary", above = "above the boundary";
    return {
        .id = "scb.ext.flip.cycle",
        .statement =
            "equal steps at K_P = 1/2, K_Q = 1/3, T = 100 (boundary eta = 2.388...): one "
            "2-cycle around (1, 1) for eta in [49/20, 51/20], none for eta in [23/10, 47/20]",
        .latex =
            R"((m,n)\pm\sqrt D\,(1,y):\quad D>0\ (\tfrac{49}{20}\le\eta\le\tfrac{51}{20}),\qquad D<0\ (\tfrac{23}{10}\le\eta\le\tfrac{47}{20}))",
        .from = extension("2-cycles of gradient descent"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3, T = 100",
                       "2-cycles with midpoint in [9/10, 11/10]^2, slope in [5/4, 7/4], half "
                       "extent in alphaV below 1/10"},
        .method = "the equations of a 2-cycle, even and odd in its extent, with the fixed points "
                  "divided out; all zeros isolated for all eta",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(below, cycles({23, 10}, {47, 20}, -1)),
                            make_lemma(above, cycles({49, 20}, {51, 20}, +1))}},
        .twins = {{"a 2-cycle below the boundary", cycles({23, 10}, {47, 20}, +1), below}},
        .quantities = {"scb.discrete"},
    };
}

} // namespace

std::vector<claim> descent_claims() { return {radius_claim(), flip_claim(), cycle_claim()}; }

} // namespace flowproof::scb
