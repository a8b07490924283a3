#include "theory/flows/claims.hpp"

#include "theory/flows/closed_forms.hpp"
#include "theory/flows/statements.hpp"

namespace flowproof::flows {

namespace {

enum class linear_slip { none, discriminant, reversed };

identity linear2_solves(linear_slip slip = linear_slip::none) {
    worksheet sheet;
    const auto s = [&](const char* name) { return sheet.symbol(name); };
    const expr m11 = s("m11"), m12 = s("m12"), m21 = s("m21"), m22 = s("m22");
    const expr b1 = s("b1"), b2 = s("b2"), x0 = s("x0"), y0 = s("y0"), t = s("t");
    const affine2<expr> flow{m11, m12, m21, m22, b1, b2};
    sheet.require(flow.discriminant(), relation::positive, "(tr M)^2 > 4 det M");
    sheet.require(flow.determinant(), relation::nonzero, "det M != 0");
    auto lambda = eigenvalues(flow);
    if (slip == linear_slip::discriminant) {
        const expr root = sqrt(flow.trace() * flow.trace() - flow.determinant());
        lambda = {(flow.trace() + root) / 2, (flow.trace() - root) / 2};
    }
    if (slip == linear_slip::reversed) lambda = {-lambda[0], -lambda[1]};
    const auto z = linear2(flow, lambda, {x0, y0}, t);
    equate_flow(sheet, z, flow.velocity(z), {x0, y0});
    return sheet.finish();
}

claim linear2_claim() {
    return {
        .id = "flows.linear2",
        .statement = "affine flow in the plane with distinct real nonzero eigenvalues, closed form",
        .latex =
            R"(z(t)=z_0+\frac{f(\lambda_1)(M-\lambda_2)r-f(\lambda_2)(M-\lambda_1)r}{\lambda_1-\lambda_2},\quad r=Mz_0+b,\ f(\lambda)=\frac{e^{\lambda t}-1}\lambda,\ \lambda_{1,2}=\tfrac12\big(\mathrm{tr}\,M\pm\sqrt{(\mathrm{tr}\,M)^2-4\det M}\big)\quad\Rightarrow\quad z'=Mz+b,\ z(0)=z_0)",
        .from = derived("1. Linear, two dimensions"),
        .hypotheses = {"(tr M)^2 > 4 det M, det M != 0"},
        .method = "differentiated in t on the tape, compared with the velocity, and taken at "
                  "t = 0; expanded with the exponentials and the root as atoms",
        .expected = outcome::proved,
        .shown_by = linear2_solves(),
        .twins = {{"(tr M)^2 - det M under the root", linear2_solves(linear_slip::discriminant)},
                  {"e^(-lambda t)", linear2_solves(linear_slip::reversed)}},
        .quantities = {"flows.linear2", "flows.linear2.eigenvalues"},
    };
}

enum class logistic_slip { none, reversed, halved, weight };

identity logistic_solves(logistic_slip slip = logistic_slip::none) {
    worksheet sheet;
    const expr r = sheet.symbol("r"), p0 = sheet.symbol("p0"), t = sheet.symbol("t");
    sheet.require(logistic_denominator(r, p0, t), relation::positive,
                  "p0 + (1 - p0) exp(-r t) > 0");
    expr p = logistic(r, p0, t);
    if (slip == logistic_slip::reversed) p = logistic(expr(-r), p0, t);
    if (slip == logistic_slip::halved) p = logistic(expr(r / 2), p0, t);
    if (slip == logistic_slip::weight) p = p0 / (p0 + exp(-(r * t)));
    equate_flow<1>(sheet, {p}, {r * p * (1 - p)}, {p0});
    return sheet.finish();
}

claim logistic_claim() {
    return {
        .id = "flows.logistic",
        .statement = "the logistic flow, closed form without a growing exponential",
        .latex =
            R"(p(t)=\frac{p_0}{p_0+(1-p_0)e^{-rt}}\quad\Rightarrow\quad p'=rp(1-p),\ p(0)=p_0)",
        .from = derived("2. Logistic"),
        .hypotheses = {"p0 + (1 - p0) exp(-r t) > 0: every t for 0 <= p0 <= 1"},
        .method = "differentiated in t on the tape, compared with the velocity, and taken at "
                  "t = 0; expanded with the exponential as an atom",
        .expected = outcome::proved,
        .shown_by = logistic_solves(),
        .twins = {{"e^(+r t)", logistic_solves(logistic_slip::reversed)},
                  {"half the rate in the exponent", logistic_solves(logistic_slip::halved)},
                  {"1 - p0 dropped", logistic_solves(logistic_slip::weight)}},
        .quantities = {"flows.logistic"},
    };
}

enum class valley_slip { none, sign, slow_part };

/// dG/du times the velocity is 1.
identity clock_runs(valley_slip slip = valley_slip::none) {
    worksheet sheet;
    const expr KP = positive(sheet, "KP"), KQ = positive(sheet, "KQ"), u = positive(sheet, "u");
    sheet.require(1 - u, relation::nonzero, "u != 1");
    expr G = valley_clock(KP, KQ, u);
    if (slip == valley_slip::sign) G = G + log((1 - u) * (1 - u)) * (1 + KQ / KP);
    if (slip == valley_slip::slow_part) G = G - (KQ / KP) * log(u);
    sheet.equate(sheet.derivative(G, "u"), 1 / valley_velocity(KP, KQ, u));
    return sheet.finish();
}

claim valley_claim() {
    return {
        .id = "flows.valley",
        .statement = "the slow drift along u v = 1: an explicit clock",
        .latex =
            R"(G(u)=-(1+\kappa^{-2})\ln|1-u|+\kappa^{-2}\Big[\ln u-\frac1u-\frac1{2u^2}-\frac1{3u^3}\Big]:\quad G'(u)=\frac{K_Pu^4+K_Q}{K_Pu^4(1-u)}=\Big(\frac{du}{ds}\Big)^{-1})",
        .from = derived("5. The drift along the valley"),
        .hypotheses = {"K_P > 0, K_Q > 0, u > 0, u != 1"},
        .method = "differentiated on the tape and expanded",
        .given = {"s = G(u(s)) - G(u(0)) by the chain rule, on either side of u = 1; "
                  "ln|1 - u| = ln((1 - u)^2)/2"},
        .expected = outcome::proved,
        .shown_by = clock_runs(),
        .twins = {{"+(1 + K_Q/K_P) ln|1 - u|", clock_runs(valley_slip::sign)},
                  {"ln u dropped", clock_runs(valley_slip::slow_part)}},
        .quantities = {"flows.valley", "flows.valley.velocity", "flows.valley.time"},
    };
}

} // namespace

std::vector<claim> claims() {
    std::vector<claim> all = {linear2_claim(), logistic_claim()};
    for (auto& c : product_claims())
        all.push_back(std::move(c));
    all.push_back(valley_claim());
    return all;
}

} // namespace flowproof::flows
