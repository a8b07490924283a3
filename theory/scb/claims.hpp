#pragma once

#include <vector>

#include "theory/core/paper.hpp"

/// The claims of the paper, by topic. What they say, their verdicts and their corrections to the
/// usual summaries: theory/scb/README.md.
namespace flowproof::scb {

std::vector<claim> loss_claims();
std::vector<claim> gradient_claims();
std::vector<claim> reduction_claims();
std::vector<claim> equilibrium_claims();
std::vector<claim> early_claims();
std::vector<claim> tau_claims();
std::vector<claim> flow_table_claims();
std::vector<claim> flow_box_claims();
std::vector<claim> valley_claims();
std::vector<claim> overshoot_claims();
std::vector<claim> global_claims();
std::vector<claim> softmax_claims();
std::vector<claim> start_claims();
std::vector<claim> stage_two_claims();
std::vector<claim> l1_claims();
std::vector<claim> transfer_claims();
std::vector<claim> training_claims();
std::vector<claim> region_claims();
std::vector<claim> descent_claims();
std::vector<claim> threshold_claims();
std::vector<claim> off_manifold_claims();
std::vector<claim> escape_bound_claims();

std::vector<quantity> quantities();
std::vector<quantity> dynamics_quantities();
std::vector<experiment> experiments();
std::vector<figure> figures();

/// The whole paper.
paper make_paper();

/// Where the model is defined. The formulas are derived by this project.
source derived(std::string place);
/// A question that the paper does not ask, answered by this project.
source extension(std::string place);

/// Sampled claims share the paper's error budget of 10^-6.
constexpr double sample_level = 1e-7;
constexpr double scaling_level = 1e-9;

} // namespace flowproof::scb
