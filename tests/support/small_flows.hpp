#pragma once
// Three small flows with known solutions, for tests of the engines that follow them.

#include <utility>
#include <vector>

#include "numerics/scalar/expr.hpp"
#include "theory/core/obligation.hpp"

namespace flowproof::small {

/// x' = r x from x(0) = 1, followed to t; observed: x, x - exp(r t).
inline flow_value growth() {
    flow_value f;
    f.states = {"x"};
    f.velocity = record({"r", "x"}, [](auto r, auto x) { return r * x; });
    f.start = record({"r"}, [](auto r) { return r * 0 + 1; });
    f.observed = record({"x", "t", "r"}, [](auto x, auto t, auto r) {
        return std::vector<expr>{x, x - exp(r * t)};
    });
    f.domain = record({"r"}, [](auto r) { return r; });
    f.relations = {relation::positive};
    f.words = {"r > 0"};
    return f;
}

/// x'' = -x from (0, 1): followed to the first change of sign of x - level after 0.
inline flow_value swing() {
    flow_value f;
    f.states = {"x", "v"};
    f.velocity = record({"x", "v"}, [](auto x, auto v) { return std::vector<expr>{v, -x}; });
    f.start = record({"v0"}, [](auto v0) { return std::vector<expr>{v0 * 0, v0}; });
    f.until = record({"x", "level"}, [](auto x, auto level) { return x - level; });
    f.horizon = record({"level"}, [](auto level) { return level * 0 + 10; });
    f.observed = record({"t", "v"}, [](auto t, auto v) { return std::vector<expr>{t, v}; });
    return f;
}

/// x' = x^2 from x(0) = 1: blows up at t = 1.
inline flow_value pole() {
    flow_value f;
    f.states = {"x"};
    f.velocity = record({"x"}, [](auto x) { return x * x; });
    f.start = record({"x0"}, [](auto x0) { return x0; });
    f.observed = record({"x"}, [](auto x) { return x; });
    return f;
}

inline arguments at(std::initializer_list<std::pair<const char*, rational>> values) {
    arguments result;
    for (const auto& [name, value] : values)
        result.set(name, value);
    return result;
}

} // namespace flowproof::small
