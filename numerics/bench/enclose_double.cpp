// Flows enclosed in double intervals: time beside width.
//
//     P1: a' = (1 - a)/T + K_Q b (1 - ab),  b' = K_P a (1 - ab),  K_P = 3/10, K_Q = 9/20,
//     a(0) = b(0) = 0 to t = 80; the time of Odeint's rkf78, which encloses nothing, beside it.
//     Lorenz (10, 28, 8/3) from (15, 15, 36): the width grows with the flow and with the one
//     parameter that is not a double.
//
// One thread; CPU time, medians over repeats. Exit status 1 if a width is out of bounds.

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <functional>
#include <vector>

#include "numerics/bench/peers.hpp"
#include "numerics/bench/timing.hpp"
#include "numerics/ode/enclose.hpp"
#include "numerics/scalar/expr.hpp"

using namespace flowproof;
using bench::median;
using set = interval<double>;

namespace {

double widest(const rigorous::tube<set>& t) {
    double width = 0;
    for (const set& x : t.state)
        width = std::max(width, x.width());
    return width;
}

} // namespace

int main() {
    const vector_field training(
        record({"a", "b", "KP", "KQ", "T"}, [](auto a, auto b, auto KP, auto KQ, auto T) {
            return std::vector{(1 - a) / T + KQ * b * (1 - a * b), KP * a * (1 - a * b)};
        }));
    bool good = true;
    fmt::print("{:<28} {:>12} {:>10} {:>6} {:>14}\n", "P1 to t = 80", "CPU time", "width", "steps",
               "/ Odeint rkf78");
    for (const long T : {100L, 10'000L, 100'000'000L}) {
        const double odeint = median(300, [&] { bench::odeint_double(static_cast<double>(T)); });
        for (const auto how : {rigorous::transport::frame, rigorous::transport::norm}) {
            rigorous::flow_options options;
            options.errors = how;
            rigorous::tube<set> end{};
            const double seconds = median(100, [&] {
                end = rigorous::enclose<set>(
                    training, {0, 0}, {rational(3, 10), rational(9, 20), T}, set(80), options);
            });
            const bool frame = how == rigorous::transport::frame;
            fmt::print("T = {:<10} {:<13} {:>9.1f} us {:>10.1e} {:>6} {:>14.1f}\n", T,
                       frame ? "frame" : "norm", 1e6 * seconds, widest(end), end.steps,
                       seconds / odeint);
            good = good && end.why == rigorous::ending::reached &&
                   widest(end) <= (frame ? 2e-15 : 3.5e-14);
        }
    }
    const vector_field lorenz(
        record({"x", "y", "z", "s", "r", "b"}, [](auto x, auto y, auto z, auto s, auto r, auto b) {
            return std::vector{s * (y - x), x * (r - z) - y, x * y - b * z};
        }));
    fmt::print("\nLorenz from (15, 15, 36)\n");
    for (const double time : {10.0, 20.0, 22.75, 26.0, 28.0, 30.0}) {
        rigorous::tube<set> end{};
        const double seconds = median(5, [&] {
            end = rigorous::enclose<set>(lorenz, {15, 15, 36}, {10, 28, rational(8, 3)}, set(time));
        });
        fmt::print("t = {:<24} {:>9.2f} ms {:>10.1e} {:>6}\n", time, 1e3 * seconds, widest(end),
                   end.steps);
        good = good && (time > 23 || widest(end) < 1e-3);
    }
    if (!good) fmt::print("a width is out of bounds\n");
    return good ? 0 : 1;
}
