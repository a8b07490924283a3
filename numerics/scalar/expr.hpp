#pragma once

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "numerics/scalar/concept.hpp"
#include "numerics/scalar/exact_constant.hpp"
#include "numerics/scalar/tape.hpp"

namespace flowproof {

class recorder;

/// A scalar that records what is done to it. Calling a generic formula with expr writes its tape.
/// An expr is valid while its recorder lives. Constants adopt their partner's recorder; one that
/// was written as a literal has none. Recording simplifies only where the meaning stays the same
/// everywhere: constants fold, x + 0, 1 * x, x^1 vanish; 0 * x becomes 0 only if x is defined for
/// all variables.
class expr : public with_exact_constants<expr> {
public:
    expr() = default;                                             ///< the constant 0
    template <std::signed_integral I> expr(I n) : constant_(n) {} // NOLINT: exact, hence implicit
    expr(double) = delete;
    explicit expr(rational q) : constant_(std::move(q)) {}

    expr adopt(const rational& q) const { return expr(recorder_, q); }
    bool is_constant() const { return index_ < 0; }
    /// Where it is recorded; nullptr for a literal.
    recorder* home() const { return recorder_; }
    /// @throws std::logic_error unless is_constant().
    const rational& constant_value() const;

    friend expr operator+(const expr& x, const expr& y);
    friend expr operator-(const expr& x, const expr& y);
    friend expr operator*(const expr& x, const expr& y);
    /// @throws std::domain_error for a division by the constant 0.
    friend expr operator/(const expr& x, const expr& y);
    friend expr operator-(const expr& x);
    expr& operator+=(const expr& y) { return *this = *this + y; }
    expr& operator-=(const expr& y) { return *this = *this - y; }
    expr& operator*=(const expr& y) { return *this = *this * y; }
    expr& operator/=(const expr& y) { return *this = *this / y; }
    /// @throws std::invalid_argument for an exponent of more than 32 bits.
    friend expr power(const expr& x, std::int64_t n);
    // Elementary functions of a literal without a recorder have nowhere to be written.
    // @throws std::domain_error for those whose value is not rational.
    friend expr sqrt(const expr& x);
    friend expr exp(const expr& x);
    friend expr log(const expr& x);
    friend expr sin(const expr& x);
    friend expr cos(const expr& x);
    friend bool known_zero(const expr& x) { return x.is_constant() && x.constant_.is_zero(); }

private:
    friend class recorder;
    friend struct embed<expr>;
    expr(recorder* owner, rational q) : recorder_(owner), constant_(std::move(q)) {}
    expr(recorder* owner, std::int32_t index) : recorder_(owner), index_(index) {}
    recorder* recorder_ = nullptr;
    std::int32_t index_ = -1;
    rational constant_;
};

/// Writes tapes. Equal operations on equal operands become one node.
class recorder {
public:
    recorder();
    ~recorder();
    recorder(const recorder&) = delete;
    recorder& operator=(const recorder&) = delete;

    /// A new variable. @throws std::invalid_argument for a name used twice or not of the form
    /// letter (letter | digit | _)* with an optional [digits] or [digits,digits].
    expr variable(const std::string& name);
    expr constant(const rational& q) { return {this, q}; }
    expr pi();
    /// The tape of these outputs, without nodes that they do not need. Variables stay, in order.
    /// @throws std::invalid_argument if rows * cols differs from the number of outputs.
    tape finish(std::span<const expr> outputs, std::size_t rows, std::size_t cols) const;
    tape finish(std::span<const expr> outputs) const { return finish(outputs, outputs.size(), 1); }

    /// For expr: one operation on operands of which one at least is not constant, simplified. An
    /// elementary function may have a constant operand.
    expr record(opcode op, const expr& x, const expr& y, std::int32_t exponent = 0);

private:
    struct state;
    std::int32_t place(const expr& x);
    bool is_total(const expr& x) const;
    std::unique_ptr<state> state_;
};

template <> struct embed<expr> {
    recorder* into = nullptr; ///< where pi and elementary functions of constants are written
    expr operator()(const rational& q) const { return expr(into, q); }
    /// @throws std::domain_error without a recorder.
    expr pi() const;
};

namespace detail {
inline void append(std::vector<expr>& outputs, const expr& x) { outputs.push_back(x); }
template <class Range>
requires requires(const Range& r) { r.begin(); }
void append(std::vector<expr>& outputs, const Range& range) {
    for (const auto& x : range)
        append(outputs, x);
}
} // namespace detail

/// The tape of a generic formula:
///     record({"KP", "KQ"}, [](auto KP, auto KQ) { return KP * KQ; })
/// The formula returns one expr or a range of them (an n x 1 output).
template <std::size_t N, class Formula>
tape record(const char* const (&variables)[N], Formula formula) {
    recorder r;
    std::vector<expr> inputs;
    for (const char* variable : variables)
        inputs.push_back(r.variable(variable));
    std::vector<expr> outputs;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        detail::append(outputs, formula(inputs[I]...));
    }
    (std::make_index_sequence<N>{});
    return r.finish(outputs);
}

/// d(output)/d(variable) for each output of t, as a tape over the same variables.
tape derivative(const tape& t, std::size_t variable);
/// All first derivatives of one output (reverse mode: about four operations per node), n x 1.
tape gradient(const tape& t, std::size_t output = 0);
/// t with some variables replaced by exact values; the other variables keep their order.
tape substitute(const tape& t, const std::vector<std::pair<std::string, rational>>& values);

} // namespace flowproof
