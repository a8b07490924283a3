#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "theory/core/obligation.hpp"

namespace flowproof {

/// Where a statement stands.
struct source {
    std::string paper;   ///< "arXiv:2410.23438"
    std::string version; ///< "v1"; "derived" for statements that this project derived itself
    std::string place;   ///< section, theorem or equation
};

/// A false statement near the true one, which the same engine must reject in the same run.
struct twin {
    std::string name;       ///< what was changed: "s2 dropped"
    obligation statement;   ///< of the claim's kind; for all_of of the replaced lemma's kind
    std::string replaces{}; ///< for all_of: name of the lemma that it replaces
};

/// One statement of a paper and what it takes to decide it.
struct claim {
    std::string id;        ///< "scb.loss.population": the theory files' id, never reused
    std::string statement; ///< one line in words
    std::string latex;     ///< the formula
    source from;
    std::vector<std::string> hypotheses{};
    std::string method{};             ///< in words, one or two sentences
    std::vector<std::string> given{}; ///< hand steps on which the verdict rests
    outcome expected;
    profile at_least = profile::quick;
    obligation shown_by;
    std::vector<twin> twins{}; ///< at least one, unless the claim names a control
    std::string control{};     ///< of a claim expected to fall: id of the corrected claim
    std::vector<std::string> quantities{}; ///< ids that eval reaches
    std::vector<std::string> figures{};
};

/// Anything that `eval` prints at the user's own parameters.
struct quantity {
    std::string id;
    std::string description; ///< in words, with its symbol and unit
    std::string latex{};
    std::vector<parameter> parameters;
    std::string shape = "1";
    arguments defaults;
    /// A formula of scalars; exact values; enclosures; or a number asked of a flow.
    std::variant<formula, exact_closure, ball_closure, flow_request> value;
    /// Throws std::invalid_argument naming the violated condition; may be empty for formulas,
    /// which carry their domain.
    std::function<void(const arguments&)> check{};
};

/// A finite-sample experiment with a fixed protocol: independent draws of named statistics.
struct experiment {
    std::string id;
    std::string description;
    std::vector<parameter> parameters;
    arguments defaults;
    std::vector<std::string> statistics;
    /// Draw number `index` under a seed, written to one slot per statistic. Draws are independent
    /// and may be computed in any order and thread; the same (seed, index) gives the same bits.
    using draw = std::function<void(std::uint64_t seed, std::uint64_t index, double* statistics)>;
    /// Prepares tables once for many draws. @throws std::invalid_argument for a bad protocol.
    std::function<draw(const arguments&)> prepare;
};

/// One axis of a figure, and the grid along it.
struct axis {
    std::string parameter;    ///< of the quantities drawn
    std::string label;        ///< with unit
    rational low, high;       ///< of a panel's y, if equal: the range is left to the data
    std::size_t count;        ///< grid points, both ends included
    bool logarithmic = false; ///< geometric grid and logarithmic scale; 0 < low
};

/// Something drawn: `verify` evaluates it, the record stores it, `plots` draws it.
///
/// Three or more curves of one quantity in one panel are a family: their colours run from light to
/// dark. Curves of one quantity and label are pieces of one. A band takes the colour of the curve
/// that follows it.
struct layer {
    enum class kind {
        surface, ///< the quantity over x and y
        curve,   ///< the quantity over x; or, with two outputs, a curve in the plane over the
                 ///< parameter axis
        points,  ///< the quantity's outputs as one point (x, y)
        band,    ///< between two outputs of the quantity, lower and upper, over x
        field,   ///< the direction of the quantity's two outputs, over x and y
        tube,    ///< between enclosures of a flow's output over t, for all parameters in `box`
        boxes    ///< parts of the plane on which a formula's outputs are certainly all positive, on
                 ///< which one is certainly negative, or neither
    };
    kind draw;
    std::string quantity; ///< id; empty for a band from an experiment
    arguments at;         ///< fixed parameters
    std::string label;
    /// Curve, band: one parameter axis, empty takes the figure's x axis. Field: the grid in x and
    /// y, empty takes the axes of figure and panel.
    std::vector<axis> along{};
    std::vector<std::size_t> entries{}; ///< outputs drawn, row by row from 0; empty: all
    bool as_points = false;             ///< curve: single points, not joined
    std::vector<rational> positions{};  ///< curve, band: parameter values in place of the grid
    /// Band from data: the k-th grid point shows the statistic NAME[k], from its 5% to its 95%
    /// quantile over the draws; `at` gives the experiment's parameters.
    std::string experiment{}, statistic{};
    std::uint64_t draws = 0;
    std::vector<side> box{}; ///< tube: ranges in place of values in `at`
    int sign = 0;            ///< boxes: +1, -1, or 0 for the parts without a certain sign
};

/// A stripe of a figure.
struct panel {
    axis y;
    std::vector<layer> layers;
};

struct figure {
    std::string id;
    std::string title;
    std::string claim; ///< whose verdict stands in the title
    axis x;
    std::vector<panel> panels; ///< top to bottom, sharing x; one for a surface or a field
};

/// A paper: one value, one folder.
struct paper {
    std::string id; ///< "scb"
    std::string title;
    std::string authors;
    source from;
    std::vector<claim> claims;
    std::vector<quantity> quantities;
    std::vector<experiment> experiments{};
    std::vector<figure> figures{};
};

/// Every paper of this build, in the order of theory/CMakeLists.txt.
std::vector<paper> all_papers();

} // namespace flowproof
