#include "theory/flows/claims.hpp"
#include "theory/flows/closed_forms.hpp"
#include "theory/flows/statements.hpp"

namespace flowproof::flows {

namespace {

enum class balanced_slip { none, factor_two, reversed };

identity balanced_solves(balanced_slip slip = balanced_slip::none) {
    worksheet sheet;
    const expr KP = positive(sheet, "KP"), KQ = positive(sheet, "KQ");
    const expr u0 = sheet.symbol("u0"), t = sheet.symbol("t");
    const expr omega = product_omega(KP, KQ), kappa = omega / KQ, p0 = kappa * u0 * u0;
    expr rate = 2 * omega;
    if (slip == balanced_slip::factor_two) rate = omega;
    if (slip == balanced_slip::reversed) rate = -rate;
    sheet.require(logistic_denominator(rate, p0, t), relation::positive,
                  "p0 + (1 - p0) exp(-2 omega t) > 0");
    const auto [u, v] = balanced_product(KP, KQ, rate, u0, t);
    equate_flow<2>(sheet, {u, v}, product_velocity(KP, KQ, u, v), {u0, kappa * u0});
    sheet.equate(product_balance(KP, KQ, u, v), expr(0));
    sheet.equate(u * v, logistic(expr(2 * omega), p0, t));
    return sheet.finish();
}

claim balanced_claim() {
    return {
        .id = "flows.product.balanced",
        .statement = "two factors, balanced: the product is logistic with rate 2 sqrt(K_P K_Q)",
        .latex =
            R"(u=u_0\big[p_0+(1-p_0)e^{-2\omega t}\big]^{-1/2},\ v=\kappa u,\ \omega=\sqrt{K_PK_Q},\ \kappa=\tfrac\omega{K_Q},\ p_0=\kappa u_0^2\quad\Rightarrow\quad u'=K_Qv(1-uv),\ v'=K_Pu(1-uv),\ uv=\frac{p_0}{p_0+(1-p_0)e^{-2\omega t}})",
        .from = derived("3. Two factors, balanced"),
        .hypotheses = {"K_P > 0, K_Q > 0, v0 = kappa u0",
                       "p0 + (1 - p0) exp(-2 omega t) > 0: every t >= 0"},
        .method = "differentiated in t on the tape, compared with the velocity, and taken at "
                  "t = 0; balance and product beside it; expanded with roots and exponential as "
                  "atoms",
        .expected = outcome::proved,
        .shown_by = balanced_solves(),
        .twins = {{"factor 2 missing in the exponent", balanced_solves(balanced_slip::factor_two)},
                  {"e^(+2 omega t)", balanced_solves(balanced_slip::reversed)}},
        .quantities = {"flows.product.balanced", "flows.logistic"},
    };
}

/// c' = 0 along the flow; p' = S (1 - p) and S^2 = 4 omega^2 p^2 + c^2 with S = KP u^2 + KQ v^2.
identity conservation(int sign = -1, int weight = 4) {
    worksheet sheet;
    const expr KP = positive(sheet, "KP"), KQ = positive(sheet, "KQ");
    const expr u = sheet.symbol("u"), v = sheet.symbol("v"), p = u * v;
    const auto velocity = product_velocity(KP, KQ, u, v);
    const expr c = sign < 0 ? product_balance(KP, KQ, u, v) : KP * u * u + KQ * v * v;
    const auto along = [&](const expr& f) {
        return sheet.derivative(f, "u") * velocity[0] + sheet.derivative(f, "v") * velocity[1];
    };
    const expr S = KP * u * u + KQ * v * v;
    sheet.equate(along(c), expr(0));
    sheet.equate(along(p), S * (1 - p));
    sheet.equate(S * S, weight * KP * KQ * p * p + c * c);
    return sheet.finish();
}

claim conserved_claim() {
    return {
        .id = "flows.product.conserved",
        .statement = "two factors: K_P u^2 - K_Q v^2 is conserved, and p = u v obeys one equation",
        .latex = R"(c=K_Pu^2-K_Qv^2,\ p=uv:\qquad c'=0,\quad p'=(1-p)\sqrt{4\omega^2p^2+c^2})",
        .from = derived("4. Two factors, unbalanced"),
        .hypotheses = {"K_P > 0, K_Q > 0; u and v of any sign"},
        .method = "gradients of c and p recorded on the tape, times the velocity; expanded",
        .given = {"S = K_P u^2 + K_Q v^2 >= 0 and S^2 = 4 omega^2 p^2 + c^2, so S is the root"},
        .expected = outcome::proved,
        .shown_by = conservation(),
        .twins = {{"K_P u^2 + K_Q v^2 as the balance", conservation(+1)},
                  {"omega^2 p^2 under the root", conservation(-1, 1)}},
        .quantities = {"flows.product.unbalanced"},
    };
}

/// R with c^2 / 4 in place of c^2.
expr slipped_rate(const expr& KP, const expr& KQ, const expr& c) {
    return sqrt(4 * KP * KQ + c * c / 4);
}

identity unbalanced_solves(bool slip = false) {
    worksheet sheet;
    const expr KP = positive(sheet, "KP"), KQ = positive(sheet, "KQ");
    const expr u0 = sheet.symbol("u0"), v0 = sheet.symbol("v0"), t = sheet.symbol("t");
    require_existence(sheet, KP, KQ, u0, v0, t);
    const expr c = product_balance(KP, KQ, u0, v0);
    const expr R = slip ? slipped_rate(KP, KQ, c) : landing_rate(KP, KQ, c);
    const auto [u, v] = unbalanced_product(KP, KQ, R, u0, v0, t);
    equate_flow<2>(sheet, {u, v}, product_velocity(KP, KQ, u, v), {u0, v0});
    return sheet.finish();
}

/// z' = -(z - high)(z - low)/2 and, with |c| = m of either sign of c, y = z/m and y+- = (2 omega +-
/// R)/m: (y - y-)/(y+ - y) grows by e^(R t), and p = m (y - 1/y)/(4 omega).
identity ray_coordinate(bool slip = false) {
    worksheet sheet;
    const expr KP = positive(sheet, "KP"), KQ = positive(sheet, "KQ");
    const expr m = positive(sheet, "m"), z0 = positive(sheet, "z0"), t = positive(sheet, "t");
    const expr omega = product_omega(KP, KQ);
    const expr R = slip ? slipped_rate(KP, KQ, m) : landing_rate(KP, KQ, m);
    const product_ray<expr> ray(omega, m, R);
    const expr z = z0 * ray.growth(z0, t);
    equate_flow<1>(sheet, {z}, {(m * m - z * z) / 2 + 2 * omega * z}, {z0});
    const expr y = z / m, y0 = z0 / m;
    const expr above = (2 * omega + R) / m, below = (2 * omega - R) / m;
    sheet.equate((y - below) / (above - y), (y0 - below) / (above - y0) * exp(R * t));
    return sheet.finish();
}

/// In u and v: z = S + 2 omega p, and p = (z - c^2/z)/(4 omega).
identity ray_of_state(int weight = 4) {
    worksheet sheet;
    const expr KP = positive(sheet, "KP"), KQ = positive(sheet, "KQ");
    const expr u = sheet.symbol("u"), v = sheet.symbol("v"), p = u * v;
    const expr omega = product_omega(KP, KQ), c = product_balance(KP, KQ, u, v);
    const expr z = product_z(KP, KQ, u, v);
    sheet.equate(z, KP * u * u + KQ * v * v + 2 * omega * p);
    sheet.equate(p, (z - c * c / z) / (weight * omega));
    return sheet.finish();
}

/// At c = 0 the unbalanced form is the balanced one.
identity balanced_limit(int sign = +1) {
    worksheet sheet;
    const expr KP = positive(sheet, "KP"), KQ = positive(sheet, "KQ");
    const expr u0 = positive(sheet, "u0"), t = positive(sheet, "t");
    const expr kappa = product_omega(KP, KQ) / KQ;
    const auto [u, v] = unbalanced_product(KP, KQ, u0, expr(kappa * u0), t);
    const auto [bu, bv] = balanced_product(KP, KQ, expr(2 * sign * product_omega(KP, KQ)), u0, t);
    sheet.equate(u, bu);
    sheet.equate(v, bv);
    return sheet.finish();
}

claim unbalanced_claim() {
    return {
        .id = "flows.product.unbalanced",
        .statement = "two factors, any start off the stable ray of the origin: explicit solution",
        .latex =
            R"(\frac{y(t)-y_-}{y_+-y(t)}=\frac{y(0)-y_-}{y_+-y(0)}e^{Rt},\quad y=\frac{2\omega p+\sqrt{4\omega^2p^2+c^2}}{|c|},\ y_\pm=\frac{2\omega\pm R}{|c|},\ R=\sqrt{4\omega^2+c^2};\qquad u+\tfrac v\kappa=(u_0+\tfrac{v_0}\kappa)g,\ u-\tfrac v\kappa=(u_0-\tfrac{v_0}\kappa)/g,\ g^2=\frac{y(t)}{y(0)})",
        .from = derived("4. Two factors, unbalanced"),
        .hypotheses = {"K_P > 0, K_Q > 0, sqrt(K_P) u0 + sqrt(K_Q) v0 != 0; c of either sign or 0",
                       "t >= 0, or as long as the flow exists"},
        .method = "u and v differentiated in t on the tape, compared with the velocity, and taken "
                  "at t = 0; the form in y, the coordinate z = |c| y of a state and the balanced "
                  "form at c = 0 as lemmas; expanded with roots and exponential as atoms",
        .given = {"c^2 = m^2 for c = m and for c = -m, so the form in y holds for both signs"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma("the closed form solves the flow", unbalanced_solves()),
                            make_lemma("the coordinate y", ray_coordinate()),
                            make_lemma("z = |c| y of a state", ray_of_state()),
                            make_lemma("c = 0", balanced_limit())}},
        .twins = {{"R = sqrt(4 omega^2 + c^2/4)", unbalanced_solves(true),
                   "the closed form solves the flow"},
                  {"R = sqrt(4 omega^2 + c^2/4) in y", ray_coordinate(true), "the coordinate y"},
                  {"p = (z - c^2/z)/(2 omega)", ray_of_state(2), "z = |c| y of a state"},
                  {"the balanced form run backwards", balanced_limit(-1), "c = 0"}},
        .quantities = {"flows.product.unbalanced", "flows.product.ray"},
    };
}

/// At the landing point p = 1, KP u^2 + KQ v^2 = R, the balance is c; p' has slope -R in p.
identity landing(bool slip = false) {
    worksheet sheet;
    const expr KP = positive(sheet, "KP"), KQ = positive(sheet, "KQ"), c = sheet.symbol("c");
    const expr p = sheet.symbol("p");
    const expr R = slip ? slipped_rate(KP, KQ, c) : landing_rate(KP, KQ, c);
    const auto [u, v] = landing_point(KP, KQ, c);
    sheet.equate(u * u * v * v, expr(1));
    sheet.equate(KP * u * u + KQ * v * v, R);
    sheet.equate(product_balance(KP, KQ, u, v), c);
    const expr speed = (1 - p) * sqrt(4 * KP * KQ * p * p + c * c);
    sheet.equate(sheet.substitute(sheet.derivative(speed, "p"), "p", expr(1)), -R);
    return sheet.finish();
}

claim landing_claim() {
    return {
        .id = "flows.product.landing",
        .statement = "where the flow of two factors lands on u v = 1, and at which rate",
        .latex =
            R"(u^2=\frac{R+c}{2K_P},\ v^2=\frac{R-c}{2K_Q},\ R=\sqrt{4\omega^2+c^2}:\quad u^2v^2=1,\ K_Pu^2+K_Qv^2=R,\ \frac{d}{dp}\Big|_{p=1}(1-p)\sqrt{4\omega^2p^2+c^2}=-R)",
        .from = derived("4. Two factors, unbalanced"),
        .hypotheses = {"K_P > 0, K_Q > 0"},
        .method = "expanded with the roots as atoms; the slope differentiated on the tape",
        .given = {"R > |c|, so both roots exist and u v = +1 where u and v have one sign"},
        .expected = outcome::proved,
        .shown_by = landing(),
        .twins = {{"R = sqrt(4 omega^2 + c^2/4)", landing(true)}},
        .quantities = {"flows.product.landing"},
    };
}

/// The flow is at u v = p at the time that product_time names.
identity arrives(int share = 1) {
    worksheet sheet;
    const expr KP = positive(sheet, "KP"), KQ = positive(sheet, "KQ");
    const expr u0 = positive(sheet, "u0"), v0 = sheet.symbol("v0"), p = positive(sheet, "p");
    sheet.require(v0, relation::nonnegative, "v0 >= 0");
    sheet.require(1 - p, relation::positive, "p < 1");
    sheet.require(1 - u0 * v0, relation::positive, "u0 v0 < 1");
    const expr t = product_time(KP, KQ, u0, v0, p) / share;
    const auto [u, v] = unbalanced_product(KP, KQ, u0, v0, t);
    sheet.equate(u * v, p);
    return sheet.finish();
}

claim time_claim() {
    return {
        .id = "flows.product.time",
        .statement = "two factors: the time from (u0, v0) to u v = p",
        .latex =
            R"(\tau=\frac1R\ln\frac{(z_p-z_-)(z_+-z_0)}{(z_+-z_p)(z_0-z_-)},\quad z_p=2\omega p+\sqrt{4\omega^2p^2+c^2},\ z_0=(\sqrt{K_P}u_0+\sqrt{K_Q}v_0)^2,\ z_\pm=2\omega\pm R\quad\Rightarrow\quad u(\tau)v(\tau)=p)",
        .from = derived("4. Two factors, unbalanced"),
        .hypotheses = {"K_P > 0, K_Q > 0, u0 > 0, v0 >= 0, 0 < p < 1, u0 v0 < 1"},
        .method = "the closed form of the flow at this time, expanded with roots, exponential and "
                  "logarithm as atoms",
        .given = {"the closed form is the flow: flows.product.unbalanced",
                  "u v increases along the flow where u v < 1, so it equals p once only"},
        .expected = outcome::proved,
        .shown_by = arrives(),
        .twins = {{"half of it", arrives(2)}},
        .quantities = {"flows.product.time"},
    };
}

enclosure time_table(const std::vector<std::string>& printed) {
    worksheet sheet;
    const expr KP = positive(sheet, "KP"), KQ = positive(sheet, "KQ"), a = positive(sheet, "u0");
    const expr tau = product_time(KP, KQ, a, expr(0), expr(rational(1, 2)));
    enclosure table{{}, in_balls(sheet.finish({tau}, 1, 1)), {}};
    const rational starts[] = {{1, 5}, {1, 2}, {1, 100}};
    for (std::size_t i = 0; i < printed.size(); ++i) {
        arguments at;
        at.set("KP", rational(1, 2)).set("KQ", rational(1, 3)).set("u0", starts[i]);
        table.rows.push_back({"time to 1/2 from (" + starts[i].str() + ", 0)", at, 0,
                              within_last_digit(printed[i])});
    }
    return table;
}

claim time_table_claim() {
    return {
        .id = "flows.product.time.table",
        .statement = "times to u v = 1/2 from three starts (u0, 0), 25 digits",
        .latex = R"(\tau(\tfrac12)\ \text{at}\ K_P=\tfrac12,\ K_Q=\tfrac13,\ v_0=0)",
        .from = derived("4. Two factors, unbalanced"),
        .method = "the closed form in balls",
        .expected = outcome::certified,
        .shown_by = time_table({"5.361909622075203600842648", "2.988426250403706819799301",
                                "12.72980337399299101257317"}),
        .twins = {{"the leading term ln(2 / (u0 sqrt(kappa))) / omega for small u0",
                   time_table({"5.391862911", "3.147418162", "12.729878388"})}},
        .quantities = {"flows.product.time"},
    };
}

} // namespace

void require_existence(worksheet& sheet, const expr& KP, const expr& KQ, const expr& u0,
                       const expr& v0, const expr& t) {
    const expr c = product_balance(KP, KQ, u0, v0), omega = product_omega(KP, KQ);
    const product_ray<expr> ray(omega, c, landing_rate(KP, KQ, c));
    const expr z0 = product_z(KP, KQ, u0, v0);
    sheet.require(u0 + v0 * omega / KP, relation::nonzero, "sqrt(KP) u0 + sqrt(KQ) v0 != 0");
    sheet.require(ray.denominator(z0, t), relation::positive, "no blow-up of u v up to t");
    sheet.require(ray.growth(z0, t), relation::positive, "no blow-up of u/v up to t");
}

std::vector<claim> product_claims() {
    return {balanced_claim(), conserved_claim(), unbalanced_claim(),
            landing_claim(),  time_claim(),      time_table_claim()};
}

} // namespace flowproof::flows
