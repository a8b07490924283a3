#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

#include "numerics/box/parts.hpp"
#include "numerics/scalar/tape.hpp"

namespace flowproof {

/// n equations in n unknowns over a box, for all parameters of another box.
struct zeros_question {
    tape system;                          ///< over unknowns and parameters
    std::vector<variable_range> unknowns; ///< one an equation
    std::vector<variable_range> parameters{};
    tape indicators{};          ///< whose signs at the zeros are asked
    std::vector<char> needed{}; ///< which of the signs must become certain
};

struct zeros_options {
    std::size_t parts = 100'000; ///< boxes looked at, over all parameter cells
    const std::atomic<bool>* stop = nullptr;
};

/// For every parameter of the cell exactly one zero lies in the box, and no two boxes meet.
struct isolated_zero {
    std::vector<interval<double>> box;   ///< mapped into its interior by the Krawczyk operator
    std::vector<double> centre;          ///< with this centre
    std::vector<double> preconditioner;  ///< and this matrix, row by row
    std::vector<interval<double>> tight; ///< also contains the zero, much smaller if it can be
    std::vector<int> signs;              ///< of the indicators over `box`: -1, 1, or 0 for unknown
};

/// All zeros for the parameters of a part of their box.
struct zeros_cell {
    std::vector<variable_range> parameters;
    std::vector<isolated_zero> zeros;
    /// Over the unknowns' box, in preorder: "sJ" halves side J at its exact middle; "eI": equation
    /// I certainly does not hold, by the direct, centred or monotone form; "k": the Krawczyk
    /// operator maps the part out of itself; "zK": the part, or what of it the Krawczyk operator
    /// leaves, lies in the box of zero K.
    std::string tree;
    std::size_t leaves = 0;
};

struct zeros_answer {
    bool complete = false; ///< every parameter cell is done
    std::vector<zeros_cell> cells;
    std::string cell_tree; ///< over the parameters' box: "sJ", and "c" for the next cell
    std::size_t parts = 0; ///< leaves over all cells
    // Of the first parameter cell that is not done:
    std::string reason{};
    std::vector<variable_range> parameters{}, cluster{}; ///< a part that may hold zeros
    std::size_t clusters = 0; ///< parts of this kind, each smaller than 2^-36 of the box
};

/// Halves the unknowns' box until every part certainly holds no zero or lies in the box of one that
/// is isolated: found by Newton's iteration, proved to exist and to be unique by the Krawczyk
/// operator, in a box as large as can be shown. Parameter boxes on which this fails are halved.
///
/// What multiple zeros, zeros on the boundary and singularities leave is reported as clusters.
/// Deterministic. @throws std::invalid_argument unless unknowns, parameters and equations fit.
zeros_answer isolate_zeros(const zeros_question& what, const zeros_options& options = {});

} // namespace flowproof
