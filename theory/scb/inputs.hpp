#pragma once

#include <string>
#include <vector>

#include "theory/core/paper.hpp"
#include "theory/scb/reduced.hpp"

/// Scalar parameters of quantities: declared once. Defaults are those of the tabulated numbers:
/// K_P = 1/2, K_Q = 1/3, T = 100 and steps of 1/2.
namespace flowproof::scb {

/// @throws std::logic_error for a name that is not declared.
parameter declared(const std::string& name);
rational default_of(const std::string& name);

using recorded_formula = std::vector<expr> (*)(const std::vector<expr>& inputs);

/// A formula of named scalars, each on the domain that it declares.
quantity of_scalars(std::string id, std::string description, std::string latex,
                    const std::vector<std::string>& names, recorded_formula value);

/// The first three inputs as K_P, K_Q, T.
inline sizes<expr> sizes_in(const std::vector<expr>& x) { return {x[0], x[1], x[2]}; }

} // namespace flowproof::scb
