#pragma once
// What the engines of tables share.

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "verify/engine/engine.hpp"
#include "verify/engine/support.hpp"

namespace flowproof::engine {

/// How often the digits of a flow may be doubled to decide a row.
inline int attempts(profile p) { return p == profile::quick ? 2 : p == profile::full ? 3 : 4; }

/// What helps a row whose enclosure or estimate is too wide for its bounds.
inline std::string tighter(profile p) {
    return p == profile::paper ? "bounds that are not met exactly"
                               : "more digits: --digits or a larger profile";
}

/// The row of an enclosed table: bounds of its value, infinite if there is none.
inline enclosed::row enclosed_row(const table_row& row, const ball& value, bool known, int digits) {
    return {row.name, known ? decimal_below(value.lower(), digits) : "-inf",
            known ? decimal_above(value.upper(), digits) : "inf", printed(row.within)};
}

inline counterexample counterexample_of(const table_row& row, const ball& value, int digits) {
    return {row.name, bindings_of(row.at), printed(value, digits), printed(row.within)};
}

/// A row as an engine saw it.
struct seen_row {
    truth holds = truth::unknown;
    std::string value;  ///< for the certificate: "in [0.1, 0.2]", "0.15 +/- 2e-9"
    std::string digest; ///< for the fingerprint: ten digits, on which all precisions agree
};

/// Certificate and verdict of a table: the first row that falls decides, else the first open one.
/// @param seen   one per row.
/// @param falls  number of a row -> the verdict that it falls.
/// @param open   number of a row -> why it is open, and the cure.
template <class Evidence, class Falls, class Open>
decision conclude_rows(std::string kind, const std::vector<table_row>& rows,
                       const std::vector<seen_row>& seen, Evidence evidence, Falls falls,
                       Open open) {
    certificate proof;
    proof.kind = std::move(kind);
    proof.covers = coverage::listed;
    proof.domain.push_back(fmt::format("{} listed rows", rows.size()));
    fnv_hash outputs;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string at = rows[i].at.str(), within = printed(rows[i].within);
        outputs.add(rows[i].name).add(at).add(within).add(seen[i].digest);
        add_payload(proof, "row " + rows[i].name,
                    fmt::format("{}; entry {}; {}; must lie in {}", at, rows[i].entry,
                                seen[i].value, within),
                    "a declared row");
    }
    proof.fingerprint = outputs.str();
    const auto first = [&](truth t) {
        const auto it = std::find_if(seen.begin(), seen.end(),
                                     [t](const seen_row& row) { return row.holds == t; });
        return static_cast<std::size_t>(it - seen.begin());
    };
    if (const std::size_t i = first(truth::no); i < seen.size()) {
        proof.covers.reset();
        return {falls(i), std::move(proof)};
    }
    if (const std::size_t i = first(truth::unknown); i < seen.size()) {
        proof.covers.reset();
        auto [reason, cure] = open(i);
        return {verdict::undecided(fmt::format("row \"{}\": {}", rows[i].name, reason),
                                   std::move(cure), std::move(evidence)),
                std::move(proof)};
    }
    return {verdict::holds(std::move(evidence)), std::move(proof)};
}

} // namespace flowproof::engine
