#include "theory/core/obligation.hpp"

#include <algorithm>
#include <stdexcept>

#include "numerics/scalar/evaluate.hpp"

namespace flowproof {

lemma make_lemma(std::string name, obligation statement, bool necessary) {
    return {std::move(name), std::make_shared<const obligation>(std::move(statement)), necessary};
}

identity same(const formula& left, const formula& right) {
    return {left.value, right.value, left.domain, left.relations, left.words, {}};
}

bounds within_last_digit(const std::string& printed) {
    const rational centre = rational::parse(printed);
    if (printed.find('/') != std::string::npos)
        throw std::invalid_argument("within_last_digit: need a decimal, got the quotient " +
                                    printed);
    const auto e = printed.find_first_of("eE");
    const std::string mantissa = printed.substr(0, e);
    const auto point = mantissa.find('.');
    std::int64_t exponent =
        e == std::string::npos ? 0 : rational::parse(printed.substr(e + 1)).to_int64();
    if (point != std::string::npos)
        exponent -= static_cast<std::int64_t>(mantissa.size() - point - 1);
    const rational unit = power(rational(10), exponent);
    return {centre - unit, centre + unit, printed};
}

bounds at_least(rational lower) { return {std::move(lower), std::nullopt}; }
bounds at_most(rational upper) { return {std::nullopt, std::move(upper)}; }
bounds between(rational lower, rational upper) { return {std::move(lower), std::move(upper)}; }

std::string_view kind(const obligation& o) {
    constexpr std::string_view names[] = {"identity",    "exact_equal",  "enclosure", "numeric",
                                          "flow",        "sample",       "sample",    "all_of",
                                          "sign_on_box", "zeros_in_box", "flow",      "certificate",
                                          "certificate", "certificate"};
    static_assert(std::size(names) == std::variant_size_v<decltype(o.is)>);
    if (const auto* table = std::get_if<flow_table>(&o.is); table != nullptr && !table->enclosed)
        return "numeric";
    return names[o.is.index()];
}

namespace {

std::vector<parameter> of_tape(const tape& t) {
    std::vector<parameter> result;
    for (const auto& v : t.variables())
        result.push_back({v, "symbol of the identity", "1", ""});
    return result;
}

void add(std::vector<parameter>& list, const std::vector<parameter>& more) {
    for (const parameter& p : more)
        if (std::none_of(list.begin(), list.end(),
                         [&](const parameter& q) { return q.name == p.name; }))
            list.push_back(p);
}

} // namespace

std::vector<parameter> settable(const obligation& o) {
    struct visitor {
        std::vector<parameter> operator()(const identity& i) const { return of_tape(i.left); }
        std::vector<parameter> operator()(const exact_equal& e) const { return e.parameters; }
        // A table holds at its rows.
        std::vector<parameter> operator()(const enclosure&) const { return {}; }
        std::vector<parameter> operator()(const flow_table&) const { return {}; }
        std::vector<parameter> operator()(const numeric& n) const { return n.parameters; }
        // A statement over a box, or with its witness.
        std::vector<parameter> operator()(const sign_on_box&) const { return {}; }
        std::vector<parameter> operator()(const zeros_in_box&) const { return {}; }
        std::vector<parameter> operator()(const flow_on_box&) const { return {}; }
        std::vector<parameter> operator()(const real_roots&) const { return {}; }
        std::vector<parameter> operator()(const definite_matrices&) const { return {}; }
        std::vector<parameter> operator()(const sum_of_squares&) const { return {}; }
        // The experiment names them.
        std::vector<parameter> operator()(const sample&) const { return {}; }
        std::vector<parameter> operator()(const scaling&) const { return {}; }
        std::vector<parameter> operator()(const all_of& a) const {
            std::vector<parameter> result;
            for (const lemma& l : a.lemmas)
                if (l.statement != nullptr) add(result, settable(*l.statement));
            return result;
        }
    };
    return std::visit(visitor{}, o.is);
}

outcome rejection(const obligation& o) {
    const std::string_view k = kind(o);
    return k == "numeric" || k == "sample" ? outcome::contradicted : outcome::refuted;
}

ball_closure in_balls(const formula& f) {
    return [f](const arguments& at, std::int64_t bits) {
        std::vector<ball> inputs;
        for (const auto& v : f.value.variables())
            inputs.emplace_back(at.scalar(v), bits);
        const embed<ball> constants{bits};
        const domain_answer domain = domain_holds(f, inputs, constants);
        if (!certainly(domain.holds))
            throw std::domain_error("formula: needs " + f.words[domain.condition] + ", which is " +
                                    (certainly_not(domain.holds) ? "violated" : "not certain") +
                                    " at " + at.str());
        const auto values = evaluate(f.value, inputs, constants);
        matrix<ball> result(static_cast<Eigen::Index>(f.value.rows()),
                            static_cast<Eigen::Index>(f.value.cols()));
        for (Eigen::Index i = 0; i < result.rows(); ++i)
            for (Eigen::Index j = 0; j < result.cols(); ++j)
                result(i, j) = values[static_cast<std::size_t>(i * result.cols() + j)];
        return result;
    };
}

} // namespace flowproof
