// Validated flows in balls against closed forms and integrations with many more digits.
#include <boost/test/unit_test.hpp>
#include <optional>
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
        {"exp x", [](const expr& x, const expr&) { return exp(x); },
         [](const ball& y, const ball& t) { return y + exp(t) - 1; }},
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
    const int count = trials(400);
    for (int trial = 0; trial < count; ++trial) {
        const tape t = random_tape(rng, 4 + static_cast<int>(rng() % 8), vocabulary::all);
        const rational x = small_nonzero(rng), y = small_nonzero(rng), p = small_nonzero(rng);
        const rational time = rational(static_cast<std::int64_t>(rng() % 33) - 16, 8);
        const std::string text = t.text();
        BOOST_TEST_CONTEXT("trial " << trial << " x " << x << " y " << y << " alphaV " << p
                                    << " time " << time << "\n"
                                    << text) {
            std::optional<vector_field> made;
            try {
                made.emplace(t);
            } catch (const std::domain_error&) {
                continue; // divides by the constant 0
            }
            const vector_field& f = *made;
            const int n = 8 + static_cast<int>(rng() % 40);
            flow_options o = digits(n);
            o.max_steps = 200;
            o.errors = trial % 3 == 0 ? transport::frame : transport::norm;
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

/// Event and velocity over the same variables.
struct with_event {
    tape velocity, event;
    vector_field field() const { return vector_field(velocity, event); }
};

BOOST_AUTO_TEST_CASE(crossings_contain_their_closed_forms) {
    // x' = 1, y' = -y: the event exp(-x) y^2 - 1/7 from y = 1 vanishes at log(7) / 3.
    recorder r;
    const expr x = r.variable("x"), y = r.variable("y");
    const with_event decay{r.finish(std::vector<expr>{r.constant(1), -y}),
                           r.finish(std::vector<expr>{exp(-x) * y * y - rational(1, 7)})};
    // A circle, quarter turns: from (1, 0) the first coordinate vanishes at pi / 2 and -pi / 2.
    const with_event circle{r.finish(std::vector<expr>{-y, x}), r.finish(std::vector<expr>{x})};
    // From (1, 0) the second one vanishes at the start, first again at +-pi.
    const with_event half{r.finish(std::vector<expr>{-y, x}), r.finish(std::vector<expr>{y})};
    // x = t, y = 1 - cos t - ..: (t^2 - 1)^2 (t - 2) t^3 touches 0 at 1.
    for (const int n : {15, 50, 150})
        BOOST_TEST_CONTEXT(n << " digits") {
            const auto a = enclose(decay.field(), {number(0), number(1)}, {}, number(9), digits(n));
            BOOST_TEST((a.why == ending::crossed), name(a.why));
            const ball when = log(number(7)) / 3;
            BOOST_TEST(a.time.contains(when), a.time.str(60));
            BOOST_TEST(a.state[1].contains(exp(-when)));
            check_narrow(a.state, n);
            check_narrow({a.time}, n);
            for (const int sign : {1, -1}) {
                const auto b = enclose(circle.field(), {number(1), number(0)}, {}, number(9 * sign),
                                       digits(n));
                BOOST_TEST((b.why == ending::crossed), name(b.why));
                BOOST_TEST(b.time.contains(sign * ball::pi(many) / 2), b.time.str(60));
                BOOST_TEST(b.state[1].contains(number(sign)));
                const auto c =
                    enclose(half.field(), {number(1), number(0)}, {}, number(9 * sign), digits(n));
                BOOST_TEST((c.why == ending::crossed), name(c.why));
                BOOST_TEST(c.time.contains(sign * ball::pi(many)), c.time.str(60));
                check_narrow({c.time}, n);
            }
        }
}

BOOST_AUTO_TEST_CASE(events_that_are_not_certain_are_unclear) {
    recorder r;
    const expr x = r.variable("x"), q = r.variable("q");
    const tape clock = r.finish(std::vector<expr>{r.constant(1) + 0 * q});
    const auto run = [&](const expr& event, const rational& p, const rational& time) {
        const vector_field f(clock, r.finish(std::vector<expr>{event + 0 * q}));
        return enclose(f, {number(0)}, {number(p)}, number(time), digits(20));
    };
    // Touches 0 at 1, vanishes at the start with order three, crosses at 2.
    const expr touching = power(x - 1, 2) * (x - 2) * power(x, 3);
    BOOST_TEST(name(run(touching, 0, 3).why) == name(ending::unclear));
    BOOST_TEST((run(touching, 0, rational(1, 2)).why == ending::reached));
    BOOST_TEST((run(touching, 0, -7).why == ending::reached));
    const expr lifted = (power(x - 1, 2) + power(q, 40)) * (x - 2) * power(x, 3);
    const auto crossing = run(lifted, rational(1, 4), 3);
    BOOST_TEST((crossing.why == ending::crossed), name(crossing.why));
    BOOST_TEST(crossing.time.contains(rational(2)));
    // The end is the zero: neither reached nor crossed.
    BOOST_TEST(name(run(x - rational(2), 0, 2).why) == name(ending::unclear));
    // Two zeros closer than any step: the first counts.
    const auto pair = run((x - rational(1)) * (x - rational(1) - power(q, 30)), rational(1, 2), 3);
    BOOST_TEST((pair.why == ending::crossed), name(pair.why));
    BOOST_TEST(pair.time.contains(rational(1)));
    // Starts on both sides of 0.
    const vector_field f(clock, r.finish(std::vector<expr>{x + 0 * q}));
    const ball wide = ball::hull(rational(-1, 1000), rational(1, 1000), 100);
    BOOST_TEST((enclose(f, {wide}, {number(0)}, number(2), digits(20)).why == ending::unclear));
}

BOOST_AUTO_TEST_CASE(sets_of_starts_parameters_and_end_times_are_covered) {
    // y' = q y (1 - y), and the clock of an inexact end.
    recorder r;
    const expr y = r.variable("y"), q = r.variable("q");
    const vector_field f(r.finish(std::vector<expr>{q * y * (1 - y)}));
    const auto solution = [](const rational& start, const rational& rate, const rational& time) {
        const ball s = number(start);
        return s / (s + (1 - s) * exp(-(number(rate) * number(time))));
    };
    std::mt19937_64 rng(seed(20261124));
    const auto between = [&](const rational& centre, const rational& radius) {
        const auto u = static_cast<std::int64_t>(rng() % 5) - 2;
        return centre + radius * rational(u, 2);
    };
    for (int trial = 0; trial < trials(300); ++trial) {
        const rational centre = rational(1 + static_cast<std::int64_t>(rng() % 8), 10),
                       rate = rational(1 + static_cast<std::int64_t>(rng() % 30), 10),
                       end(static_cast<std::int64_t>(rng() % 40) + 1, trial % 2 ? 8 : -16);
        const auto radius = [&] {
            return rng() % 3 == 0
                       ? rational(0)
                       : power(rational(1, 10), 3 + static_cast<std::int64_t>(rng() % 30));
        };
        const rational a = radius(), b = radius(), c = radius();
        const auto set = [](const rational& m, const rational& d) {
            return d == 0 ? number(m) : ball::hull(m - d, m + d, 200);
        };
        flow_options o = digits(20);
        o.errors = trial % 3 == 0   ? transport::frame
                   : trial % 3 == 1 ? transport::norm
                                    : transport::automatic;
        const auto t =
            enclose(f, {set(centre, a)}, {set(rate, b)}, c == 0 ? ball(end, 200) : set(end, c), o);
        BOOST_TEST_CONTEXT("trial " << trial << ": " << centre << " +- " << a << ", " << rate
                                    << " +- " << b << ", " << end << " +- " << c) {
            BOOST_TEST((t.why == ending::reached), name(t.why));
            for (int point = 0; point < 4; ++point) {
                const ball exact = solution(between(centre, a), between(rate, b), between(end, c));
                BOOST_TEST(t.state[0].contains(exact), t.state[0].str(40) << " " << exact.str(40));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(tubes_contain_the_solution_at_all_times) {
    recorder r;
    const expr x = r.variable("x"), y = r.variable("y");
    const vector_field f(r.finish(std::vector<expr>{-y, x}));
    for (const int sign : {1, -1}) {
        flow_options o = digits(20);
        o.keep_path = true;
        const auto t = enclose(f, {number(1), number(0)}, {}, number(20 * sign), o);
        BOOST_REQUIRE((t.why == ending::reached));
        BOOST_TEST(static_cast<std::int64_t>(t.path.size()) == t.steps);
        for (int i = 0; i <= 160; ++i) {
            const ball when = number(rational(sign * i, 8));
            const auto at = t.over(when);
            BOOST_TEST(at[0].contains(cos(when)), i << ": " << at[0].str(30));
            BOOST_TEST(at[1].contains(sin(when)), i << ": " << at[1].str(30));
            check_narrow(at, 15);
        }
        const auto wide = t.over(ball::hull(rational(sign * 10) - 3, rational(sign * 10) + 3, 60));
        BOOST_TEST(wide[0].contains(rational(1)));
        BOOST_TEST(wide[0].contains(rational(-1)));
        BOOST_CHECK_THROW(t.over(number(-sign)), std::invalid_argument);
        BOOST_CHECK_THROW(t.over(number(21 * sign)), std::invalid_argument);
    }
    BOOST_CHECK_THROW(enclose(f, {number(1), number(0)}, {}, number(1)).over(number(0)),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_frame_keeps_what_the_norm_loses) {
    recorder r;
    const expr x = r.variable("x"), y = r.variable("y"), z = r.variable("z");
    const vector_field turn(r.finish(std::vector<expr>{-y, x, 0 * z})),
        lorenz(r.finish(
            std::vector<expr>{10 * (y - x), x * (28 - z) - y, x * y - rational(8, 3) * z}));
    // A box of starts turns and does not grow.
    const rational size(1, 100);
    const auto t = enclose(turn, {ball::hull(1 - size, 1 + size, 100), number(0), number(0)}, {},
                           number(50), digits(30));
    BOOST_TEST((t.why == ending::reached), name(t.why));
    for (const rational& start : {1 - size, rational(1), 1 + size}) {
        BOOST_TEST(t.state[0].contains(number(start) * cos(number(50))));
        BOOST_TEST(t.state[1].contains(number(start) * sin(number(50))));
    }
    BOOST_TEST((t.state[0].radius() < size * rational(11, 10)));
    // The norm would need more than a hundred digits here; automatic finds that out.
    const std::vector<ball> start{number(15), number(15), number(36)};
    const auto butterfly = enclose(lorenz, start, {}, number(5), digits(20));
    approx::ode_options a;
    a.digits = 60;
    const auto reference = approx::integrate(lorenz, start, {}, number(5), a);
    check_narrow(butterfly.state, 20);
    for (std::size_t i = 0; i < 3; ++i)
        BOOST_TEST(butterfly.state[i].contains(reference.state[i].midpoint()));
}

BOOST_AUTO_TEST_CASE(boxes_of_starts_are_covered_by_the_norm) {
    recorder r;
    const expr x = r.variable("x"), y = r.variable("y");
    const tape turn = r.finish(std::vector<expr>{-y, x});
    flow_options o = digits(20);
    o.errors = transport::norm;
    // Corners of a box turn out of it.
    const rational size(1, 100), angle(3, 4);
    const ball side = ball::hull(-size, size, 100), c = cos(number(angle)), s = sin(number(angle));
    const auto t = enclose(vector_field(turn), {1 + side, side}, {}, number(angle), o);
    for (const rational& a : {1 - size, 1 + size})
        for (const rational& b : {-size, size}) {
            BOOST_TEST(t.state[0].contains(c * number(a) - s * number(b)));
            BOOST_TEST(t.state[1].contains(s * number(a) + c * number(b)));
        }
    // The Jacobian grows with the set: x = a exp 3t, y = a^2 (exp 6t - 1) / 6.
    const auto grown = enclose(vector_field(r.finish(std::vector<expr>{3 * x, x * x + 0 * y})),
                               {side, number(0)}, {}, number(2), o);
    if (grown.why == ending::reached)
        BOOST_TEST(grown.state[1].contains(number(size * size) * (exp(number(12)) - 1) / 6),
                   grown.state[1].str(10));
    // A crossing earlier or later by the angle of the start.
    const rational tilt(1, 1'000'000);
    const auto early = enclose(vector_field(turn, r.finish(std::vector<expr>{x + 0 * y})),
                               {number(1), ball::hull(-tilt, tilt, 100)}, {}, number(3), o);
    BOOST_TEST((early.why == ending::crossed), name(early.why));
    for (const rational& b : {-tilt, tilt})
        BOOST_TEST(early.time.contains(ball::pi(many) / 2 + number(b * rational(999, 1000))));
}

BOOST_AUTO_TEST_CASE(poles_and_borders_end_with_the_last_good_enclosure) {
    struct problem {
        one_state f;
        rational start;
        ending why;
        rational before; // time that is passed, the solution does not live until `after`
        rational after;
    };
    const problem problems[] = {
        {[](const expr& y) { return y * y; }, 1, ending::not_validated, rational(999, 1000), 1},
        {[](const expr& y) { return 1 + y * y; }, 0, ending::not_validated, rational(157, 100),
         rational(1571, 1000)},
        {[](const expr& y) { return exp(y); }, 0, ending::not_validated, rational(999, 1000), 1},
        {[](const expr& y) { return -1 / y; }, 1, ending::not_validated, rational(499, 1000),
         rational(1, 2)},
        {[](const expr& y) { return -sqrt(y); }, 1, ending::not_validated, rational(199, 100), 2},
        {[](const expr& y) { return log(y); }, -1, ending::undefined, 0, 0},
        {[](const expr& y) { return sqrt(y); }, 0, ending::undefined, 0, 0},
        {[](const expr& y) { return 1 / y; }, 0, ending::undefined, 0, 0},
    };
    int number_of_problem = 0;
    for (const problem& p : problems)
        BOOST_TEST_CONTEXT("problem " << number_of_problem++) {
            const auto t = enclose(scalar_field(p.f), {number(p.start)}, {}, number(3), digits(15));
            BOOST_TEST((t.why == p.why), name(t.why));
            BOOST_TEST((t.time.midpoint() >= p.before), t.time.str(20));
            BOOST_TEST((t.time.midpoint() <= p.after), t.time.str(20));
        }
}

BOOST_AUTO_TEST_CASE(requests_are_checked) {
    const vector_field f = scalar_field([](const expr& y) { return -y; });
    const std::vector<ball> one{number(1)}, none;
    const auto refused = [&](const std::vector<ball>& s, const std::vector<ball>& p, const ball& d,
                             const flow_options& o) {
        BOOST_CHECK_THROW(enclose(f, s, p, d, o), std::invalid_argument);
    };
    refused(none, none, number(1), digits(15));
    refused(one, one, number(1), digits(15));
    refused({number(1) / number(0)}, none, number(1), digits(15));
    refused(one, none, ball::hull(rational(-1), rational(2), 60), digits(15));
    refused(one, none, number(1), digits(0));
    flow_options o;
    o.order = 3;
    refused(one, none, number(1), o);
    o = {};
    o.max_steps = 0;
    BOOST_TEST((enclose(f, one, none, number(1), o).why == ending::out_of_steps));
    const std::atomic<bool> stop{true};
    o = {};
    o.stop = &stop;
    BOOST_TEST((enclose(f, one, none, number(1), o).why == ending::interrupted));
    BOOST_TEST((enclose(f, one, none, number(0)).why == ending::reached));
}

BOOST_AUTO_TEST_SUITE_END()
