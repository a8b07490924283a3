#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/formula.hpp"
#include "theory/core/arguments.hpp"
#include "theory/core/flow.hpp"
#include "theory/core/outcome.hpp"

namespace flowproof {

/// Exact value at exact inputs; any shape. Throws std::invalid_argument outside its domain.
using exact_closure = std::function<matrix<rational>(const arguments&)>;
/// Enclosure of every entry at exact inputs, at a working precision in bits.
using ball_closure = std::function<matrix<ball>(const arguments&, std::int64_t bits)>;

/// The value of a formula of scalar parameters, as a closure in balls (an n x 1 column for n
/// outputs). Violated or undecidable domain conditions throw std::domain_error naming them.
ball_closure in_balls(const formula& f);

/// left == right for all values of the variables in the domain where both sides are defined.
/// Decided by expansion to a normal form, never by evaluation at points; refuted by a point of the
/// domain where the sides differ. Both tapes have the same variables, in the same order, and the
/// same shape.
struct identity {
    tape left, right;
    /// Conditions on the variables, over the same variables; empty: all reals.
    tape domain{};
    std::vector<relation> relations{};
    std::vector<std::string> words{};
    /// What is fixed although the statement is general: "N = 3, T = 4, P and Q of R0". Not empty:
    /// the evidence covers listed instances only.
    std::vector<std::string> listed{};
};

/// An identity of two formulas on the domain of the left one.
identity same(const formula& left, const formula& right);

struct instance {
    std::string name; ///< "R0", "random 7 (N = 3, T = 2)"
    arguments at;
};

/// left(x) == right(x), exactly, at every instance: enumeration, forward passes, tables.
struct exact_equal {
    std::vector<parameter> parameters; ///< of the closures; what --set may replace
    exact_closure left, right;
    std::vector<instance> fixed; ///< always checked
    /// The k-th seeded random instance, k = 0, 1, ...; may be empty. Same arguments, same instance.
    std::function<instance(std::uint64_t seed, std::uint64_t k)> random{};
    std::size_t random_count =
        0; ///< of the quick profile; full runs 10 times, paper 100 times as many
    /// The hypotheses: throws std::invalid_argument naming the violated one. Run on every instance,
    /// so that a user's own matrices are told apart from a counterexample.
    std::function<void(const arguments&)> check{};
};

/// Where a computed value must lie; ends included, a missing end is infinite.
struct bounds {
    std::optional<rational> lower, upper;
    std::string printed{}; ///< as tabulated, empty if the bounds are not a rounded number
};
/// The values that a printed decimal stands for: within one unit of its last digit.
bounds within_last_digit(const std::string& printed);
bounds at_least(rational lower);
bounds at_most(rational upper);
bounds between(rational lower, rational upper);

/// One number of a table and where it must lie.
struct table_row {
    std::string name; ///< "lambda_fast at (1/2, 1/3, 100)"
    arguments at;
    Eigen::Index entry; ///< of the value at these arguments, row by row
    bounds within;
};

/// Every listed value lies within its bounds; decided in balls at increasing precision.
struct enclosure {
    std::vector<parameter> parameters;
    ball_closure value;
    std::vector<table_row> rows;
};

/// A numeric quantity, refined level by level, agrees with a reference within its error model: the
/// error of level l is taken to be |value(l) - value(l - 1)| and must shrink from level to level.
struct numeric {
    std::string model; ///< in words: what a level is and why the differences shrink
    std::vector<parameter> parameters{};
    arguments at{};
    std::function<ball(const arguments&, std::int64_t level, std::int64_t bits)> value;
    std::function<ball(const arguments&, std::int64_t bits)> reference;
    std::int64_t levels; ///< deepest level of the quick profile
    rational tolerance;  ///< absolute; the estimated error must come below it
};

/// Every listed number asked of a flow lies within its bounds.
///
/// Enclosed: the flow is followed by a validated integrator; certified, or refuted. Otherwise it is
/// integrated twice, with different tolerances, orders and precisions: supported if the bounds hold
/// within the difference, contradicted if they are missed by more than ten times the difference.
struct flow_table {
    flow_request value;
    std::vector<table_row> rows; ///< `at` gives all parameters of the request
    bool enclosed = false;
};

/// The range of one variable, ends included; equal ends fix it.
struct side {
    std::string variable;
    rational lower, upper;
};

/// Every output of `value` has its sign at all points of the box where all conditions hold.
struct sign_on_box {
    tape value;
    std::vector<relation> signs; ///< one an output
    std::vector<side> box;       ///< one a variable of value and domain
    tape domain{};               ///< conditions, over any of the variables
    std::vector<relation> relations{};
    std::vector<std::string> words{};
    /// As in identity: not empty means that the box is less than the statement's own domain.
    std::vector<std::string> listed{};
};

/// For all parameters of a box, the zeros of a system in a box of its unknowns: how many, and how
/// many of each type.
struct zeros_in_box {
    /// Told by signs of the outputs of `indicators` at the zero: -1, +1, or 0 for either.
    struct type {
        std::string name; ///< "saddle"
        std::vector<int> signs;
        std::size_t count;
    };
    tape system;                    ///< over unknowns and parameters; one output an unknown
    std::vector<side> unknowns;     ///< no zero may lie on the boundary
    std::vector<side> parameters{}; ///< equal ends: a listed instance
    std::size_t count;
    tape indicators{}; ///< over the same variables
    std::vector<type> types{};
    std::vector<std::string> listed{}; ///< as in sign_on_box
};

/// Every output of `of.observed` lies within its bounds for all parameters of a box: one
/// integration with the parameters as symbols.
struct flow_on_box {
    flow_value of;
    std::vector<side> box;      ///< one a parameter, t included where it is the end
    std::vector<bounds> within; ///< one an output
    std::vector<std::string> listed{};
};

/// A univariate polynomial with rational coefficients has this many distinct real roots between the
/// ends, which are no roots themselves; a missing end is infinite. Shown by Sturm's theorem.
struct real_roots {
    tape polynomial; ///< one variable, one output
    std::optional<rational> lower, upper;
    std::size_t count;
};

/// Symmetric rational matrices are positive definite, or semidefinite, by an exact L D L^T.
struct definite_matrices {
    std::vector<std::pair<std::string, matrix<rational>>> matrices;
    bool strictly = true;
    std::vector<std::string> listed{}; ///< as in sign_on_box
};

/// polynomial >= lower on all of R^n, because the difference is a sum of squares with rational
/// coefficients; and equal there at `attained`, if it has values. The witness is found by the
/// engine.
struct sum_of_squares {
    tape polynomial; ///< one output
    rational lower;
    std::vector<rational> attained{}; ///< a point, one value a variable; or empty
};

/// The mean of a statistic of a finite-sample experiment agrees with an exact value. The interval
/// of the mean at the stated level must lie inside expected * (1 +- tolerance) to support, and
/// outside it to contradict.
struct sample {
    std::string experiment; ///< id in the paper's experiments
    std::string statistic;  ///< one of its statistics
    arguments at{};
    exact_closure expected; ///< 1 x 1
    rational tolerance;     ///< relative
    double level; ///< probability that the interval misses the true mean; the claim's share of the
                  ///< paper's 1e-6
    std::uint64_t draws; ///< of the quick profile; full takes 10 times, paper 100 times as many
};

/// A statistic of a finite-sample experiment scales like a power of one of its parameters. At each
/// listed value the experiment is drawn anew; the interval of the least-squares slope of
/// log(moment) against log(parameter) must lie within the band to support, and outside it to
/// contradict.
struct scaling {
    enum class moment { mean, root_mean_square };
    std::string experiment;       ///< id in the paper's experiments
    std::string statistic;        ///< one of its statistics
    moment of;                    ///< a mean must have one sign at all values
    arguments at{};               ///< the experiment's other parameters
    std::string parameter;        ///< "B"
    std::vector<rational> values; ///< at least two, positive, increasing
    rational lower, upper;        ///< the band of exponents, fixed before any draw
    double level; ///< probability that the slope's interval misses the slope of the true moments
    std::uint64_t draws; ///< at each value, in the quick profile; full takes 10 times, paper 100
};

struct obligation;

/// A part of a composite proof.
struct lemma {
    std::string name;
    std::shared_ptr<const obligation> statement;
    bool necessary = true; ///< its refutation refutes the claim
};
lemma make_lemma(std::string name, obligation statement, bool necessary = true);

/// All lemmas hold; with the hand steps (claim::given) they give the claim.
struct all_of {
    std::vector<lemma> lemmas;
};

/// What must be shown, one engine each. By kind: an enclosed flow_table and flow_on_box are `flow`,
/// any other flow_table is `numeric`; scaling is `sample`; real_roots, definite_matrices and
/// sum_of_squares are `certificate`.
struct obligation {
    std::variant<identity, exact_equal, enclosure, numeric, flow_table, sample, scaling, all_of,
                 sign_on_box, zeros_in_box, flow_on_box, real_roots, definite_matrices,
                 sum_of_squares>
        is;

    template <class Kind>
    obligation(Kind kind) : is(std::move(kind)) {} // NOLINT: an obligation is one of its kinds
};

/// "identity", "exact_equal", ...: the kind in the closed list.
std::string_view kind(const obligation& o);
/// The parameters that --set may replace (for all_of: of any lemma).
std::vector<parameter> settable(const obligation& o);
/// The strongest outcome by which the kind's engine may reject a false twin: refuted for exact and
/// enclosing engines, contradicted for numeric and sampled ones.
outcome rejection(const obligation& o);

} // namespace flowproof
