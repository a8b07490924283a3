#include "verify/engine/flow.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <stdexcept>

#include "numerics/ode/integrate.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "verify/engine/engine.hpp"

namespace flowproof {

namespace {

using approx::ending;

constexpr int finer_digits = 8, finer_order = 4;

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

void expect_outputs(const tape& t, std::size_t count, const char* what) {
    if (t.outputs().size() != count)
        throw std::invalid_argument(
            fmt::format("flow: {} needs {} output(s), it has {}", what, count, t.outputs().size()));
}

std::string short_decimal(const ball& x) {
    return x.is_finite() ? x.midpoint().decimal(8) : "a value that is not finite";
}

/// A request whose tapes are put in order once, to be followed at many parameters.
class followed {
public:
    explicit followed(const flow_value& request)
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

    const std::vector<std::string>& names() const { return names_; }

    void check_domain(const arguments& at) const {
        if (!any(request_.domain)) return;
        const std::vector<ball> x =
            values<ball>(request_.domain, at, {}, nullptr, embed<ball>{256});
        const domain_answer answer =
            domain_holds(request_.domain, std::span<const relation>(request_.relations),
                         std::span<const ball>(x), embed<ball>{256});
        if (!certainly(answer.holds))
            throw std::invalid_argument("flow: needs " + request_.words[answer.condition] +
                                        ", got " + at.str());
    }

    struct arrival {
        std::vector<ball> observed;
        std::string failure, cure;
        std::int64_t steps = 0;
    };

    arrival follow(const arguments& at, int digits, int order_more,
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
            evaluate(request_.observed,
                     values(request_.observed, at, end.state, &end.time, constants), constants);
        for (const ball& x : result.observed)
            if (!x.is_finite()) {
                result.failure =
                    "an observed number is not defined at t = " + short_decimal(end.time);
                result.cure = "parameters at which it is defined";
            }
        return result;
    }

    std::vector<std::vector<double>> along(const arguments& at, const std::vector<rational>& times,
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
                result[i] =
                    evaluate(request_.observed, values(request_.observed, at, state, &t, constants),
                             constants);
            }
        }
        return result;
    }

private:
    /// One value per variable of t: states, time, parameters.
    template <class T>
    std::vector<T> values(const tape& t, const arguments& at, const std::vector<T>& state,
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

    ball duration_of(const arguments& at, const embed<ball>& constants) const {
        if (!any(request_.until)) return constants(at.scalar("t"));
        const ball horizon =
            evaluate(request_.horizon, values<ball>(request_.horizon, at, {}, nullptr, constants),
                     constants)
                .front();
        if (!horizon.is_finite())
            throw std::invalid_argument("flow: the horizon is not defined at " + at.str());
        return horizon;
    }

    void explain(const approx::trajectory<ball>& end, const ball& duration,
                 const flow_budget& budget, arrival& result) const {
        const std::string t = short_decimal(end.time);
        switch (end.why) {
        case ending::reached:
            result.failure = "the event does not occur before t = " + short_decimal(duration);
            result.cure = "another start or a later horizon";
            break;
        case ending::out_of_steps:
            result.failure = fmt::format("{} steps lead to t = {} only", budget.max_steps, t);
            result.cure = "a shorter time, or a larger profile";
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

    const flow_value& request_;
    std::vector<std::string> names_, states_, parameters_;
    std::optional<vector_field> field_;
    bool clock_ = false;
};

rational magnitude(const ball& x) { return std::max(abs(x.lower()), abs(x.upper())); }

void require_values(const std::vector<std::string>& names, const arguments& at) {
    for (const std::string& name : names)
        at.scalar(name);
}

/// value of the second, error from both: never below what a step was asked for, so that two runs
/// that agree by chance do not pass for exact.
flow_estimate compared(const flow_value& request, const std::vector<ball>& coarse,
                       const std::vector<ball>& fine, int digits) {
    const auto rows = static_cast<Eigen::Index>(request.observed.rows());
    const auto cols = static_cast<Eigen::Index>(request.observed.cols());
    flow_estimate result{matrix<rational>(rows, cols), matrix<rational>(rows, cols)};
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index j = 0; j < cols; ++j) {
            const auto k = static_cast<std::size_t>(i * cols + j);
            result.value(i, j) = fine[k].midpoint();
            result.error(i, j) = magnitude(fine[k] - coarse[k]) + fine[k].radius() +
                                 abs(result.value(i, j)) * power(rational(10), -digits);
        }
    return result;
}

flow_estimate estimate_value(const flow_value& request, const arguments& at, int digits,
                             const flow_budget& budget) {
    const followed flow(request);
    require_values(flow.names(), at);
    flow.check_domain(at);
    const auto coarse = flow.follow(at, digits, 0, budget);
    if (!coarse.failure.empty()) return {{}, {}, coarse.failure, coarse.cure, coarse.steps, digits};
    const auto fine = flow.follow(at, digits + finer_digits, finer_order, budget);
    if (!fine.failure.empty())
        return {{}, {}, fine.failure, fine.cure, fine.steps, digits + finer_digits};
    flow_estimate result = compared(request, coarse.observed, fine.observed, digits);
    result.steps = fine.steps;
    result.digits = digits + finer_digits;
    return result;
}

/// Finds where the first observed output changes sign, each evaluation to the same digits.
class root_search {
public:
    root_search(const followed& flow, const std::string& parameter, const arguments& at, int digits,
                int order_more, const flow_budget& budget)
        : flow_(flow), parameter_(parameter), at_(at), digits_(digits), order_more_(order_more),
          budget_(budget), bits_(bits_for_digits(digits) + 32) {}

    std::string failure, cure;
    std::int64_t steps = 0;

    /// A bracket of relative width 10^-digits in [low, high], which must have different signs.
    bool find(rational low, rational high) {
        auto f_low = value(low), f_high = value(high);
        if (!f_low || !f_high) return false;
        if (f_low->sign() * f_high->sign() > 0) {
            failure = fmt::format("no change of sign between {} = {} and {}", parameter_,
                                  low.decimal(10), high.decimal(10));
            cure = "parameters for which the bracket holds a root";
            return false;
        }
        // Secant steps kept inside the bracket (Illinois), with a bisection whenever three of them
        // have not halved it.
        rational width = high - low;
        int since_halved = 0, side = 0;
        while (!f_low->is_zero() && !f_high->is_zero()) {
            const rational scale = std::max(abs(low), abs(high));
            if (high - low <= scale * power(rational(10), -digits_)) break;
            rational next = (low + high) / rational(2);
            if (since_halved < 3) {
                const rational secant = (low * *f_high - high * *f_low) / (*f_high - *f_low);
                const rational margin = scale * power(rational(10), -digits_) / rational(3);
                next = std::clamp(rounded(secant), low + margin, high - margin);
            } else {
                next = rounded(next);
            }
            auto f_next = value(next);
            if (!f_next) return false;
            if (f_next->sign() * f_low->sign() > 0) {
                low = next;
                f_low = f_next;
                if (side == -1) f_high = *f_high / rational(2);
                side = -1;
            } else {
                high = next;
                f_high = f_next;
                if (side == 1) f_low = *f_low / rational(2);
                side = 1;
            }
            ++since_halved;
            if (rational(2) * (high - low) <= width) {
                width = high - low;
                since_halved = 0;
            } else if (since_halved > 3) {
                width = high - low;
                since_halved = 0;
            }
        }
        if (f_low->is_zero()) high = low;
        if (f_high->is_zero()) low = high;
        low_ = low;
        high_ = high;
        return true;
    }

    rational root() const { return (low_ + high_) / rational(2); }
    rational half_width() const { return (high_ - low_) / rational(2); }

private:
    rational rounded(const rational& x) const { return ball(x, bits_).midpoint(); }

    std::optional<rational> value(const rational& x) {
        arguments here = at_;
        here.set(parameter_, x);
        flow_.check_domain(here);
        const auto seen = flow_.follow(here, digits_, order_more_, budget_);
        steps = seen.steps;
        if (!seen.failure.empty()) {
            failure = fmt::format("at {} = {}: {}", parameter_, x.decimal(10), seen.failure);
            cure = seen.cure;
            return std::nullopt;
        }
        return seen.observed.front().midpoint();
    }

    const followed& flow_;
    const std::string& parameter_;
    const arguments& at_;
    int digits_, order_more_;
    const flow_budget& budget_;
    std::int64_t bits_;
    rational low_, high_;
};

rational bracket_end(const tape& end, const arguments& at, int digits) {
    expect_outputs(end, 1, "an end of the bracket");
    const embed<ball> constants{bits_for_digits(digits) + 32};
    std::vector<ball> inputs;
    for (const std::string& name : end.variables())
        inputs.push_back(constants(at.scalar(name)));
    const ball x = evaluate(end, inputs, constants).front();
    if (!x.is_finite())
        throw std::invalid_argument("flow: an end of the bracket is not defined at " + at.str());
    return x.midpoint();
}

flow_estimate estimate_root(const flow_root& request, const arguments& at, int digits,
                            const flow_budget& budget) {
    const followed flow(request.of);
    require_values(parameters_of(request), at);
    const rational low = bracket_end(request.low, at, digits);
    const rational high = bracket_end(request.high, at, digits);
    if (!(low < high))
        throw std::invalid_argument("flow: needs low < high, got the bracket [" + low.decimal(10) +
                                    ", " + high.decimal(10) + "] at " + at.str());
    root_search coarse(flow, request.parameter, at, digits, 0, budget);
    if (!coarse.find(low, high)) return {{}, {}, coarse.failure, coarse.cure, coarse.steps, digits};
    const int more = digits + finer_digits;
    root_search fine(flow, request.parameter, at, more, finer_order, budget);
    const rational margin =
        std::max(coarse.half_width(), abs(coarse.root()) * power(rational(10), -digits)) *
        rational(1000);
    const bool near =
        fine.find(std::max(low, coarse.root() - margin), std::min(high, coarse.root() + margin));
    if (!near && !fine.find(low, high)) return {{}, {}, fine.failure, fine.cure, fine.steps, more};
    flow_estimate result{matrix<rational>(1, 1), matrix<rational>(1, 1)};
    result.value(0, 0) = fine.root();
    result.error(0, 0) = abs(fine.root() - coarse.root()) + fine.half_width() +
                         abs(fine.root()) * power(rational(10), -digits);
    result.steps = fine.steps;
    result.digits = more;
    return result;
}

} // namespace

flow_estimate estimate(const flow_request& request, const arguments& at, int digits,
                       const flow_budget& budget) {
    if (const auto* value = std::get_if<flow_value>(&request))
        return estimate_value(*value, at, digits, budget);
    return estimate_root(std::get<flow_root>(request), at, digits, budget);
}

std::vector<std::vector<double>> evaluate_along(const flow_value& request, const arguments& at,
                                                const std::vector<rational>& times,
                                                const flow_budget& budget) {
    const followed flow(request);
    for (const std::string& name : flow.names())
        if (name != "t") at.scalar(name);
    return flow.along(at, times, budget);
}

} // namespace flowproof
