#include "numerics/ode/sign_scan.hpp"

#include <algorithm>
#include <limits>

namespace flowproof::rigorous {

namespace {
/// Parts of [a, b] are not divided below this share.
constexpr double finest = 0x1p-52;
} // namespace

interval<double> range_of(std::span<const double> c, const interval<double>& s) {
    using set = interval<double>;
    const set middle(s.midpoint());
    set value, slope, direct;
    for (std::size_t k = c.size(); k-- > 0;) {
        slope = slope * s + direct;
        direct = direct * s + set(c[k]);
        value = value * middle + set(c[k]);
    }
    if (s.is_point()) return value;
    const set centred = value + slope * (s - middle);
    return centred.is_bounded() ? intersection(direct, centred) : direct;
}

int sign_scan::sign(double a, double b) const {
    if (!(blur_ <= std::numeric_limits<double>::max())) return 0;
    const interval<double> y = range_of(c_, interval<double>(a, b));
    return y.lower() > blur_ ? 1 : y.upper() < -blur_ ? -1 : 0;
}

std::optional<double> sign_scan::lasts(int side, double a, double b) const {
    // Parts from the right to the left on a stack, the leftmost first.
    std::vector<double> ends{b};
    double known = a;
    const double least = (b - a) * finest;
    while (!ends.empty()) {
        const double to = ends.back();
        if (sign(known, to) == side) {
            known = to;
            ends.pop_back();
            continue;
        }
        const double middle = known + (to - known) / 2;
        if (to - known <= least || !(known < middle && middle < to)) break;
        ends.push_back(middle);
    }
    if (known == a && sign(a, a) != side) return std::nullopt;
    return known;
}

std::optional<double> sign_scan::first(int side, double a, double b) const {
    double before = a, at = b;
    for (double step = std::max((b - a) * finest, std::numeric_limits<double>::denorm_min());;
         step *= 2) {
        const double s = std::min(a + step, b);
        if (s > a && sign(s, s) == side) {
            at = s;
            break;
        }
        before = s;
        if (s == b) return std::nullopt;
    }
    for (int i = 0; i < 8; ++i) {
        const double middle = before + (at - before) / 2;
        if (!(before < middle && middle < at)) break;
        (sign(middle, middle) == side ? at : before) = middle;
    }
    return at;
}

} // namespace flowproof::rigorous
