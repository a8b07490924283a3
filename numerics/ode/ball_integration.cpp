#include "numerics/ode/ball_integration.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/ode/follow.hpp"
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
std::vector<ball> centres(const std::vector<ball>& x) {
    std::vector<ball> result;
    for (const ball& b : x)
        result.push_back(is_wide(b) ? exact(mid(raw(b)), b.bits()) : b);
    return result;
}

/// What log2_step asks of an expansion.
struct sizes {
    const approx::ball_recurrence& n;
    slong last;
    int order() const { return static_cast<int>(last); }
    double unit() const { return n.unit; }
    double size(int k) const { return n.size(k); }
};

} // namespace

bool is_wide(const ball& x) { return !x.is_exact() && x.relative_accuracy_bits() < 48; }

integration::integration(const vector_field& f, const std::vector<ball>& start,
                         const std::vector<ball>& parameters, const ball& duration, int digits,
                         int order, slong bits, transport how, const flow_options& options)
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
    n_.unit = approx::log2_abs(last_end());
}

void integration::place(std::size_t i, arb_srcptr y) {
    arb_ptr m = n_.rows[i][0];
    arb_set_round(m, y, n_.bits);
    mag_swap(error_[i].raw(), arb_radref(m));
    mag_zero(arb_radref(m));
}

void integration::set_length(double log2_length) {
    const double whole = std::floor(log2_length);
    arf_set_d(h(), std::floor(std::exp2(log2_length - whole) * 0x1p12) * 0x1p-12);
    fmpz_t e;
    fmpz_init(e);
    fmpz_set_d(e, whole);
    arf_mul_2exp_fmpz(h(), h(), e);
    fmpz_clear(e);
    if (backward()) arf_neg(h(), h());
}

bool integration::expand(double& longest) {
    if (!n_.expand()) return false;
    n_.weigh();
    longest = approx::log2_step(sizes{n_, n_.order}, tolerance_);
    // The frame follows the linearised flow to this order only (error_frame.cpp).
    constexpr slong linear_order = 16;
    constexpr double linear_tolerance = -24;
    if (frame_ && n_.order > linear_order)
        longest = std::min(longest, approx::log2_step(sizes{n_, linear_order}, linear_tolerance));
    return true;
}

ending integration::go() {
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
        if (longest > n_.unit + n_.slack + 1 || longest < n_.unit - 4) {
            n_.unit = std::min(longest, room);
            if (!expand(longest)) return ending::not_validated;
        }
        const double unit = longest; // of the next step, if this one is not shortened
        const double most = std::min({longest, room, n_.unit + n_.slack});
        longest = most;
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
        n_.unit = longest < most ? longest : std::min(unit, room);
        n_.follow_trend();
        arf_add(time(), time(), h(), ARF_PREC_EXACT, ARF_RND_DOWN);
        step_to_end();
    }
}

std::optional<ending> integration::step(double& longest, double room) {
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

bool integration::move_norm(const step_bounds& bounds) {
    auto moved = move_error(bounds, gradients_, error_, h(), weights_);
    if (!moved) return false;
    moved_ = std::move(*moved);
    for (std::size_t i = 0; i < tube_.size(); ++i)
        tube_[i] = moved_.within * magnitude(moved_.weights[i]);
    return true;
}

bool integration::move_frame(const step_bounds& bounds) {
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

void integration::over_step() {
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

void integration::value(arb_ptr y, std::size_t i, const arb_t s) {
    arb_zero(y);
    for (slong k = n_.order; k >= 0; --k) {
        arb_mul(y, y, s, n_.bits + 10);
        arb_add(y, y, n_.rows[i][k], n_.bits + 10);
    }
}

void integration::step_to_end() {
    approx::row y(1);
    for (std::size_t i = 0; i < error_.size(); ++i) {
        value(y[0], i, clock_[2]);
        place(i, y[0]);
        if (!frame_) error_[i] += moved_.after * magnitude(moved_.weights[i]);
    }
    if (frame_) error_ = frame_->radius(); // with the rounding of the end
}

void integration::keep() {
    const slong bits = n_.bits;
    tube_step<ball> step{exact(time(), bits), exact(h(), bits), static_cast<int>(n_.order), {}, {}};
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

tube<ball> integration::follow() {
    result_.why = go();
    result_.side = side_;
    if (result_.state.empty()) {
        result_.time = exact(time(), n_.bits);
        result_.state = state();
    }
    return std::move(result_);
}

std::vector<ball> integration::state() {
    std::vector<ball> result;
    for (std::size_t i = 0; i < error_.size(); ++i) {
        result.push_back(exact(mid(n_.rows[i][0]), n_.bits));
        mag_set(arb_radref(raw(result.back())), error_[i].raw());
    }
    return result;
}

} // namespace flowproof::rigorous
