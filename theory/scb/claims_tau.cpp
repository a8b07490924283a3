#include "theory/scb/claims.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/escape.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

/// The three listed pairs (K_P, K_Q).
const std::vector<std::pair<rational, rational>>& signals() {
    static const std::vector<std::pair<rational, rational>> all = {
        {{1, 2}, {1, 3}}, {{1, 10}, {1, 2}}, {{3, 5}, {1, 5}}};
    return all;
}

arguments level_at(const std::pair<rational, rational>& signal, std::int64_t decade,
                   const rational& theta = {1, 2}) {
    return instance_at({signal.first, signal.second, power(rational(10), decade)})
        .set("theta", theta);
}

using slip = void (*)(escape_constants<expr>&, const sizes<expr>&);

/// t, (t - two terms) T^2 and (t - two terms) T^2 / ln T at the first time with p = theta.
flow_value beside_two_terms(slip change) {
    return at_level(
        [=](letters& x) {
            const auto c = x.instance();
            escape_constants<expr> e = escape(c);
            if (change != nullptr) change(e, c);
            const expr rest = (x["t"] - two_term_time(e, c.T, x["theta"])) * c.T * c.T;
            return std::vector<expr>{x["t"], rest, rest / log(c.T)};
        },
        from(rational(0), rational(0)));
}

flow_table two_term_table(slip change = nullptr) {
    flow_table table{beside_two_terms(change), {}, true};
    for (const auto& signal : signals())
        for (std::int64_t decade = 2; decade <= 8; ++decade)
            table.rows.push_back({"(tau - two terms) T^2 / ln T", level_at(signal, decade), 2,
                                  between(rational(10), rational(35))});
    const std::vector<std::vector<std::string>> residuals = {{"74.7065", "149.609", "199.516"},
                                                             {"198.912", "414.370", "557.961"},
                                                             {"160.491", "325.321", "435.110"}};
    const std::vector<std::int64_t> decades = {3, 6, 8};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            table.rows.push_back({"(tau - two terms) T^2", level_at(signals()[i], decades[j]), 1,
                                  within_last_digit(residuals[i][j])});
    for (const rational& theta : {rational(1, 10), rational(9, 10)})
        for (const std::int64_t decade : {3, 6})
            table.rows.push_back({"(tau_theta - two terms) T^2 / ln T",
                                  level_at(signals()[2], decade, theta), 2,
                                  between(rational(10), rational(35))});
    return table;
}

claim tau_claim() {
    const auto wrong = [](slip change) { return first_rows(two_term_table(change), 3); };
    return {
        .id = "scb.tau",
        .statement = "escape time: two explicit terms, leading constant 1/omega, and an error of "
                     "order log T / T^2",
        .latex =
            R"(\tau_{1/2}=\frac\ell\omega+\frac1{4\omega^2T}\Big[2\ell-(K_P/K_Q)^{1/4}\big(3\ln(1+\sqrt2)-\sqrt2\big)\Big]+O\!\Big(\frac{\log T}{T^2}\Big),\quad \ell=\ln\!\big(2TK_P^{1/4}K_Q^{3/4}\big))",
        .from = derived("matched expansions of the escape and the jump"),
        .hypotheses = {"start at (0, 0)",
                       "(K_P, K_Q) = (1/2, 1/3), (1/10, 1/2), (3/5, 1/5); T = 10^2, ..., 10^8; "
                       "theta = 1/2, and 1/10, 9/10 at the last pair"},
        .method = "the flow enclosed up to p = theta; what the two terms leave over, times "
                  "T^2 / ln T, stays between 10 and 35 over six decades",
        .expected = outcome::certified,
        .shown_by = two_term_table(),
        .twins = {{"leading constant 1/(2 omega)",
                   wrong([](auto& e, const auto&) { e.lead = e.lead / 2; })},
                  {"K_P^{3/4} K_Q^{1/4} in the logarithm", wrong([](auto& e, const auto& c) {
                       e.l = log(2 * c.T * e.omega * e.root_kappa);
                   })},
                  {"(K_P/K_Q)^{1/2} for (K_P/K_Q)^{1/4}", wrong([](auto& e, const auto&) {
                       e.root_kappa = e.root_kappa * e.root_kappa;
                   })}},
        .quantities = {"scb.tau", "scb.tau.two_term", "scb.omega"},
    };
}

/// The drift of alphaV: (1 - alphaV)/T, or 1/T alone.
flow_table hitting_table(bool full_drift = true) {
    flow_value request = at_level([](letters& x) { return std::vector<expr>{x["t"]}; },
                                  from(rational(0), rational(0)));
    if (!full_drift)
        request.velocity = written([](letters& x) {
            const auto velocity = manifold_flow(x);
            return std::vector<expr>{velocity[0] + x["u"] / x["T"], velocity[1]};
        });
    flow_table table{request, {}, true};
    const std::vector<std::vector<std::string>> printed = {
        {"10.6489965087958211792961071049", "16.193432735749358736256060928",
         "21.818216003194315294383162223", "27.4562217288698980904530398776",
         "33.0961029282313255621969634576", "38.7362275427283731198602912313",
         "44.376382092950092111250008148"},
        {"19.187403413256411764241201201", "29.1541548901693434130091063574",
         "39.398887490716178567421943857", "49.6890315966698037310668553878",
         "59.9855652335469221454891908471", "70.2829241023858284468767126343",
         "80.5803841424215299599777675222"},
        {"11.5836249725454697847771821292", "18.1116206007883649395711487648",
         "24.7389493170862174947224427572", "31.383123979548251249508780329",
         "38.0297468396705774716482853369", "44.6766920480634968663898045954",
         "51.3236772601863650189345169054"}};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 7; ++j) {
            const auto decade = static_cast<std::int64_t>(j) + 2;
            table.rows.push_back({"tau_1/2 at T = 10^" + std::to_string(decade),
                                  level_at(signals()[i], decade), 0,
                                  within_last_digit(printed[i][j])});
        }
    table.rows.push_back({"tau_1/10", level_at(signals()[2], 6, {1, 10}), 0,
                          within_last_digit("34.85833696344122164000159")});
    table.rows.push_back({"tau_9/10", level_at(signals()[2], 6, {9, 10}), 0,
                          within_last_digit("41.20115677064278576888064")});
    return table;
}

claim tau_table_claim() {
    return {
        .id = "scb.tau.table",
        .statement = "escape times for three pairs (K_P, K_Q) and T = 10^2, ..., 10^8, to 30 "
                     "digits",
        .latex = R"(\tau_{1/2}\ \text{at}\ T=10^2,\ldots,10^8;\quad \tau_{1/10},\tau_{9/10})",
        .from = derived("the flow on the manifold from the origin"),
        .method = "Taylor integration to the level p = theta, every crossing enclosed",
        .expected = outcome::certified,
        .shown_by = hitting_table(),
        .twins = {{"drift 1/T for (1 - alphaV)/T", first_rows(hitting_table(false), 3)}},
        .quantities = {"scb.tau"},
    };
}

/// At theta = 1/2, x = sqrt(theta): the pieces of F(x) and of the level's other terms, with
/// g = ln(1 + sqrt 2).
identity half_level(int power_of_root = 2) {
    worksheet sheet;
    const expr g = sheet.symbol("g");
    const expr theta = g.adopt({1, 2}), x = sqrt(theta), r = sqrt(g.adopt(2));
    sheet.equate((1 + x) / (1 - x), power(1 + r, power_of_root));
    sheet.equate(2 * (x / (2 * (1 - theta)) - 1 / x + rational(3, 4) * (2 * g)), 3 * g - r);
    sheet.equate(theta / (1 - theta), expr(1));
    sheet.equate(1 / (1 - theta) - 1, expr(1));
    return sheet.finish();
}

claim two_term_claim() {
    return {
        .id = "scb.tau.two_term",
        .statement =
            "the two-term time at theta = 1/2 is the general one with F = 3 ln(1 + sqrt 2) "
            "- sqrt 2",
        .latex =
            R"(F(x)=2\Big[-\tfrac1x+\tfrac x{2(1-x^2)}+\tfrac34\ln\tfrac{1+x}{1-x}\Big],\quad F\big(\tfrac1{\sqrt2}\big)=3\ln(1+\sqrt2)-\sqrt2)",
        .from = derived("matched expansions of the escape and the jump"),
        .method = "expanded in Q(sqrt 2), with g for ln(1 + sqrt 2)",
        .given = {"ln((1 + x)/(1 - x)) = 2 ln(1 + sqrt 2), because the arguments are equal"},
        .expected = outcome::proved,
        .shown_by = half_level(),
        .twins = {{"ln((1 + x)/(1 - x)) = ln(1 + sqrt 2)", half_level(1)}},
        .quantities = {"scb.tau.two_term"},
    };
}

arguments excess_at(const sizes<rational>& c, const rational& epsilon) {
    return instance_at(c).set("epsilon", epsilon);
}

const sizes<rational>& thousand() {
    static const sizes<rational> c{{1, 2}, {1, 3}, 1000};
    return c;
}

flow_table rate_table(const rational& factor = 1) {
    flow_table table{at_excess(), {}, true};
    for (const rational& epsilon : {rational(1, 20), rational(1, 100), rational(1, 1000)})
        table.rows.push_back({"omega t / (ln T + ln(1/epsilon))", excess_at(thousand(), epsilon), 0,
                              at_most(rational(2))});
    for (const std::int64_t T : {10'000, 100'000, 1'000'000})
        table.rows.push_back({"omega t / (ln T + ln(1/epsilon)) at epsilon = 1/T",
                              excess_at({{1, 2}, {1, 3}, T}, rational(1, T)), 0,
                              at_most(rational(2))});
    for (const std::int64_t digits : {8, 9, 10})
        table.rows.push_back({"-E'/E over 2 |lambda_slow|",
                              excess_at(thousand(), power(rational(10), -digits)), 1,
                              between(factor * rational(97, 100), factor * rational(103, 100))});
    return table;
}

claim rate_claim() {
    return {
        .id = "scb.rate",
        .statement = "excess 1/T is reached in time of order log T; below it the excess decays at "
                     "the rate 2 |lambda_slow| of order 1/T",
        .latex =
            R"(t_\epsilon\le\tfrac2\omega\ln\tfrac T\epsilon\ (\epsilon\ge\tfrac1T),\qquad -\tfrac{\mathcal E'}{\mathcal E}\approx2|\lambda_{slow}|\approx\tfrac{2K_P}{T(K_P+K_Q)}\ (\epsilon\ll\tfrac1T))",
        .from = derived("escape, landing and valley"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3; T = 10^3, and 10^4, 10^5, 10^6 at epsilon = 1/T",
                       "start at (0, 0)"},
        .method = "the flow enclosed up to E = epsilon, there the rate from E' = -K_P alphaV'^2 - "
                  "K_Q alphaA'^2",
        .expected = outcome::certified,
        .shown_by = rate_table(),
        .twins = {{"rate |lambda_slow|", rate_table({1, 2})}},
        .quantities = {"scb.rate", "scb.equilibria.lambda"},
    };
}

claim logarithmic_claim() {
    flow_table table{at_excess(), {}, true};
    for (const std::int64_t digits : {2, 8, 10})
        table.rows.push_back({"omega t / (ln T + ln(1/epsilon))",
                              excess_at(thousand(), power(rational(10), -digits)), 0,
                              at_most(rational(10))});
    return {
        .id = "scb.rate.logarithmic",
        .statement =
            "excess epsilon is reached within (10/omega) log(T/epsilon) for every epsilon, "
            "a constant free of T as in the usual O(log(T/epsilon))",
        .latex =
            R"(t_\epsilon\le\tfrac{10}\omega\ln\tfrac T\epsilon\quad\text{for all }\epsilon>0)",
        .from = derived("the usual summary of the two stages, without thresholding"),
        .hypotheses = {"K_P = 1/2, K_Q = 1/3, T = 1000", "start at (0, 0)"},
        .method = "the flow enclosed up to E = epsilon; below 1/T the valley costs time of order T",
        .expected = outcome::refuted,
        .shown_by = table,
        .control = "scb.rate",
        .quantities = {"scb.rate"},
    };
}

} // namespace

std::vector<claim> tau_claims() {
    return {tau_claim(), tau_table_claim(), two_term_claim(), rate_claim(), logarithmic_claim()};
}

} // namespace flowproof::scb
