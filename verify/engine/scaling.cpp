#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <stdexcept>

#include "verify/engine/draws.hpp"
#include "verify/engine/engines.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

/// Closed; of the size of a moment or of its logarithm.
struct range {
    double lower, upper;
};

/// One value of the parameter, drawn.
struct point {
    rational value;
    drawn seen;
    range mean; ///< interval of the mean, of squares where a root mean square is asked
    double size() const { return std::abs(seen.all.mean()); }
};

void check(const scaling& what, const experiment& from, const engine_context& context) {
    const auto& v = what.values;
    const bool rising = std::adjacent_find(v.begin(), v.end(), [](const auto& x, const auto& y) {
                            return !(x < y);
                        }) == v.end();
    if (v.size() < 2 || v.front().sign() <= 0 || !rising)
        throw std::invalid_argument(fmt::format(
            "scaling: need two or more positive, increasing values of {}, got {}{}", what.parameter,
            v.size(), v.empty() ? "" : " from " + v.front().str() + " to " + v.back().str()));
    if (what.upper < what.lower)
        throw std::invalid_argument("scaling: need a band with lower <= upper, got [" +
                                    what.lower.str() + ", " + what.upper.str() + "]");
    if (std::none_of(from.parameters.begin(), from.parameters.end(),
                     [&](const parameter& p) { return p.name == what.parameter; }))
        throw std::invalid_argument("scaling: experiment " + from.id + " has no parameter " +
                                    what.parameter);
    if (context.set.has(what.parameter))
        throw std::invalid_argument("scaling (--set): " + what.parameter +
                                    " takes the claim's own values, it cannot be set");
    // The band speaks of the regime that these values fix.
    for (const auto& [name, value] : what.at.all())
        if (context.set.has(name))
            throw std::invalid_argument("scaling (--set): the claim fixes " + name + " = " +
                                        str(value) + ", it cannot be set");
}

/// Least squares of y over x, as weights of the y; and its extremes over a box of y.
struct slope_over {
    std::vector<double> weights;

    explicit slope_over(const std::vector<point>& points) {
        double mean = 0, spread = 0;
        for (const point& p : points)
            weights.push_back(std::log(p.value.nearest()));
        for (const double x : weights)
            mean += x / static_cast<double>(weights.size());
        for (double& x : weights) {
            x -= mean;
            spread += x * x;
        }
        for (double& x : weights)
            x /= spread;
    }
    /// Pushed outward by 1e-12, beyond what rounding of logarithms can do.
    range operator()(const std::vector<range>& box) const {
        range result{-1e-12, 1e-12};
        for (std::size_t i = 0; i < box.size(); ++i) {
            const double a = weights[i] * box[i].lower, b = weights[i] * box[i].upper;
            result.lower += std::min(a, b);
            result.upper += std::max(a, b);
        }
        return result;
    }
};

constexpr int digits = 8; // printed; bounds are rounded outward
std::string printed(double x) { return fmt::format("{:.{}g}", x, digits); }
std::string below(double x) { return decimal_below(rational::exactly(x), digits); }
std::string above(double x) { return decimal_above(rational::exactly(x), digits); }

std::string about(double draws) {
    return draws < 0x1p53 ? fmt::format("needs about {:.2g} draws at each value", draws)
                          : "needs more draws than can be made; another band or statistic";
}

/// Why no logarithm can be taken, and the cure; empty reason if all means have one sign for sure.
struct obstacle {
    std::string reason, cure;
};
obstacle sign_obstacle(const scaling& what, const std::vector<point>& points, std::uint64_t draws) {
    const auto named = [&](const point& p) { return what.parameter + " = " + p.value.str(); };
    const point *positive = nullptr, *negative = nullptr, *open = nullptr;
    for (const point& p : points) {
        if (!p.seen.successes && !p.seen.varies())
            return {fmt::format("every draw at {} gave {}, so that the interval of the mean has no "
                                "spread to rest on",
                                named(p), printed(p.seen.all.mean())),
                    "a statistic that varies, or an exact check"};
        (p.mean.lower > 0 ? positive : p.mean.upper < 0 ? negative : open) = &p;
    }
    if (positive != nullptr && negative != nullptr)
        return {fmt::format("the mean is positive at {} and negative at {}: no power law",
                            named(*positive), named(*negative)),
                "values at which the mean has one sign"};
    if (open != nullptr) {
        const double width = (open->mean.upper - open->mean.lower) / 2;
        const double ratio = 2 * width / open->size(); // half the distance from 0 remains
        return {fmt::format("at {} the interval [{}, {}] of the mean contains 0", named(*open),
                            below(open->mean.lower), above(open->mean.upper)),
                about(static_cast<double>(draws) * ratio * ratio)};
    }
    return {};
}

} // namespace

decision decide_scaling(const scaling& what, const engine_context& context) {
    const experiment& from = find_experiment("scaling", what.experiment, context);
    const std::size_t statistic = find_statistic("scaling", from, what.statistic);
    check(what, from, context);
    const std::uint64_t draws = draws_of("scaling", what.draws, context.level);
    const arguments at = arguments_of("scaling", from, what.at, context);
    const bool squared = what.of == scaling::moment::root_mean_square;
    const double share = what.level / static_cast<double>(what.values.size());

    scaled evidence{.experiment = from.id,
                    .statistic = what.statistic,
                    .moment = squared ? "root mean square" : "mean",
                    .parameter = what.parameter,
                    .points = {},
                    .slope = {},
                    .lower = {},
                    .upper = {},
                    .band_lower = what.lower.str(),
                    .band_upper = what.upper.str(),
                    .level = what.level,
                    .draws = draws,
                    .seed = context.seed,
                    .method = {}};
    certificate proof;
    proof.kind = "sample";
    proof.domain.push_back(from.id + " at " + at.str());
    fnv_hash fingerprint;
    fingerprint.add(from.id).add(what.statistic).add(evidence.moment).add(at.str());
    fingerprint.add(what.parameter).add(what.lower.str()).add(what.upper.str());
    add_payload(proof, "experiment", from.id + ", " + evidence.moment + " of " + what.statistic,
                "");
    add_payload(proof, "at", at.str(), "the experiment's arguments");
    add_payload(proof, "band", "[" + what.lower.str() + ", " + what.upper.str() + "]", "");
    add_payload(proof, "draws", fmt::format("{} at each value with seed {}", draws, context.seed),
                "");

    std::vector<point> points;
    std::vector<range> logarithms;
    for (const rational& value : what.values) {
        const std::string name = what.parameter + " = " + value.str();
        arguments here = at;
        here.set(what.parameter, value);
        point p{value,
                draw_all("scaling", from, here, statistic,
                         squared ? power_of::square : power_of::statistic, draws,
                         derived_seed(context.seed, name), context),
                {}};
        const stats::interval_estimate interval = interval_of_mean(p.seen, share);
        p.mean = {interval.lower, interval.upper};
        const auto unit = [&](double x) { return squared ? std::sqrt(std::max(x, 0.0)) : x; };
        evidence.points.push_back({value.str(), printed(unit(p.seen.all.mean())),
                                   below(unit(interval.lower)), above(unit(interval.upper))});
        evidence.method = stats::name(interval.method);
        fingerprint.add(value.str());
        add_payload(proof, name, evidence.points.back().moment, "");
        points.push_back(std::move(p));
    }
    proof.fingerprint = fingerprint.str();

    if (auto [reason, cure] = sign_obstacle(what, points, draws); !reason.empty())
        return {verdict::undecided(std::move(reason), std::move(cure), std::move(evidence)),
                std::move(proof)};
    const double power = squared ? 0.5 : 1;
    double slope = 0;
    const slope_over fit(points);
    for (std::size_t i = 0; i < points.size(); ++i) {
        const point& p = points[i];
        const double low = std::min(std::abs(p.mean.lower), std::abs(p.mean.upper)),
                     high = std::max(std::abs(p.mean.lower), std::abs(p.mean.upper));
        logarithms.push_back({power * std::log(low), power * std::log(high)});
        slope += fit.weights[i] * power * std::log(p.size());
    }
    const range found = fit(logarithms);
    evidence.slope = printed(slope);
    evidence.lower = below(found.lower);
    evidence.upper = above(found.upper);
    add_payload(proof, "slope", evidence.slope, "");

    const rational lower = rational::exactly(found.lower), upper = rational::exactly(found.upper);
    if (what.lower <= lower && upper <= what.upper)
        return {verdict::holds(std::move(evidence)), std::move(proof)};
    if (upper < what.lower || what.upper < lower)
        return {verdict::falls(std::move(evidence)), std::move(proof)};
    const double edge =
        std::min(std::abs(slope - what.lower.nearest()), std::abs(slope - what.upper.nearest()));
    const double ratio = (found.upper - found.lower) / 2 / edge;
    std::string reason = fmt::format(
        "the slope's interval [{}, {}] of {} draws at each value crosses an edge of [{}, {}]",
        evidence.lower, evidence.upper, draws, evidence.band_lower, evidence.band_upper);
    return {verdict::undecided(std::move(reason), about(static_cast<double>(draws) * ratio * ratio),
                               std::move(evidence)),
            std::move(proof)};
}

} // namespace flowproof::engine
