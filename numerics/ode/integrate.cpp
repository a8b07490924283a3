#include "numerics/ode/integrate.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <stdexcept>
#include <string>

#include "numerics/ode/ball_expansion.hpp"
#include "numerics/ode/double_expansion.hpp"
#include "numerics/ode/follow.hpp"

namespace flowproof::approx {

namespace {

[[noreturn]] void refuse(const std::string& rule, const std::string& got) {
    throw std::invalid_argument("integrate: need " + rule + ", got " + got);
}

bool finite(double x) { return std::isfinite(x); }
bool finite(const ball& x) { return x.is_finite(); }

void check_range(const char* what, std::int64_t value, std::int64_t low, std::int64_t high) {
    if (value < low || value > high)
        refuse(std::string(what) + " from " + std::to_string(low) + " to " + std::to_string(high),
               std::to_string(value));
}

template <class T>
void check(const vector_field& f, const std::vector<T>& start, const std::vector<T>& parameters,
           const T& duration, const ode_options& options) {
    if (start.size() != f.states())
        refuse(std::to_string(f.states()) + " values for the states", std::to_string(start.size()));
    if (parameters.size() != f.parameters())
        refuse(std::to_string(f.parameters()) + " values for the parameters",
               std::to_string(parameters.size()));
    const auto all_finite = [](const std::vector<T>& x, const char* what) {
        for (std::size_t i = 0; i < x.size(); ++i)
            if (!finite(x[i]))
                refuse(std::string("finite ") + what,
                       "one that is not at position " + std::to_string(i));
    };
    all_finite(start, "start values");
    all_finite(parameters, "parameters");
    if (!finite(duration)) refuse("a finite duration", "one that is not");
    check_range("digits", options.digits, 1, std::same_as<T, double> ? 15 : 100'000);
    if (options.order != 0)
        check_range("order 0 or", options.order, 4, std::same_as<T, double> ? 200 : 200'000);
    if (options.bits != 0) check_range("bits 0 or", options.bits, 16, 1 << 24);
    if (options.max_steps < 0) refuse("max_steps >= 0", std::to_string(options.max_steps));
}

bool before(double x, double y) { return x < y; }
bool before(const ball& x, const ball& y) { return x.midpoint() < y.midpoint(); }
double difference(double x, double y) { return x - y; }
ball difference(const ball& x, const ball& y) {
    const ball d = x - y;
    return {d.midpoint(), std::max<std::int64_t>(d.bits(), 64)};
}
double evaluate_at(const double* c, int n, double s) {
    double p = c[n];
    for (int k = n - 1; k >= 0; --k)
        p = p * s + c[k];
    return p;
}
ball evaluate_at(const ball* c, int n, const ball& s) { return horner(c, n, s, c[0].bits()); }

} // namespace

std::string_view name(ending e) {
    switch (e) {
    case ending::reached:
        return "reached";
    case ending::event:
        return "event";
    case ending::out_of_steps:
        return "out of steps";
    case ending::blow_up:
        return "blow-up";
    case ending::undefined:
        return "undefined";
    case ending::interrupted:
        return "interrupted";
    }
    return "";
}

template <class T> std::vector<T> trajectory<T>::at(const T& t) const {
    if (finite(t) && !before(t, time) && !before(time, t)) return state;
    if (path.empty())
        throw std::invalid_argument("trajectory::at: no path was kept; set ode_options::keep_path");
    const T zero(0);
    const bool forward = before(zero, time);
    const T &low = forward ? zero : time, &high = forward ? time : zero;
    if (!finite(t) || before(t, low) || before(high, t))
        throw std::invalid_argument("trajectory::at: need a time between 0 and the end");
    const auto after =
        std::upper_bound(path.begin(), path.end(), t, [&](const T& x, const taylor_step<T>& step) {
            return forward ? before(x, step.time) : before(step.time, x);
        });
    const taylor_step<T>& step = after == path.begin() ? path.front() : *(after - 1);
    const T s = difference(t, step.time);
    const auto stride = static_cast<std::size_t>(step.order) + 1;
    std::vector<T> result;
    for (std::size_t i = 0; i < state.size(); ++i)
        result.push_back(evaluate_at(step.coefficients.data() + i * stride, step.order, s));
    return result;
}

template <> int default_order<double>(int digits) { return digits * 8 / 5 + 4; }
template <> int default_order<ball>(int digits) { return digits * 3 / 2 + 8; }

template <class T>
trajectory<T> integrate(const vector_field& f, const std::vector<T>& start,
                        const std::vector<T>& parameters, const T& duration,
                        const ode_options& options) {
    check(f, start, parameters, duration, options);
    if constexpr (std::same_as<T, double>) {
        const int order = options.order ? options.order : default_order<double>(options.digits);
        double_expansion flow(f, parameters, start, duration, order);
        return follow<double_expansion, T>(flow, f.has_event(), options);
    } else {
        const int order = options.order ? options.order : default_order<ball>(options.digits);
        const auto asked = static_cast<std::int64_t>(std::ceil(options.digits * std::log2(10.0)));
        ball_expansion flow(f, parameters, start, duration, order,
                            options.bits ? options.bits : asked + 25);
        return follow<ball_expansion, T>(flow, f.has_event(), options);
    }
}

template struct trajectory<double>;
template struct trajectory<ball>;
template trajectory<double> integrate(const vector_field&, const std::vector<double>&,
                                      const std::vector<double>&, const double&,
                                      const ode_options&);
template trajectory<ball> integrate(const vector_field&, const std::vector<ball>&,
                                    const std::vector<ball>&, const ball&, const ode_options&);

} // namespace flowproof::approx
