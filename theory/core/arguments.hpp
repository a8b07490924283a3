#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "numerics/linalg/matrix.hpp"
#include "numerics/scalar/rational.hpp"

namespace flowproof {

/// Exact named inputs of a quantity, a closure or an experiment. A scalar is a 1 x 1 matrix.
class arguments {
public:
    arguments() = default;

    arguments& set(const std::string& name, rational value);
    arguments& set(const std::string& name, matrix<rational> value);

    bool has(std::string_view name) const;
    /// @throws std::invalid_argument if the name is missing or not 1 x 1.
    const rational& scalar(std::string_view name) const;
    /// The scalar as a size or count in [low, high]. @throws std::invalid_argument otherwise.
    std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high) const;
    /// @throws std::invalid_argument if the name is missing.
    const matrix<rational>& at(std::string_view name) const;

    /// All inputs in order of their names.
    const std::map<std::string, matrix<rational>, std::less<>>& all() const { return values_; }
    /// These arguments, with those of `other` in place of equal names.
    arguments overridden_by(const arguments& other) const;
    /// "KP = 1/2, V = [[1, 0], [0, 1]]": exact, readable, stable.
    std::string str() const;

private:
    std::map<std::string, matrix<rational>, std::less<>> values_;
};

/// "[[1, 1/2], [0, 1]]"; a 1 x 1 matrix prints as its entry.
std::string str(const matrix<rational>& m);
/// The matrix with these rows: {{1, {1, 2}}, {0, 1}}.
matrix<rational> rows(const std::vector<std::vector<rational>>& entries);

/// One declared input: what `eval --list` prints and what `--set` accepts.
struct parameter {
    std::string name;        ///< ASCII, as in the theory files: KP, alphaV, mu
    std::string description; ///< "column-stochastic transition matrix"
    std::string shape = "1"; ///< "1" for scalars, else "N x N", "T x N"
    std::string domain;      ///< "> 0", "columns sum to 1"
};

} // namespace flowproof
