#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "numerics/scalar/rational.hpp"

namespace flowproof {

/// What a formula may do. Frozen: text format, engines and certificates name these.
enum class opcode : std::uint8_t {
    constant, ///< exact rational
    pi,       ///< the circle constant
    variable,
    neg,
    add,
    sub,
    mul,
    div,
    power, ///< integer exponent, fixed in the tape
    sqrt,
    exp,
    log,
    sin,
    cos
};

/// "add", "power", ...; the words of the text format.
std::string_view name(opcode op);
/// The value of sqrt, exp, log, sin or cos at q where this table knows it to be rational: squares
/// of rationals, exp(0), log(1), sin(0), cos(0).
std::optional<rational> exact_value(opcode op, const rational& q);
/// letter (letter | digit | _)* with an optional [digits] or [digits,digits]; ASCII.
bool is_variable_name(std::string_view name);

/// One operation. Operands are indices of earlier nodes.
struct node {
    opcode op;
    std::int32_t a = 0; ///< first operand; for constant and variable the index in their tables
    std::int32_t b = 0; ///< second operand; for power the exponent
    friend bool operator==(const node&, const node&) = default;
};

/// A recorded formula: a straight-line program over named variables with one or more outputs.
///
/// The canonical form of every statement: what engines decide, what certificates carry and what is
/// printed are read off the same tape. Immutable and cheap to copy. Nodes are in topological
/// order, every node is used, equal subexpressions are one node.
class tape {
public:
    tape(); ///< no variables, no outputs

    const std::vector<std::string>& variables() const { return data_->variables; }
    const std::vector<node>& nodes() const { return data_->nodes; }
    const std::vector<rational>& constants() const { return data_->constants; }
    /// Node index of each output; matrices are stored row by row.
    const std::vector<std::int32_t>& outputs() const { return data_->outputs; }
    std::size_t rows() const { return data_->rows; }
    std::size_t cols() const { return data_->cols; }

    /// Position of the variable. @throws std::invalid_argument naming the variables there are.
    std::size_t index_of(std::string_view variable) const;
    bool has_variable(std::string_view variable) const;
    /// True if only + - * and non-negative powers occur: defined everywhere, a polynomial.
    bool is_polynomial() const;
    /// True if additionally / and negative powers occur: a rational function.
    bool is_rational() const;

    /// The stable text form: one line a node, equal for equal tapes. This is the fingerprint.
    std::string text() const;
    /// Inverse of text(). @throws std::invalid_argument naming line and rule, also for a text
    /// with an unused or repeated node.
    static tape parse(std::string_view text);
    friend bool operator==(const tape& x, const tape& y) { return x.text() == y.text(); }

private:
    friend class recorder;
    struct content {
        std::vector<std::string> variables;
        std::vector<node> nodes;
        std::vector<rational> constants;
        std::vector<std::int32_t> outputs;
        std::size_t rows = 0, cols = 0;
    };
    explicit tape(std::shared_ptr<const content> data) : data_(std::move(data)) {}
    std::shared_ptr<const content> data_;
};

/// LaTeX of one output; sharing is written out. @throws std::length_error beyond 4000 nodes or
/// 100000 characters, where a claim must bring its own formula.
std::string latex(const tape& t, std::size_t output = 0);
/// LaTeX of a parameter name: KP -> K_P, alphaV -> \alpha_V, V[1,2] -> V_{12},
/// V[1,12] -> V_{1,12}.
std::string latex_name(std::string_view variable);

} // namespace flowproof
