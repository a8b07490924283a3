#include "verify/check/program.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "verify/check/document.hpp"

namespace flowproof::check {

namespace {

using code = program::code;

constexpr std::array<std::string_view, 14> names{"const", "pi",  "var", "neg",   "add",
                                                 "sub",   "mul", "div", "power", "sqrt",
                                                 "exp",   "log", "sin", "cos"};
constexpr std::size_t most_steps = 100'000, most_variables = 1000;
constexpr std::int64_t most_exponent = 1 << 20;

std::int64_t integer(std::string_view word, std::int64_t low, std::int64_t high, std::size_t at) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size() || value < low || value > high)
        unreadable(at, "expected an integer from " + std::to_string(low) + " to " +
                           std::to_string(high) + ", got \"" + std::string(word.substr(0, 60)) +
                           "\"");
    return value;
}

std::size_t reference(std::string_view word, std::size_t limit, std::size_t at) {
    if (word.empty() || word.front() != '%' || limit == 0)
        unreadable(at, "expected a reference to an earlier node, got \"" +
                           std::string(word.substr(0, 60)) + "\"");
    return static_cast<std::size_t>(
        integer(word.substr(1), 0, static_cast<std::int64_t>(limit) - 1, at));
}

} // namespace

program read_program(std::span<const line> lines, meter& work) {
    if (lines.size() < 3)
        unreadable(lines.empty() ? 0 : lines[0].number, "a tape has three lines at least");
    program p;
    p.line = lines[0].number;
    if (lines[0].words != std::vector<std::string_view>{"flowproof-tape", "1"})
        unreadable(p.line, "expected \"flowproof-tape 1\"");
    if (lines[1].words[0] != "in") unreadable(lines[1].number, "expected \"in\" and the variables");
    p.variables.assign(lines[1].words.begin() + 1, lines[1].words.end());
    std::map<std::string_view, std::size_t> variable;
    for (std::size_t i = 0; i < p.variables.size(); ++i)
        if (!variable.emplace(lines[1].words[i + 1], i).second)
            unreadable(lines[1].number, "variable " + p.variables[i] + " twice");
    if (p.variables.size() > most_variables || lines.size() > most_steps)
        unreadable(p.line, "at most 1000 variables and 100000 nodes are checked");
    for (const line& l : lines.subspan(2, lines.size() - 3)) {
        const std::size_t at = l.number, next = p.steps.size();
        if (l.words.size() < 2 || l.words[0] != "%" + std::to_string(next))
            unreadable(at, "expected node %" + std::to_string(next));
        const auto it = std::find(names.begin(), names.end(), l.words[1]);
        if (it == names.end()) unreadable(at, "unknown operation");
        program::step s{static_cast<code>(it - names.begin())};
        const bool two = s.op == code::add || s.op == code::sub || s.op == code::mul ||
                         s.op == code::div || s.op == code::power;
        if (l.words.size() != (s.op == code::pi ? 2U : two ? 4U : 3U))
            unreadable(at, "wrong number of operands");
        if (s.op == code::constant) {
            std::size_t bits = 0;
            s.value = exact_number(l.words[2], at, bits);
            work.spend(bits);
        } else if (s.op == code::variable) {
            const auto v = variable.find(l.words[2]);
            if (v == variable.end()) unreadable(at, "unknown variable");
            s.a = v->second;
        } else if (s.op != code::pi) {
            s.a = reference(l.words[2], next, at);
            if (s.op == code::power)
                s.exponent = integer(l.words[3], -most_exponent, most_exponent, at);
            else if (two)
                s.b = reference(l.words[3], next, at);
        }
        p.weight += s.op >= code::power ? 64 : 4;
        p.steps.push_back(std::move(s));
    }
    const line& out = lines.back();
    if (out.words.size() < 3 || out.words[0] != "out")
        unreadable(out.number, "expected \"out ROWS COLS\" and the outputs");
    const auto rows = integer(out.words[1], 0, 1 << 16, out.number),
               cols = integer(out.words[2], 0, 1 << 16, out.number);
    if (static_cast<std::size_t>(rows * cols) != out.words.size() - 3)
        unreadable(out.number, "the number of outputs is not ROWS times COLS");
    for (std::size_t i = 3; i < out.words.size(); ++i)
        p.outputs.push_back(reference(out.words[i], p.steps.size(), out.number));
    return p;
}

program without_powers(const program& p) {
    program q{p.variables, {}, {}, p.line, 0};
    std::vector<std::size_t> at; // of each old step
    const auto push = [&q](program::step s) {
        q.steps.push_back(std::move(s));
        return q.steps.size() - 1;
    };
    const auto constant = [&push](int n) { return push({code::constant, 0, 0, 0, rational(n)}); };
    for (program::step s : p.steps) {
        if (s.op != code::constant && s.op != code::variable && s.op != code::pi) s.a = at[s.a];
        if (s.op == code::add || s.op == code::sub || s.op == code::mul || s.op == code::div)
            s.b = at[s.b];
        if (s.op != code::power) {
            at.push_back(push(std::move(s)));
            continue;
        }
        const auto n = static_cast<std::uint64_t>(std::abs(s.exponent));
        std::size_t square = s.a, product = 0;
        bool any = false;
        for (std::uint64_t rest = n; rest != 0; rest >>= 1) {
            if (rest & 1) {
                product = any ? push({code::mul, product, square}) : square;
                any = true;
            }
            if (rest > 1) square = push({code::mul, square, square});
        }
        if (n == 0) product = push({code::add, push({code::mul, s.a, constant(0)}), constant(1)});
        if (s.exponent < 0) product = push({code::div, constant(1), product});
        at.push_back(product);
    }
    for (const std::size_t o : p.outputs)
        q.outputs.push_back(at[o]);
    return q;
}

std::vector<std::size_t> places(const program& p, std::span<const std::string> names_) {
    std::vector<std::size_t> found;
    for (const std::string& v : p.variables) {
        const auto it = std::find(names_.begin(), names_.end(), v);
        if (it == names_.end())
            unreadable(p.line, "the tape's variable " + v + " has no value or side");
        found.push_back(static_cast<std::size_t>(it - names_.begin()));
    }
    return found;
}

} // namespace flowproof::check
