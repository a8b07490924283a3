// The polynomials of a Taylor step fail their equations by no more than the residuals say: in exact
// rationals, coefficient by coefficient.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "numerics/ode/ball_recurrence.hpp"
#include "numerics/ode/step_bounds.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/exact_value.hpp"
#include "tests/support/random_tape.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;
using approx::ball_recurrence;

namespace {

/// Checks every equation of the orders above 0. Returns the largest ratio of failure and bound.
class equations {
public:
    explicit equations(const ball_recurrence& n) : n_(n) {
        for (const approx::row& r : n.rows) {
            rows_.emplace_back();
            for (slong k = 0; k <= n.order; ++k)
                rows_.back().push_back(value(approx::mid(r[k])));
        }
        for (const ball& c : n.coefficients())
            factors_.push_back(c.midpoint());
    }

    rational check() {
        for (slong k = 1; k <= n_.row_order(); ++k)
            for (const taylor_instruction& i : n_.program.instructions())
                check(i, k);
        for (std::size_t i = 0; i < n_.program.states(); ++i)
            for (slong k = 1; k <= n_.order; ++k) {
                const auto& f =
                    n_.program.forms()[static_cast<std::size_t>(n_.program.velocity()[i])];
                compare(i, k, at(static_cast<std::int32_t>(i), k) - form(f, k - 1) / rational(k));
            }
        return largest_;
    }

private:
    const rational& at(std::int32_t r, slong k) const {
        return rows_[static_cast<std::size_t>(r)][static_cast<std::size_t>(k)];
    }
    rational inner(std::int32_t x, std::int32_t y, slong k, slong first) const {
        rational sum;
        for (slong j = first; j <= k; ++j)
            sum += at(x, j) * at(y, k - j);
        return sum;
    }
    rational form(const affine_form& f, slong k) const {
        rational sum;
        if (k == 0 && f.constant >= 0) sum = factors_[static_cast<std::size_t>(f.constant)];
        for (const auto& t : f.terms) {
            const rational& x = at(t.row, k);
            sum += t.coefficient == affine_form::one ? x
                   : t.coefficient == affine_form::minus_one
                       ? -x
                       : x * factors_[static_cast<std::size_t>(t.coefficient)];
        }
        return sum;
    }
    void compare(std::size_t r, slong k, const rational& failure) {
        const rational bound = value(n_.residual(r, k));
        BOOST_TEST((abs(failure) <= bound), "row " << r << ", order " << k << ": "
                                                   << failure.decimal(5) << " beyond "
                                                   << bound.decimal(5));
        if (bound.sign() > 0) largest_ = std::max(largest_, rational(abs(failure) / bound));
    }
    void check(const taylor_instruction& i, slong k) {
        const auto out = static_cast<std::size_t>(i.out);
        const rational& r = at(i.out, k);
        const rational over_k(1, k);
        switch (i.op) {
        case taylor_op::affine:
            return compare(out, k, r - form(n_.program.forms()[static_cast<std::size_t>(i.x)], k));
        case taylor_op::product:
            return compare(out, k, r - inner(i.x, i.y, k, 0));
        case taylor_op::square:
            return compare(out, k, r - inner(i.x, i.x, k, 0));
        case taylor_op::quotient:
            return compare(out, k, inner(i.out, i.y, k, 0) - at(i.x, k));
        case taylor_op::reciprocal:
            return compare(out, k, inner(i.out, i.x, k, 0));
        case taylor_op::sqrt:
            return compare(out, k, inner(i.out, i.out, k, 0) - at(i.x, k));
        case taylor_op::slope:
            return compare(out, k, r - rational(k) * at(i.x, k));
        case taylor_op::exp:
            return compare(out, k, r - over_k * inner(i.y, i.out, k, 1));
        case taylor_op::log:
            return compare(out, k, r - over_k * at(i.y, k));
        case taylor_op::sin_cos:
            compare(out, k, r - over_k * inner(i.y, i.out + 1, k, 1));
            return compare(out + 1, k, at(i.out + 1, k) + over_k * inner(i.y, i.out, k, 1));
        }
    }

    const ball_recurrence& n_;
    std::vector<std::vector<rational>> rows_;
    std::vector<rational> factors_;
    rational largest_;
};

struct problem {
    std::vector<rational> start, parameters;
    slong order, bits;
    double unit;
};

/// Beyond that exact rationals take too long.
bool moderate(const ball_recurrence& n) {
    for (const approx::row& r : n.rows)
        for (slong k = 0; k <= n.order; ++k)
            if (!arf_is_zero(approx::mid(r[k])) &&
                std::abs(approx::log2_abs(approx::mid(r[k]))) > 1e4)
                return false;
    return true;
}

/// False if the velocity is not defined there, or very large.
bool check(const tape& t, const problem& p, rational& largest) {
    std::vector<ball> parameters;
    for (const rational& q : p.parameters)
        parameters.emplace_back(q, 300);
    ball_recurrence n(vector_field(t), parameters, p.order, p.bits, approx::residuals::bounded);
    for (std::size_t i = 0; i < p.start.size(); ++i)
        arf_set_round(approx::mid(n.rows[i][0]),
                      approx::mid(static_cast<arb_srcptr>(ball(p.start[i], 300).raw())), p.bits,
                      ARF_RND_DOWN);
    n.unit = p.unit;
    if (!n.evaluate()) return false;
    BOOST_TEST_REQUIRE(n.expand());
    if (!moderate(n)) return false;
    largest = std::max(largest, equations(n).check());
    return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ball_recurrence_test)

BOOST_AUTO_TEST_CASE(residuals_bound_what_the_equations_lack) {
    const tape fields[] = {
#define FLOWPROOF_FIELD(first, second)                                                             \
    record({"x", "y", "p"}, []([[maybe_unused]] auto x, [[maybe_unused]] auto y, auto p) {         \
        return std::vector{first + 0 * p, second};                                                 \
    })
        FLOWPROOF_FIELD(x * y - p, x * x - p * y * y),
        FLOWPROOF_FIELD(x / y, p / (x + y)),
        FLOWPROOF_FIELD((x + 1) / (y - p), (p * x) / (p * y)),
        FLOWPROOF_FIELD(sqrt(1 + x * x), sqrt(p * p + y * y)),
        FLOWPROOF_FIELD(exp(x), exp(-y * p)),
        FLOWPROOF_FIELD(log(2 + x * x), log(1 + y * y) / p),
        FLOWPROOF_FIELD(sin(x * y), cos(x) * sin(p * y)),
        FLOWPROOF_FIELD(x * exp(-x * x) / (1 + y), sqrt(1 + cos(y) * cos(y)) * log(p * p + x * x)),
#undef FLOWPROOF_FIELD
    };
    std::mt19937_64 rng(seed(321));
    rational largest;
    int compared = 0;
    for (int trial = 0; trial < trials(160); ++trial) {
        const tape& t = fields[static_cast<std::size_t>(trial) % std::size(fields)];
        const auto pick = [&] { return small_nonzero(rng) / rational(7); };
        // From few bits to many; units too short, fitting and far too long; starts of 0.
        const problem p{{rng() % 4 ? pick() : rational(0), rng() % 4 ? pick() : rational(0)},
                        {pick()},
                        static_cast<slong>(rng() % 24) + 4,
                        static_cast<slong>(rng() % 300) + 20,
                        static_cast<double>(rng() % 1000) / 40 - 15};
        BOOST_TEST_CONTEXT("trial " << trial << " at " << p.start[0] << " " << p.start[1] << " "
                                    << p.parameters[0] << ", order " << p.order << ", " << p.bits
                                    << " bits, unit 2^" << p.unit << "\n"
                                    << t.text())
        compared += check(t, p, largest);
    }
    BOOST_TEST(compared > trials(160) / 2);
    // Bounds that are never nearly reached would hide a mistake.
    BOOST_TEST((largest > rational(1, 4)), largest.decimal(5));
    BOOST_TEST_MESSAGE("largest failure / bound: " << largest.decimal(5));
}

BOOST_AUTO_TEST_CASE(random_tapes) {
    std::mt19937_64 rng(seed(322));
    rational largest;
    int compared = 0;
    for (int trial = 0; trial < trials(200); ++trial) {
        const auto words = static_cast<vocabulary>(trial % 3);
        const tape t = random_tape(rng, 4 + static_cast<int>(rng() % 12), words);
        const std::size_t states = t.outputs().size();
        problem p{{},
                  {},
                  static_cast<slong>(rng() % 16) + 4,
                  static_cast<slong>(rng() % 200) + 40,
                  static_cast<double>(rng() % 800) / 40 - 12};
        for (std::size_t i = 0; i < t.variables().size(); ++i)
            (i < states ? p.start : p.parameters).push_back(small_nonzero(rng) / rational(8));
        BOOST_TEST_CONTEXT("trial " << trial << ", order " << p.order << ", " << p.bits
                                    << " bits, unit 2^" << p.unit << "\n"
                                    << t.text())
        try {
            compared += check(t, p, largest);
        } catch (const std::domain_error&) { // a division by the constant 0
        }
    }
    BOOST_TEST(compared > trials(200) / 4);
}

/// y' = q y: what the rounded polynomial fails by, integrated exactly, lies below the bound of the
/// step. So many orders that rounding is all there is.
BOOST_AUTO_TEST_CASE(the_defect_of_a_step_holds_the_rounding) {
    const vector_field f(record({"y", "q"}, [](auto y, auto q) { return q * y; }));
    std::mt19937_64 rng(seed(323));
    for (int trial = 0; trial < trials(50); ++trial) {
        const rational q = small_nonzero(rng) / rational(64),
                       start = small_nonzero(rng) / rational(7);
        ball_recurrence n(f, {ball(q, 300)}, 40, static_cast<slong>(rng() % 60) + 20,
                          approx::residuals::bounded);
        arf_set_round(approx::mid(n.rows[0][0]),
                      approx::mid(static_cast<arb_srcptr>(ball(start, 300).raw())), n.bits,
                      ARF_RND_DOWN);
        n.unit = -3;
        BOOST_TEST_REQUIRE(n.evaluate());
        BOOST_TEST_REQUIRE(n.expand());
        const rational length(1, 8);
        arf_t h;
        arf_init(h);
        arf_set_d(h, 0.125);
        const rational bound = value(rigorous::step_bounds(n, h).defect(0));
        arf_clear(h);
        rational failure, power_of_h(1);
        for (slong k = 0; k <= n.order; ++k) {
            power_of_h *= length;
            rational rate = q * value(approx::mid(n.rows[0][k]));
            if (k < n.order) rate -= rational(k + 1) * value(approx::mid(n.rows[0][k + 1]));
            failure += rate * power_of_h / rational(k + 1);
        }
        BOOST_TEST_CONTEXT("q " << q << ", start " << start << ", " << n.bits << " bits") {
            BOOST_TEST((abs(failure) <= bound), failure.decimal(5)
                                                    << " beyond " << bound.decimal(5));
            BOOST_TEST((bound < power(rational(2), -n.bits))); // and holds little else
        }
    }
}

/// A unit far too long is found out, however far.
BOOST_AUTO_TEST_CASE(the_unit_becomes_what_the_coefficients_allow) {
    const vector_field f(record({"x"}, [](auto x) { return x * x; })); // 1 / (1/x - t)
    for (const double unit : {3.0, 30.0, 300.0, 3000.0}) {
        ball_recurrence n(f, {}, 60, 150);
        arf_set_d(approx::mid(n.rows[0][0]), 1);
        n.unit = unit;
        BOOST_TEST_REQUIRE(n.evaluate());
        BOOST_TEST_REQUIRE(n.expand());
        BOOST_TEST(n.unit < 6.0);
        BOOST_TEST(n.unit > -6.0);
        for (slong k = 0; k <= 20; ++k) // all are 1
            BOOST_TEST(
                (abs(value(approx::mid(n.rows[0][k])) - rational(1)) < power(rational(2), -60)),
                "unit " << unit << ", order " << k);
    }
}

BOOST_AUTO_TEST_SUITE_END()
