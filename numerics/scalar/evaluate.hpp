#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "numerics/scalar/concept.hpp"
#include "numerics/scalar/tape.hpp"

namespace flowproof {

namespace detail {

template <class T> T apply_elementary(opcode op, const T& x) {
    if constexpr (std::same_as<T, rational>) {
        if (const auto value = exact_value(op, x)) return *value;
        throw std::domain_error("evaluate: " + std::string(name(op)) + "(" + x.str() +
                                ") is not known to be rational; evaluate in balls instead");
    } else if constexpr (has_elementary<T>) {
        using std::cos, std::exp, std::log, std::sin, std::sqrt;
        switch (op) {
        case opcode::sqrt:
            return sqrt(x);
        case opcode::exp:
            return exp(x);
        case opcode::log:
            return log(x);
        case opcode::sin:
            return sin(x);
        default:
            return cos(x);
        }
    } else {
        throw std::domain_error("evaluate: " + std::string(name(op)) +
                                " is not available in this arithmetic; evaluate in balls instead");
    }
}

template <ring T> T quotient(const T& x, const T& y) {
    if constexpr (field<T>) {
        return T(x / y);
    } else {
        throw std::domain_error("evaluate: a quotient in a ring without division");
    }
}

template <class T> T apply_pi(const embed<T>& constants) {
    if constexpr (requires { constants.pi(); }) {
        return constants.pi();
    } else {
        throw std::domain_error(
            "evaluate: pi is not available in this arithmetic; evaluate in balls instead");
    }
}

} // namespace detail

/// Every node's value, in order: interpretation of the tape in the arithmetic T.
/// @param inputs     one value per variable of the tape.
/// @param constants  how T sees exact constants: precision, variables, order.
/// @throws std::invalid_argument for a wrong number of inputs; std::domain_error where T has no
///         such operation (a quotient in a ring, exp of a rational other than 0) or a field refuses
///         (division by an exact 0).
template <ring T>
std::vector<T> evaluate_nodes(const tape& t, std::span<const T> inputs, const embed<T>& constants) {
    if (inputs.size() != t.variables().size())
        throw std::invalid_argument("evaluate: the tape has " +
                                    std::to_string(t.variables().size()) + " variables, got " +
                                    std::to_string(inputs.size()) + " values");
    std::vector<T> table;
    table.reserve(t.constants().size());
    for (const rational& q : t.constants())
        table.push_back(constants(q));
    std::vector<T> value;
    value.reserve(t.nodes().size());
    const auto at = [&](std::int32_t i) -> const T& { return value[static_cast<std::size_t>(i)]; };
    for (const node& n : t.nodes()) {
        switch (n.op) {
        case opcode::constant:
            value.push_back(table[static_cast<std::size_t>(n.a)]);
            break;
        case opcode::pi:
            value.push_back(detail::apply_pi(constants));
            break;
        case opcode::variable:
            value.push_back(inputs[static_cast<std::size_t>(n.a)]);
            break;
        case opcode::neg:
            value.push_back(T(-at(n.a)));
            break;
        case opcode::add:
            value.push_back(T(at(n.a) + at(n.b)));
            break;
        case opcode::sub:
            value.push_back(T(at(n.a) - at(n.b)));
            break;
        case opcode::mul:
            value.push_back(T(at(n.a) * at(n.b)));
            break;
        case opcode::div:
            value.push_back(detail::quotient(at(n.a), at(n.b)));
            break;
        case opcode::power:
            value.push_back(power(at(n.a), static_cast<std::int64_t>(n.b)));
            break;
        default:
            value.push_back(detail::apply_elementary(n.op, at(n.a)));
            break;
        }
    }
    return value;
}

/// The outputs, row by row.
template <ring T>
std::vector<T> evaluate(const tape& t, std::span<const T> inputs, const embed<T>& constants = {}) {
    const std::vector<T> value = evaluate_nodes(t, inputs, constants);
    std::vector<T> result;
    result.reserve(t.outputs().size());
    for (const std::int32_t i : t.outputs())
        result.push_back(value[static_cast<std::size_t>(i)]);
    return result;
}

template <ring T>
std::vector<T> evaluate(const tape& t, const std::vector<T>& inputs,
                        const embed<T>& constants = {}) {
    return evaluate(t, std::span<const T>(inputs), constants);
}

} // namespace flowproof
