#include "theory/scb/claims.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

/// p' on p = 1 and alphaV' on alphaV = 1: the walls of R_1 = {alphaV >= 1, p <= 1} and R_2 = {0 <
/// alphaV <= 1, p >= 1}.
identity walls(bool over_T = true) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    sheet.require(u, relation::nonzero, "alphaV != 0");
    const expr on_valley = 1 / u; // alphaA where p = 1
    const auto valley = manifold_velocity(c, u, on_valley);
    sheet.equate(valley[0] * on_valley + u * valley[1],
                 on_valley * (1 - u) / (over_T ? c.T : expr(1)));
    sheet.equate(manifold_velocity(c, expr(1), v)[0], c.KQ * v * (1 - v));
    return sheet.finish();
}

/// alphaV'' = d(alphaV')/d(alphaA) alphaA' where alphaV' = 0 (there d(alphaV')/d(alphaV) does not
/// count), with d(alphaV')/d(alphaA) = K_Q (1 - 2p).
identity turning_point(int factor = 2) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    const auto velocity = manifold_velocity(c, u, v);
    const expr p = u * v;
    sheet.equate(sheet.derivative(velocity[0], "alphaA") * velocity[1],
                 c.KQ * c.KP * u * (1 - factor * p) * (1 - p));
    return sheet.finish();
}

/// Delta = K_P alphaV^2 - K_Q alphaA^2 grows at the rate 2 K_P alphaV (1 - alphaV) / T; it is 0 at
/// the start and K_P - K_Q at (1, 1).
identity balance_to_the_end() {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const expr u = sheet.symbol("alphaV"), v = sheet.symbol("alphaA");
    const auto velocity = manifold_velocity(c, u, v);
    const auto balance = [&](const expr& a, const expr& b) { return c.KP * a * a - c.KQ * b * b; };
    const expr delta = balance(u, v);
    sheet.equate(sheet.derivative(delta, "alphaV") * velocity[0] +
                     sheet.derivative(delta, "alphaA") * velocity[1],
                 2 * c.KP * u * (1 - u) / c.T);
    sheet.equate(balance(expr(0), expr(0)), expr(0));
    sheet.equate(balance(expr(1), expr(1)), c.KP - c.KQ);
    return sheet.finish();
}

flow_value exit_value() {
    return at_exit([](letters& x) { return std::vector<expr>{exit_sign(x)}; },
                   from(rational(0), rational(0)));
}

bounds of_type(char type) { return type == 'a' ? at_least(rational(0)) : at_most(rational(0)); }

/// Type (a) at K_P <= K_Q + 11/(10T), type (b) from K_Q + 3/(2T) on.
flow_table types_on_a_grid(const rational& low = {11, 10}, const rational& high = {3, 2}) {
    flow_table table{exit_value(), {}, true};
    for (const rational& KQ : {rational(1, 5), rational(1, 2), rational(1)})
        for (const std::int64_t T : {10, 100, 1000}) {
            const auto add = [&](const rational& KP, char type) {
                table.rows.push_back(
                    {std::string("alphaV - p at the first exit, type (") + type + ")",
                     instance_at({KP, KQ, T}), 0, of_type(type)});
            };
            add(KQ / rational(2), 'a');
            add(KQ, 'a');
            add(KQ + low / rational(T), 'a');
            add(KQ + high / rational(T), 'b');
            add(2 * KQ + high / rational(T), 'b');
        }
    return table;
}

claim overshoot_claim() {
    const std::string corners = "walls of both regions", turning = "turning points of alphaV";
    return {
        .id = "scb.overshoot",
        .statement = "from (0, 0) at most one coordinate overshoots 1, and alphaV does for every "
                     "K_P <= K_Q",
        .latex =
            R"(\text{(a) }\alpha_V>1,\,p<1,\,\alpha_A\uparrow1;\qquad\text{(b) }\alpha_A>1,\,p>1,\,\alpha_A\downarrow1,\,\alpha_V\uparrow1;\qquad K_P\le K_Q\Rightarrow\text{(a)})",
        .from = derived("first exit from alphaV < 1, p < 1"),
        .hypotheses = {"K_P > 0, K_Q > 0, T > 0", "start at (0, 0)",
                       "which K_P > K_Q overshoot how: scb.ext.threshold"},
        .method = "velocities on the walls and at turning points, and the balance, expanded for "
                  "all states",
        .given =
            {"R_1 = {alphaV >= 1, p <= 1}: on p = 1, p' <= 0; on alphaV = 1, 0 <= alphaA <= 1, "
             "alphaV' >= 0; so R_1 is forward invariant, and there alphaA' > 0 while p < 1",
             "R_2 = {0 < alphaV <= 1, p >= 1}: on p = 1, p' >= 0; on alphaV = 1, alphaA >= 1, "
             "alphaV' <= 0; so R_2 is forward invariant, and there alphaA' < 0 while p > 1",
             "in R_2 at a zero of alphaV' alphaV'' = (d alphaV'/d alphaA) alphaA' > 0, and "
             "alphaV' > 0 on entry; so alphaV' has no zero while p > 1",
             "K_P <= K_Q: without crossing alphaV = 1 the balance would increase strictly from 0 "
             "to its value K_P - K_Q <= 0 at (1, 1)",
             "convergence to (1, 1): scb.global; the remaining case (c), in which neither "
             "overshoots, is the direct approach along the fast eigenvector"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma(corners, walls()), make_lemma(turning, turning_point()),
                            make_lemma("balance from start to end", balance_to_the_end())}},
        .twins = {{"p' on p = 1 without 1/T", walls(false), corners},
                  {"1 - p for 1 - 2p in alphaV''", turning_point(1), turning}},
        .quantities = {"scb.overshoot", "scb.flow"},
    };
}

claim types_claim() {
    return {
        .id = "scb.overshoot.types",
        .statement = "alphaV overshoots at listed K_P up to K_Q + 11/(10 T), alphaA at listed K_P "
                     "from K_Q + 3/(2 T) on",
        .latex =
            R"(K_P=\tfrac{K_Q}2,\ K_Q,\ K_Q+\tfrac{11}{10T}:\ \text{(a)};\qquad K_P=K_Q+\tfrac3{2T},\ 2K_Q+\tfrac3{2T}:\ \text{(b)})",
        .from = derived("first exit from alphaV < 1, p < 1"),
        .hypotheses = {"start at (0, 0)", "K_Q = 1/5, 1/2, 1; T = 10, 100, 1000"},
        .method = "the first exit and alphaV - p there enclosed",
        .expected = outcome::certified,
        .shown_by = types_on_a_grid(),
        .twins = {{"threshold K_Q + ln 2/T", first_rows(types_on_a_grid({1, 2}, {9, 10}), 5)}},
        .quantities = {"scb.overshoot", "scb.flow"},
    };
}

struct threshold {
    std::int64_t T;
    const char* KP;
};
/// K_Q = 1/2.
const std::vector<threshold>& thresholds() {
    static const std::vector<threshold> all = {{10, "0.62688039847"},
                                               {100, "0.51369021718"},
                                               {1000, "0.50138442772"},
                                               {10'000, "0.50013861054"}};
    return all;
}

/// One unit of the last digit below each printed threshold a run is of type (a), above of type (b).
flow_table bracketed(const rational& shift = 0) {
    flow_table table{exit_value(), {}, true};
    for (const auto& [T, printed] : thresholds()) {
        const bounds digits = within_last_digit(printed);
        const auto add = [&, length = T](const rational& KP, char type) {
            table.rows.push_back({std::string("alphaV - p at the first exit, type (") + type + ")",
                                  instance_at({KP + shift, {1, 2}, length}), 0, of_type(type)});
        };
        add(*digits.lower, 'a');
        add(*digits.upper, 'b');
    }
    return table;
}

ball_closure threshold_excess(int copies) {
    return [copies](const arguments& at, std::int64_t bits) {
        const ball T(at.scalar("T"), bits);
        matrix<ball> result(1, 1);
        result(0, 0) = T * ((ball(at.scalar("KP"), bits) - ball(at.scalar("KQ"), bits)) * T -
                            copies * log(ball(rational(2), bits)));
        return result;
    };
}

/// [(K_P* - K_Q) T - 2 ln 2] T at both ends of each bracket.
enclosure second_order(int copies = 2) {
    enclosure table{{}, threshold_excess(copies), {}};
    for (const auto& [T, printed] : thresholds()) {
        const bounds digits = within_last_digit(printed);
        for (const rational& KP : {*digits.lower, *digits.upper})
            table.rows.push_back({"[(K_P* - K_Q) T - 2 ln 2] T", instance_at({KP, {1, 2}, T}), 0,
                                  between(rational(-2), rational(-1))});
    }
    return table;
}

claim threshold_claim() {
    const std::string flows = "brackets", limit = "distance from 2 ln 2";
    return {
        .id = "scb.overshoot.threshold",
        .statement = "the threshold between the two overshoots is K_Q + 2 ln 2 / T to leading "
                     "order",
        .latex =
            R"(K_P^\star=K_Q+\frac{2\ln2}T+O(T^{-2}):\quad K_Q=\tfrac12,\ K_P^\star=0.62688039847,\ 0.51369021718,\ 0.50138442772,\ 0.50013861054\ (T=10,\ldots,10^4))",
        .from = derived("first exit from alphaV < 1, p < 1"),
        .hypotheses = {"K_Q = 1/2; T = 10, 10^2, 10^3, 10^4", "start at (0, 0)",
                       "that each bracket holds the only change of type: scb.ext.threshold"},
        .method = "types of the first exit, enclosed, at both ends of brackets of 2 units of the "
                  "11th decimal; [(K_P* - K_Q) T - 2 ln 2] T enclosed at the ends",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(flows, bracketed()), make_lemma(limit, second_order())}},
        .twins = {{"brackets moved by 10^-9", first_rows(bracketed({1, 1'000'000'000}), 2), flows},
                  {"ln 2 for 2 ln 2", second_order(1), limit}},
        .quantities = {"scb.overshoot.threshold", "scb.overshoot"},
    };
}

claim monotone_claim() {
    flow_table table{orbit(from(rational(0), rational(0))), {}, true};
    const auto add = [&](const char* name, const sizes<rational>& c, std::int64_t t,
                         Eigen::Index entry) {
        table.rows.push_back(
            {name, instance_at(c).set("t", rational(t)), entry, at_most(rational(1))});
    };
    add("alphaA", {{1, 2}, {1, 3}, 100}, 20, 1);
    add("alphaV", {{1, 10}, {1, 2}, 1000}, 60, 0);
    return {
        .id = "scb.overshoot.monotone",
        .statement = "both coordinates increase to 1 for all parameters, as usually summarised",
        .latex = R"(\alpha_V(t)\uparrow1,\quad\alpha_A(t)\uparrow1)",
        .from = derived("the usual picture of two signals that are learned"),
        .hypotheses = {"start at (0, 0)", "(K_P, K_Q, T) = (1/2, 1/3, 100), (1/10, 1/2, 1000)"},
        .method = "the flow enclosed at t = 20 and 60, where one coordinate exceeds 1",
        .expected = outcome::refuted,
        .shown_by = table,
        .control = "scb.overshoot",
        .quantities = {"scb.flow"},
    };
}

} // namespace

std::vector<claim> overshoot_claims() {
    return {overshoot_claim(), types_claim(), threshold_claim(), monotone_claim()};
}

} // namespace flowproof::scb
