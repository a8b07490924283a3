#include <stdexcept>

#include "theory/core/worksheet.hpp"
#include "theory/scb/claims.hpp"
#include "theory/scb/closures.hpp"
#include "theory/scb/enumerate.hpp"
#include "theory/scb/inputs.hpp"
#include "theory/scb/instances.hpp"
#include "theory/scb/prox.hpp"

namespace flowproof::scb {

namespace {

reduced<expr> state_in(const std::vector<expr>& x) { return {x[3], x[4], x[5], x[6]}; }
std::vector<expr> listed(const reduced<expr>& z) {
    return {z.alphaV, z.alphaA, z.deltaV, z.deltaA};
}

std::vector<quantity> scalar_quantities() {
    const std::vector<std::string> instance{"KP", "KQ", "T"};
    const std::vector<std::string> plane{"KP", "KQ", "T", "alphaV", "alphaA"};
    const std::vector<std::string> state{"KP", "KQ", "T", "alphaV", "alphaA", "deltaV", "deltaA"};
    std::vector<std::string> step = state;
    step.insert(step.end(), {"etaV", "etaA"});
    std::vector<quantity> list;
    list.push_back(of_scalars("scb.omega", "growth rate of the escape from 0, omega",
                              R"(\omega=\sqrt{K_PK_Q})", {"KP", "KQ"},
                              [](const auto& x) { return std::vector<expr>{sqrt(x[0] * x[1])}; }));
    list.push_back(of_scalars("scb.kappa", "slope alphaA / alphaV of the balanced line, kappa",
                              R"(\kappa=\sqrt{K_P/K_Q})", {"KP", "KQ"},
                              [](const auto& x) { return std::vector<expr>{sqrt(x[0] / x[1])}; }));
    list.push_back(of_scalars(
        "scb.manifold.energy", "excess loss on the manifold, E",
        R"(\mathcal E=\tfrac{K_P}2\big[\tfrac{(1-\alpha_V)^2}T+K_Q(1-\alpha_V\alpha_A)^2\big])",
        plane,
        [](const auto& x) { return std::vector<expr>{manifold_energy(sizes_in(x), x[3], x[4])}; }));
    list.push_back(of_scalars("scb.manifold.flow", "velocity (alphaV', alphaA') on the manifold",
                              R"((\tfrac{1-\alpha_V}T+K_Q\alpha_A(1-p),\ K_P\alpha_V(1-p)))", plane,
                              [](const auto& x) {
                                  const auto v = manifold_velocity(sizes_in(x), x[3], x[4]);
                                  return std::vector<expr>{v[0], v[1]};
                              }));
    list.push_back(of_scalars("scb.equilibria.minimum", "the sink (alphaV, alphaA) = (1, 1)",
                              R"((1,1))", instance, [](const auto&) {
                                  return std::vector<expr>{expr(1), expr(1)};
                              }));
    list.push_back(of_scalars("scb.equilibria.saddle", "the saddle z* in (alphaV, alphaA)",
                              R"(z^\star=(0,-\tfrac1{TK_Q}))", instance, [](const auto& x) {
                                  return std::vector<expr>{expr(0), saddle(sizes_in(x))};
                              }));
    list.push_back(of_scalars("scb.equilibria.slow",
                              "bounds on the slow eigenvalue at (1, 1): lower, upper",
                              R"(-x(1+4u)<\lambda_{slow}<-x)", instance, [](const auto& x) {
                                  const auto chi = characteristic_at_minimum(sizes_in(x));
                                  const expr near = chi.constant / chi.linear;
                                  const expr u = near / chi.linear;
                                  return std::vector<expr>{-(near * (1 + 4 * u)), -near};
                              }));
    list.push_back(of_scalars(
        "scb.reduce.4d", "one simultaneous step of (alphaV, alphaA, deltaV, deltaA)",
        R"((\alpha_V^+,\alpha_A^+,\delta_V^+,\delta_A^+))", step,
        [](const auto& x) { return listed(reduced_step(sizes_in(x), state_in(x), x[7], x[8])); }));
    list.push_back(of_scalars("scb.balance", "rate of |Vbar|^2 - |Abar|^2 along the flow on C",
                              R"(\tfrac2T(C-W))", state, [](const auto& x) {
                                  return std::vector<expr>{
                                      2 * (x[0] * x[3] - W(sizes_in(x), state_in(x))) / x[2]};
                              }));
    quantity lambda{.id = "scb.equilibria.lambda",
                    .description = "eigenvalues: fast, slow at (1, 1); plus, minus at z*",
                    .latex = R"(\lambda_{fast},\lambda_{slow},\lambda_+,\lambda_-)",
                    .parameters = {declared("KP"), declared("KQ"), declared("T")},
                    .shape = "4 x 1",
                    .defaults = list.back().defaults,
                    .value = equilibrium_eigenvalues()};
    lambda.defaults = arguments();
    for (const auto& p : lambda.parameters)
        lambda.defaults.set(p.name, default_of(p.name));
    list.push_back(lambda);

    worksheet sheet; // the curve alphaV alphaA = 1 of the landscape
    const expr u = sheet.symbol("alphaV");
    sheet.require(u, relation::nonzero, "alphaV != 0");
    quantity curve{.id = "scb.manifold.valley",
                   .description = "the point (alphaV, 1/alphaV) of the valley p = 1",
                   .latex = R"(\alpha_V\alpha_A=1)",
                   .parameters = {declared("alphaV")},
                   .shape = "2 x 1",
                   .defaults = {},
                   .value = sheet.finish({u, 1 / u}, 2, 1)};
    curve.defaults.set("alphaV", rational(1));
    list.push_back(curve);

    list.push_back(of_scalars("scb.manifold.level",
                              "the point of E = E(z*) at this alphaA, beside the line alphaV = 0",
                              R"(\alpha_V=\frac{2(\frac1T+K_Q\alpha_A)}{\frac1T+K_Q\alpha_A^2})",
                              {"KP", "KQ", "T", "alphaA"}, [](const auto& x) {
                                  return std::vector<expr>{saddle_level(sizes_in(x), x[3]), x[3]};
                              }));
    list.push_back(of_scalars(
        "scb.discrete.jury", "Jury's conditions at (1, 1): both are positive where it is stable",
        R"(2+\tfrac{\eta_V\eta_AK_P}{2T}-\eta_V(K_Q+\tfrac1T)-\eta_AK_P,\quad \eta_V(K_Q+\tfrac1T)+\eta_AK_P-\eta_V\eta_A\tfrac{K_P}T)",
        {"KP", "KQ", "T", "etaV", "etaA"}, [](const auto& x) {
            const expr decay = x[3] * (x[1] + 1 / x[2]) + x[4] * x[0];
            const expr product = x[3] * x[4] * x[0] / x[2];
            return std::vector<expr>{2 + product / 2 - decay, decay - product};
        }));
    list.push_back(of_scalars("scb.manifold.axis", "the point (0, alphaA) of the line alphaV = 0",
                              R"((0,\alpha_A))", {"alphaA"}, [](const auto& x) {
                                  return std::vector<expr>{expr(0), x[0]};
                              }));

    quantity orbit{.id = "scb.discrete",
                   .description = "(alphaV, alphaA) after n steps of gradient descent",
                   .latex = R"((\alpha_V,\alpha_A)_n)",
                   .parameters = {},
                   .shape = "2 x 1",
                   .defaults = {},
                   .value = discrete_orbit()};
    for (const char* name : {"KP", "KQ", "T", "alphaV", "alphaA", "etaV", "etaA", "n"}) {
        orbit.parameters.push_back(declared(name));
        orbit.defaults.set(name, default_of(name));
    }
    orbit.check = [](const arguments& at) {
        for (const char* name : {"KP", "KQ", "T", "etaV", "etaA"})
            if (at.scalar(name).sign() <= 0)
                throw std::invalid_argument(std::string("scb.discrete: need ") + name +
                                            " > 0, got " + at.scalar(name).str());
        at.integer("n", 0, 1'000'000);
    };
    list.push_back(orbit);
    return list;
}

// Quantities of matrices.

using of_bigram = rational (*)(const bigram<rational>&);
using of_weights = matrix<rational> (*)(const bigram<rational>&, const matrix<rational>& V,
                                        const matrix<rational>& A);

quantity of_instance(std::string id, std::string description, std::string latex, of_bigram value) {
    return {.id = std::move(id),
            .description = std::move(description),
            .latex = std::move(latex),
            .parameters = bigram_parameters(),
            .defaults = to_arguments(R0()),
            .value = exact_closure([value](const arguments& at) {
                return column(std::vector<rational>{value(bigram_of(at))});
            }),
            .check = check_bigram};
}

using checker = void (*)(const arguments&);

/// V and A at which a quantity is evaluated unless told otherwise.
struct weights_at {
    matrix<rational> V, A;
};
weights_at unconstrained() { return {R0_V(), R0_A()}; }
weights_at constrained() { return {R0_V_on_C(), R0_A_on_C()}; }
weights_at start() { return {start_V(R0()), start_A(R0())}; }
weights_at attending() { return {R0_V_on_C(), R0().Q}; }

quantity of_matrices(std::string id, std::string description, std::string latex, std::string shape,
                     checker check, const weights_at& defaults, of_weights value) {
    return {.id = std::move(id),
            .description = std::move(description),
            .latex = std::move(latex),
            .parameters = all_parameters(),
            .shape = std::move(shape),
            .defaults = to_arguments(R0(), defaults.V, defaults.A),
            .value = exact_closure([value](const arguments& at) {
                return value(bigram_of(at), at.at("V"), at.at("A"));
            }),
            .check = check};
}

std::vector<quantity> instance_quantities() {
    return {
        of_instance("scb.KP", "signal of P, K_P", R"(K_P=\|P\|_\mu^2-\|\mu\|^2)", KP<rational>),
        of_instance("scb.KQ", "signal of Q, K_Q", R"(K_Q=\|Q\|_\mu^2-1/T)", KQ<rational>),
        of_instance("scb.loss.bayes", "least loss of any predictor, L*",
                    R"(L^\star=\tfrac12[1-\|\mu\|^2-K_P\|Q\|_\mu^2])", bayes_loss<rational>),
        of_instance("scb.loss.init", "loss at V = mu 1^T, A = 1 1^T / T",
                    R"(\tfrac12(1-\|\mu\|^2))", initial_loss<rational>),
        of_instance("scb.init.Vnoise", "second moment of the first V-gradient, sigma_G^2",
                    R"(\sigma_G^2=\mathbb E\|\hat G_V\|_\mu^2)", sigma_G<rational>),
        of_instance("scb.init.h0", "signal constant h0", R"(h_0=\sum\mu_o\mu_jH_{oj}^2)",
                    [](const bigram<rational>& b) { return signal(b).h0; }),
        of_instance("scb.init.h1", "signal constant h1", R"(h_1=\sum P_{oj}\mu_jH_{oj}^2)",
                    [](const bigram<rational>& b) { return signal(b).h1; }),
        of_instance("scb.init.signal2", "second moment of the first V-gradient along Pbar",
                    R"(\mathbb E\langle\hat G_V,\bar P\rangle_\mu^2)",
                    signal_second_moment<rational>),
        of_instance(
            "scb.snr", "signal-to-noise ratio of the first V-gradient, whole matrix",
            R"(\frac{K_P/T^2}{\sigma_G^2})",
            [](const bigram<rational>& b) { return KP(b) / rational(b.T() * b.T()) / sigma_G(b); }),
        of_instance("scb.snr.signal", "the ratio along the known direction Pbar",
                    R"(\frac{K_P^2/T^2}{\mathbb E\langle\hat G_V,\bar P\rangle_\mu^2})",
                    [](const bigram<rational>& b) {
                        const rational mean = KP(b) / rational(b.T());
                        if (mean.is_zero())
                            throw std::domain_error("scb.snr.signal: need K_P > 0, got 0");
                        return mean * mean / signal_second_moment(b);
                    }),
    };
}

std::vector<quantity> weight_quantities() {
    return {
        of_matrices("scb.loss.population", "population loss L, any V and A",
                    R"(L=\tfrac12\mathbb E\|VXa_k-x_o\|^2)", "1", check_weights, unconstrained(),
                    [](const auto& b, const auto& V, const auto& A) {
                        return single(population_loss(b, V, A));
                    }),
        of_matrices("scb.excess", "excess loss L - L*, any V and A", R"(L-L^\star)", "1",
                    check_weights, start(),
                    [](const auto& b, const auto& V, const auto& A) {
                        return single(population_loss(b, V, A) - bayes_loss(b));
                    }),
        of_matrices("scb.grad.V", "gradient of L in V", R"(\nabla_VL)", "N x N", check_weights,
                    unconstrained(), gradient_V<rational>),
        of_matrices("scb.grad.A", "gradient of L in A", R"(\nabla_AL)", "T x N", check_weights,
                    unconstrained(), gradient_A<rational>),
        of_matrices("scb.grad.projected.V", "preconditioned gradient in V on C",
                    R"(n_A\bar V-g_A\bar P)", "N x N", check_on_C, constrained(),
                    projected_gradient_V<rational>),
        of_matrices("scb.grad.projected.A", "preconditioned projected gradient in A on C",
                    R"(W\bar A-C\bar Q)", "T x N", check_on_C, constrained(),
                    projected_gradient_A<rational>),
        of_matrices(
            "scb.reduce.coordinates", "(alphaV, alphaA, deltaV, deltaA) of V, A on C",
            R"((\alpha_V,\alpha_A,\delta_V,\delta_A))", "4 x 1", check_signals, constrained(),
            [](const auto& b, const auto& V, const auto& A) {
                const auto z = coordinates(b, V, A);
                return column(std::vector<rational>{z.alphaV, z.alphaA, z.deltaV, z.deltaA});
            }),
        of_matrices("scb.A.noise",
                    "second moment v_k of <Vbar x_t, r> off the support, one per column",
                    R"(v_k=\mathrm{Tr}(S_V\Sigma_k))", "N x 1", check_on_C, attending(),
                    [](const auto& b, const auto& V, const auto& A) {
                        std::vector<rational> v;
                        for (Index k = 0; k < b.N(); ++k)
                            v.push_back(off_support_noise(b, V, A, k));
                        return column(v);
                    }),
        of_matrices("scb.sgd.curvature", "curvature of L along 1 e_k^T / sqrt(T), one per column",
                    R"(\mu_k(W+T\|V\mu\|^2))", "N x 1", check_weights, start(),
                    [](const auto& b, const auto& V, const auto&) {
                        std::vector<rational> h;
                        for (Index k = 0; k < b.N(); ++k)
                            h.push_back(column_sum_curvature(b, V, k));
                        return column(h);
                    }),
    };
}

quantity transfer_quantity() {
    quantity q{
        .id = "scb.transfer.init",
        .description = "(alphaV, deltaV) at the start theta V + (1 - theta) mu 1^T",
        .latex =
            R"((\theta\tfrac{\langle\bar V,\bar P\rangle_\mu}{K_P},\ \theta^2\|\bar V\|_\mu^2-K_P\alpha_V(0)^2))",
        .parameters = all_parameters(),
        .shape = "2 x 1",
        .defaults = to_arguments(R0(), R0_V_on_C(), R0_A_on_C()),
        .value = exact_closure([](const arguments& at) {
            const auto b = bigram_of(at);
            const rational theta = at.scalar("theta");
            const matrix<rational> bar = centred_V(b, at.at("V"));
            if (KP(b).is_zero()) throw std::domain_error("scb.transfer.init: need K_P > 0, got 0");
            const rational alphaV = theta * inner(bar, centred_V(b, b.P), b.mu) / KP(b);
            return column(std::vector<rational>{alphaV, theta * theta * inner(bar, bar, b.mu) -
                                                            KP(b) * alphaV * alphaV});
        }),
        .check = check_on_C};
    q.parameters.push_back(declared("theta"));
    q.defaults.set("theta", default_of("theta"));
    return q;
}

void check_column(const arguments& at, const char* name) {
    const auto& m = at.at(name);
    if (m.cols() != 1)
        throw std::invalid_argument(std::string("scb: ") + name + " must be a column T x 1, got " +
                                    std::to_string(m.rows()) + " x " + std::to_string(m.cols()));
}

std::vector<quantity> l1_quantities() {
    arguments point;
    point.set("z", prox_example().at("z"));
    const auto check_z = [](const arguments& at) {
        check_column(at, "z");
        if (at.has("lambda") && at.scalar("lambda").sign() < 0)
            throw std::invalid_argument("scb: need lambda >= 0, got " + at.scalar("lambda").str());
    };
    return {
        {.id = "scb.prox.affine",
         .description = "exact l1 prox of z on 1^T a = 1",
         .latex = R"(\mathrm{prox}(z))",
         .parameters = {declared("z"), declared("lambda")},
         .shape = "T x 1",
         .defaults = prox_example(),
         .value = exact_closure(
             [](const arguments& at) { return prox_affine(at.at("z"), at.scalar("lambda")); }),
         .check = check_z},
        {.id = "scb.prox.threshold",
         .description = "least lambda at which the prox is the simplex projection, lambda*",
         .latex = R"(\lambda^\star=\tfrac12(\theta-\min_tz_t)_+)",
         .parameters = {declared("z")},
         .defaults = point,
         .value =
             exact_closure([](const arguments& at) { return single(lambda_star(at.at("z"))); }),
         .check = check_z},
        {.id = "scb.l1.bias",
         .description = "fixed point of the l1 step without renormalisation, one column",
         .latex = R"(a_s=(Cq_s-\lambda\tfrac T{T-Q_s})/W)",
         .parameters = {declared("q"), declared("C"), declared("W"), declared("lambda")},
         .shape = "T x 1",
         .defaults = l1_example(),
         .value = exact_closure([](const arguments& at) {
             return l1_fixed_point(at.at("q"), at.scalar("C"), at.scalar("W"), at.scalar("lambda"));
         }),
         .check = check_l1_column},
    };
}

} // namespace

std::vector<quantity> quantities() {
    std::vector<quantity> all = instance_quantities();
    for (auto&& part :
         {weight_quantities(), scalar_quantities(), l1_quantities(), dynamics_quantities()})
        all.insert(all.end(), part.begin(), part.end());
    all.push_back(transfer_quantity());
    return all;
}

} // namespace flowproof::scb
