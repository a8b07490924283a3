#pragma once

#include <cstring>

namespace flowproof {

/// Doubles that are added and multiplied side by side; each as if alone, so that results do not
/// depend on their number. From and to memory without alignment.
using two_lanes = double __attribute__((vector_size(16)));
using four_lanes = double __attribute__((vector_size(32)));

// By reference: what a vector is passed in depends on the instruction set.
template <class Lanes> [[gnu::always_inline]] inline void load(Lanes& x, const double* from) {
    std::memcpy(&x, from, sizeof(Lanes));
}
template <class Lanes> [[gnu::always_inline]] inline void store(double* to, const Lanes& x) {
    std::memcpy(to, &x, sizeof(Lanes));
}

} // namespace flowproof
