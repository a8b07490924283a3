#include "numerics/poly/normal_form.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "numerics/poly/polynomial.hpp"

namespace flowproof {

namespace {

struct exhausted {
    std::string reason;
};
struct nowhere_defined {
    std::string reason;
};
/// The ring has too few generators, or an exponential needs a finer unit: begin again.
struct begin_again {};

/// What is learnt on the way and kept when the work begins again.
struct plan {
    std::size_t slots = 0;                     ///< generators the ring has room for
    std::map<std::string, std::int64_t> units; ///< "m / D" -> M: the generator is exp(m / (M D))
    std::uint64_t work = 0;                    ///< done so far, over all beginnings
};

/// numerator / product of factor^exponent; factors by index, in increasing order.
struct fraction {
    polynomial numerator;
    std::vector<std::pair<std::size_t, std::int64_t>> below;
};

std::size_t size(const polynomial& p) { return p.terms() * (1 + p.coefficient_bits() / 64); }

std::int64_t whole_exponent(const rational& n) {
    if (abs(n) > rational(std::int64_t{1} << 40))
        throw exhausted{"exp(n u) with an integer n beyond 2^40"};
    return n.to_int64();
}

std::vector<std::string> names(const tape& t, std::size_t slots) {
    std::vector<std::string> result = t.variables();
    for (std::size_t i = 1; i <= slots; ++i)
        result.push_back("#" + std::to_string(i));
    return result;
}

std::string shortened(const polynomial& p) {
    constexpr std::size_t shown = 12, length = 400;
    std::string text = p.slice(0, std::min(shown, p.terms())).str();
    if (text.size() > length) text = text.substr(0, length) + "...";
    if (p.terms() > shown) text += " + ... (" + std::to_string(p.terms()) + " terms)";
    return text;
}

class workspace {
public:
    workspace(const tape& t, const normal_form_budget& budget, plan& known)
        : budget_(budget), known_(known), variables_(t.variables().size()),
          ring_(names(t, known.slots)),
          one_(ring_.variables().empty() ? polynomial(1) : power(ring_.variable(0), 0)) {}

    std::vector<fraction> outputs(const tape& t);
    fraction subtract(const fraction& x, const fraction& y) { return add(x, negative(y)); }

    std::string str(const fraction& x) const;
    std::uint64_t hash(const fraction& x) const;
    std::size_t generators() const { return meaning_.size(); }
    std::size_t peak() const { return peak_; }
    const std::string& meaning(std::size_t i) const { return meaning_[i]; }
    void keep(const fraction& x) { live_ += size(x.numerator); }
    void drop(const fraction& x) { live_ -= size(x.numerator); }

private:
    // Polynomials under the budget.
    void charge(double work);
    const polynomial& checked(const polynomial& p);
    polynomial sum(const polynomial& x, const polynomial& y);
    polynomial product(const polynomial& x, const polynomial& y);
    polynomial raw_product(const polynomial& x, const polynomial& y);
    polynomial to_the(const polynomial& x, std::int64_t n);
    polynomial reduced(polynomial p);
    bool divides(const polynomial& x, const polynomial& y, polynomial& quotient);

    // Fractions.
    fraction constant(const rational& q) const { return {q * one_, {}}; }
    fraction add(const fraction& x, const fraction& y);
    fraction multiply(const fraction& x, const fraction& y);
    fraction negative(const fraction& x) { return {-x.numerator, x.below}; }
    fraction reciprocal(const fraction& x);
    fraction raise(const fraction& x, std::int64_t n);
    polynomial denominator(const fraction& x);
    std::size_t factor_index(const polynomial& monic);
    bool is_zero(const fraction& x) const { return x.numerator.is_zero(); }

    // Atoms.
    polynomial new_generator(std::string meaning);
    fraction pi();
    fraction square_root(const fraction& u);
    fraction exponential(const fraction& u);
    fraction exponential_of_term(const rational& c, polynomial m, polynomial d);
    fraction logarithm(const fraction& u);
    std::pair<fraction, fraction> sine_cosine(const fraction& u);
    fraction apply(const node& n, const std::vector<std::optional<fraction>>& value, const tape& t);

    const normal_form_budget& budget_;
    plan& known_;
    std::size_t variables_;
    polynomial_ring ring_;
    polynomial one_;
    std::size_t live_ = 0, peak_ = 0;

    std::vector<polynomial> factors_; ///< leading coefficient 1
    std::vector<std::string> meaning_;
    std::vector<std::pair<std::size_t, polynomial>> squares_; ///< generator^2 = polynomial
    std::optional<polynomial> pi_;
    std::vector<std::pair<fraction, fraction>> roots_; ///< u, sqrt(u)
    struct exponential_atom {
        polynomial m, d, generator;
    };
    std::vector<exponential_atom> exponentials_;
    std::vector<std::pair<fraction, polynomial>> logarithms_;
    struct angle {
        fraction u;
        polynomial sine, cosine;
    };
    std::vector<angle> angles_;
};

void workspace::charge(double work) {
    if (budget_.stop != nullptr && budget_.stop->load(std::memory_order_relaxed))
        throw exhausted{"stopped"};
    const double left = static_cast<double>(budget_.work) - static_cast<double>(known_.work);
    if (work > left)
        throw exhausted{"more than " + std::to_string(budget_.work) +
                        " term products (normal_form_budget.work)"};
    known_.work += static_cast<std::uint64_t>(work);
}

const polynomial& workspace::checked(const polynomial& p) {
    const std::size_t now = live_ + size(p);
    peak_ = std::max(peak_, now);
    if (now > budget_.terms)
        throw exhausted{"more than " + std::to_string(budget_.terms) +
                        " terms at one time (normal_form_budget.terms)"};
    return p;
}

polynomial workspace::sum(const polynomial& x, const polynomial& y) {
    charge(static_cast<double>(size(x)) + static_cast<double>(size(y)));
    return checked(x + y);
}

/// In slices where the product might not fit before like terms have met.
polynomial workspace::raw_product(const polynomial& x, const polynomial& y) {
    const auto limit = static_cast<double>(budget_.terms);
    const double pairs = static_cast<double>(x.terms()) * static_cast<double>(y.terms());
    const auto may_overflow = [&] {
        double box = 1;
        for (std::size_t v = 0; v < ring_.variables().size(); ++v)
            box *= static_cast<double>(x.degree(v) + y.degree(v) + 1);
        return box > limit;
    };
    if (pairs <= limit || !may_overflow()) return checked(x * y);
    const polynomial& wide = x.terms() < y.terms() ? y : x;
    const polynomial& other = x.terms() < y.terms() ? x : y;
    const std::size_t half = wide.terms() / 2;
    return sum(raw_product(wide.slice(0, half), other),
               raw_product(wide.slice(half, wide.terms()), other));
}

polynomial workspace::product(const polynomial& x, const polynomial& y) {
    charge(static_cast<double>(size(x)) * static_cast<double>(size(y)));
    return reduced(raw_product(x, y));
}

polynomial workspace::to_the(const polynomial& x, std::int64_t n) {
    if (n == 0) return one_;
    polynomial result = x;
    for (int bit = 62 - __builtin_clzll(static_cast<unsigned long long>(n)); bit >= 0; --bit) {
        result = product(result, result);
        if ((n >> bit) & 1) result = product(result, x);
    }
    return result;
}

/// Replaces g^2 by what it is, the youngest generator first: its square knows only older ones.
polynomial workspace::reduced(polynomial p) {
    for (std::size_t i = squares_.size(); i-- > 0;) {
        const auto& [generator, square] = squares_[i];
        if (p.degree(generator) < 2) continue;
        const polynomial g = ring_.variable(generator);
        polynomial result, power_of_square = one_;
        std::int64_t reached = 0;
        auto parts = p.coefficients(generator);
        std::reverse(parts.begin(), parts.end());
        for (const auto& [exponent, coefficient] : parts) {
            for (; reached < exponent / 2; ++reached) {
                charge(static_cast<double>(size(power_of_square)) *
                       static_cast<double>(size(square)));
                power_of_square = raw_product(power_of_square, square);
            }
            charge(static_cast<double>(size(coefficient)) *
                   static_cast<double>(size(power_of_square)));
            polynomial part = raw_product(coefficient, power_of_square);
            if (exponent % 2 != 0) part = part * g;
            result = sum(result, part);
        }
        p = result;
    }
    return p;
}

/// May say no where y divides x, if the quotient could be far larger than x.
bool workspace::divides(const polynomial& x, const polynomial& y, polynomial& quotient) {
    double box = 1;
    for (std::size_t v = 0; v < ring_.variables().size(); ++v) {
        const std::int64_t above = x.degree(v), below = y.degree(v);
        if (below > above) return false;
        box *= static_cast<double>(above - below + 1);
    }
    if (box > 16 * static_cast<double>(budget_.terms) && x.total_degree() > 64) return false;
    charge(static_cast<double>(size(x)) * static_cast<double>(size(y)));
    polynomial result;
    if (!divide_exactly(x, y, result)) return false;
    quotient = checked(result);
    return true;
}

fraction workspace::add(const fraction& x, const fraction& y) {
    if (is_zero(x)) return y;
    if (is_zero(y)) return x;
    if (x.below == y.below && x.below.empty()) return {sum(x.numerator, y.numerator), {}};
    fraction result;
    polynomial left = x.numerator, right = y.numerator;
    std::vector<std::size_t> may_cancel; // only a factor met on both sides alike can divide the sum
    auto i = x.below.begin(), j = y.below.begin();
    while (i != x.below.end() || j != y.below.end()) {
        const bool take_x = j == y.below.end() || (i != x.below.end() && i->first <= j->first);
        const bool take_y = i == x.below.end() || (j != y.below.end() && j->first <= i->first);
        const std::size_t factor = take_x ? i->first : j->first;
        const std::int64_t a = take_x ? i->second : 0, b = take_y ? j->second : 0;
        if (a < b) left = product(left, to_the(factors_[factor], b - a));
        if (b < a) right = product(right, to_the(factors_[factor], a - b));
        if (a == b) may_cancel.push_back(factor);
        result.below.emplace_back(factor, std::max(a, b));
        if (take_x) ++i;
        if (take_y) ++j;
    }
    result.numerator = sum(left, right);
    if (is_zero(result)) return {result.numerator, {}};
    for (const std::size_t factor : may_cancel) {
        auto it = std::find_if(result.below.begin(), result.below.end(),
                               [&](const auto& f) { return f.first == factor; });
        while (it->second > 0 && divides(result.numerator, factors_[factor], result.numerator))
            --it->second;
        if (it->second == 0) result.below.erase(it);
    }
    return result;
}

fraction workspace::multiply(const fraction& x, const fraction& y) {
    if (is_zero(x) || is_zero(y)) return constant(0);
    polynomial a = x.numerator, b = y.numerator;
    std::map<std::size_t, std::int64_t> below;
    const auto cancel = [&](polynomial& numerator, const fraction& other) {
        for (auto [factor, exponent] : other.below) {
            while (exponent > 0 && divides(numerator, factors_[factor], numerator))
                --exponent;
            if (exponent > 0) below[factor] += exponent;
        }
    };
    cancel(a, y);
    cancel(b, x);
    return {product(a, b), {below.begin(), below.end()}};
}

std::size_t workspace::factor_index(const polynomial& monic) {
    const auto it = std::find(factors_.begin(), factors_.end(), monic);
    if (it != factors_.end()) return static_cast<std::size_t>(it - factors_.begin());
    factors_.push_back(monic);
    return factors_.size() - 1;
}

fraction workspace::reciprocal(const fraction& x) {
    if (is_zero(x)) throw nowhere_defined{"a division by something that is 0 everywhere"};
    fraction result{denominator(x), {}};
    polynomial rest = x.numerator;
    std::map<std::size_t, std::int64_t> below;
    const polynomial monomial = rest.monomial_content();
    if (!monomial.is_constant()) {
        divides(rest, monomial, rest);
        const auto exponents = monomial.term_at(0).exponents;
        for (std::size_t v = 0; v < exponents.size(); ++v)
            if (exponents[v] != 0)
                below[factor_index(ring_.variable(v))] += static_cast<std::int64_t>(exponents[v]);
    }
    for (std::size_t f = 0; f < factors_.size() && !rest.is_constant(); ++f)
        while (!rest.is_constant() && divides(rest, factors_[f], rest))
            ++below[f];
    const rational scale = rational(1) / rest.leading_coefficient();
    if (!rest.is_constant()) ++below[factor_index(scale * rest)];
    result.numerator = scale * result.numerator;
    result.below.assign(below.begin(), below.end());
    return result;
}

fraction workspace::raise(const fraction& x, std::int64_t n) {
    if (n < 0) return raise(reciprocal(x), -n);
    fraction result{to_the(x.numerator, n), {}};
    if (n == 0) return result;
    for (const auto& [factor, exponent] : x.below) {
        if (exponent > (std::int64_t{1} << 46) / n)
            throw exhausted{"an exponent beyond 2^46 in a denominator"};
        result.below.emplace_back(factor, exponent * n);
    }
    return result;
}

polynomial workspace::denominator(const fraction& x) {
    polynomial result = one_;
    for (const auto& [factor, exponent] : x.below)
        result = product(result, to_the(factors_[factor], exponent));
    return result;
}

polynomial workspace::new_generator(std::string meaning) {
    if (meaning_.size() >= budget_.generators)
        throw exhausted{"more than " + std::to_string(budget_.generators) +
                        " atoms (normal_form_budget.generators)"};
    if (meaning_.size() == known_.slots) {
        known_.slots = std::min(budget_.generators, 2 * known_.slots + 1);
        throw begin_again{};
    }
    meaning_.push_back(std::move(meaning));
    return ring_.variable(variables_ + meaning_.size() - 1);
}

fraction workspace::pi() {
    if (!pi_) pi_ = new_generator("pi");
    return {*pi_, {}};
}

fraction workspace::square_root(const fraction& u) {
    if (is_zero(u)) return u;
    if (u.below.empty() && u.numerator.is_constant()) {
        const rational c = u.numerator.constant_value();
        rational root;
        if (c.sign() < 0) throw nowhere_defined{"sqrt(" + c.str() + ")"};
        if (c.square_root(root)) return constant(root);
    }
    const polynomial below = denominator(u);
    for (const auto& [v, root_of_v] : roots_) {
        // u = q^2 v for a rational q > 0?
        const polynomial a = product(u.numerator, denominator(v)), b = product(v.numerator, below);
        const rational ratio = a.leading_coefficient() / b.leading_coefficient();
        rational q;
        if (ratio.square_root(q) && sum(a, -(ratio * b)).is_zero())
            return {q * root_of_v.numerator, root_of_v.below};
    }
    const polynomial square = product(u.numerator, below);
    const polynomial g = new_generator("sqrt(" + str(u) + ")" +
                                       (u.below.empty() ? "" : "*(" + shortened(below) + ")"));
    squares_.emplace_back(variables_ + meaning_.size() - 1, square);
    roots_.push_back({u, {g, u.below}});
    return roots_.back().second;
}

fraction workspace::exponential_of_term(const rational& c, polynomial m, polynomial d) {
    if (!d.is_constant() && m.terms() == 1 && !m.is_constant()) {
        const polynomial g = gcd(m, d);
        divide_exactly(m, g, m);
        divide_exactly(d, g, d);
    }
    if (d.is_constant() && c.is_integer())
        for (const auto& [u, generator] : logarithms_)
            if (m == generator) return raise(u, whole_exponent(c));
    const std::string key = m.str() + " / " + d.str();
    std::int64_t& unit = known_.units.try_emplace(key, 1).first->second;
    const rational exponent = c * rational(unit);
    if (!exponent.is_integer()) {
        const rational finer = rational(unit) * exponent.denominator();
        if (finer > rational(1 << 20))
            throw exhausted{"exp(q u) with a rational q whose denominator exceeds 2^20"};
        unit = finer.to_int64();
        throw begin_again{};
    }
    auto it = std::find_if(exponentials_.begin(), exponentials_.end(),
                           [&](const exponential_atom& e) { return e.m == m && e.d == d; });
    if (it == exponentials_.end()) {
        std::string meaning = shortened(m);
        const polynomial below = rational(unit) * d;
        if (!(below == polynomial(1))) meaning = "(" + meaning + ")/(" + shortened(below) + ")";
        const polynomial generator = new_generator("exp(" + meaning + ")");
        it = exponentials_.insert(exponentials_.end(), {m, d, generator});
    }
    const std::int64_t n = whole_exponent(exponent);
    if (n > 0) return {power(it->generator, n), {}};
    return {one_, {{factor_index(it->generator), -n}}};
}

fraction workspace::exponential(const fraction& u) {
    if (is_zero(u)) return constant(1);
    polynomial above = u.numerator, below = denominator(u);
    constexpr double gcd_effort =
        1e4; // lowest terms let more exponentials meet; not needed for truth
    const double effort = static_cast<double>(size(above)) * static_cast<double>(size(below));
    if (!below.is_constant() && effort <= gcd_effort && above.total_degree() <= 64 &&
        below.total_degree() <= 64) {
        charge(effort);
        const polynomial g = gcd(above, below);
        divide_exactly(above, g, above);
        divide_exactly(below, g, below);
    }
    constexpr std::size_t most_terms = 32;
    if (above.terms() > most_terms) {
        const rational c = above.leading_coefficient();
        return exponential_of_term(c, (rational(1) / c) * above, below);
    }
    fraction result = constant(1);
    for (std::size_t i = 0; i < above.terms(); ++i) {
        const rational c = above.term_at(i).coefficient;
        const polynomial m = (rational(1) / c) * above.slice(i, i + 1);
        result = multiply(result, exponential_of_term(c, m, below));
    }
    return result;
}

fraction workspace::logarithm(const fraction& u) {
    if (is_zero(u)) throw nowhere_defined{"log(0)"};
    if (u.below.empty() && u.numerator.is_constant()) {
        const rational c = u.numerator.constant_value();
        if (c.sign() < 0) throw nowhere_defined{"log(" + c.str() + ")"};
        if (c == rational(1)) return constant(0);
    }
    for (const auto& [v, generator] : logarithms_)
        if (is_zero(subtract(u, v))) return {generator, {}};
    logarithms_.emplace_back(u, new_generator("log(" + str(u) + ")"));
    return {logarithms_.back().second, {}};
}

std::pair<fraction, fraction> workspace::sine_cosine(const fraction& u) {
    if (is_zero(u)) return {constant(0), constant(1)};
    for (const angle& a : angles_) {
        if (is_zero(subtract(u, a.u))) return {{a.sine, {}}, {a.cosine, {}}};
        if (is_zero(add(u, a.u))) return {{-a.sine, {}}, {a.cosine, {}}};
    }
    const std::string text = str(u);
    const polynomial s = new_generator("sin(" + text + ")");
    const polynomial c = new_generator("cos(" + text + ")");
    squares_.emplace_back(variables_ + meaning_.size() - 1, 1 - s * s);
    angles_.push_back({u, s, c});
    return {{s, {}}, {c, {}}};
}

fraction workspace::apply(const node& n, const std::vector<std::optional<fraction>>& value,
                          const tape& t) {
    const auto at = [&](std::int32_t i) -> const fraction& {
        return *value[static_cast<std::size_t>(i)];
    };
    switch (n.op) {
    case opcode::constant:
        return constant(t.constants()[static_cast<std::size_t>(n.a)]);
    case opcode::pi:
        return pi();
    case opcode::variable:
        return {ring_.variable(static_cast<std::size_t>(n.a)), {}};
    case opcode::neg:
        return negative(at(n.a));
    case opcode::add:
        return add(at(n.a), at(n.b));
    case opcode::sub:
        return subtract(at(n.a), at(n.b));
    case opcode::mul:
        return multiply(at(n.a), at(n.b));
    case opcode::div:
        return multiply(at(n.a), reciprocal(at(n.b)));
    case opcode::power:
        return raise(at(n.a), n.b);
    case opcode::sqrt:
        return square_root(at(n.a));
    case opcode::exp:
        return exponential(at(n.a));
    case opcode::log:
        return logarithm(at(n.a));
    case opcode::sin:
        return sine_cosine(at(n.a)).first;
    default:
        return sine_cosine(at(n.a)).second;
    }
}

/// Values are dropped after their last use.
std::vector<fraction> workspace::outputs(const tape& t) {
    const auto& nodes = t.nodes();
    std::vector<std::size_t> last(nodes.size(), 0);
    const auto operands = [](const node& n) {
        const bool leaf =
            n.op == opcode::constant || n.op == opcode::pi || n.op == opcode::variable;
        const bool binary = n.op == opcode::add || n.op == opcode::sub || n.op == opcode::mul ||
                            n.op == opcode::div;
        return leaf ? 0 : binary ? 2 : 1;
    };
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (operands(nodes[i]) >= 1) last[static_cast<std::size_t>(nodes[i].a)] = i;
        if (operands(nodes[i]) == 2) last[static_cast<std::size_t>(nodes[i].b)] = i;
    }
    for (const std::int32_t i : t.outputs())
        last[static_cast<std::size_t>(i)] = nodes.size();
    std::vector<std::optional<fraction>> value(nodes.size());
    const auto release = [&](std::int32_t operand, std::size_t now) {
        auto& x = value[static_cast<std::size_t>(operand)];
        if (!x || last[static_cast<std::size_t>(operand)] != now) return;
        drop(*x);
        x.reset();
    };
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        value[i] = apply(nodes[i], value, t);
        keep(*value[i]);
        if (operands(nodes[i]) >= 1) release(nodes[i].a, i);
        if (operands(nodes[i]) == 2) release(nodes[i].b, i);
    }
    std::vector<fraction> result;
    for (const std::int32_t i : t.outputs())
        result.push_back(*value[static_cast<std::size_t>(i)]);
    return result;
}

std::string workspace::str(const fraction& x) const {
    std::string text = shortened(x.numerator);
    if (x.below.empty()) return text;
    std::string below;
    for (const auto& [factor, exponent] : x.below) {
        below += (below.empty() ? "(" : "*(") + shortened(factors_[factor]) + ")";
        if (exponent > 1) below += "^" + std::to_string(exponent);
    }
    return "(" + text + ")/(" + below + ")";
}

std::uint64_t workspace::hash(const fraction& x) const {
    std::uint64_t h = x.numerator.hash();
    for (const auto& [factor, exponent] : x.below)
        h = h * 0x100000001b3ULL +
            factors_[factor].hash() * static_cast<std::uint64_t>(2 * exponent + 1);
    return h;
}

/// The atoms that a text mentions, explained: " with #1 = sqrt(x)".
std::string explained(std::string text, const workspace& w) {
    std::string list;
    for (std::size_t i = w.generators(); i-- > 0;) {
        const std::string symbol = "#" + std::to_string(i + 1);
        const std::string known = text + list;
        std::size_t at = known.find(symbol);
        while (at != std::string::npos && at + symbol.size() < known.size() &&
               known[at + symbol.size()] >= '0' && known[at + symbol.size()] <= '9')
            at = known.find(symbol, at + 1);
        if (at != std::string::npos)
            list += (list.empty() ? ", with " : ", ") + symbol + " = " + w.meaning(i);
    }
    return text + list;
}

identity_decision decide(const tape& left, const tape& right, const normal_form_budget& budget,
                         plan& known) {
    workspace w(left, budget, known);
    identity_decision decision;
    decision.outputs = left.outputs().size();
    decision.result = identity_decision::answer::identical;
    const auto summary = [&] {
        decision.generators = w.generators();
        decision.terms = w.peak();
        decision.work = known.work;
        return decision;
    };
    try {
        const std::vector<fraction> a = w.outputs(left), b = w.outputs(right);
        std::uint64_t h = 0xcbf29ce484222325ULL;
        const auto stir = [&h](std::uint64_t x) {
            h = (h ^ x) * 0x9e3779b97f4a7c15ULL ^ (h >> 29);
        };
        for (std::size_t i = 0; i < w.generators(); ++i)
            for (const char c : w.meaning(i))
                stir(static_cast<unsigned char>(c));
        for (std::size_t i = 0; i < a.size(); ++i) {
            stir(w.hash(a[i]));
            stir(w.hash(b[i]));
            const fraction difference = w.subtract(a[i], b[i]);
            if (difference.numerator.is_zero() ||
                decision.result == identity_decision::answer::not_normal_zero)
                continue;
            decision.result = identity_decision::answer::not_normal_zero;
            decision.first_difference = i;
            decision.difference = explained(w.str(difference), w);
        }
        char digest[17];
        std::snprintf(digest, sizeof digest, "%016llx", static_cast<unsigned long long>(h));
        decision.digest = digest;
        return summary();
    } catch (const nowhere_defined& e) {
        decision.result = identity_decision::answer::undefined;
        decision.reason = e.reason;
    } catch (const exhausted& e) {
        decision.result = identity_decision::answer::out_of_budget;
        decision.reason = e.reason;
    } catch (const std::length_error& e) {
        decision.result = identity_decision::answer::out_of_budget;
        decision.reason = e.what();
    }
    return summary();
}

} // namespace

identity_decision compare_normal_forms(const tape& left, const tape& right,
                                       const normal_form_budget& budget) {
    const auto list = [](const tape& t) {
        std::string text;
        for (const std::string& v : t.variables())
            text += (text.empty() ? "" : " ") + v;
        return "(" + text + ")";
    };
    if (left.variables() != right.variables())
        throw std::invalid_argument("compare_normal_forms: the sides have different variables, " +
                                    list(left) + " and " + list(right));
    if (left.rows() != right.rows() || left.cols() != right.cols())
        throw std::invalid_argument(
            "compare_normal_forms: the sides have different shapes, " +
            std::to_string(left.rows()) + " x " + std::to_string(left.cols()) + " and " +
            std::to_string(right.rows()) + " x " + std::to_string(right.cols()));
    const std::size_t nodes = left.nodes().size() + right.nodes().size();
    if (nodes > budget.nodes) {
        identity_decision decision;
        decision.outputs = left.outputs().size();
        decision.reason = std::to_string(nodes) + " operations, " + std::to_string(budget.nodes) +
                          " allowed (normal_form_budget.nodes)";
        return decision;
    }
    plan known;
    for (const tape* t : {&left, &right})
        for (const node& n : t->nodes())
            if (n.op == opcode::pi || n.op >= opcode::sqrt)
                known.slots = std::min(budget.generators, known.slots + 1);
    while (true) {
        try {
            return decide(left, right, budget, known);
        } catch (const begin_again&) {
            // `known` has grown; it is bounded, so this ends.
        }
    }
}

} // namespace flowproof
