#include "numerics/poly/fractions.hpp"

#include <algorithm>

namespace flowproof::normal {

std::size_t size(const polynomial& p) { return p.terms() * (1 + p.coefficient_bits() / 64); }

std::string shortened(const polynomial& p) {
    constexpr std::size_t shown = 12, length = 400;
    std::string text = p.slice(0, std::min(shown, p.terms())).str();
    if (text.size() > length) text = text.substr(0, length) + "...";
    if (p.terms() > shown) text += " + ... (" + std::to_string(p.terms()) + " terms)";
    return text;
}

namespace {

std::vector<std::string> names(const tape& t, std::size_t slots) {
    std::vector<std::string> result = t.variables();
    for (std::size_t i = 1; i <= slots; ++i)
        result.push_back("#" + std::to_string(i));
    return result;
}

} // namespace

fractions::fractions(const tape& t, const normal_form_budget& budget, plan& known)
    : budget_(budget), known_(known), variables_(t.variables().size()),
      ring_(names(t, known.slots)),
      one_(ring_.variables().empty() ? polynomial(1) : power(ring_.variable(0), 0)) {}

void fractions::charge(double work) {
    if (budget_.stop != nullptr && budget_.stop->load(std::memory_order_relaxed))
        throw exhausted{"stopped"};
    const double left = static_cast<double>(budget_.work) - static_cast<double>(known_.work);
    if (work > left)
        throw exhausted{"more than " + std::to_string(budget_.work) +
                        " term products (normal_form_budget.work)"};
    known_.work += static_cast<std::uint64_t>(work);
}

const polynomial& fractions::checked(const polynomial& p) {
    const std::size_t now = live_ + size(p);
    peak_ = std::max(peak_, now);
    if (now > budget_.terms)
        throw exhausted{"more than " + std::to_string(budget_.terms) +
                        " terms at one time (normal_form_budget.terms)"};
    return p;
}

polynomial fractions::sum(const polynomial& x, const polynomial& y) {
    charge(static_cast<double>(size(x)) + static_cast<double>(size(y)));
    return checked(x + y);
}

/// In slices where the product might not fit before like terms have met.
polynomial fractions::raw_product(const polynomial& x, const polynomial& y) {
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

polynomial fractions::product(const polynomial& x, const polynomial& y) {
    charge(static_cast<double>(size(x)) * static_cast<double>(size(y)));
    return reduced(raw_product(x, y));
}

polynomial fractions::to_the(const polynomial& x, std::int64_t n) {
    if (n == 0) return one_;
    polynomial result = x;
    for (int bit = 62 - __builtin_clzll(static_cast<unsigned long long>(n)); bit >= 0; --bit) {
        result = product(result, result);
        if ((n >> bit) & 1) result = product(result, x);
    }
    return result;
}

/// Replaces g^2 by what it is, the youngest generator first: its square knows only older ones.
polynomial fractions::reduced(polynomial p) {
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
bool fractions::divides(const polynomial& x, const polynomial& y, polynomial& quotient) {
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

fraction fractions::add(const fraction& x, const fraction& y) {
    if (x.is_zero()) return y;
    if (y.is_zero()) return x;
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
    if (result.is_zero()) return {result.numerator, {}};
    for (const std::size_t factor : may_cancel) {
        auto it = std::find_if(result.below.begin(), result.below.end(),
                               [&](const auto& f) { return f.first == factor; });
        while (it->second > 0 && divides(result.numerator, factors_[factor], result.numerator))
            --it->second;
        if (it->second == 0) result.below.erase(it);
    }
    return result;
}

fraction fractions::multiply(const fraction& x, const fraction& y) {
    if (x.is_zero() || y.is_zero()) return constant(0);
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

std::size_t fractions::factor_index(const polynomial& monic) {
    const auto it = std::find(factors_.begin(), factors_.end(), monic);
    if (it != factors_.end()) return static_cast<std::size_t>(it - factors_.begin());
    factors_.push_back(monic);
    return factors_.size() - 1;
}

fraction fractions::reciprocal(const fraction& x) {
    if (x.is_zero()) throw nowhere_defined{"a division by something that is 0 everywhere"};
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

fraction fractions::raise(const fraction& x, std::int64_t n) {
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

fraction fractions::power_of(const polynomial& generator, std::int64_t n) {
    if (n > 0) return {power(generator, n), {}};
    return {one_, {{factor_index(generator), -n}}};
}

polynomial fractions::denominator(const fraction& x) {
    polynomial result = one_;
    for (const auto& [factor, exponent] : x.below)
        result = product(result, to_the(factors_[factor], exponent));
    return result;
}

polynomial fractions::new_generator(std::string meaning) {
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

void fractions::set_square(const polynomial& square) {
    squares_.emplace_back(variables_ + meaning_.size() - 1, square);
}

std::string fractions::str(const fraction& x) const {
    std::string text = shortened(x.numerator);
    if (x.below.empty()) return text;
    std::string below;
    for (const auto& [factor, exponent] : x.below) {
        below += (below.empty() ? "(" : "*(") + shortened(factors_[factor]) + ")";
        if (exponent > 1) below += "^" + std::to_string(exponent);
    }
    return "(" + text + ")/(" + below + ")";
}

std::uint64_t fractions::hash(const fraction& x) const {
    std::uint64_t h = x.numerator.hash();
    for (const auto& [factor, exponent] : x.below)
        h = h * 0x100000001b3ULL +
            factors_[factor].hash() * static_cast<std::uint64_t>(2 * exponent + 1);
    return h;
}

} // namespace flowproof::normal
