// Validated flows in balls against closed forms and integrations with many more digits.
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

#include "numerics/ode/enclose.hpp"
#include "numerics/ode/integrate.hpp"
#include "numerics/scalar/expr.hpp"
#include "tests/support/random_tape.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;
using rigorous::enclose;
using rigorous::ending;
using rigorous::flow_options;
using rigorous::transport;
using rigorous::tube;

namespace {

using one_state = expr (*)(const expr&);

/// y' = f(y), one state.
vector_field scalar_field(one_state f) {
    recorder r;
    const expr y = r.variable("y");
    return vector_field(r.finish(std::vector<expr>{f(y)}));
}

flow_options digits(int n) {
    flow_options o;
    o.digits = n;
    return o;
}

constexpr std::int64_t many = 900; // bits of references
ball number(const rational& q) { return ball(q, many); }

/// Width of the largest radius relative to the largest value.
void check_narrow(const std::vector<ball>& y, int asked) {
    rational radius = 0, size = 0;
    for (const ball& x : y) {
        radius = std::max(radius, x.radius());
        size = std::max(size, abs(x.midpoint()));
    }
    BOOST_TEST((radius <= size * power(rational(1, 10), asked)));
}

/// The exact solution lies in the enclosure and `asked` digits are there.
void check_end(const tube<ball>& t, const std::vector<ball>& exact, int asked) {
    BOOST_TEST((t.why == ending::reached), name(t.why));
    for (std::size_t i = 0; i < exact.size(); ++i)
        BOOST_TEST(t.state[i].contains(exact[i]),
                   "component " << i << ": " << t.state[i].str(60) << " and " << exact[i].str(60));
    check_narrow(t.state, asked);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ode_enclose_ball_test)

BOOST_AUTO_TEST_CASE(scalar_flows_contain_their_closed_forms) {
    const rational third(1, 3);
    struct problem {
        const char* name;
        one_state f;
        rational start, duration;
        ball (*solution)(const ball& y, const ball& t);
    };
    const problem problems[] = {
        {"growth", [](const expr& y) { return 2 * y; }, third, 5,
         [](const ball& y, const ball& t) { return y * exp(2 * t); }},
        {"decay", [](const expr& y) { return -3 * y; }, third, 5,
         [](const ball& y, const ball& t) { return y * exp(-3 * t); }},
        {"logistic", [](const expr& y) { return y * (1 - y); }, rational(1, 100), 12,
         [](const ball& y, const ball& t) { return y / (y + (1 - y) * exp(-t)); }},
        {"square", [](const expr& y) { return y * y; }, 1, rational(7, 8),
         [](const ball& y, const ball& t) { return y / (1 - y * t); }},
        {"square, backward", [](const expr& y) { return y * y; }, 1, -20,
         [](const ball& y, const ball& t) { return y / (1 - y * t); }},
        {"root", [](const expr& y) { return -sqrt(y); }, 1, rational(7, 4),
         [](const ball& y, const ball& t) { return power(sqrt(y) - t / 2, 2); }},
        {"reciprocal", [](const expr& y) { return 1 / y; }, third, 3,
         [](const ball& y, const ball& t) { return sqrt(y * y + 2 * t); }},
        {"quotient", [](const expr& y) { return y / (2 * (y * y)); }, third, 3,
         [](const ball& y, const ball& t) { return sqrt(y * y + t); }},
        {"exponential", [](const expr& y) { return exp(-y); }, third, 6,
         [](const ball& y, const ball& t) { return log(exp(y) + t); }},
        {"logarithm", [](const expr& y) { return y * log(y); }, rational(1, 2), 2,
         [](const ball& y, const ball& t) { return exp(log(y) * exp(t)); }},
    };
    for (const problem& p : problems)
        for (const int n : {12, 40, 120})
            BOOST_TEST_CONTEXT(p.name << ", " << n << " digits") {
                const auto t = enclose(scalar_field(p.f), {number(p.start)}, {}, number(p.duration),
                                       digits(n));
                check_end(t, {p.solution(number(p.start), number(p.duration))}, n);
            }
}

BOOST_AUTO_TEST_CASE(flows_of_a_clock_contain_their_closed_forms) {
    // x' = 1 beside y; the start of x is 0.
    struct problem {
        const char* name;
        expr (*f)(const expr& x, const expr& y);
        ball (*solution)(const ball& y, const ball& t);
    };
    const problem problems[] = {
        {"cos x", [](const expr& x, const expr&) { return cos(x); },
         [](const ball& y, const ball& t) { return y + sin(t); }},
        {"y sin 2x", [](const expr& x, const expr& y) { return y * sin(2 * x); },
         [](const ball& y, const ball& t) { return y * exp((1 - cos(2 * t)) / 2); }},
        {"y exp -x", [](const expr& x, const expr& y) { return y * exp(-x); },
         [](const ball& y, const ball& t) { return y * exp(1 - exp(-t)); }},
        {"log(1+x)", [](const expr& x, const expr&) { return log(1 + x); },
         [](const ball& y, const ball& t) { return y + (1 + t) * log(1 + t) - t; }},
        {"log(1+x^2) x", [](const expr& x, const expr&) { return x * log(1 + x * x); },
         [](const ball& y, const ball& t) {
             const ball u = 1 + t * t;
             return y + (u * log(u) - u + 1) / 2;
         }},
        {"y/(1+x)", [](const expr& x, const expr& y) { return y / (1 + x); },
         [](const ball& y, const ball& t) { return y * (1 + t); }},
        {"sqrt(1+x)", [](const expr& x, const expr&) { return sqrt(1 + x); },
         [](const ball& y, const ball& t) {
             const ball u = 1 + t;
             return y + 2 * (u * sqrt(u) - 1) / 3;
         }},
        {"1/(1+x)^2", [](const expr& x, const expr&) { return power(1 + x, -2); },
         [](const ball& y, const ball& t) { return y + 1 - 1 / (1 + t); }},
    };
    for (const problem& p : problems)
        for (const rational& time : {rational(7, 2), rational(-3, 4)})
            for (const int n : {12, 50})
                BOOST_TEST_CONTEXT(p.name << ", " << n << " digits, time " << time) {
                    recorder r;
                    const expr x = r.variable("x"), y = r.variable("y");
                    const vector_field f(r.finish(std::vector<expr>{r.constant(1), p.f(x, y)}));
                    const ball start = number(rational(1, 3)), t = number(time);
                    const auto end = enclose(f, {number(0), start}, {}, t, digits(n));
                    check_end(end, {t, p.solution(start, t)}, n);
                }
}

BOOST_AUTO_TEST_CASE(random_flows_contain_integrations_with_more_digits) {
    std::mt19937_64 rng(seed(20261123));
    int reached = 0, tried = 0;
    const int count = trials(1500);
    for (int trial = 0; trial < count; ++trial) {
        const tape t = random_tape(rng, 4 + static_cast<int>(rng() % 8), vocabulary::all);
        const rational x = small_nonzero(rng), y = small_nonzero(rng), p = small_nonzero(rng);
        const rational time = rational(static_cast<std::int64_t>(rng() % 33) - 16, 8);
        const std::string text = t.text();
        BOOST_TEST_CONTEXT("trial " << trial << " x " << x << " y " << y << " alphaV " << p
                                    << " time " << time << "\n"
                                    << text) {
            const vector_field f(t);
            const int n = 8 + static_cast<int>(rng() % 40);
            flow_options o = digits(n);
            o.max_steps = 200;
            const auto tube = enclose(f, {number(x), number(y)}, {number(p)}, number(time), o);
            ++tried;
            if (tube.why != ending::reached) continue;
            ++reached;
            approx::ode_options a;
            a.digits = n + 40;
            const auto reference =
                approx::integrate(f, {number(x), number(y)}, {number(p)}, number(time), a);
            BOOST_TEST((reference.why == approx::ending::reached), name(reference.why));
            if (reference.why != approx::ending::reached) continue;
            for (std::size_t i = 0; i < 2; ++i) {
                // The reference is no proof: it may be off by 2^-60 of the radius.
                const ball& e = tube.state[i];
                const rational gap = abs(reference.state[i].midpoint() - e.midpoint());
                const rational size = std::max<rational>(abs(e.midpoint()), 1);
                BOOST_TEST((gap <= e.radius() + size * power(rational(1, 10), n + 25)),
                           "component " << i << ": " << e.str(50) << " and "
                                        << reference.state[i].str(50));
            }
        }
    }
    BOOST_TEST_MESSAGE(reached << " of " << tried << " reached");
    BOOST_TEST(reached > count / 3);
}

BOOST_AUTO_TEST_SUITE_END()
