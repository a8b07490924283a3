#include "verify/engine/followed.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <stdexcept>

#include "numerics/interval/order.hpp"
#include "numerics/ode/flow_certificate.hpp"
#include "numerics/ode/integrate.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "verify/engine/engine.hpp"

namespace flowproof {

namespace {

using approx::ending;

bool any(const tape& t) { return !t.outputs().empty(); }

/// t over exactly these variables, in this order.
tape over(const tape& t, const std::vector<std::string>& variables) {
    recorder r;
    std::vector<expr> all, inputs;
    for (const std::string& name : variables)
        all.push_back(r.variable(name));
    for (const std::string& name : t.variables()) {
        const auto it = std::find(variables.begin(), variables.end(), name);
        if (it == variables.end())
            throw std::invalid_argument("flow: a tape uses " + name +
                                        ", which is neither a state nor a parameter there");
        inputs.push_back(all[static_cast<std::size_t>(it - variables.begin())]);
    }
    return r.finish(evaluate(t, inputs, embed<expr>{&r}), t.rows(), t.cols());
}

/// The tape's outputs and those of `clock`: 1 = dt/dt.
tape with_clock(const tape& velocity) {
    recorder r;
    std::vector<expr> inputs;
    for (const std::string& name : velocity.variables())
        inputs.push_back(r.variable(name));
    std::vector<expr> outputs = evaluate(velocity, inputs, embed<expr>{&r});
    outputs.push_back(r.constant(rational(1)));
    return r.finish(outputs);
}

std::string short_decimal(const ball& x) {
    return x.is_finite() ? x.midpoint().decimal(8) : "a value that is not finite";
}

/// The failures of both integrators; false for those that each tells in its own words.
template <class Run>
bool common_failure(const Run& end, const ball& duration, const flow_budget& budget,
                    const char* steps, followed::arrival& result) {
    using why = decltype(end.why);
    if (end.why == why::reached) {
        result.failure = "the event does not occur before t = " + short_decimal(duration);
        result.cure = "another start or a later horizon";
    } else if (end.why == why::out_of_steps) {
        result.failure = fmt::format("{} {} lead to t = {} only", budget.max_steps, steps,
                                     short_decimal(end.time));
        result.cure = "a shorter time, or a larger profile of verify";
    } else {
        return false;
    }
    return true;
}

void explain(const approx::trajectory<ball>& end, const ball& duration, const flow_budget& budget,
             followed::arrival& result) {
    if (common_failure(end, duration, budget, "steps", result)) return;
    result.failure =
        (end.why == ending::blow_up ? "the flow blows up near t = "
                                    : "the velocity is not defined at the state reached at t = ") +
        short_decimal(end.time);
    result.cure = "a time before that";
}

void explain(const rigorous::tube<ball>& end, const ball& duration, int digits,
             const flow_budget& budget, followed::arrival& result) {
    if (common_failure(end, duration, budget, "validated steps", result)) return;
    const std::string t = short_decimal(end.time);
    if (end.why == rigorous::ending::unclear) {
        result.failure = fmt::format("with {} digits a step it is not certain near t = {} whether "
                                     "the event occurs",
                                     digits, t);
        result.cure = "more digits: --digits";
    } else if (end.why == rigorous::ending::not_validated) {
        result.failure = "no step can be validated near t = " + t + ": a pole, or too few digits";
        result.cure = "a time before that, or more digits: --digits";
    } else {
        result.failure = "the velocity is not certainly defined on the set reached at t = " + t;
        result.cure = "a time before that";
    }
}

void no_start(const std::string& state, followed::arrival& result) {
    result.failure = "the start of " + state + " is not defined";
    result.cure = "parameters at which the start is defined";
}

} // namespace

void expect_outputs(const tape& t, std::size_t count, const char* what) {
    if (t.outputs().size() != count)
        throw std::invalid_argument(
            fmt::format("flow: {} needs {} output(s), it has {}", what, count, t.outputs().size()));
}

template <class T>
std::vector<T> followed::values(const tape& t, const arguments& at, const std::vector<T>& state,
                                const T* time, const embed<T>& constants) const {
    std::vector<T> result;
    for (const std::string& name : t.variables()) {
        const auto it = std::find(states_.begin(), states_.end(), name);
        const auto i = static_cast<std::size_t>(it - states_.begin());
        if (i < state.size())
            result.push_back(state[i]);
        else if (name == "t" && time != nullptr)
            result.push_back(*time);
        else
            result.push_back(constants(at.scalar(name)));
    }
    return result;
}

followed::followed(const flow_value& request)
    : request_(request), names_(parameters_of(request)), states_(request.states) {
    if (states_.empty()) throw std::invalid_argument("flow: no states");
    expect_outputs(request.velocity, states_.size(), "the velocity");
    expect_outputs(request.start, states_.size(), "the start");
    if (!any(request.observed)) throw std::invalid_argument("flow: nothing is observed");
    parameters_ = names_;
    std::erase(parameters_, "t");
    const bool timed = request.velocity.has_variable("t") || request.until.has_variable("t");
    tape velocity = request.velocity;
    if (timed) states_.emplace_back("t");
    std::vector<std::string> order = states_;
    order.insert(order.end(), parameters_.begin(), parameters_.end());
    velocity = over(velocity, order);
    if (timed) velocity = with_clock(velocity);
    if (any(request.until)) {
        expect_outputs(request.until, 1, "the event");
        expect_outputs(request.horizon, 1, "the horizon of an event");
    }
    velocity_ = velocity;
    if (any(request.until)) event_ = over(request.until, order);
    field_.emplace(velocity_, event_);
    clock_ = timed;
}

void followed::check_domain(const arguments& at) const {
    if (!any(request_.domain)) return;
    const std::vector<ball> x = values<ball>(request_.domain, at, {}, nullptr, embed<ball>{256});
    const domain_answer answer =
        domain_holds(request_.domain, std::span<const relation>(request_.relations),
                     std::span<const ball>(x), embed<ball>{256});
    if (!certainly(answer.holds))
        throw std::invalid_argument("flow: needs " + request_.words[answer.condition] + ", got " +
                                    at.str());
}

void followed::check_domain(const std::vector<side>& box) const {
    if (!any(request_.domain)) return;
    std::vector<interval<double>> x;
    for (const std::string& name : request_.domain.variables()) {
        const auto it =
            std::find_if(box.begin(), box.end(), [&](const side& s) { return s.variable == name; });
        if (it == box.end())
            throw std::invalid_argument("flow: the domain needs a range for " + name);
        x.push_back(convex_hull(interval<double>(it->lower), interval<double>(it->upper)));
    }
    const domain_answer answer =
        domain_holds(request_.domain, std::span<const relation>(request_.relations),
                     std::span<const interval<double>>(x));
    if (!certainly(answer.holds))
        throw std::invalid_argument("flow: needs " + request_.words[answer.condition] +
                                    " for all parameters of the box, which is not certain");
}

ball followed::duration_of(const arguments& at, const embed<ball>& constants) const {
    if (!any(request_.until)) return constants(at.scalar("t"));
    const ball horizon =
        evaluate(request_.horizon, values<ball>(request_.horizon, at, {}, nullptr, constants),
                 constants)
            .front();
    if (!horizon.is_finite())
        throw std::invalid_argument("flow: the horizon is not defined at " + at.str());
    return horizon;
}

followed::setting followed::setting_at(const arguments& at, const embed<ball>& constants) const {
    setting result{evaluate(request_.start,
                            values<ball>(request_.start, at, {}, nullptr, constants), constants),
                   {},
                   duration_of(at, constants),
                   states_.size()};
    if (clock_) result.start.push_back(constants(rational(0)));
    for (const std::string& name : parameters_)
        result.parameters.push_back(constants(at.scalar(name)));
    for (std::size_t i = result.start.size(); i-- > 0;)
        if (!result.start[i].is_finite()) result.undefined = i;
    return result;
}

void followed::observe(const arguments& at, const std::vector<ball>& state, const ball& time,
                       const embed<ball>& constants, arrival& result) const {
    result.observed = evaluate(request_.observed,
                               values(request_.observed, at, state, &time, constants), constants);
    for (const ball& x : result.observed)
        if (!x.is_finite()) {
            result.failure = "an observed number is not defined at t = " + short_decimal(time);
            result.cure = "parameters at which it is defined";
        }
}

followed::arrival followed::follow(const arguments& at, int digits, int order_more,
                                   const flow_budget& budget) const {
    const embed<ball> constants{bits_for_digits(digits) + 32};
    approx::ode_options options;
    options.digits = digits;
    options.bits = constants.bits;
    options.max_steps = budget.max_steps;
    options.stop = budget.stop;
    if (order_more > 0) options.order = approx::default_order<ball>(digits) + order_more;
    const setting problem = setting_at(at, constants);
    arrival result;
    if (problem.undefined < states_.size()) {
        no_start(states_[problem.undefined], result);
        return result;
    }
    const auto end =
        approx::integrate(*field_, problem.start, problem.parameters, problem.duration, options);
    result.steps = end.steps;
    if (end.why == ending::interrupted) throw interrupted{};
    const bool wanted = end.why == (any(request_.until) ? ending::event : ending::reached);
    if (wanted)
        observe(at, end.state, end.time, constants, result);
    else
        explain(end, problem.duration, budget, result);
    return result;
}

followed::enclosed_arrival followed::enclose(const arguments& at, int digits,
                                             const flow_budget& budget) const {
    const embed<ball> constants{bits_for_digits(digits) + 32};
    rigorous::flow_options options;
    options.digits = digits;
    options.max_steps = budget.max_steps;
    options.keep_path = true;
    options.stop = budget.stop;
    const setting problem = setting_at(at, constants);
    enclosed_arrival result;
    if (problem.undefined < states_.size()) {
        no_start(states_[problem.undefined], result);
        return result;
    }
    // An end that is no binary fraction is passed by a rounding and looked back at.
    const ball& asked = problem.duration;
    result.exact_end = any(request_.until) || asked.is_exact();
    const bool backward = asked.midpoint().sign() < 0;
    const ball end = asked.is_exact()
                         ? asked
                         : ball(backward ? asked.lower() : asked.upper(), constants.bits + 64);
    result.run = rigorous::enclose(*field_, problem.start, problem.parameters, end, options);
    const auto& run = result.run;
    result.steps = run.steps;
    if (run.why == rigorous::ending::interrupted) throw interrupted{};
    if (run.why != (any(request_.until) ? rigorous::ending::crossed : rigorous::ending::reached))
        explain(run, end, digits, budget, result);
    else if (result.exact_end)
        observe(at, run.state, run.time, constants, result);
    else
        observe(at, run.over(asked), asked, constants, result);
    return result;
}

rigorous::model_tube followed::over_box(const std::vector<side>& box, const arguments& at,
                                        const rational& duration,
                                        const rigorous::box_options& options) const {
    if (any(request_.until))
        throw std::invalid_argument("flow: over a box of parameters only fixed times are reached, "
                                    "the request has an event");
    std::vector<rigorous::parameter_range> ranges;
    for (const std::string& name : parameters_) {
        const auto it =
            std::find_if(box.begin(), box.end(), [&](const side& s) { return s.variable == name; });
        if (it != box.end())
            ranges.push_back({it->lower, it->upper});
        else
            ranges.push_back({at.scalar(name), at.scalar(name)});
    }
    tape start = over(request_.start, parameters_);
    if (clock_) {
        recorder r;
        std::vector<expr> inputs;
        for (const std::string& name : parameters_)
            inputs.push_back(r.variable(name));
        std::vector<expr> outputs = evaluate(start, inputs, embed<expr>{&r});
        outputs.push_back(r.constant(rational(0)));
        start = r.finish(outputs);
    }
    return rigorous::enclose_over_box(*field_, start, ranges, duration, options);
}

tape followed::observed() const {
    std::vector<std::string> variables = states_;
    variables.insert(variables.end(), parameters_.begin(), parameters_.end());
    if (!clock_) variables.emplace_back("t");
    return over(request_.observed, variables);
}

bool followed::certifiable(const enclosed_arrival& seen) const {
    return seen.failure.empty() && seen.exact_end && request_.start.is_rational() &&
           std::all_of(seen.run.path.begin(), seen.run.path.end(),
                       [](const auto& step) { return step.norm.has_value(); });
}

std::string followed::certificate(const arguments& at, const enclosed_arrival& seen,
                                  const std::vector<std::pair<std::size_t, bounds>>& values) const {
    rigorous::flow_statement statement{velocity_, observed(), {}, {}, {}, {}};
    if (any(request_.until)) statement.event = event_;
    statement.start = evaluate(
        request_.start, this->values<rational>(request_.start, at, {}, nullptr, embed<rational>{}));
    if (clock_) statement.start.emplace_back(0);
    for (const std::string& name : parameters_)
        statement.parameters.push_back(at.scalar(name));
    for (const auto& [output, within] : values)
        statement.values.push_back({output, within.lower, within.upper});
    return rigorous::flow_certificate(statement, seen.run);
}

std::vector<std::vector<double>> followed::along(const arguments& at,
                                                 const std::vector<rational>& times,
                                                 const flow_budget& budget) const {
    if (any(request_.until))
        throw std::invalid_argument("flow: a request with an event has no path in time");
    const embed<double> constants;
    approx::ode_options options;
    options.max_steps = budget.max_steps;
    options.stop = budget.stop;
    options.keep_path = true;
    std::vector<double> start = evaluate(
        request_.start, values<double>(request_.start, at, {}, nullptr, constants), constants);
    if (clock_) start.push_back(0);
    std::vector<double> parameters;
    for (const std::string& name : parameters_)
        parameters.push_back(at.scalar(name).nearest());
    std::vector<std::vector<double>> result(
        times.size(), std::vector<double>(request_.observed.outputs().size(),
                                          std::numeric_limits<double>::quiet_NaN()));
    for (const bool forward : {true, false}) {
        double last = 0;
        for (const rational& t : times)
            last = forward ? std::max(last, t.nearest()) : std::min(last, t.nearest());
        if (!forward && last == 0) continue;
        const auto way = approx::integrate(*field_, start, parameters, last, options);
        if (way.why == ending::interrupted) throw interrupted{};
        for (std::size_t i = 0; i < times.size(); ++i) {
            const double t = times[i].nearest();
            if ((forward ? t < 0 : t >= 0) || std::abs(t) > std::abs(way.time)) continue;
            const std::vector<double> state = t == 0          ? start
                                              : t == way.time ? way.state
                                                              : way.at(t);
            result[i] = evaluate(request_.observed,
                                 values(request_.observed, at, state, &t, constants), constants);
        }
    }
    return result;
}

} // namespace flowproof
