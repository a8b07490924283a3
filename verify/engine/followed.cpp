#include "verify/engine/followed.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <stdexcept>

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

void explain(const approx::trajectory<ball>& end, const ball& duration, const flow_budget& budget,
             followed::arrival& result) {
    const std::string t = short_decimal(end.time);
    switch (end.why) {
    case ending::reached:
        result.failure = "the event does not occur before t = " + short_decimal(duration);
        result.cure = "another start or a later horizon";
        break;
    case ending::out_of_steps:
        result.failure = fmt::format("{} steps lead to t = {} only", budget.max_steps, t);
        result.cure = "a shorter time, or a larger profile of verify";
        break;
    case ending::blow_up:
        result.failure = "the flow blows up near t = " + t;
        result.cure = "a time before that";
        break;
    default:
        result.failure = "the velocity is not defined at the state reached at t = " + t;
        result.cure = "a time before that";
    }
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
    field_.emplace(velocity, any(request.until) ? over(request.until, order) : tape{});
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

followed::arrival followed::follow(const arguments& at, int digits, int order_more,
                                   const flow_budget& budget) const {
    const embed<ball> constants{bits_for_digits(digits) + 32};
    approx::ode_options options;
    options.digits = digits;
    options.bits = constants.bits;
    options.max_steps = budget.max_steps;
    options.stop = budget.stop;
    if (order_more > 0) options.order = approx::default_order<ball>(digits) + order_more;
    std::vector<ball> start = evaluate(
        request_.start, values<ball>(request_.start, at, {}, nullptr, constants), constants);
    if (clock_) start.push_back(constants(rational(0)));
    std::vector<ball> parameters;
    for (const std::string& name : parameters_)
        parameters.push_back(constants(at.scalar(name)));
    arrival result;
    for (std::size_t i = 0; i < start.size(); ++i)
        if (!start[i].is_finite()) {
            result.failure = "the start of " + states_[i] + " is not defined";
            result.cure = "parameters at which the start is defined";
            return result;
        }
    const ball duration = duration_of(at, constants);
    const auto end = approx::integrate(*field_, start, parameters, duration, options);
    result.steps = end.steps;
    if (end.why == ending::interrupted) throw interrupted{};
    const bool wanted = end.why == (any(request_.until) ? ending::event : ending::reached);
    if (!wanted) {
        explain(end, duration, budget, result);
        return result;
    }
    result.observed =
        evaluate(request_.observed, values(request_.observed, at, end.state, &end.time, constants),
                 constants);
    for (const ball& x : result.observed)
        if (!x.is_finite()) {
            result.failure = "an observed number is not defined at t = " + short_decimal(end.time);
            result.cure = "parameters at which it is defined";
        }
    return result;
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
