// Boxes of parameters: one Taylor model, unsplit, on
//
//     P1: a' = (1 - a)/T + K_Q b (1 - ab),  b' = K_P a (1 - ab),  a(0) = b(0) = 0,
//     K_P in 0.3 +- w, K_Q in 0.45 +- w, w = 0.01 or 0.02.
//
// Ratio: width of the proved range over that of 33 x 33 sampled solutions, for a and b. One thread;
// CPU time, medians. Exit status 1 if a range misses a sample or a ratio is above 1.005.

#include <algorithm>
#include <array>
#include <ctime>
#include <fmt/format.h>
#include <functional>
#include <vector>

#include "numerics/bench/timing.hpp"
#include "numerics/ode/integrate.hpp"
#include "numerics/ode/taylor_model.hpp"
#include "numerics/scalar/expr.hpp"

using namespace flowproof;
using bench::median;

namespace {

struct box {
    rational P, Q, half_width;
};

} // namespace

int main() {
    const vector_field field(
        record({"a", "b", "KP", "KQ", "T"}, [](auto a, auto b, auto KP, auto KQ, auto T) {
            return std::vector{(1 - a) / T + KQ * b * (1 - a * b), KP * a * (1 - a * b)};
        }));
    const tape start =
        record({"KP", "KQ", "T"}, [](auto, auto, auto) { return std::vector<expr>(2); });
    bool good = true;
    fmt::print("{:>10} {:>5} {:>4} {:>6} {:>7} {:>6} {:>11} {:>11} {:>9} {:>9}\n", "T", "w", "t",
               "parts", "degree", "steps", "flow", "ranges", "ratio a", "ratio b");
    const auto report = [&](long T, int percent, long t, int parts) {
        const rational w(percent, 100);
        std::vector<box> boxes;
        for (int i = 0; i < parts; ++i)
            for (int j = 0; j < parts; ++j)
                boxes.push_back({rational(3, 10) + w * rational(2 * i + 1 - parts, parts),
                                 rational(9, 20) + w * rational(2 * j + 1 - parts, parts),
                                 w / parts});
        std::vector<rigorous::model_tube> tubes;
        const double flow = median(5, [&] {
            tubes.clear();
            for (const box& b : boxes)
                tubes.push_back(
                    rigorous::enclose_over_box(field, start,
                                               {{b.P - b.half_width, b.P + b.half_width},
                                                {b.Q - b.half_width, b.Q + b.half_width},
                                                {rational(T), rational(T)}},
                                               rational(t)));
        });
        std::vector<interval<double>> hull(2, interval<double>::empty());
        const double ranges = median(5, [&] {
            for (const auto& tube : tubes) {
                const auto range = tube.range();
                for (std::size_t k = 0; k < 2; ++k)
                    hull[k] = convex_hull(hull[k], range[k]);
            }
        });
        std::array<double, 2> low{2, 2}, high{-1, -1};
        for (int i = -16; i <= 16; ++i)
            for (int j = -16; j <= 16; ++j) {
                const double step = static_cast<double>(percent) / 1600;
                const auto y =
                    approx::integrate<double>(
                        field, {0, 0}, {0.3 + i * step, 0.45 + j * step, static_cast<double>(T)},
                        static_cast<double>(t))
                        .state;
                for (std::size_t k = 0; k < 2; ++k) {
                    low[k] = std::min(low[k], y[k]);
                    high[k] = std::max(high[k], y[k]);
                }
            }
        int degree = 0;
        long steps = 0;
        for (const auto& tube : tubes) {
            good = good && tube.why == rigorous::ending::reached;
            degree = std::max(degree, tube.degree);
            steps += static_cast<long>(tube.steps);
        }
        std::array<double, 2> ratio{};
        for (std::size_t k = 0; k < 2; ++k) {
            ratio[k] = hull[k].width() / (high[k] - low[k]);
            good = good && hull[k].lower() <= low[k] && high[k] <= hull[k].upper() &&
                   ratio[k] <= 1.005;
        }
        fmt::print("{:>10} {:>5} {:>4} {:>6} {:>7} {:>6} {:>8.1f} ms {:>8.2f} ms {:>9.5f} "
                   "{:>9.5f}\n",
                   T, fmt::format("0.0{}", percent), t, parts * parts, degree, steps, 1e3 * flow,
                   1e3 * ranges, ratio[0], ratio[1]);
    };
    for (const long T : {100L, 10'000L, 100'000'000L}) {
        report(T, 1, 80, 1);
        report(T, 1, 200, 1);
        report(T, 2, 80, T > 1'000'000 ? 2 : 1); // one polynomial of degree 20 is not enough
        report(T, 2, 200, T > 1'000 ? 2 : 1);
    }
    if (!good) fmt::print("an end not reached, a sample missed, or a ratio above 1.005\n");
    return good ? 0 : 1;
}
