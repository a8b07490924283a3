#include "numerics/random/normal.hpp"

#include <stdexcept>
#include <string>

#include "numerics/random/uniform.hpp"
#include "numerics/random/ziggurat.hpp"

namespace flowproof::random {

// Compiled once, without contraction: inlined into a user's expression a product could be fused
// and change a bit.
//
// Accuracy of normal(). With real numbers in place of doubles the method is exact. Ours differs by
// (a) positions on a grid of edge[i] 2^-53, one rounding of the product and one of the edge: a
//     shift below 2^-50, hence at most 0.4 2^-50 in the distribution function;
// (b) decisions in the wedges: t is off by less than 2^-48 (cancellation in edge[i] - x), so that
//     the test u rise < expm1(t), rise >= 0.008, errs with probability below 2^-41; wedges are
//     entered with probability 1.2 %: below 2^-47;
// (c) the tail, entered with probability 2.6e-4: ties of exponential(), below 2^-60.

double exponential(stream& bits) {
    for (int whole = 0;; ++whole) {
        // The first run u1 > u2 > ... > un <= u(n+1) has odd length n with probability exp(-u1).
        const double first = uniform01(bits);
        bool odd = true;
        for (double last = first;; odd = !odd) {
            const double u = uniform01(bits);
            if (u >= last) break;
            last = u;
        }
        if (odd) return whole + first;
    }
}

double normal_tail(stream& bits, double start) {
    if (!(start > 0))
        throw std::invalid_argument("random::normal_tail: need start > 0, got " +
                                    std::to_string(start));
    for (;;) { // start + a, a exponential with rate start, kept with probability exp(-a^2 / 2)
        const double a = exponential(bits) / start;
        if (2 * exponential(bits) > a * a) return start + a;
    }
}

double expm1_series(double t) {
    double sum = 0;
    for (int n = 17; n >= 1; --n)
        sum = t / n * (1 + sum);
    return sum;
}

double normal(stream& bits) {
    const ziggurat& table = normal_ziggurat();
    for (;;) {
        const std::uint64_t word = bits.next64();
        const std::size_t i = word & 255;
        const double sign = word & 256 ? -1.0 : 1.0;
        const std::uint64_t position = word >> 11;
        const double x = static_cast<double>(position) * table.unit[i];
        if (position < table.inner[i]) return sign * x;
        if (i == 0) return sign * normal_tail(bits, table.edge[1]);
        // Under the curve: f(edge[i]) (1 + u rise) < f(x), divided by f(edge[i]).
        const double t = (table.edge[i] - x) * (table.edge[i] + x) / 2;
        if (uniform01(bits) * table.rise[i] < expm1_series(t)) return sign * x;
    }
}

void fill_normal(stream& bits, std::span<double> out) {
    for (double& x : out)
        x = normal(bits);
}

} // namespace flowproof::random
