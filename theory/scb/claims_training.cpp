#include "theory/scb/claims.hpp"
#include "theory/scb/instances.hpp"
#include "theory/scb/training.hpp"

namespace flowproof::scb {

namespace {

using moment = scaling::moment;

/// Bands of exponents, fixed before the first draw.
struct band {
    rational lower, upper;
};
const band half_power{rational(-3, 5), rational(-2, 5)};
const band whole_power{rational(-23, 20), rational(-17, 20)};

/// Twins are 1/2 off in the exponent: few draws tell them apart.
constexpr std::uint64_t twin_draws = 400;

arguments at(const start_on_C& start) {
    arguments result = to_arguments(R0(), start.V, start.A);
    result.set("steps", rational(6)).set("etaV", rational(1, 4)).set("etaA", rational(1, 8));
    return result;
}

/// Six short steps of R0, B = 16, 64, 256: off the manifold squared noise is small beside noise, so
/// that the first correction to each power law is small beside the band.
scaling law(const start_on_C& start, const std::string& statistic, moment of, const band& in,
            std::uint64_t draws) {
    return {.experiment = "scb.training",
            .statistic = statistic,
            .of = of,
            .at = at(start),
            .parameter = "B",
            .values = {16, 64, 256},
            .lower = in.lower,
            .upper = in.upper,
            .level = scaling_level,
            .draws = draws};
}

scaling spread(const start_on_C& start, const std::string& statistic, const band& in = half_power,
               std::uint64_t draws = 4000) {
    return law(start, statistic, moment::root_mean_square, in, draws);
}
scaling centre(const start_on_C& start, const std::string& statistic, const band& in = whole_power,
               std::uint64_t draws = 2000) {
    return law(start, statistic, moment::mean, in, draws);
}

/// What the three claims run, from starts with these energies.
std::vector<std::string> protocol(const std::string& energies) {
    return {"R0, six steps with etaV = 1/4, etaA = 1/8 from alphaV = alphaA = 1/2, " + energies,
            "fresh samples in every step, preconditioned by the true mu, no l1 term"};
}

const char* const unbiased =
    "the gradient of a minibatch is an unbiased estimate of the projected population gradient "
    "(scb.grad.projected, linearity of the projections)";

claim noise_claim() {
    const start_on_C start = R0_off_manifold();
    std::vector<lemma> lemmas;
    for (const char* name : {"alphaV", "alphaA", "deltaV", "deltaA"})
        lemmas.push_back(make_lemma(std::string("spread of ") + name, spread(start, name)));
    return {
        .id = "scb.training.noise",
        .statement =
            "online minibatch descent of R0 deviates from the reduced dynamics like B^-1/2 in "
            "root mean square",
        .latex =
            R"(\big(\mathbb E|z_n^{(B)}-z_n|^2\big)^{1/2}\propto B^{-1/2},\quad z\in\{\alpha_V,\alpha_A,\delta_V,\delta_A\})",
        .from = derived("training follows the population dynamics"),
        .hypotheses = protocol("deltaV, deltaA > 0"),
        .method = "independent trajectories at three batch sizes beside the exact reduced map; "
                  "slope of the logarithm of the root mean square deviation",
        .expected = outcome::supported,
        .shown_by = all_of{lemmas},
        .twins = {{"alphaV deviates like 1/B", spread(start, "alphaV", whole_power, twin_draws),
                   "spread of alphaV"},
                  {"deltaA deviates like 1/B", spread(start, "deltaA", whole_power, twin_draws),
                   "spread of deltaA"}},
    };
}

claim manifold_claim() {
    const start_on_C start = R0_on_manifold();
    return {
        .id = "scb.training.manifold",
        .statement = "from the manifold, alphaV and alphaA deviate like B^-1/2, and minibatch "
                     "descent leaves it by squared noise: mean deltaV, deltaA like 1/B",
        .latex =
            R"(\big(\mathbb E|\alpha^{(B)}_n-\alpha_n|^2\big)^{1/2}\propto B^{-1/2},\qquad \mathbb E\,\delta^{(B)}_n\propto B^{-1}\quad\text{if }\delta_0=0)",
        .from = derived("training follows the population dynamics"),
        .hypotheses = protocol("deltaV = deltaA = 0"),
        .method = "independent trajectories at three batch sizes beside the exact reduced map; "
                  "slopes of logarithms",
        .expected = outcome::supported,
        .shown_by = all_of{{make_lemma("spread of alphaV", spread(start, "alphaV")),
                            make_lemma("spread of alphaA", spread(start, "alphaA")),
                            make_lemma("mean of deltaV", centre(start, "deltaV")),
                            make_lemma("mean of deltaA", centre(start, "deltaA"))}},
        .twins = {{"mean deltaV like B^-1/2", centre(start, "deltaV", half_power, twin_draws),
                   "mean of deltaV"},
                  {"mean deltaA like B^-1/2", centre(start, "deltaA", half_power, twin_draws),
                   "mean of deltaA"},
                  {"alphaA deviates like 1/B", spread(start, "alphaA", whole_power, twin_draws),
                   "spread of alphaA"}},
    };
}

claim bias_claim() {
    const start_on_C start = R0_off_manifold();
    return {
        .id = "scb.training.bias",
        .statement = "the mean of minibatch descent is biased off the reduced dynamics by "
                     "order 1/B in alphaV and alphaA",
        .latex = R"(\mathbb E\,\alpha^{(B)}_n-\alpha_n\propto B^{-1})",
        .from = derived("training follows the population dynamics"),
        .hypotheses = protocol("deltaV, deltaA > 0"),
        .method = "mean over trajectories of the deviation minus its first-order noise; slope of "
                  "its logarithm over three batch sizes",
        .given = {unbiased,
                  "the first-order noise D, D = J D + noise of the step with J the Jacobian along "
                  "the population orbit and noise of conditional mean 0, has mean 0, so the mean "
                  "of what is left is the bias"},
        .expected = outcome::supported,
        .shown_by = all_of{{make_lemma("bias of alphaV", centre(start, "alphaV.remainder")),
                            make_lemma("bias of alphaA", centre(start, "alphaA.remainder"))}},
        .twins = {{"bias of alphaV like B^-1/2",
                   centre(start, "alphaV.remainder", half_power, twin_draws), "bias of alphaV"},
                  {"bias of alphaA like B^-1/2",
                   centre(start, "alphaA.remainder", half_power, twin_draws), "bias of alphaA"}},
    };
}

} // namespace

std::vector<claim> training_claims() { return {noise_claim(), manifold_claim(), bias_claim()}; }

} // namespace flowproof::scb
