#include "numerics/scalar/tape.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <set>
#include <sstream>
#include <stdexcept>
#include <tuple>

namespace flowproof {

namespace {

constexpr std::array<std::string_view, 14> opcode_names{"const", "pi",  "var", "neg",   "add",
                                                        "sub",   "mul", "div", "power", "sqrt",
                                                        "exp",   "log", "sin", "cos"};

int operands(opcode op) {
    switch (op) {
    case opcode::constant:
    case opcode::pi:
    case opcode::variable:
        return 0;
    case opcode::add:
    case opcode::sub:
    case opcode::mul:
    case opcode::div:
        return 2;
    default:
        return 1;
    }
}

[[noreturn]] void malformed(std::size_t line, const std::string& rule) {
    throw std::invalid_argument("tape::parse: line " + std::to_string(line) + ": " + rule);
}

/// "%12" -> 12, below the limit.
std::int32_t reference(const std::string& word, std::size_t limit, std::size_t line) {
    std::int64_t value = -1;
    const char* end = word.data() + word.size();
    if (word.size() < 2 || word[0] != '%' ||
        std::from_chars(word.data() + 1, end, value).ptr != end || value < 0 ||
        static_cast<std::size_t>(value) >= limit)
        malformed(line, "expected a reference to an earlier node (%0 to %" + std::to_string(limit) +
                            ", exclusive), got \"" + word + "\"");
    return static_cast<std::int32_t>(value);
}

std::int64_t integer(const std::string& word, std::int64_t low, std::int64_t high,
                     std::size_t line) {
    std::int64_t value = 0;
    const char* end = word.data() + word.size();
    const auto [last, error] = std::from_chars(word.data(), end, value);
    if (error != std::errc{} || last != end || value < low || value > high)
        malformed(line, "expected an integer in [" + std::to_string(low) + ", " +
                            std::to_string(high) + "], got \"" + word + "\"");
    return value;
}

} // namespace

std::string_view name(opcode op) { return opcode_names[static_cast<std::size_t>(op)]; }

std::optional<rational> exact_value(opcode op, const rational& q) {
    rational root;
    switch (op) {
    case opcode::sqrt:
        return q.square_root(root) ? std::optional(root) : std::nullopt;
    case opcode::exp:
    case opcode::cos:
        return q.is_zero() ? std::optional(rational(1)) : std::nullopt;
    case opcode::sin:
        return q.is_zero() ? std::optional(rational(0)) : std::nullopt;
    case opcode::log:
        return q == rational(1) ? std::optional(rational(0)) : std::nullopt;
    default:
        return std::nullopt;
    }
}

bool is_variable_name(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    std::size_t i = 0;
    if (name.empty() || !letter(name[0])) return false;
    while (i < name.size() && (letter(name[i]) || digit(name[i]) || name[i] == '_'))
        ++i;
    if (i == name.size()) return true;
    if (name[i] != '[' || name.back() != ']') return false;
    int commas = 0;
    bool after_digit = false;
    for (++i; i + 1 < name.size(); ++i) {
        if (name[i] == ',') {
            if (!after_digit || ++commas > 1) return false;
            after_digit = false;
        } else if (digit(name[i])) {
            after_digit = true;
        } else {
            return false;
        }
    }
    return after_digit;
}

tape::tape() : data_(std::make_shared<const content>()) {}

std::size_t tape::index_of(std::string_view variable) const {
    const auto& names = variables();
    const auto it = std::find(names.begin(), names.end(), variable);
    if (it == names.end()) {
        std::string list;
        for (const auto& n : names)
            list += (list.empty() ? "" : " ") + n;
        throw std::invalid_argument("tape: no variable \"" + std::string(variable) +
                                    "\" among: " + list);
    }
    return static_cast<std::size_t>(it - names.begin());
}

bool tape::has_variable(std::string_view variable) const {
    return std::find(variables().begin(), variables().end(), variable) != variables().end();
}

bool tape::is_polynomial() const {
    return std::all_of(nodes().begin(), nodes().end(), [](const node& n) {
        return n.op == opcode::constant || n.op == opcode::variable || n.op == opcode::neg ||
               n.op == opcode::add || n.op == opcode::sub || n.op == opcode::mul ||
               (n.op == opcode::power && n.b >= 0);
    });
}

bool tape::is_rational() const {
    return std::all_of(nodes().begin(), nodes().end(),
                       [](const node& n) { return n.op != opcode::pi && n.op < opcode::sqrt; });
}

std::string tape::text() const {
    std::string out = "flowproof-tape 1\nin";
    for (const auto& v : variables())
        out += " " + v;
    out += "\n";
    for (std::size_t i = 0; i < nodes().size(); ++i) {
        const node& n = nodes()[i];
        out += "%" + std::to_string(i) + " " + std::string(name(n.op));
        if (n.op == opcode::constant) {
            out += " " + constants()[static_cast<std::size_t>(n.a)].str();
        } else if (n.op == opcode::variable) {
            out += " " + variables()[static_cast<std::size_t>(n.a)];
        } else {
            if (operands(n.op) >= 1) out += " %" + std::to_string(n.a);
            if (operands(n.op) == 2) out += " %" + std::to_string(n.b);
            if (n.op == opcode::power) out += " " + std::to_string(n.b);
        }
        out += "\n";
    }
    out += "out " + std::to_string(rows()) + " " + std::to_string(cols());
    for (const auto o : outputs())
        out += " %" + std::to_string(o);
    return out + "\n";
}

tape tape::parse(std::string_view text) {
    content result;
    std::istringstream in{std::string(text)};
    std::string raw;
    std::size_t line = 0;
    const auto words_of = [&]() {
        ++line;
        if (!std::getline(in, raw)) malformed(line, "unexpected end of text");
        std::vector<std::string> words;
        std::istringstream stream(raw);
        for (std::string w; stream >> w;)
            words.push_back(w);
        return words;
    };
    if (words_of() != std::vector<std::string>{"flowproof-tape", "1"})
        malformed(line, "expected \"flowproof-tape 1\", got \"" + raw + "\"");
    auto words = words_of();
    if (words.empty() || words[0] != "in") malformed(line, "expected \"in\" and the variables");
    result.variables.assign(words.begin() + 1, words.end());
    for (const auto& v : result.variables)
        if (!is_variable_name(v)) malformed(line, "\"" + v + "\" is not a variable name");
    for (std::size_t i = 0; i < result.variables.size(); ++i)
        if (std::find(
                result.variables.begin(), result.variables.begin() + static_cast<std::ptrdiff_t>(i),
                result.variables[i]) != result.variables.begin() + static_cast<std::ptrdiff_t>(i))
            malformed(line, "variable " + result.variables[i] + " twice");
    std::set<std::tuple<opcode, std::int32_t, std::int32_t>> seen;
    std::set<rational> distinct;
    for (words = words_of(); !words.empty() && words[0] != "out"; words = words_of()) {
        const std::size_t next = result.nodes.size();
        if (words[0] != "%" + std::to_string(next))
            malformed(line,
                      "expected node %" + std::to_string(next) + ", got \"" + words[0] + "\"");
        if (words.size() < 2) malformed(line, "a node needs an operation");
        const auto it = std::find(opcode_names.begin(), opcode_names.end(), words[1]);
        if (it == opcode_names.end()) malformed(line, "unknown operation \"" + words[1] + "\"");
        node n{static_cast<opcode>(it - opcode_names.begin())};
        const std::size_t arguments = n.op == opcode::power ? 2
                                      : n.op == opcode::constant || n.op == opcode::variable
                                          ? 1
                                          : static_cast<std::size_t>(operands(n.op));
        if (words.size() != 2 + arguments)
            malformed(line, std::string(words[1]) + " takes " + std::to_string(arguments) +
                                " operands, got " + std::to_string(words.size() - 2));
        if (n.op == opcode::constant) {
            n.a = static_cast<std::int32_t>(result.constants.size());
            result.constants.push_back(rational::parse(words[2]));
        } else if (n.op == opcode::variable) {
            const auto v = std::find(result.variables.begin(), result.variables.end(), words[2]);
            if (v == result.variables.end())
                malformed(line, "unknown variable \"" + words[2] + "\"");
            n.a = static_cast<std::int32_t>(v - result.variables.begin());
        } else {
            if (operands(n.op) >= 1) n.a = reference(words[2], next, line);
            if (operands(n.op) == 2) n.b = reference(words[3], next, line);
            if (n.op == opcode::power)
                n.b = static_cast<std::int32_t>(
                    integer(words[3], std::numeric_limits<std::int32_t>::min(),
                            std::numeric_limits<std::int32_t>::max(), line));
        }
        const bool fresh = n.op == opcode::constant
                               ? distinct.insert(result.constants.back()).second
                               : seen.emplace(n.op, n.a, n.b).second;
        if (!fresh) malformed(line, "repeats an earlier node; equal subexpressions are one node");
        result.nodes.push_back(n);
    }
    if (words.size() < 3) malformed(line, "expected \"out rows cols\" and the outputs");
    result.rows = static_cast<std::size_t>(integer(words[1], 0, 1 << 20, line));
    result.cols = static_cast<std::size_t>(integer(words[2], 0, 1 << 20, line));
    for (std::size_t i = 3; i < words.size(); ++i)
        result.outputs.push_back(reference(words[i], result.nodes.size(), line));
    if (result.outputs.size() != result.rows * result.cols)
        malformed(line, "a " + words[1] + " x " + words[2] + " output needs " +
                            std::to_string(result.rows * result.cols) + " nodes, got " +
                            std::to_string(result.outputs.size()));
    std::vector<char> used(result.nodes.size(), 0);
    for (const auto o : result.outputs)
        used[static_cast<std::size_t>(o)] = 1;
    for (const node& n : result.nodes) {
        if (operands(n.op) >= 1) used[static_cast<std::size_t>(n.a)] = 1;
        if (operands(n.op) == 2) used[static_cast<std::size_t>(n.b)] = 1;
    }
    if (const auto idle = std::find(used.begin(), used.end(), 0); idle != used.end())
        malformed(line, "node %" + std::to_string(idle - used.begin()) + " is not used");
    if (std::getline(in, raw) && !raw.empty()) malformed(line + 1, "text after the outputs");
    return tape(std::make_shared<const content>(std::move(result)));
}

std::string latex_name(std::string_view variable) {
    static constexpr std::array<std::string_view, 23> greek{
        "alpha", "beta",  "gamma",  "delta", "epsilon", "zeta",  "eta",    "theta",
        "iota",  "kappa", "lambda", "mu",    "nu",      "omega", "xi",     "pi",
        "rho",   "sigma", "tau",    "phi",   "chi",     "psi",   "upsilon"};
    std::string index;
    if (const auto bracket = variable.find('['); bracket != std::string_view::npos) {
        for (const char c : variable.substr(bracket))
            if (c != '[' && c != ']') index += c;
        if (index.size() == 3 && index[1] == ',') index.erase(1, 1); // V[1,2]: both have one digit
        variable = variable.substr(0, bracket);
    }
    std::string head;
    for (const auto g : greek)
        if (variable.substr(0, g.size()) == g && g.size() > head.size()) head = g;
    std::string rest;
    if (!head.empty()) {
        rest = variable.substr(head.size());
        head = "\\" + head;
    } else if (!variable.empty()) {
        head = variable.substr(0, 1);
        rest = variable.substr(1);
    }
    while (!rest.empty() && rest.front() == '_')
        rest.erase(0, 1);
    for (std::size_t i = rest.find('_'); i != std::string::npos; i = rest.find('_', i + 2))
        rest.insert(i, "\\");
    if (!rest.empty() && !index.empty()) rest += ",";
    rest += index;
    if (rest.empty()) return head;
    return head + (rest.size() == 1 ? "_" + rest : "_{" + rest + "}");
}

namespace {

/// Binding strength of a printed piece: sum < product < power < atom.
enum class level { sum, product, power, atom };
struct piece {
    std::string text;
    level binds = level::atom;
    bool negative = false; ///< starts with a minus sign
};

std::string wrapped(const piece& p, level least) {
    return p.binds < least || (p.negative && least > level::sum) ? "\\left(" + p.text + "\\right)"
                                                                 : p.text;
}

piece printed(const rational& q) {
    const rational size = abs(q);
    std::string text = size.is_integer() ? size.str()
                                         : "\\frac{" + size.numerator().str() + "}{" +
                                               size.denominator().str() + "}";
    if (q.sign() < 0) return {"-" + text, level::product, true};
    return {text, size.is_integer() ? level::atom : level::product, false};
}

} // namespace

std::string latex(const tape& t, std::size_t output) {
    if (t.nodes().size() > 4000)
        throw std::length_error("latex: the tape has " + std::to_string(t.nodes().size()) +
                                " nodes, at most 4000 print; give the claim a formula of its own");
    if (output >= t.outputs().size())
        throw std::invalid_argument("latex: the tape has " + std::to_string(t.outputs().size()) +
                                    " outputs, asked for number " + std::to_string(output));
    std::vector<piece> value;
    const auto at = [&](std::int32_t i) -> const piece& {
        return value[static_cast<std::size_t>(i)];
    };
    const auto function = [&](const char* f, const node& n) {
        value.push_back(
            {std::string(f) + "\\left(" + at(n.a).text + "\\right)", level::power, false});
    };
    for (const node& n : t.nodes()) {
        switch (n.op) {
        case opcode::constant:
            value.push_back(printed(t.constants()[static_cast<std::size_t>(n.a)]));
            break;
        case opcode::pi:
            value.push_back({"\\pi", level::atom, false});
            break;
        case opcode::variable:
            value.push_back(
                {latex_name(t.variables()[static_cast<std::size_t>(n.a)]), level::atom, false});
            break;
        case opcode::neg:
            value.push_back({"-" + wrapped(at(n.a), level::product), level::product, true});
            break;
        case opcode::add:
            value.push_back({at(n.a).text + (at(n.b).negative ? " - " + at(n.b).text.substr(1)
                                                              : " + " + at(n.b).text),
                             level::sum, at(n.a).negative});
            break;
        case opcode::sub:
            value.push_back({at(n.a).text + " - " + wrapped(at(n.b), level::product), level::sum,
                             at(n.a).negative});
            break;
        case opcode::mul: {
            std::string left = wrapped(at(n.a), level::product),
                        right = wrapped(at(n.b), level::product);
            if (at(n.a).negative) left = at(n.a).binds == level::sum ? left : at(n.a).text;
            // "2 3" would read as 23 and "2 \frac{1}{2}" as two and a half.
            const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
            const bool digit =
                is_digit(right.front()) ||
                (is_digit(left.back()) && right.rfind("\\frac{", 0) == 0 && is_digit(right[6]));
            value.push_back({left + (digit ? " \\cdot " : " ") + right, level::product,
                             at(n.a).negative && at(n.a).binds != level::sum});
            break;
        }
        case opcode::div:
            value.push_back(
                {"\\frac{" + at(n.a).text + "}{" + at(n.b).text + "}", level::product, false});
            break;
        case opcode::power:
            value.push_back({wrapped(at(n.a), level::atom) + "^{" + std::to_string(n.b) + "}",
                             level::power, false});
            break;
        case opcode::sqrt:
            value.push_back({"\\sqrt{" + at(n.a).text + "}", level::atom, false});
            break;
        case opcode::exp:
            value.push_back({"e^{" + at(n.a).text + "}", level::power, false});
            break;
        case opcode::log:
            function("\\ln", n);
            break;
        case opcode::sin:
            function("\\sin", n);
            break;
        case opcode::cos:
            function("\\cos", n);
            break;
        }
        if (value.back().text.size() > 100000)
            throw std::length_error("latex: the formula has more than 100000 characters; give the "
                                    "claim a formula of its own");
    }
    return at(t.outputs()[output]).text;
}

} // namespace flowproof
