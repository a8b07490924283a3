#include "theory/landscapes/claims.hpp"

namespace flowproof::landscapes {

paper make_paper() {
    std::vector<claim> claims = tied_claims();
    for (claim& c : chain_claims())
        claims.push_back(std::move(c));
    return {.id = "landscapes",
            .title = "Loss landscapes in exact arithmetic",
            .authors = "flowproof",
            .from = {"flowproof", "derived", "theory/landscapes/README.md"},
            .claims = std::move(claims),
            .quantities = {}};
}

} // namespace flowproof::landscapes
