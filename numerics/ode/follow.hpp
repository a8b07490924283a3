#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "numerics/ode/integrate.hpp"
#include "numerics/ode/sign_change.hpp"

namespace flowproof::approx {

/// What the coefficients of a component are compared with: its value, but at least these parts of
/// its derivatives in the unit of time and of the largest component. So a zero of one component
/// costs little, and one that ought to vanish does not shrink the steps. The event is compared
/// with the largest coefficient of the lower half.
namespace relative_to {
inline constexpr double derivatives = 0x1p-10, others = 0x1p-20;
}

/// log2 of the longest step whose last two terms are below 2^log2_tolerance (Jorba, Zou, A software
/// package for the numerical integration of ODEs by means of high-order Taylor methods,
/// Experimental Mathematics 14, 2005). If the upper half of the coefficients is 0, the solution
/// passes for a polynomial: +infinity.
template <class Expansion> double log2_step(const Expansion& flow, double log2_tolerance) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    int last = flow.order();
    double size = flow.size(last);
    while (size == -infinity) {
        if (--last <= flow.order() / 2) return infinity;
        size = flow.size(last);
    }
    const double radius = std::min(-size / last, -flow.size(last - 1) / (last - 1));
    return flow.unit() + radius + log2_tolerance / last;
}

/// Drives an expansion (double_expansion or ball_expansion, same members) to its end.
template <class Expansion, class T>
trajectory<T> follow(Expansion& flow, bool has_event, const ode_options& options) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr int halvings = 64;
    const double asked = -options.digits * std::log2(10.0);
    const double tolerance = asked - 5; // terms left out stay below what is asked
    const double agreed = std::exp2(std::max(asked, -1000.0) / 2);
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
        double longest = log2_step(flow, tolerance);
        if (longest > flow.reach() || longest < flow.unit() - 4) {
            // Only the first step, as a rule: the unit was a guess.
            flow.set_unit(longest);
            if (!flow.expand()) return end(ending::blow_up);
            longest = log2_step(flow, tolerance);
        }
        const double unit = longest; // of the next step, if this one is not halved
        longest = std::min(longest, flow.limit());
        const double room = flow.log2_left();
        bool last = longest >= room;
        T h = last ? flow.left() : flow.length(longest);
        if (last) longest = room;
        bool crossing = false, halved = false;
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
                    if (std::abs(c[0]) <= std::exp2(asked + 3) * sum) c[0] = 0;
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
            halved = true;
        }
        ++result.steps;
        if (options.keep_path) result.path.push_back(flow.step(h));
        if (std::isfinite(longest)) flow.set_unit(halved ? longest : unit);
        if (last && !crossing)
            flow.arrive();
        else
            flow.accept(h);
        if (crossing) return end(ending::event);
        if (last) return end(ending::reached);
    }
}

} // namespace flowproof::approx
