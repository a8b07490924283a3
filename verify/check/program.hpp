#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "numerics/scalar/rational.hpp"
#include "verify/check/meter.hpp"

namespace flowproof::check {

/// A line of the certificate: where it stands, its words.
struct line {
    std::size_t number;
    std::vector<std::string_view> words;
};

/// A formula as a list of operations on earlier results: the checker's own reading of a tape.
struct program {
    enum class code {
        constant,
        pi,
        variable,
        neg,
        add,
        sub,
        mul,
        div,
        power,
        sqrt,
        exp,
        log,
        sin,
        cos
    };
    struct step {
        code op;
        std::size_t a = 0, b = 0;  ///< operands; a is also the index of a variable
        std::int64_t exponent = 0; ///< of power
        rational value{};          ///< of constant
    };
    std::vector<std::string> variables;
    std::vector<step> steps;
    std::vector<std::size_t> outputs;
    std::size_t line = 0;     ///< of the certificate, where the tape begins
    std::uint64_t weight = 0; ///< operations, elementary functions counting 64
};

/// Reads "flowproof-tape 1", "in NAMES", one line a node, "out ROWS COLS NODES".
/// @throws refusal naming line and rule.
program read_program(std::span<const line> lines, meter& work);

/// The same program without powers: products by repeated squaring, 1 / x for negative exponents.
program without_powers(const program& p);

/// Where each variable of the program stands among the names. @throws refusal for one that is not.
std::vector<std::size_t> places(const program& p, std::span<const std::string> names);

/// All results of the program, step by step, in any arithmetic T with + - * / power and the
/// elementary functions. `make(q)` is the constant q, `make.pi()` the circle constant.
template <class T, class Make>
std::vector<T> run(const program& p, const std::vector<T>& in, const Make& make) {
    std::vector<T> x;
    x.reserve(p.steps.size());
    using c = program::code;
    for (const program::step& s : p.steps) {
        switch (s.op) {
        case c::constant:
            x.push_back(make(s.value));
            break;
        case c::pi:
            x.push_back(make.pi());
            break;
        case c::variable:
            x.push_back(in[s.a]);
            break;
        case c::neg:
            x.push_back(-x[s.a]);
            break;
        case c::add:
            x.push_back(x[s.a] + x[s.b]);
            break;
        case c::sub:
            x.push_back(x[s.a] - x[s.b]);
            break;
        case c::mul:
            x.push_back(s.a == s.b ? power(x[s.a], 2) : x[s.a] * x[s.b]);
            break;
        case c::div:
            x.push_back(x[s.a] / x[s.b]);
            break;
        case c::power: // x^0 is 1 where x is defined
            x.push_back(s.exponent == 0 ? x[s.a] * make(rational(0)) + make(rational(1))
                                        : power(x[s.a], s.exponent));
            break;
        case c::sqrt:
            x.push_back(sqrt(x[s.a]));
            break;
        case c::exp:
            x.push_back(exp(x[s.a]));
            break;
        case c::log:
            x.push_back(log(x[s.a]));
            break;
        case c::sin:
            x.push_back(sin(x[s.a]));
            break;
        case c::cos:
            x.push_back(cos(x[s.a]));
            break;
        }
    }
    return x;
}

} // namespace flowproof::check
