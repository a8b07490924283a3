#include "verify/registry/eval.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <stdexcept>

#include "numerics/scalar/evaluate.hpp"
#include "verify/engine/flow.hpp"
#include "verify/engine/support.hpp"
#include "verify/registry/enclose.hpp"
#include "verify/registry/select.hpp"

namespace flowproof {

namespace {

std::vector<std::string> names(const std::vector<parameter>& parameters) {
    std::vector<std::string> result;
    for (const parameter& p : parameters)
        result.push_back(p.name);
    return result;
}

std::vector<rational> inputs_of(const formula& f, const arguments& at) {
    std::vector<rational> inputs;
    for (const std::string& v : f.value.variables())
        inputs.push_back(at.scalar(v));
    return inputs;
}

[[noreturn]] void outside(const quantity& q, const std::string& condition, const arguments& at) {
    throw std::invalid_argument("eval: " + q.id + " needs " + condition + ", got " + at.str());
}

template <class T> matrix<T> shaped(const tape& t, const std::vector<T>& values) {
    matrix<T> result(static_cast<Eigen::Index>(t.rows()), static_cast<Eigen::Index>(t.cols()));
    for (Eigen::Index i = 0; i < result.rows(); ++i)
        for (Eigen::Index j = 0; j < result.cols(); ++j)
            result(i, j) = values[static_cast<std::size_t>(i * result.cols() + j)];
    return result;
}

/// The value as rationals, where the quantity has one.
std::optional<matrix<rational>> exact_value(const quantity& q, const arguments& at) {
    if (const auto* closure = std::get_if<exact_closure>(&q.value)) return (*closure)(at);
    const auto* f = std::get_if<formula>(&q.value);
    if (f == nullptr || !f->value.is_rational() || !f->domain.is_rational()) return std::nullopt;
    const std::vector<rational> inputs = inputs_of(*f, at);
    if (!f->relations.empty()) {
        const domain_answer answer = domain_holds(*f, inputs);
        if (!certainly(answer.holds)) outside(q, f->words[answer.condition], at);
    }
    return shaped(f->value, evaluate(f->value, inputs));
}

evaluated::entry print_exact(const rational& x, int digits) {
    evaluated::entry e;
    e.decimal = x.decimal(digits);
    e.exact = x.str();
    const rational error = abs(rational::parse(e.decimal) - x);
    e.radius = error.is_zero() ? "0" : decimal_above(error, 3);
    e.lower = decimal_below(x, digits);
    e.upper = decimal_above(x, digits);
    return e;
}

evaluated::entry print_enclosed(const ball& x, int digits) {
    evaluated::entry e;
    e.decimal = x.midpoint().decimal(digits);
    const rational centre = rational::parse(e.decimal);
    const rational error = std::max(abs(x.upper() - centre), abs(centre - x.lower()));
    e.radius = error.is_zero() ? "0" : decimal_above(error, 3);
    e.lower = decimal_below(x.lower(), digits);
    e.upper = decimal_above(x.upper(), digits);
    return e;
}

/// Is every radius below half a unit of the last digit? Entries that may be 0 are measured by the
/// largest entry of the matrix.
bool reaches(const matrix<ball>& m, int digits) {
    rational scale(0);
    for (Eigen::Index i = 0; i < m.size(); ++i) {
        const ball& x = m(i / m.cols(), i % m.cols());
        if (!x.is_finite()) return false;
        if (!x.contains_zero()) scale = std::max(scale, abs(x.midpoint()));
    }
    const rational unit = power(rational(10), -std::int64_t{digits}) / rational(2);
    for (Eigen::Index i = 0; i < m.size(); ++i) {
        const ball& x = m(i / m.cols(), i % m.cols());
        const rational size = x.contains_zero() ? scale : abs(x.midpoint());
        if (x.radius() > size * unit) return false;
    }
    return true;
}

evaluated print_all(const matrix<ball>& m, int digits) {
    evaluated result{
        static_cast<std::size_t>(m.rows()), static_cast<std::size_t>(m.cols()), {}, 0, {}};
    for (Eigen::Index i = 0; i < m.rows(); ++i)
        for (Eigen::Index j = 0; j < m.cols(); ++j)
            result.entries.push_back(print_enclosed(m(i, j), digits));
    return result;
}

/// Is the estimated error of every entry below half a unit of the last digit? Entries whose error
/// exceeds them are measured by the largest entry.
bool reaches(const flow_estimate& e, int digits) {
    const rational unit = power(rational(10), -std::int64_t{digits}) / rational(2);
    rational scale(0);
    for (Eigen::Index k = 0; k < e.value.size(); ++k)
        scale = std::max(scale, abs(e.value(k / e.value.cols(), k % e.value.cols())));
    for (Eigen::Index k = 0; k < e.value.size(); ++k) {
        const rational& x = e.value(k / e.value.cols(), k % e.value.cols());
        const rational& error = e.error(k / e.value.cols(), k % e.value.cols());
        if (error > (error < abs(x) ? abs(x) : scale) * unit) return false;
    }
    return true;
}

evaluated print_estimate(const flow_estimate& e, int digits) {
    evaluated result{static_cast<std::size_t>(e.value.rows()),
                     static_cast<std::size_t>(e.value.cols()),
                     {},
                     0,
                     {}};
    for (Eigen::Index i = 0; i < e.value.rows(); ++i)
        for (Eigen::Index j = 0; j < e.value.cols(); ++j) {
            const rational low = e.value(i, j) - e.error(i, j),
                           high = e.value(i, j) + e.error(i, j);
            evaluated::entry entry;
            entry.decimal = e.value(i, j).decimal(digits);
            const rational centre = rational::parse(entry.decimal);
            entry.radius = decimal_above(std::max(abs(high - centre), abs(centre - low)), 3);
            entry.lower = decimal_below(low, digits);
            entry.upper = decimal_above(high, digits);
            entry.estimated = true;
            result.entries.push_back(std::move(entry));
        }
    return result;
}

/// Enclosed where the validated integrator gets there, and estimated elsewhere.
evaluated evaluate_flow(const quantity& q, const flow_request& request, const arguments& at,
                        int digits) {
    const flow_budget validated{20'000};
    for (const int asked : {digits + 2, 2 * digits + 8}) {
        const flow_enclosure e = enclose(request, at, asked, validated);
        if (!e.failure.empty() || !reaches(e.value, digits)) continue;
        evaluated result = print_all(e.value, digits);
        result.bits = bits_for_digits(e.digits);
        result.at = at;
        return result;
    }
    constexpr int attempts = 4;
    int asked = digits + 6;
    for (int attempt = 1;; ++attempt, asked *= 2) {
        const flow_estimate e = estimate(request, at, asked);
        if (!e.failure.empty())
            throw std::runtime_error("eval: " + q.id + ": " + e.failure + " (needs " + e.cure +
                                     ") at " + at.str());
        if (reaches(e, digits)) {
            evaluated result = print_estimate(e, digits);
            result.bits = bits_for_digits(e.digits);
            result.at = at;
            return result;
        }
        if (attempt == attempts)
            throw std::runtime_error(
                fmt::format("eval: {} does not reach {} digits with {} digits a step; the first "
                            "entry is {} +/- {} at {}",
                            q.id, digits, e.digits, e.value(0, 0).decimal(10),
                            decimal_above(e.error(0, 0), 3), at.str()));
    }
}

} // namespace

arguments complete_arguments(const quantity& q, const arguments& set) {
    for (const auto& [name, value] : set.all())
        if (std::none_of(q.parameters.begin(), q.parameters.end(),
                         [&name = name](const parameter& p) { return p.name == name; })) {
            std::string known;
            for (const std::string& n : names(q.parameters))
                known += (known.empty() ? "" : ", ") + n;
            throw std::invalid_argument("eval: " + q.id + " has no parameter " + name +
                                        " (it has " + (known.empty() ? "none" : known) + ")");
        }
    arguments at = q.defaults.overridden_by(set);
    for (const parameter& p : q.parameters)
        if (!at.has(p.name))
            throw std::invalid_argument("eval: " + q.id + " needs a value for " + p.name + " (" +
                                        p.description + ")");
    check_shapes("eval " + q.id, q.parameters, at);
    if (q.check) q.check(at);
    return at;
}

matrix<ball> enclose(const quantity& q, const arguments& at, std::int64_t bits) {
    if (const auto exact = exact_value(q, at)) {
        matrix<ball> m(exact->rows(), exact->cols());
        for (Eigen::Index i = 0; i < m.rows(); ++i)
            for (Eigen::Index j = 0; j < m.cols(); ++j)
                m(i, j) = ball((*exact)(i, j), bits);
        return m;
    }
    if (const auto* closure = std::get_if<ball_closure>(&q.value)) return (*closure)(at, bits);
    if (std::holds_alternative<flow_request>(q.value))
        throw std::logic_error("enclose: " + q.id + " is asked of a flow and not enclosed");
    const formula& f = std::get<formula>(q.value);
    std::vector<ball> inputs;
    for (const rational& x : inputs_of(f, at))
        inputs.emplace_back(x, bits);
    const embed<ball> constants{bits};
    std::vector<ball> values = evaluate(f.value, inputs, constants);
    if (!f.relations.empty()) {
        const domain_answer answer = domain_holds(f, inputs, constants);
        if (certainly_not(answer.holds)) outside(q, f.words[answer.condition], at);
        if (!certainly(answer.holds))
            for (ball& x : values)
                x = ball(rational(1), bits) / ball(rational(0), bits);
    }
    return shaped(f.value, values);
}

evaluated evaluate_quantity(const quantity& q, const arguments& set, int digits) {
    std::int64_t bits = bits_for_digits(digits); // refuses digits below 1
    const arguments at = complete_arguments(q, set);
    if (const auto* request = std::get_if<flow_request>(&q.value))
        return evaluate_flow(q, *request, at, digits);
    if (const auto exact = exact_value(q, at)) {
        evaluated result{static_cast<std::size_t>(exact->rows()),
                         static_cast<std::size_t>(exact->cols()),
                         {},
                         0,
                         at};
        for (Eigen::Index i = 0; i < exact->rows(); ++i)
            for (Eigen::Index j = 0; j < exact->cols(); ++j)
                result.entries.push_back(print_exact((*exact)(i, j), digits));
        return result;
    }
    constexpr std::int64_t most = std::int64_t{1} << 20;
    for (;;) {
        const matrix<ball> value = enclose(q, at, bits);
        if (reaches(value, digits)) {
            evaluated result = print_all(value, digits);
            result.bits = bits;
            result.at = at;
            return result;
        }
        if (bits == most)
            throw std::runtime_error(
                fmt::format("eval: {} does not reach {} digits with {} bits; the first entry is in "
                            "{} at {}",
                            q.id, digits, bits, printed(value(0, 0), 10), at.str()));
        bits = std::min(2 * bits, most);
    }
}

} // namespace flowproof
