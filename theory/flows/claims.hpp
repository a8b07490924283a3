#pragma once

#include <vector>

#include "theory/core/paper.hpp"

/// Closed forms of flows, as statements and as numbers: theory/flows/README.md.
namespace flowproof::flows {

std::vector<claim> claims();
std::vector<claim> product_claims(); ///< those of two factors, among claims()
std::vector<quantity> quantities();

/// The whole collection.
paper make_paper();

} // namespace flowproof::flows
