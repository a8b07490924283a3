// Boxes: all critical points and the minimum of
//
//     L2 = L + (a^2 + b^2 + c^2 + p^2) / 20,   L = (1 - ab)^2 + (1 - cp)^2 + (a - c)^2 / 10
//
// on [-3, 3]^4, and where L, whose minimum 0 is attained on the curve a = c, b = p = 1/a, is 0.
// (kv::allsol finds the nine critical points in 17 to 26 ms on the machine that the decision note
// 11 names.) One thread; CPU time, medians. Exit status 1 if a result is not as known.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <functional>
#include <vector>

#include "numerics/bench/timing.hpp"
#include "numerics/box/minimum.hpp"
#include "numerics/box/zeros.hpp"
#include "numerics/scalar/expr.hpp"

using namespace flowproof;
using bench::median;

namespace {

constexpr auto product_loss = [](auto a, auto b, auto c, auto p) {
    return power(1 - a * b, 2) + power(1 - c * p, 2) + power(a - c, 2) * rational(1, 10);
};

/// An upper bound of the distance of any point of the box from the curve (x, 1/x, x, 1/x): to the
/// nearest of some points of the curve, rounded up by a factor.
double from_curve(const std::vector<interval<double>>& box) {
    const double a = (box[0].midpoint() + box[2].midpoint()) / 2,
                 b = (box[1].midpoint() + box[3].midpoint()) / 2;
    double nearest = std::numeric_limits<double>::infinity();
    for (int k = 0; k <= 16; ++k) {
        const double x = a + (1 / b - a) * k / 16;
        const interval<double> t(x);
        const std::vector<interval<double>> on{t, 1 / t, t, 1 / t};
        interval<double> sum(0);
        for (std::size_t i = 0; i < 4; ++i)
            sum += square(box[i] - on[i]);
        nearest = std::min(nearest, sqrt(sum).upper());
    }
    return nearest;
}

bool report(const char* what, bool right) {
    if (!right) fmt::print("  WRONG: {}\n", what);
    return right;
}

} // namespace

int main() {
    const tape L2 = record({"a", "b", "c", "p"}, [](auto a, auto b, auto c, auto p) {
        return product_loss(a, b, c, p) + (a * a + b * b + c * c + p * p) * rational(1, 20);
    });
    const tape L = record({"a", "b", "c", "p"}, product_loss);
    const std::vector<interval<double>> box(4, interval<double>(-3.0, 3.0));
    bool right = true;

    zeros_answer zeros;
    const double for_zeros = median(21, [&] {
        zeros =
            isolate_zeros({gradient(L2), {{"a", -3, 3}, {"b", -3, 3}, {"c", -3, 3}, {"p", -3, 3}}});
    });
    fmt::print("critical points of L2: {} in {} parts, {:.1f} ms\n",
               zeros.complete ? zeros.cells[0].zeros.size() : 0, zeros.parts, 1e3 * for_zeros);
    right &= report("nine critical points", zeros.complete && zeros.cells[0].zeros.size() == 9);

    minimum_answer least;
    const double for_minimum = median(21, [&] { least = minimise(L2, box); });
    fmt::print("minimum of L2 in {}, {} boxes of minimisers, {} parts, {:.1f} ms\n",
               least.value.str(), least.minimisers.size(), least.parts, 1e3 * for_minimum);
    right &= report("0.195 to 1e-12", least.complete && least.value.contains(rational(195, 1000)) &&
                                          least.value.width() < 1e-12);

    fmt::print(
        "minimisers of L, which are a curve: every point of the box farther than eps from it "
        "has L > 0\n  width of parts, eps, boxes left, parts, ms\n");
    for (const double width : {0.1, 0.025, 0.00625}) {
        minimum_answer curve;
        const double seconds = median(3, [&] {
            curve = minimise(L, box, {width, 1'000'000, nullptr});
        });
        double eps = 0;
        for (const auto& part : curve.minimisers)
            eps = std::max(eps, from_curve(part));
        fmt::print("  {:8} {:6.3f} {:7} {:7} {:7.1f}\n", width, eps, curve.minimisers.size(),
                   curve.parts, 1e3 * seconds);
        right &= report("a cover of the curve", curve.complete && curve.value.contains(0.0));
    }
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
