#include "numerics/ode/frame_step.hpp"

#include <algorithm>

namespace flowproof::rigorous {

namespace {

/// The same bounds over one power of two.
magnitudes in_doubles(const std::vector<magnitude>& x) {
    magnitudes result;
    const auto largest = std::max_element(x.begin(), x.end());
    if (largest == x.end() || largest->is_zero()) {
        result.value.assign(x.size(), 0.0);
        return result;
    }
    // Infinite ones stay infinite; beyond 2^(+-2^60) nothing has a meaning here.
    const double log2 = largest->log2();
    const long exponent = log2 > -0x1p60 && log2 < 0x1p60 ? static_cast<long>(log2) : 0;
    result.exponent = exponent;
    for (const magnitude& m : x)
        result.value.push_back(scaled(m, -exponent).upper());
    return result;
}

std::vector<magnitude> from_doubles(const magnitudes& x) {
    std::vector<magnitude> result;
    for (const double v : x.value)
        result.push_back(scaled(magnitude(v), static_cast<long>(x.exponent)));
    return result;
}

bool all_zero(const std::vector<magnitude>& x) {
    return std::all_of(x.begin(), x.end(), [](const magnitude& m) { return m.is_zero(); });
}

} // namespace

frame_step::frame_step(const taylor_program& program,
                       const std::vector<interval<double>>& parameters,
                       const std::vector<magnitude>& error, const std::vector<magnitude>& deviation)
    : frame_(program, parameters, in_doubles(error), in_doubles(deviation)),
      exact_(all_zero(error) && all_zero(deviation)), zero_(error.size()) {}

bool frame_step::move(const approx::ball_recurrence& n, const step_bounds& bounds, const arf_t h,
                      const std::vector<magnitude>& shift) {
    step_polynomial p{arf_get_d(h, ARF_RND_NEAR), static_cast<int>(n.order), {}};
    arb_t power, term;
    arb_init(power);
    arb_init(term);
    std::vector<magnitude> defect;
    for (std::size_t i = 0; i < n.program.states(); ++i) {
        arb_one(power);
        for (slong k = 0; k <= n.order; ++k) {
            arb_mul(term, power, n.rows[i][k], 64);
            p.coefficients.push_back(rigorous::in_doubles(term));
            arb_mul_arf(power, power, h, 64);
        }
        defect.push_back(bounds.largest_defect(i));
    }
    arb_clear(power);
    arb_clear(term);
    // The polynomial is the solution: nothing to move.
    still_ = exact_ && all_zero(defect) && all_zero(shift);
    if (still_) return true;
    moved_ = frame_;
    if (moved_->advance(p, in_doubles(defect), in_doubles(shift)) == error_frame::outcome::moved)
        return true;
    moved_.reset();
    return false;
}

void frame_step::accept() {
    if (still_) return;
    frame_ = std::move(*moved_);
    moved_.reset();
    exact_ = false;
}

std::vector<magnitude> frame_step::radius() const {
    return still_ ? zero_ : from_doubles((moved_ ? *moved_ : frame_).radius());
}
std::vector<magnitude> frame_step::tube() const {
    return still_ ? zero_ : from_doubles((moved_ ? *moved_ : frame_).tube());
}
magnitude frame_step::event_deviation() const {
    if (still_) return {};
    const auto deviation = from_doubles((moved_ ? *moved_ : frame_).event_deviation());
    return deviation.empty() ? magnitude::infinite() : deviation.front();
}

} // namespace flowproof::rigorous
