#include "numerics/random/instances.hpp"

#include <string>

#include "numerics/random/uniform.hpp"

namespace flowproof::random {

rational random_rational(stream& bits, std::int64_t numerator_bound,
                         std::int64_t denominator_bound) {
    if (numerator_bound < 0 || numerator_bound >> 62 != 0)
        throw std::invalid_argument(
            "random::random_rational: need 0 <= numerator bound < 2^62, got " +
            std::to_string(numerator_bound));
    if (denominator_bound < 1)
        throw std::invalid_argument("random::random_rational: need a denominator bound >= 1, got " +
                                    std::to_string(denominator_bound));
    const auto values = static_cast<std::uint64_t>(2 * numerator_bound + 1);
    const auto p = static_cast<std::int64_t>(uniform_below(bits, values)) - numerator_bound;
    const auto q = static_cast<std::int64_t>(
        uniform_below(bits, static_cast<std::uint64_t>(denominator_bound)));
    return rational(p, q + 1);
}

std::vector<rational> random_law(stream& bits, std::size_t n, std::int64_t weight_bound) {
    if (n < 1) throw std::invalid_argument("random::random_law: need n >= 1 points, got 0");
    if (weight_bound < 1)
        throw std::invalid_argument("random::random_law: need a weight bound >= 1, got " +
                                    std::to_string(weight_bound));
    std::vector<rational> law(n);
    rational sum;
    for (rational& weight : law) {
        const auto below = uniform_below(bits, static_cast<std::uint64_t>(weight_bound));
        weight = rational(static_cast<std::int64_t>(below)) + rational(1);
        sum += weight;
    }
    for (rational& weight : law)
        weight /= sum;
    return law;
}

} // namespace flowproof::random
