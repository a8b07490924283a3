#include "theory/scb/claims.hpp"

namespace flowproof::scb {

paper make_paper() {
    paper result{.id = "scb",
                 .title = "Learning and Transferring Sparse Contextual Bigrams with Linear "
                          "Transformers",
                 .authors = "Yunwei Ren, Zixuan Wang, Jason D. Lee",
                 .from = {"arXiv:2410.23438", "derived", "NeurIPS 2024"},
                 .claims = {},
                 .quantities = quantities(),
                 .experiments = experiments(),
                 .figures = figures()};
    for (auto&& part :
         {loss_claims(),         gradient_claims(),    reduction_claims(),  equilibrium_claims(),
          early_claims(),        tau_claims(),         flow_table_claims(), flow_box_claims(),
          valley_claims(),       overshoot_claims(),   global_claims(),     softmax_claims(),
          start_claims(),        stage_two_claims(),   l1_claims(),         transfer_claims(),
          training_claims(),     region_claims(),      descent_claims(),    threshold_claims(),
          off_manifold_claims(), escape_bound_claims()})
        result.claims.insert(result.claims.end(), part.begin(), part.end());
    return result;
}

} // namespace flowproof::scb
