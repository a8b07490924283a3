#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "numerics/interval/interval.hpp"
#include "numerics/ode/enclose.hpp"
#include "numerics/ode/model.hpp"
#include "numerics/ode/vector_field.hpp"

/// Flows over boxes of parameters and of starts, unsplit: the solution as a polynomial in the
/// parameters, with proof.
namespace flowproof::rigorous {

struct parameter_range {
    rational lower, upper;
};

struct box_options {
    /// Total degree in the parameters; 0: 4, 6, 8, ... until the remainder of every state is at
    /// most `share` of what its polynomial varies, as far as products stay affordable.
    int degree = 0;
    double share = 2e-3;
    int order = 15;          ///< of the polynomials in time, at least 3
    int log2_longest = 1000; ///< no step is longer than 2 to this
    std::int64_t max_steps = 100'000;
    bool keep_path = false;                  ///< keep every step: model_tube::over
    const std::atomic<bool>* stop = nullptr; ///< looked at between steps
};

/// One step: with u = (t - time) / length from 0 to 1, state s differs from
///     sum_(i, k) coefficients[(s * basis size + i) * (order + 1) + k] monomial_i u^k
/// by at most deviation[s]. Coefficients are exact.
struct model_step {
    rational time;
    double length; ///< negative for backward integration
    int order;
    std::vector<double> coefficients;
    std::vector<double> deviation;
};

/// A part of the symbols' box [-1, 1]^n, an interval for each symbol; empty: all of it.
using symbol_box = std::span<const interval<double>>;

/// An enclosed family of solutions. All of it holds for every parameter in the ranges given,
/// whatever the ending: the state is that at `time`.
struct model_tube {
    ending why;
    rational time; ///< the end, or the last time reached
    int degree;    ///< taken
    std::int64_t steps;
    std::vector<model> state;       ///< at `time`, functions of the symbols
    std::vector<std::string> names; ///< of the parameters
    std::vector<model> parameters;  ///< centre + radius symbol, or a thin constant
    std::vector<int> symbol;        ///< of each parameter; -1 for those of a single value
    std::vector<model_step> path;   ///< in order of time; empty unless kept

    /// Encloses the values of each state over the box, in up to 256 parts: to 0.02 % of the width
    /// and the remainder as a rule.
    std::vector<interval<double>> range(symbol_box box = {}) const;
    /// Encloses the states at all times in t, for all parameters. @throws std::invalid_argument
    /// if t is not within the times passed, or if no path was kept.
    std::vector<interval<double>> over(const interval<double>& t) const;
};

/// Follows y' = f(y, p), y(0) = start(p), for all p in a box at once, for the exact time
/// `duration`, which may be negative.
///
/// @param start   over the parameters: names, in any order, that include the field's; further ones
///                make boxes of starts. One output a state.
/// @param ranges  one for each variable of `start`; lower = upper is one value. At most 8 are wide.
/// Endings: reached, out_of_steps, interrupted; undefined, where f or start may not be defined for
/// some parameter; not_validated, where no step is short enough: a pole, or too wide a box.
/// @throws std::invalid_argument for wrong counts or names, an empty range, or options out of
///         range; nothing else.
///
/// Cost     a product of polynomials in n symbols of degree m has binomial(2 n + m, m) terms;
///          fields are products times order^2 / 2 of these a step.
/// Accuracy P1 of bench/boxes.cpp over a box of 7 % x 4 %: the hull at t = 80 is at most 1.005
///          times the sampled one.
model_tube enclose_over_box(const vector_field& f, const tape& start,
                            const std::vector<parameter_range>& ranges, const rational& duration,
                            const box_options& options = {});

/// Encloses the values of a formula at the end, over all parameters in the box, in parts as
/// model_tube::range; entire where it may not be defined.
/// @param observed  its first variables are the states, in order; the others are parameters by
///                  name, or t, the time.
/// @throws std::invalid_argument for other variables, or a box that is not within [-1, 1]^n.
std::vector<interval<double>> observe(const tape& observed, const model_tube& tube,
                                      symbol_box box = {});

} // namespace flowproof::rigorous
