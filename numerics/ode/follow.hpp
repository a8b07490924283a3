#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "numerics/ode/integrate.hpp"
#include "numerics/ode/sign_change.hpp"

namespace flowproof::approx {

/// log2 of the longest step whose last two terms stay below 2^log2_tolerance relative to the first
/// coefficient that is not 0 (Jorba, Zou, Experimental Mathematics 14, 2005, section 3.2.1). If the
/// upper half of the coefficients is 0, the solution passes for a polynomial: +infinity.
template <class Size> double log2_step(Size size, int order, double log2_tolerance) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    int first = 0, last = order;
    while (first < order && size(first) == -infinity)
        ++first;
    while (last > order / 2 && size(last) == -infinity)
        --last;
    if (last <= order / 2 || last <= first) return infinity;
    const double start = size(first);
    double radius = infinity;
    for (int k = last; k > std::max(last - 2, first); --k)
        radius = std::min(radius, (start - size(k)) / (k - first));
    return radius + log2_tolerance / (order - first);
}

/// Drives an expansion (double_expansion or ball_expansion, same members) to its end.
template <class Expansion, class T>
trajectory<T> follow(Expansion& flow, bool has_event, const ode_options& options) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr int halvings = 64;
    const double tolerance = -options.digits * std::log2(10.0);
    const double agreed = std::exp2(std::max(tolerance, -1000.0) / 2);
    trajectory<T> result{};
    int side = 0; // of the event, before the present step
    const auto end = [&](ending why) {
        result.why = why;
        result.time = flow.time();
        result.state = flow.state();
        return std::move(result);
    };
    if (flow.log2_left() == -infinity) return end(ending::reached);
    if (!flow.defined()) return end(ending::undefined);
    while (true) {
        if (options.stop && options.stop->load(std::memory_order_relaxed))
            return end(ending::interrupted);
        if (result.steps == options.max_steps) return end(ending::out_of_steps);
        if (!flow.expand()) return end(ending::blow_up);
        double longest = log2_step([&](int k) { return flow.size(k); }, flow.order(), tolerance);
        if (has_event) {
            // The event's polynomial has to hold as far, relative to its largest term.
            const double unit = std::min(longest, flow.log2_left());
            double largest = -infinity;
            for (int k = 0; k <= flow.order() / 2; ++k)
                largest = std::max(largest, flow.event_size(k) + k * unit);
            longest = std::min(
                longest,
                unit + log2_step(
                           [&](int k) { return k == 0 ? largest : flow.event_size(k) + k * unit; },
                           flow.order(), tolerance));
        }
        const double room = flow.log2_left();
        bool last = longest >= room;
        T h = last ? flow.left() : flow.length(longest);
        if (last) longest = room;
        bool crossing = false;
        for (int attempt = 0;; ++attempt) {
            if ((!last && longest < flow.log2_time() - flow.resolution()) || attempt == halvings)
                return end(flow.defined() ? ending::blow_up : ending::undefined);
            T goal = h;
            crossing = false;
            if (has_event) {
                std::vector<double> c = flow.event_polynomial(h);
                if (result.steps == 0) {
                    // A zero at the start does not count: c / u has the other roots.
                    double sum = 0;
                    for (const double x : c)
                        sum += std::abs(x);
                    if (std::abs(c[0]) <= std::exp2(tolerance + 3) * sum) c[0] = 0;
                }
                int zeros = 0;
                while (!c.empty() && c[0] == 0) {
                    c.erase(c.begin());
                    ++zeros;
                }
                if (!c.empty()) {
                    const int now = c[0] > 0 ? 1 : -1;
                    if (side != 0 && now != side) return end(ending::event);
                    if (const auto bracket = first_sign_change(c)) {
                        crossing = true;
                        goal = flow.event_time(c, zeros, bracket->first, bracket->second, h);
                    }
                    side = now;
                }
            }
            if (flow.move(goal) <= agreed) {
                h = goal;
                break;
            }
            flow.undo();
            h = flow.half(h);
            longest -= 1;
            last = false;
        }
        ++result.steps;
        if (options.keep_path) result.path.push_back(flow.step(h));
        if (last && !crossing)
            flow.arrive();
        else
            flow.accept(h);
        if (crossing) return end(ending::event);
        if (last) return end(ending::reached);
    }
}

} // namespace flowproof::approx
