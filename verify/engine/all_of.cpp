#include <fmt/format.h>
#include <stdexcept>

#include "verify/engine/engines.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

decision decide_all_of(const all_of& what, const engine_context& context) {
    std::vector<decision> decisions;
    std::vector<verdict::part> parts;
    std::vector<const lemma*> decided;
    decisions.reserve(what.lemmas.size());
    for (const lemma& l : what.lemmas) {
        if (l.statement == nullptr)
            throw std::invalid_argument("all_of: lemma " + l.name + " has no statement");
        const auto* at_sizes = std::get_if<identity>(&l.statement->is);
        if (at_sizes != nullptr && !takes(*at_sizes, context.set)) continue;
        decided.push_back(&l);
        engine_context own = context;
        own.seed = derived_seed(context.seed, l.name);
        decisions.push_back(decide(*l.statement, own));
        parts.push_back({l.name, l.necessary, &decisions.back().result});
    }
    if (parts.empty() && !what.lemmas.empty())
        throw std::invalid_argument("all_of (--set): no lemma is stated at the sizes of " +
                                    context.set.str());
    decision result{verdict::composed(parts), {}};

    certificate& proof = result.proof;
    proof.kind = "all_of";
    proof.covers = coverage::whole;
    fnv_hash fingerprints;
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        const certificate& part = decisions[i].proof;
        const std::string& lemma_name = decided[i]->name;
        if (!part.covers)
            proof.covers.reset();
        else if (proof.covers && *part.covers == coverage::listed)
            proof.covers = coverage::listed;
        for (const std::string& words : part.domain)
            proof.domain.push_back(lemma_name + ": " + words);
        fingerprints.add(lemma_name).add(part.kind).add(part.fingerprint);
        add_payload(proof, "lemma " + lemma_name,
                    fmt::format("{}, {}", part.kind, name(decisions[i].result.result())), "");
        add_payload(proof, lemma_name + ": fingerprint", part.fingerprint,
                    "the fingerprint of this lemma");
        for (const auto& [entry, text] : part.payload)
            add_payload(proof, lemma_name + ": " + entry, text, "the lemma's own entry");
    }
    proof.fingerprint = fingerprints.str();
    return result;
}

} // namespace flowproof::engine
