#include <algorithm>
#include <memory>
#include <stdexcept>

#include "numerics/random/discrete.hpp"
#include "theory/scb/claims.hpp"
#include "theory/scb/instances.hpp"
#include "theory/scb/training.hpp"

namespace flowproof::scb {

namespace {

/// Tables of one protocol; draws share them read-only.
struct noise_sampler {
    random::discrete token, position;
    std::vector<random::discrete> next; ///< law of the output after each token
    std::vector<double> a;              ///< a_k
    std::vector<std::size_t> off;       ///< positions with q_tk = 0
    matrix<double> gram;                ///< <Vbar e_i, V e_j>
    matrix<double> bar;                 ///< Vbar

    noise_sampler(const bigram<rational>& b, const matrix<rational>& V, const matrix<rational>& A,
                  Index k)
        : token(column_entries(b.mu, 0)), position(column_entries(b.Q, k)), gram(b.N(), b.N()),
          bar(b.N(), b.N()) {
        const matrix<rational> centred = centred_V(b, V);
        const matrix<rational> turned = centred.transpose();
        const matrix<rational> exact = product(turned, V);
        for (Index i = 0; i < b.N(); ++i) {
            next.emplace_back(column_entries(b.P, i));
            for (Index j = 0; j < b.N(); ++j) {
                gram(i, j) = exact(i, j).nearest();
                bar(i, j) = centred(i, j).nearest();
            }
        }
        for (Index t = 0; t < b.T(); ++t) {
            a.push_back(A(t, k).nearest());
            if (b.Q(t, k).is_zero()) off.push_back(static_cast<std::size_t>(t));
        }
        if (off.empty())
            throw std::invalid_argument("scb.A.noise: column " + std::to_string(k + 1) +
                                        " of Q has no zero, so no entry is off its support");
    }

    double operator()(random::stream& bits) const {
        std::vector<Index> x(a.size());
        for (Index& xt : x)
            xt = static_cast<Index>(token(bits));
        const std::size_t s = position(bits);
        const auto o = static_cast<Index>(next[static_cast<std::size_t>(x[s])](bits));
        double sum = 0;
        for (const std::size_t t : off) {
            double entry = -bar(o, x[t]); // <Vbar x_t, V X a_k - x_o>
            for (std::size_t u = 0; u < x.size(); ++u)
                entry += a[u] * gram(x[t], x[u]);
            sum += entry * entry;
        }
        return sum / static_cast<double>(off.size());
    }
};

experiment noise_experiment() {
    auto parameters = all_parameters();
    parameters.push_back({"k", "query token, counted from 1", "1", "integer in 1 .. N"});
    arguments defaults = to_arguments(R0(), R0_V_on_C(), R0().Q);
    defaults.set("k", rational(1));
    return {.id = "scb.A.noise",
            .description = "one sample given k: <Vbar x_t, r>^2 averaged over the off-support "
                           "positions t",
            .parameters = parameters,
            .defaults = defaults,
            .statistics = {"second_moment"},
            .prepare = [](const arguments& at) -> experiment::draw {
                check_support(at);
                const auto b = bigram_of(at);
                const auto tables = std::make_shared<const noise_sampler>(
                    b, at.at("V"), at.at("A"), at.integer("k", 1, b.N()) - 1);
                return [tables](std::uint64_t seed, std::uint64_t index, double* statistics) {
                    random::stream bits(seed, 0, static_cast<std::uint32_t>(index),
                                        static_cast<std::uint32_t>(index >> 32));
                    statistics[0] = (*tables)(bits);
                };
            }};
}

void add_protocol(std::vector<parameter>& parameters) {
    for (parameter p : {parameter{"B", "fresh samples a step", "1", "integer in 1 .. 2^20"},
                        parameter{"steps", "number of steps", "1", "integer in 1 .. 10^6"},
                        parameter{"etaV", "step size of V", "1", "> 0"},
                        parameter{"etaA", "step size of A", "1", "> 0"}})
        parameters.push_back(std::move(p));
}

training::protocol protocol_of(const arguments& at) {
    return {at.integer("B", 1, 1 << 20), at.integer("steps", 1, 1'000'000),
            at.scalar("etaV").nearest(), at.scalar("etaA").nearest()};
}

experiment training_experiment() {
    auto parameters = all_parameters();
    add_protocol(parameters);
    const auto [V, A] = R0_off_manifold();
    arguments defaults = to_arguments(R0(), V, A);
    defaults.set("B", rational(64)).set("steps", rational(6));
    defaults.set("etaV", rational(1, 4)).set("etaA", rational(1, 8));
    std::vector<std::string> names;
    for (const char* suffix : {"", ".remainder"})
        for (const char* name : {"alphaV", "alphaA", "deltaV", "deltaA"})
            names.push_back(std::string(name) + suffix);
    return {.id = "scb.training",
            .description = "online minibatch descent from V, A on C: the reduced coordinates at "
                           "the last step minus those of the population orbit; .remainder: less "
                           "their first-order noise, which has mean 0",
            .parameters = parameters,
            .defaults = defaults,
            .statistics = names,
            .prepare = [](const arguments& at) -> experiment::draw {
                check_signals(at);
                const auto run = std::make_shared<const training>(bigram_of(at), at.at("V"),
                                                                  at.at("A"), protocol_of(at));
                return [run](std::uint64_t seed, std::uint64_t index, double* statistics) {
                    const training::ending end = (*run)(seed, index);
                    std::copy(end.deviation.begin(), end.deviation.end(), statistics);
                    std::copy(end.remainder.begin(), end.remainder.end(), statistics + 4);
                };
            }};
}

/// Checkpoints of scb.training.path, the start and the last step included.
constexpr std::size_t checkpoints = 41;

experiment path_experiment() {
    std::vector<parameter> parameters = {
        {"N", "number of tokens", "1", "integer in 2 .. 256"},
        {"T", "context length", "1", "integer in 2 .. 4096"},
        {"Qs", "attended positions of a column, with equal weights", "1", "integer in 1 .. T - 1"},
        {"mixing", "weight of the permutation in P, the rest is uniform", "1", "in (0, 1]"}};
    add_protocol(parameters);
    parameters[5].domain = "multiple of 40";
    arguments defaults;
    defaults.set("N", rational(4)).set("T", rational(32)).set("Qs", rational(2));
    defaults.set("mixing", rational(7, 10)).set("B", rational(512)).set("steps", rational(40));
    defaults.set("etaV", rational(1, 2)).set("etaA", rational(1, 2));
    std::vector<std::string> names;
    for (const char* name : {"alphaV", "alphaA", "excess"})
        for (std::size_t i = 0; i < checkpoints; ++i)
            names.push_back(std::string(name) + "[" + std::to_string(i) + "]");
    return {.id = "scb.training.path",
            .description = "online minibatch descent from scratch (V = mu 1^T, A uniform), uniform "
                           "mu: signal strengths and exact excess loss at 41 equally spaced steps",
            .parameters = parameters,
            .defaults = defaults,
            .statistics = names,
            .prepare = [](const arguments& at) -> experiment::draw {
                const training::protocol how = protocol_of(at);
                if (how.steps % static_cast<std::int64_t>(checkpoints - 1) != 0)
                    throw std::invalid_argument(
                        "scb.training.path: steps must be a multiple of 40, got " +
                        std::to_string(how.steps));
                const std::int64_t T = at.integer("T", 2, 4096);
                const bigram<rational> b = mixed_permutation(
                    at.integer("N", 2, 256), T, at.integer("Qs", 1, T - 1), at.scalar("mixing"));
                const auto run = std::make_shared<const training>(b, start_V(b), start_A(b), how);
                std::vector<std::int64_t> at_steps;
                for (std::size_t i = 0; i < checkpoints; ++i)
                    at_steps.push_back(how.steps / static_cast<std::int64_t>(checkpoints - 1) *
                                       static_cast<std::int64_t>(i));
                return
                    [run, at_steps](std::uint64_t seed, std::uint64_t index, double* statistics) {
                        const auto path = run->path(seed, index, at_steps);
                        for (std::size_t i = 0; i < checkpoints; ++i) {
                            statistics[i] = path[i].alphaV;
                            statistics[checkpoints + i] = path[i].alphaA;
                            statistics[2 * checkpoints + i] =
                                reduced_excess(run->coordinates().size(), path[i]);
                        }
                    };
            }};
}

} // namespace

std::vector<experiment> experiments() {
    return {noise_experiment(), training_experiment(), path_experiment()};
}

} // namespace flowproof::scb
