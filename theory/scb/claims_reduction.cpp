#include "theory/scb/claims.hpp"
#include "theory/scb/enumerate.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

reduced<expr> symbolic_state(worksheet& sheet) {
    return {sheet.symbol("alphaV"), sheet.symbol("alphaA"), sheet.symbol("deltaV"),
            sheet.symbol("deltaA")};
}

/// from + x times.
matrix<expr> combined(const matrix<expr>& from, const expr& x, const matrix<expr>& times) {
    matrix<expr> to = from;
    for (Index i = 0; i < from.rows(); ++i)
        for (Index j = 0; j < from.cols(); ++j)
            to(i, j) = from(i, j) + x * times(i, j);
    return to;
}

enum class step_slip { none, deltaA_dropped, sequential };

identity one_step(step_slip slip = step_slip::none) {
    worksheet sheet;
    const auto [b, V, A] = over_R0(sheet, weights::on_C);
    const expr etaV = sheet.symbol("etaV"), etaA = sheet.symbol("etaA");
    const matrix<expr> V_next = combined(V, -etaV, projected_gradient_V(b, V, A));
    const matrix<expr>& V_seen = slip == step_slip::sequential ? V_next : V;
    const matrix<expr> A_next = combined(A, -etaA, projected_gradient_A(b, V_seen, A));
    const reduced<expr> z = coordinates(b, V, A), moved = coordinates(b, V_next, A_next);
    const sizes<expr> c = sizes_of(b);
    reduced<expr> predicted = reduced_step(c, z, etaV, etaA);
    if (slip == step_slip::deltaA_dropped) {
        const reduced<expr> blind{z.alphaV, z.alphaA, z.deltaV, expr(0)};
        const reduced<expr> partial = reduced_step(c, blind, etaV, etaA);
        predicted.alphaV = partial.alphaV;
        predicted.deltaV = partial.deltaV;
    }
    sheet.equate(moved.alphaV, predicted.alphaV);
    sheet.equate(moved.alphaA, predicted.alphaA);
    sheet.equate(moved.deltaV, predicted.deltaV);
    sheet.equate(moved.deltaA, predicted.deltaA);
    sheet.equate(excess_loss(b, V, A), reduced_excess(c, z));
    return sheet.finish(listed_R0());
}

/// One step from any point of C over R0 ends on C, and the parts orthogonal to the signals keep
/// their direction: they are multiplied by 1 - etaV n_A and 1 - etaA W.
identity stays_on_C() {
    worksheet sheet;
    const auto [b, V, A] = over_R0(sheet, weights::on_C);
    const expr etaV = sheet.symbol("etaV"), etaA = sheet.symbol("etaA");
    const matrix<expr> V_next = combined(V, -etaV, projected_gradient_V(b, V, A));
    const matrix<expr> A_next = combined(A, -etaA, projected_gradient_A(b, V, A));
    const matrix<expr> ones = matrix<expr>::Constant(1, b.N(), expr(1));
    sheet.equate(product(V_next, b.mu), b.mu);
    sheet.equate(product(ones, V_next), ones);
    sheet.equate(product<expr>(matrix<expr>::Constant(1, b.T(), expr(1)), A_next), ones);
    const reduced<expr> z = coordinates(b, V, A);
    const sizes<expr> c = sizes_of(b);
    const reduced<expr> next = reduced_step(c, z, etaV, etaA);
    const auto beside = [](const matrix<expr>& bar, const expr& alpha, const matrix<expr>& signal) {
        return combined(bar, -alpha, signal);
    };
    const matrix<expr> none_V = matrix<expr>::Constant(b.N(), b.N(), expr(0));
    const matrix<expr> none_A = matrix<expr>::Constant(b.T(), b.N(), expr(0));
    sheet.equate(beside(centred_V(b, V_next), next.alphaV, centred_V(b, b.P)),
                 combined(none_V, 1 - etaV * n_A(c, z),
                          beside(centred_V(b, V), z.alphaV, centred_V(b, b.P))));
    sheet.equate(
        beside(centred_A(b, A_next), next.alphaA, centred_A(b, b.Q)),
        combined(none_A, 1 - etaA * W(c, z), beside(centred_A(b, A), z.alphaA, centred_A(b, b.Q))));
    return sheet.finish(listed_R0());
}

/// The same step at every N and T: Vbar+ = (1 - etaV n_A) Vbar + etaV g_A Pbar and
/// Abar+ = (1 - etaA W) Abar + etaA C Qbar, with n_A = 1/T + |Abar|^2, g_A = 1/T + <Abar, Qbar>,
/// W = |Vbar|^2 and C = <Vbar, Pbar>.
identity step_of_inner_products(bool with_mean = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const gram V{sheet.symbol("VV"), sheet.symbol("VP"), c.KP};
    const gram A{sheet.symbol("AA"), sheet.symbol("AQ"), c.KQ};
    const expr etaV = sheet.symbol("etaV"), etaA = sheet.symbol("etaA");
    const expr n = with_mean ? 1 / c.T + A.own : A.own, g = 1 / c.T + A.cross;
    const gram V_next = V.combined(1 - etaV * n, etaV * g);
    const gram A_next = A.combined(1 - etaA * V.own, etaA * V.cross);
    const reduced<expr> z{V.alpha(), A.alpha(), V.delta(), A.delta()};
    const reduced<expr> next = reduced_step(c, z, etaV, etaA);
    sheet.equate(V_next.alpha(), next.alphaV);
    sheet.equate(A_next.alpha(), next.alphaA);
    sheet.equate(V_next.delta(), next.deltaV);
    sheet.equate(A_next.delta(), next.deltaA);
    sheet.equate((c.KP * (1 / c.T + c.KQ) - 2 * V.cross * g + V.own * n) * rational(1, 2),
                 reduced_excess(c, z));
    return sheet.finish();
}

matrix<rational> as_column(const reduced<rational>& z, const rational& excess) {
    return column(std::vector<rational>{z.alphaV, z.alphaA, z.deltaV, z.deltaA, excess});
}

flowproof::instance with_steps(flowproof::instance i, std::uint64_t k) {
    i.at.set("etaV", rational(static_cast<std::int64_t>(1 + k % 5), 3));
    i.at.set("etaA", rational(static_cast<std::int64_t>(2 + k % 3), 5));
    return i;
}

/// One step with gradients summed over all samples.
exact_equal step_at_instances() {
    auto parameters = all_parameters();
    parameters.push_back({"etaV", "step size of V", "1", ""});
    parameters.push_back({"etaA", "step size of A", "1", ""});
    return {.parameters = parameters,
            .left =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    const auto &V = at.at("V"), &A = at.at("A");
                    const rational etaV = at.scalar("etaV"), etaA = at.scalar("etaA");
                    const matrix<rational> GV =
                        project_V(b, preconditioned(b, enumerated_gradient_V(b, V, A)));
                    const matrix<rational> GA =
                        project_A(preconditioned(b, enumerated_gradient_A(b, V, A)));
                    matrix<rational> V_next = V, A_next = A;
                    for (Index j = 0; j < b.N(); ++j) {
                        for (Index i = 0; i < b.N(); ++i)
                            V_next(i, j) -= etaV * GV(i, j);
                        for (Index t = 0; t < b.T(); ++t)
                            A_next(t, j) -= etaA * GA(t, j);
                    }
                    return as_column(coordinates(b, V_next, A_next), enumerated_distance(b, V, A));
                },
            .right =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    const auto z = coordinates(b, at.at("V"), at.at("A"));
                    return as_column(
                        reduced_step(sizes_of(b), z, at.scalar("etaV"), at.scalar("etaA")),
                        reduced_excess(sizes_of(b), z));
                },
            .fixed = {with_steps({"R0", to_arguments(R0(), R0_V_on_C(), R0_A_on_C())}, 0)},
            .random =
                [](std::uint64_t seed, std::uint64_t k) {
                    return with_steps(random_instance(seed, k, weights::on_C), k);
                },
            .random_count = 6,
            .check = check_signals};
}

claim reduce_claim() {
    const std::string lemma = "one step over R0, all of C symbolic";
    const std::string scalars = "one step in inner products, every N and T";
    return {
        .id = "scb.reduce.4d",
        .statement = "gradient descent on C (preconditioned, projected) closes exactly on four "
                     "numbers",
        .latex =
            R"(\alpha_V^+=\alpha_V+\eta_V(\tfrac1T+K_Q\alpha_A-n_A\alpha_V),\ \alpha_A^+=\alpha_A+\eta_A(K_P\alpha_V-W\alpha_A),\ \delta_V^+=(1-\eta_Vn_A)^2\delta_V,\ \delta_A^+=(1-\eta_AW)^2\delta_A)",
        .from = derived("preconditioned projected gradient descent"),
        .hypotheses = {"start on C", "simultaneous update", "P mu = mu",
                       "P and Q column-stochastic", "K_P > 0, K_Q > 0"},
        .method = "one step in inner products at every N and T, from the closed-form projected "
                  "gradients; one step on all of C over R0 with symbolic step sizes; one step "
                  "with enumerated gradients at random exact instances; all exact",
        .given = {"for the lemma in inner products: bilinearity of <.,.>_mu and the centring "
                  "g_A = 1/T + <Abar, Qbar>_mu, n_A = 1/T + |Abar|_mu^2, C = <Vbar, Pbar>_mu, "
                  "W = |Vbar|_mu^2 on C",
                  "it rests on the gradients of scb.grad.projected, which are certified and not "
                  "proved at every size; this limits the verdict",
                  "one step from any point of C ends on C, so that steps compose"},
        .expected = outcome::certified,
        .shown_by =
            all_of{{make_lemma(scalars, step_of_inner_products()), make_lemma(lemma, one_step()),
                    make_lemma("C is kept and orthogonal parts keep their direction, R0",
                               stays_on_C()),
                    make_lemma("one step, exact instances", step_at_instances())}},
        .twins = {{"deltaA omitted from n_A", one_step(step_slip::deltaA_dropped), lemma},
                  {"1/T omitted from n_A", step_of_inner_products(false), scalars},
                  {"sequential update", one_step(step_slip::sequential), lemma}},
        .quantities = {"scb.reduce.4d", "scb.reduce.coordinates"},
    };
}

/// The velocity of the reduced flow is the derivative of one step in the step size at 0.
identity limit_of_small_steps(bool both_decay = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const reduced<expr> z = symbolic_state(sheet);
    const expr eta = sheet.symbol("eta");
    const reduced<expr> next = reduced_step(c, z, eta, eta), flow = reduced_velocity(c, z);
    const auto slope = [&](const expr& x) {
        return sheet.substitute(sheet.derivative(x, "eta"), "eta", expr(0));
    };
    sheet.equate(slope(next.alphaV), flow.alphaV);
    sheet.equate(slope(next.alphaA), flow.alphaA);
    sheet.equate(slope(next.deltaV), both_decay ? flow.deltaV : flow.deltaV * rational(1, 2));
    sheet.equate(slope(next.deltaA), flow.deltaA);
    return sheet.finish();
}

enum class manifold_slip { none, unweighted_dissipation, no_drift };

identity manifold_velocity_identity(manifold_slip slip = manifold_slip::none) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr alphaV = sheet.symbol("alphaV"), alphaA = sheet.symbol("alphaA");
    const reduced<expr> z{alphaV, alphaA, expr(0), expr(0)};
    const reduced<expr> flow = reduced_velocity(c, z);
    const auto [v, a] = manifold_velocity(c, alphaV, alphaA);
    sheet.equate(flow.alphaV, slip == manifold_slip::no_drift ? v - (1 - alphaV) / c.T : v);
    sheet.equate(flow.alphaA, a);
    sheet.equate(flow.deltaV, expr(0));
    sheet.equate(flow.deltaA, expr(0));
    sheet.equate(reduced_excess(c, z), manifold_energy(c, alphaV, alphaA));
    return sheet.finish();
}

/// E = E(z*) on the line alphaV = 0 and on one more branch, and nowhere else.
identity level_of_saddle(bool doubled = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr alphaV = sheet.symbol("alphaV"), alphaA = sheet.symbol("alphaA");
    const expr branch = saddle_level(c, alphaA) * rational(doubled ? 2 : 1, 2);
    sheet.equate(manifold_energy(c, alphaV, alphaA) - manifold_energy(c, expr(0), saddle(c)),
                 c.KP * alphaV * (1 / c.T + c.KQ * alphaA * alphaA) * (alphaV - branch) *
                     rational(1, 2));
    return sheet.finish();
}

identity dissipation(manifold_slip slip = manifold_slip::none) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr alphaV = sheet.symbol("alphaV"), alphaA = sheet.symbol("alphaA");
    const expr E = manifold_energy(c, alphaV, alphaA);
    const auto [v, a] = manifold_velocity(c, alphaV, alphaA);
    const expr rate = sheet.derivative(E, "alphaV") * v + sheet.derivative(E, "alphaA") * a;
    sheet.equate(rate, slip == manifold_slip::unweighted_dissipation
                           ? -(v * v) - a * a
                           : -(c.KP * v * v) - c.KQ * a * a);
    return sheet.finish();
}

claim manifold_claim() {
    return {
        .id = "scb.manifold",
        .statement = "the reduced flow on deltaV = deltaA = 0: invariant, planar, strict energy",
        .latex =
            R"(\alpha_V'=\tfrac{1-\alpha_V}T+K_Q\alpha_A(1-p),\ \alpha_A'=K_P\alpha_V(1-p),\ \mathcal E=\tfrac{K_P}2\big[\tfrac{(1-\alpha_V)^2}T+K_Q(1-p)^2\big],\ \mathcal E'=-K_P(\alpha_V')^2-K_Q(\alpha_A')^2)",
        .from = derived("gradient flow on the signal manifold"),
        .hypotheses = {"the reduced dynamics of scb.reduce.4d (certified)",
                       "K_P > 0, K_Q > 0, T > 0", "p = alphaV alphaA"},
        .method = "exact identities in K_P, K_Q, T and the state; the reduced step and E are "
                  "differentiated on their tapes",
        .given = {"deltaV' and deltaA' vanish with deltaV and deltaA, so the plane is invariant",
                  "E' = 0 only where both velocities vanish, because K_P, K_Q > 0"},
        .expected = outcome::proved,
        .shown_by =
            all_of{{make_lemma("the flow is the limit of small steps", limit_of_small_steps()),
                    make_lemma("velocity and energy", manifold_velocity_identity()),
                    make_lemma("dissipation", dissipation()),
                    make_lemma("level set through the saddle", level_of_saddle())}},
        .twins = {{"deltaV decays at rate n_A in place of 2 n_A", limit_of_small_steps(false),
                   "the flow is the limit of small steps"},
                  {"drift (1 - alphaV) / T omitted",
                   manifold_velocity_identity(manifold_slip::no_drift), "velocity and energy"},
                  {"the other branch at half its alphaV", level_of_saddle(false),
                   "level set through the saddle"},
                  {"dissipation without K_P, K_Q",
                   dissipation(manifold_slip::unweighted_dissipation), "dissipation"}},
        .quantities = {"scb.manifold.flow", "scb.manifold.energy", "scb.manifold.level"},
        .figures = {"scb.landscape"},
    };
}

/// d/dt (|Vbar|^2 - |Abar|^2) under the flow on all of C, in the reduced coordinates.
expr balance_rate(worksheet& sheet, const sizes<expr>& c, const reduced<expr>& z) {
    const expr difference = W(c, z) - (n_A(c, z) - 1 / c.T);
    const reduced<expr> flow = reduced_velocity(c, z);
    return sheet.derivative(difference, "alphaV") * flow.alphaV +
           sheet.derivative(difference, "alphaA") * flow.alphaA +
           sheet.derivative(difference, "deltaV") * flow.deltaV +
           sheet.derivative(difference, "deltaA") * flow.deltaA;
}

/// @param factor  the 2 of 2 (C - W) / T.
identity balance_on_C(int factor) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const reduced<expr> z = symbolic_state(sheet);
    sheet.equate(balance_rate(sheet, c, z), factor * (c.KP * z.alphaV - W(c, z)) / c.T);
    return sheet.finish();
}

identity balance_on_manifold(int factor) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr alphaV = sheet.symbol("alphaV"), alphaA = sheet.symbol("alphaA");
    const expr delta = c.KP * alphaV * alphaV - c.KQ * alphaA * alphaA;
    const auto [v, a] = manifold_velocity(c, alphaV, alphaA);
    sheet.equate(sheet.derivative(delta, "alphaV") * v + sheet.derivative(delta, "alphaA") * a,
                 factor * c.KP / c.T * alphaV * (1 - alphaV));
    return sheet.finish();
}

claim balance_claim() {
    return {
        .id = "scb.balance",
        .statement = "|Vbar|^2 - |Abar|^2 drifts at rate 2 (C - W) / T along the reduced flow",
        .latex =
            R"(\tfrac{d}{dt}\big(\|\bar V\|_\mu^2-\|\bar A\|_\mu^2\big)=\tfrac2T(C-W),\qquad \Delta'=\tfrac{2K_P}T\alpha_V(1-\alpha_V)\ \text{on the manifold})",
        .from = derived("balance of a product parametrisation"),
        .hypotheses = {"the reduced dynamics of scb.reduce.4d (certified)",
                       "K_P > 0, K_Q > 0, T > 0"},
        .method = "chain rule along the reduced flow, expanded",
        .given = {"|Vbar|_mu^2 = W, |Abar|_mu^2 = n_A - 1/T and C = K_P alphaV on C, by the "
                  "definition of the reduced coordinates"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma("on C", balance_on_C(2)),
                            make_lemma("on the manifold", balance_on_manifold(2))}},
        .twins = {{"factor 1/T in place of 2/T", balance_on_C(1), "on C"}},
        .quantities = {"scb.balance"},
    };
}

claim conserved_claim() {
    return {
        .id = "scb.balance.conserved",
        .statement = "|Vbar|^2 - |Abar|^2 is conserved by the flow, as usually summarised",
        .latex = R"(\tfrac{d}{dt}\big(\|\bar V\|_\mu^2-\|\bar A\|_\mu^2\big)=0)",
        .from = derived("balance of a product parametrisation, without the 1/T drift"),
        .hypotheses = {"the reduced dynamics of scb.reduce.4d (certified)",
                       "K_P > 0, K_Q > 0, T > 0"},
        .method = "the same identity with factor 0",
        .expected = outcome::refuted,
        .shown_by = balance_on_C(0),
        .control = "scb.balance",
        .quantities = {"scb.balance"},
    };
}

} // namespace

std::vector<claim> reduction_claims() {
    return {reduce_claim(), manifold_claim(), balance_claim(), conserved_claim()};
}

} // namespace flowproof::scb
