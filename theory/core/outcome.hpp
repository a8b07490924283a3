#pragma once
// The vocabulary of verdicts. Nothing else is included here, so that every layer may speak it.

#include <optional>
#include <string_view>

namespace flowproof {

/// What may be said of a claim. Which evidence may say what: verify/result/verdict.hpp.
enum class outcome {
    proved, ///< true on the whole stated domain, given the trusted base and the hand steps listed
    certified,    ///< true, by the same kinds of evidence, at the listed instances or sizes
    supported,    ///< consistent with numerics or sampling under a stated error model
    refuted,      ///< false: an exact or enclosed counterexample is known
    contradicted, ///< numerics or sampling speak against it beyond their error model
    undecided,    ///< not settled; the reason names the cure
    error,        ///< the check itself broke or ran out of wall time
    not_run       ///< needs a larger profile than the run's, or was interrupted
};

constexpr std::string_view name(outcome o) {
    switch (o) {
    case outcome::proved:
        return "proved";
    case outcome::certified:
        return "certified";
    case outcome::supported:
        return "supported";
    case outcome::refuted:
        return "refuted";
    case outcome::contradicted:
        return "contradicted";
    case outcome::undecided:
        return "undecided";
    case outcome::error:
        return "error";
    case outcome::not_run:
        break;
    }
    return "not run";
}

constexpr std::optional<outcome> outcome_named(std::string_view text) {
    for (int i = 0; i <= static_cast<int>(outcome::not_run); ++i)
        if (name(static_cast<outcome>(i)) == text) return static_cast<outcome>(i);
    return std::nullopt;
}

/// proved, certified or supported: the statement stands.
constexpr bool holds(outcome o) { return o <= outcome::supported; }
/// refuted or contradicted: the statement falls.
constexpr bool falls(outcome o) { return o == outcome::refuted || o == outcome::contradicted; }

/// Part of a domain that the evidence speaks for. An engine sets it from the obligation's domain.
enum class coverage { whole, listed };
constexpr std::string_view name(coverage c) { return c == coverage::whole ? "whole" : "listed"; }

/// How much work a run may do. quick: a minute; full: half an hour; paper: the papers' own sizes.
enum class profile { quick, full, paper };
constexpr std::string_view name(profile p) {
    return p == profile::quick ? "quick" : p == profile::full ? "full" : "paper";
}

} // namespace flowproof
