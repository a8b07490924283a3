#include <stdexcept>

#include "theory/core/worksheet.hpp"
#include "theory/flows/closed_forms.hpp"
#include "theory/scb/claims.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/escape.hpp"
#include "theory/scb/inputs.hpp"
#include "theory/scb/softmax.hpp"

namespace flowproof::scb {

namespace {

/// In quantities of the flow theta is a level of p.
parameter described(const std::string& name) {
    if (name == "theta") return {"theta", "level of p", "1", "0 < theta < 1"};
    return declared(name);
}

/// Parameters and defaults by name; some defaults replaced.
void declare(quantity& q, const std::vector<std::string>& names, const arguments& own) {
    for (const std::string& name : names) {
        q.parameters.push_back(described(name));
        q.defaults.set(name, own.has(name) ? own.scalar(name) : default_of(name));
    }
}

std::string column_shape(std::size_t rows) {
    return rows == 1 ? "1" : std::to_string(rows) + " x 1";
}

quantity of_flow(std::string id, std::string description, std::string latex, flow_request request,
                 const arguments& own = {}) {
    const auto* root = std::get_if<flow_root>(&request);
    const std::size_t rows =
        root != nullptr ? 1 : std::get<flow_value>(request).observed.outputs().size();
    quantity q{.id = std::move(id),
               .description = std::move(description),
               .latex = std::move(latex),
               .parameters = {},
               .shape = column_shape(rows),
               .defaults = {},
               .value = formula{}};
    declare(q, parameters_of(request), own);
    q.value = std::move(request);
    return q;
}

quantity of_formula(std::string id, std::string description, std::string latex, formula value,
                    const arguments& own = {}) {
    quantity q{.id = std::move(id),
               .description = std::move(description),
               .latex = std::move(latex),
               .parameters = {},
               .shape = column_shape(value.value.outputs().size()),
               .defaults = {},
               .value = formula{}};
    declare(q, value.value.variables(), own);
    q.value = std::move(value);
    return q;
}

/// 0 < theta < 1, and one positive symbol.
expr level_of(worksheet& sheet) {
    const expr theta = sheet.symbol("theta");
    sheet.require(theta, relation::positive, "theta > 0");
    sheet.require(1 - theta, relation::positive, "theta < 1");
    return theta;
}
expr positive(worksheet& sheet, const char* name) {
    const expr x = sheet.symbol(name);
    sheet.require(x, relation::positive, std::string(name) + " > 0");
    return x;
}

std::vector<expr> time_of(letters& x) { return {x["t"]}; }

std::vector<quantity> escape_quantities() {
    arguments moved;
    moved.set("alphaV", rational(1, 5));
    const auto sized = [](worksheet& s) {
        const expr KP = positive(s, "KP"), KQ = positive(s, "KQ"), T = positive(s, "T");
        return sizes<expr>{KP, KQ, T};
    };
    worksheet early, two_term, undriven, transfer, jump;
    const auto linear = [&] {
        const auto c = sized(early);
        const auto z = linear_escape(c, linear_gap(c), early.symbol("t"));
        return early.finish({z[0], z[1]}, 2, 1);
    }();
    const auto terms = [&] {
        const auto c = sized(two_term);
        return two_term.finish({two_term_time(escape(c), c.T, level_of(two_term))}, 1, 1);
    }();
    const auto ray_condition = [](worksheet& s, const expr& KP, const expr& KQ, const expr& u,
                                  const expr& v) {
        s.require(sqrt(KP) * u + sqrt(KQ) * v, relation::positive,
                  "sqrt(KP) alphaV + sqrt(KQ) alphaA > 0");
    };
    const auto explicit_form = [&] {
        const expr KP = positive(undriven, "KP"), KQ = positive(undriven, "KQ");
        const expr u = undriven.symbol("alphaV"), v = undriven.symbol("alphaA");
        ray_condition(undriven, KP, KQ, u, v);
        const auto z = flows::unbalanced_product(KP, KQ, u, v, undriven.symbol("t"));
        return undriven.finish({z[0], z[1]}, 2, 1);
    }();
    const auto transfer_form = [&] {
        const expr KP = positive(transfer, "KP"), KQ = positive(transfer, "KQ");
        const expr u = transfer.symbol("alphaV"), v = transfer.symbol("alphaA");
        ray_condition(transfer, KP, KQ, u, v);
        transfer.require(1 - u * v, relation::positive, "alphaV alphaA < 1");
        return transfer.finish({flows::product_time(KP, KQ, u, v, level_of(transfer))}, 1, 1);
    }();
    const auto jump_form = [&] {
        const auto c = sized(jump);
        const auto e = escape(c);
        const expr tau = two_term_half_time(e, c.T, sqrt(c.T.adopt(2)));
        const expr p = 1 / (1 + exp(2 * e.omega * (tau - jump.symbol("t"))));
        const expr u = sqrt(p) / e.root_kappa, v = sqrt(p) * e.root_kappa;
        return jump.finish({u, v, manifold_energy(c, u, v)}, 3, 1);
    }();
    return {
        of_formula(
            "scb.escape.jump",
            "(alphaV, alphaA, E) at time t of the balanced logistic jump that reaches p = "
            "1/2 at the two-term time",
            R"(p=\big(1+e^{-2\omega(t-\tau)}\big)^{-1},\ \alpha_V=\sqrt{p/\kappa},\ \alpha_A=\sqrt{\kappa p})",
            jump_form),
        of_formula("scb.early", "(alphaV, alphaA) of the flow linearised at the start, at time t",
                   R"((\alpha_V^{lin},\alpha_A^{lin})(t))", linear),
        of_formula("scb.noT.explicit",
                   "(alphaV, alphaA) at time t without the 1/T terms, from (alphaV, alphaA)",
                   R"((\alpha_V,\alpha_A)(t)\ \text{as}\ 1/T\to0)", explicit_form, moved),
        of_flow("scb.tau", "first time with p = theta, from (alphaV, alphaA)", R"(\tau_\theta)",
                at_level(time_of)),
        of_formula(
            "scb.tau.two_term", "the same from (0, 0) up to O(log T / T^2)",
            R"(\tau_\theta\approx\tfrac1\omega(\ell+\tfrac12\ln\tfrac\theta{1-\theta})+\dots)",
            terms),
        of_flow("scb.tau.residual", "(tau - two-term formula) T^2, from (0, 0)",
                R"((\tau_\theta-\tau^{(2)}_\theta)T^2)", residual_of_two_terms()),
        of_formula("scb.transfer.time",
                   "first time with p = theta as 1/T -> 0, from (alphaV, alphaA)", R"(\tau_{tr})",
                   transfer_form, moved),
    };
}

std::vector<quantity> flow_quantities() {
    arguments left;
    left.set("alphaV", rational(-1, 10));
    arguments near_saddle;
    near_saddle.set("alphaV", rational(-1, 1000000)).set("t", rational(-30));
    return {
        of_flow("scb.flow", "(alphaV, alphaA, E) at time t of the flow from (alphaV, alphaA)",
                R"((\alpha_V,\alpha_A,\mathcal E)(t))", orbit()),
        of_flow("scb.flow.4d",
                "(alphaV, alphaA, deltaV, deltaA, excess loss) at time t, off the manifold",
                R"((\alpha_V,\alpha_A,\delta_V,\delta_A,L-L^\star)(t))", orbit_4d()),
        of_flow(
            "scb.rate",
            "at the first time t with E = epsilon from (0, 0): omega t / ln(T/epsilon) and "
            "-E'/E over 2 |lambda_slow|",
            R"(\frac{\omega t}{\ln(T/\epsilon)},\ \frac{-\mathcal E'}{2|\lambda_{slow}|\mathcal E})",
            at_excess()),
        of_flow("scb.overshoot",
                "first exit from {alphaV < 1, p < 1}: alphaV - p (> 0: alphaV overshoots, < 0: "
                "alphaA does), time, alphaV, alphaA",
                R"((\alpha_V-p,\,t,\,\alpha_V,\,\alpha_A)_{exit})", at_exit([](letters& x) {
                    return std::vector<expr>{exit_sign(x), x["t"], x["u"], x["v"]};
                })),
        of_flow("scb.overshoot.threshold",
                "K_P beyond which alphaA overshoots and below which alphaV does",
                R"(K_P^\star\approx K_Q+\frac{2\ln2}T)", overshoot_threshold()),
        of_flow("scb.basin.separatrix",
                "where the separatrix crosses alphaA = 0: alphaV, T omega alphaV; to 120 digits at "
                "most, because it starts on the tangent 10^-60 from z*",
                R"((\alpha_V^{sep},\,T\omega\,\alpha_V^{sep}))", separatrix()),
        of_flow(
            "scb.basin.branch",
            "(alphaV, alphaA) at time t < 0 from the point with this alphaV on the separatrix's "
            "tangent at z*: off the separatrix by O(alphaV^2), which the error leaves out",
            R"(W^s(z^\star))", saddle_branch(), near_saddle),
        of_flow(
            "scb.basin.side",
            "side of the separatrix of a start with alphaV < 0: alphaA + 1/(T K_Q) at alphaV = "
            "0 or alphaA = -1, > 0 if it goes to (1, 1); alphaV there",
            R"((\alpha_A+\tfrac1{TK_Q},\,\alpha_V)\ \text{at}\ \alpha_V=0\ \text{or}\ \alpha_A=-1)",
            basin_side(), left),
    };
}

std::vector<quantity> closed_quantities() {
    arguments drifting;
    drifting.set("alphaV", rational(19, 20));
    worksheet clock, path, edges;
    const auto drift_time = [](worksheet& s, const expr& KP, const expr& KQ, const expr& u) {
        s.require(1 - u, relation::nonzero, "alphaV != 1");
        return flows::valley_clock(KP, KQ, u) -
               flows::valley_clock(KP, KQ, expr(1 / sqrt(sqrt(KP / KQ))));
    };
    const expr KP = positive(clock, "KP"), KQ = positive(clock, "KQ");
    const expr u = positive(clock, "alphaV");
    const auto drift_path = [&] {
        const expr P = positive(path, "KP"), Q = positive(path, "KQ"), T = positive(path, "T");
        const sizes<expr> c{P, Q, T};
        const expr at = positive(path, "alphaV");
        const expr start = two_term_half_time(escape(c), T, sqrt(T.adopt(2)));
        return path.finish(
            {start + T * drift_time(path, P, Q, at), at, 1 / at, P * (1 - at) * (1 - at) / (2 * T)},
            4, 1);
    }();
    return {
        of_formula("scb.valley.path",
                   "(t, alphaV, alphaA, E) on the limiting drift along p = 1, started at the "
                   "two-term time",
                   R"(t=\tau+T\,(G(\alpha_V)-G(\kappa^{-1/2})),\ \alpha_A=1/\alpha_V)", drift_path,
                   drifting),
        of_formula("scb.valley.clock",
                   "time along the valley from the landing to alphaV, in units of T as T -> "
                   "infinity",
                   R"(s=G(\alpha_V)-G(\kappa^{-1/2}))",
                   clock.finish({drift_time(clock, KP, KQ, u)}, 1, 1), drifting),
        of_formula("scb.overshoot.edges",
                   "edges, at alphaV, of {p <= 1} and of what a figure shows: (1/alphaV, alphaA)",
                   R"((1/\alpha_V,\ \alpha_A))",
                   edges.finish({1 / positive(edges, "alphaV"), edges.symbol("alphaA")}, 2, 1),
                   drifting),
        of_scalars("scb.finish", "rate of V towards P once A = Q, |Q|_mu^2",
                   R"(\|Q\|_\mu^2=K_Q+\tfrac1T)", {"KQ", "T"},
                   [](const auto& x) { return std::vector<expr>{x[0] + 1 / x[1]}; }),
    };
}

quantity softmax_quantity() {
    arguments own;
    own.set("KP", rational(147, 400)).set("T", rational(16));
    quantity q{.id = "scb.softmax",
               .description = "(alphaA, alphaV, n E) after n steps with A = softmax(Z)",
               .latex = R"((\alpha_A,\alpha_V,n\,\mathcal E)_n)",
               .parameters = {},
               .shape = "3 x 1",
               .defaults = {},
               .value = softmax_orbit(),
               .check = check_softmax};
    declare(q, {"KP", "T", "Qs", "eta", "n"}, own);
    return q;
}

} // namespace

std::vector<quantity> dynamics_quantities() {
    std::vector<quantity> all = escape_quantities();
    for (auto&& part : {flow_quantities(), closed_quantities()})
        all.insert(all.end(), part.begin(), part.end());
    all.push_back(softmax_quantity());
    return all;
}

} // namespace flowproof::scb
