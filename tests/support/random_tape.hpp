#pragma once

#include <random>
#include <string>
#include <vector>

#include "numerics/scalar/expr.hpp"
#include "tests/support/random_rational.hpp"

namespace flowproof::support {

/// Which operations random_tape may use.
enum class vocabulary { polynomial, rational_function, all };

/// A random formula of three variables and two outputs with about `length` operations. Negative
/// powers, roots and logarithms meet whatever argument comes: not every point is in the domain.
inline tape random_tape(std::mt19937_64& rng, int length, vocabulary words) {
    recorder r;
    std::vector<expr> pool{r.variable("x"), r.variable("y"), r.variable("alphaV"),
                           r.constant(small_nonzero(rng)), r.constant(rational(0))};
    const auto any = [&]() -> const expr& { return pool[rng() % pool.size()]; };
    const auto recent = [&]() -> const expr& {
        return pool[pool.size() - 1 - rng() % (pool.size() < 6 ? pool.size() : 6)];
    };
    const int last = words == vocabulary::polynomial ? 5 : words == vocabulary::all ? 12 : 7;
    for (int i = 0; i < length; ++i) {
        const expr a = recent(), b = any();
        switch (rng() % static_cast<unsigned>(last)) {
        case 0:
            pool.push_back(a + b);
            break;
        case 1:
            pool.push_back(a - b);
            break;
        case 2:
            pool.push_back(a * b);
            break;
        case 3:
            pool.push_back(-a);
            break;
        case 4:
            pool.push_back(power(a, static_cast<std::int64_t>(rng() % 4)));
            break;
        case 5:
            if (!known_zero(b)) pool.push_back(a / b);
            break;
        case 6:
            if (!known_zero(a)) pool.push_back(power(a, -static_cast<std::int64_t>(rng() % 3)));
            break;
        case 7:
            pool.push_back(sqrt(a));
            break;
        case 8:
            pool.push_back(exp(a));
            break;
        case 9:
            pool.push_back(log(a));
            break;
        case 10:
            pool.push_back(sin(a));
            break;
        default:
            pool.push_back(cos(a) * r.pi());
            break;
        }
    }
    return r.finish(std::vector<expr>{pool.back(), recent()});
}

} // namespace flowproof::support
