#include "theory/scb/claims.hpp"

namespace flowproof::scb {

std::vector<figure> figures() {
    arguments at;
    at.set("KP", rational(1, 2)).set("KQ", rational(1, 3)).set("T", rational(10));
    const axis x{"alphaV", "alpha_V (signal strength of V)", rational(-1, 2), rational(2), 51};
    const axis y{"alphaA", "alpha_A (signal strength of A)", rational(-1), rational(5, 2), 71};
    return {
        {.id = "scb.landscape",
         .title = "Excess loss on the signal manifold, K_P = 1/2, K_Q = 1/3, T = 10",
         .claim = "scb.manifold",
         .x = x,
         .y = y,
         .layers = {{layer::kind::surface, "scb.manifold.energy", at, "excess loss E"},
                    {layer::kind::curve,
                     "scb.manifold.valley",
                     {},
                     "valley alpha_V alpha_A = 1",
                     {{"alphaV", "alpha_V", rational(2, 5), rational(2), 81}}},
                    {layer::kind::points, "scb.equilibria.minimum", at, "minimum (1, 1)"},
                    {layer::kind::points, "scb.equilibria.saddle", at, "saddle (0, -1/(T K_Q))"}}}};
}

} // namespace flowproof::scb
