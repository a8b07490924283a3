#include <algorithm>
#include <stdexcept>

#include "numerics/ode/enclose.hpp"
#include "numerics/scalar/flint.hpp"

namespace flowproof::rigorous {

std::string_view name(ending e) {
    switch (e) {
    case ending::reached:
        return "reached";
    case ending::crossed:
        return "crossed";
    case ending::unclear:
        return "unclear";
    case ending::out_of_steps:
        return "out of steps";
    case ending::not_validated:
        return "not validated";
    case ending::undefined:
        return "undefined";
    case ending::interrupted:
        return "interrupted";
    }
    return "";
}

namespace {

arb_srcptr raw(const ball& x) { return static_cast<arb_srcptr>(x.raw()); }
arb_ptr raw(ball& x) { return static_cast<arb_ptr>(x.raw()); }

/// An exact endpoint of a set of times, the later one or the earlier.
class endpoint {
public:
    endpoint(const ball& t, bool upper) {
        arf_init(x_);
        arf_set_mag(x_, arb_radref(raw(t)));
        if (!upper) arf_neg(x_, x_);
        arf_add(x_, x_, arb_midref(raw(t)), ARF_PREC_EXACT, ARF_RND_DOWN);
    }
    endpoint(const endpoint&) = delete;
    endpoint& operator=(const endpoint&) = delete;
    ~endpoint() { arf_clear(x_); }
    friend bool operator<(const endpoint& x, const endpoint& y) { return arf_cmp(x.x_, y.x_) < 0; }
    arf_srcptr raw_value() const { return x_; }

private:
    arf_t x_;
};

/// All values of the step's polynomials for times in [low, high], less the deviation.
std::vector<ball> values(const tube_step<ball>& step, const arf_t low, const arf_t high) {
    std::vector<ball> result;
    const slong bits = std::max<slong>(step.coefficients.front().bits(), 64);
    arb_t s;
    arb_init(s);
    arb_set_interval_arf(s, low, high, bits);
    arb_sub(s, s, raw(step.time), bits);
    const auto stride = static_cast<std::size_t>(step.order) + 1;
    for (std::size_t i = 0; i < step.deviation.size(); ++i) {
        ball y = ball(0).with_bits(bits);
        for (std::size_t k = stride; k-- > 0;) {
            arb_mul(raw(y), raw(y), s, bits);
            arb_add(raw(y), raw(y), raw(step.coefficients[i * stride + k]), bits);
        }
        arb_add_error(raw(y), raw(step.deviation[i]));
        result.push_back(std::move(y));
    }
    arb_clear(s);
    return result;
}

} // namespace

template <> std::vector<ball> tube<ball>::over(const ball& t) const {
    if (path.empty())
        throw std::invalid_argument("tube::over: no path was kept; set flow_options::keep_path");
    const endpoint low(t, false), high(t, true), zero(ball(0), false);
    const tube_step<ball>& last = path.back();
    const ball end = last.time + last.length;
    const endpoint final_time(end, true);
    const bool forward = zero < final_time;
    if (!t.is_finite() || low < (forward ? zero : final_time) ||
        (forward ? final_time : zero) < high)
        throw std::invalid_argument("tube::over: need times between 0 and the end");
    std::vector<ball> result;
    for (const tube_step<ball>& step : path) {
        const ball far = step.time + step.length;
        const endpoint from(forward ? step.time : far, false), to(forward ? far : step.time, true);
        if (high < from || to < low) continue;
        const endpoint& a = low < from ? from : low;
        const endpoint& b = to < high ? to : high;
        std::vector<ball> part = values(step, a.raw_value(), b.raw_value());
        for (std::size_t i = 0; i < part.size() && !result.empty(); ++i)
            arb_union(raw(part[i]), raw(part[i]), raw(result[i]), part[i].bits());
        result = std::move(part);
    }
    return result;
}

} // namespace flowproof::rigorous
