#pragma once

#include "theory/core/worksheet.hpp"
#include "theory/scb/instances.hpp"

/// Instances whose entries are symbols: what an identity quantifies over at a fixed size.
namespace flowproof::scb {

struct symbolic_instance {
    bigram<expr> b;
    matrix<expr> V, A; ///< empty for weights::none
};

// Entries are named v[i,j] and a[t,k], so that --set V or A changes the exact instances of a claim
// and leaves its symbolic lemmas general.

/// N = T = 2 in full generality: mu = (m, 1 - m) with 0 < m < 1; every P with P mu = mu is
/// mu 1^T + p (1, -1)^T (1 - m, -m); Q has the columns (q[1], 1 - q[1]) and (q[2], 1 - q[2]).
/// V and A are free, or all of C: V = mu 1^T + v (1, -1)^T (1 - m, -m), A = A_on_C(a).
symbolic_instance two_by_two(worksheet& sheet, weights kind);
/// R0 with symbolic V and A: free; all of C (V_on_C, A_on_C); or all of C with A vanishing where Q
/// does.
symbolic_instance over_R0(worksheet& sheet, weights kind);

/// K_P, K_Q and T as positive symbols.
sizes<expr> symbolic_sizes(worksheet& sheet);

/// A weight matrix and its signal (Vbar and Pbar, or Abar and Qbar) at every size, through their
/// inner products alone.
struct gram {
    expr own;    ///< |weights|_mu^2
    expr cross;  ///< <weights, signal>_mu
    expr signal; ///< |signal|_mu^2: K_P or K_Q

    expr alpha() const { return cross / signal; }
    expr delta() const { return own - signal * alpha() * alpha(); }
    /// Of x weights + y signal, by bilinearity.
    gram combined(const expr& x, const expr& y) const;
};

/// What these two fix, for identity::listed.
std::vector<std::string> listed_two_by_two();
std::vector<std::string> listed_R0();

} // namespace flowproof::scb
