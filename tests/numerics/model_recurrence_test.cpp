#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "numerics/ode/model_recurrence.hpp"
#include "numerics/ode/vector_field.hpp"
#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::rigorous;
using namespace flowproof::support;

namespace {

constexpr std::int64_t bits = 400;

double uniform(std::mt19937_64& rng) { return std::ldexp(static_cast<double>(rng() >> 11), -53); }

/// Fields over x, y, p that use every operation of the recurrences.
std::vector<std::pair<const char*, tape>> fields() {
    const auto of = [](auto formula) { return record({"x", "y", "p"}, formula); };
    return {
        {"product", of([](auto x, auto y, auto p) {
             return std::vector{p * x * y - x / 3, (1 - p) * x * y + p * y};
         })},
        {"square", of([](auto x, auto y, auto p) {
             return std::vector{p * x * x - y, rational(1, 3) * y * y * x + p};
         })},
        {"linear", of([](auto x, auto y, auto p) {
             return std::vector{p * y + x / 7, -p * x};
         })},
        {"quotient", of([](auto x, auto y, auto p) {
             return std::vector{(x + p * y) / (2 + x * y), p - x / (3 + y)};
         })},
        {"reciprocal", of([](auto x, auto y, auto p) {
             return std::vector{p / (2 + x * y), 1 / (2 + y)};
         })},
        {"sqrt", of([](auto x, auto y, auto p) {
             return std::vector{sqrt(2 + x + p * y), p * sqrt(3 + x * x) - y};
         })},
        {"exp", of([](auto x, auto y, auto p) {
             return std::vector{exp(-p * x), y * exp(y - x)};
         })},
        {"log", of([](auto x, auto y, auto p) {
             return std::vector{log(3 + x * y), p * log(2 + x)};
         })},
        {"sin_cos", of([](auto x, auto y, auto p) {
             return std::vector{sin(p + 2 * y) - x, cos(x * y) * sin(x * y)};
         })},
    };
}

/// Value and derivative of a state's polynomial at u and the symbols.
std::pair<ball, ball> polynomial(const model_recurrence& r, std::size_t state,
                                 const std::vector<rational>& symbols, const rational& u) {
    ball value(rational(0), bits), slope = value;
    for (std::size_t i = 0; i < r.basis()->size(); ++i) {
        ball monomial(rational(1), bits), sum(rational(0), bits), change = sum;
        for (std::size_t s = 0; s < symbols.size(); ++s)
            monomial *= power(ball(symbols[s], bits), r.basis()->exponent(i, static_cast<int>(s)));
        for (int k = r.order(); k >= 0; --k) {
            change = change * u + sum;
            sum = sum * u + ball(rational::exactly(r.coefficient(state, i, k)), bits);
        }
        value += monomial * sum;
        slope += monomial * change;
    }
    return {value, slope};
}

} // namespace

BOOST_AUTO_TEST_SUITE(model_recurrence_test)

BOOST_AUTO_TEST_CASE(the_defect_bounds_what_the_polynomials_fail_by) {
    const std::uint64_t s = seed(31);
    std::mt19937_64 rng(s);
    for (const auto& [name, formula] : fields())
        for (int trial = 0; trial < trials(24); ++trial) {
            // Three kinds: dropped powers of time dominate, dropped degrees do, roundings do.
            const int kind = trial % 3;
            const int n = kind == 2 ? 0 : 2;
            const int degree = kind == 2 ? 0 : kind == 0 ? 6 : 1 + static_cast<int>(rng() % 3);
            const int order = kind == 0 ? 3 + static_cast<int>(rng() % 4) : 12;
            const double unit = std::ldexp(rng() % 2 == 0 ? 1 : -1, kind == 0 ? -1 : -7);
            const double width = kind == 0 ? 1e-3 : kind == 1 ? 0.1 : 0;
            const auto basis = std::make_shared<const monomials>(n, degree);
            const auto spread = [&](double centre) {
                std::vector<double> c(basis->size());
                for (double& x : c)
                    x = width * (uniform(rng) - 0.5);
                c[0] = centre + 0.1 * uniform(rng);
                return model(basis, c, upper());
            };
            const model p = spread(0.4);
            const std::vector<model> start{spread(0.6), spread(0.5)};
            const vector_field f(formula);
            model_recurrence step(
                f.program(), basis,
                evaluate(f.program().coefficients(), std::vector{p}, embed<model>{basis}), order);
            BOOST_REQUIRE(step.expand(start, 2 * unit));
            step.rescale(0.5);
            const auto defect = step.defect();
            BOOST_TEST_CONTEXT("seed " << s << ", " << name << ", trial " << trial << ", degree "
                                       << degree << ", order " << order << ", unit " << unit)
            for (int sample = 0; sample < 3; ++sample) {
                std::vector<rational> symbols;
                for (int i = 0; i < n; ++i)
                    symbols.push_back(sample == 0 ? rational(rng() % 2 == 0 ? 1 : -1)
                                                  : rational::exactly(2 * uniform(rng) - 1));
                const rational u = sample == 0 ? rational(1) : rational::exactly(uniform(rng));
                const auto [x, dx] = polynomial(step, 0, symbols, u);
                const auto [y, dy] = polynomial(step, 1, symbols, u);
                ball parameter(rational(0), bits);
                for (std::size_t i = 0; i < basis->size(); ++i) {
                    ball monomial(rational::exactly(p.coefficients()[i]), bits);
                    for (int j = 0; j < n; ++j)
                        monomial *= power(ball(symbols[static_cast<std::size_t>(j)], bits),
                                          basis->exponent(i, j));
                    parameter += monomial;
                }
                const auto v = evaluate(formula, std::vector{x, y, parameter}, embed<ball>{bits});
                const ball h(rational::exactly(unit), bits);
                const std::array<ball, 2> fails{abs(dx - h * v[0]), abs(dy - h * v[1])};
                for (std::size_t i = 0; i < 2; ++i) {
                    BOOST_TEST_CONTEXT("state " << i << " fails by " << fails[i].str(5)
                                                << ", bound " << defect[i].value()) {
                        const ball bound(rational::exactly(defect[i].value()), bits);
                        BOOST_TEST(certainly(less(fails[i], bound)));
                    }
                    // The bound is of use: not more than the coarsest step would give.
                    BOOST_TEST(defect[i].value() < (kind == 0 ? 1.0 : kind == 1 ? 1e-2 : 1e-13));
                }
            }
        }
}

BOOST_AUTO_TEST_CASE(numbers_beyond_the_range_and_undefined_functions_are_refused) {
    const auto basis = std::make_shared<const monomials>(1, 2);
    const vector_field f(record({"y", "p"}, [](auto y, auto p) { return p * y * y; }));
    const vector_field g(record({"y", "p"}, [](auto y, auto p) { return p / sqrt(y); }));
    const model one = model(basis) + 1;
    const model wide(basis, {0.5, 1, 0}, upper());
    const auto expands = [&](const vector_field& field, const model& start, double unit) {
        return model_recurrence(
                   field.program(), basis,
                   evaluate(field.program().coefficients(), std::vector{one}, embed<model>{basis}),
                   10)
            .expand({start}, unit);
    };
    BOOST_TEST(expands(f, one, 1));
    BOOST_TEST(!expands(f, one, 0x1p200));
    BOOST_TEST(expands(g, one, 1));
    BOOST_TEST(!expands(g, wide, 0x1p-20));
}

BOOST_AUTO_TEST_CASE(lanes_do_not_change_the_bits) {
    if (!model_recurrence::has_wide_lanes()) return;
    const vector_field f(record({"x", "y", "p"}, [](auto x, auto y, auto p) {
        return std::vector{p * y * y - x / (1 + y), sin(x) * y + p};
    }));
    const auto basis = std::make_shared<const monomials>(2, 5);
    const model p(basis, std::vector<double>(basis->size(), 0.013), upper());
    const auto coefficients =
        evaluate(f.program().coefficients(), std::vector{p}, embed<model>{basis});
    for (const int order : {3, 7, 15, 22}) {
        model_recurrence wide(f.program(), basis, coefficients, order, true),
            plain(f.program(), basis, coefficients, order, false);
        BOOST_REQUIRE(wide.expand({p, p + 1}, 0.25));
        BOOST_REQUIRE(plain.expand({p, p + 1}, 0.25));
        int different = 0;
        for (std::size_t s = 0; s < 2; ++s)
            for (std::size_t i = 0; i < basis->size(); ++i)
                for (int k = 0; k <= order; ++k)
                    different += wide.coefficient(s, i, k) != plain.coefficient(s, i, k) ? 1 : 0;
        BOOST_TEST(different == 0);
        BOOST_TEST(wide.defect()[0].value() == plain.defect()[0].value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
