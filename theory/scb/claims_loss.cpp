#include "theory/scb/claims.hpp"
#include "theory/scb/enumerate.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

matrix<expr> diagonal_minus_outer(const bigram<expr>& b) {
    const matrix<expr> mu_t = b.mu.transpose();
    matrix<expr> result = -product(b.mu, mu_t);
    for (Index i = 0; i < b.N(); ++i)
        result(i, i) += b.mu(i, 0);
    return result;
}

matrix<expr> scaled(const expr& c, const matrix<expr>& m) {
    return m.unaryExpr([&c](const expr& x) { return c * x; });
}

expr trace(const matrix<expr>& m) {
    expr sum;
    for (Index i = 0; i < m.rows(); ++i)
        sum += m(i, i);
    return sum;
}

expr total(const matrix<expr>& m) {
    expr sum;
    for (Index i = 0; i < m.rows(); ++i)
        for (Index j = 0; j < m.cols(); ++j)
            sum += m(i, j);
    return sum;
}

enum class moment_slip { none, mean_kept_in_D, fluctuation_off_diagonal };

/// Every law mu of N tokens, every B and M.
identity moments(Index N, Index T, moment_slip slip = moment_slip::none) {
    worksheet sheet;
    bigram<expr> b;
    b.mu = matrix<expr>(N, 1);
    expr rest(1);
    for (Index i = 0; i + 1 < N; ++i) {
        b.mu(i, 0) = sheet.symbol("m[" + std::to_string(i + 1) + "]");
        rest = rest - b.mu(i, 0);
    }
    b.mu(N - 1, 0) = rest;
    b.Q = matrix<expr>::Constant(T, N, expr(rational(1, T)));
    const matrix<expr> B = sheet.symbols("b", T, T), M = sheet.symbols("w", N, N);
    const matrix<expr> mu_t = b.mu.transpose();
    const matrix<expr> outer = product(b.mu, mu_t);
    const expr mean = product<expr>(product(mu_t, M), b.mu)(0, 0); // mu^T M mu
    expr diagonal;                                                 // Tr(M D)
    for (Index i = 0; i < N; ++i)
        diagonal += M(i, i) * b.mu(i, 0);
    matrix<expr> spread = diagonal_minus_outer(b);
    if (slip == moment_slip::mean_kept_in_D) spread = spread + outer;
    sheet.equate(enumerated_XBX(b, B), scaled(trace(B), spread) + scaled(total(B), outer));
    matrix<expr> second = matrix<expr>::Constant(T, T, mean);
    for (Index t = 0; t < T; ++t)
        second(t, t) += slip == moment_slip::fluctuation_off_diagonal ? diagonal : diagonal - mean;
    sheet.equate(enumerated_XMX(b, M), second);
    return sheet.finish({"N = " + std::to_string(N), "T = " + std::to_string(T)});
}

/// B is square, M is N x N.
void check_moments(const arguments& at) {
    check_law(at.at("mu"));
    const auto square = [](const char* name, const matrix<rational>& m, Index size) {
        if (m.rows() != size || m.cols() != size)
            throw std::invalid_argument(std::string("scb: ") + name + " must be " +
                                        std::to_string(size) + " x " + std::to_string(size) +
                                        ", got " + std::to_string(m.rows()) + " x " +
                                        std::to_string(m.cols()));
    };
    square("B", at.at("B"), at.at("B").rows());
    square("M", at.at("M"), at.at("mu").rows());
}

bigram<rational> of_law(const arguments& at) {
    const Index N = at.at("mu").rows(), T = at.at("B").rows();
    return {at.at("mu"), matrix<rational>::Constant(N, N, rational(1, N)),
            matrix<rational>::Constant(T, N, rational(1, T))};
}

arguments moment_arguments(const matrix<rational>& mu, Index T, std::uint64_t seed,
                           std::uint64_t k) {
    const matrix<rational> entries = random_weights(seed, k, T + mu.rows(), T + mu.rows());
    arguments at;
    at.set("mu", mu).set("B", entries.topLeftCorner(T, T));
    at.set("M", entries.bottomRightCorner(mu.rows(), mu.rows()));
    return at;
}

exact_equal moments_at_instances() {
    return {.parameters = {{"mu", "law of the tokens", "N x 1", "entries > 0, sum 1"},
                           {"B", "weights of pairs of positions", "T x T", ""},
                           {"M", "weights of pairs of tokens", "N x N", ""}},
            .left =
                [](const arguments& at) {
                    const auto b = of_law(at);
                    return column({enumerated_XBX(b, at.at("B")), enumerated_XMX(b, at.at("M"))});
                },
            .right =
                [](const arguments& at) {
                    const auto &mu = at.at("mu"), &B = at.at("B"), &M = at.at("M");
                    rational trace, all, diagonal, mean;
                    for (Index s = 0; s < B.rows(); ++s)
                        for (Index t = 0; t < B.rows(); ++t) {
                            all += B(s, t);
                            if (s == t) trace += B(s, t);
                        }
                    matrix<rational> XBX(M.rows(), M.rows()), XMX(B.rows(), B.rows());
                    for (Index i = 0; i < M.rows(); ++i)
                        for (Index j = 0; j < M.rows(); ++j) {
                            mean += mu(i, 0) * M(i, j) * mu(j, 0);
                            if (i == j) diagonal += M(i, i) * mu(i, 0);
                            XBX(i, j) = (all - trace) * mu(i, 0) * mu(j, 0);
                            if (i == j) XBX(i, i) += trace * mu(i, 0);
                        }
                    for (Index s = 0; s < B.rows(); ++s)
                        for (Index t = 0; t < B.rows(); ++t)
                            XMX(s, t) = s == t ? diagonal : mean;
                    return column({XBX, XMX});
                },
            .fixed = {{"mu of R0, T = 4", moment_arguments(R0().mu, 4, 1, 0)}},
            .random =
                [](std::uint64_t seed, std::uint64_t k) {
                    auto i = random_instance(seed, k, weights::none);
                    i.at = moment_arguments(i.at.at("mu"), i.at.at("Q").rows(), seed, k);
                    return i;
                },
            .random_count = 3,
            .check = check_moments};
}

using loss_formula = expr (*)(loss_parts<expr>);

expr as_stated(loss_parts<expr> p) { return loss(p); }

identity loss_two_by_two(loss_formula formula) {
    worksheet sheet;
    const auto [b, V, A] = two_by_two(sheet, weights::free);
    sheet.equate(enumerated_loss(b, V, A), formula(parts(b, V, A)));
    return sheet.finish(listed_two_by_two());
}

identity loss_over_R0() {
    worksheet sheet;
    const auto [b, V, A] = over_R0(sheet, weights::free);
    sheet.equate(enumerated_loss(b, V, A), population_loss(b, V, A));
    return sheet.finish(listed_R0());
}

/// The enumerated loss against a formula, at R0 and random instances of one kind of weights.
template <class Formula>
exact_equal enumerated_against(Formula loss, const arguments& at_R0, weights kind,
                               std::function<void(const arguments&)> check) {
    return {.parameters = all_parameters(),
            .left =
                [](const arguments& at) {
                    return single(enumerated_loss(bigram_of(at), at.at("V"), at.at("A")));
                },
            .right =
                [loss](const arguments& at) {
                    return single(loss(bigram_of(at), at.at("V"), at.at("A")));
                },
            .fixed = {{"R0", at_R0}},
            .random = [kind](std::uint64_t seed,
                             std::uint64_t k) { return random_instance(seed, k, kind); },
            .random_count = 6,
            .check = std::move(check)};
}

exact_equal loss_at_instances() {
    return enumerated_against(
        [](const auto& b, const auto& V, const auto& A) { return population_loss(b, V, A); },
        to_arguments(R0(), R0_V(), R0_A()), weights::free, check_weights);
}

claim moments_claim() {
    return {
        .id = "scb.moments",
        .statement = "E[X B X^T] and E[X^T M X] for independent one-hot tokens",
        .latex =
            R"(\mathbb{E}[XBX^\top]=\mathrm{Tr}(B)(D-\mu\mu^\top)+(\mathbf1^\top B\mathbf1)\mu\mu^\top,\quad \mathbb{E}[X^\top MX]=(\mathrm{Tr}(MD)-\mu^\top M\mu)I+(\mu^\top M\mu)\mathbf1\mathbf1^\top)",
        .from = derived("data model: tokens independent with law mu"),
        .hypotheses = {"B is T x T, M is N x N, the entries of mu sum to 1"},
        .method = "all N^T sequences are summed with symbolic mu, B, M and both sides expanded; "
                  "exactly at R0's mu "
                  "and random instances",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma("N = 2, T = 3", moments(2, 3)),
                            make_lemma("N = 3, T = 2", moments(3, 2)),
                            make_lemma("N = 3, T = 3", moments(3, 3)),
                            make_lemma("exact instances", moments_at_instances())}},
        .twins = {{"D in place of D - mu mu^T", moments(2, 3, moment_slip::mean_kept_in_D),
                   "N = 2, T = 3"},
                  {"Tr(M D) I in place of (Tr(M D) - mu^T M mu) I",
                   moments(2, 3, moment_slip::fluctuation_off_diagonal), "N = 2, T = 3"}},
    };
}

claim population_claim() {
    const std::string lemma = "N = T = 2, everything symbolic";
    return {
        .id = "scb.loss.population",
        .statement = "population loss L for all V and A, on C or off it",
        .latex = R"(L=\tfrac12\big[1-2(C\,g_A+(\mu^\top V\mu)\,s_1)+W\,n_A+\|V\mu\|^2s_2\big])",
        .from = derived("squared loss of f = V X A e_k"),
        .hypotheses = {"P mu = mu", "P and Q column-stochastic"},
        .method = "the sum over all sequences, query tokens, positions and outputs is expanded "
                  "with symbolic entries, and compared exactly at random rational instances",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(lemma, loss_two_by_two(as_stated)),
                            make_lemma("R0, V and A symbolic", loss_over_R0()),
                            make_lemma("exact instances", loss_at_instances())}},
        .twins = {{"s2 term dropped", loss_two_by_two([](loss_parts<expr> p) {
                       p.s2 = expr(0);
                       return loss(p);
                   }),
                   lemma},
                  {"s1^2 in place of s2", loss_two_by_two([](loss_parts<expr> p) {
                       p.s2 = p.s1 * p.s1;
                       return loss(p);
                   }),
                   lemma},
                  {"W = |V|_mu^2", loss_two_by_two([](loss_parts<expr> p) {
                       p.W = p.W + p.v2;
                       return loss(p);
                   }),
                   lemma}},
        .quantities = {"scb.loss.population"},
    };
}

using maker = symbolic_instance (*)(worksheet&, weights);
using listing = std::vector<std::string> (*)();

template <class Scalar>
Scalar loss_on_C(const bigram<Scalar>& b, const matrix<Scalar>& V, const matrix<Scalar>& A) {
    const auto p = parts(b, V, A);
    return (1 - squared_norm(b.mu) - 2 * p.C * p.g_A + p.W * p.n_A) * rational(1, 2);
}

/// The formula of C, on C or read off it.
identity constrained_loss(maker make, listing listed, weights kind) {
    worksheet sheet;
    const auto [b, V, A] = make(sheet, kind);
    sheet.equate(enumerated_loss(b, V, A), loss_on_C(b, V, A));
    return sheet.finish(listed());
}

exact_equal constrained_at_instances() {
    return enumerated_against(
        [](const auto& b, const auto& V, const auto& A) { return loss_on_C(b, V, A); },
        to_arguments(R0(), R0_V_on_C(), R0_A_on_C()), weights::on_C, check_on_C);
}

claim constrained_claim() {
    const std::string lemma = "N = T = 2, all of C and mu, P, Q symbolic";
    return {
        .id = "scb.loss.constrained",
        .statement = "the loss on the constraint set C, without column-sum terms",
        .latex = R"(L=\tfrac12\big[1-\|\mu\|^2-2C\,g_A+W\,n_A\big]\quad\text{on }\mathcal C)",
        .from = derived("squared loss of f = V X A e_k"),
        .hypotheses = {"1^T A = 1^T, V mu = mu, 1^T V = 1^T", "P mu = mu",
                       "P and Q column-stochastic"},
        .method = "the enumerated loss is expanded over all of C, at N = T = 2 with symbolic mu, "
                  "P, Q and over R0; compared exactly at random rational instances",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(lemma, constrained_loss(two_by_two, listed_two_by_two,
                                                               weights::on_C)),
                            make_lemma("R0, all of C symbolic",
                                       constrained_loss(over_R0, listed_R0, weights::on_C)),
                            make_lemma("exact instances", constrained_at_instances())}},
        .twins = {{"read for all V and A",
                   constrained_loss(two_by_two, listed_two_by_two, weights::free), lemma}},
        .quantities = {"scb.loss.population"},
    };
}

claim unconstrained_claim() {
    return {
        .id = "scb.loss.unconstrained",
        .statement = "the loss formula of C (without s2) holds for all V, A, as usually summarised",
        .latex = R"(L=\tfrac12\big[1-\|\mu\|^2-2C\,g_A+W\,n_A\big]\quad\text{for all }V,A)",
        .from = derived("the formula of C, read without its constraints"),
        .hypotheses = {"P mu = mu", "P and Q column-stochastic"},
        .method = "expansion at N = T = 2; the counterexample lies off C",
        .expected = outcome::refuted,
        .shown_by = constrained_loss(two_by_two, listed_two_by_two, weights::free),
        .control = "scb.loss.constrained",
        .quantities = {"scb.loss.population"},
    };
}

identity conditional_mean() {
    worksheet sheet;
    const auto b = two_by_two(sheet, weights::none).b;
    sheet.equate(enumerated_conditional_means(b), bayes_predictions(b));
    return sheet.finish(listed_two_by_two());
}

enum class bayes_slip { none, centred_Q };

identity pythagoras(maker make, listing listed, bayes_slip slip = bayes_slip::none) {
    worksheet sheet;
    const auto [b, V, A] = make(sheet, weights::free);
    expr least = bayes_loss(b);
    if (slip == bayes_slip::centred_Q)
        least = (1 - squared_norm(b.mu) - KP(b) * KQ(b)) * rational(1, 2);
    sheet.equate(enumerated_loss(b, V, A), least + enumerated_distance(b, V, A));
    return sheet.finish(listed());
}

exact_equal excess_at_instances() {
    return {.parameters = all_parameters(),
            .left =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    const rational least = enumerated_loss(b, b.P, b.Q);
                    return column(std::vector<rational>{
                        least, enumerated_loss(b, at.at("V"), at.at("A")) - least,
                        enumerated_loss(b, start_V(b), start_A(b))});
                },
            .right =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    return column(std::vector<rational>{
                        bayes_loss(b), excess_loss(b, at.at("V"), at.at("A")), initial_loss(b)});
                },
            .fixed = {{"R0", to_arguments(R0(), R0_V_on_C(), R0_A_on_C())}},
            .random = [](std::uint64_t seed,
                         std::uint64_t k) { return random_instance(seed, k, weights::on_C); },
            .random_count = 6,
            .check = check_on_C};
}

claim bayes_claim() {
    const std::string lemma = "L = L* + E|VXa - PXq|^2 / 2, N = T = 2";
    return {
        .id = "scb.loss.bayes",
        .statement = "V = P, A = Q is the Bayes predictor; its loss, and the excess loss on C",
        .latex =
            R"(L^\star=L(P,Q)=\tfrac12\big[1-\|\mu\|^2-K_P\|Q\|_\mu^2\big],\qquad L-L^\star=\tfrac12\mathbb E\|VXa_k-PXq_k\|^2\overset{\mathcal C}{=}\tfrac12\big[K_P\|Q\|_\mu^2-2Cg_A+Wn_A\big])",
        .from = derived("squared loss of f = V X A e_k"),
        .hypotheses = {"P mu = mu", "P and Q column-stochastic", "the last equality on C"},
        .method = "conditional means and the orthogonal decomposition by enumeration with "
                  "symbolic entries; L*, the excess and the loss at the start at random exact "
                  "instances on C",
        .given = {"the conditional mean minimises the squared loss among all predictors"},
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma("E[x_o | X, k] = P X q_k", conditional_mean()),
                            make_lemma(lemma, pythagoras(two_by_two, listed_two_by_two)),
                            make_lemma("the same over R0, V and A symbolic",
                                       pythagoras(over_R0, listed_R0)),
                            make_lemma("excess on C, exact instances", excess_at_instances())}},
        .twins = {{"K_P K_Q in place of K_P |Q|_mu^2",
                   pythagoras(two_by_two, listed_two_by_two, bayes_slip::centred_Q), lemma}},
        .quantities = {"scb.loss.bayes", "scb.loss.init", "scb.excess"},
    };
}

enum class sum_slip { none, deltaV_dropped, deltaA_unweighted };

/// The excess on C as a sum of four terms >= 0.
template <class Scalar>
Scalar excess_as_sum(const sizes<Scalar>& c, const reduced<Scalar>& z,
                     sum_slip slip = sum_slip::none) {
    Scalar sum = manifold_energy(c, z.alphaV, z.alphaA);
    if (slip != sum_slip::deltaV_dropped) sum = sum + n_A(c, z) * z.deltaV * rational(1, 2);
    const Scalar spread = c.KP * z.deltaA * rational(1, 2);
    return slip == sum_slip::deltaA_unweighted ? sum + spread : sum + spread * z.alphaV * z.alphaV;
}

identity sum_of_squares(sum_slip slip) {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const reduced<expr> z{sheet.symbol("alphaV"), sheet.symbol("alphaA"), sheet.symbol("deltaV"),
                          sheet.symbol("deltaA")};
    sheet.equate(reduced_excess(c, z), excess_as_sum(c, z, slip));
    return sheet.finish();
}

identity scaling_family() {
    worksheet sheet;
    const loss_parts<expr> p{sheet.symbol("C"),  sheet.symbol("W"),  sheet.symbol("m"),
                             sheet.symbol("v2"), sheet.symbol("gA"), sheet.symbol("nA"),
                             sheet.symbol("s1"), sheet.symbol("s2")};
    const expr s = sheet.symbol("s");
    sheet.require(s, relation::nonzero, "s != 0");
    const loss_parts<expr> moved{s * p.C,   s * s * p.W,     s * p.m,  s * s * p.v2,
                                 p.g_A / s, p.n_A / (s * s), p.s1 / s, p.s2 / (s * s)};
    sheet.equate(loss(moved), loss(p));
    return sheet.finish();
}

exact_equal sum_at_instances() {
    return {.parameters = all_parameters(),
            .left =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    return single(enumerated_distance(b, at.at("V"), at.at("A")));
                },
            .right =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    return single(
                        excess_as_sum(sizes_of(b), coordinates(b, at.at("V"), at.at("A"))));
                },
            .fixed = {{"R0", to_arguments(R0(), R0_V_on_C(), R0_A_on_C())}},
            .random = [](std::uint64_t seed,
                         std::uint64_t k) { return random_instance(seed, k, weights::on_C); },
            .random_count = 6,
            .check = check_signals};
}

claim unique_claim() {
    const std::string lemma = "the excess is a sum of four terms >= 0";
    return {
        .id = "scb.loss.unique",
        .statement = "on C the excess vanishes only at V = P, A = Q; off C along (s V, A / s)",
        .latex =
            R"(L-L^\star\overset{\mathcal C}{=}\tfrac{K_P}2\Big[\tfrac{(1-\alpha_V)^2}T+K_Q(1-\alpha_V\alpha_A)^2\Big]+\tfrac12n_A\delta_V+\tfrac12K_P\alpha_V^2\delta_A,\qquad L(sV,A/s)=L(V,A))",
        .from = derived("minimisers of the population loss"),
        .hypotheses = {"P mu = mu", "P and Q column-stochastic", "K_P > 0, K_Q > 0, all mu_k > 0"},
        .method = "exact identities in the reduced coordinates and in the parts of the loss; "
                  "their link to matrices at random exact instances",
        .given = {"a sum of terms >= 0 vanishes only termwise: alphaV = 1, then alphaA = 1, then "
                  "deltaV = 0 because n_A >= 1/T, then deltaA = 0; with all mu_k > 0 zero "
                  "energy means V = P and A = Q",
                  "under (V, A) -> (s V, A / s) the parts C, m scale with s, W and |V mu|^2 with "
                  "s^2, g_A and s1 with 1/s, n_A and s2 with 1/s^2",
                  "the identities hold in symbols at every size; that the loss is this function "
                  "of the parts is scb.loss.population, certified, and limits the verdict"},
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(lemma, sum_of_squares(sum_slip::none)),
                            make_lemma("scaling (V, A) to (s V, A / s)", scaling_family()),
                            make_lemma("distance to the Bayes predictor, exact instances",
                                       sum_at_instances())}},
        .twins = {{"n_A deltaV dropped", sum_of_squares(sum_slip::deltaV_dropped), lemma},
                  {"deltaA without alphaV^2", sum_of_squares(sum_slip::deltaA_unweighted), lemma}},
        .quantities = {"scb.excess", "scb.reduce.coordinates"},
    };
}

} // namespace

source derived(std::string place) { return {"arXiv:2410.23438", "derived", std::move(place)}; }
source extension(std::string place) { return {"arXiv:2410.23438", "extension", std::move(place)}; }

std::vector<claim> loss_claims() {
    return {moments_claim(),       population_claim(), constrained_claim(),
            unconstrained_claim(), bayes_claim(),      unique_claim()};
}

} // namespace flowproof::scb
