#pragma once

#include <atomic>
#include <cstddef>
#include <span>
#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/scalar/tape.hpp"

namespace flowproof {

/// Is every symmetric matrix within these n x n entries (row by row, lower triangle used) certainly
/// positive definite? By L D L^T in intervals; no means that it is not certain.
bool certainly_positive_definite(std::span<const interval<double>> entries, std::size_t n);

/// Is the Hessian of f certainly positive definite on the whole box? Then f is strictly convex on
/// it. @param f  one output. @throws std::invalid_argument unless there is a side a variable.
bool certainly_convex(const tape& f, std::span<const interval<double>> box);

struct minimum_options {
    double width = 1e-6;         ///< boxes whose sides are all this narrow are not halved
    std::size_t parts = 200'000; ///< boxes looked at
    const std::atomic<bool>* stop = nullptr;
};

struct minimum_answer {
    using fast = interval<double>;
    /// Contains the minimum of f over the box. The lower end is -inf if f is not certainly defined
    /// on some part.
    fast value = fast::entire();
    /// Every minimiser lies in one of them. Those of a strictly convex part are contracted.
    std::vector<std::vector<fast>> minimisers;
    std::vector<double> best; ///< f is at most value.upper() here
    bool complete = false;    ///< false: the budget was spent; the rest still holds
    bool unique = false;      ///< f is strictly convex on the hull of the boxes: one minimiser
    std::size_t parts = 0;
};

/// The global minimum of f over a box, by branch and bound: the part with the least lower bound is
/// halved first. A part is dropped if its bound exceeds f at some point, or if a derivative is
/// certainly not 0 and the part does not reach the end of the box on that side (otherwise the
/// side becomes that end). Where f is strictly convex in what is left, the Krawczyk operator of
/// the gradient contracts the part.
///
/// A minimum that is attained on a curve leaves a cover of the curve by small boxes.
/// @param f  one output, one side a variable, in order.
/// @throws std::invalid_argument for a box with another number of sides, empty or unbounded ones.
minimum_answer minimise(const tape& f, std::span<const interval<double>> box,
                        const minimum_options& options = {});

} // namespace flowproof
