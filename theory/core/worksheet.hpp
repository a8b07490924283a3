#pragma once

#include <string>
#include <vector>

#include "numerics/linalg/matrix.hpp"
#include "theory/core/obligation.hpp"

namespace flowproof {

/// Where symbols are named and the two sides of an identity, or a formula, are recorded.
///
/// Both sides share one recorder, so that they have the same variables in the same order. Matrices
/// are recorded entry by entry, row by row.
class worksheet {
public:
    /// A named variable.
    expr symbol(const std::string& name);
    /// rows x cols variables name[1,1], name[1,2], ...: 1-based, row by row.
    matrix<expr> symbols(const std::string& name, Eigen::Index rows, Eigen::Index cols);

    /// A condition on the variables under which the identity or formula is stated.
    void require(const expr& condition, relation r, std::string words);

    /// Adds left == right to the identity. @throws std::invalid_argument for different shapes.
    void equate(const expr& left, const expr& right);
    void equate(const matrix<expr>& left, const matrix<expr>& right);

    /// d(value)/d(variable), recorded here.
    expr derivative(const expr& value, const std::string& variable);
    /// value with `by` in place of the variable.
    expr substitute(const expr& value, const std::string& variable, const expr& by);
    /// d(value)/d(name[i,j]), rows x cols.
    matrix<expr> gradient(const expr& value, const std::string& name, Eigen::Index rows,
                          Eigen::Index cols);

    /// Everything equated so far.
    /// @param listed  what is fixed although the statement is general; see identity::listed.
    identity finish(std::vector<std::string> listed = {}) const;
    /// The outputs as a formula on the required domain, rows x cols.
    formula finish(const std::vector<expr>& outputs, std::size_t rows, std::size_t cols) const;

private:
    recorder recorder_;
    std::vector<expr> variables_;
    std::vector<expr> left_, right_, conditions_;
    std::vector<relation> relations_;
    std::vector<std::string> words_;
};

} // namespace flowproof
