#include "numerics/poly/atoms.hpp"

#include <algorithm>

namespace flowproof::normal {

namespace {

std::int64_t whole_exponent(const rational& n) {
    if (abs(n) > rational(std::int64_t{1} << 40))
        throw exhausted{"exp(n u) with an integer n beyond 2^40"};
    return n.to_int64();
}

} // namespace

fraction atoms::pi() {
    if (!pi_) pi_ = field_.new_generator("pi");
    return {*pi_, {}};
}

fraction atoms::square_root(const fraction& u) {
    if (u.is_zero()) return u;
    if (u.below.empty() && u.numerator.is_constant()) {
        const rational c = u.numerator.constant_value();
        rational root;
        if (c.sign() < 0) throw nowhere_defined{"sqrt(" + c.str() + ")"};
        if (c.square_root(root)) return field_.constant(root);
    }
    const polynomial below = field_.denominator(u);
    for (const auto& [v, root_of_v] : roots_) {
        // u = q^2 v for a rational q > 0?
        const polynomial a = field_.product(u.numerator, field_.denominator(v)),
                         b = field_.product(v.numerator, below);
        const rational ratio = a.leading_coefficient() / b.leading_coefficient();
        rational q;
        if (ratio.square_root(q) && field_.sum(a, -(ratio * b)).is_zero())
            return {q * root_of_v.numerator, root_of_v.below};
    }
    const polynomial square = field_.product(u.numerator, below);
    const polynomial g = field_.new_generator(
        "sqrt(" + field_.str(u) + ")" + (u.below.empty() ? "" : "*(" + shortened(below) + ")"));
    field_.set_square(square);
    roots_.push_back({u, {g, u.below}});
    return roots_.back().second;
}

fraction atoms::exponential_of_term(const rational& c, polynomial m, polynomial d) {
    if (!d.is_constant() && m.terms() == 1 && !m.is_constant()) {
        const polynomial g = gcd(m, d);
        divide_exactly(m, g, m);
        divide_exactly(d, g, d);
    }
    if (d.is_constant() && c.is_integer())
        for (const auto& [u, generator] : logarithms_)
            if (m == generator) return field_.raise(u, whole_exponent(c));
    const std::string key = m.str() + " / " + d.str();
    std::int64_t& unit = units_.try_emplace(key, 1).first->second;
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
        const polynomial generator = field_.new_generator("exp(" + meaning + ")");
        it = exponentials_.insert(exponentials_.end(), {m, d, generator});
    }
    return field_.power_of(it->generator, whole_exponent(exponent));
}

fraction atoms::exponential(const fraction& u) {
    if (u.is_zero()) return field_.constant(1);
    polynomial above = u.numerator, below = field_.denominator(u);
    constexpr double gcd_effort =
        1e4; // lowest terms let more exponentials meet; not needed for truth
    const double effort = static_cast<double>(size(above)) * static_cast<double>(size(below));
    if (!below.is_constant() && effort <= gcd_effort && above.total_degree() <= 64 &&
        below.total_degree() <= 64) {
        field_.charge(effort);
        const polynomial g = gcd(above, below);
        divide_exactly(above, g, above);
        divide_exactly(below, g, below);
    }
    constexpr std::size_t most_terms = 32;
    if (above.terms() > most_terms) {
        const rational c = above.leading_coefficient();
        return exponential_of_term(c, (rational(1) / c) * above, below);
    }
    fraction result = field_.constant(1);
    for (std::size_t i = 0; i < above.terms(); ++i) {
        const rational c = above.term_at(i).coefficient;
        const polynomial m = (rational(1) / c) * above.slice(i, i + 1);
        result = field_.multiply(result, exponential_of_term(c, m, below));
    }
    return result;
}

fraction atoms::logarithm(const fraction& u) {
    if (u.is_zero()) throw nowhere_defined{"log(0)"};
    if (u.below.empty() && u.numerator.is_constant()) {
        const rational c = u.numerator.constant_value();
        if (c.sign() < 0) throw nowhere_defined{"log(" + c.str() + ")"};
        if (c == rational(1)) return field_.constant(0);
    }
    for (const auto& [v, generator] : logarithms_)
        if (field_.subtract(u, v).is_zero()) return {generator, {}};
    logarithms_.emplace_back(u, field_.new_generator("log(" + field_.str(u) + ")"));
    return {logarithms_.back().second, {}};
}

std::pair<fraction, fraction> atoms::sine_cosine(const fraction& u) {
    if (u.is_zero()) return {field_.constant(0), field_.constant(1)};
    for (const angle& a : angles_) {
        if (field_.subtract(u, a.u).is_zero()) return {{a.sine, {}}, {a.cosine, {}}};
        if (field_.add(u, a.u).is_zero()) return {{-a.sine, {}}, {a.cosine, {}}};
    }
    const std::string text = field_.str(u);
    const polynomial s = field_.new_generator("sin(" + text + ")");
    const polynomial c = field_.new_generator("cos(" + text + ")");
    field_.set_square(1 - s * s);
    angles_.push_back({u, s, c});
    return {{s, {}}, {c, {}}};
}

} // namespace flowproof::normal
