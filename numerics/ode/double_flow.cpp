#include "numerics/ode/double_flow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "numerics/ode/row_values.hpp"
#include "numerics/ode/sign_scan.hpp"
#include "numerics/ode/upper.hpp"
#include "numerics/scalar/evaluate.hpp"

namespace flowproof::rigorous {

namespace {

using real_set = interval<double>;

constexpr int default_order = 32;
/// A state below this is 0, the difference is an error: near the underflow nothing is exact.
constexpr double negligible = 0x1p-850;
/// A step is not tried below this part of what the polynomials alone allow.
constexpr double shortest = 0x1p-12;
/// transport::automatic is a frame up to so many states: it costs as much as the steps themselves.
constexpr std::size_t framed = 32;
constexpr std::int64_t bits = 160; ///< of the coefficients, before they become two doubles
/// What a step may leave out, relative to the state.
constexpr double log2_tolerance = -66;
/// Computed in double_double: coefficients until the rest is below this part of the state.
constexpr double fine_share = 0x1p-19;

/// The centre of an interval and how far its members are from it.
struct centred {
    double_double centre;
    double radius;
};
centred centred_at_middle(const real_set& x) {
    const double_double twice = double_double{x.lower()} + double_double{x.upper()};
    double_double c{twice.high / 2, twice.low / 2};
    if (!std::isfinite(c.high) || !std::isfinite(c.low)) c = {x.midpoint(), 0};
    const real_set rest = x - real_set(c.high) - real_set(c.low);
    return {c, x.is_point() ? 0 : rest.magnitude()};
}
ball ball_of(const double_double& x) {
    return {rational::exactly(x.high) + rational::exactly(x.low), bits};
}
real_set interval_of(const double_double& x) { return real_set(x.high) + real_set(x.low); }
real_set symmetric(double r) {
    return r <= std::numeric_limits<double>::max() ? real_set(-r, r) : real_set::entire();
}

int sign_of(const real_set& x) {
    return x.is_empty() ? 0 : x.lower() > 0 ? 1 : x.upper() < 0 ? -1 : 0;
}

std::vector<enclosed_number> coefficients_at(const taylor_program& program,
                                             const std::vector<real_set>& parameters) {
    std::vector<ball> q;
    for (const real_set& p : parameters)
        q.push_back(ball_of(centred_at_middle(p).centre));
    std::vector<enclosed_number> result;
    for (const ball& c : evaluate<ball>(program.coefficients(), q, embed<ball>{bits}))
        result.push_back(enclosed(c));
    return result;
}

error_frame errors_of(const taylor_program& program, const std::vector<real_set>& start,
                      const std::vector<real_set>& parameters, transport how) {
    if (how == transport::automatic && program.states() > framed) how = transport::norm;
    magnitudes radius, deviation;
    std::vector<real_set> centre;
    for (const real_set& x : start)
        radius.value.push_back(centred_at_middle(x).radius);
    for (const real_set& p : parameters) {
        const centred c = centred_at_middle(p);
        deviation.value.push_back(c.radius);
        centre.push_back(interval_of(c.centre));
    }
    return {program, std::move(centre), radius, deviation, how};
}

} // namespace

double_flow::double_flow(const vector_field& f, const std::vector<real_set>& start,
                         const std::vector<real_set>& parameters, double duration,
                         const flow_options& options)
    : program_(f.program()), options_(options), start_(start), n_(f.states()),
      order_(options.order ? options.order : default_order), duration_(duration), next_(n_),
      model_(bound_to(program_, coefficients_at(program_, parameters), true), order_, order_ / 3),
      errors_(errors_of(program_, start, parameters, options.errors)),
      polynomial_{0, order_, std::vector<real_set>(n_ * (static_cast<std::size_t>(order_) + 1))},
      defect_{std::vector<double>(n_), 0}, shift_{std::vector<double>(n_), 0} {
    for (const real_set& x : start)
        state_.push_back(centred_at_middle(x).centre);
    unit_ = std::copysign(1.0, duration);
    if (program_.event() < 0) return;
    event_start_ =
        row_values(program_, start, parameters)[static_cast<std::size_t>(program_.event())];
    side_ = sign_of(event_start_);
}

/// In units of time, after Jorba and Zou: the last terms, some of which may be 0, against the
/// state.
double double_flow::longest_step() const {
    double largest = 0;
    std::vector<double> weight(n_);
    for (std::size_t i = 0; i < n_; ++i) {
        const double* const c = model_.coefficients(i);
        weight[i] = std::max(std::abs(c[0]), 0x1p-10 * std::max(std::abs(c[1]), std::abs(c[2])));
        largest = std::max(largest, weight[i]);
    }
    double result = std::numeric_limits<double>::infinity();
    int seen = 0;
    for (int k = order_; k > order_ / 2 && seen < 2; --k) {
        double last = 0;
        for (std::size_t i = 0; i < n_; ++i)
            last = std::max(last, std::abs(model_.coefficients(i)[k]) /
                                      std::max(weight[i], 0x1p-20 * largest));
        if (last == 0) continue;
        result = std::min(result, (log2_tolerance - std::log2(last)) / k);
        ++seen;
    }
    return std::exp2(result);
}

/// A step of at most h whose end is a double.
double double_flow::step_to(double h, double& time) const {
    const double left = duration_ - time_;
    if (std::abs(h) >= std::abs(left)) {
        time = duration_;
        return left;
    }
    const double grid = std::ldexp(1.0, std::max(std::ilogb(h) - 20, -1000));
    time = std::trunc((time_ + h) / grid) * grid;
    return time - time_;
}

double_flow::attempt double_flow::move(double h) {
    const double s = h / unit_;
    if (!(s <= 16) || !model_.bound(s)) return attempt::shorter;
    polynomial_.length = h;
    std::size_t place = 0;
    for (std::size_t i = 0; i < n_; ++i) {
        defect_.value[i] = model_.defect(i);
        next_[i] = model_.end(i, shift_.value[i]);
        if (std::abs(next_[i].high) < negligible) {
            shift_.value[i] += 2 * negligible;
            next_[i] = {};
        }
        const double* const c = model_.coefficients(i);
        double power = 1;
        for (int k = 0; k <= order_; ++k, power *= s) {
            const double x = c[k] * power;
            const double error = std::abs(x) * 0x1p-45 + 0x1p-900; // powers, low parts
            polynomial_.coefficients[place++] = real_set(x - error, x + error);
        }
    }
    if (program_.event() >= 0) {
        const value_range g = model_.range(static_cast<std::size_t>(program_.event()));
        before_.reset();
        if (side_ == 0 || !(g.lower > 0 || g.upper < 0)) before_ = errors_;
    }
    switch (errors_.advance(polynomial_, defect_, shift_)) {
    case error_frame::outcome::moved:
        return attempt::moved;
    case error_frame::outcome::undefined:
        return attempt::undefined;
    default:
        return attempt::shorter;
    }
}

/// How far component i may be from its polynomial over the step just made.
double double_flow::deviation(std::size_t i) const {
    const magnitudes& t = errors_.tube();
    return (scaled(upper(t.value[i]), t.exponent) + model_.low_sum(i)).value();
}

void double_flow::keep(double h) {
    tube_step<real_set> step{};
    step.time = real_set(time_);
    step.length = real_set(h);
    step.order = order_;
    const int exponent = std::ilogb(unit_);
    for (std::size_t i = 0; i < n_; ++i) {
        upper off = deviation(i);
        for (int k = 0; k <= order_; ++k) {
            const double own = model_.coefficients(i)[k];
            const double c = std::ldexp(unit_ < 0 && k % 2 ? -own : own, -k * exponent);
            // Beyond the range of doubles: counted as a deviation.
            const bool exact =
                std::isfinite(c) && std::abs(std::ldexp(c, k * exponent)) == std::abs(own);
            step.coefficients.emplace_back(exact ? c : 0.0);
            if (!exact) off += model_.sum(i, k);
        }
        step.deviation.emplace_back(off.value());
    }
    result_.path.push_back(std::move(step));
}

/// s units of time after the beginning of the step.
real_set double_flow::moment(double s) const {
    return real_set(time_) + real_set(s) * real_set(unit_);
}

void double_flow::add_states(double from, double to) {
    std::vector<real_set>& all = result_.state;
    all.resize(n_, real_set::empty());
    for (std::size_t i = 0; i < n_; ++i) {
        const std::span<const double> c(model_.coefficients(i),
                                        static_cast<std::size_t>(order_) + 1);
        all[i] = convex_hull(all[i], range_of(c, real_set(from, to)) + symmetric(deviation(i)));
    }
}

/// Looks for the event's first zero on the step just moved along, whose time is the present one.
double_flow::sight double_flow::watch(double h) {
    const auto row = static_cast<std::size_t>(program_.event());
    if (side_ == 0) { // a zero at time 0, left in a certain direction?
        const int side = sign_of(h > 0 ? errors_.event_rate() : -errors_.event_rate());
        if (side == 0) return sight::side_unknown;
        if (!(side > 0 ? event_start_.lower() >= 0 : event_start_.upper() <= 0))
            return sight::unclear;
        side_ = side;
        return sight::nothing;
    }
    const magnitudes& d = errors_.event_deviation();
    const upper blur =
        scaled(upper(d.value[0]), d.exponent) + model_.remainder(row) + model_.low_sum(row);
    const sign_scan scan({model_.coefficients(row), static_cast<std::size_t>(order_) + 1},
                         blur.value());
    const double s = h / unit_;
    double from = 0;
    if (!crossing_) {
        const value_range all = model_.range(row);
        const double off = blur.value() * (1 + 0x1p-50);
        if (side_ > 0 ? all.lower - off > 0 : all.upper + off < 0) return sight::nothing;
        const std::optional<double> until = scan.lasts(side_, 0, s);
        if (until == s) return sight::nothing;
        from = until.value_or(0);
        if (approach_ == 0 && before_ && from > s * 0x1p-10) { // from nearby, times are sharper
            sooner_ = from * (1 - 0x1p-18);
            return sight::late;
        }
        crossing_ = true;
        result_.time = moment(from);
        result_.state.clear();
    }
    const std::optional<double> to = scan.first(-side_, from, s);
    add_states(from, to.value_or(s));
    if (to) {
        result_.time = convex_hull(result_.time, moment(*to));
        return sight::crossed;
    }
    return scan.sign(s, s) == side_ ? sight::unclear : sight::nothing;
}

tube<real_set> double_flow::end(ending why) {
    result_.why = why;
    if (why == ending::crossed) return std::move(result_);
    if (why == ending::reached && crossing_) result_.why = ending::unclear;
    result_.time = real_set(time_);
    result_.state.clear();
    if (result_.steps == 0) {
        result_.state = start_;
        return std::move(result_);
    }
    const magnitudes r = errors_.radius();
    for (std::size_t i = 0; i < n_; ++i)
        result_.state.push_back(interval_of(state_[i]) +
                                symmetric(scaled(upper(r.value[i]), r.exponent).value()));
    return std::move(result_);
}

/// Coefficients at the present state, in a unit of time near the longest step; 0 if they leave the
/// range of doubles in every unit.
double double_flow::expand() {
    const double left = std::abs(duration_ - time_);
    for (int guess = 0; guess < 60; ++guess) {
        for (std::size_t i = 0; i < n_; ++i)
            model_.set_start(i, state_[i]);
        const double longest =
            model_.expand(unit_) ? std::min(longest_step(), left / std::abs(unit_)) : 0x1p-8;
        if (longest >= 0x1p-4 && longest <= 16) {
            const int fine = fine_orders(longest), was = model_.fine();
            model_.set_fine(fine);
            if (fine > was) model_.expand(unit_);
            return longest;
        }
        if (!(longest > 0)) break;
        unit_ = std::ldexp(unit_, std::clamp(std::ilogb(longest), -1000, 1000));
        if (!(std::abs(unit_) >= 0x1p-500 && std::abs(unit_) <= 0x1p500)) break;
    }
    return 0;
}

/// How many orders a step needs in double_double.
int double_flow::fine_orders(double length) const {
    int fine = 1;
    for (std::size_t i = 0; i < n_; ++i) {
        const double* const c = model_.coefficients(i);
        double size = 0, rest = 0, power = 1;
        for (int k = 0; k <= order_; ++k, power *= length)
            size += std::abs(c[k]) * power;
        int k = order_;
        for (; k >= fine && rest <= fine_share * size; --k)
            rest += std::abs(c[k]) * (power /= length);
        fine = std::max(fine, k + 1);
    }
    return std::min(fine + 1, order_);
}

tube<real_set> double_flow::run() {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr int halvings = 60;
    double allowed = infinity; // a length that was too long a step before
    while (true) {
        if (time_ == duration_) return end(ending::reached);
        if (options_.stop && options_.stop->load(std::memory_order_relaxed))
            return end(ending::interrupted);
        if (result_.steps == options_.max_steps) return end(ending::out_of_steps);
        const double longest = expand();
        if (longest == 0) return end(ending::undefined);
        double h = std::min(longest * std::abs(unit_), allowed);
        allowed = infinity;
        attempt what = attempt::shorter;
        sight seen = sight::nothing;
        double time = time_, length = 0;
        for (int i = 0; i < halvings; ++i) {
            length = step_to(std::copysign(h, duration_), time);
            if (!(std::abs(length) > std::abs(time) * 0x1p-50)) break;
            if (what != attempt::moved && h < shortest * longest * std::abs(unit_)) break;
            what = move(length);
            if (what != attempt::moved) {
                allowed = h;
                h /= 2;
                continue;
            }
            seen = program_.event() < 0 ? sight::nothing : watch(length);
            if (seen != sight::side_unknown && seen != sight::late) break;
            if (seen == sight::late) {
                h = sooner_ * std::abs(unit_);
                allowed = h * 0x1p-8; // of the next step, across the event
                approach_ = 2;
            } else {
                h /= 2;
            }
            errors_ = std::move(*before_);
        }
        if (what != attempt::moved)
            return end(what == attempt::undefined ? ending::undefined : ending::not_validated);
        if (seen == sight::side_unknown) return end(ending::unclear);
        ++result_.steps;
        if (options_.keep_path) keep(length);
        if (seen == sight::crossed) return end(ending::crossed);
        approach_ = std::max(approach_ - 1, 0);
        time_ = time;
        state_ = next_;
        if (seen == sight::unclear) return end(ending::unclear);
    }
}

} // namespace flowproof::rigorous
