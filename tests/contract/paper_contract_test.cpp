// Laws that every paper of this build obeys; a new paper is covered with no edit here.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "theory/core/paper.hpp"
#include "verify/registry/eval.hpp"
#include "verify/registry/run.hpp"

using namespace flowproof;

namespace {

const std::vector<paper>& papers() {
    static const std::vector<paper> all = all_papers();
    return all;
}

template <class Item> bool has(const std::vector<Item>& items, const std::string& id) {
    return std::any_of(items.begin(), items.end(), [&](const Item& i) { return i.id == id; });
}

double levels(const obligation& o) {
    if (const auto* s = std::get_if<sample>(&o.is)) return s->level;
    if (const auto* s = std::get_if<scaling>(&o.is)) return s->level;
    double sum = 0;
    if (const auto* a = std::get_if<all_of>(&o.is))
        for (const lemma& l : a->lemmas)
            sum += levels(*l.statement);
    return sum;
}

/// The obligations of a claim, lemmas unfolded, with their names.
void unfold(const obligation& o, const std::string& where,
            std::vector<std::pair<std::string, const obligation*>>& out) {
    if (const auto* a = std::get_if<all_of>(&o.is)) {
        for (const lemma& l : a->lemmas)
            unfold(*l.statement, where + " / " + l.name, out);
    } else {
        out.emplace_back(where, &o);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(paper_contract_test)

BOOST_AUTO_TEST_CASE(ids_are_unique_and_carry_their_papers_name) {
    std::set<std::string> claims, quantities, figures;
    for (const paper& p : papers()) {
        for (const claim& c : p.claims) {
            BOOST_TEST(claims.insert(c.id).second, c.id);
            BOOST_TEST(c.id.rfind(p.id + ".", 0) == 0U, c.id);
        }
        for (const quantity& q : p.quantities)
            BOOST_TEST(quantities.insert(q.id).second, q.id);
        for (const figure& f : p.figures)
            BOOST_TEST(figures.insert(f.id).second, f.id);
    }
    BOOST_TEST(!claims.empty());
}

BOOST_AUTO_TEST_CASE(every_claim_says_what_it_states_where_it_stands_and_what_would_be_false) {
    for (const paper& p : papers())
        for (const claim& c : p.claims)
            BOOST_TEST_CONTEXT("claim " << c.id) {
                BOOST_TEST(!c.statement.empty());
                BOOST_TEST((c.statement.find('\n') == std::string::npos));
                BOOST_TEST(!c.latex.empty());
                BOOST_TEST(!c.method.empty());
                BOOST_TEST(!c.from.paper.empty());
                BOOST_TEST(!c.from.version.empty());
                if (falls(c.expected)) {
                    BOOST_TEST(!c.control.empty());
                } else {
                    BOOST_TEST(!c.twins.empty());
                }
                for (const twin& t : c.twins)
                    BOOST_TEST(!t.name.empty());
            }
}

BOOST_AUTO_TEST_CASE(twins_are_of_the_claims_kind_or_replace_a_lemma_of_theirs) {
    for (const paper& p : papers())
        for (const claim& c : p.claims)
            for (const twin& t : c.twins)
                BOOST_TEST_CONTEXT("claim " << c.id << ", twin " << t.name) {
                    if (const auto* whole = std::get_if<all_of>(&c.shown_by.is)) {
                        const auto it =
                            std::find_if(whole->lemmas.begin(), whole->lemmas.end(),
                                         [&](const lemma& l) { return l.name == t.replaces; });
                        BOOST_TEST_REQUIRE((it != whole->lemmas.end()));
                        BOOST_TEST((kind(*it->statement) == kind(t.statement)));
                    } else {
                        BOOST_TEST((kind(c.shown_by) == kind(t.statement)));
                        BOOST_TEST(t.replaces.empty());
                    }
                }
}

BOOST_AUTO_TEST_CASE(what_a_claim_names_exists) {
    for (const paper& p : papers()) {
        for (const claim& c : p.claims)
            BOOST_TEST_CONTEXT("claim " << c.id) {
                for (const auto& q : c.quantities)
                    BOOST_TEST(has(p.quantities, q), q);
                for (const auto& f : c.figures)
                    BOOST_TEST(has(p.figures, f), f);
                if (!c.control.empty()) {
                    const auto it =
                        std::find_if(p.claims.begin(), p.claims.end(),
                                     [&](const claim& other) { return other.id == c.control; });
                    BOOST_TEST_REQUIRE((it != p.claims.end()));
                    BOOST_TEST(holds(it->expected));
                }
            }
        for (const figure& f : p.figures)
            BOOST_TEST_CONTEXT("figure " << f.id) {
                BOOST_TEST(has(p.claims, f.claim), f.claim);
                for (const panel& part : f.panels)
                    for (const layer& l : part.layers)
                        BOOST_TEST((l.experiment.empty() ? has(p.quantities, l.quantity)
                                                         : has(p.experiments, l.experiment)),
                                   l.quantity + l.experiment);
            }
    }
}

BOOST_AUTO_TEST_CASE(sampling_levels_of_a_paper_sum_to_at_most_one_in_a_million) {
    for (const paper& p : papers()) {
        double sum = 0;
        for (const claim& c : p.claims)
            sum += levels(c.shown_by);
        BOOST_TEST_CONTEXT("paper " << p.id << ", sum " << sum) { BOOST_TEST(sum <= 1e-6); }
    }
}

BOOST_AUTO_TEST_CASE(declared_instances_satisfy_their_own_hypotheses) {
    for (const paper& p : papers())
        for (const claim& c : p.claims) {
            std::vector<std::pair<std::string, const obligation*>> parts;
            unfold(c.shown_by, c.id, parts);
            for (const twin& t : c.twins)
                unfold(t.statement, c.id + " twin " + t.name, parts);
            for (const auto& [where, part] : parts) {
                const auto* e = std::get_if<exact_equal>(&part->is);
                if (e == nullptr || !e->check) continue;
                for (const instance& i : e->fixed)
                    BOOST_TEST_CONTEXT(where << " at " << i.name) {
                        BOOST_CHECK_NO_THROW(e->check(i.at));
                    }
                for (std::uint64_t k = 0;
                     e->random && k < std::min<std::uint64_t>(e->random_count, 5); ++k)
                    BOOST_TEST_CONTEXT(where << ", random " << k) {
                        BOOST_CHECK_NO_THROW(e->check(e->random(7, k).at));
                    }
            }
        }
}

BOOST_AUTO_TEST_CASE(random_instances_are_functions_of_seed_and_number) {
    for (const paper& p : papers())
        for (const claim& c : p.claims) {
            std::vector<std::pair<std::string, const obligation*>> parts;
            unfold(c.shown_by, c.id, parts);
            for (const auto& [where, part] : parts) {
                const auto* e = std::get_if<exact_equal>(&part->is);
                if (e == nullptr || !e->random) continue;
                BOOST_TEST_CONTEXT(where) {
                    BOOST_TEST(e->random(3, 1).at.str() == e->random(3, 1).at.str());
                    BOOST_TEST(e->random(3, 1).at.str() != e->random(4, 1).at.str());
                }
            }
        }
}

BOOST_AUTO_TEST_CASE(every_quantity_evaluates_at_its_defaults_and_names_its_parameters) {
    for (const paper& p : papers())
        for (const quantity& q : p.quantities)
            BOOST_TEST_CONTEXT("quantity " << q.id) {
                BOOST_TEST(!q.description.empty());
                for (const parameter& x : q.parameters)
                    BOOST_TEST(q.defaults.has(x.name), x.name);
                BOOST_TEST(q.parameters.size() == q.defaults.all().size());
                const evaluated value = evaluate_quantity(q, {}, 25);
                BOOST_TEST(!value.entries.empty());
            }
}

BOOST_AUTO_TEST_CASE(every_claim_comes_out_as_expected_and_every_twin_falls) {
    const run_record record = verify_claims(papers(), {}, {});
    for (const claim_record& c : record.claims)
        BOOST_TEST_CONTEXT(c.id << ": " << c.summary << " " << c.reason) {
            if (c.result == outcome::not_run) continue;
            BOOST_TEST(name(c.result) == name(c.expected));
            for (const twin_record& t : c.twins)
                BOOST_TEST(t.rejected, t.name);
        }
    for (const figure_series& f : record.series)
        BOOST_TEST(f.error.empty(), f.id + ": " + f.error);
}

BOOST_AUTO_TEST_SUITE_END()
