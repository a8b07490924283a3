#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "numerics/scalar/tape.hpp"

namespace flowproof {

/// Work that compare_normal_forms may spend. Every limit counts operations or sizes, never time,
/// so that the answer is the same on every machine.
struct normal_form_budget {
    /// Terms of all polynomials kept at one time. A term whose coefficient has more than 64 bits
    /// counts once more for each further 64.
    std::size_t terms = 2'000'000;
    /// Term-by-term products and sums over the whole comparison.
    std::uint64_t work = 2'000'000'000;
    std::size_t nodes = 4'000'000;           ///< operations of both tapes together
    std::size_t generators = 128;            ///< atoms: see compare_normal_forms
    const std::atomic<bool>* stop = nullptr; ///< once set, the answer is out_of_budget
};

/// What the comparison of two tapes found.
struct identity_decision {
    enum class answer {
        identical,       ///< the outputs agree at every point where both tapes are defined
        not_normal_zero, ///< some difference has a non-zero normal form
        undefined,       ///< a tape is defined nowhere: see `reason`
        out_of_budget    ///< nothing is known: see `reason`
    };
    answer result = answer::out_of_budget;
    std::size_t outputs = 0;          ///< outputs compared
    std::size_t generators = 0;       ///< atoms beside the variables; 0: the answer is complete
    std::size_t terms = 0;            ///< most terms kept at one time, as in the budget
    std::uint64_t work = 0;           ///< work done, as in the budget
    std::size_t first_difference = 0; ///< first output that differs (not_normal_zero only)
    std::string difference;           ///< its left - right, cut after a dozen terms
    std::string digest;               ///< 16 hex digits: hash of the normal forms of all outputs
    std::string reason;               ///< undefined, out_of_budget: what and where
};

/// Decides whether two tapes are one function by expanding both to a normal form.
///
/// Method. Every node becomes N / (d1^e1 ... dk^ek) with a polynomial N over Q and known
/// polynomials di, in the variables and in generators (atoms) for what is not rational:
///     pi            a generator
///     sqrt(u)       g / D for u = N / D, with g^2 = N D; sqrt(q^2 u) = q sqrt(u) for rational q >
///     0.
///                   Never sqrt(u^2) = u, never sqrt(u) sqrt(v) = sqrt(u v).
///     exp(u)        u in lowest terms c1 m1 / D + c2 m2 / D + ... with monomials mi becomes the
///                   product of the powers E_i^(ci) of generators E_i = exp(mi / D), or of
///                   exp(mi / (M D)) where some ci has the denominator M; exp(n log u) = u^n
///     log(u)        a generator; log(1) = 0
///     sin(u), cos(u)  two generators with c^2 = 1 - s^2, odd and even in u
/// Equal arguments share their generators. Polynomials are reduced by g^2 = ... wherever they
/// arise, and the di are divided out where they divide; no greatest common divisors are needed.
///
/// Meaning. Each step above holds at every real point where the tape is defined: the di are
/// divisors of what the tape divides by, so they do not vanish there. Therefore
/// - identical: left = right at every real point where both are defined. Always sound.
/// - not_normal_zero with generators == 0: the tapes are different rational functions, so they
///   differ on a dense open set. With generators it is *not* a refutation, because the normal
///   form does not know all relations between atoms (sqrt(x) sqrt(y) - sqrt(x y), sin(2 x) -
///   2 sin(x) cos(x), sqrt(x^2) - x): look for a point with find_difference.
/// - undefined: a division by something whose normal form is 0, or sqrt or log of a negative
///   constant: no point exists where the tape is defined. Equality would hold vacuously.
/// A tape with + - * alone is polynomial arithmetic and nothing else.
///
/// @throws std::invalid_argument unless variables (names in order), rows and columns agree.
identity_decision compare_normal_forms(const tape& left, const tape& right,
                                       const normal_form_budget& budget = {});

} // namespace flowproof
