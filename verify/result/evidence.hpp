#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "theory/core/outcome.hpp"

namespace flowproof {

/// Named exact values in text form: {"KP", "1/2"}, {"V", "[[1, 0], [0, 1]]"}.
using bindings = std::vector<std::pair<std::string, std::string>>;

/// Both sides have the same normal form.
struct exact_identity {
    coverage covers;
    std::size_t outputs;    ///< entries compared
    std::size_t generators; ///< variables and elementary subexpressions of the normal form
    std::size_t terms;      ///< of the largest polynomial met
};

/// Both sides are equal as rationals at every listed or seeded instance.
struct exact_agreement {
    std::size_t instances;
    std::size_t values; ///< entries compared over all instances
};

/// Every listed value is enclosed within its bounds.
struct enclosed {
    struct row {
        std::string name, lower, upper; ///< enclosure, decimal, rounded outward
        std::string target;             ///< the bounds asked for
    };
    coverage covers;
    std::vector<row> rows;
    std::int64_t bits; ///< working precision that decided
};

/// Certain signs on every part of a box.
struct signs_certain {
    coverage covers;
    std::size_t outputs; ///< expressions whose sign is certain
    std::size_t parts;   ///< boxes of the subdivision
    std::size_t outside; ///< of these, outside the conditions
    int depth;           ///< halvings of the smallest box
};

/// All zeros of a system in a box, each unique in a box of its own.
struct zeros_isolated {
    struct zero {
        std::string type; ///< empty if none was asked
        std::string box;  ///< "u in [0.99, 1.01], v in ..."; of one instance or parameter cell
    };
    coverage covers;
    std::vector<zero> zeros; ///< at the first parameter cell
    std::size_t parts;       ///< boxes of the subdivision, parameters included
};

/// A witness that was checked in exact arithmetic.
struct witnessed {
    coverage covers;
    std::string what;  ///< "sum of 4 squares of polynomials of degree 2", "Sturm chain of 5"
    std::size_t count; ///< polynomials, matrices or squares looked at
};

/// A point where the statement is false: exact values, or enclosures that do not meet.
struct counterexample {
    std::string where; ///< name of the instance, output or row
    bindings at;
    std::string left, right;
};

/// What successive refinements say of a number and its reference.
struct refinement {
    std::string model;
    std::string value, reference, difference, error, tolerance;
    std::int64_t level;
};

/// What integrations of different accuracy say of numbers along a flow.
struct integrated {
    struct row {
        std::string name, value; ///< value: as far as asked, or why there is none
        std::string error;       ///< estimated, not enclosed
        std::string target;      ///< the bounds asked for
    };
    std::string model;
    std::vector<row> rows; ///< of a statement that falls: the row that decided
    int digits = 0;        ///< most that was asked of a step
};

/// The interval of a sampled mean beside the value claimed for it.
struct sampled {
    std::string experiment, statistic;
    std::string mean, lower,
        upper; ///< interval that misses the true mean with probability <= level
    std::string expected, tolerance;
    double level;
    std::uint64_t draws, seed;
    std::string method;
};

/// Sampled moments at values of a parameter, and the slope of their logarithms over its own.
struct scaled {
    struct point {
        std::string value; ///< of the parameter
        std::string moment, lower, upper;
    };
    std::string experiment, statistic;
    std::string moment; ///< "mean" or "root mean square"
    std::string parameter;
    std::vector<point> points; ///< intervals that all hold at once but for probability `level`
    std::string slope, lower, upper; ///< extremes over those intervals; empty if undefined
    std::string band_lower, band_upper;
    double level;
    std::uint64_t draws, seed; ///< at each value
    std::string method;
};

/// The parts of a composite proof.
struct composite {
    struct part {
        std::string name;
        outcome result;
        bool necessary;
        std::string summary; ///< of the part's own evidence, one line
    };
    std::vector<part> parts;
};

using evidence = std::variant<std::monostate, exact_identity, exact_agreement, enclosed,
                              counterexample, refinement, integrated, sampled, scaled, composite,
                              signs_certain, zeros_isolated, witnessed>;

} // namespace flowproof
