#include "verify/registry/plan.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <stdexcept>

namespace flowproof {

namespace {

const claim* find_claim(const std::vector<paper>& papers, const std::string& id) {
    for (const paper& p : papers)
        for (const claim& c : p.claims)
            if (c.id == id) return &c;
    return nullptr;
}

/// The experiment that a sampled obligation draws from; nullptr for others.
const std::string* experiment_of(const obligation& o) {
    if (const auto* s = std::get_if<sample>(&o.is)) return &s->experiment;
    if (const auto* s = std::get_if<scaling>(&o.is)) return &s->experiment;
    return nullptr;
}

/// Names that --set may use for an obligation: its parameters, the matrix V for V[1,2], and the
/// parameters of the experiments it samples.
void add_settable(const obligation& o, const paper& from, std::set<std::string>& names) {
    for (const parameter& p : settable(o)) {
        names.insert(p.name);
        names.insert(p.name.substr(0, p.name.find('[')));
    }
    if (const std::string* id = experiment_of(o)) {
        for (const experiment& e : from.experiments)
            if (e.id == *id)
                for (const parameter& p : e.parameters)
                    names.insert(p.name);
    } else if (const auto* a = std::get_if<all_of>(&o.is)) {
        for (const lemma& l : a->lemmas)
            if (l.statement != nullptr) add_settable(*l.statement, from, names);
    }
}

} // namespace

std::vector<planned> plan(const std::vector<paper>& papers,
                          const std::vector<selected_claim>& selected) {
    std::set<const claim*> asked, controls;
    for (const selected_claim& s : selected) {
        asked.insert(s.what);
        if (!s.what->control.empty())
            if (const claim* control = find_claim(papers, s.what->control))
                controls.insert(control);
    }
    std::vector<planned> result;
    for (const paper& p : papers)
        for (const claim& c : p.claims)
            if (asked.count(&c) + controls.count(&c) > 0)
                result.push_back({{&p, &c}, asked.count(&c) > 0});
    return result;
}

void check_set(const std::vector<selected_claim>& selected, const arguments& set) {
    if (set.all().empty()) return;
    std::set<std::string> names;
    for (const selected_claim& s : selected)
        add_settable(s.what->shown_by, *s.from, names);
    for (const auto& [name, value] : set.all()) {
        if (names.count(name) > 0) continue;
        std::string known;
        for (const std::string& n : names)
            known += (known.empty() ? "" : ", ") + n;
        throw std::invalid_argument("--set " + name + ": no selected claim has this parameter (" +
                                    (known.empty() ? "they have none" : "they have " + known) +
                                    ")");
    }
}

std::string malformed(const claim& c, const std::vector<paper>& papers) {
    const auto* composite_proof = std::get_if<all_of>(&c.shown_by.is);
    for (const twin& t : c.twins) {
        std::string_view wanted = kind(c.shown_by);
        if (composite_proof != nullptr) {
            const auto& lemmas = composite_proof->lemmas;
            const auto it = std::find_if(lemmas.begin(), lemmas.end(),
                                         [&](const lemma& l) { return l.name == t.replaces; });
            if (it == lemmas.end() || it->statement == nullptr)
                return "twin \"" + t.name + "\" replaces the lemma \"" + t.replaces +
                       "\", which the claim does not have";
            wanted = kind(*it->statement);
        }
        if (kind(t.statement) != wanted)
            return fmt::format("twin \"{}\" is of the kind {}, it must be of the kind {}", t.name,
                               kind(t.statement), wanted);
    }
    if (c.expected == outcome::error || c.expected == outcome::not_run)
        return fmt::format("the outcome \"{}\" cannot be expected", name(c.expected));
    std::size_t namesakes = 0;
    for (const paper& p : papers)
        for (const claim& other : p.claims)
            namesakes += other.id == c.id ? 1 : 0;
    if (namesakes > 1) return fmt::format("{} claims have this id", namesakes);
    if (falls(c.expected) && c.control.empty())
        return "a claim that is expected to fall needs a control, the corrected claim";
    if (!c.control.empty()) {
        if (!falls(c.expected))
            return "a control belongs to a claim that is expected to fall, this one shall be " +
                   std::string(name(c.expected));
        if (c.control == c.id) return "a claim cannot be its own control";
        const claim* control = find_claim(papers, c.control);
        if (control == nullptr) return "the control " + c.control + " is not a claim of any paper";
        if (!control->control.empty())
            return "the control " + c.control + " needs a control itself";
    }
    return {};
}

} // namespace flowproof
