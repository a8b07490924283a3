#include "numerics/ode/taylor_program.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "numerics/ode/vector_field.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"

namespace flowproof {

namespace {

/// The value of a tape's node: a linear combination of rows with coefficients in the parameters.
struct linear {
    expr constant;
    std::map<std::int32_t, expr> terms; // row -> coefficient; a 0 stays, its row may be undefined

    bool is_constant() const { return terms.empty(); }
    /// c x without a constant part.
    bool is_multiple() const { return terms.size() == 1 && known_zero(constant); }
};

linear scaled(linear x, const expr& factor) {
    x.constant *= factor;
    for (auto& [row, c] : x.terms)
        c *= factor;
    return x;
}

linear sum(linear x, const linear& y) {
    x.constant += y.constant;
    for (const auto& [row, c] : y.terms) {
        const auto [place, fresh] = x.terms.emplace(row, c);
        if (!fresh) place->second += c;
    }
    return x;
}

bool is(const expr& c, int value) {
    return c.is_constant() && c.constant_value() == rational(value);
}

} // namespace

class taylor_compiler {
public:
    taylor_compiler(taylor_program& out, const tape& velocity) : out_(out) {
        const std::vector<std::string>& names = velocity.variables();
        out_.states_ = velocity.outputs().size();
        out_.rows_ = out_.states_;
        for (std::size_t i = out_.states_; i < names.size(); ++i)
            parameters_.push_back(recorder_.variable(names[i]));
        for (const linear& x : values_of(velocity))
            out_.velocity_.push_back(form(x));
        out_.velocity_instructions_ = out_.instructions_.size();
    }
    void add_event(const tape& event) { out_.event_ = row(values_of(event).front()); }
    void finish() {
        // Outputs may be constants only: the tape keeps the parameters all the same.
        out_.coefficients_ = recorder_.finish(coefficients_);
    }

private:
    /// Longer sums that are used more than once get a row of their own.
    static constexpr std::size_t longest_shared_sum = 4;

    std::vector<linear> values_of(const tape& t) {
        std::vector<int> uses(t.nodes().size(), 0);
        for (const node& n : t.nodes()) {
            if (n.op == opcode::constant || n.op == opcode::variable || n.op == opcode::pi)
                continue;
            ++uses[static_cast<std::size_t>(n.a)];
            if (n.op == opcode::add || n.op == opcode::sub || n.op == opcode::mul ||
                n.op == opcode::div)
                ++uses[static_cast<std::size_t>(n.b)];
        }
        for (const std::int32_t o : t.outputs())
            ++uses[static_cast<std::size_t>(o)];
        std::vector<linear> value;
        value.reserve(t.nodes().size());
        for (const node& n : t.nodes()) {
            value.push_back(apply(t, n, value));
            if (value.back().terms.size() > longest_shared_sum && uses[value.size() - 1] > 1)
                value.back() = of_row(row(value.back()));
        }
        std::vector<linear> result;
        for (const std::int32_t o : t.outputs())
            result.push_back(value[static_cast<std::size_t>(o)]);
        return result;
    }

    linear apply(const tape& t, const node& n, const std::vector<linear>& value) {
        const auto at = [&](std::int32_t i) -> const linear& {
            return value[static_cast<std::size_t>(i)];
        };
        switch (n.op) {
        case opcode::constant:
            return {recorder_.constant(t.constants()[static_cast<std::size_t>(n.a)]), {}};
        case opcode::pi:
            return {recorder_.pi(), {}};
        case opcode::variable: {
            const auto i = static_cast<std::size_t>(n.a);
            if (i >= out_.states_) return {parameters_[i - out_.states_], {}};
            return of_row(n.a);
        }
        case opcode::neg:
            return scaled(at(n.a), recorder_.constant(-1));
        case opcode::add:
            return sum(at(n.a), at(n.b));
        case opcode::sub:
            return sum(at(n.a), scaled(at(n.b), recorder_.constant(-1)));
        case opcode::mul:
            return product(at(n.a), at(n.b));
        case opcode::div:
            return quotient(at(n.a), at(n.b));
        case opcode::power:
            return power_of(at(n.a), n.b);
        default:
            return function(n.op, at(n.a));
        }
    }

    linear of_row(std::int32_t r) { return {recorder_.constant(0), {{r, recorder_.constant(1)}}}; }

    linear product(const linear& x, const linear& y) {
        if (x.is_constant()) return scaled(y, x.constant);
        if (y.is_constant()) return scaled(x, y.constant);
        const auto [a, p] = factored(x);
        const auto [b, q] = factored(y);
        const linear result =
            p == q ? of_row(emit(taylor_op::square, p, p))
                   : of_row(emit(taylor_op::product, std::min(p, q), std::max(p, q)));
        return scaled(scaled(result, a), b);
    }

    linear quotient(const linear& x, const linear& y) {
        const expr one = recorder_.constant(1);
        if (y.is_constant()) return scaled(x, one / y.constant);
        const auto [b, q] = factored(y);
        if (x.is_constant())
            return scaled(of_row(emit(taylor_op::reciprocal, q, q)), x.constant / b);
        const auto [a, p] = factored(x);
        return scaled(of_row(emit(taylor_op::quotient, p, q)), a / b);
    }

    linear power_of(const linear& x, std::int64_t n) {
        const expr one = recorder_.constant(1);
        if (x.is_constant()) return {power(x.constant, n), {}};
        if (n == 0) return sum(scaled(x, recorder_.constant(0)), {one, {}});
        const linear base = of_row(row(x));
        const std::int64_t size = n < 0 ? -n : n;
        linear result = base;
        for (int bit = 62 - __builtin_clzll(static_cast<unsigned long long>(size)); bit >= 0;
             --bit) {
            result = product(result, result);
            if ((size >> bit) & 1) result = product(result, base);
        }
        return n < 0 ? quotient({one, {}}, result) : result;
    }

    linear function(opcode op, const linear& x) {
        if (x.is_constant()) {
            switch (op) {
            case opcode::sqrt:
                return {sqrt(x.constant), {}};
            case opcode::exp:
                return {exp(x.constant), {}};
            case opcode::log:
                return {log(x.constant), {}};
            case opcode::sin:
                return {sin(x.constant), {}};
            default:
                return {cos(x.constant), {}};
            }
        }
        const std::int32_t p = row(x);
        if (op == opcode::sqrt) return of_row(emit(taylor_op::sqrt, p, p));
        const std::int32_t slope = emit(taylor_op::slope, p, p);
        switch (op) {
        case opcode::exp:
            return of_row(emit(taylor_op::exp, p, slope));
        case opcode::log:
            return of_row(emit(taylor_op::log, p, emit(taylor_op::quotient, slope, p)));
        default:
            return of_row(emit(taylor_op::sin_cos, p, slope) + (op == opcode::cos ? 1 : 0));
        }
    }

    /// x = factor * row.
    std::pair<expr, std::int32_t> factored(const linear& x) {
        if (x.is_multiple()) return {x.terms.begin()->second, x.terms.begin()->first};
        return {recorder_.constant(1), row(x)};
    }

    /// The row that holds x.
    std::int32_t row(const linear& x) {
        if (x.is_multiple() && is(x.terms.begin()->second, 1)) return x.terms.begin()->first;
        return emit(taylor_op::affine, form(x), 0);
    }

    /// The row of this operation; equal operations are one.
    std::int32_t emit(taylor_op op, std::int32_t x, std::int32_t y) {
        const auto [place, fresh] =
            rows_.emplace(std::tuple(op, x, y), static_cast<std::int32_t>(out_.rows_));
        if (fresh) {
            out_.instructions_.push_back({op, place->second, x, y});
            out_.rows_ += op == taylor_op::sin_cos ? 2 : 1;
        }
        return place->second;
    }

    std::int32_t form(const linear& x) {
        affine_form f;
        if (!known_zero(x.constant)) f.constant = coefficient(x.constant);
        for (const auto& [row, c] : x.terms)
            f.terms.push_back({is(c, 1)    ? affine_form::one
                               : is(c, -1) ? affine_form::minus_one
                                           : coefficient(c),
                               row});
        std::vector<std::int32_t> key{f.constant};
        for (const auto& t : f.terms)
            key.insert(key.end(), {t.coefficient, t.row});
        const auto [place, fresh] =
            numbers_.emplace(std::move(key), static_cast<std::int32_t>(out_.forms_.size()));
        if (fresh) out_.forms_.push_back(std::move(f));
        return place->second;
    }

    /// The output number of c; equal coefficients are one output.
    std::int32_t coefficient(const expr& c) {
        const std::string key = recorder_.finish(std::vector<expr>{c}).text();
        const auto [place, fresh] =
            outputs_.emplace(key, static_cast<std::int32_t>(coefficients_.size()));
        if (fresh) coefficients_.push_back(c);
        return place->second;
    }

    taylor_program& out_;
    recorder recorder_; // of the coefficients
    std::vector<expr> parameters_, coefficients_;
    std::map<std::string, std::int32_t> outputs_;
    std::map<std::vector<std::int32_t>, std::int32_t> numbers_;
    std::map<std::tuple<taylor_op, std::int32_t, std::int32_t>, std::int32_t> rows_;
};

taylor_program::taylor_program(const tape& velocity, const tape& event) {
    const std::size_t outputs = velocity.outputs().size(), variables = velocity.variables().size();
    if (outputs == 0 || outputs > variables)
        throw std::invalid_argument(
            "vector_field: need one output of the velocity for each state, at least one, and the "
            "states among its variables; got " +
            std::to_string(outputs) + " outputs over " + std::to_string(variables) + " variables");
    const bool has_event = !event.outputs().empty() || !event.variables().empty();
    if (has_event && event.outputs().size() != 1)
        throw std::invalid_argument("vector_field: need an event with 1 output, got " +
                                    std::to_string(event.outputs().size()));
    if (has_event && event.variables() != velocity.variables()) {
        const auto listed = [](const tape& t) {
            std::string text;
            for (const auto& v : t.variables())
                text += " " + v;
            return text;
        };
        throw std::invalid_argument(
            "vector_field: need an event over the variables of the velocity, in their order:" +
            listed(velocity) + "; got:" + listed(event));
    }
    taylor_compiler compiler(*this, velocity);
    if (has_event) compiler.add_event(event);
    compiler.finish();
}

vector_field::vector_field(const tape& velocity, const tape& event)
    : program_(std::make_shared<const taylor_program>(velocity, event)) {}

std::size_t vector_field::states() const { return program_->states(); }
std::size_t vector_field::parameters() const { return program_->parameters(); }
bool vector_field::has_event() const { return program_->event() >= 0; }

} // namespace flowproof
