#include "theory/scb/figures.hpp"

namespace flowproof::scb {

figure landscape() {
    arguments at;
    at.set("KP", rational(1, 2)).set("KQ", rational(1, 3)).set("T", rational(10));
    const axis x{"alphaV", "α_V, signal strength of V", rational(-1, 2), rational(2), 101};
    const axis y{"alphaA", "α_A, signal strength of A", rational(-1), rational(3), 121};
    const auto along_A = [](const char* from, const char* to, std::size_t points) {
        return axis{"alphaA", "α_A", rational::parse(from), rational::parse(to), points};
    };
    return {.id = "scb.landscape",
            .title = "Excess loss on the signal manifold, K_P = 1/2, K_Q = 1/3, T = 10",
            .claim = "scb.manifold",
            .x = x,
            .panels = {{y,
                        {{layer::kind::surface, "scb.manifold.energy", at, "excess loss E"},
                         {layer::kind::curve,
                          "scb.manifold.valley",
                          {},
                          "valley α_V α_A = 1",
                          {{"alphaV", "α_V", rational(1, 3), rational(2), 81}}},
                         {layer::kind::curve,
                          "scb.manifold.level",
                          at,
                          "E = E(z*)",
                          {along_A("-43/100", "3", 141)}},
                         {layer::kind::curve,
                          "scb.manifold.axis",
                          {},
                          "E = E(z*), α_V = 0",
                          {along_A("-1", "3", 2)}},
                         {layer::kind::points, "scb.equilibria.minimum", at, "minimum (1, 1)"},
                         {layer::kind::points, "scb.equilibria.saddle", at, "saddle z*"}}}}};
}

} // namespace flowproof::scb
