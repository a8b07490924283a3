#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "numerics/ode/ball_integration.hpp"
#include "numerics/ode/flow_request.hpp"

namespace flowproof::rigorous {

namespace {

using approx::mid;
constexpr double infinity = std::numeric_limits<double>::infinity();

arb_srcptr raw(const ball& x) { return static_cast<arb_srcptr>(x.raw()); }

/// log2 of the largest radius relative to the largest component.
double log2_width(const std::vector<ball>& state) {
    double radius = -infinity, size = -infinity;
    for (const ball& y : state) {
        const magnitude r{arb_radref(raw(y))};
        radius = std::max(radius, r.is_finite() ? r.log2() : infinity);
        size = std::max(size, approx::log2_abs(mid(raw(y))));
    }
    if (radius == -infinity) return radius;
    return size == -infinity ? infinity : radius - size;
}

bool complete(const tube<ball>& t) { return t.why == ending::reached || t.why == ending::crossed; }
/// Farther, or as far and narrower.
bool better(const tube<ball>& x, const tube<ball>& y) {
    if (complete(x) != complete(y)) return complete(x);
    if (!complete(x)) {
        const int farther = arf_cmpabs(mid(raw(x.time)), mid(raw(y.time)));
        if (farther != 0) return farther > 0;
    }
    return log2_width(x.state) < log2_width(y.state);
}

} // namespace

template <>
tube<ball> enclose(const vector_field& f, const std::vector<ball>& start,
                   const std::vector<ball>& parameters, const ball& duration,
                   const flow_options& options) {
    constexpr int restarts = 3;
    constexpr int much = 12; // digits lost by the norm for which the frame is worth its time
    // What rounding and truncation lose on the way, as a rule; asking for it is cheaper than a
    // restart.
    constexpr int spare = 6;
    // Bits beyond the digits: what a step rounds is below what it leaves out.
    constexpr slong guard = 6;
    check_request(f, start, parameters, duration, options, 100'000);
    if (!duration.is_exact() && duration.contains_zero())
        throw std::invalid_argument("enclose: need a duration of certain sign, got " +
                                    duration.str(10));
    const double asked = -options.digits * std::log2(10.0);
    const int most_digits = 4 * options.digits + 100;
    const bool wide = std::any_of(start.begin(), start.end(), is_wide) ||
                      std::any_of(parameters.begin(), parameters.end(), is_wide);
    transport how = options.errors != transport::automatic ? options.errors
                    : wide                                 ? transport::frame
                                                           : transport::norm;
    int digits = options.digits + spare;
    std::optional<tube<ball>> best;
    for (int attempt = 0;; ++attempt) {
        const int order = options.order ? options.order : approx::default_order<ball>(digits);
        const slong bits =
            options.bits ? options.bits : static_cast<slong>(digits * std::log2(10.0)) + guard;
        tube<ball> result =
            integration(f, start, parameters, duration, digits, order, bits, how, options).follow();
        if (!best || better(result, *best)) best = std::move(result);
        const double width = log2_width(best->state);
        // Ended early: were it the digits, few would be left of them.
        if (options.bits || wide || width <= (complete(*best) ? asked : 0.25 * asked) ||
            attempt == restarts)
            return std::move(*best);
        const int lost = width < infinity ? static_cast<int>((width - asked) / std::log2(10.0)) + 2
                                          : options.digits;
        if (options.errors == transport::automatic && how == transport::norm && lost > much)
            how = transport::frame; // first see what it loses
        else if (digits + lost > most_digits)
            return std::move(*best);
        else
            digits += lost;
    }
}

} // namespace flowproof::rigorous
