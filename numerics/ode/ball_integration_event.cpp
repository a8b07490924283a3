// The event along an integration in balls.
#include <cmath>

#include "numerics/ode/ball_integration.hpp"
#include "numerics/ode/set_series.hpp"

namespace flowproof::rigorous {

namespace {

using approx::mid;
arb_srcptr raw(const ball& x) { return static_cast<arb_srcptr>(x.raw()); }
ball around(const interval<double>& x, slong bits) {
    return ball::hull(rational::exactly(x.lower()), rational::exactly(x.upper()), bits);
}

} // namespace

sight integration::look(const step_bounds& bounds) {
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

double integration::leave_start(const step_bounds& bounds) {
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

void integration::tube_box(std::vector<interval<double>>& box, const step_bounds& bounds,
                           const interval<double>& part) const {
    for (std::size_t i = 0; i < box.size(); ++i) {
        const double d = tube_[i].upper();
        box[i] = bounds.range(i, part) +
                 (std::isfinite(d) ? interval<double>(-d, d) : interval<double>::entire());
    }
}

} // namespace flowproof::rigorous
