#include "theory/scb/claims.hpp"
#include "theory/scb/closures.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

/// Both points annihilate the velocity; the second lies at (0, factor * -1/(T KQ)).
identity are_equilibria(bool with_KQ = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const auto at_minimum = manifold_velocity(c, expr(1), expr(1));
    const auto at_saddle = manifold_velocity(c, expr(0), with_KQ ? saddle(c) : saddle(c) * c.KQ);
    for (const expr& velocity : {at_minimum[0], at_minimum[1], at_saddle[0], at_saddle[1]})
        sheet.equate(velocity, expr(0));
    return sheet.finish();
}

/// K_P alphaV alphaV' - K_Q alphaA alphaA' = K_P alphaV (1 - alphaV) / T, and the velocity on the
/// two lines alphaV = 0 and alphaV = 1 that are left.
identity elimination(int sign = -1) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr alphaV = sheet.symbol("alphaV"), alphaA = sheet.symbol("alphaA");
    const auto velocity = manifold_velocity(c, alphaV, alphaA);
    sheet.equate(c.KP * alphaV * velocity[0] - c.KQ * alphaA * velocity[1],
                 c.KP * alphaV * (1 + sign * alphaV) / c.T);
    sheet.equate(manifold_velocity(c, expr(1), alphaA)[1], c.KP * (1 - alphaA));
    sheet.equate(manifold_velocity(c, expr(0), alphaA)[0], c.KQ * (alphaA - saddle(c)));
    return sheet.finish();
}

enum class spectrum_slip { none, determinant_sign, trace_without_T };

/// Trace and determinant of the Jacobian, differentiated on the tape, at both equilibria.
identity characteristic_polynomials(spectrum_slip slip = spectrum_slip::none) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr at_V = sheet.symbol("alphaV"), at_A = sheet.symbol("alphaA"); // in this order
    const auto velocity = manifold_velocity(c, at_V, at_A);
    const auto equate_at = [&](const expr& alphaV, const expr& alphaA,
                               const quadratic<expr>& expected) {
        const auto slope = [&](std::size_t i, const char* variable) {
            const expr d = sheet.derivative(velocity[i], variable);
            return sheet.substitute(sheet.substitute(d, "alphaV", alphaV), "alphaA", alphaA);
        };
        const expr a = slope(0, "alphaV"), b = slope(0, "alphaA");
        const expr d = slope(1, "alphaV"), e = slope(1, "alphaA");
        sheet.equate(-(a + e), expected.linear);
        sheet.equate(a * e - b * d, expected.constant);
    };
    quadratic<expr> low = characteristic_at_minimum(c), high = characteristic_at_saddle(c);
    if (slip == spectrum_slip::trace_without_T) low.linear = c.KP + c.KQ;
    if (slip == spectrum_slip::determinant_sign) high.constant = -high.constant;
    equate_at(expr(1), expr(1), low);
    equate_at(expr(0), saddle(c), high);
    return sheet.finish();
}

identity drift_at_origin(const char* expected) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const auto velocity = manifold_velocity(c, expr(0), expr(0));
    sheet.equate(velocity[0], rational::parse(expected) / c.T);
    sheet.equate(velocity[1], expr(0));
    return sheet.finish();
}

claim equilibria_claim() {
    return {
        .id = "scb.equilibria",
        .statement = "exactly two equilibria of the planar flow: sink (1, 1), saddle "
                     "(0, -1/(T K_Q))",
        .latex =
            R"(\{\alpha_V'=\alpha_A'=0\}=\{(1,1),\,(0,-\tfrac1{TK_Q})\},\quad \lambda^2+(K_P+K_Q+\tfrac1T)\lambda+\tfrac{K_P}T\ \text{and}\ \lambda^2+(\tfrac1T+\tfrac1{T^2K_Q})\lambda-K_PK_Q)",
        .from = derived("equilibria of the flow on the signal manifold"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0"},
        .method = "elimination identity, velocities on the two remaining lines, Jacobians "
                  "differentiated on the tape; all expanded as rational functions",
        .given = {"at an equilibrium the elimination identity gives alphaV (1 - alphaV) = 0; on "
                  "each of the two lines the remaining velocity is linear in alphaA with a nonzero "
                  "slope, hence has one zero",
                  "a real quadratic with positive coefficients has roots of negative real part; "
                  "with a negative constant term it has one root of each sign"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma("both points are equilibria", are_equilibria()),
                            make_lemma("elimination", elimination()),
                            make_lemma("characteristic polynomials", characteristic_polynomials()),
                            make_lemma("the origin drifts at rate 1/T", drift_at_origin("1"))}},
        .twins = {{"saddle at (0, -1/T)", are_equilibria(false), "both points are equilibria"},
                  {"alphaV (1 + alphaV) in the elimination", elimination(+1), "elimination"},
                  {"z* with determinant + K_P K_Q",
                   characteristic_polynomials(spectrum_slip::determinant_sign),
                   "characteristic polynomials"},
                  {"trace at (1, 1) without 1/T",
                   characteristic_polynomials(spectrum_slip::trace_without_T),
                   "characteristic polynomials"}},
        .quantities = {"scb.equilibria.saddle", "scb.equilibria.lambda"},
        .figures = {"scb.landscape"},
    };
}

claim origin_claim() {
    return {
        .id = "scb.equilibria.origin",
        .statement = "the origin, where training starts, is an equilibrium, as usually summarised",
        .latex = R"((\alpha_V',\alpha_A')(0,0)=(0,0))",
        .from = derived("linearisation about the start, read without its drift"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0"},
        .method = "the velocity at the origin is 1/T, not 0",
        .expected = outcome::refuted,
        .shown_by = drift_at_origin("0"),
        .control = "scb.equilibria",
        .quantities = {"scb.manifold.flow"},
    };
}

/// With x = K_P/(T S), S = K_P + K_Q + 1/T, u = K_P/(T S^2) and chi the characteristic polynomial
/// at (1, 1): chi(-x) = x^2, chi(-x (1 + 4u)) = -(K_P/T) u (1 - 4u)(3 + 4u), and
/// S^2 (1 - 4u) = (K_P - 1/T)^2 + K_Q (2 K_P + 2/T + K_Q).
identity slow_bracket(bool with_KP = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const quadratic<expr> chi = characteristic_at_minimum(c);
    const expr S = chi.linear;
    const expr x = (with_KP ? c.KP : c.KQ) / (c.T * S), u = c.KP / (c.T * S * S);
    sheet.equate(chi(-x), x * x);
    sheet.equate(chi(-(x * (1 + 4 * u))), -(c.KP / c.T * u * (1 - 4 * u) * (3 + 4 * u)));
    const expr gap = c.KP - 1 / c.T;
    sheet.equate(S * S * (1 - 4 * u), gap * gap + c.KQ * (2 * c.KP + 2 / c.T + c.KQ));
    return sheet.finish();
}

claim slow_claim() {
    return {
        .id = "scb.equilibria.slow",
        .statement =
            "slow rate at (1, 1): K_P / (T (K_P + K_Q)) to leading order, two-sided bounds",
        .latex =
            R"(-x(1+4u)<\lambda_{slow}<-x,\quad x=\frac{K_P}{TS},\ u=\frac{K_P}{TS^2}<\tfrac14,\ S=K_P+K_Q+\tfrac1T;\qquad \lambda_{slow}=-\frac{K_P}{T(K_P+K_Q)}\big(1+O(\tfrac1T)\big))",
        .from = derived("spectrum at the minimum"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0"},
        .method = "the characteristic polynomial at both bounds is factored; expanded as "
                  "rational functions",
        .given = {"the factors shown are positive, so the polynomial is positive at -x and "
                  "negative at -x (1 + 4u); its larger root lies between them",
                  "x = K_P / (T (K_P + K_Q)) / (1 + 1/(T (K_P + K_Q)))"},
        .expected = outcome::proved,
        .shown_by = slow_bracket(),
        .twins = {{"K_Q / (T (K_P + K_Q)) as the slow rate", slow_bracket(false)}},
        .quantities = {"scb.equilibria.lambda"},
    };
}

enclosure eigenvalue_table(const std::vector<std::vector<std::string>>& printed) {
    const char* const words[] = {"lambda_fast (1,1)", "lambda_slow (1,1)", "lambda_+ (z*)",
                                 "lambda_- (z*)"};
    const std::vector<std::vector<rational>> parameters = {{{1, 2}, {1, 3}, 100},
                                                           {{1, 10}, {1, 2}, 1000}};
    enclosure table{{}, in_balls(equilibrium_eigenvalues()), {}};
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        arguments at;
        at.set("KP", parameters[i][0]).set("KQ", parameters[i][1]).set("T", parameters[i][2]);
        for (std::size_t j = 0; j < 4; ++j)
            table.rows.push_back({std::string(words[j]) + " at " + at.str(), at,
                                  static_cast<Eigen::Index>(j), within_last_digit(printed[i][j])});
    }
    return table;
}

claim table_claim() {
    return {
        .id = "scb.equilibria.table",
        .statement = "eigenvalues at both equilibria for two parameter sets, 25 digits",
        .latex =
            R"(\lambda_{fast},\lambda_{slow}\ \text{at}\ (1,1);\quad \lambda_\pm\ \text{at}\ z^\star)",
        .from = derived("spectra at the two equilibria"),
        .method = "the roots of both quadratics enclosed in balls",
        .expected = outcome::certified,
        .shown_by =
            eigenvalue_table({{"-0.8373622016171611466895601", "-0.005971131716172186643773251",
                               "0.4031307724675099938922682", "-0.4134307724675099938922682"},
                              {"-0.6008335645578096221187726", "-0.0001664354421903778812273784",
                               "0.2231063590045730136278276", "-0.2241083590045730136278276"}}),
        .twins = {{"slow rate K_P / (T (K_P + K_Q)) taken as exact",
                   eigenvalue_table(
                       {{"-0.8373622016171611466895601", "-0.006000000000000000000000000",
                         "0.4031307724675099938922682", "-0.4134307724675099938922682"},
                        {"-0.6008335645578096221187726", "-0.0001666666666666666666666667",
                         "0.2231063590045730136278276", "-0.2241083590045730136278276"}})}},
        .quantities = {"scb.equilibria.lambda"},
    };
}

enum class jury_slip { none, half_dropped };

/// 1 - tr + det, 1 + tr + det and 1 - det of the planar map's Jacobian at (1, 1).
identity jury(jury_slip slip = jury_slip::none) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr etaV = sheet.symbol("etaV"), etaA = sheet.symbol("etaA");
    sheet.require(etaV, relation::positive, "etaV > 0");
    sheet.require(etaA, relation::positive, "etaA > 0");
    const expr at_V = sheet.symbol("alphaV"), at_A = sheet.symbol("alphaA"); // in this order
    const auto next = manifold_step(c, at_V, at_A, etaV, etaA);
    const auto slope = [&](std::size_t i, const char* variable) {
        const expr d = sheet.derivative(next[i], variable);
        return sheet.substitute(sheet.substitute(d, "alphaV", expr(1)), "alphaA", expr(1));
    };
    const expr a = slope(0, "alphaV"), b = slope(0, "alphaA");
    const expr d = slope(1, "alphaV"), e = slope(1, "alphaA");
    const expr trace = a + e, determinant = a * e - b * d;
    const expr decay = etaV * (c.KQ + 1 / c.T) + etaA * c.KP;
    const expr product = etaV * etaA * c.KP / c.T;
    const expr curvature = slip == jury_slip::half_dropped ? 2 * product : product;
    sheet.equate(1 - trace + determinant, product);
    sheet.equate(1 + trace + determinant, 2 * (2 + curvature * rational(1, 2) - decay));
    sheet.equate(1 - determinant, decay - product);
    return sheet.finish();
}

/// Both equilibria are fixed points for all step sizes; equal steps: 1 + tr + det is
/// eta^2 chi(-2 / eta).
identity equal_steps() {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr etaV = sheet.symbol("etaV"), etaA = sheet.symbol("etaA");
    sheet.require(etaV, relation::positive, "etaV > 0");
    const auto at_minimum = manifold_step(c, expr(1), expr(1), etaV, etaA);
    const auto at_saddle = manifold_step(c, expr(0), saddle(c), etaV, etaA);
    sheet.equate(at_minimum[0], expr(1));
    sheet.equate(at_minimum[1], expr(1));
    sheet.equate(at_saddle[0], expr(0));
    sheet.equate(at_saddle[1], saddle(c));
    const quadratic<expr> chi = characteristic_at_minimum(c);
    sheet.equate(2 * (2 + etaV * etaV * c.KP / c.T * rational(1, 2) - etaV * chi.linear),
                 etaV * etaV * chi(-2 / etaV));
    return sheet.finish();
}

claim discrete_claim() {
    return {
        .id = "scb.discrete",
        .statement = "exact stability region of (1, 1) in the two step sizes of gradient descent",
        .latex =
            R"(\eta_V(K_Q+\tfrac1T)+\eta_AK_P<2+\tfrac{\eta_V\eta_AK_P}{2T}\quad\text{and}\quad \eta_V\eta_A\tfrac{K_P}T<\eta_V(K_Q+\tfrac1T)+\eta_AK_P)",
        .from = derived("preconditioned projected gradient descent"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0, etaV > 0, etaA > 0", "simultaneous update"},
        .method = "trace and determinant of the Jacobian, differentiated on the tape, put into "
                  "the three Jury expressions and expanded",
        .given =
            {"Jury: both eigenvalues lie inside the unit circle iff 1 - tr + det, "
             "1 + tr + det and 1 - det are positive",
             "equal steps: 1 + tr + det = eta^2 chi(-2 / eta) > 0 means eta < 2 / |lambda_fast| or "
             "eta > 2 / |lambda_slow|, and det < 1 means eta < 1 / |lambda_fast| + "
             "1 / |lambda_slow|, which excludes the latter; eta <= 2 / (K_P + K_Q + 1/T) "
             "suffices, because |lambda_fast| is smaller than that sum"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma("Jury expressions", jury()),
                            make_lemma("fixed points and equal steps", equal_steps())}},
        .twins = {{"K_P etaV etaA / T without the factor 1/2", jury(jury_slip::half_dropped),
                   "Jury expressions"}},
        .quantities = {"scb.discrete"},
    };
}

arguments start_of_table(std::int64_t n) {
    const rational half(1, 2);
    arguments at;
    at.set("KP", half).set("KQ", rational(1, 3)).set("T", rational(100));
    at.set("etaV", half).set("etaA", half).set("n", rational(n));
    at.set("alphaV", rational(0)).set("alphaA", rational(0));
    return at;
}

exact_equal first_steps(update order) {
    const auto tabulated = [](const arguments& at) -> matrix<rational> {
        switch (at.integer("n", 1, 3)) {
        case 1:
            return rows({{{1, 200}}, {0}});
        case 2:
            return rows({{{399, 40000}}, {{1, 800}}});
        default:
            return rows({{{2324498801, 153600000000}}, {{19167840799, 5120000000000}}});
        }
    };
    exact_equal table{.parameters = {}, // a table holds at its rows
                      .left = exact_discrete_orbit(order),
                      .right = tabulated,
                      .fixed = {}};
    for (std::int64_t n = 1; n <= 3; ++n)
        table.fixed.push_back({"n = " + std::to_string(n), start_of_table(n)});
    return table;
}

enclosure later_steps(update order) {
    enclosure table{{}, discrete_orbit(order), {}};
    const auto add = [&](std::int64_t n, const char* alphaV, const char* alphaA) {
        const std::string name = " after " + std::to_string(n) + " steps";
        table.rows.push_back({"alphaV" + name, start_of_table(n), 0, within_last_digit(alphaV)});
        table.rows.push_back({"alphaA" + name, start_of_table(n), 1, within_last_digit(alphaA)});
    };
    add(20, "0.4425005223565161601906876", "0.5173167594410991086504162");
    add(100, "0.928269390402222116250704", "1.078298591564479618771388");
    return table;
}

claim discrete_table_claim() {
    return {
        .id = "scb.discrete.table",
        .statement = "gradient descent from scratch: steps 1, 2, 3 exactly, 20 and 100 to 24 "
                     "digits",
        .latex =
            R"(K_P=\tfrac12,K_Q=\tfrac13,T=100,\eta=\tfrac12:\ (\alpha_V,\alpha_A)_1=(\tfrac1{200},0),\ (\alpha_V,\alpha_A)_2=(\tfrac{399}{40000},\tfrac1{800}),\ \dots)",
        .from = derived("preconditioned projected gradient descent"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3, T = 100, eta = 1/2", "simultaneous update"},
        .method = "iteration in rationals for n <= 3 and in balls for n = 20, 100",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma("n = 1, 2, 3", first_steps(update::simultaneous)),
                            make_lemma("n = 20, 100", later_steps(update::simultaneous))}},
        .twins = {{"sequential update, three steps", first_steps(update::sequential),
                   "n = 1, 2, 3"},
                  {"sequential update, 20 and 100 steps", later_steps(update::sequential),
                   "n = 20, 100"}},
        .quantities = {"scb.discrete"},
    };
}

} // namespace

std::vector<claim> equilibrium_claims() {
    return {equilibria_claim(), origin_claim(),   slow_claim(),
            table_claim(),      discrete_claim(), discrete_table_claim()};
}

} // namespace flowproof::scb
