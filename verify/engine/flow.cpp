#include "verify/engine/flow.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <stdexcept>

#include "numerics/scalar/evaluate.hpp"
#include "verify/engine/followed.hpp"

namespace flowproof {

namespace {

constexpr int finer_digits = 8, finer_order = 4;

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
            if (rational(2) * (high - low) <= width || since_halved > 3) {
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
