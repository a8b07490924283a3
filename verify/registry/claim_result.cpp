#include "verify/registry/claim_result.hpp"

#include <algorithm>
#include <utility>

namespace flowproof {

namespace {

std::string source_line(const source& s) {
    std::string line = s.paper;
    for (const std::string& part : {s.version, s.place})
        if (!part.empty()) line += (line.empty() ? "" : ", ") + part;
    return line;
}

/// Twins first: a check that cannot tell true from false has nothing to say of the claim.
verdict weighed(const verdict& own, const std::vector<twin_record>& twins) {
    std::string survivors;
    for (const twin_record& t : twins)
        if (!t.rejected)
            survivors += (survivors.empty() ? "" : ", ") + ("\"" + t.name + "\" (" + t.result) +
                         ", must be " + t.expected + ")";
    if (survivors.empty() || own.result() == outcome::error) return own;
    return verdict::undecided("the check does not reject its twin " + survivors +
                                  "; alone it says " + std::string(name(own.result())),
                              "a check that tells the claim from its twin", own.grounds());
}

} // namespace

claim_record describe(const planned& p) {
    const claim& c = *p.which.what;
    claim_record r;
    r.id = c.id;
    r.paper = p.which.from->id;
    r.statement = c.statement;
    r.latex = c.latex;
    r.hypotheses = c.hypotheses;
    r.source = source_line(c.from);
    r.method = c.method;
    r.kind = kind(c.shown_by);
    r.given = c.given;
    r.expected = c.expected;
    r.quantities = c.quantities;
    r.control = c.control;
    r.figures = c.figures;
    r.proof.kind = r.kind;
    return r;
}

void conclude(claim_record& r, const verdict& v) {
    r.result = v.result();
    r.summary = v.summary();
    r.reason = v.reason();
    r.cure = v.cure();
    r.grounds = v.grounds();
}

void not_run(claim_record& r, std::string reason, std::string cure) {
    r.result = outcome::not_run;
    r.summary = r.reason = std::move(reason);
    r.cure = std::move(cure);
}

void conclude(claim_record& r, const claim& c, std::vector<std::optional<decision>>& decided) {
    if (std::any_of(decided.begin(), decided.end(), [](const auto& d) { return !d; }))
        return not_run(r, "interrupted", "run it again");
    std::string rejected;
    for (std::size_t k = 0; k < c.twins.size(); ++k) {
        const verdict& v = decided[k + 1]->result;
        const outcome wanted = rejection(c.twins[k].statement);
        r.twins.push_back({c.twins[k].name, std::string(name(wanted)),
                           std::string(name(v.result())), v.result() == wanted, v.summary(),
                           v.grounds()});
        if (r.twins.back().rejected) rejected += (rejected.empty() ? "" : ", ") + c.twins[k].name;
    }
    verdict own = decided[0]->result;
    r.proof = std::move(decided[0]->proof);
    if (!rejected.empty()) r.proof.control = "twins rejected: " + rejected;
    if (c.twins.empty() && c.control.empty() && own.result() != outcome::error)
        own = verdict::undecided("nothing shows that the check can tell true from false",
                                 "a false twin or a control", own.grounds());
    conclude(r, weighed(own, r.twins));
}

void weigh_control(claim_record& r, const claim_record& control) {
    if (control.result == outcome::not_run && r.result != outcome::error) {
        r.grounds = {};
        r.twins.clear();
        r.proof = {};
        r.proof.kind = r.kind;
        return not_run(r, "its control " + control.id + " is not run: " + control.reason,
                       control.cure);
    }
    const std::string state = control.id + " is " + std::string(name(control.result));
    r.proof.control += (r.proof.control.empty() ? "control: " : "; control: ") + state;
    if (r.result == outcome::not_run || r.result == outcome::error || holds(control.result)) return;
    conclude(r, verdict::undecided("its control does not hold: " + state + "; alone it is " +
                                       std::string(name(r.result)),
                                   "a control that holds; see " + control.id, r.grounds));
}

} // namespace flowproof
