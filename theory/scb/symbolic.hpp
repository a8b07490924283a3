#pragma once

#include "theory/scb/instances.hpp"
#include "theory/scb/worksheet.hpp"

/// Instances whose entries are symbols: what an identity quantifies over at a fixed size.
namespace flowproof::scb {

struct symbolic_instance {
    bigram<expr> b;
    matrix<expr> V, A; ///< empty for weights::none
};

/// N = T = 2 in full generality: mu = (m, 1 - m) with 0 < m < 1; every P with P mu = mu is
/// mu 1^T + p (1, -1)^T (1 - m, -m); Q has the columns (q[1], 1 - q[1]) and (q[2], 1 - q[2]).
/// V and A are free, or all of C: V = mu 1^T + v (1, -1)^T (1 - m, -m), A = A_on_C(a).
symbolic_instance two_by_two(worksheet& sheet, weights kind);
/// R0 with symbolic V and A: free; all of C (V_on_C, A_on_C); or all of C with A vanishing where Q
/// does.
symbolic_instance over_R0(worksheet& sheet, weights kind);

/// K_P, K_Q and T as positive symbols.
sizes<expr> symbolic_sizes(worksheet& sheet);

/// What these two fix, for identity::listed.
std::vector<std::string> listed_two_by_two();
std::vector<std::string> listed_R0();

} // namespace flowproof::scb
