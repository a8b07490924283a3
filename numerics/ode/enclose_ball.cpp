#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "numerics/ode/enclose.hpp"
#include "numerics/ode/event_scan.hpp"
#include "numerics/ode/flow_request.hpp"
#include "numerics/ode/follow.hpp"
#include "numerics/ode/frame_step.hpp"
#include "numerics/ode/norm_step.hpp"
#include "numerics/ode/set_series.hpp"
#include "numerics/scalar/evaluate.hpp"

namespace flowproof::rigorous {

namespace {

using approx::mid;
constexpr double infinity = std::numeric_limits<double>::infinity();

arb_srcptr raw(const ball& x) { return static_cast<arb_srcptr>(x.raw()); }
arb_ptr raw(ball& x) { return static_cast<arb_ptr>(x.raw()); }

ball exact(const arf_t x, slong bits) {
    ball result = ball(0).with_bits(bits);
    arf_set(mid(raw(result)), x);
    return result;
}
ball exact(const magnitude& x, slong bits) {
    ball result = ball(0).with_bits(bits);
    arf_set_mag(mid(raw(result)), x.raw());
    return result;
}
std::vector<interval<double>> doubles(const std::vector<ball>& x) {
    std::vector<interval<double>> result;
    for (const ball& b : x)
        result.push_back(in_doubles(raw(b)));
    return result;
}
ball around(const interval<double>& x, slong bits) {
    return ball::hull(rational::exactly(x.lower()), rational::exactly(x.upper()), bits);
}

/// Is the radius more than rounding? Then errors remember what they owe to this parameter.
bool is_wide(const ball& x) { return !x.is_exact() && x.relative_accuracy_bits() < 48; }
std::vector<ball> centres(const std::vector<ball>& x) {
    std::vector<ball> result;
    for (const ball& b : x)
        result.push_back(is_wide(b) ? exact(mid(raw(b)), b.bits()) : b);
    return result;
}

/// An integration at one precision.
class integration {
public:
    integration(const vector_field& f, const std::vector<ball>& start,
                const std::vector<ball>& parameters, const ball& duration, int digits, int order,
                slong bits, transport how, const flow_options& options)
        : options_(options), tolerance_(-digits * std::log2(10.0)),
          coefficients_(evaluate(f.program().coefficients(), parameters, embed<ball>{bits})),
          n_(f, how == transport::frame ? centres(parameters) : parameters, order, bits,
             approx::residuals::bounded),
          gradients_(f.program(), doubles(coefficients_)), error_(f.states()), tube_(f.states()),
          weights_(f.states(), 1.0), clock_(6) {
        for (std::size_t i = 0; i < start.size(); ++i)
            place(i, raw(start[i]));
        if (how == transport::frame) {
            std::vector<magnitude> deviation;
            for (const ball& q : parameters)
                deviation.emplace_back(is_wide(q) ? magnitude(arb_radref(raw(q))) : magnitude());
            frame_.emplace(f.program(), doubles(centres(parameters)), error_, deviation);
        }
        // An end that is a set of times: up to its beginning first.
        arf_set_mag(h(), arb_radref(raw(duration)));
        if (arf_sgn(mid(raw(duration))) < 0) arf_neg(h(), h());
        arf_sub(end(), mid(raw(duration)), h(), ARF_PREC_EXACT, ARF_RND_DOWN);
        arf_add(last_end(), mid(raw(duration)), h(), ARF_PREC_EXACT, ARF_RND_DOWN);
    }

    tube<ball> follow() {
        result_.why = go();
        result_.side = side_;
        if (result_.state.empty()) {
            result_.time = exact(time(), n_.bits);
            result_.state = state();
        }
        return std::move(result_);
    }

private:
    // What log2_step asks of an expansion.
    struct sizes {
        const approx::ball_recurrence& n;
        slong last;
        int order() const { return static_cast<int>(last); }
        double unit() const { return std::isfinite(n.unit) ? n.unit : 0; }
        double size(int k) const { return n.size(k); }
    };

    arf_ptr end() { return mid(clock_[0]); }
    arf_ptr time() { return mid(clock_[1]); }
    arf_ptr h() { return mid(clock_[2]); } ///< of the present step
    arf_ptr last_end() { return mid(clock_[3]); }
    arf_ptr low() { return mid(clock_[4]); }
    arf_ptr high() { return mid(clock_[5]); }
    bool backward() { return arf_sgn(last_end()) < 0; }

    std::vector<ball> state() {
        std::vector<ball> result;
        for (std::size_t i = 0; i < error_.size(); ++i) {
            result.push_back(exact(mid(n_.rows[i][0]), n_.bits));
            mag_set(arb_radref(raw(result.back())), error_[i].raw());
        }
        return result;
    }

    /// State i becomes this ball's midpoint, rounded; the rest is error.
    void place(std::size_t i, arb_srcptr y) {
        arb_ptr m = n_.rows[i][0];
        arb_set_round(m, y, n_.bits);
        mag_swap(error_[i].raw(), arb_radref(m));
        mag_zero(arb_radref(m));
    }

    double log2_left() {
        arf_sub(h(), end(), time(), ARF_PREC_EXACT, ARF_RND_DOWN);
        return approx::log2_abs(h());
    }

    /// h = a length of few bits: sums of lengths stay exact for long.
    void set_length(double log2_length) {
        const double whole = std::floor(log2_length);
        arf_set_d(h(), std::floor(std::exp2(log2_length - whole) * 0x1p12) * 0x1p-12);
        fmpz_t e;
        fmpz_init(e);
        fmpz_set_d(e, whole);
        arf_mul_2exp_fmpz(h(), h(), e);
        fmpz_clear(e);
        if (backward()) arf_neg(h(), h());
    }

    bool expand(double& longest) {
        if (!n_.expand()) return false;
        n_.weigh();
        longest = approx::log2_step(sizes{n_, n_.order}, tolerance_);
        // The frame follows the linearised flow to this order only (error_frame.cpp).
        constexpr slong linear_order = 16;
        constexpr double linear_tolerance = -24;
        if (frame_ && n_.order > linear_order)
            longest =
                std::min(longest, approx::log2_step(sizes{n_, linear_order}, linear_tolerance));
        return true;
    }

    ending go() {
        while (true) {
            double room = log2_left();
            bool spread = false; // over the set of end times
            if (room == -infinity) {
                if (arf_equal(end(), last_end())) return ending::reached;
                arf_set(end(), last_end());
                room = log2_left();
                spread = true;
            }
            if (!n_.evaluate() || !gradients_.evaluate(doubles(state()))) return ending::undefined;
            if (options_.stop && options_.stop->load(std::memory_order_relaxed))
                return ending::interrupted;
            if (result_.steps == options_.max_steps) return ending::out_of_steps;
            double longest = 0;
            if (!expand(longest)) return ending::not_validated;
            if (!std::isfinite(n_.unit) || longest > n_.unit + 1 || longest < n_.unit - 4) {
                n_.unit = std::min(longest, room);
                if (!expand(longest)) return ending::not_validated;
            }
            longest = std::min({longest, room, n_.unit + 1});
            const auto stopped = step(longest, room);
            if (stopped) return *stopped;
            if (spread) {
                arf_add(low(), time(), h(), ARF_PREC_EXACT, ARF_RND_DOWN);
                if (!arf_equal(low(), end())) return ending::not_validated;
                arf_zero(low());
                arf_set(high(), h());
                over_step();
                return ending::reached;
            }
            n_.unit = longest;
            arf_add(time(), time(), h(), ARF_PREC_EXACT, ARF_RND_DOWN);
            step_to_end();
        }
    }

    /// Finds a step that can be proved, at most this long; or why the integration ends.
    std::optional<ending> step(double& longest, double room) {
        constexpr int halvings = 64, looks = 8;
        int blurred = 0;
        const double resolution = static_cast<double>(std::min<slong>(n_.bits, 100));
        for (int attempt = 0;; ++attempt) {
            bool last = longest >= room;
            if (attempt == halvings || (!last && longest < approx::log2_abs(time()) - resolution))
                return ending::not_validated;
            if (last)
                log2_left();
            else
                set_length(longest);
            if (frame_ && last && arf_bits(h()) > 53) { // doubles; what is left is another step
                arf_set_round(h(), h(), 53, ARF_RND_DOWN);
                last = false;
            }
            const step_bounds bounds(n_, h());
            if (!(frame_ ? move_frame(bounds) : move_norm(bounds))) {
                longest -= 1;
                continue;
            }
            const sight seen = n_.has_event() ? look(bounds) : sight::nothing;
            if (seen == sight::blurred_end && !last) {
                longest -= 0.3; // for an end farther from the zero
                continue;
            }
            if (seen == sight::blurred && ++blurred < looks) {
                longest -= 1; // for sharper ranges
                continue;
            }
            if (seen == sight::blurred || seen == sight::blurred_end) return ending::unclear;
            ++result_.steps;
            if (frame_)
                frame_->accept();
            else
                weights_ = moved_.weights;
            if (options_.keep_path) keep();
            if (seen == sight::nothing) return std::nullopt;
            over_step();
            return ending::crossed;
        }
    }

    bool move_norm(const step_bounds& bounds) {
        auto moved = move_error(bounds, gradients_, error_, h(), weights_);
        if (!moved) return false;
        moved_ = std::move(*moved);
        for (std::size_t i = 0; i < tube_.size(); ++i)
            tube_[i] = moved_.within * magnitude(moved_.weights[i]);
        return true;
    }

    bool move_frame(const step_bounds& bounds) {
        std::vector<magnitude> shift;
        approx::row y(1);
        for (std::size_t i = 0; i < error_.size(); ++i) {
            value(y[0], i, clock_[2]);
            arb_set_round(y[0], y[0], n_.bits); // as place()
            shift.emplace_back(arb_radref(y[0]));
        }
        if (!frame_->move(n_, bounds, h(), shift)) return false;
        tube_ = frame_->tube();
        return true;
    }

    /// The event along the step; on a crossing, low() and high() enclose its time.
    sight look(const step_bounds& bounds) {
        const std::size_t n = error_.size();
        magnitude blur = frame_ ? frame_->event_deviation() : magnitude();
        std::vector<interval<double>> box(n);
        for (int part = 0; part < step_bounds::parts && !frame_; ++part) {
            tube_box(box, bounds, step_bounds::part(part));
            if (!gradients_.evaluate(box) || !gradients_.evaluate_event()) return sight::blurred;
            magnitude sum;
            for (std::size_t i = 0; i < n; ++i)
                sum += magnitude(gradients_.event_slope(i).magnitude()) * tube_[i];
            blur = max(blur, sum);
        }
        blur += bounds.error(static_cast<std::size_t>(n_.program.event()));
        double from = 0;
        if (side_ == 0) {
            from = leave_start(bounds);
            if (side_ == 0) return sight::blurred;
        }
        event_scan scan(bounds, n_, blur, h(), side_);
        const sight seen = scan.look(from);
        if (seen == sight::crossing) {
            arf_set(low(), scan.low());
            arf_set(high(), scan.high());
        }
        return seen;
    }

    /// The sign of the event after the start, and up to which part of the step it is certain: if g
    /// has the coefficients 0, ..., 0, g_j at the start, g(s) = s^j G with G among the
    /// coefficients j of the solutions that begin where these have come by then.
    double leave_start(const step_bounds& bounds) {
        constexpr int orders = 8;
        const auto series = [&](const std::vector<ball>& set) {
            return event_series(n_.program, coefficients_, set, orders);
        };
        const auto sign = [&](const ball& x) {
            return !x.is_finite() || x.contains_zero() ? 0 : arf_sgn(mid(raw(x)));
        };
        const std::vector<ball> start = series(state());
        std::size_t j = 0;
        while (j < orders && arb_is_zero(raw(start[j])))
            ++j;
        const int first = sign(start[j]);
        const int side = backward() && j % 2 == 1 ? -first : first;
        if (j == 0 || first == 0) {
            side_ = side;
            return 0;
        }
        std::vector<interval<double>> box(error_.size());
        for (double until = 0.125; until > 0x1p-40; until /= 2) {
            tube_box(box, bounds, {0, until});
            std::vector<ball> set;
            for (const auto& x : box)
                if (x.is_bounded()) set.push_back(around(x, n_.bits));
            if (set.size() == box.size() && sign(series(set)[j]) == first) {
                side_ = side;
                return until;
            }
        }
        return 0;
    }

    /// Where the solutions are in a part of the step.
    void tube_box(std::vector<interval<double>>& box, const step_bounds& bounds,
                  const interval<double>& part) const {
        for (std::size_t i = 0; i < box.size(); ++i) {
            const double d = tube_[i].upper();
            box[i] = bounds.range(i, part) +
                     (std::isfinite(d) ? interval<double>(-d, d) : interval<double>::entire());
        }
    }

    /// Time and state of the result: all from low() to high() after the beginning of the step.
    void over_step() {
        arb_t s;
        arb_init(s);
        if (backward())
            arb_set_interval_arf(s, high(), low(), n_.bits);
        else
            arb_set_interval_arf(s, low(), high(), n_.bits);
        for (std::size_t i = 0; i < error_.size(); ++i) {
            ball y = ball(0).with_bits(n_.bits);
            value(raw(y), i, s);
            mag_add(arb_radref(raw(y)), arb_radref(raw(y)), tube_[i].raw());
            result_.state.push_back(std::move(y));
        }
        arb_add_arf(s, s, time(), n_.bits);
        result_.time = ball(0).with_bits(n_.bits);
        arb_set(raw(result_.time), s);
        arb_clear(s);
    }

    void value(arb_ptr y, std::size_t i, const arb_t s) {
        arb_zero(y);
        for (slong k = n_.order; k >= 0; --k) {
            arb_mul(y, y, s, n_.bits + 10);
            arb_add(y, y, n_.rows[i][k], n_.bits + 10);
        }
    }

    void step_to_end() {
        approx::row y(1);
        for (std::size_t i = 0; i < error_.size(); ++i) {
            value(y[0], i, clock_[2]);
            place(i, y[0]);
            if (!frame_) error_[i] += moved_.after * magnitude(moved_.weights[i]);
        }
        if (frame_) error_ = frame_->radius(); // with the rounding of the end
    }

    void keep() {
        const slong bits = n_.bits;
        tube_step<ball> step{
            exact(time(), bits), exact(h(), bits), static_cast<int>(n_.order), {}, {}};
        for (std::size_t i = 0; i < tube_.size(); ++i) {
            for (slong k = 0; k <= n_.order; ++k)
                step.coefficients.push_back(exact(mid(n_.rows[i][k]), bits));
            step.deviation.push_back(exact(tube_[i], bits));
        }
        if (!frame_) {
            step.norm = {{},
                         exact(moved_.before, bits),
                         exact(moved_.within, bits),
                         exact(moved_.after, bits),
                         bits};
            for (const double w : moved_.weights)
                step.norm->weights.push_back(exact(magnitude(w), bits));
        }
        result_.path.push_back(std::move(step));
    }

    const flow_options& options_;
    const double tolerance_;               // log2
    const std::vector<ball> coefficients_; // of the forms, for all parameters
    approx::ball_recurrence n_;
    box_gradients gradients_;
    std::vector<magnitude> error_, tube_; // of the state; over the present step
    std::optional<frame_step> frame_;     // or the norm:
    std::vector<double> weights_;
    norm_step moved_{}; // over the present step
    int side_ = 0;      // of the event; 0: not known yet
    approx::row clock_; // end, time, length of the step, last end, see low() and high()
    tube<ball> result_{};
};

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
            options.bits ? options.bits : static_cast<slong>(digits * std::log2(10.0)) + 20;
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
