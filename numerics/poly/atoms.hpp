#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "numerics/poly/fractions.hpp"

namespace flowproof::normal {

/// Functions of fractions by generators; equal arguments share theirs. See compare_normal_forms for
/// the identities they know.
class atoms {
public:
    /// @param units  plan::units
    atoms(fractions& field, std::map<std::string, std::int64_t>& units)
        : field_(field), units_(units) {}

    fraction pi();
    fraction square_root(const fraction& u);
    fraction exponential(const fraction& u);
    fraction logarithm(const fraction& u);
    std::pair<fraction, fraction> sine_cosine(const fraction& u);

private:
    fraction exponential_of_term(const rational& c, polynomial m, polynomial d);

    fractions& field_;
    std::map<std::string, std::int64_t>& units_;
    std::optional<polynomial> pi_;
    std::vector<std::pair<fraction, fraction>> roots_; ///< u, sqrt(u)
    struct exponential_atom {
        polynomial m, d, generator;
    };
    std::vector<exponential_atom> exponentials_;
    std::vector<std::pair<fraction, polynomial>> logarithms_;
    struct angle {
        fraction u;
        polynomial sine, cosine;
    };
    std::vector<angle> angles_;
};

} // namespace flowproof::normal
