#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <stdexcept>

#include "verify/engine/engines.hpp"
#include "verify/engine/flow.hpp"
#include "verify/engine/followed.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

namespace {

std::string shown(const side& s) {
    if (s.lower == s.upper) return s.variable + " = " + s.lower.str();
    return fmt::format("{} in [{}, {}]", s.variable, s.lower.str(), s.upper.str());
}

void check(const flow_on_box& what) {
    if (what.within.size() != what.of.observed.outputs().size())
        throw std::invalid_argument(
            fmt::format("flow_on_box: needs bounds for each of {} observed outputs, got {}",
                        what.of.observed.outputs().size(), what.within.size()));
    for (const bounds& b : what.within)
        if (b.lower && b.upper && *b.upper < *b.lower)
            throw std::invalid_argument("flow_on_box: needs lower <= upper, got " + printed(b));
    const std::vector<std::string> names = parameters_of(what.of);
    for (const std::string& name : names)
        if (std::none_of(what.box.begin(), what.box.end(),
                         [&](const side& s) { return s.variable == name; }))
            throw std::invalid_argument("flow_on_box: needs a range for " + name);
    for (const side& s : what.box) {
        if (std::find(names.begin(), names.end(), s.variable) == names.end())
            throw std::invalid_argument("flow_on_box: " + s.variable +
                                        " is no parameter of the flow");
        if (s.upper < s.lower)
            throw std::invalid_argument("flow_on_box: needs lower <= upper, got " + shown(s));
        if (s.variable == "t" && s.lower != s.upper)
            throw std::invalid_argument("flow_on_box: t is one time, got " + shown(s));
    }
}

/// Centre and corners of the box; of many sides the centre alone.
std::vector<arguments> points_of(const std::vector<side>& box) {
    std::vector<const side*> wide;
    arguments centre;
    for (const side& s : box) {
        centre.set(s.variable, (s.lower + s.upper) / rational(2));
        if (s.lower != s.upper) wide.push_back(&s);
    }
    std::vector<arguments> result{centre};
    for (std::size_t mask = 0; wide.size() <= 4 && mask < (std::size_t{1} << wide.size()); ++mask) {
        arguments corner = centre;
        for (std::size_t i = 0; i < wide.size(); ++i)
            corner.set(wide[i]->variable, (mask >> i & 1U) != 0 ? wide[i]->upper : wide[i]->lower);
        result.push_back(std::move(corner));
    }
    return result;
}

/// A point of the box at which some output is certainly out of its bounds.
std::optional<counterexample> look_for_counterexample(const flow_on_box& what,
                                                      const engine_context& context) {
    for (const arguments& point : points_of(what.box)) {
        look(context);
        const flow_enclosure e = enclose(flow_request(what.of), point, 20,
                                         {static_cast<std::int64_t>(20'000), context.stop});
        if (!e.failure.empty()) continue;
        for (std::size_t i = 0; i < what.within.size(); ++i) {
            const auto k = static_cast<Eigen::Index>(i);
            const ball& x = e.value(k / e.value.cols(), k % e.value.cols());
            if (certainly_not(lies_within(x.lower(), x.upper(), what.within[i])))
                return counterexample{fmt::format("output {}", i), bindings_of(point),
                                      printed(x, 20), printed(what.within[i])};
        }
    }
    return std::nullopt;
}

std::string why(const rigorous::model_tube& run) {
    using rigorous::ending;
    const std::string t = run.time.decimal(8);
    switch (run.why) {
    case ending::out_of_steps:
        return fmt::format("{} steps lead to t = {} only", run.steps, t);
    case ending::undefined:
        return "the velocity or the start is not certainly defined on the set reached at t = " + t;
    default:
        return fmt::format("with polynomials of degree {} no step can be validated near t = {}",
                           run.degree, t);
    }
}

} // namespace

decision decide_flow_on_box(const flow_on_box& what, const engine_context& context) {
    check(what);
    if (!what.of.neglects.empty())
        throw std::invalid_argument("flow_on_box: the request leaves out " + what.of.neglects);
    const followed flow(what.of);
    arguments at;
    for (const side& s : what.box)
        if (s.lower == s.upper) at.set(s.variable, s.lower);
    flow.check_domain(what.box);
    rigorous::box_options options;
    options.max_steps = static_cast<std::int64_t>(20'000 * work_factor(context.level));
    options.stop = context.stop;
    const auto run = flow.over_box(what.box, at, at.scalar("t"), options);
    if (run.why == rigorous::ending::interrupted) throw interrupted{};

    decision result{verdict::broken("flow_on_box: not decided"), {}};
    certificate& proof = result.proof;
    proof.kind = "flow";
    proof.covers = what.listed.empty() ? coverage::whole : coverage::listed;
    for (const side& s : what.box)
        proof.domain.push_back(shown(s));
    proof.domain.insert(proof.domain.end(), what.listed.begin(), what.listed.end());
    add_payload(proof, "velocity", what.of.velocity.text(), "the declared tape");
    add_payload(proof, "start", what.of.start.text(), "the declared tape");
    add_payload(proof, "observed", what.of.observed.text(), "the declared tape");
    fnv_hash fingerprint;
    fingerprint.add(what.of.velocity.text()).add(what.of.start.text());
    fingerprint.add(what.of.observed.text());
    for (const std::string& words : proof.domain)
        fingerprint.add(words);

    const bool reached = run.why == rigorous::ending::reached;
    const std::vector<interval<double>> seen =
        reached ? rigorous::observe(flow.observed(), run)
                : std::vector<interval<double>>(what.within.size(), interval<double>::entire());
    enclosed evidence{*proof.covers, {}, 53};
    bool all = reached;
    for (std::size_t i = 0; i < what.within.size(); ++i) {
        const bool bounded = !seen[i].is_empty() && seen[i].is_bounded();
        const std::string lower = bounded ? decimal_down(seen[i].lower()) : "-inf",
                          upper = bounded ? decimal_up(seen[i].upper()) : "inf";
        evidence.rows.push_back(
            {fmt::format("output {}", i), lower, upper, printed(what.within[i])});
        fingerprint.add(printed(what.within[i]));
        add_payload(
            proof, fmt::format("output {}", i),
            fmt::format("in [{}, {}]; must lie in {}", lower, upper, printed(what.within[i])),
            "a declared output");
        all = all && bounded &&
              certainly(lies_within(rational::exactly(seen[i].lower()),
                                    rational::exactly(seen[i].upper()), what.within[i]));
    }
    proof.fingerprint = fingerprint.str();
    if (all) {
        result.result = verdict::holds(std::move(evidence));
        return result;
    }
    proof.covers.reset();
    if (auto point = look_for_counterexample(what, context)) {
        result.result = verdict::falls(std::move(*point));
        return result;
    }
    const auto open =
        std::find_if(evidence.rows.begin(), evidence.rows.end(), [&](const enclosed::row& r) {
            const bounds& b = what.within[static_cast<std::size_t>(&r - evidence.rows.data())];
            return r.lower == "-inf" ||
                   !certainly(lies_within(rational::parse(r.lower), rational::parse(r.upper), b));
        });
    result.result = verdict::undecided(
        reached ? fmt::format("{} lies in [{}, {}], by polynomials of degree {}, and neither lies "
                              "in {} nor misses it at the centre or a corner",
                              open->name, open->lower, open->upper, run.degree, open->target)
                : why(run),
        "a smaller box of parameters", std::move(evidence));
    return result;
}

} // namespace flowproof::engine
