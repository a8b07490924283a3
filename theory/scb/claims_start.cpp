#include "theory/scb/claims.hpp"
#include "theory/scb/closures.hpp"
#include "theory/scb/enumerate.hpp"
#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

namespace {

/// Every single-sample A-gradient at V = mu 1^T (or at V = mu 1^T + e_1 e_1^T), any A.
identity single_samples(bool moved = false) {
    worksheet sheet;
    const bigram<expr> b = two_by_two(sheet, weights::none).b;
    const matrix<expr> A = sheet.symbols("a", 2, 2);
    matrix<expr> V(2, 2);
    for (Index i = 0; i < 2; ++i)
        for (Index j = 0; j < 2; ++j)
            V(i, j) = b.mu(i, 0);
    if (moved) V(0, 0) = V(0, 0) + 1;
    const matrix<expr> all = sample_gradients_A(b, V, A);
    sheet.equate(all, matrix<expr>::Constant(all.rows(), all.cols(), expr(0)));
    return sheet.finish(listed_two_by_two());
}

exact_equal samples_at_instances() {
    auto parameters = bigram_parameters(); // V is fixed by the statement
    parameters.push_back({"A", "attention weights", "T x N", ""});
    const auto without_V = [](const arguments& from) {
        return to_arguments(bigram_of(from)).set("A", from.at("A"));
    };
    return {.parameters = parameters,
            .left =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    const matrix<rational> all = sample_gradients_A(b, start_V(b), at.at("A"));
                    std::int64_t moving = 0; // entries of single samples that are not 0
                    for (Index t = 0; t < all.rows(); ++t)
                        for (Index j = 0; j < all.cols(); ++j)
                            moving += all(t, j).is_zero() ? 0 : 1;
                    return single(rational(moving));
                },
            .right = [](const arguments&) { return single(rational(0)); },
            .fixed = {{"R0", without_V(to_arguments(R0(), R0_V(), R0_A()))}},
            .random =
                [without_V](std::uint64_t seed, std::uint64_t k) {
                    auto i = random_instance(seed, k, weights::free);
                    i.at = without_V(i.at);
                    return i;
                },
            .random_count = 3,
            .check =
                [](const arguments& at) {
                    check_bigram(at);
                    auto whole = at;
                    check_weights(whole.set("V", start_V(bigram_of(at))));
                }};
}

claim silent_claim() {
    const std::string lemma = "every sample at N = T = 2, everything symbolic";
    return {
        .id = "scb.init.silentA",
        .statement = "the projected A-gradient of every single sample vanishes at V = mu 1^T",
        .latex =
            R"(V=\mu\mathbf1^\top\ \Rightarrow\ \hat G_A=\tfrac1{\mu_k}(I-\tfrac{\mathbf1\mathbf1^\top}T)X^\top V^\top r\,e_k^\top=0\quad\text{for every sample})",
        .from = derived("stage 1, first step"),
        .hypotheses = {"V = mu 1^T, any A", "P mu = mu", "P and Q column-stochastic"},
        .method = "all outcomes are listed with symbolic A, mu, P, Q; and at exact instances",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(lemma, single_samples()),
                            make_lemma("every sample, exact instances", samples_at_instances())}},
        .twins = {{"at V = mu 1^T + e_1 e_1^T", single_samples(true), lemma}},
    };
}

enum class noise_slip { none, second_order_dropped, N_for_N_minus_1 };

rational slipped_sigma_G(const bigram<rational>& b, noise_slip slip) {
    const rational spread = 1 - squared_norm(b.mu);
    switch (slip) {
    case noise_slip::none:
        break;
    case noise_slip::second_order_dropped:
        return spread * rational(b.N() - 1, b.T());
    case noise_slip::N_for_N_minus_1:
        return sigma_G(b) + spread / rational(b.T());
    }
    return sigma_G(b);
}

exact_equal noise_at_instances(noise_slip slip = noise_slip::none) {
    return {.parameters = bigram_parameters(),
            .left =
                [](const arguments& at) {
                    const auto m = enumerated_start(bigram_of(at));
                    return column({m.mean, column(std::vector<rational>{m.second, m.signal,
                                                                        m.signal_squared})});
                },
            .right =
                [slip](const arguments& at) {
                    const auto b = bigram_of(at);
                    matrix<rational> mean = centred_V(b, b.P);
                    for (Index i = 0; i < b.N(); ++i)
                        for (Index j = 0; j < b.N(); ++j)
                            mean(i, j) /= rational(-b.T());
                    return column({mean, column(std::vector<rational>{slipped_sigma_G(b, slip),
                                                                      KP(b) / rational(-b.T()),
                                                                      signal_second_moment(b)})});
                },
            .fixed = {{"R0", to_arguments(R0())}},
            .random = [](std::uint64_t seed,
                         std::uint64_t k) { return random_instance(seed, k, weights::none); },
            .random_count = 6,
            .check = check_bigram};
}

identity noise_two_by_two() {
    worksheet sheet;
    const bigram<expr> b = two_by_two(sheet, weights::none).b;
    const auto m = enumerated_start(b);
    const matrix<expr> bar = centred_V(b, b.P);
    for (Index i = 0; i < 2; ++i)
        for (Index j = 0; j < 2; ++j)
            sheet.equate(m.mean(i, j), bar(i, j) * rational(-1, 2));
    sheet.equate(m.second, sigma_G(b));
    sheet.equate(m.signal, -(KP(b) * rational(1, 2)));
    sheet.equate(m.signal_squared, signal_second_moment(b));
    return sheet.finish(listed_two_by_two());
}

claim noise_claim() {
    const std::string lemma = "exact instances";
    return {
        .id = "scb.init.Vnoise",
        .statement = "moments of one sample's first V-gradient: mean, norm, along the signal",
        .latex =
            R"(\mathbb E\hat G_V=-\tfrac{\bar P}T,\quad \mathbb E\|\hat G_V\|_\mu^2=\tfrac{(1-\|\mu\|^2)(N-1)}T-\tfrac2{T^2}(\mu^\top P\mathbf1-N\|\mu\|^2),\quad \mathbb E\langle\hat G_V,\bar P\rangle_\mu^2=\tfrac{(T-1)h_0+h_1}{T^2})",
        .from = derived("stage 1, first step"),
        .hypotheses = {"V = mu 1^T, A = 1 1^T / T", "P mu = mu", "P and Q column-stochastic"},
        .method = "projected preconditioned gradients of all outcomes are summed, with symbolic "
                  "mu, P, Q at N = T = 2 and exactly at "
                  "R0 and random instances",
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma("N = T = 2, everything symbolic", noise_two_by_two()),
                            make_lemma(lemma, noise_at_instances())}},
        .twins = {{"T^-2 correction dropped", noise_at_instances(noise_slip::second_order_dropped),
                   lemma},
                  {"N in place of N - 1", noise_at_instances(noise_slip::N_for_N_minus_1), lemma}},
        .quantities = {"scb.init.Vnoise", "scb.init.h0", "scb.init.h1", "scb.init.signal2"},
    };
}

/// (K_P / T^2) / sigma_G^2 for uniform mu, with sigma_G^2 = (1 - 1/N)(N - 1)/T.
identity whole_matrix_snr(int power_of_gap = 2) {
    worksheet sheet;
    const expr KP = sheet.symbol("KP"), N = sheet.symbol("N"), T = sheet.symbol("T");
    sheet.require(T, relation::positive, "T > 0");
    sheet.require(N - 1, relation::positive, "N > 1");
    const expr noise = (1 - 1 / N) * (N - 1) / T;
    sheet.equate(KP / (T * T) / noise, KP * N / (T * power(N - 1, power_of_gap)));
    return sheet.finish();
}

/// With c = N h1 / K_P: T / K_P times the ratio along the signal is N up to N (1 - c)/(T - 1 + c).
identity distance_to_leading_order(bool with_c = true) {
    worksheet sheet;
    const expr KP = sheet.symbol("KP"), N = sheet.symbol("N"), T = sheet.symbol("T");
    const expr h1 = sheet.symbol("h1");
    sheet.require(KP, relation::positive, "KP > 0");
    sheet.require(N - 1, relation::positive, "N > 1");
    sheet.require(T - 1, relation::positive, "T > 1");
    sheet.require(h1, relation::nonnegative, "h1 >= 0");
    const expr h0 = KP / N, c = N * h1 / KP;
    const expr ratio = (KP / T) * (KP / T) / (((T - 1) * h0 + h1) / (T * T));
    sheet.equate(ratio, N * KP / (T - 1 + c));
    sheet.equate(ratio * T / KP - N, N * ((with_c ? 1 - c : expr(1)) / (T - 1 + c)));
    return sheet.finish();
}

exact_equal uniform_snr() {
    return {.parameters = bigram_parameters(),
            .left =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    const auto m = enumerated_start(b);
                    return column(std::vector<rational>{
                        m.second, m.signal * m.signal / m.signal_squared, signal(b).h0});
                },
            .right =
                [](const arguments& at) {
                    const auto b = bigram_of(at);
                    const rational N(b.N()), T(b.T());
                    return column(std::vector<rational>{
                        (N - 1) * (N - 1) / (N * T), N * KP(b) / (T - 1 + N * signal(b).h1 / KP(b)),
                        KP(b) / N});
                },
            .fixed = {},
            .random = random_uniform_instance,
            .random_count = 6,
            .check =
                [](const arguments& at) {
                    check_bigram(at);
                    const auto& mu = at.at("mu");
                    if (KP(bigram_of(at)).is_zero())
                        throw std::invalid_argument(
                            "scb: need K_P > 0 for a signal, got K_P = 0: P forgets its token "
                            "(assumptions, theory/scb/README.md)");
                    for (Index i = 1; i < mu.rows(); ++i)
                        if (mu(i, 0) != mu(0, 0))
                            throw std::invalid_argument(
                                "scb: this statement needs uniform mu, got " + str(mu) +
                                " (assumptions, theory/scb/README.md)");
                }};
}

claim snr_claim() {
    const std::string lemma = "whole matrix";
    const std::string along = "along the signal, with its distance to the leading order";
    return {
        .id = "scb.snr",
        .statement = "signal-to-noise ratio of the first V-gradient of a sample, uniform mu",
        .latex =
            R"(\frac{K_P/T^2}{\sigma_G^2}=\frac{K_PN}{T(N-1)^2},\qquad \frac{(\mathbb E\langle\hat G_V,\bar P\rangle_\mu)^2}{\mathbb E\langle\hat G_V,\bar P\rangle_\mu^2}=\frac{NK_P}{T-1+Nh_1/K_P})",
        .from = derived("stage 1, first step"),
        .hypotheses = {"mu uniform", "V = mu 1^T, A = 1 1^T / T", "K_P > 0"},
        .method =
            "both ratios from the moments with symbolic N, T, K_P, h1; the moments, the second "
            "ratio and h0 = K_P / N by enumeration at random doubly stochastic P",
        .given = {"the moments are those of scb.init.Vnoise with uniform mu, where mu^T P 1 = 1 = "
                  "N |mu|^2; they are certified and limit the verdict",
                  "the second ratio is N K_P / T up to a relative error (1 - c)/(T - 1 + c) with "
                  "c = N h1 / K_P, which is free of T"},
        .expected = outcome::certified,
        .shown_by = all_of{{make_lemma(lemma, whole_matrix_snr()),
                            make_lemma(along, distance_to_leading_order()),
                            make_lemma("exact instances with uniform mu", uniform_snr())}},
        .twins = {{"N - 1 in place of (N - 1)^2", whole_matrix_snr(1), lemma},
                  {"error 1/(T - 1 + c) of the leading order", distance_to_leading_order(false),
                   along}},
        .quantities = {"scb.snr"},
    };
}

/// T (mean^2 / second moment) / K_P for N = 4, uniform mu, P = 0.7 shift + 0.3 / N.
numeric leading_snr(std::int64_t N_claimed) {
    const auto instance_at = [](const rational& T) {
        const rational N(4);
        bigram<rational> b{matrix<rational>::Constant(4, 1, 1 / N),
                           matrix<rational>::Constant(4, 4, rational(3, 40)),
                           matrix<rational>::Constant(2, 4, rational(1, 2))};
        for (Index j = 0; j < 4; ++j)
            b.P((j + 1) % 4, j) += rational(7, 10);
        const auto [h0, h1] = signal(b);
        return T * KP(b) / ((T - 1) * h0 + h1);
    };
    return {.model = "T = 2^level; the exact ratio differs from its limit by O(1/T), so that "
                     "differences halve",
            .value =
                [instance_at](const arguments&, std::int64_t level, std::int64_t bits) {
                    return ball(instance_at(power(rational(2), level)), bits);
                },
            .reference = [N_claimed](const arguments&,
                                     std::int64_t bits) { return ball(rational(N_claimed), bits); },
            .levels = 30,
            .tolerance = rational(1, 1'000'000)};
}

claim leading_claim() {
    return {
        .id = "scb.snr.leading",
        .statement = "the ratio along the known direction is N K_P / T to leading order in 1/T",
        .latex =
            R"(\lim_{T\to\infty}\frac{T}{K_P}\cdot\frac{(\mathbb E\langle\hat G_V,\bar P\rangle_\mu)^2}{\mathbb E\langle\hat G_V,\bar P\rangle_\mu^2}=N)",
        .from = derived("stage 1, first step"),
        .hypotheses = {"mu uniform, N = 4, P = 0.7 shift + 0.3 / N"},
        .method = "the exact ratio at T = 2, 4, 8, ...",
        .expected = outcome::supported,
        .shown_by = leading_snr(4),
        .twins = {{"limit N - 1", leading_snr(3)}},
        .quantities = {"scb.snr"},
    };
}

} // namespace

std::vector<claim> start_claims() {
    return {silent_claim(), noise_claim(), snr_claim(), leading_claim()};
}

} // namespace flowproof::scb
