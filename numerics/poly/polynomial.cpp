#include "numerics/poly/polynomial.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <set>
#include <stdexcept>

#include "numerics/scalar/flint.hpp"

namespace flowproof {

namespace {

constexpr std::int64_t exponent_limit = std::int64_t{1} << 47;
constexpr std::size_t bits_limit = std::size_t{1} << 30;

const fmpq* q(const rational& x) { return static_cast<const fmpq*>(x.raw()); }
fmpq* q(rational& x) { return static_cast<fmpq*>(x.raw()); }

std::size_t bits_of(const rational& x) {
    return std::max(fmpz_bits(fmpq_numref(q(x))), fmpz_bits(fmpq_denref(q(x))));
}

[[noreturn]] void too_large(const char* who, const std::string& what) {
    throw std::length_error(std::string("polynomial: ") + who + " would need " + what);
}

void check_bits(const char* who, std::size_t bits, std::uint64_t factor) {
    if (factor != 0 && bits > bits_limit / factor)
        too_large(who, "coefficients of more than 2^30 bits");
}

std::uint64_t mix(std::uint64_t h, std::uint64_t x) {
    h ^= x + 0x9e3779b97f4a7c15ULL + (h << 6) + (h >> 2);
    h *= 0xff51afd7ed558ccdULL;
    return h ^ (h >> 32);
}

} // namespace

struct polynomial_ring::content {
    explicit content(std::vector<std::string> v) : variables(std::move(v)) {
        // FLINT wants a variable even where there is none to name.
        fmpq_mpoly_ctx_init(flint, static_cast<slong>(std::max<std::size_t>(1, variables.size())),
                            ORD_LEX);
    }
    content(const content&) = delete;
    content& operator=(const content&) = delete;
    ~content() { fmpq_mpoly_ctx_clear(flint); }
    std::vector<std::string> variables;
    fmpq_mpoly_ctx_t flint;
};

polynomial_ring::polynomial_ring(std::vector<std::string> variables) {
    std::set<std::string> seen;
    for (const std::string& v : variables) {
        if (v.empty()) throw std::invalid_argument("polynomial_ring: a variable has no name");
        if (!seen.insert(v).second)
            throw std::invalid_argument("polynomial_ring: \"" + v + "\" is named twice");
    }
    data_ = std::make_shared<const content>(std::move(variables));
}

const std::vector<std::string>& polynomial_ring::variables() const { return data_->variables; }

std::size_t polynomial_ring::index_of(std::string_view variable) const {
    const auto& names = variables();
    const auto it = std::find(names.begin(), names.end(), variable);
    if (it != names.end()) return static_cast<std::size_t>(it - names.begin());
    std::string list;
    for (const std::string& n : names)
        list += (list.empty() ? "" : " ") + n;
    throw std::invalid_argument("polynomial_ring: no variable \"" + std::string(variable) +
                                "\" among: " + list);
}

struct polynomial::content {
    explicit content(polynomial_ring r) : ring(std::move(r)) { fmpq_mpoly_init(value, context()); }
    content(const content&) = delete;
    content& operator=(const content&) = delete;
    ~content() { fmpq_mpoly_clear(value, context()); }
    const fmpq_mpoly_ctx_struct* context() const { return ring.data_->flint; }
    std::size_t variables() const { return ring.variables().size(); }
    polynomial_ring ring;
    fmpq_mpoly_t value;
};

polynomial polynomial_ring::variable(std::size_t i) const {
    if (i >= variables().size())
        throw std::invalid_argument("polynomial_ring::variable: there are " +
                                    std::to_string(variables().size()) +
                                    " variables, asked for number " + std::to_string(i));
    auto result = polynomial::make(*this);
    fmpq_mpoly_gen(result->value, static_cast<slong>(i), result->context());
    return polynomial::finished(std::move(result));
}

polynomial polynomial_ring::variable(std::string_view name) const {
    return variable(index_of(name));
}

std::shared_ptr<polynomial::content> polynomial::make(const polynomial_ring& ring) {
    return std::make_shared<content>(ring);
}

polynomial polynomial::finished(std::shared_ptr<content> data) {
    // Exponent fields of 48 bits leave FLINT a product's worth of room below one machine word.
    if (data->value->zpoly->bits > 48) {
        auto* value = data->value;
        if (fmpq_mpoly_total_degree_fits_si(value, data->context()) == 0 ||
            fmpq_mpoly_total_degree_si(value, data->context()) >= exponent_limit)
            too_large("a product", "exponents beyond 2^47");
    }
    return polynomial(std::shared_ptr<const content>(std::move(data)));
}

/// x as an element of a ring: its own, else the partner's, else null.
std::shared_ptr<const polynomial::content> polynomial::lift(const polynomial& x,
                                                            const polynomial& partner) {
    if (x.data_ != nullptr && partner.data_ != nullptr && !(x.data_->ring == partner.data_->ring)) {
        const auto list = [](const polynomial& p) {
            std::string text;
            for (const std::string& v : p.data_->ring.variables())
                text += (text.empty() ? "" : " ") + v;
            return text;
        };
        throw std::logic_error("polynomial: the operands belong to different rings, in " + list(x) +
                               " and in " + list(partner));
    }
    if (x.data_ != nullptr || partner.data_ == nullptr) return x.data_;
    auto result = make(partner.data_->ring);
    fmpq_mpoly_set_fmpq(result->value, q(x.constant_), result->context());
    return result;
}

polynomial operator+(const polynomial& x, const polynomial& y) {
    const auto a = polynomial::lift(x, y), b = polynomial::lift(y, x);
    if (a == nullptr) return polynomial(x.constant_ + y.constant_);
    auto result = polynomial::make(a->ring);
    fmpq_mpoly_add(result->value, a->value, b->value, a->context());
    return polynomial::finished(std::move(result));
}

polynomial operator-(const polynomial& x, const polynomial& y) {
    const auto a = polynomial::lift(x, y), b = polynomial::lift(y, x);
    if (a == nullptr) return polynomial(x.constant_ - y.constant_);
    auto result = polynomial::make(a->ring);
    fmpq_mpoly_sub(result->value, a->value, b->value, a->context());
    return polynomial::finished(std::move(result));
}

polynomial operator*(const polynomial& x, const polynomial& y) {
    const auto a = polynomial::lift(x, y), b = polynomial::lift(y, x);
    if (a == nullptr) return polynomial(x.constant_ * y.constant_);
    auto result = polynomial::make(a->ring);
    fmpq_mpoly_mul(result->value, a->value, b->value, a->context());
    return polynomial::finished(std::move(result));
}

polynomial operator-(const polynomial& x) {
    if (x.data_ == nullptr) return polynomial(-x.constant_);
    auto result = polynomial::make(x.data_->ring);
    fmpq_mpoly_neg(result->value, x.data_->value, result->context());
    return polynomial::finished(std::move(result));
}

polynomial power(const polynomial& x, std::int64_t n) {
    if (n < 0)
        throw std::domain_error("polynomial: power needs an exponent >= 0, got " +
                                std::to_string(n));
    check_bits("power", x.coefficient_bits() > 1 ? x.coefficient_bits() : 0,
               static_cast<std::uint64_t>(n));
    if (x.data_ == nullptr) return polynomial(power(x.constant_, n));
    if (n != 0 && x.total_degree() >= exponent_limit / n)
        too_large("power", "exponents beyond 2^47");
    auto result = polynomial::make(x.data_->ring);
    if (fmpq_mpoly_pow_ui(result->value, x.data_->value, static_cast<ulong>(n),
                          result->context()) == 0)
        too_large("power", "too much memory");
    return polynomial::finished(std::move(result));
}

bool operator==(const polynomial& x, const polynomial& y) {
    const auto a = polynomial::lift(x, y), b = polynomial::lift(y, x);
    if (a == nullptr) return x.constant_ == y.constant_;
    return fmpq_mpoly_equal(a->value, b->value, a->context()) != 0;
}

bool divide_exactly(const polynomial& x, const polynomial& y, polynomial& quotient) {
    if (y.is_zero()) throw std::domain_error("polynomial: exact division by 0");
    const auto a = polynomial::lift(x, y), b = polynomial::lift(y, x);
    if (a == nullptr) {
        quotient = polynomial(x.constant_ / y.constant_);
        return true;
    }
    auto result = polynomial::make(a->ring);
    if (fmpq_mpoly_divides(result->value, a->value, b->value, a->context()) == 0) return false;
    quotient = polynomial::finished(std::move(result));
    return true;
}

polynomial gcd(const polynomial& x, const polynomial& y) {
    const auto a = polynomial::lift(x, y), b = polynomial::lift(y, x);
    if (a == nullptr) return polynomial(x.is_zero() && y.is_zero() ? 0 : 1);
    auto result = polynomial::make(a->ring);
    if (fmpq_mpoly_gcd(result->value, a->value, b->value, a->context()) == 0)
        too_large("gcd", "exponents or memory beyond FLINT's reach");
    return polynomial::finished(std::move(result));
}

std::pair<polynomial, polynomial> split_squares(const polynomial& x) {
    if (x.is_constant()) return {polynomial(1), x};
    const fmpq_mpoly_ctx_struct* context = x.data_->context();
    fmpq_mpoly_factor_t factors;
    fmpq_mpoly_factor_init(factors, context);
    const bool done = fmpq_mpoly_factor_squarefree(factors, x.data_->value, context) != 0 &&
                      fmpq_mpoly_factor_make_monic(factors, context) != 0;
    auto square = polynomial::make(x.data_->ring), power = polynomial::make(x.data_->ring);
    fmpq_mpoly_one(square->value, context);
    for (slong i = 0; done && i < fmpq_mpoly_factor_length(factors, context); ++i) {
        const auto half = static_cast<ulong>(fmpq_mpoly_factor_get_exp_si(factors, i, context)) / 2;
        if (half == 0) continue;
        fmpq_mpoly_factor_get_base(power->value, factors, i, context);
        fmpq_mpoly_pow_ui(power->value, power->value, half, context);
        fmpq_mpoly_mul(square->value, square->value, power->value, context);
    }
    fmpq_mpoly_factor_clear(factors, context);
    if (!done) too_large("split_squares", "exponents or memory beyond FLINT's reach");
    const polynomial g = polynomial::finished(std::move(square));
    polynomial h;
    if (!divide_exactly(x, g * g, h))
        throw std::logic_error("split_squares: a square of a factor does not divide");
    return {g, h};
}

polynomial_ring polynomial::ring() const {
    if (data_ == nullptr) throw std::logic_error("polynomial::ring: a bare number has no ring");
    return data_->ring;
}

bool polynomial::is_constant() const {
    return data_ == nullptr || fmpq_mpoly_is_fmpq(data_->value, data_->context()) != 0;
}

rational polynomial::constant_value() const {
    if (data_ == nullptr) return constant_;
    if (!is_constant())
        throw std::logic_error("polynomial::constant_value: not constant, total degree " +
                               std::to_string(total_degree()));
    rational result;
    fmpq_mpoly_get_fmpq(q(result), data_->value, data_->context());
    return result;
}

std::size_t polynomial::terms() const {
    if (data_ == nullptr) return constant_.is_zero() ? 0 : 1;
    return static_cast<std::size_t>(fmpq_mpoly_length(data_->value, data_->context()));
}

std::int64_t polynomial::total_degree() const {
    if (data_ == nullptr) return constant_.is_zero() ? -1 : 0;
    return fmpq_mpoly_total_degree_si(data_->value, data_->context());
}

void polynomial::check_variable(const char* who, std::size_t variable) const {
    if (data_ != nullptr && variable >= data_->variables())
        throw std::invalid_argument(std::string("polynomial::") + who + ": there are " +
                                    std::to_string(data_->variables()) +
                                    " variables, asked for number " + std::to_string(variable));
}

std::int64_t polynomial::degree(std::size_t variable) const {
    check_variable("degree", variable);
    if (data_ == nullptr) return constant_.is_zero() ? -1 : 0;
    return fmpq_mpoly_degree_si(data_->value, static_cast<slong>(variable), data_->context());
}

std::size_t polynomial::coefficient_bits() const {
    if (data_ == nullptr) return bits_of(constant_);
    const auto* value = data_->value;
    const auto inner = static_cast<std::size_t>(
        std::abs(fmpz_mpoly_max_bits(value->zpoly))); // negative if some coefficient is negative
    const std::size_t outer = fmpz_bits(fmpq_numref(value->content));
    const std::size_t numerators = outer <= 1 ? inner : inner <= 1 ? outer : inner + outer;
    return std::max<std::size_t>(numerators, fmpz_bits(fmpq_denref(value->content)));
}

polynomial::term polynomial::term_at(std::size_t i) const {
    if (i >= terms())
        throw std::out_of_range("polynomial::term_at: there are " + std::to_string(terms()) +
                                " terms, asked for number " + std::to_string(i));
    if (data_ == nullptr) return {constant_, {}};
    term result;
    fmpq_mpoly_get_term_coeff_fmpq(q(result.coefficient), data_->value, static_cast<slong>(i),
                                   data_->context());
    std::vector<ulong> exponents(std::max<std::size_t>(1, data_->variables()));
    fmpq_mpoly_get_term_exp_ui(exponents.data(), data_->value, static_cast<slong>(i),
                               data_->context());
    exponents.resize(data_->variables());
    result.exponents.assign(exponents.begin(), exponents.end());
    return result;
}

polynomial polynomial::slice(std::size_t begin, std::size_t end) const {
    if (begin > end || end > terms())
        throw std::out_of_range("polynomial::slice: there are " + std::to_string(terms()) +
                                " terms, asked for [" + std::to_string(begin) + ", " +
                                std::to_string(end) + ")");
    if (data_ == nullptr) return begin == end ? polynomial() : *this;
    auto result = make(data_->ring);
    for (std::size_t i = begin; i < end; ++i) {
        const term t = term_at(i);
        std::vector<ulong> exponents(t.exponents.begin(), t.exponents.end());
        exponents.resize(std::max<std::size_t>(1, exponents.size()));
        fmpq_mpoly_push_term_fmpq_ui(result->value, q(t.coefficient), exponents.data(),
                                     result->context());
    }
    fmpq_mpoly_reduce(result->value, result->context());
    return finished(std::move(result));
}

rational polynomial::leading_coefficient() const {
    return is_zero() ? rational(0) : term_at(0).coefficient;
}

polynomial polynomial::monomial_content() const {
    if (data_ == nullptr || is_zero()) return 1;
    auto result = make(data_->ring);
    fmpq_mpoly_term_content(result->value, data_->value, data_->context());
    fmpq_mpoly_make_monic(result->value, result->value, result->context());
    return finished(std::move(result));
}

std::vector<std::pair<std::int64_t, polynomial>>
polynomial::coefficients(std::size_t variable) const {
    check_variable("coefficients", variable);
    if (is_zero()) return {};
    if (data_ == nullptr) return {{0, *this}};
    fmpq_mpoly_univar_t parts;
    fmpq_mpoly_univar_init(parts, data_->context());
    fmpq_mpoly_to_univar(parts, data_->value, static_cast<slong>(variable), data_->context());
    std::vector<std::pair<std::int64_t, polynomial>> result;
    for (slong i = 0; i < fmpq_mpoly_univar_length(parts, data_->context()); ++i) {
        auto part = make(data_->ring);
        fmpq_mpoly_univar_get_term_coeff(part->value, parts, i, data_->context());
        result.emplace_back(fmpq_mpoly_univar_get_term_exp_si(parts, i, data_->context()),
                            finished(std::move(part)));
    }
    fmpq_mpoly_univar_clear(parts, data_->context());
    return result;
}

polynomial polynomial::derivative(std::size_t variable) const {
    check_variable("derivative", variable);
    if (data_ == nullptr) return {};
    auto result = make(data_->ring);
    fmpq_mpoly_derivative(result->value, data_->value, static_cast<slong>(variable),
                          data_->context());
    return finished(std::move(result));
}

rational polynomial::evaluate(const std::vector<rational>& point) const {
    if (data_ == nullptr) return constant_;
    if (point.size() != data_->variables())
        throw std::invalid_argument("polynomial::evaluate: the ring has " +
                                    std::to_string(data_->variables()) + " variables, got " +
                                    std::to_string(point.size()) + " values");
    if (is_constant()) return constant_value();
    std::vector<fmpq*> values;
    std::vector<rational> copy = point;
    std::size_t bits = 0;
    for (rational& x : copy) {
        values.push_back(q(x));
        if (bits_of(x) > 1) bits = std::max(bits, bits_of(x));
    }
    check_bits("evaluate", bits, static_cast<std::uint64_t>(total_degree()));
    rational result;
    if (fmpq_mpoly_evaluate_all_fmpq(q(result), data_->value, values.data(), data_->context()) == 0)
        too_large("evaluate", "too much memory");
    return result;
}

std::string polynomial::str() const {
    if (is_constant()) return constant_value().str();
    const auto& names = data_->ring.variables();
    std::string text;
    for (std::size_t i = 0; i < terms(); ++i) {
        const term t = term_at(i);
        std::string monomial;
        for (std::size_t v = 0; v < names.size(); ++v) {
            if (t.exponents[v] == 0) continue;
            monomial += (monomial.empty() ? "" : "*") + names[v];
            if (t.exponents[v] > 1) monomial += "^" + std::to_string(t.exponents[v]);
        }
        const bool negative = t.coefficient.sign() < 0;
        text += text.empty() ? (negative ? "-" : "") : (negative ? " - " : " + ");
        const rational size = abs(t.coefficient);
        if (monomial.empty())
            text += size.str();
        else if (size == rational(1))
            text += monomial;
        else
            text += size.str() + "*" + monomial;
    }
    return text;
}

std::uint64_t polynomial::hash() const {
    std::uint64_t h = 0x5be0cd19137e2179ULL;
    for (std::size_t i = 0; i < terms(); ++i) {
        const term t = term_at(i);
        h = mix(h, t.coefficient.hash());
        for (std::size_t v = 0; v < t.exponents.size(); ++v)
            if (t.exponents[v] != 0) h = mix(mix(h, v), t.exponents[v]);
    }
    return h;
}

std::ostream& operator<<(std::ostream& out, const polynomial& x) { return out << x.str(); }

} // namespace flowproof
