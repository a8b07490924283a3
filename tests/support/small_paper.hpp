#pragma once
// A small paper for tests of engines and runs: true statements with false twins near them.

#include <cmath>
#include <stdexcept>
#include <string>

#include "numerics/random/philox.hpp"
#include "numerics/random/uniform.hpp"
#include "numerics/scalar/expr.hpp"
#include "theory/core/paper.hpp"
#include "verify/engine/engine.hpp"

namespace flowproof::small {

/// (a + b)^2, with a middle term of this coefficient.
inline identity binomial(int middle = 2) {
    identity result;
    result.left = record({"a", "b"}, [](auto a, auto b) { return power(a + b, 2); });
    result.right =
        record({"a", "b"}, [middle](auto a, auto b) { return a * a + middle * (a * b) + b * b; });
    return result;
}

inline instance pair_of_matrices(std::uint64_t seed, std::uint64_t k) {
    random::stream bits(seed, 0, static_cast<std::uint32_t>(k));
    const auto entry = [&] {
        return rational(static_cast<std::int64_t>(random::uniform_below(bits, 19)) - 9,
                        static_cast<std::int64_t>(random::uniform_below(bits, 5)) + 1);
    };
    matrix<rational> a(2, 2), b(2, 2);
    for (auto* m : {&a, &b})
        for (Eigen::Index i = 0; i < 2; ++i)
            for (Eigen::Index j = 0; j < 2; ++j)
                (*m)(i, j) = entry();
    return {"random " + std::to_string(k), arguments().set("A", a).set("B", b)};
}

/// trace(A B) = trace(B A) for square matrices; the twin says trace(A B) = trace(A) trace(B).
inline exact_equal trace(bool true_one = true) {
    exact_equal result;
    result.parameters = {{"A", "first factor", "n x n", "square"},
                         {"B", "second factor", "n x n", "square"}};
    const auto scalar = [](const rational& x) {
        matrix<rational> m(1, 1);
        m(0, 0) = x;
        return m;
    };
    const auto sum = [](const matrix<rational>& m) {
        rational s(0);
        for (Eigen::Index i = 0; i < m.rows(); ++i)
            s += m(i, i);
        return s;
    };
    result.left = [=](const arguments& x) {
        const matrix<rational> product = x.at("A") * x.at("B");
        return scalar(sum(product));
    };
    result.right = [=](const arguments& x) {
        if (!true_one) return scalar(sum(x.at("A")) * sum(x.at("B")));
        const matrix<rational> product = x.at("B") * x.at("A");
        return scalar(sum(product));
    };
    result.fixed = {
        {"identity matrices",
         arguments().set("A", rows({{1, 0}, {0, 0}})).set("B", rows({{1, 0}, {0, 0}}))}};
    result.random = pair_of_matrices;
    result.random_count = 5;
    result.check = [](const arguments& x) {
        if (x.at("A").rows() != x.at("A").cols())
            throw std::invalid_argument("A must be square, got " + str(x.at("A")));
    };
    return result;
}

inline matrix<ball> single(ball x) {
    matrix<ball> m(1, 1);
    m(0, 0) = std::move(x);
    return m;
}

/// sqrt(2), as printed in a table.
inline enclosure root_of_two(const std::string& printed = "1.4142") {
    enclosure result;
    result.parameters = {{"x", "radicand", "1", "> 0"}};
    result.value = [](const arguments& x, std::int64_t bits) {
        return single(sqrt(ball(x.scalar("x"), bits)));
    };
    result.rows = {{"root of 2", arguments().set("x", rational(2)), 0, within_last_digit(printed)}};
    return result;
}

/// (1 + 1/n)^n at n = 2^level against exp(power).
inline numeric compound_interest(const rational& exponent = rational(1)) {
    numeric result;
    result.model = "n = 2^level; the error is e / (2 n) to first order";
    result.parameters = {{"x", "interest", "1", "> 0"}};
    result.at = arguments().set("x", rational(1));
    result.value = [](const arguments& x, std::int64_t level, std::int64_t bits) {
        const std::int64_t n = std::int64_t{1} << level;
        return power(1 + ball(x.scalar("x"), bits) / n, n);
    };
    result.reference = [exponent](const arguments& x, std::int64_t bits) {
        return exp(ball(x.scalar("x") * exponent, bits));
    };
    result.levels = 12;
    result.tolerance = rational(1, 100);
    return result;
}

/// A die with `sides` sides: its mean and how often it shows 1.
inline experiment die() {
    experiment result;
    result.id = "small.die";
    result.description = "a fair die";
    result.parameters = {{"sides", "number of sides", "1", ">= 2"}};
    result.defaults = arguments().set("sides", rational(6));
    result.statistics = {"points", "one", "always"};
    result.prepare = [](const arguments& x) -> experiment::draw {
        const auto sides = static_cast<std::uint64_t>(x.integer("sides", 2, 1000));
        return [sides](std::uint64_t seed, std::uint64_t index, double* out) {
            random::stream bits(seed, 0, static_cast<std::uint32_t>(index));
            const std::uint64_t shown = 1 + random::uniform_below(bits, sides);
            out[0] = static_cast<double>(shown);
            out[1] = shown == 1 ? 1 : 0;
            out[2] = 0.5;
        };
    };
    return result;
}

/// The die's mean is (sides + shift) / 2: right for shift = 1.
inline sample mean_points(int shift = 1) {
    sample result;
    result.experiment = "small.die";
    result.statistic = "points";
    result.expected = [shift](const arguments& x) {
        matrix<rational> m(1, 1);
        m(0, 0) = (x.scalar("sides") + rational(shift)) / rational(2);
        return m;
    };
    result.tolerance = rational(1, 10);
    result.level = 1e-7;
    result.draws = 4000;
    return result;
}

/// How often the die shows 1: 1 / sides, times this factor.
inline sample ones(const rational& factor = rational(1)) {
    sample result = mean_points();
    result.statistic = "one";
    result.expected = [factor](const arguments& x) {
        matrix<rational> m(1, 1);
        m(0, 0) = factor / x.scalar("sides");
        return m;
    };
    result.tolerance = rational(1, 4);
    return result;
}

/// Statistics with known powers of n: noise of root mean square exactly n^-1/2 (the exponential law
/// with a random sign, divided by sqrt 2), that noise about 3 / n, about 1 / n - 1/20, a coin that
/// shows 1 with probability 1 / n.
inline experiment power_laws() {
    experiment result;
    result.id = "small.powers";
    result.description = "known powers of n";
    result.parameters = {{"n", "parameter", "1", ">= 1"}, {"spread", "of the noise", "1", ""}};
    result.defaults = arguments().set("n", rational(1)).set("spread", rational(1));
    result.statistics = {"noise", "mean", "signed", "coin", "always"};
    result.prepare = [](const arguments& x) -> experiment::draw {
        const std::int64_t whole = x.integer("n", 1, 1 << 20);
        const double spread = x.scalar("spread").nearest();
        return [whole, spread](std::uint64_t seed, std::uint64_t index, double* out) {
            const auto n = static_cast<double>(whole);
            random::stream bits(seed, 0, static_cast<std::uint32_t>(index));
            const double u = 1 - random::uniform01(bits), sign = bits.next() % 2 == 0 ? 1 : -1;
            out[0] = sign * std::log(u) / std::sqrt(2 * n);
            out[1] = 3 / n + spread * out[0];
            out[2] = 1 / n - 0.05 + 0.01 * out[0];
            out[3] = random::uniform_below(bits, static_cast<std::uint64_t>(whole)) == 0 ? 1 : 0;
            out[4] = 1 / n;
        };
    };
    return result;
}

/// The root mean square of the noise goes like n^-1/2; the band is 1/10 to each side of `exponent`.
inline scaling noise_law(const rational& exponent = rational(-1, 2)) {
    return {.experiment = "small.powers",
            .statistic = "noise",
            .of = scaling::moment::root_mean_square,
            .at = {},
            .parameter = "n",
            .values = {1, 4, 16, 64},
            .lower = exponent - rational(1, 10),
            .upper = exponent + rational(1, 10),
            .level = 1e-7,
            .draws = 4000};
}
/// The mean of another statistic goes like 1 / n.
inline scaling mean_law(const std::string& statistic, const rational& exponent = rational(-1)) {
    scaling result = noise_law(exponent);
    result.statistic = statistic;
    result.of = scaling::moment::mean;
    return result;
}

inline all_of together(int middle = 2, const std::string& printed = "1.4142") {
    return {{make_lemma("binomial", binomial(middle)), make_lemma("root", root_of_two(printed))}};
}

inline claim make_claim(const std::string& id, obligation shown_by, outcome expected,
                        std::vector<twin> twins) {
    claim c{.id = id,
            .statement = "a statement about " + id,
            .latex = "",
            .from = {"arXiv:0000.00000", "v1", "section 1"},
            .expected = expected,
            .shown_by = std::move(shown_by),
            .twins = std::move(twins)};
    return c;
}

inline quantity sum_and_product() {
    quantity q{};
    q.id = "small.plane";
    q.description = "x + y and x y";
    q.parameters = {{"x", "abscissa", "1", ""}, {"y", "ordinate", "1", ""}};
    q.defaults = arguments().set("x", rational(1)).set("y", rational(2));
    formula f;
    f.value = record({"x", "y"}, [](auto x, auto y) { return std::vector{x + y, x * y}; });
    q.value = f;
    return q;
}

inline quantity root() {
    quantity q{};
    q.id = "small.root";
    q.description = "sqrt(x y)";
    q.parameters = {{"x", "abscissa", "1", "> 0"}, {"y", "ordinate", "1", "> 0"}};
    q.defaults = arguments().set("x", rational(1)).set("y", rational(2));
    q.value = make_formula(
        {"x", "y"}, [](auto x, auto y) { return sqrt(x * y); },
        [](conditions& need, auto x, auto y) {
            need.positive(x, "x > 0");
            need.positive(y, "y > 0");
        });
    return q;
}

inline figure picture(const std::string& quantity_id, const rational& low) {
    figure f{};
    f.id = "small.picture";
    f.title = "Roots";
    f.claim = "small.root";
    f.x = {"x", "x", low, rational(2), 3};
    panel& only = f.panels.emplace_back();
    only.y = {"y", "y", rational(1), rational(2), 2};
    only.layers.push_back({layer::kind::surface, quantity_id, {}, "surface", {}});
    only.layers.push_back(
        {layer::kind::curve, quantity_id, arguments().set("y", rational(1)), "curve", {}});
    only.layers.push_back({layer::kind::points, "small.plane", {}, "point", {}});
    return f;
}

/// One claim of every kind, each as it should be.
inline paper make_paper() {
    paper p{};
    p.id = "small";
    p.title = "Small statements";
    p.from = {"arXiv:0000.00000", "v1", ""};
    p.claims = {
        make_claim("small.binomial", binomial(), outcome::proved,
                   {{"middle term 3 a b", binomial(3), {}}}),
        make_claim("small.trace", trace(), outcome::certified,
                   {{"trace is multiplicative", trace(false), {}}}),
        make_claim("small.root", root_of_two(), outcome::certified,
                   {{"a digit changed", root_of_two("1.4152"), {}}}),
        make_claim("small.interest", compound_interest(), outcome::supported,
                   {{"exponent 6/5", compound_interest(rational(6, 5)), {}}}),
        make_claim("small.die.mean", mean_points(), outcome::supported,
                   {{"counted from 0", mean_points(-1), {}}}),
        make_claim("small.die.one", ones(), outcome::supported,
                   {{"twice as often", ones(rational(2)), {}}}),
        make_claim("small.both", together(), outcome::certified,
                   {{"middle term 3 a b", binomial(3), "binomial"},
                    {"a digit changed", root_of_two("1.4152"), "root"}}),
    };
    p.quantities = {sum_and_product(), root()};
    p.experiments = {die(), power_laws()};
    p.figures = {picture("small.root", rational(1))};
    return p;
}

inline engine_context quick() { return {}; }

/// For claims that belong to this paper, as those that sample its experiments do.
inline engine_context at_home() {
    static const paper home = make_paper();
    engine_context context;
    context.from = &home;
    return context;
}

inline engine_context with(const arguments& set) {
    engine_context context;
    context.set = set;
    return context;
}

} // namespace flowproof::small
