#include "theory/flows/claims.hpp"

namespace flowproof::flows {

paper make_paper() {
    return {.id = "flows",
            .title = "Flows with a closed form",
            .authors = "flowproof",
            .from = {"flowproof", "derived", "theory/flows/README.md"},
            .claims = claims(),
            .quantities = quantities()};
}

} // namespace flowproof::flows
