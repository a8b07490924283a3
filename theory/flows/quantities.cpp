#include <map>

#include "theory/flows/claims.hpp"
#include "theory/flows/closed_forms.hpp"
#include "theory/flows/statements.hpp"

namespace flowproof::flows {

namespace {

struct input {
    parameter declared;
    rational value; ///< default
};

const input& input_named(const std::string& name) {
    static const std::map<std::string, input> all = [] {
        std::map<std::string, input> result;
        const auto add = [&](const char* symbol, const char* words, const char* domain,
                             const rational& value) {
            result[symbol] = {{symbol, words, "1", domain}, value};
        };
        add("m11", "entry of M", "", rational(-1, 100));
        add("m12", "entry of M", "", rational(1, 3));
        add("m21", "entry of M", "", rational(1, 2));
        add("m22", "entry of M", "", rational(0));
        add("b1", "entry of b", "", rational(1, 100));
        add("b2", "entry of b", "", rational(0));
        add("x0", "first coordinate of the start", "", rational(0));
        add("y0", "second coordinate of the start", "", rational(0));
        add("t", "time", "", rational(10));
        add("r", "rate", "", rational(1));
        add("p0", "p at t = 0", "", rational(1, 100));
        add("KP", "strength of the first factor, K_P", "> 0", rational(1, 2));
        add("KQ", "strength of the second factor, K_Q", "> 0", rational(1, 3));
        add("u0", "first factor at t = 0", "", rational(1, 5));
        add("v0", "second factor at t = 0", "", rational(0));
        add("c", "balance K_P u^2 - K_Q v^2", "", rational(1, 50));
        add("p", "product u v to be reached", "0 < p < 1", rational(1, 2));
        add("u", "first factor on the valley", "> 0, != 1", rational(19, 20));
        return result;
    }();
    return all.at(name);
}

/// Symbols of a quantity by name, declared as they are asked for.
class definition {
public:
    definition(std::string id, std::string description, std::string latex)
        : made_{.id = std::move(id),
                .description = std::move(description),
                .latex = std::move(latex),
                .parameters = {},
                .defaults = {},
                .value = formula{}} {}

    expr operator[](const std::string& name) {
        const input& in = input_named(name);
        made_.parameters.push_back(in.declared);
        made_.defaults.set(name, in.value);
        const expr x = sheet.symbol(name);
        if (in.declared.domain.rfind("> 0", 0) == 0)
            sheet.require(x, relation::positive, name + " > 0");
        return x;
    }
    quantity giving(const std::vector<expr>& outputs) {
        made_.value = sheet.finish(outputs, outputs.size(), 1);
        if (outputs.size() > 1) made_.shape = std::to_string(outputs.size()) + " x 1";
        return std::move(made_);
    }

    worksheet sheet;

private:
    quantity made_;
};

affine2<expr> affine_in(definition& d) {
    const expr m11 = d["m11"], m12 = d["m12"], m21 = d["m21"], m22 = d["m22"];
    const expr b1 = d["b1"], b2 = d["b2"];
    const affine2<expr> flow{m11, m12, m21, m22, b1, b2};
    d.sheet.require(flow.discriminant(), relation::positive, "(tr M)^2 > 4 det M");
    return flow;
}

std::vector<quantity> linear_and_logistic() {
    std::vector<quantity> list;
    {
        definition d(
            "flows.linear2", "(x, y) at time t of z' = M z + b",
            R"(z_0+\frac{f(\lambda_1)(M-\lambda_2)r-f(\lambda_2)(M-\lambda_1)r}{\lambda_1-\lambda_2})");
        const affine2<expr> flow = affine_in(d);
        d.sheet.require(flow.determinant(), relation::nonzero, "det M != 0");
        const expr x0 = d["x0"], y0 = d["y0"], t = d["t"];
        const auto z = linear2(flow, {x0, y0}, t);
        list.push_back(d.giving({z[0], z[1]}));
    }
    {
        definition d("flows.linear2.eigenvalues", "the larger and the smaller eigenvalue of M",
                     R"(\tfrac12\big(\mathrm{tr}\,M\pm\sqrt{(\mathrm{tr}\,M)^2-4\det M}\big))");
        const auto lambda = eigenvalues(affine_in(d));
        list.push_back(d.giving({lambda[0], lambda[1]}));
    }
    {
        definition d("flows.logistic", "p at time t of p' = r p (1 - p)",
                     R"(\frac{p_0}{p_0+(1-p_0)e^{-rt}})");
        const expr r = d["r"], p0 = d["p0"], t = d["t"];
        d.sheet.require(logistic_denominator(r, p0, t), relation::positive,
                        "p0 + (1 - p0) exp(-r t) > 0 (no blow-up up to t)");
        list.push_back(d.giving({logistic(r, p0, t)}));
    }
    return list;
}

std::vector<quantity> products() {
    std::vector<quantity> list;
    {
        definition d("flows.product.balanced", "(u, v) at time t from (u0, kappa u0)",
                     R"((u,\kappa u),\ u=u_0[p_0+(1-p_0)e^{-2\omega t}]^{-1/2})");
        const expr KP = d["KP"], KQ = d["KQ"], u0 = d["u0"], t = d["t"];
        const expr omega = product_omega(KP, KQ), p0 = omega / KQ * u0 * u0;
        d.sheet.require(logistic_denominator(expr(2 * omega), p0, t), relation::positive,
                        "p0 + (1 - p0) exp(-2 omega t) > 0 (no blow-up up to t)");
        const auto z = balanced_product(KP, KQ, u0, t);
        list.push_back(d.giving({z[0], z[1]}));
    }
    {
        definition d("flows.product.unbalanced", "(u, v) at time t from (u0, v0)", R"((u,v)(t))");
        const expr KP = d["KP"], KQ = d["KQ"], u0 = d["u0"], v0 = d["v0"], t = d["t"];
        require_existence(d.sheet, KP, KQ, u0, v0, t);
        const auto z = unbalanced_product(KP, KQ, u0, v0, t);
        list.push_back(d.giving({z[0], z[1]}));
    }
    {
        definition d(
            "flows.product.ray", "(z, low, high, R) of the state (u0, v0)",
            R"(z=(\sqrt{K_P}u_0+\sqrt{K_Q}v_0)^2,\ z_\mp=2\omega\mp R,\ R=\sqrt{4\omega^2+c^2})");
        const expr KP = d["KP"], KQ = d["KQ"], u0 = d["u0"], v0 = d["v0"];
        const expr c = product_balance(KP, KQ, u0, v0);
        const product_ray<expr> ray(product_omega(KP, KQ), c, landing_rate(KP, KQ, c));
        list.push_back(d.giving({product_z(KP, KQ, u0, v0), ray.low, ray.high, ray.R}));
    }
    {
        definition d("flows.product.landing",
                     "(u, v, R): where the flow lands on u v = 1, its rate",
                     R"(\Big(\sqrt{\tfrac{R+c}{2K_P}},\ \sqrt{\tfrac{R-c}{2K_Q}},\ R\Big))");
        const expr KP = d["KP"], KQ = d["KQ"], c = d["c"];
        const auto z = landing_point(KP, KQ, c);
        list.push_back(d.giving({z[0], z[1], landing_rate(KP, KQ, c)}));
    }
    {
        definition d("flows.product.time", "the time from (u0, v0) to u v = p",
                     R"(\tau=\frac1R\ln\frac{(z_p-z_-)(z_+-z_0)}{(z_+-z_p)(z_0-z_-)})");
        const expr KP = d["KP"], KQ = d["KQ"], u0 = d["u0"], v0 = d["v0"], p = d["p"];
        d.sheet.require(p, relation::positive, "p > 0");
        d.sheet.require(1 - p, relation::positive, "p < 1");
        d.sheet.require(1 - u0 * v0, relation::positive, "u0 v0 < 1");
        d.sheet.require(u0 + v0 * product_omega(KP, KQ) / KP, relation::positive,
                        "sqrt(KP) u0 + sqrt(KQ) v0 > 0");
        list.push_back(d.giving({product_time(KP, KQ, u0, v0, p)}));
    }
    return list;
}

std::vector<quantity> valley() {
    std::vector<quantity> list;
    const auto off_the_end = [](definition& d, const expr& u, const std::string& name) {
        d.sheet.require(1 - u, relation::nonzero, name + " != 1");
    };
    {
        definition d(
            "flows.valley", "the clock G(u) of the drift along u v = 1",
            R"(G(u)=-(1+\tfrac{K_Q}{K_P})\ln|1-u|+\tfrac{K_Q}{K_P}[\ln u-\tfrac1u-\tfrac1{2u^2}-\tfrac1{3u^3}])");
        const expr KP = d["KP"], KQ = d["KQ"], u = d["u"];
        off_the_end(d, u, "u");
        list.push_back(d.giving({valley_clock(KP, KQ, u)}));
    }
    {
        definition d("flows.valley.velocity", "du/ds of the drift along u v = 1",
                     R"(\frac{K_Pu^4(1-u)}{K_Pu^4+K_Q})");
        const expr KP = d["KP"], KQ = d["KQ"], u = d["u"];
        list.push_back(d.giving({valley_velocity(KP, KQ, u)}));
    }
    {
        definition d("flows.valley.time", "slow time from u0 to u along u v = 1", "G(u)-G(u_0)");
        const expr KP = d["KP"], KQ = d["KQ"], u0 = d["u0"], u = d["u"];
        d.sheet.require(u0, relation::positive, "u0 > 0");
        d.sheet.require((1 - u0) * (1 - u), relation::positive,
                        "u0 and u on one side of 1: (1 - u0)(1 - u) > 0");
        list.push_back(d.giving({valley_clock(KP, KQ, u) - valley_clock(KP, KQ, u0)}));
    }
    return list;
}

} // namespace

std::vector<quantity> quantities() {
    std::vector<quantity> all = linear_and_logistic();
    for (auto&& part : {products(), valley()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

} // namespace flowproof::flows
