#include "theory/scb/dynamics.hpp"

#include <algorithm>

#include "theory/flows/closed_forms.hpp"
#include "theory/scb/escape.hpp"

namespace flowproof::scb {

expr letters::operator[](const std::string& name) {
    const auto [it, fresh] = known_.try_emplace(name);
    if (fresh) it->second = recorder_.variable(name);
    return it->second;
}

tape written(const writing& outputs) {
    letters x;
    const std::vector<expr> all = outputs(x); // names its letters before they are collected
    return x.finish(all);
}

writing from(rational alphaV, rational alphaA) {
    return [=](letters&) { return std::vector<expr>{expr(alphaV), expr(alphaA)}; };
}

std::vector<expr> from_parameters(letters& x) { return {x["alphaV"], x["alphaA"]}; }

std::vector<expr> manifold_flow(letters& x) {
    const auto c = x.instance();
    const auto velocity = manifold_velocity(c, x["u"], x["v"]);
    return {velocity[0], velocity[1]};
}

std::vector<expr> undriven_flow(letters& x) {
    const expr KP = x["KP"], KQ = x["KQ"];
    const auto velocity = flows::product_velocity(KP, KQ, x["u"], x["v"]);
    return {velocity[0], velocity[1]};
}

namespace {

/// Escapes take (log T)/omega and what follows a few T / |lambda_slow|; beyond ten times the sum
/// nothing is looked for.
std::vector<expr> long_enough(letters& x) {
    const auto c = x.instance();
    return {10 * ((3 + log(1 + c.T)) / sqrt(c.KP * c.KQ) + c.T * (1 + c.KQ / c.KP))};
}

/// Adds a condition to the domain of a request.
class domain_writer {
public:
    expr operator[](const std::string& name) { return x_[name]; }
    void positive(const expr& condition, const std::string& words) {
        conditions_.push_back(condition);
        words_.push_back(words);
    }
    void write(flow_value& request) const {
        request.domain = x_.finish(conditions_);
        request.relations.assign(conditions_.size(), relation::positive);
        request.words = words_;
    }

private:
    letters x_;
    std::vector<expr> conditions_;
    std::vector<std::string> words_;
};

/// K_P, K_Q, T > 0 and 0 < theta < 1, for those that occur; T K_Q > 1 on request.
void state_domain(flow_value& request, bool beyond_saddle = false) {
    const std::vector<std::string> used = parameters_of(request);
    domain_writer domain;
    for (const char* name : {"KP", "KQ", "T", "theta"})
        if (std::find(used.begin(), used.end(), name) != used.end())
            domain.positive(domain[name], std::string(name) + " > 0");
    if (std::find(used.begin(), used.end(), "theta") != used.end())
        domain.positive(1 - domain["theta"], "theta < 1");
    if (beyond_saddle) domain.positive(domain["T"] * domain["KQ"] - 1, "T KQ > 1");
    domain.write(request);
}

/// lambda_- < 0 at the saddle; its eigenvector is (1, K_P/lambda_-).
expr stable_rate(const sizes<expr>& c) {
    const auto [linear, constant] = characteristic_at_saddle(c);
    return -(linear + sqrt(linear * linear - 4 * constant)) / 2;
}

} // namespace

flow_value ask(const planar& what) {
    flow_value request{.states = {"u", "v"},
                       .velocity = written(what.velocity),
                       .start = written(what.start),
                       .observed = written(what.observed)};
    if (what.until) {
        request.until = written(what.until);
        request.horizon = written(what.horizon ? what.horizon : long_enough);
    }
    state_domain(request);
    return request;
}

flow_value orbit(const writing& start) {
    return ask(
        {.observed =
             [](letters& x) {
                 const auto c = x.instance();
                 return std::vector<expr>{x["u"], x["v"], manifold_energy(c, x["u"], x["v"])};
             },
         .start = start});
}

flow_value orbit_4d() {
    const auto state = [](letters& x) { return reduced<expr>{x["u"], x["v"], x["dV"], x["dA"]}; };
    flow_value request{
        .states = {"u", "v", "dV", "dA"},
        .velocity = written([&](letters& x) {
            const auto c = x.instance();
            const auto z = reduced_velocity(c, state(x));
            return std::vector<expr>{z.alphaV, z.alphaA, z.deltaV, z.deltaA};
        }),
        .start = written([](letters& x) {
            return std::vector<expr>{x["alphaV"], x["alphaA"], x["deltaV"], x["deltaA"]};
        }),
        .observed = written([&](letters& x) {
            const auto c = x.instance();
            const auto z = state(x);
            return std::vector<expr>{z.alphaV, z.alphaA, z.deltaV, z.deltaA, reduced_excess(c, z)};
        })};
    state_domain(request);
    return request;
}

flow_value at_level(const writing& observed, const writing& start) {
    return ask({.observed = observed, .start = start, .until = [](letters& x) {
                    return std::vector<expr>{x.p() - x["theta"]};
                }});
}

flow_value at_exit(const writing& observed, const writing& start) {
    return ask({.observed = observed, .start = start, .until = [](letters& x) {
                    return std::vector<expr>{(1 - x["u"]) * (1 - x.p())};
                }});
}

expr exit_sign(letters& x) { return x["u"] - x.p(); }

flow_value separatrix() {
    // u = alphaV and w = alphaA + 1/(T K_Q), so that a start near it keeps all its digits:
    //     u' = K_Q w - u (1/T + K_Q v^2),  w' = K_P u (1 - u v),  v = w - 1/(T K_Q).
    const auto alphaA = [](letters& x) { return x["w"] + saddle(x.instance()); };
    flow_value request{.states = {"u", "w"},
                       .velocity = written([&](letters& x) { // backward
                           const auto c = x.instance();
                           const expr u = x["u"], v = alphaA(x);
                           return std::vector<expr>{u * (1 / c.T + c.KQ * v * v) - c.KQ * x["w"],
                                                    -(c.KP * u * (1 - u * v))};
                       }),
                       .start = written([](letters& x) {
                           const auto c = x.instance();
                           const expr u = saddle(c) * power(x.constant(10), -60);  // < 0
                           return std::vector<expr>{u, c.KP * u / stable_rate(c)}; // an eigenvector
                       }),
                       .observed = written([](letters& x) {
                           const expr omega = sqrt(x["KP"] * x["KQ"]);
                           return std::vector<expr>{x["u"], x["T"] * omega * x["u"]};
                       }),
                       .until = written([&](letters& x) { return std::vector<expr>{alphaA(x)}; }),
                       .horizon = written([](letters& x) {
                           const auto c = x.instance();
                           return std::vector<expr>{200 * (1 + 1 / (c.T * c.KQ)) /
                                                    sqrt(c.KP * c.KQ)};
                       })};
    request.neglects = "the curvature of the stable manifold between the saddle and the start";
    state_domain(request);
    return request;
}

flow_value saddle_branch() {
    flow_value request =
        ask({.observed =
                 [](letters& x) {
                     return std::vector<expr>{x["u"], x["v"]};
                 },
             .start =
                 [](letters& x) {
                     const auto c = x.instance();
                     const expr u = x["alphaV"];
                     return std::vector<expr>{u, saddle(c) + c.KP * u / stable_rate(c)};
                 }});
    request.neglects = "the curvature of the stable manifold between the saddle and the start";
    return request;
}

flow_value residual_of_two_terms() {
    return at_level(
        [](letters& x) {
            const auto c = x.instance();
            const expr theta = x["theta"];
            return std::vector<expr>{(x["t"] - two_term_time(escape(c), c.T, theta)) * c.T * c.T};
        },
        from(rational(0), rational(0)));
}

flow_value basin_side(const writing& start) {
    flow_value request =
        ask({.observed =
                 [](letters& x) {
                     const auto c = x.instance();
                     return std::vector<expr>{x["v"] - saddle(c), x["u"]};
                 },
             .start = start,
             .until = [](letters& x) { return std::vector<expr>{x["u"] * (x["v"] + 1)}; }});
    state_domain(request, true);
    return request;
}

flow_value at_excess() {
    return ask({.observed =
                    [](letters& x) {
                        const auto c = x.instance();
                        const auto velocity = manifold_velocity(c, x["u"], x["v"]);
                        const auto [linear, constant] = characteristic_at_minimum(c);
                        const expr fast = -(linear + sqrt(linear * linear - 4 * constant)) / 2;
                        const expr slow = constant / fast; // < 0
                        const expr loss =
                            c.KP * velocity[0] * velocity[0] + c.KQ * velocity[1] * velocity[1];
                        return std::vector<expr>{x["t"] * sqrt(c.KP * c.KQ) /
                                                     (log(c.T) - log(x["epsilon"])),
                                                 loss / (-2 * slow * x["epsilon"])};
                    },
                .until =
                    [](letters& x) {
                        const auto c = x.instance();
                        return std::vector<expr>{manifold_energy(c, x["u"], x["v"]) - x["epsilon"]};
                    },
                .horizon =
                    [](letters& x) {
                        const auto c = x.instance();
                        return std::vector<expr>{10 * (3 + log(1 + c.T)) / sqrt(c.KP * c.KQ) +
                                                 2 * c.T * (1 + c.KQ / c.KP) *
                                                     (1 - log(x["epsilon"]))};
                    }});
}

flow_table first_rows(flow_table table, std::size_t count) {
    table.rows.erase(table.rows.begin() + static_cast<std::ptrdiff_t>(count), table.rows.end());
    return table;
}

bounds within(const rational& size) { return between(-size, size); }

arguments instance_at(const sizes<rational>& c) {
    return arguments().set("KP", c.KP).set("KQ", c.KQ).set("T", c.T);
}

flow_root overshoot_threshold() {
    const auto bracket = [](int factor) {
        return written([=](letters& x) {
            const expr KQ = x["KQ"];
            return std::vector<expr>{KQ + factor * log(x.constant(2)) / x["T"]};
        });
    };
    return {.of = at_exit([](letters& x) { return std::vector<expr>{exit_sign(x)}; },
                          from(rational(0), rational(0))),
            .parameter = "KP",
            .low = bracket(0),
            .high = bracket(4)};
}

} // namespace flowproof::scb
