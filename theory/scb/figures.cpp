#include "theory/scb/figures.hpp"

#include <string>

#include "theory/scb/claims.hpp"

namespace flowproof::scb {

namespace {

using kind = layer::kind;

arguments instance(const rational& KP, const rational& KQ, const rational& T) {
    return arguments().set("KP", KP).set("KQ", KQ).set("T", T);
}

/// Q_s = 2 equal weights a column, as the experiment scb.training.path has them; K_P = 147/400.
arguments trained_instance(std::int64_t T) {
    return instance({147, 400}, rational(1, 2) - rational(1, T), rational(T));
}

/// "10^4" or "128".
std::string power_label(std::int64_t T) {
    std::int64_t rest = T, exponent = 0;
    for (; rest % 10 == 0; rest /= 10)
        ++exponent;
    return "T = " + (rest == 1 ? "10^" + std::to_string(exponent) : std::to_string(T));
}

// --- two stages ----------------------------------------------------------------------------------

constexpr std::int64_t context_lengths[] = {128, 256, 10'000, 1'000'000, 100'000'000};
constexpr std::int64_t longest_trained = 256;

/// From the 5% to the 95% quantile of twenty runs with steps of 1/8 up to t = 40.
layer training_band(std::int64_t T, const char* statistic, std::string label) {
    arguments at;
    at.set("N", rational(4)).set("T", rational(T)).set("Qs", rational(2));
    at.set("mixing", rational(7, 10)).set("B", rational(512)).set("steps", rational(320));
    at.set("etaV", rational(1, 8)).set("etaA", rational(1, 8));
    layer band{
        kind::band, "", at, std::move(label), {{"t", "time t", rational(0), rational(40), 41}}};
    band.experiment = "scb.training.path";
    band.statistic = statistic;
    band.draws = 20;
    return band;
}

layer flow_curve(std::int64_t T, std::size_t entry, std::string label) {
    layer curve{kind::curve, "scb.flow", trained_instance(T), std::move(label)};
    curve.at.set("alphaV", rational(0)).set("alphaA", rational(0));
    curve.entries = {entry};
    return curve;
}

/// The logistic jump at T = 10^8, as points.
layer jump_points(std::size_t entry, std::string label) {
    layer jump{kind::curve, "scb.escape.jump", trained_instance(100'000'000), std::move(label)};
    jump.entries = {entry};
    jump.as_points = true;
    for (std::int64_t t = 33; t <= 57; t += 3)
        jump.positions.emplace_back(t);
    return jump;
}
/// The drift along the valley at T = 10^4, as points.
layer drift_points(std::size_t entry, std::string label) {
    layer drift{kind::curve,
                "scb.valley.path",
                trained_instance(10'000),
                std::move(label),
                {{"alphaV", "α_V", rational(1), rational(11, 10), 2}}};
    drift.entries = {0, entry};
    drift.as_points = true;
    for (const char* alphaV : {"1.0785", "1.077", "1.072", "1.06", "1.045", "1.03", "1.02"})
        drift.positions.push_back(rational::parse(alphaV));
    return drift;
}

/// Only the first panel's layers have labels, and so a key.
panel stage_panel(axis y, const char* statistic, std::size_t entry) {
    const auto label = [&](const std::string& text) { return entry == 0 ? text : ""; };
    panel result{std::move(y), {}};
    for (const std::int64_t T : context_lengths) {
        if (T <= longest_trained)
            result.layers.push_back(
                training_band(T, statistic, label("training, " + power_label(T))));
        result.layers.push_back(flow_curve(T, entry, label(power_label(T))));
    }
    result.layers.push_back(jump_points(entry, label("logistic jump, 10^8")));
    result.layers.push_back(drift_points(entry + 1, label("drift, 10^4")));
    return result;
}

// --- phase portrait ------------------------------------------------------------------------------

layer orbit_from(const rational& alphaV, const rational& alphaA, const rational& until,
                 std::string label) {
    layer orbit{kind::curve,
                "scb.flow",
                instance({1, 2}, {1, 3}, rational(10)),
                std::move(label),
                {{"t", "time t", rational(0), until, 601}}};
    orbit.at.set("alphaV", alphaV).set("alphaA", alphaA);
    orbit.entries = {0, 1};
    return orbit;
}

/// Between p = 1 and an outer edge, for alphaV in a range.
layer overshoot_region(const rational& low, const rational& high, const rational& edge,
                       std::string label) {
    return {kind::band,
            "scb.overshoot.edges",
            arguments().set("alphaA", edge),
            std::move(label),
            {{"alphaV", "α_V", low, high, 61}}};
}

layer branch(const rational& alphaV, const rational& until) {
    layer side{kind::curve,
               "scb.basin.branch",
               instance({1, 2}, {1, 3}, rational(10)),
               "separatrix",
               {{"t", "time t", rational(0), until, 301}}};
    side.at.set("alphaV", alphaV);
    return side;
}

// --- escape times --------------------------------------------------------------------------------

struct pair_of_signals {
    rational KP, KQ;
    std::string label;
};
const std::vector<pair_of_signals>& signals() {
    static const std::vector<pair_of_signals> all = {{{1, 2}, {1, 3}, "K_P = 1/2, K_Q = 1/3"},
                                                     {{1, 10}, {1, 2}, "K_P = 1/10, K_Q = 1/2"},
                                                     {{3, 5}, {1, 5}, "K_P = 3/5, K_Q = 1/5"}};
    return all;
}

} // namespace

figure two_stages() {
    const axis t{"t", "time t (1 / rate)", rational(1), rational(30'000), 181, true};
    const axis V{"alphaV", "α_V", rational(0), rational(13, 10), 2};
    const axis A{"alphaA", "α_A", rational(0), rational(13, 10), 2};
    const axis E{"E", "excess loss", power(rational(10), -11), rational(1, 5), 2, true};
    return {.id = "scb.two_stage",
            .title = "Escape in time (1/ω) ln T, then a drift of length T: K_P = 0.3675, Q_s = 2",
            .claim = "scb.tau",
            .x = t,
            .panels = {stage_panel(V, "alphaV", 0), stage_panel(A, "alphaA", 1),
                       stage_panel(E, "excess", 2)}};
}

figure phase_portrait() {
    const arguments at = instance({1, 2}, {1, 3}, rational(10));
    const axis x{"alphaV", "α_V, signal strength of V", rational(-1), rational(2), 25};
    const axis y{"alphaA", "α_A, signal strength of A", rational(-2), rational(5, 2), 25};
    const rational nearby(1, 1'000'000);
    return {.id = "scb.phase",
            .title = "Two basins, K_P = 1/2, K_Q = 1/3, T = 10",
            .claim = "scb.basin",
            .x = x,
            .panels = {{y,
                        {overshoot_region(rational(1), rational(2), rational(-2), "α_V ≥ 1, p ≤ 1"),
                         overshoot_region({2, 5}, rational(1), {5, 2}, "0 < α_V ≤ 1, p ≥ 1"),
                         {kind::field, "scb.manifold.flow", at, "velocity"},
                         {kind::curve,
                          "scb.manifold.valley",
                          {},
                          "p = α_V α_A = 1",
                          {{"alphaV", "α_V", rational(2, 5), rational(2), 81}}},
                         {kind::curve,
                          "scb.manifold.valley",
                          {},
                          "p = α_V α_A = 1",
                          {{"alphaV", "α_V", rational(-1), rational(-1, 2), 41}}},
                         branch(nearby, rational(-45)),
                         branch(-nearby, rational(-45)),
                         orbit_from(rational(0), rational(0), rational(60), "from scratch"),
                         orbit_from({17, 10}, {-3, 2}, rational(60), "α_V overshoots"),
                         orbit_from({1, 10}, {19, 10}, rational(150), "α_A overshoots"),
                         orbit_from({-1, 2}, {-1, 2}, rational(60), "lost"),
                         {kind::points, "scb.equilibria.minimum", at, "minimum (1, 1)"},
                         {kind::points, "scb.equilibria.saddle", at, "saddle z*"}}}}};
}

figure escape_times() {
    const axis T{"T", "context length T", rational(100), rational(100'000'000), 61, true};
    panel time{{"tau", "τ_{1/2}", rational(0), rational(90), 2}, {}};
    panel rest{{"residual", "(τ_{1/2} - formula) T^2", rational(0), rational(600), 2}, {}};
    std::vector<rational> decades;
    for (std::int64_t n = 2; n <= 8; ++n)
        decades.push_back(power(rational(10), n));
    for (const auto& [KP, KQ, label] : signals()) {
        const arguments at = arguments().set("KP", KP).set("KQ", KQ).set("theta", rational(1, 2));
        time.layers.push_back({kind::curve, "scb.tau.two_term", at, label});
        layer seen{kind::curve, "scb.tau", at, "flow"};
        seen.at.set("alphaV", rational(0)).set("alphaA", rational(0));
        seen.as_points = true;
        seen.positions = decades;
        time.layers.push_back(std::move(seen));
        layer left{kind::curve, "scb.tau.residual", at, ""};
        left.positions = decades;
        rest.layers.push_back(std::move(left));
    }
    return {.id = "scb.tau",
            .title = "Escape time: (1/ω) ln T and one correction",
            .claim = "scb.tau",
            .x = T,
            .panels = {std::move(time), std::move(rest)}};
}

figure transfer_times() {
    const axis a{
        "alphaV", "initial alignment a = α_V(0)", rational(1, 1'000'000), rational(9, 10), 37,
        true};
    panel time{{"tau", "time to p = 1/2", rational(0), rational(50), 2}, {}};
    for (const std::int64_t T : {100, 10'000, 1'000'000, 100'000'000}) {
        layer flow{kind::curve, "scb.tau", instance({1, 2}, {1, 3}, rational(T)), power_label(T)};
        flow.at.set("theta", rational(1, 2)).set("alphaA", rational(0));
        time.layers.push_back(std::move(flow));
    }
    layer limit{kind::curve, "scb.transfer.time", {}, "closed form, 1/T → 0"};
    limit.at.set("KP", rational(1, 2)).set("KQ", rational(1, 3)).set("theta", rational(1, 2));
    limit.at.set("alphaA", rational(0));
    limit.as_points = true;
    for (std::int64_t n = -6; n <= -1; ++n) {
        limit.positions.push_back(power(rational(10), n));
        limit.positions.push_back(rational(3) * power(rational(10), n));
    }
    time.layers.push_back(std::move(limit));
    return {.id = "scb.transfer",
            .title = "Transfer saves (1/ω) ln(a T ω): K_P = 1/2, K_Q = 1/3",
            .claim = "scb.transfer.time",
            .x = a,
            .panels = {std::move(time)}};
}

std::vector<figure> figures() {
    return {landscape(),      two_stages(),    phase_portrait(), escape_times(),
            transfer_times(), enclosed_flow(), stability()};
}

} // namespace flowproof::scb
