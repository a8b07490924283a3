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

/// A composite with one lemma replaced; other obligations as they are.
obligation with_twin(const claim& c, const twin& t) {
    if (t.replaces.empty()) return t.statement;
    all_of changed = std::get<all_of>(c.shown_by.is);
    bool found = false;
    for (lemma& l : changed.lemmas)
        if (l.name == t.replaces) {
            l = make_lemma(l.name, t.statement, l.necessary);
            found = true;
        }
    BOOST_TEST(found, "twin " << t.name << " replaces no lemma: " << t.replaces);
    return changed;
}

outcome decided(const obligation& what) {
    engine_context context;
    context.from = &the_paper();
    context.seed = 11;
    return decide(what, context).result.result();
}

std::string value_of(const std::string& id, const arguments& set = {}, std::size_t entry = 0) {
    const auto e = evaluate_quantity(find_quantity(all_papers(), id), set, 25);
    return e.entries.at(entry).exact.empty() ? e.entries.at(entry).decimal
                                             : e.entries.at(entry).exact;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scb_claims_test)

BOOST_AUTO_TEST_CASE(every_claim_comes_out_as_expected) {
    for (const claim& c : the_paper().claims)
        BOOST_TEST_CONTEXT(c.id) {
            const outcome o = decided(c.shown_by);
            BOOST_TEST((o == c.expected), name(o));
        }
}

BOOST_AUTO_TEST_CASE(every_twin_is_rejected) {
    for (const claim& c : the_paper().claims)
        for (const twin& t : c.twins)
            BOOST_TEST_CONTEXT(c.id << ", " << t.name) {
                const outcome o = decided(with_twin(c, t));
                BOOST_TEST((o == rejection(t.statement)), name(o));
            }
}

BOOST_AUTO_TEST_CASE(references_inside_the_paper_exist) {
    const paper& p = the_paper();
    std::set<std::string> claims, quantities, figures;
    for (const claim& c : p.claims)
        BOOST_TEST(claims.insert(c.id).second, c.id);
    for (const quantity& q : p.quantities)
        BOOST_TEST(quantities.insert(q.id).second, q.id);
    for (const figure& f : p.figures) {
        figures.insert(f.id);
        BOOST_TEST(claims.count(f.claim) == 1);
        for (const layer& l : f.layers)
            BOOST_TEST(quantities.count(l.quantity) == 1, l.quantity);
    }
    double spent = 0;
    for (const claim& c : p.claims)
        BOOST_TEST_CONTEXT(c.id) {
            BOOST_TEST((c.twins.empty() ? claims.count(c.control) == 1 : c.control.empty()));
            for (const std::string& q : c.quantities)
                BOOST_TEST(quantities.count(q) == 1, q);
            for (const std::string& f : c.figures)
                BOOST_TEST(figures.count(f) == 1, f);
            if (const auto* s = std::get_if<sample>(&c.shown_by.is)) spent += s->level;
        }
    BOOST_TEST(spent <= 1e-6);
}

BOOST_AUTO_TEST_CASE(every_quantity_evaluates_at_its_defaults_with_its_shape) {
    for (const quantity& q : the_paper().quantities)
        BOOST_TEST_CONTEXT(q.id) {
            const auto e = evaluate_quantity(q, {}, 20);
            BOOST_TEST(e.entries.size() == e.rows * e.cols);
            if (q.shape == "1") BOOST_TEST(e.entries.size() == 1u);
        }
}

BOOST_AUTO_TEST_CASE(quantities_give_the_tabulated_numbers) {
    BOOST_TEST(value_of("scb.loss.population") == "286265/329232");
    BOOST_TEST(value_of("scb.KP") == "739/10108");
    BOOST_TEST(value_of("scb.init.signal2") == "464579/86039296");
    BOOST_TEST(
        value_of(
            "scb.equilibria.lambda",
            arguments().set("KP", rational(1, 2)).set("KQ", rational(1, 3)).set("T", rational(100)),
            1) == "-0.005971131716172186643773251");
    BOOST_TEST(value_of("scb.A.noise", arguments().set("A", scb::R0().Q), 2) == "14910/6859");
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
