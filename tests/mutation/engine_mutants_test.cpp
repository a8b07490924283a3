// Engines and closures that are broken on purpose. Each must be caught by what a run always has
// beside the broken part: the claim's twin, the control, the types of evidence or a second opinion.
//
//  fault                                         | caught by
//  ----------------------------------------------+-------------------------------------------------
//  identity engine compares sides up to sign     | twin with the sides' sign turned lives
//  identity engine looks at one point            | twin that is right at that point lives
//  exact_equal engine skips the last instance    | twin that is wrong at the last instance lives
//  exact_equal engine compares doubles           | twin that is off by 10^-30 lives
//  enclosure closure drops its rounding error    | bounds of zero width around the exact value
//  enclosure engine accepts overlap as inside    | twin with a wrong digit and a wide value lives
//  numeric engine ignores whether levels shrink  | value that oscillates; the engine: undecided
//  flow engine integrates once                   | flow that amplifies rounding 10^65 times
//  sample engine takes the mean for its interval | tolerance below the interval; undecided
//  scaling engine fits centres, not intervals    | few draws; the engine: undecided
//  scaling engine fits sizes across a sign       | mean that changes sign; the engine: undecided
//  run ignores what becomes of the twins         | twin equal to its claim; the run: undecided
//  engine answers nothing but undecided          | its twins are not rejected; the run: undecided
//  sampled evidence is asked to prove            | no overload of verdict that could
//
// A mutant engine is a small re-implementation with the fault in it. Each test shows first that the
// mutant passes on the true statement, then that it gives itself away, then what the engine says.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <type_traits>

#include "numerics/scalar/evaluate.hpp"
#include "numerics/stats/line_fit.hpp"
#include "tests/support/small_paper.hpp"
#include "verify/engine/flow.hpp"
#include "verify/registry/run.hpp"

using namespace flowproof;

namespace {

std::vector<rational> point(const tape& t, std::int64_t from) {
    std::vector<rational> x;
    for (std::size_t i = 0; i < t.variables().size(); ++i)
        x.emplace_back(from + static_cast<std::int64_t>(i));
    return x;
}

/// Identity mutants. All look at points, where the engine expands.
enum class identity_fault { none, sign_dropped, one_point };

bool mutant_accepts(const identity& i, identity_fault fault) {
    const std::int64_t points = fault == identity_fault::one_point ? 1 : 20;
    for (std::int64_t k = 0; k < points; ++k) {
        const rational left = evaluate(i.left, point(i.left, k)).front(),
                       right = evaluate(i.right, point(i.right, k)).front();
        const bool same =
            fault == identity_fault::sign_dropped ? abs(left) == abs(right) : left == right;
        if (!same) return false;
    }
    return true;
}

/// a - b = a - b; its twins: b - a, and a - b + a b (a - 2), which agrees at the point (0, 1).
identity difference() {
    identity i;
    i.left = record({"a", "b"}, [](auto a, auto b) { return a - b; });
    i.right = record({"a", "b"}, [](auto a, auto b) { return -(b - a); });
    return i;
}
identity turned() {
    identity i = difference();
    i.right = record({"a", "b"}, [](auto a, auto b) { return b - a; });
    return i;
}
identity touching() {
    identity i = difference();
    i.right = record({"a", "b"}, [](auto a, auto b) { return a - b + a * b * (a - 2); });
    return i;
}

enum class exact_fault { none, last_skipped, rounded };

bool mutant_accepts(const exact_equal& e, exact_fault fault) {
    std::size_t n = e.fixed.size();
    if (fault == exact_fault::last_skipped) --n;
    for (std::size_t k = 0; k < n; ++k) {
        const rational left = e.left(e.fixed[k].at)(0, 0), right = e.right(e.fixed[k].at)(0, 0);
        const bool same =
            fault == exact_fault::rounded ? left.nearest() == right.nearest() : left == right;
        if (!same) return false;
    }
    return true;
}

/// Left and right say n (n + 1) / 2 and 1 + ... + n for n = 1, 2, 3, plus an error where n = 3.
exact_equal little_gauss(const rational& error_at_three) {
    exact_equal e;
    e.parameters = {{"n", "number of terms", "1", ">= 1"}};
    e.left = [](const arguments& x) {
        matrix<rational> m(1, 1);
        m(0, 0) = x.scalar("n") * (x.scalar("n") + rational(1)) / rational(2);
        return m;
    };
    e.right = [error_at_three](const arguments& x) {
        const std::int64_t n = x.integer("n", 1, 100);
        matrix<rational> m(1, 1);
        m(0, 0) = n == 3 ? error_at_three : rational(0);
        for (std::int64_t k = 1; k <= n; ++k)
            m(0, 0) += rational(k);
        return m;
    };
    for (std::int64_t n = 1; n <= 3; ++n)
        e.fixed.push_back({"n = " + std::to_string(n), arguments().set("n", rational(n))});
    return e;
}

/// 1/3 + 1/3 + 1/3 in `bits` bits; the mutant rounds and forgets the error of doing so.
enclosure thirds(bool rounding_dropped) {
    enclosure e;
    e.value = [=](const arguments&, std::int64_t bits) {
        ball third = ball(rational(1), bits) / ball(rational(3), bits);
        if (rounding_dropped) third = ball(third.midpoint(), 2 * bits); // what follows is exact
        return small::single(third + third + third);
    };
    e.rows = {{"three thirds", {}, 0, {rational(1), rational(1), "1"}}};
    return e;
}

/// The mutant calls a row decided when its enclosure meets the bounds.
bool mutant_accepts_overlap(const enclosure& e, std::int64_t bits) {
    return std::all_of(e.rows.begin(), e.rows.end(), [&](const table_row& r) {
        const ball x = e.value(r.at, bits)(0, 0);
        return x.lower() <= *r.within.upper && *r.within.lower <= x.upper();
    });
}

/// The mutant trusts the deepest level whatever the others say.
bool mutant_accepts(const numeric& n) {
    const ball difference = n.value(n.at, n.levels, 128) - n.reference(n.at, 128);
    return difference.upper() < n.tolerance && -n.tolerance < difference.lower();
}

/// x' = 50 (x - sin t) + cos t from 0 is sin t; a rounding error grows by e^150 until t = 3.
flow_table sine_on_a_ridge(const std::string& printed) {
    flow_value f;
    f.states = {"x"};
    f.velocity = record({"x", "t"}, [](auto x, auto t) { return 10 * (x - sin(t)) + cos(t); });
    f.start = record({"a"}, [](auto a) { return a; });
    f.observed = record({"x"}, [](auto x) { return x; });
    const arguments at = arguments().set("a", rational(0)).set("t", rational(15));
    return {f, {{"x(15)", at, 0, within_last_digit(printed)}}};
}

/// The mutant takes the first integration for the truth.
bool mutant_accepts(const flow_table& table) {
    const table_row& row = table.rows.front();
    const rational x = estimate(table.value, row.at, 20).value(0, 0);
    return *row.within.lower <= x && x <= *row.within.upper;
}

/// The mutant fits a line through the centres' logarithms, whatever their intervals and signs.
bool mutant_accepts(const scaled& seen, const scaling& law) {
    std::vector<double> x, y;
    for (const scaled::point& p : seen.points) {
        x.push_back(std::log(rational::parse(p.value).nearest()));
        y.push_back(std::log(std::abs(std::stod(p.moment))));
    }
    const double slope = stats::ordinary_least_squares(x, y).slope;
    return law.lower.nearest() <= slope && slope <= law.upper.nearest();
}

template <class Evidence>
concept can_hold = requires(Evidence e) {
    verdict::holds(e);
};

} // namespace

BOOST_AUTO_TEST_SUITE(engine_mutants_test)

BOOST_AUTO_TEST_CASE(an_identity_engine_that_drops_a_sign_lets_the_turned_twin_live) {
    const auto fault = identity_fault::sign_dropped;
    BOOST_TEST(mutant_accepts(difference(), fault));
    BOOST_TEST(!mutant_accepts(turned(), identity_fault::none));
    BOOST_TEST(mutant_accepts(turned(), fault)); // the twin lives
    BOOST_TEST((decide(difference(), small::quick()).result.result() == outcome::proved));
    BOOST_TEST((decide(turned(), small::quick()).result.result() == outcome::refuted));
}

BOOST_AUTO_TEST_CASE(an_identity_engine_that_looks_at_one_point_lets_the_touching_twin_live) {
    const auto fault = identity_fault::one_point;
    BOOST_TEST(mutant_accepts(difference(), fault));
    BOOST_TEST(mutant_accepts(touching(), fault)); // the twin lives
    BOOST_TEST((decide(touching(), small::quick()).result.result() == outcome::refuted));
}

BOOST_AUTO_TEST_CASE(an_exact_engine_that_skips_the_last_instance_lets_its_twin_live) {
    const exact_equal twin = little_gauss(rational(1));
    BOOST_TEST(mutant_accepts(little_gauss(rational(0)), exact_fault::last_skipped));
    BOOST_TEST(!mutant_accepts(twin, exact_fault::none));
    BOOST_TEST(mutant_accepts(twin, exact_fault::last_skipped)); // the twin lives
    BOOST_TEST((decide(twin, small::quick()).result.result() == outcome::refuted));
}

BOOST_AUTO_TEST_CASE(an_exact_engine_that_compares_doubles_lets_a_tiny_error_live) {
    const exact_equal twin = little_gauss(power(rational(10), -30));
    BOOST_TEST(mutant_accepts(little_gauss(rational(0)), exact_fault::rounded));
    BOOST_TEST(mutant_accepts(twin, exact_fault::rounded)); // the twin lives
    BOOST_TEST((decide(twin, small::quick()).result.result() == outcome::refuted));
}

BOOST_AUTO_TEST_CASE(an_enclosure_that_drops_its_rounding_is_caught_by_an_exact_value) {
    // The sound closure can never exclude the true value; the mutant does, at every precision.
    BOOST_TEST((decide(thirds(false), small::quick()).result.result() == outcome::undecided));
    BOOST_TEST((decide(thirds(true), small::quick()).result.result() == outcome::refuted));
    for (const std::int64_t bits : {53, 64, 128, 1000}) {
        BOOST_TEST(thirds(false).value({}, bits)(0, 0).contains(rational(1)));
        BOOST_TEST(!thirds(true).value({}, bits)(0, 0).contains(rational(1)));
    }
}

BOOST_AUTO_TEST_CASE(an_enclosure_engine_that_accepts_overlap_lets_a_wrong_digit_live) {
    enclosure wide = small::root_of_two("1.4152");
    wide.value = [](const arguments&, std::int64_t bits) {
        return small::single(ball::hull(rational(1), rational(2), bits));
    };
    BOOST_TEST(mutant_accepts_overlap(wide, 64)); // the twin lives
    BOOST_TEST((decide(wide, small::quick()).result.result() == outcome::undecided));
}

BOOST_AUTO_TEST_CASE(a_numeric_engine_that_ignores_its_error_model_supports_by_chance) {
    numeric n = small::compound_interest();
    n.levels = 12; // right at even levels, off by 2 at odd ones
    n.value = [](const arguments&, std::int64_t level, std::int64_t bits) {
        return ball(rational(level % 2 == 0 ? 1 : 3), bits);
    };
    n.reference = [](const arguments&, std::int64_t bits) { return ball(rational(1), bits); };
    BOOST_TEST(mutant_accepts(n));
    BOOST_TEST((decide(n, small::quick()).result.result() == outcome::undecided));
}

BOOST_AUTO_TEST_CASE(a_flow_engine_that_integrates_once_takes_amplified_rounding_for_truth) {
    const flow_table truth = sine_on_a_ridge("0.650287840157117");
    const flow_estimate once = estimate(truth.value, truth.rows[0].at, 20);
    BOOST_TEST(!mutant_accepts(truth)); // it would contradict a true statement
    BOOST_TEST((once.error(0, 0) > rational(1)), once.error(0, 0).decimal(3));
    BOOST_TEST((decide(truth, small::quick()).result.result() == outcome::supported));
    const flow_table twin = sine_on_a_ridge("0.650287840157119");
    BOOST_TEST((decide(twin, small::quick()).result.result() == outcome::contradicted));
}

BOOST_AUTO_TEST_CASE(a_sample_engine_that_takes_the_centre_says_more_than_its_draws) {
    sample s = small::mean_points();
    s.tolerance = rational(1, 50);
    const decision d = decide(s, small::at_home());
    const auto& e = std::get<sampled>(d.result.grounds());
    const bool centre_inside = std::abs(std::stod(e.mean) - 3.5) < 3.5 / 50;
    BOOST_TEST(centre_inside);
    BOOST_TEST((d.result.result() == outcome::undecided));
}

BOOST_AUTO_TEST_CASE(a_scaling_engine_that_fits_centres_says_more_than_its_draws) {
    scaling few = small::noise_law();
    few.draws = 300;
    const decision d = decide(few, small::at_home());
    BOOST_TEST(mutant_accepts(std::get<scaled>(d.result.grounds()), few));
    BOOST_TEST((d.result.result() == outcome::undecided), d.result.summary());
}

BOOST_AUTO_TEST_CASE(a_scaling_engine_that_fits_sizes_sees_a_power_law_across_a_sign) {
    scaling across = small::mean_law("signed"); // 19/20 and -1/40
    across.values = {1, 40};
    const decision d = decide(across, small::at_home());
    BOOST_TEST(mutant_accepts(std::get<scaled>(d.result.grounds()), across));
    BOOST_TEST((d.result.result() == outcome::undecided), d.result.summary());
}

BOOST_AUTO_TEST_CASE(a_run_that_ignored_its_twins_would_call_this_proved) {
    paper p = small::make_paper();
    p.claims[0].twins = {{"not false at all", small::binomial(), {}}};
    run_options o;
    o.figures = false;
    const run_record r = verify_claims({p}, {p.claims[0].id}, o);
    BOOST_TEST((decide(p.claims[0].shown_by, small::quick()).result.result() == outcome::proved));
    BOOST_TEST((r.claims[0].result == outcome::undecided));
}

BOOST_AUTO_TEST_CASE(a_broken_engine_does_not_count_as_a_rejection) {
    // A mutant that always answers false would pass as a sharp one if errors or undecided counted.
    for (const char* printed : {"1.4142", "1.5e-7"}) {
        paper p = small::make_paper();
        enclosure never = small::root_of_two(printed);
        never.value = [](const arguments&, std::int64_t bits) {
            return small::single(ball(rational(1), bits) / ball(rational(0), bits));
        };
        claim c = small::make_claim("small.never", small::root_of_two(), outcome::certified,
                                    {{"never finite", never, {}}});
        p.claims = {c};
        run_options o;
        o.figures = false;
        BOOST_TEST((verify_claims({p}, {}, o).claims[0].result == outcome::undecided));
    }
}

BOOST_AUTO_TEST_CASE(sampled_evidence_cannot_prove_or_refute) {
    sampled e{"x", "y", "1", "1", "1", "1", "1/10", 1e-7, 10, 1, "Student"};
    BOOST_TEST((verdict::holds(e).result() == outcome::supported));
    BOOST_TEST((verdict::falls(e).result() == outcome::contradicted));
    // A verdict cannot be made from an outcome, nor hold on a counterexample or on nothing.
    static_assert(!std::is_constructible_v<verdict, outcome, evidence>);
    static_assert(!std::is_constructible_v<verdict, outcome>);
    static_assert(can_hold<scaled>);
    static_assert(can_hold<sampled> && !can_hold<counterexample> && !can_hold<composite>);
}

BOOST_AUTO_TEST_SUITE_END()
