#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cfenv>

#include "tests/support/mentions.hpp"
#include "tests/support/small_paper.hpp"
#include "verify/registry/figures.hpp"
#include "verify/registry/run.hpp"

using namespace flowproof;
using support::mentions;

namespace {

const claim_record& find(const run_record& r, const std::string& id) {
    const auto it = std::find_if(r.claims.begin(), r.claims.end(),
                                 [&](const claim_record& c) { return c.id == id; });
    BOOST_REQUIRE_MESSAGE(it != r.claims.end(), "no record of " + id);
    return *it;
}

claim& find(paper& p, const std::string& id) {
    return *std::find_if(p.claims.begin(), p.claims.end(),
                         [&](const claim& c) { return c.id == id; });
}

run_options without_figures() {
    run_options o;
    o.figures = false;
    return o;
}

exact_equal throwing() {
    exact_equal e = small::trace();
    e.left = [](const arguments&) -> matrix<rational> { throw std::runtime_error("broken pipe"); };
    return e;
}

/// A statement that is wrong as usually stated, beside its corrected form.
paper corrected(int middle) {
    paper p = small::make_paper();
    claim wrong = small::make_claim("small.wrong", small::binomial(1), outcome::refuted, {});
    wrong.control = "small.right";
    p.claims = {wrong, small::make_claim("small.right", small::binomial(middle), outcome::proved,
                                         {{"middle term 3 a b", small::binomial(3), {}}})};
    return p;
}

} // namespace

BOOST_AUTO_TEST_SUITE(run_test)

BOOST_AUTO_TEST_CASE(every_claim_reaches_its_expected_outcome_and_rejects_its_twins) {
    std::size_t told = 0;
    const run_record r =
        verify_claims({small::make_paper()}, {}, run_options{}, [&](const progress& p) {
            BOOST_TEST(p.finished == ++told);
            BOOST_TEST(p.total == 7u);
        });
    BOOST_TEST(told == 7u);
    BOOST_TEST(r.claims.size() == 7u);
    for (const claim_record& c : r.claims)
        BOOST_TEST_CONTEXT("claim " << c.id << ": " << c.summary) {
            BOOST_TEST(name(c.result) == name(c.expected));
            BOOST_TEST(!c.twins.empty());
            for (const twin_record& t : c.twins)
                BOOST_TEST(t.rejected, t.name << ": " << t.result << ", " << t.summary);
            BOOST_TEST(mentions(c.proof.control, "twins rejected: "));
            BOOST_TEST(!c.proof.fingerprint.empty());
        }
    BOOST_TEST(exit_status(r) == 0);
    BOOST_TEST(r.run.rounding_self_test == "passed");
    BOOST_TEST(!r.run.compiler.empty());
    BOOST_TEST(r.run.profile == "quick");
    BOOST_TEST((r.run.error_budget[0] == std::pair<std::string, std::string>("small", "2e-07")));
    BOOST_TEST(find(r, "small.root").source == "arXiv:0000.00000, v1, section 1");
}

BOOST_AUTO_TEST_CASE(the_record_does_not_depend_on_the_number_of_threads) {
    const auto json = [](int threads) {
        run_options o;
        o.threads = threads;
        return to_json(verify_claims({small::make_paper()}, {}, o), false);
    };
    const std::string one = json(1);
    BOOST_TEST((json(2) == one));
    BOOST_TEST((json(7) == one));
}

BOOST_AUTO_TEST_CASE(a_claim_gives_the_same_record_alone_and_among_others) {
    const auto alone = verify_claims({small::make_paper()}, {"small.die.mean"}, without_figures());
    const auto all = verify_claims({small::make_paper()}, {}, without_figures());
    BOOST_TEST(alone.claims.size() == 1u);
    BOOST_TEST(find(alone, "small.die.mean").summary == find(all, "small.die.mean").summary);
}

BOOST_AUTO_TEST_CASE(what_breaks_in_one_claim_stays_there) {
    paper p = small::make_paper();
    find(p, "small.trace").shown_by = throwing();
    find(p, "small.interest").twins[0].statement = small::binomial(3); // not of its kind
    const run_record r = verify_claims({p}, {}, without_figures());
    BOOST_TEST((find(r, "small.trace").result == outcome::error));
    BOOST_TEST(find(r, "small.trace").reason == "broken pipe");
    BOOST_TEST((find(r, "small.interest").result == outcome::error));
    BOOST_TEST(mentions(find(r, "small.interest").reason, "kind identity"),
               find(r, "small.interest").reason);
    for (const claim_record& c : r.claims)
        if (c.id != "small.trace" && c.id != "small.interest")
            BOOST_TEST((c.result == c.expected), c.id);
    BOOST_TEST(exit_status(r) == 4);
}

BOOST_AUTO_TEST_CASE(a_surviving_twin_leaves_the_claim_undecided) {
    paper p = small::make_paper();
    find(p, "small.binomial").twins.push_back({"the same again", small::binomial(2), {}});
    find(p, "small.trace").twins[0].statement = throwing(); // broken is not rejected
    const run_record r = verify_claims({p}, {"small.binomial", "small.trace"}, without_figures());
    const claim_record& c = find(r, "small.binomial");
    BOOST_TEST((c.result == outcome::undecided));
    BOOST_TEST(mentions(c.reason, "the same again"));
    BOOST_TEST(mentions(c.reason, "proved"));
    BOOST_TEST(c.twins[0].rejected);
    BOOST_TEST(!c.twins[1].rejected);
    BOOST_TEST(c.twins[1].expected == "refuted");
    BOOST_TEST(c.twins[1].result == "proved");
    BOOST_TEST((find(r, "small.trace").result == outcome::undecided));
    BOOST_TEST(exit_status(r) == 2);
}

BOOST_AUTO_TEST_CASE(a_claim_without_twin_and_control_is_undecided) {
    paper p = small::make_paper();
    find(p, "small.binomial").twins.clear();
    const run_record r = verify_claims({p}, {"small.binomial"}, without_figures());
    BOOST_TEST((r.claims[0].result == outcome::undecided));
}

BOOST_AUTO_TEST_CASE(a_twin_of_a_composite_proof_must_replace_a_lemma_it_has) {
    paper p = small::make_paper();
    find(p, "small.both").twins[0].replaces = "trinomial";
    const run_record r = verify_claims({p}, {"small.both"}, without_figures());
    BOOST_TEST((r.claims[0].result == outcome::error));
    BOOST_TEST(mentions(r.claims[0].reason, "trinomial"));
}

BOOST_AUTO_TEST_CASE(an_expected_refutation_brings_its_control_along) {
    const run_record r = verify_claims({corrected(2)}, {"small.wrong"}, without_figures());
    BOOST_REQUIRE(r.claims.size() == 2u);
    BOOST_TEST((find(r, "small.wrong").result == outcome::refuted));
    BOOST_TEST(find(r, "small.wrong").proof.control == "control: small.right is proved");
    BOOST_TEST((find(r, "small.right").result == outcome::proved));
    BOOST_TEST(exit_status(r) == 0);
}

BOOST_AUTO_TEST_CASE(a_control_that_falls_leaves_the_claim_undecided) {
    const run_record r = verify_claims({corrected(5)}, {"small.wrong"}, without_figures());
    BOOST_TEST((find(r, "small.wrong").result == outcome::undecided));
    BOOST_TEST(mentions(find(r, "small.wrong").reason, "control does not hold"));
    BOOST_TEST(mentions(find(r, "small.wrong").reason, "small.right is refuted"));
}

BOOST_AUTO_TEST_CASE(a_control_that_is_missing_or_chained_is_an_error) {
    paper p = corrected(2);
    p.claims[0].control = "small.nobody";
    BOOST_TEST((verify_claims({p}, {"small.wrong"}, without_figures()).claims[0].result ==
                outcome::error));
    p = corrected(2);
    p.claims[1].control = "small.wrong";
    const run_record r = verify_claims({p}, {"small.wrong"}, without_figures());
    BOOST_TEST((find(r, "small.wrong").result == outcome::error));
}

BOOST_AUTO_TEST_CASE(a_claim_above_the_profile_is_not_run) {
    paper p = small::make_paper();
    find(p, "small.trace").at_least = profile::full;
    find(p, "small.trace").shown_by = throwing();
    run_record r = verify_claims({p}, {"small.trace", "small.root"}, without_figures());
    BOOST_TEST((find(r, "small.trace").result == outcome::not_run));
    BOOST_TEST(find(r, "small.trace").cure == "--profile full");
    BOOST_TEST(exit_status(r) == 0);
    run_options full = without_figures();
    full.level = profile::full;
    r = verify_claims({p}, {"small.trace"}, full);
    BOOST_TEST((find(r, "small.trace").result == outcome::error));
}

BOOST_AUTO_TEST_CASE(the_stop_flag_keeps_what_is_finished) {
    paper p = small::make_paper();
    std::atomic<bool> stop{false};
    find(p, "small.trace").shown_by = [&] {
        exact_equal e = small::trace();
        e.left = [&stop, f = e.left](const arguments& x) {
            stop = true;
            return f(x);
        };
        return e;
    }();
    run_options o;
    o.threads = 1;
    o.stop = &stop;
    const run_record r = verify_claims({p}, {}, o);
    BOOST_TEST(r.run.interrupted);
    BOOST_TEST(r.claims.size() == 7u);
    BOOST_TEST((find(r, "small.trace").result == outcome::not_run));
    BOOST_TEST(find(r, "small.trace").reason == "interrupted");
    BOOST_TEST(std::any_of(r.claims.begin(), r.claims.end(), [](const claim_record& c) {
        return c.result == outcome::proved || c.result == outcome::certified ||
               c.result == outcome::supported;
    }));
    BOOST_TEST(r.series[0].error == "interrupted");
    BOOST_TEST(exit_status(r) == 130);
}

BOOST_AUTO_TEST_CASE(set_changes_the_claims_and_never_the_twins) {
    run_options o = without_figures();
    o.set = arguments().set("a", rational(0)); // at a = 0 the twin would be true
    const run_record r = verify_claims({small::make_paper()}, {"small.binomial"}, o);
    BOOST_TEST((r.claims[0].result == outcome::certified), r.claims[0].summary);
    BOOST_TEST(r.claims[0].twins[0].rejected);
    BOOST_TEST((r.run.set == bindings{{"a", "0"}}));
}

BOOST_AUTO_TEST_CASE(set_leaves_a_control_alone_that_was_not_selected) {
    run_options o = without_figures();
    o.set = arguments().set("a", rational(0));
    const run_record r = verify_claims({corrected(2)}, {"small.wrong"}, o);
    BOOST_TEST((find(r, "small.wrong").result == outcome::certified)); // true at a = 0
    BOOST_TEST((find(r, "small.right").result == outcome::proved));
}

BOOST_AUTO_TEST_CASE(set_names_that_no_selected_claim_knows_are_misuse) {
    run_options o = without_figures();
    o.set = arguments().set("sides", rational(20));
    BOOST_CHECK_EXCEPTION(verify_claims({small::make_paper()}, {"small.binomial"}, o),
                          std::invalid_argument, [](const std::invalid_argument& e) {
                              return mentions(e.what(), "--set sides") &&
                                     mentions(e.what(), "a, b");
                          });
    BOOST_TEST((verify_claims({small::make_paper()}, {"small.die.mean"}, o).claims[0].result ==
                outcome::supported));
    BOOST_CHECK_THROW(verify_claims({small::make_paper()}, {"smal.*"}, o), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(figures_are_evaluated_on_their_grids) {
    const run_record r = verify_claims({small::make_paper()}, {"small.root"}, run_options{});
    BOOST_REQUIRE(r.series.size() == 1u);
    const figure_series& f = r.series[0];
    BOOST_TEST(f.error == "");
    BOOST_REQUIRE(f.layers.size() == 3u);
    BOOST_TEST(f.layers[0].draw == "surface");
    BOOST_TEST(f.layers[0].rows.size() == 6u);
    BOOST_TEST((f.layers[0].rows[1] == std::vector<std::string>{"1", "2", "1.4142135623730950"}));
    BOOST_TEST((f.layers[1].columns == std::vector<std::string>{"x", "value"}));
    BOOST_TEST((f.layers[1].rows[1] == std::vector<std::string>{"1.5", "1.2247448713915890"}));
    BOOST_TEST((f.layers[2].rows == std::vector<std::vector<std::string>>{{"3", "2"}}));
    BOOST_TEST(verify_claims({small::make_paper()}, {"small.trace"}, run_options{}).series.empty());
}

BOOST_AUTO_TEST_CASE(a_layer_that_fails_leaves_the_run_and_the_other_layers_alone) {
    paper p = small::make_paper();
    p.figures = {small::picture("small.root", rational(-1))};
    const run_record r = verify_claims({p}, {"small.root"}, run_options{});
    BOOST_TEST(mentions(r.series[0].error, "needs x > 0, got x = -1"), r.series[0].error);
    BOOST_TEST(r.series[0].layers.size() == 3u);
    BOOST_TEST(r.series[0].layers[0].rows.empty());
    BOOST_TEST(r.series[0].layers[2].rows.size() == 1u);
    BOOST_TEST((r.claims[0].result == outcome::certified));
    p.figures = {small::picture("small.nothing", rational(1))};
    BOOST_TEST(mentions(verify_claims({p}, {"small.root"}, run_options{}).series[0].error,
                        "small.nothing"));
    p.figures = {small::picture("small.root", rational(1))};
    p.quantities[1].value =
        ball_closure([](const arguments&, std::int64_t) -> matrix<ball> { throw 7; });
    BOOST_TEST(mentions(verify_claims({p}, {"small.root"}, run_options{}).series[0].error,
                        "not a std::exception"));
}

BOOST_AUTO_TEST_CASE(bad_options_are_misuse) {
    run_options o;
    o.threads = -1;
    BOOST_CHECK_THROW(verify_claims({small::make_paper()}, {}, o), std::invalid_argument);
    o.threads = 0;
    o.digits = 0;
    BOOST_CHECK_THROW(verify_claims({small::make_paper()}, {}, o), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_control_does_not_stand_in_for_a_false_twin) {
    paper p = corrected(2);
    p.claims[0].shown_by = small::binomial();
    p.claims[0].expected = outcome::proved; // a check that says yes to everything would pass
    const run_record r = verify_claims({p}, {"small.wrong"}, without_figures());
    BOOST_TEST((find(r, "small.wrong").result == outcome::error));
    BOOST_TEST(mentions(find(r, "small.wrong").reason, "expected to fall"));
    // and twins, which fall as well, do not stand in for a control
    p = corrected(2);
    p.claims[0].control.clear();
    p.claims[0].twins = {{"middle term 3 a b", small::binomial(3), {}}};
    BOOST_TEST(
        (find(verify_claims({p}, {"small.wrong"}, without_figures()), "small.wrong").result ==
         outcome::error));
}

BOOST_AUTO_TEST_CASE(a_claim_whose_control_is_not_run_is_not_run) {
    paper p = corrected(2);
    p.claims[1].at_least = profile::full;
    run_record r = verify_claims({p}, {"small.wrong"}, without_figures());
    BOOST_TEST((find(r, "small.wrong").result == outcome::not_run));
    BOOST_TEST(find(r, "small.wrong").cure == "--profile full");
    BOOST_TEST(find(r, "small.wrong").grounds.index() == 0u);
    BOOST_TEST(exit_status(r) == 0);

    // Ctrl-C between the claim and its control: interrupted, not a weaker verdict.
    std::atomic<bool> stop{false};
    run_options o = without_figures();
    o.threads = 1;
    o.stop = &stop;
    paper q = corrected(2);
    exact_equal wrong = small::trace(false), right = small::trace();
    right.left = [&stop, f = right.left](const arguments& x) {
        stop = true;
        return f(x);
    };
    q.claims[0].shown_by = wrong;
    q.claims[1].shown_by = right;
    q.claims[1].expected = outcome::certified;
    q.claims[1].twins = {{"multiplicative", small::trace(false), {}}};
    r = verify_claims({q}, {"small.wrong"}, o);
    BOOST_TEST((find(r, "small.wrong").result == outcome::not_run));
    BOOST_TEST(exit_status(r) == 130);
}

BOOST_AUTO_TEST_CASE(claims_that_share_an_id_or_expect_an_error_are_errors) {
    paper p = small::make_paper();
    p.claims[1].id = "small.binomial";
    find(p, "small.root").expected = outcome::not_run;
    const run_record r = verify_claims({p}, {}, without_figures());
    BOOST_TEST((r.claims[0].result == outcome::error));
    BOOST_TEST((r.claims[1].result == outcome::error));
    BOOST_TEST((find(r, "small.root").result == outcome::error));
    BOOST_TEST(exit_status(r) == 4);
}

BOOST_AUTO_TEST_CASE(a_closure_that_changes_the_rounding_mode_spoils_its_own_claim_only) {
    paper p = small::make_paper();
    exact_equal upward = small::trace();
    upward.left = [f = upward.left](const arguments& x) {
        std::fesetround(FE_UPWARD);
        return f(x);
    };
    find(p, "small.trace").shown_by = upward;
    const auto run = [&](int threads) {
        run_options o = without_figures();
        o.threads = threads;
        return verify_claims({p}, {}, o);
    };
    const run_record one = run(1);
    BOOST_TEST(std::fegetround() == FE_TONEAREST);
    for (const claim_record& c : one.claims) {
        if (c.id == "small.trace")
            BOOST_TEST((c.result == outcome::undecided), c.summary);
        else
            BOOST_TEST((c.result == c.expected), c.id << ": " << c.summary);
    }
    for (const int threads : {1, 2, 7})
        BOOST_TEST((to_json(run(threads), false) == to_json(one, false)), threads);
}

BOOST_AUTO_TEST_CASE(a_composite_proof_with_a_missing_lemma_is_an_error_with_set_too) {
    paper p = small::make_paper();
    all_of whole = small::together();
    whole.lemmas.push_back({"lost", nullptr, true});
    find(p, "small.both").shown_by = whole;
    run_options o = without_figures();
    o.set = arguments().set("a", rational(2));
    BOOST_TEST((verify_claims({p}, {"small.both"}, o).claims[0].result == outcome::error));
}

BOOST_AUTO_TEST_SUITE_END()
