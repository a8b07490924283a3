// Flows: our Taylor integrators beside other libraries on
//
//     P1: a' = (1 - a)/T + K_Q b (1 - ab),  b' = K_P a (1 - ab),  K_P = 0.3, K_Q = 0.45,
//     a(0) = b(0) = 0 to t = 80; the errors are those of b(80), relative to our 80 digits.
//
// One thread; CPU time, medians over repeats. Exit status 1 if an error is out of bounds.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <vector>

#include "numerics/bench/peers.hpp"
#include "numerics/bench/timing.hpp"
#include "numerics/ode/enclose.hpp"
#include "numerics/ode/integrate.hpp"
#include "numerics/scalar/expr.hpp"

using namespace flowproof;
using bench::medians;

namespace {

double relative(const rational& value, const rational& exact) {
    return (abs(value - exact) / abs(exact)).nearest();
}

// Where the packages of the system are found, whatever other Python comes first.
constexpr const char* path = "PATH=/usr/bin:$PATH";

struct timed {
    double seconds;
    rational value;
};

/// mpmath's Taylor method at 50 digits in a process of its own, with the time that it measured.
std::optional<timed> mpmath(long T) {
    const std::string program =
        fmt::format("import time\n"
                    "from mpmath import mp, mpf, odefun\n"
                    "mp.dps = 50\n"
                    "T, p, q = mpf({}), mpf(3)/10, mpf(9)/20\n"
                    "start = time.process_time()\n"
                    "y = odefun(lambda t, y: [(1 - y[0])/T + q*y[1]*(1 - y[0]*y[1]), "
                    "p*y[0]*(1 - y[0]*y[1])], 0, [mpf(0), mpf(0)])(80)\n"
                    "print(time.process_time() - start, mp.nstr(y[1], 55))\n",
                    T);
    const std::string command = "timeout 120 python3 - 2>/dev/null <<'END'\n" + program + "END\n";
    FILE* const pipe = popen(command.c_str(), "r");
    if (!pipe) return std::nullopt;
    std::array<char, 256> value{};
    double seconds = 0;
    const int read = std::fscanf(pipe, "%lf %255s", &seconds, value.data());
    pclose(pipe);
    if (read != 2) return std::nullopt;
    return timed{seconds, rational::parse(value.data())};
}

bool installed(const char* module) {
    return std::system(
               fmt::format("{} python3 -c 'import {}' 2>/dev/null", path, module).c_str()) == 0;
}

void row(const char* what, double seconds, double error, double ratio) {
    fmt::print("  {:<44} {:>12} {:>9.1e} {:>8}\n", what,
               seconds < 1e-3 ? fmt::format("{:.1f} us", 1e6 * seconds)
                              : fmt::format("{:.2f} ms", 1e3 * seconds),
               error, ratio == 0 ? "" : fmt::format("{:.2f}", ratio));
}

} // namespace

int main() {
    const vector_field field(
        record({"a", "b", "KP", "KQ", "T"}, [](auto a, auto b, auto KP, auto KQ, auto T) {
            return std::vector{(1 - a) / T + KQ * b * (1 - a * b), KP * a * (1 - a * b)};
        }));
    const bool has_mpmath = installed("mpmath");
    bool good = true;
    fmt::print("  {:<44} {:>12} {:>9} {:>8}\n", "P1 to t = 80", "CPU time", "error", "ratio");
    for (const long T : {100L, 10'000L, 100'000'000L}) {
        const auto in_balls = [&](int digits) {
            approx::ode_options options;
            options.digits = digits;
            const std::int64_t bits = 400;
            return approx::integrate(
                       field, {ball(0), ball(0)},
                       {ball(rational(3, 10), bits), ball(rational(9, 20), bits), ball(T)},
                       ball(80), options)
                .state[1]
                .midpoint();
        };
        const rational exact = in_balls(80);

        double ours = 0, odeint = 0;
        const auto fast =
            medians(300, {[&] {
                              ours = approx::integrate<double>(
                                         field, {0, 0}, {0.3, 0.45, static_cast<double>(T)}, 80)
                                         .state[1];
                          },
                          [&] { odeint = bench::odeint_double(static_cast<double>(T)); }});
        fmt::print("T = {}\n", T);
        const double error = relative(rational::exactly(ours), exact);
        row("double: Taylor", fast[0], error, 0);
        row("double: Odeint rkf78, 1e-14", fast[1], relative(rational::exactly(odeint), exact),
            fast[1] / fast[0]);
        good = good && error <= 1e-15;

        const auto enclosed = [&](int digits) {
            rigorous::flow_options options;
            options.digits = digits;
            const std::int64_t bits = 900;
            return rigorous::enclose(
                       field, {ball(0), ball(0)},
                       {ball(rational(3, 10), bits), ball(rational(9, 20), bits), ball(T)},
                       ball(80), options)
                .state[1];
        };
        rational fifty;
        std::string other;
        std::array<ball, 3> proved;
        const auto slow = medians(
            5, {[&] { fifty = in_balls(50); }, [&] { other = bench::odeint_mpfr(T, "1e-47"); },
                [&] { proved[1] = enclosed(50); }, [&] { proved[0] = enclosed(22); },
                [&] { proved[2] = enclosed(200); }});
        const double error50 = relative(fifty, exact);
        row("50 digits: Taylor", slow[0], error50, 0);
        good = good && error50 <= 1e-48;
        row("50 digits: Odeint Bulirsch-Stoer, mpfr, 1e-47", slow[1],
            relative(rational::parse(other), exact), slow[1] / slow[0]);
        constexpr int asked[] = {22, 50, 200}, place[] = {3, 2, 4};
        for (const std::size_t i : {0, 1, 2}) {
            const rational width = 2 * proved[i].radius() / exact;
            row(fmt::format("{} digits: enclosed; error: width", asked[i]).c_str(), slow[place[i]],
                width.nearest(), 0);
            good = good && width * power(rational(10), asked[i]) <= rational(1) &&
                   (asked[i] > 50 || proved[i].contains(exact));
        }
        fmt::print(
            "  50 digits: Odeint Bulirsch-Stoer / enclosed: {:.0f}; enclosed, 200 digits / 50 "
            "digits: {:.1f}\n",
            slow[1] / slow[2], slow[4] / slow[2]);
        if (!has_mpmath || T != 100) continue; // it takes seconds each
        if (const auto m = mpmath(T))
            row(installed("gmpy2") ? "50 digits: mpmath odefun with gmpy2"
                                   : "50 digits: mpmath odefun without gmpy2",
                m->seconds, relative(m->value, exact), m->seconds / slow[2]);
        else
            fmt::print("  mpmath gave no result within 120 s\n");
    }
    if (!has_mpmath) fmt::print("mpmath is not installed (.ci/install --bench)\n");
    fmt::print("ratio: time of the other library / ours; of mpmath, / ours enclosed\n");
    if (!good)
        fmt::print("an error of ours is out of bounds: 1e-15 in double, 1e-48 in balls, a "
                   "width more than asked\n");
    return good ? 0 : 1;
}
