#pragma once

#include <string>
#include <vector>

#include "verify/result/evidence.hpp"

namespace flowproof {

/// What was concluded, and on what grounds. The grounds decide what may be said: there is no way to
/// ask for `proved`, and no function that takes a sample can return it.
///
///     verdict v = verdict::holds(exact_identity{coverage::whole, ...});  // proved
///     verdict w = verdict::holds(sampled{...});                          // supported
///
/// Evidence that compared nothing (no entry, no row, no draw) throws std::invalid_argument.
class verdict {
public:
    /// The statement stands: proved where the evidence covers the whole domain, else certified.
    static verdict holds(exact_identity e);
    static verdict holds(enclosed e);
    static verdict holds(signs_certain e);
    static verdict holds(zeros_isolated e);
    static verdict holds(witnessed e);
    static verdict holds(exact_agreement e); ///< certified: instances are listed by nature
    static verdict holds(refinement e);      ///< supported
    static verdict holds(integrated e);      ///< supported
    static verdict holds(sampled e);         ///< supported
    static verdict holds(scaled e);          ///< supported

    /// The statement falls: refuted by an exact or enclosed counterexample, else contradicted.
    static verdict falls(counterexample e);
    static verdict falls(refinement e);
    static verdict falls(integrated e);
    static verdict falls(sampled e);
    static verdict falls(scaled e);

    /// Neither; `reason` says what is missing, `cure` how to get it. Grounds may be attached.
    static verdict undecided(std::string reason, std::string cure, evidence partial = {});
    /// The check itself broke.
    static verdict broken(std::string what);

    /// Of a composite proof: the weakest of its parts, with a falling part's own grounds; refuted
    /// if a necessary part is, contradicted if a necessary part is; error if a part broke. Any
    /// other part that does not hold leaves the whole undecided. @throws std::invalid_argument for
    /// no parts.
    struct part {
        std::string name;
        bool necessary;
        const verdict* result;
    };
    static verdict composed(const std::vector<part>& parts);

    outcome result() const { return result_; }
    const evidence& grounds() const { return grounds_; }
    const std::string& reason() const { return reason_; } ///< of undecided and error; else empty
    const std::string& cure() const { return cure_; }

    /// One line for a terminal: "equal as polynomials (12 entries, 21 generators, 1406 terms)".
    std::string summary() const;

private:
    verdict(outcome result, evidence grounds, std::string reason = {}, std::string cure = {})
        : result_(result), grounds_(std::move(grounds)), reason_(std::move(reason)),
          cure_(std::move(cure)) {}
    outcome result_;
    evidence grounds_;
    std::string reason_, cure_;
};

} // namespace flowproof
