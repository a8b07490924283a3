#pragma once

#include "theory/core/paper.hpp"

namespace flowproof::scb {

/// The excess loss over the signal manifold, with its valley and the level of the saddle.
figure landscape();
/// alphaV, alphaA and the excess against time for several T: flow, closed forms, training.
figure two_stages();
/// The plane (alphaV, alphaA): velocity, orbits, the separatrix, where orbits overshoot.
figure phase_portrait();
/// The escape time against log T beside its two-term formula, and what is left of it.
figure escape_times();
/// Time to p = 1/2 against the alignment of the pretrained V.
figure transfer_times();
/// alphaV and alphaA against time, enclosed for a box of (K_P, K_Q) by one integration.
figure enclosed_flow();
/// The plane of step sizes, subdivided where Jury's conditions certainly hold or fail.
figure stability();

} // namespace flowproof::scb
