#pragma once
// One engine a kind of obligation. Each may throw: decide() turns exceptions into `error`.

#include "verify/engine/engine.hpp"

namespace flowproof::engine {

/// Expands both sides to normal forms. Equality is meant where both sides are defined; a proof
/// also shows a point of the domain where they are, so that it never holds of nothing. Different
/// normal forms lead to a search for a point of the domain where the sides certainly differ.
decision decide_identity(const identity& what, const engine_context& context);
/// Do the matrices and numbers of --set have the sizes of this identity's variables? An identity
/// at sizes of its own says nothing of an instance of other sizes.
bool takes(const identity& what, const arguments& set);

/// Every fixed instance, then random_count seeded ones (10 and 100 times as many in the larger
/// profiles). With --set: the first fixed instance with the user's values in place of its own.
decision decide_exact_equal(const exact_equal& what, const engine_context& context);

/// Starts at the precision of the digits asked for and doubles it until every row is decided, up
/// to 2048, 16384 or 131072 bits by profile.
decision decide_enclosure(const enclosure& what, const engine_context& context);

/// Let v(l) be the value at level l, L the deepest level (2 deeper in full, 4 in paper) and
/// e = |v(L) - v(L - 1)|, e' = |v(L - 1) - v(L - 2)|, both rounded up; s = tolerance / 1000.
///
///     trusted       e <= tolerance, and e <= 2/3 e' or both are at most s
///     supported     trusted and |v(L) - reference| <= 2 e + s
///     contradicted  trusted and |v(L) - reference| > 10 (e + tolerance)
///     undecided     otherwise
///
/// If differences keep shrinking by 2/3 a level, all that is to come is at most e (2/3 + 4/9 +
/// ...) = 2 e, hence the factor 2; differences below s count as none.
decision decide_numeric(const numeric& what, const engine_context& context);

/// Every row's number is computed twice (verify/engine/flow.hpp); with e the estimated error,
///
///     supported     [value - e, value + e] lies within the bounds
///     contradicted  [value - 10 e, value + 10 e] misses the bounds
///     undecided     otherwise, or where the flow ends before the number is defined
decision decide_flow_table(const flow_table& what, const engine_context& context);

/// An enclosed flow_table: every row's number is enclosed (verify/engine/enclosed_flow.hpp) with
/// more digits until it certainly lies within its bounds or certainly does not.
decision decide_flow_table_enclosed(const flow_table& what, const engine_context& context);

/// One integration over the whole box with Taylor models in the parameters; the degree is raised
/// until every output certainly lies within its bounds. Refuted by an enclosure at the centre or a
/// corner of the box.
decision decide_flow_on_box(const flow_on_box& what, const engine_context& context);

/// Subdivides the box until every output's sign is certain on every part (numerics/box/sign.hpp) or
/// the budget of parts is spent; refuted by a part's centre or corner where a sign is certainly
/// wrong.
decision decide_sign_on_box(const sign_on_box& what, const engine_context& context);

/// Isolates all zeros (numerics/box/zeros.hpp), for parameter boxes on a subdivision of it.
decision decide_zeros_in_box(const zeros_in_box& what, const engine_context& context);

/// Sturm chains, L D L^T and sums of squares in rationals.
decision decide_real_roots(const real_roots& what, const engine_context& context);
decision decide_definite_matrices(const definite_matrices& what, const engine_context& context);
decision decide_sum_of_squares(const sum_of_squares& what, const engine_context& context);

/// The interval of the mean: Clopper-Pearson where every draw is 0 or 1, else Student. The draws
/// are spread over 64 fixed lanes: the same bits for any number of threads.
decision decide_sample(const sample& what, const engine_context& context);

/// At each of the k values, drawn with a seed of its own, the interval of the mean (of the squares
/// for a root mean square) at level / k; all hold together at the level, so the slope of their
/// logarithms lies between its extremes over them. Undecided where an interval contains 0 or the
/// mean changes its sign. Student intervals are asymptotic: for 5000 squares of normal draws at
/// level 1e-8 they miss about 15 times as often (skewness of a Student statistic, to first order).
decision decide_scaling(const scaling& what, const engine_context& context);

/// The lemmas in order, each with a seed of its own; the verdict is composed of theirs. With --set,
/// a lemma at fixed sizes other than the user's is left out; one at least must take the values.
decision decide_all_of(const all_of& what, const engine_context& context);

} // namespace flowproof::engine
