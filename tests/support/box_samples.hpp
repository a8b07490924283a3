#pragma once

#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

#include "numerics/ode/taylor_model.hpp"
#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/expr.hpp"

/// Flows over boxes of parameters, and points of the boxes.
namespace flowproof::support {

inline constexpr std::int64_t sample_bits = 300;

/// A point of the box: about every third coordinate at an end.
inline std::vector<rational> random_point(std::mt19937_64& rng,
                                          const std::vector<rigorous::parameter_range>& ranges) {
    std::vector<rational> result;
    for (const auto& r : ranges)
        result.push_back(rng() % 3 == 0
                             ? (rng() % 2 == 0 ? r.lower : r.upper)
                             : r.lower + (r.upper - r.lower) *
                                             rational(static_cast<int>(rng() % 1001), 1000));
    return result;
}

/// The values of the symbols that belong to a point of the box.
inline std::vector<rational> symbols_of(const rigorous::model_tube& tube,
                                        const std::vector<rational>& point) {
    std::vector<rational> result;
    for (std::size_t j = 0; j < point.size(); ++j) {
        if (tube.symbol[j] < 0) continue;
        const rigorous::model& p = tube.parameters[j];
        const std::int32_t linear = p.basis().multiplied(0, tube.symbol[j]);
        const rational s = (point[j] - rational::exactly(p.coefficients()[0])) /
                           rational::exactly(p.coefficients()[static_cast<std::size_t>(linear)]);
        BOOST_REQUIRE(abs(s) <= rational(1));
        result.push_back(s);
    }
    return result;
}

/// Is the value within the remainder of the polynomial at this point?
inline bool holds(const rigorous::model& x, const std::vector<rational>& symbols,
                  const ball& value) {
    ball sum(rational(0), sample_bits);
    for (std::size_t i = 0; i < x.basis().size(); ++i) {
        ball term(rational::exactly(x.coefficients()[i]), sample_bits);
        for (std::size_t s = 0; s < symbols.size(); ++s)
            term *=
                power(ball(symbols[s], sample_bits), x.basis().exponent(i, static_cast<int>(s)));
        sum += term;
    }
    return certainly(
        less(abs(value - sum), ball(rational::exactly(x.remainder().value()), sample_bits)));
}

/// P1: a' = (1 - a)/T + K_Q b (1 - ab), b' = K_P a (1 - ab).
inline vector_field valley() {
    return vector_field(
        record({"a", "b", "KP", "KQ", "T"}, [](auto a, auto b, auto KP, auto KQ, auto T) {
            return std::vector{(1 - a) / T + KQ * b * (1 - a * b), KP * a * (1 - a * b)};
        }));
}
inline tape at_rest() {
    return record({"KP", "KQ", "T"}, [](auto, auto, auto) { return std::vector<expr>(2); });
}
inline std::vector<rigorous::parameter_range> valley_box(std::int64_t T) {
    return {{rational(29, 100), rational(31, 100)},
            {rational(44, 100), rational(46, 100)},
            {rational(T), rational(T)}};
}

inline vector_field growth() {
    return vector_field(record({"y", "p"}, [](auto y, auto p) { return p * y; }));
}
inline tape start_q() {
    return record({"p", "q"}, [](auto, auto q) { return q; });
}
inline vector_field square() {
    return vector_field(record({"y"}, [](auto y) { return y * y; }));
}
inline tape only_q() {
    return record({"q"}, [](auto q) { return q; });
}

inline rigorous::box_options of_degree(int degree) {
    rigorous::box_options o;
    o.degree = degree;
    return o;
}

} // namespace flowproof::support
