#include "numerics/box/zero_isolator.hpp"

#include <algorithm>
#include <cmath>

namespace flowproof {

namespace {

using fast = interval<double>;
using fast_box = std::vector<fast>;

bool strictly_inside(const fast_box& x, const fast_box& y) {
    for (std::size_t i = 0; i < x.size(); ++i)
        if (x[i].is_empty() || !interior(x[i], y[i])) return false;
    return true;
}
bool apart(const fast_box& x, const fast_box& y) {
    for (std::size_t i = 0; i < x.size(); ++i)
        if (!x[i].is_empty() && !y[i].is_empty() && disjoint(x[i], y[i])) return true;
    return false;
}

} // namespace

zero_isolator::zero_isolator(square_system& system, const zero_indicators& indicators,
                             fast_box parameters, fast_box whole, fast_box inner,
                             std::vector<char> must_be_certain)
    : system_(system), indicators_(indicators), parameters_(std::move(parameters)),
      whole_(std::move(whole)), inner_(std::move(inner)),
      must_be_certain_(std::move(must_be_certain)), n_(system.size()),
      work_(indicators.values.workspace()) {}

bool zero_isolator::maps_inside(const fast_box& B, const isolated_zero& z) {
    system_.jacobian(B, F_, J_);
    for (const fast& f : F_)
        if (f.is_empty()) return false;
    krawczyk(B, z.centre, z.preconditioner, F_at_zero_, J_, K_);
    return strictly_inside(K_, B);
}

std::optional<isolated_zero> zero_isolator::isolate(const std::vector<double>& x,
                                                    std::span<const isolated_zero> others) {
    isolated_zero z;
    z.centre = x;
    fast_box B(x.begin(), x.end());
    system_.jacobian(B, F_at_zero_, J_);
    const auto C = inverse_of_middle(J_, n_);
    if (!C) return {};
    z.preconditioner = *C;
    // Inflate until the operator maps inside.
    bool found = false;
    for (int attempt = 0; attempt < 12 && !found; ++attempt) {
        system_.jacobian(B, F_, J_);
        krawczyk(B, z.centre, z.preconditioner, F_at_zero_, J_, K_);
        for (std::size_t i = 0; i < n_; ++i) {
            if (K_[i].is_empty() || !K_[i].is_bounded()) return {};
            const fast hull = convex_hull(K_[i], fast(x[i]));
            const double more =
                0.1 * hull.width() + 1e-15 * std::abs(x[i]) + 1e-18 * whole_[i].width() + 1e-300;
            B[i] = intersection({hull.lower() - more, hull.upper() + more}, inner_[i]);
            if (B[i].is_empty() || !B[i].contains(x[i])) return {};
        }
        found = maps_inside(B, z);
    }
    if (!found) return {};
    z.tight = K_;
    z.signs = signs(B);
    for (std::size_t k = 0; k < z.signs.size() && k < must_be_certain_.size(); ++k)
        if (z.signs[k] == 0 && must_be_certain_[k]) return {};
    const auto fits = [&](const fast_box& box) {
        return std::all_of(others.begin(), others.end(),
                           [&](const isolated_zero& other) { return apart(box, other.box); });
    };
    if (!fits(B)) return {};
    z.box = B;
    // The largest box about the zero, in the shape of the whole, that can be shown.
    for (double share = 0.5; share > 1e-9; share /= 1.5) {
        fast_box larger;
        for (std::size_t i = 0; i < n_; ++i) {
            const double radius = share * whole_[i].width();
            larger.push_back(
                intersection(convex_hull(B[i], {x[i] - radius, x[i] + radius}), inner_[i]));
        }
        if (!fits(larger) || !maps_inside(larger, z) || signs(larger) != z.signs) continue;
        z.box = std::move(larger);
        break;
    }
    return z;
}

std::vector<int> zero_isolator::signs(const fast_box& B) {
    std::vector<int> result;
    if (indicators_.values.outputs() == 0) return result;
    fast_box inputs;
    for (const std::size_t at : indicators_.inputs)
        inputs.push_back(at < n_ ? B[at] : parameters_[at - n_]);
    indicators_.values.evaluate(inputs, work_);
    for (std::size_t k = 0; k < indicators_.values.outputs(); ++k) {
        const fast& x = indicators_.values.output(work_, k);
        result.push_back(x.is_empty() ? 0 : x.lower() > 0 ? 1 : x.upper() < 0 ? -1 : 0);
    }
    return result;
}

} // namespace flowproof
