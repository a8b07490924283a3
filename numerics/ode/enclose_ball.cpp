#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "numerics/ode/enclose.hpp"
#include "numerics/ode/follow.hpp"
#include "numerics/ode/norm_step.hpp"

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
interval<double> doubles(const ball& x) {
    arf_t low, high;
    arf_init(low);
    arf_init(high);
    arb_get_interval_arf(low, high, raw(x), 64);
    interval<double> result = interval<double>::entire();
    if (arf_is_finite(low) && arf_is_finite(high))
        result = {arf_get_d(low, ARF_RND_FLOOR), arf_get_d(high, ARF_RND_CEIL)};
    arf_clear(low);
    arf_clear(high);
    return result;
}
std::vector<interval<double>> doubles(const std::vector<ball>& x) {
    std::vector<interval<double>> result;
    for (const ball& b : x)
        result.push_back(doubles(b));
    return result;
}

/// An integration at one precision.
class integration {
public:
    integration(const vector_field& f, const std::vector<ball>& start,
                const std::vector<ball>& parameters, const ball& duration, int digits, int order,
                slong bits, const flow_options& options)
        : options_(options), tolerance_(-digits * std::log2(10.0)),
          n_(f, parameters, order, bits, approx::residuals::bounded),
          gradients_(f.program(), doubles(n_.coefficients())), error_(f.states()),
          weights_(f.states(), 1.0), clock_(3) {
        for (std::size_t i = 0; i < start.size(); ++i)
            place(i, raw(start[i]));
        arf_set(duration_(), mid(raw(duration)));
    }

    tube<ball> follow() {
        result_.why = go();
        result_.time = exact(time(), n_.bits);
        for (std::size_t i = 0; i < error_.size(); ++i) {
            ball y = exact(mid(n_.rows[i][0]), n_.bits);
            mag_set(arb_radref(raw(y)), error_[i].raw());
            result_.state.push_back(std::move(y));
        }
        return std::move(result_);
    }

private:
    // What log2_step asks of an expansion.
    struct sizes {
        const approx::ball_recurrence& n;
        int order() const { return static_cast<int>(n.order); }
        double unit() const { return std::isfinite(n.unit) ? n.unit : 0; }
        double size(int k) const { return n.size(k); }
    };

    arf_ptr duration_() { return mid(clock_[0]); }
    arf_ptr time() { return mid(clock_[1]); }
    arf_ptr h() { return mid(clock_[2]); }

    /// State i becomes this ball's midpoint, rounded; the rest is error.
    void place(std::size_t i, arb_srcptr y) {
        arb_ptr m = n_.rows[i][0];
        arb_set_round(m, y, n_.bits);
        mag_swap(error_[i].raw(), arb_radref(m));
        mag_zero(arb_radref(m));
    }

    bool defined_here() {
        std::vector<interval<double>> box;
        for (std::size_t i = 0; i < error_.size(); ++i) {
            ball y = exact(mid(n_.rows[i][0]), n_.bits);
            mag_set(arb_radref(raw(y)), error_[i].raw());
            box.push_back(doubles(y));
        }
        return gradients_.evaluate(box);
    }

    double log2_left() {
        arf_sub(h(), duration_(), time(), ARF_PREC_EXACT, ARF_RND_DOWN);
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
        if (arf_sgn(duration_()) < 0) arf_neg(h(), h());
    }

    bool expand(double& longest) {
        if (!n_.expand()) return false;
        n_.weigh();
        longest = approx::log2_step(sizes{n_}, tolerance_);
        return true;
    }

    ending go() {
        constexpr int halvings = 64;
        while (true) {
            const double room = log2_left();
            if (room == -infinity) return ending::reached;
            if (!n_.evaluate() || !defined_here()) return ending::undefined;
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
            std::optional<norm_step> moved;
            for (int attempt = 0; !moved; ++attempt, longest -= 1) {
                if (attempt == halvings ||
                    (longest < room &&
                     longest < approx::log2_abs(time()) -
                                   static_cast<double>(std::min<slong>(n_.bits, 100))))
                    return ending::not_validated;
                if (longest >= room)
                    log2_left();
                else
                    set_length(longest);
                const step_bounds bounds(n_, h());
                moved = move_error(bounds, gradients_, error_, h(), weights_);
            }
            if (options_.keep_path) keep(*moved);
            n_.unit = longest + 1; // as log2_length above
            weights_ = moved->weights;
            arf_add(time(), time(), h(), ARF_PREC_EXACT, ARF_RND_DOWN);
            step_to_end(*moved);
            ++result_.steps;
        }
    }

    void step_to_end(const norm_step& moved) {
        approx::row y(1);
        for (std::size_t i = 0; i < error_.size(); ++i) {
            arb_zero(y[0]);
            for (slong k = n_.order; k >= 0; --k) {
                arb_mul_arf(y[0], y[0], h(), n_.bits + 10);
                arb_add(y[0], y[0], n_.rows[i][k], n_.bits + 10);
            }
            place(i, y[0]);
            error_[i] += moved.after * magnitude(moved.weights[i]);
        }
    }

    void keep(const norm_step& moved) {
        tube_step<ball> step{
            exact(time(), n_.bits), exact(h(), n_.bits), static_cast<int>(n_.order), {}, {}};
        norm_claim<ball> claim{{},
                               exact(moved.before, n_.bits),
                               exact(moved.within, n_.bits),
                               exact(moved.after, n_.bits),
                               n_.bits};
        for (std::size_t i = 0; i < error_.size(); ++i) {
            for (slong k = 0; k <= n_.order; ++k)
                step.coefficients.push_back(exact(mid(n_.rows[i][k]), n_.bits));
            const magnitude w(moved.weights[i]);
            claim.weights.push_back(exact(w, n_.bits));
            step.deviation.push_back(exact(moved.within * w, n_.bits));
        }
        step.norm = std::move(claim);
        result_.path.push_back(std::move(step));
    }

    const flow_options& options_;
    const double tolerance_; // log2
    approx::ball_recurrence n_;
    box_gradients gradients_;
    std::vector<magnitude> error_; // of the state
    std::vector<double> weights_;
    approx::row clock_; // duration, time, length of the step
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

} // namespace

template <>
tube<ball> enclose(const vector_field& f, const std::vector<ball>& start,
                   const std::vector<ball>& parameters, const ball& duration,
                   const flow_options& options) {
    constexpr int restarts = 3;
    const double asked = -options.digits * std::log2(10.0);
    int digits = options.digits + 6;
    for (int attempt = 0;; ++attempt) {
        const int order = options.order ? options.order : approx::default_order<ball>(digits);
        const slong bits =
            options.bits ? options.bits : static_cast<slong>(digits * std::log2(10.0)) + 20;
        tube<ball> result =
            integration(f, start, parameters, duration, digits, order, bits, options).follow();
        const double width = log2_width(result.state);
        if (width <= asked || options.bits || attempt == restarts) return result;
        digits += static_cast<int>((width - asked) / std::log2(10.0)) + 2;
        if (digits > 1000) return result;
    }
}

} // namespace flowproof::rigorous
