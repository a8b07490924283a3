#pragma once

#include <vector>

#include "theory/core/paper.hpp"

/// Loss landscapes decided in exact arithmetic: theory/landscapes/README.md.
namespace flowproof::landscapes {

std::vector<claim> tied_claims();  ///< two tied products, with and without decay
std::vector<claim> chain_claims(); ///< a chain of three weights

/// The whole collection.
paper make_paper();

} // namespace flowproof::landscapes
