#include "numerics/ode/event_scan.hpp"

#include <cmath>

namespace flowproof::rigorous {

event_scan::event_scan(const step_bounds& bounds, const approx::ball_recurrence& n,
                       const magnitude& blur, const arf_t h, int side)
    : bounds_(bounds), n_(n), row_(static_cast<std::size_t>(n.program.event())), blur_(blur), h_(h),
      side_(side) {
    arf_init(low_);
    arf_init(high_);
}
event_scan::~event_scan() {
    arf_clear(low_);
    arf_clear(high_);
}

/// The sign of the polynomial at s, if it keeps it within `reach` of its value there.
int event_scan::sign_at(const arf_t s, const magnitude& reach) const {
    arb_t p;
    arb_init(p);
    for (slong k = n_.order; k >= 0; --k) {
        arb_mul_arf(p, p, s, n_.bits);
        arb_add(p, p, n_.rows[row_][k], n_.bits);
    }
    mag_add(arb_radref(p), arb_radref(p), reach.raw());
    const int result = arb_is_positive(p) ? 1 : arb_is_negative(p) ? -1 : 0;
    arb_clear(p);
    return result;
}

int event_scan::sign_at(double u, const magnitude& reach) const {
    arf_t s;
    arf_init(s);
    arf_set_d(s, u);
    arf_mul(s, s, h_, ARF_PREC_EXACT, ARF_RND_DOWN);
    const int result = sign_at(s, reach);
    arf_clear(s);
    return result;
}

/// By the range in doubles, or by the value in the middle and the slope.
int event_scan::sign(const interval<double>& u, const interval<double>& slope) const {
    const interval<double> values = bounds_.range(row_, u);
    const double blur = blur_.upper(), steepest = slope.magnitude();
    if (values.lower() > blur) return 1;
    if (values.upper() < -blur) return -1;
    if (!std::isfinite(steepest)) return 0;
    return sign_at(u.midpoint(), blur_ + magnitude(u.radius()) * magnitude(steepest));
}

sight event_scan::look(double from) {
    if (!blur_.is_finite()) return sight::blurred;
    for (int j = 0; j < step_bounds::parts; ++j) {
        const double begin = std::max(from, bounds_.part(j).lower()), end = bounds_.part(j).upper();
        if (!(begin < end)) continue;
        const sight seen = look(begin, end, 0);
        if (seen != sight::nothing) return seen;
    }
    return sight::nothing;
}

sight event_scan::look(double from, double to, int depth) {
    constexpr int deepest = 45;
    const interval<double> slope = bounds_.slope(row_, {from, to});
    if (sign({from, to}, slope) == side_) return sight::nothing;
    if (slope.mignitude() > 0) { // monotone
        if (sign_at(from, blur_) != side_) return sight::blurred;
        const int at_end = sign_at(to, blur_);
        if (at_end == side_) return sight::nothing;
        if (at_end == -side_) return cross(from, to);
        if (to == 1) return sight::blurred_end;
    }
    if (depth == deepest) return sight::blurred;
    // Not in the middle: a zero of a symmetric problem would stay at an end.
    const double middle = from + (to - from) * 0.4375;
    const sight seen = look(from, middle, depth + 1);
    return seen == sight::nothing ? look(middle, to, depth + 1) : seen;
}

/// The polynomial is monotone and changes its sign.
sight event_scan::cross(double from, double to) {
    // Newton's iteration for the polynomial's zero, in midpoints.
    arf_t s, p, slope, end;
    for (arf_ptr x : {s, p, slope, end})
        arf_init(x);
    arf_set_d(low_, from);
    arf_mul(low_, low_, h_, ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_set_d(end, to);
    arf_mul(end, end, h_, ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_set(high_, end);
    const bool backward = arf_sgn(h_) < 0;
    const auto outside = [&](arf_srcptr x) {
        const bool below = arf_cmp(x, low_)<0, above = arf_cmp(x, high_)> 0;
        return backward ? arf_cmp(x, low_) > 0 || arf_cmp(x, high_) < 0 : below || above;
    };
    arf_add(s, low_, high_, n_.bits, ARF_RND_DOWN);
    arf_mul_2exp_si(s, s, -1);
    for (int i = 0; i < 100; ++i) {
        arf_zero(p);
        arf_zero(slope);
        for (slong k = n_.order; k >= 0; --k) {
            arf_mul(slope, slope, s, n_.bits, ARF_RND_DOWN);
            arf_add(slope, slope, p, n_.bits, ARF_RND_DOWN);
            arf_mul(p, p, s, n_.bits, ARF_RND_DOWN);
            arf_add(p, p, arb_midref(n_.rows[row_][k]), n_.bits, ARF_RND_DOWN);
        }
        if (arf_is_zero(p) || arf_is_zero(slope)) break;
        // Narrows the bracket as well, for where Newton's step leaves it.
        if (arf_sgn(p) == side_)
            arf_set(low_, s);
        else
            arf_set(high_, s);
        arf_div(p, p, slope, n_.bits, ARF_RND_DOWN);
        arf_sub(s, s, p, n_.bits, ARF_RND_DOWN);
        if (outside(s)) {
            arf_add(s, low_, high_, n_.bits, ARF_RND_DOWN);
            arf_mul_2exp_si(s, s, -1);
        } else if (approx::log2_abs(p) < approx::log2_abs(s) - static_cast<double>(n_.bits) + 8) {
            break;
        }
    }
    // Both sides of it, as far away as the blur asks for.
    const double steepness = bounds_.slope(row_, {from, to}).mignitude();
    magnitude away = scaled(blur_ * magnitude::of(h_) / magnitude::at_most(steepness), 1);
    away += scaled(magnitude::of(s), 12 - n_.bits);
    sight result = sight::blurred;
    for (int attempt = 0; attempt < 20; ++attempt) {
        arf_set_mag(p, away.raw());
        if (backward) arf_neg(p, p);
        arf_sub(low_, s, p, n_.bits, ARF_RND_DOWN);
        arf_add(high_, s, p, n_.bits, ARF_RND_DOWN);
        arf_set_d(slope, from);
        arf_mul(slope, slope, h_, ARF_PREC_EXACT, ARF_RND_DOWN);
        // Within the part, where the polynomial is monotone.
        if (backward ? arf_cmp(low_, slope) > 0 : arf_cmp(low_, slope) < 0) arf_set(low_, slope);
        if (backward ? arf_cmp(high_, end) < 0 : arf_cmp(high_, end) > 0) arf_set(high_, end);
        const bool before = arf_equal(low_, slope) || sign_at(low_, blur_) == side_;
        if (before && sign_at(high_, blur_) == -side_) {
            result = sight::crossing;
            break;
        }
        away = scaled(away, 1);
    }
    for (arf_ptr x : {s, p, slope, end})
        arf_clear(x);
    return result;
}

} // namespace flowproof::rigorous
