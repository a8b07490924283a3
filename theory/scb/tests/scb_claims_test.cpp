#include <boost/test/unit_test.hpp>
#include <set>

#include "theory/core/paper.hpp"
#include "theory/scb/claims.hpp"
#include "theory/scb/instances.hpp"
#include "verify/engine/engine.hpp"
#include "verify/registry/eval.hpp"
#include "verify/registry/select.hpp"

using namespace flowproof;

namespace {

const paper& the_paper() {
    static const std::vector<paper> all = all_papers();
    for (const paper& p : all)
        if (p.id == "scb") return p;
    throw std::logic_error("no paper scb");
}

std::string value_of(const std::string& id, const arguments& set = {}, std::size_t entry = 0) {
    const auto e = evaluate_quantity(find_quantity(all_papers(), id), set, 25);
    return e.entries.at(entry).exact.empty() ? e.entries.at(entry).decimal
                                             : e.entries.at(entry).exact;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scb_claims_test)

BOOST_AUTO_TEST_CASE(quantities_give_the_tabulated_numbers_at_their_defaults) {
    struct entry {
        const char* id;
        std::vector<std::string> printed;
    };
    const std::vector<entry> table = {
        {"scb.KP", {"739/10108"}},
        {"scb.KQ", {"221/684"}},
        {"scb.loss.population", {"286265/329232"}},
        {"scb.loss.bayes", {"74171/246924"}},
        {"scb.loss.init", {"116/361"}},
        {"scb.excess", {"5173/246924"}},
        {"scb.init.Vnoise", {"52569/161728"}},
        {"scb.init.h0", {"5447/260642"}},
        {"scb.init.h1", {"2421329/102171664"}},
        {"scb.init.signal2", {"464579/86039296"}},
        {"scb.A.noise", {"237992/130321", "2323120/1172889", "14910/6859"}},
        {"scb.sgd.curvature", {"2064/6859", "3612/6859", "4128/6859"}},
        {"scb.l1.bias", {"4/15", "8/75", "2/75", "0"}},
        {"scb.equilibria.saddle", {"0", "-3/100"}},
        {"scb.equilibria.lambda",
         {"-0.8373622016171611466895601", "-0.005971131716172186643773251",
          "0.4031307724675099938922682", "-0.4134307724675099938922682"}},
        {"scb.discrete", {"0.4425005223565161601906876", "0.5173167594410991086504162"}},
    };
    for (const entry& e : table)
        for (std::size_t i = 0; i < e.printed.size(); ++i)
            BOOST_TEST(value_of(e.id, {}, i) == e.printed[i], e.id);
}

BOOST_AUTO_TEST_CASE(the_excess_of_the_bayes_weights_is_zero) {
    const auto b = scb::R0();
    BOOST_TEST(value_of("scb.excess", arguments().set("V", b.P).set("A", b.Q)) == "0");
}

/// Every exact comparison of a claim, lemmas unfolded.
std::vector<const exact_equal*> comparisons(const obligation& o) {
    if (const auto* e = std::get_if<exact_equal>(&o.is)) return {e};
    std::vector<const exact_equal*> found;
    if (const auto* whole = std::get_if<all_of>(&o.is))
        for (const lemma& l : whole->lemmas)
            for (const exact_equal* e : comparisons(*l.statement))
                found.push_back(e);
    return found;
}

BOOST_AUTO_TEST_CASE(every_comparison_that_takes_matrices_checks_its_hypotheses) {
    for (const claim& c : the_paper().claims)
        for (const exact_equal* e : comparisons(c.shown_by))
            if (!e->parameters.empty()) BOOST_TEST(bool(e->check), c.id);
}

BOOST_AUTO_TEST_CASE(users_own_matrices_of_another_size_leave_every_claim_where_it_was) {
    const auto joint = rows({{{3, 10}, {1, 10}}, {{1, 10}, {1, 2}}});
    const matrix<rational> mu = rows({{{2, 5}}, {{3, 5}}});
    scb::bigram<rational> b{mu, joint,
                            rows({{{1, 2}, 0}, {{1, 2}, 0}, {0, {1, 3}}, {0, {2, 3}}, {0, 0}})};
    for (Eigen::Index j = 0; j < 2; ++j)
        for (Eigen::Index i = 0; i < 2; ++i)
            b.P(i, j) /= mu(j, 0);
    const matrix<rational> V = scb::V_on_C(b, rows({{{1, 3}}}));
    for (const claim& c : the_paper().claims) {
        engine_context context;
        context.from = &the_paper();
        bool takes_mu = false;
        for (const exact_equal* e : comparisons(c.shown_by))
            for (const parameter& p : e->parameters)
                takes_mu = takes_mu || p.name == "mu";
        if (!takes_mu || c.id == "scb.snr") continue;           // scb.snr wants uniform mu
        context.set = scb::to_arguments(b, V, b.Q).set("M", V); // M: of scb.moments
        BOOST_TEST_CONTEXT(c.id) {
            const auto decided = decide(c.shown_by, context).result;
            BOOST_TEST((decided.result() == c.expected), decided.summary() + decided.reason());
        }
    }
}

BOOST_AUTO_TEST_CASE(instances_outside_the_hypotheses_never_refute) {
    const auto b = scb::R0();
    auto slow = b.P;
    slow(0, 0) = slow(0, 0) + rational(1, 9);
    const matrix<rational> flat = matrix<rational>::Constant(3, 3, rational(1, 3));
    const std::vector<arguments> wrong = {
        arguments().set("P", slow),
        arguments().set("P", flat),
        arguments().set("mu", rows({{{1, 2}}, {{1, 2}}, {{1, 2}}})),
        arguments().set("Q", matrix<rational>::Constant(4, 3, rational(1, 3))),
        arguments().set("V", rows({{1, 0}, {0, 1}})),
        arguments().set("A", rows({{1, 1, 1}}))};
    for (const claim& c : the_paper().claims)
        for (const arguments& set : wrong) {
            bool takes = false;
            for (const exact_equal* e : comparisons(c.shown_by))
                for (const parameter& p : e->parameters)
                    takes = takes || set.has(p.name);
            if (!takes) continue;
            engine_context context;
            context.from = &the_paper();
            context.set = set;
            BOOST_TEST_CONTEXT(c.id << " at " << set.str()) {
                const auto decided = decide(c.shown_by, context).result;
                BOOST_TEST((decided.result() == outcome::error), name(decided.result()));
                BOOST_TEST(decided.reason().find("must") != std::string::npos, decided.reason());
            }
        }
}

BOOST_AUTO_TEST_CASE(a_law_that_is_not_normalised_refutes_no_l1_claim) {
    matrix<rational> q = matrix<rational>::Constant(6, 1, rational(0));
    q(0, 0) = rational(3, 4);
    engine_context context;
    context.from = &the_paper();
    context.set.set("q", q);
    for (const char* id : {"scb.l1.bias.table", "scb.l1.stochastic"})
        for (const claim& c : the_paper().claims)
            if (c.id == id) {
                const auto decided = decide(c.shown_by, context).result;
                BOOST_TEST((decided.result() == outcome::error), id);
                BOOST_TEST(decided.reason().find("q must sum to 1, its sum is 3/4") !=
                               std::string::npos,
                           decided.reason());
            }
}

BOOST_AUTO_TEST_CASE(the_prox_counterexample_meets_its_own_hypothesis) {
    for (const claim& c : the_paper().claims)
        if (c.id == "scb.prox.renormalised") {
            const auto& e = std::get<exact_equal>(c.shown_by.is);
            BOOST_CHECK_NO_THROW(e.check(e.fixed.front().at));
            auto off = e.fixed.front().at;
            BOOST_CHECK_THROW(e.check(off.set("z", rows({{1}, {1}}))), std::invalid_argument);
        }
}

BOOST_AUTO_TEST_CASE(a_matrix_off_the_constraints_is_refused_by_name) {
    try {
        value_of("scb.grad.projected.A", arguments().set("V", scb::R0_V()));
        BOOST_FAIL("V off C was accepted");
    } catch (const std::invalid_argument& e) {
        BOOST_TEST(std::string(e.what()).find("V mu must equal mu") != std::string::npos, e.what());
    }
}

BOOST_AUTO_TEST_CASE(draws_of_the_experiment_do_not_depend_on_their_order) {
    const experiment& e = the_paper().experiments.front();
    const auto draw = e.prepare(e.defaults);
    double forward[50] = {}, backward[50] = {};
    for (std::uint64_t i = 0; i < 50; ++i)
        draw(9, i, &forward[i]);
    for (std::uint64_t i = 50; i-- > 0;)
        draw(9, i, &backward[i]);
    BOOST_CHECK_EQUAL_COLLECTIONS(forward, forward + 50, backward, backward + 50);
}

BOOST_AUTO_TEST_SUITE_END()
