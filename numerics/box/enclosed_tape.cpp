#include "numerics/box/enclosed_tape.hpp"

#include "numerics/interval/elementary.hpp"
#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"

namespace flowproof {

namespace {

template <class T> bool contains_zero(const T& x) { return x.lower() <= 0 && x.upper() >= 0; }

template <class T> T circle_constant();
template <> rational_interval circle_constant() { return rational_interval::pi(); }
template <> interval<double> circle_constant() {
    const rational_interval pi = rational_interval::pi();
    return interval<double>::hull(pi.lower(), pi.upper());
}

template <class T> T apply(opcode op, std::int32_t exponent, const T& x, const T& y) {
    switch (op) {
    case opcode::neg:
        return -x;
    case opcode::add:
        return x + y;
    case opcode::sub:
        return x - y;
    case opcode::mul:
        return &x == &y ? square(x) : x * y;
    case opcode::div:
        return contains_zero(y) ? T::empty() : x / y;
    case opcode::power:
        if (exponent == 2) return square(x);
        return exponent < 0 && contains_zero(x) ? T::empty() : power(x, std::int64_t{exponent});
    case opcode::sqrt:
        return x.lower() >= 0 ? sqrt(x) : T::empty();
    case opcode::exp:
        return exp(x);
    case opcode::log:
        return x.lower() > 0 ? log(x) : T::empty();
    case opcode::sin:
        return sin(x);
    case opcode::cos:
        return cos(x);
    default: // constant, pi and variable have values of their own
        return T::empty();
    }
}

bool is_binary(opcode op) {
    return op == opcode::add || op == opcode::sub || op == opcode::mul || op == opcode::div;
}

} // namespace

template <class T> enclosed_tape<T>::enclosed_tape(const tape& t) {
    std::vector<char> constant;
    for (const node& n : t.nodes()) {
        const auto a = static_cast<std::uint32_t>(n.a);
        const auto b = is_binary(n.op) ? static_cast<std::uint32_t>(n.b) : a;
        const auto out = static_cast<std::uint32_t>(start_.size());
        const std::int32_t exponent = n.op == opcode::power ? n.b : 0;
        if (n.op == opcode::constant) {
            start_.emplace_back(t.constants()[a]);
            constant.push_back(true);
        } else if (n.op == opcode::pi) {
            start_.push_back(circle_constant<T>());
            constant.push_back(true);
        } else if (n.op != opcode::variable && constant[a] && constant[b]) {
            start_.push_back(apply(n.op, exponent, start_[a], start_[b]));
            constant.push_back(true);
        } else {
            start_.emplace_back();
            constant.push_back(false);
            program_.push_back({n.op, exponent, out, a, b});
        }
    }
    for (const std::int32_t o : t.outputs())
        outputs_.push_back(static_cast<std::uint32_t>(o));
}

template <class T>
void enclosed_tape<T>::evaluate(std::span<const T> box, std::vector<T>& work) const {
    for (const instruction& i : program_)
        work[i.out] =
            i.op == opcode::variable ? box[i.a] : apply(i.op, i.exponent, work[i.a], work[i.b]);
}

template class enclosed_tape<interval<double>>;
template class enclosed_tape<rational_interval>;

tape with_derivatives(const tape& t) {
    recorder r;
    std::vector<expr> variables;
    for (const std::string& name : t.variables())
        variables.push_back(r.variable(name));
    const embed<expr> constants{&r};
    std::vector<expr> outputs = evaluate(t, variables, constants);
    const std::size_t values = outputs.size();
    for (std::size_t k = 0; k < values; ++k)
        for (const expr& d : evaluate(gradient(t, k), variables, constants))
            outputs.push_back(d);
    return r.finish(outputs);
}

tape one_output(const tape& t, std::size_t output) {
    recorder r;
    std::vector<expr> variables;
    for (const std::string& name : t.variables())
        variables.push_back(r.variable(name));
    const std::vector<expr> all = evaluate(t, variables, embed<expr>{&r});
    return r.finish(std::vector<expr>{all.at(output)});
}

} // namespace flowproof
