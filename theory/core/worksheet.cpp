#include "theory/core/worksheet.hpp"

#include <stdexcept>

#include "numerics/scalar/evaluate.hpp"

namespace flowproof {

namespace {

std::string entry(const std::string& name, Eigen::Index i, Eigen::Index j) {
    return name + "[" + std::to_string(i + 1) + "," + std::to_string(j + 1) + "]";
}

} // namespace

expr worksheet::symbol(const std::string& name) {
    variables_.push_back(recorder_.variable(name));
    return variables_.back();
}

matrix<expr> worksheet::symbols(const std::string& name, Eigen::Index rows, Eigen::Index cols) {
    matrix<expr> result(rows, cols);
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index j = 0; j < cols; ++j)
            result(i, j) = symbol(entry(name, i, j));
    return result;
}

void worksheet::require(const expr& condition, relation r, std::string words) {
    conditions_.push_back(condition);
    relations_.push_back(r);
    words_.push_back(std::move(words));
}

void worksheet::equate(const expr& left, const expr& right) {
    left_.push_back(left);
    right_.push_back(right);
}

void worksheet::equate(const matrix<expr>& left, const matrix<expr>& right) {
    if (left.rows() != right.rows() || left.cols() != right.cols())
        throw std::invalid_argument(
            "scb::worksheet::equate: the left side is " + std::to_string(left.rows()) + " x " +
            std::to_string(left.cols()) + ", the right side " + std::to_string(right.rows()) +
            " x " + std::to_string(right.cols()));
    for (Eigen::Index i = 0; i < left.rows(); ++i)
        for (Eigen::Index j = 0; j < left.cols(); ++j)
            equate(left(i, j), right(i, j));
}

expr worksheet::derivative(const expr& value, const std::string& variable) {
    const tape t = recorder_.finish(std::vector<expr>{value});
    return evaluate(flowproof::derivative(t, t.index_of(variable)), variables_,
                    embed<expr>{&recorder_})
        .front();
}

expr worksheet::substitute(const expr& value, const std::string& variable, const expr& by) {
    const tape t = recorder_.finish(std::vector<expr>{value});
    std::vector<expr> inputs = variables_;
    inputs[t.index_of(variable)] = by;
    return evaluate(t, inputs, embed<expr>{&recorder_}).front();
}

matrix<expr> worksheet::gradient(const expr& value, const std::string& name, Eigen::Index rows,
                                 Eigen::Index cols) {
    const tape t = recorder_.finish(std::vector<expr>{value});
    const auto all = evaluate(flowproof::gradient(t), variables_, embed<expr>{&recorder_});
    matrix<expr> result(rows, cols);
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index j = 0; j < cols; ++j)
            result(i, j) = all[t.index_of(entry(name, i, j))];
    return result;
}

identity worksheet::finish(std::vector<std::string> listed) const {
    return {recorder_.finish(left_),
            recorder_.finish(right_),
            recorder_.finish(conditions_),
            relations_,
            words_,
            std::move(listed)};
}

formula worksheet::finish(const std::vector<expr>& outputs, std::size_t rows,
                          std::size_t cols) const {
    return {recorder_.finish(outputs, rows, cols), recorder_.finish(conditions_), relations_,
            words_};
}

} // namespace flowproof
