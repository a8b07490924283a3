#include "numerics/scalar/expr.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <stdexcept>
#include <unordered_map>

#include "numerics/scalar/dual.hpp"
#include "numerics/scalar/evaluate.hpp"

namespace flowproof {

static_assert(elementary<expr> && !ordered<expr>);

namespace {

struct node_hash {
    std::size_t operator()(const node& n) const noexcept {
        auto h = static_cast<std::uint64_t>(n.op);
        h = (h * 0x9e3779b97f4a7c15ULL) ^ static_cast<std::uint32_t>(n.a);
        h = (h * 0x9e3779b97f4a7c15ULL) ^ static_cast<std::uint32_t>(n.b);
        return static_cast<std::size_t>(h ^ (h >> 29));
    }
};

/// The recorder that two operands share.
recorder* common(recorder* r, recorder* s) {
    if (r != nullptr && s != nullptr && r != s)
        throw std::logic_error("expr: the operands belong to different recorders");
    return r != nullptr ? r : s;
}

} // namespace

struct recorder::state {
    std::vector<std::string> variables;
    std::vector<node> nodes;
    std::vector<char> total; ///< node is defined for all values of the variables
    std::vector<rational> constants;
    std::unordered_map<node, std::int32_t, node_hash> seen;
    std::map<rational, std::int32_t> constant_node;

    std::int32_t push(node n, bool defined) {
        if (nodes.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
            throw std::length_error("recorder: more than 2^31 - 1 operations");
        const auto [it, fresh] = seen.try_emplace(n, static_cast<std::int32_t>(nodes.size()));
        if (fresh) {
            nodes.push_back(n);
            total.push_back(defined ? 1 : 0);
        }
        return it->second;
    }
};

recorder::recorder() : state_(std::make_unique<state>()) {}
recorder::~recorder() = default;

expr recorder::variable(const std::string& name) {
    if (!is_variable_name(name))
        throw std::invalid_argument(
            "recorder::variable: \"" + name +
            "\" is not a name; use letters, digits and _ with an optional [i] or [i,j]");
    auto& names = state_->variables;
    if (std::find(names.begin(), names.end(), name) != names.end())
        throw std::invalid_argument("recorder::variable: \"" + name + "\" is already a variable");
    names.push_back(name);
    return {this,
            state_->push({opcode::variable, static_cast<std::int32_t>(names.size() - 1), 0}, true)};
}

expr recorder::pi() { return {this, state_->push({opcode::pi, 0, 0}, true)}; }

std::int32_t recorder::place(const expr& x) {
    if (!x.is_constant()) return x.index_;
    const auto [it, fresh] = state_->constant_node.try_emplace(x.constant_, 0);
    if (fresh) {
        state_->constants.push_back(x.constant_);
        it->second = state_->push(
            {opcode::constant, static_cast<std::int32_t>(state_->constants.size() - 1), 0}, true);
    }
    return it->second;
}

bool recorder::is_total(const expr& x) const {
    return x.is_constant() || state_->total[static_cast<std::size_t>(x.index_)] != 0;
}

expr recorder::record(opcode op, const expr& x, const expr& y, std::int32_t exponent) {
    const auto is = [](const expr& e, int value) {
        return e.is_constant() && e.constant_ == rational(value);
    };
    const bool both_total = is_total(x) && is_total(y);
    switch (op) {
    case opcode::add:
        if (is(x, 0)) return y;
        if (is(y, 0)) return x;
        break;
    case opcode::sub:
        if (is(y, 0)) return x;
        if (is(x, 0)) return record(opcode::neg, y, expr());
        if (x.index_ == y.index_ && both_total) return constant(0);
        break;
    case opcode::mul:
        if (is(x, 1)) return y;
        if (is(y, 1)) return x;
        if ((is(x, 0) || is(y, 0)) && both_total) return constant(0);
        if (is(x, -1)) return record(opcode::neg, y, expr());
        if (is(y, -1)) return record(opcode::neg, x, expr());
        break;
    case opcode::div:
        if (is(y, 1)) return x;
        break;
    case opcode::neg: {
        const node& inner = state_->nodes[static_cast<std::size_t>(x.index_)];
        if (inner.op == opcode::neg) return {this, inner.a};
        return {this, state_->push({op, x.index_, 0}, is_total(x))};
    }
    case opcode::power:
        if (exponent == 1) return x;
        if (exponent == 0 && is_total(x)) return constant(1);
        return {this, state_->push({op, place(x), exponent}, exponent >= 0 && is_total(x))};
    case opcode::sqrt:
    case opcode::log:
        return {this, state_->push({op, place(x), 0}, false)};
    case opcode::exp:
    case opcode::sin:
    case opcode::cos:
        return {this, state_->push({op, place(x), 0}, is_total(x))};
    default:
        throw std::logic_error("recorder::record: not an operation");
    }
    const std::int32_t a = place(x),
                       b = place(y); // left operand first: the order is part of the text
    const bool total = op == opcode::div ? is_total(x) && y.is_constant() : both_total;
    return {this, state_->push({op, a, b}, total)};
}

tape recorder::finish(std::span<const expr> outputs, std::size_t rows, std::size_t cols) const {
    if (rows * cols != outputs.size())
        throw std::invalid_argument("recorder::finish: a " + std::to_string(rows) + " x " +
                                    std::to_string(cols) + " output needs " +
                                    std::to_string(rows * cols) + " values, got " +
                                    std::to_string(outputs.size()));
    auto& self = const_cast<recorder&>(*this); // constants among the outputs become nodes
    std::vector<std::int32_t> roots;
    for (const expr& x : outputs) {
        if (!x.is_constant() && x.recorder_ != this)
            throw std::logic_error("recorder::finish: an output belongs to another recorder");
        roots.push_back(self.place(x));
    }
    const auto& nodes = state_->nodes;
    const auto is_binary = [](opcode op) {
        return op == opcode::add || op == opcode::sub || op == opcode::mul || op == opcode::div;
    };
    const auto is_leaf = [](opcode op) {
        return op == opcode::constant || op == opcode::variable || op == opcode::pi;
    };
    tape::content result;
    result.variables = state_->variables;
    result.rows = rows;
    result.cols = cols;
    // Nodes are numbered from the outputs, operands first and left before right: in which order a
    // compiler evaluates the operands of a formula does not show in the text.
    std::vector<std::int32_t> renumbered(nodes.size(), -1);
    std::vector<std::int32_t> waiting(roots.rbegin(), roots.rend());
    const auto numbered = [&](std::int32_t i) {
        if (renumbered[static_cast<std::size_t>(i)] < 0) waiting.push_back(i);
        return renumbered[static_cast<std::size_t>(i)];
    };
    while (!waiting.empty()) {
        const auto i = static_cast<std::size_t>(waiting.back());
        node n = nodes[i];
        if (renumbered[i] < 0 && !is_leaf(n.op)) {
            const std::int32_t b = is_binary(n.op) ? numbered(n.b) : n.b;
            const std::int32_t a = numbered(n.a); // on top of the stack: first
            if (a < 0 || (is_binary(n.op) && b < 0)) continue;
            n.a = a;
            n.b = b;
        }
        waiting.pop_back();
        if (renumbered[i] >= 0) continue;
        if (n.op == opcode::constant) {
            result.constants.push_back(state_->constants[static_cast<std::size_t>(n.a)]);
            n.a = static_cast<std::int32_t>(result.constants.size() - 1);
        }
        renumbered[i] = static_cast<std::int32_t>(result.nodes.size());
        result.nodes.push_back(n);
    }
    for (const auto root : roots)
        result.outputs.push_back(renumbered[static_cast<std::size_t>(root)]);
    return tape(std::make_shared<const tape::content>(std::move(result)));
}

const rational& expr::constant_value() const {
    if (!is_constant()) throw std::logic_error("expr::constant_value: not a constant");
    return constant_;
}

expr operator+(const expr& x, const expr& y) {
    recorder* r = common(x.recorder_, y.recorder_);
    if (x.is_constant() && y.is_constant()) return {r, x.constant_ + y.constant_};
    return r->record(opcode::add, x, y);
}
expr operator-(const expr& x, const expr& y) {
    recorder* r = common(x.recorder_, y.recorder_);
    if (x.is_constant() && y.is_constant()) return {r, x.constant_ - y.constant_};
    return r->record(opcode::sub, x, y);
}
expr operator*(const expr& x, const expr& y) {
    recorder* r = common(x.recorder_, y.recorder_);
    if (x.is_constant() && y.is_constant()) return {r, x.constant_ * y.constant_};
    return r->record(opcode::mul, x, y);
}
expr operator/(const expr& x, const expr& y) {
    if (known_zero(y)) throw std::domain_error("expr: division by the constant 0");
    recorder* r = common(x.recorder_, y.recorder_);
    if (x.is_constant() && y.is_constant()) return {r, x.constant_ / y.constant_};
    return r->record(opcode::div, x, y);
}
expr operator-(const expr& x) {
    if (x.is_constant()) return {x.recorder_, -x.constant_};
    return x.recorder_->record(opcode::neg, x, expr());
}

expr power(const expr& x, std::int64_t n) {
    if (n < std::numeric_limits<std::int32_t>::min() ||
        n > std::numeric_limits<std::int32_t>::max())
        throw std::invalid_argument("power: exponents have 32 bits, got " + std::to_string(n));
    if (x.is_constant()) return {x.recorder_, power(x.constant_, n)};
    return x.recorder_->record(opcode::power, x, expr(), static_cast<std::int32_t>(n));
}

namespace {
expr elementary_function(opcode op, const expr& x) {
    if (x.is_constant()) {
        if (const auto value = exact_value(op, x.constant_value())) return x.adopt(*value);
        if (x.home() == nullptr)
            throw std::domain_error("expr: " + std::string(name(op)) + "(" +
                                    x.constant_value().str() +
                                    ") of a literal has no recorder to be written in; use "
                                    "recorder::constant or adopt");
    }
    return x.home()->record(op, x, expr());
}
} // namespace
expr sqrt(const expr& x) { return elementary_function(opcode::sqrt, x); }
expr exp(const expr& x) { return elementary_function(opcode::exp, x); }
expr log(const expr& x) { return elementary_function(opcode::log, x); }
expr sin(const expr& x) { return elementary_function(opcode::sin, x); }
expr cos(const expr& x) { return elementary_function(opcode::cos, x); }

expr embed<expr>::pi() const {
    if (into == nullptr) throw std::domain_error("embed<expr>: pi needs a recorder");
    return into->pi();
}

namespace {

std::vector<expr> declare(recorder& r, const tape& t) {
    std::vector<expr> inputs;
    for (const auto& v : t.variables())
        inputs.push_back(r.variable(v));
    return inputs;
}

} // namespace

tape derivative(const tape& t, std::size_t variable) {
    if (variable >= t.variables().size())
        throw std::invalid_argument("derivative: the tape has " +
                                    std::to_string(t.variables().size()) +
                                    " variables, asked for number " + std::to_string(variable));
    recorder r;
    const auto inputs = declare(r, t);
    std::vector<dual<expr>> seeded;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        seeded.push_back({inputs[i], expr(i == variable ? 1 : 0)});
    std::vector<expr> outputs;
    for (const auto& y : evaluate(t, seeded, embed<dual<expr>>{{&r}}))
        outputs.push_back(y.slope);
    return r.finish(outputs, t.rows(), t.cols());
}

tape gradient(const tape& t, std::size_t output) {
    if (output >= t.outputs().size())
        throw std::invalid_argument("gradient: the tape has " + std::to_string(t.outputs().size()) +
                                    " outputs, asked for number " + std::to_string(output));
    recorder r;
    const auto inputs = declare(r, t);
    const auto value = evaluate_nodes<expr>(t, inputs, embed<expr>{&r});
    std::vector<expr> adjoint(t.nodes().size());
    std::vector<expr> result(t.variables().size());
    adjoint[static_cast<std::size_t>(t.outputs()[output])] = expr(1);
    for (std::size_t i = t.nodes().size(); i-- > 0;) {
        const node& n = t.nodes()[i];
        const expr& w = adjoint[i];
        if (w.is_constant() && w.constant_value().is_zero()) continue;
        const auto a = static_cast<std::size_t>(n.a), b = static_cast<std::size_t>(n.b);
        switch (n.op) {
        case opcode::constant:
        case opcode::pi:
            break;
        case opcode::variable:
            result[a] += w;
            break;
        case opcode::neg:
            adjoint[a] -= w;
            break;
        case opcode::add:
            adjoint[a] += w;
            adjoint[b] += w;
            break;
        case opcode::sub:
            adjoint[a] += w;
            adjoint[b] -= w;
            break;
        case opcode::mul: {
            const expr left = w * value[b], right = w * value[a];
            adjoint[a] += left;
            adjoint[b] += right;
            break;
        }
        case opcode::div: {
            const expr left = w / value[b];
            adjoint[a] += left;
            adjoint[b] -= left * value[i];
            break;
        }
        case opcode::power:
            if (n.b != 0)
                adjoint[a] += w * (rational(n.b) * power(value[a], std::int64_t{n.b} - 1));
            break;
        case opcode::sqrt:
            adjoint[a] += w / (2 * value[i]);
            break;
        case opcode::exp:
            adjoint[a] += w * value[i];
            break;
        case opcode::log:
            adjoint[a] += w / value[a];
            break;
        case opcode::sin:
            adjoint[a] += w * cos(value[a]);
            break;
        case opcode::cos:
            adjoint[a] -= w * sin(value[a]);
            break;
        }
    }
    return r.finish(result);
}

tape substitute(const tape& t, const std::vector<std::pair<std::string, rational>>& values) {
    std::vector<const rational*> fixed(t.variables().size(), nullptr);
    for (const auto& [variable, value] : values)
        fixed[t.index_of(variable)] = &value;
    recorder r;
    std::vector<expr> inputs;
    for (std::size_t i = 0; i < fixed.size(); ++i)
        inputs.push_back(fixed[i] != nullptr ? r.constant(*fixed[i])
                                             : r.variable(t.variables()[i]));
    return r.finish(evaluate(t, inputs, embed<expr>{&r}), t.rows(), t.cols());
}

} // namespace flowproof
