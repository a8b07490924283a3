// A value along a flow: step by step, up to an end time or the first zero of an event.
#include <optional>

#include "verify/check/jet.hpp"
#include "verify/check/kinds.hpp"
#include "verify/check/tube.hpp"

namespace flowproof::check {

namespace {

constexpr std::size_t most_order = 5000;
constexpr std::int64_t most_bits = 1 << 20, guard_bits = 64;

/// Where the solution is known to be: within error * weights of the centre.
struct place {
    std::vector<ball> centre, weights;
    ball error;
};

struct value_bounds {
    std::size_t output, line;
    std::optional<rational> lower, upper;
};

struct crossing {
    const program& event;
    std::vector<std::size_t> at;
    rational from, to; ///< of the time passed since the start, both > 0
    int side;
    bool passed = false; ///< the other sign was shown at `to`
};

/// Everything that the steps are checked against.
struct flow {
    field f;
    std::vector<std::string> names; ///< states, parameters, t
    std::vector<rational> start;
    const program& observed;
    std::vector<std::size_t> observed_at;
    std::vector<value_bounds> values;
    std::optional<crossing> until;
    rational passed; ///< time since the start, > 0 in either direction

    /// States, parameters and t, the last at the time passed from a to b.
    std::vector<range> everything(const std::vector<ball>& states, const rational& a,
                                  const rational& b, std::int64_t bits) const {
        std::vector<range> all;
        for (const ball& x : states)
            all.emplace_back(x);
        for (const rational& q : f.parameters)
            all.emplace_back(ball(q, bits));
        const rational s(f.direction);
        all.emplace_back(f.direction > 0 ? ball::hull(a, b, bits) : ball::hull(s * b, s * a, bits));
        return all;
    }

    std::vector<range> results(const program& p, const std::vector<std::size_t>& at,
                               const std::vector<range>& all, std::int64_t bits) const {
        f.work->spend(p.weight * cost(static_cast<std::uint64_t>(bits)));
        std::vector<range> in;
        for (const std::size_t i : at)
            in.push_back(all[i]);
        return run(p, in, in_ranges{bits});
    }

    void check_values(const std::vector<range>& all, std::int64_t bits) const {
        const auto x = results(observed, observed_at, all, bits);
        for (const value_bounds& v : values) {
            const range& y = x[observed.outputs[v.output]];
            const bool low = !v.lower || certainly_not(less(y.lo, ball(*v.lower, bits))),
                       high = !v.upper || certainly_not(less(ball(*v.upper, bits), y.hi));
            if (!low || !high || !y.lo.is_finite())
                invalid(v.line, "the value is only known to lie between " + y.lo.str(20) + " and " +
                                    y.hi.str(20));
        }
    }

    /// side * event over these values.
    range event(const std::vector<range>& all, std::int64_t bits) const {
        const range g = results(until->event, until->at, all, bits)[until->event.outputs[0]];
        return until->side > 0 ? g : -g;
    }

    /// side * d event / d(time passed) over these values.
    range event_rate(const std::vector<range>& all, std::int64_t bits) const {
        const std::size_t n = f.states;
        const auto velocity = results(f.velocity, f.at, all, bits);
        f.work->spend(until->event.weight * cost(static_cast<std::uint64_t>(bits)));
        const range zero(ball(rational(0), bits)), one(ball(rational(1), bits));
        const range sense(ball(rational(f.direction), bits));
        std::vector<jet_of<range>> in; // one derivative: along the flow
        for (const std::size_t i : until->at)
            in.push_back({all[i],
                          {i < n                 ? velocity[f.velocity.outputs[i]] * sense
                           : i + 1 == all.size() ? one * sense
                                                 : zero}});
        const jet_of<range> g =
            run(until->event, in, in_jets<in_ranges>{{bits}})[until->event.outputs[0]];
        if (g.slope.empty()) return zero;
        return until->side > 0 ? g.slope[0] : -g.slope[0];
    }

    /// side * event > 0 for a < s <= b of this step, also at a but at the start of the flow.
    void prove_side(const tube& t, const tube_step& step, const rational& a,
                    const rational& b) const {
        const auto here = [&](const rational& c, const rational& d) {
            return everything(t.states(c, d), passed + c, passed + d, t.bits);
        };
        const auto positive = [](const range& x) { return certainly(less(ball(0), x.lo)); };
        std::vector<std::pair<rational, rational>> open{{a, b}};
        while (!open.empty()) {
            const auto [c, d] = open.back();
            open.pop_back();
            const std::vector<range> all = here(c, d);
            if (positive(event(all, t.bits))) continue;
            const range rate = event_rate(all, t.bits);
            if (certainly(less(rate.hi, ball(0))) && positive(event(here(d, d), t.bits))) continue;
            if (positive(rate) && passed.is_zero() && c.is_zero()) {
                std::vector<ball> exactly;
                for (const rational& q : start)
                    exactly.emplace_back(q, t.bits);
                const range g = event(everything(exactly, c, c, t.bits), t.bits);
                if (certainly_not(less(g.lo, ball(0)))) continue;
            }
            if (open.size() > 200)
                invalid(step.line, "the event has no certain sign before the crossing, near time " +
                                       ball(passed + c, 53).str(10));
            const rational middle = (c + d) / rational(2);
            open.emplace_back(middle, d);
            open.emplace_back(c, middle);
        }
    }

    /// The event on the step that begins at the time passed, and values at the crossing.
    void watch(const tube& t, const tube_step& step) {
        const rational end = passed + step.length;
        if (passed < until->from)
            prove_side(t, step, rational(0), std::min(step.length, until->from - passed));
        if (passed <= until->to && until->from <= end) {
            const rational a = std::max(passed, until->from), b = std::min(end, until->to);
            check_values(everything(t.states(a - passed, b - passed), a, b, t.bits), t.bits);
        }
        if (passed <= until->to && until->to <= end && !until->passed) {
            const rational s = until->to - passed;
            const range g = event(everything(t.states(s, s), until->to, until->to, t.bits), t.bits);
            if (!certainly(less(g.hi, ball(0))))
                invalid(step.line, "the event has not certainly changed its sign at the upper end "
                                   "of the crossing");
            until->passed = true;
        }
    }
};

/// From what is known to a new centre with new weights: their distance counts as error.
void link(const place& from, const std::vector<rational>& centre,
          const std::vector<rational>& weights, const rational& error, std::int64_t bits,
          std::size_t line) {
    for (std::size_t i = 0; i < centre.size(); ++i) {
        const ball needed =
            from.error * from.weights[i] + abs(from.centre[i] - ball(centre[i], bits));
        if (!certainly_not(less(ball(error, bits) * ball(weights[i], bits), needed)))
            invalid(line, "component " + std::to_string(i) + " may be " + needed.str(5) +
                              " from the centre, more than the error stated");
    }
}

std::vector<rational> positive_numbers(document& text, const line& l, std::size_t first,
                                       std::size_t count) {
    std::vector<rational> w = text.numbers(l, first, count);
    for (const rational& q : w)
        if (q.sign() <= 0) unreadable(l.number, "weights are positive");
    return w;
}

void expect_semicolons(const line& l, std::size_t size, std::initializer_list<std::size_t> at) {
    bool right = l.words.size() == size;
    for (const std::size_t i : at)
        right = right && l.words[i] == ";";
    if (!right) unreadable(l.number, "wrong number of words, or a ; out of its place");
}

/// "step LENGTH ORDER BITS ; m ; w ; e_0 ; TUBE ; e_1"
tube_step read_step(document& text, const line& l, std::size_t n, int& direction) {
    expect_semicolons(l, 12 + 2 * n, {4, 5 + n, 6 + 2 * n, 8 + 2 * n, 10 + 2 * n});
    tube_step s;
    s.line = l.number;
    s.length = text.number(l, 1);
    if (s.length.is_zero()) unreadable(l.number, "a step of length 0");
    if (direction != 0 && direction != s.length.sign())
        invalid(l.number, "steps forward and backward in one flow");
    direction = s.length.sign();
    s.length = abs(s.length);
    s.order = text.count(l, 2, most_order);
    s.bits = static_cast<std::int64_t>(text.count(l, 3, most_bits)) + guard_bits;
    if (s.order == 0) unreadable(l.number, "the order is at least 1");
    s.centre = text.numbers(l, 5, n);
    s.weights = positive_numbers(text, l, 6 + n, n);
    s.before = text.number(l, 7 + 2 * n);
    s.within = text.number(l, 9 + 2 * n);
    s.after = text.number(l, 11 + 2 * n);
    if (s.before.sign() < 0 || s.after.sign() < 0) unreadable(l.number, "a negative error");
    return s;
}

value_bounds read_value(document& text, const line& l, std::size_t outputs) {
    if (l.words.size() != 4) unreadable(l.number, "expected \"value I LOWER UPPER\"");
    value_bounds v{text.count(l, 1, outputs), l.number, {}, {}};
    if (v.output >= outputs) unreadable(l.number, "the tape observed has no such output");
    if (!text.is_infinite(l, 2, "-inf")) v.lower = text.number(l, 2);
    if (!text.is_infinite(l, 3, "inf")) v.upper = text.number(l, 3);
    return v;
}

flow read_flow(document& text, meter& work) {
    const line &states = text.only("states"), &start = text.only("start");
    std::vector<std::string> names(states.words.begin() + 1, states.words.end());
    const std::size_t n = names.size();
    std::vector<rational> parameters;
    for (const line* l : text.all({"parameter"})) {
        if (l->words.size() != 3) unreadable(l->number, "expected \"parameter NAME Q\"");
        names.emplace_back(l->words[1]);
        parameters.push_back(text.number(*l, 2));
    }
    for (std::size_t i = 0; i < names.size(); ++i)
        for (std::size_t j = 0; j <= i; ++j)
            if (names[i] == "t" || (j < i && names[i] == names[j]))
                unreadable(states.number, "the name " + names[i] + " is taken twice, or is t");
    const program &velocity = text.tape("velocity"), &observed = text.tape("observed");
    if (n == 0 || n > 1000 || velocity.outputs.size() != n || start.words.size() != 1 + n)
        unreadable(states.number,
                   "need as many outputs of velocity and starts as states, 1 to 1000");
    const std::vector<std::size_t> velocity_at = places(velocity, names);
    names.emplace_back("t");
    // Each on its own: g++ 12 destroys members twice when an initialiser in a list throws.
    const field f{velocity, without_powers(velocity), velocity_at, n, parameters, 1, &work};
    const std::vector<rational> from = text.numbers(start, 1, n);
    const std::vector<std::size_t> observed_at = places(observed, names);
    flow result{f, names, from, observed, observed_at, {}, {}, {}};
    for (const line* l : text.all({"value"}))
        result.values.push_back(read_value(text, *l, observed.outputs.size()));
    if (result.values.empty()) unreadable(0, "the line \"value\" is missing");
    return result;
}

/// "crossing LOWER UPPER" and "side -1|1", if there is an event.
void read_crossing(document& text, flow& what) {
    const program& event = text.tape("event");
    const line &l = text.only("crossing"), &side = text.only("side");
    if (event.outputs.size() != 1 || l.words.size() != 3 || side.words.size() != 2 ||
        (side.words[1] != "1" && side.words[1] != "-1"))
        unreadable(l.number,
                   "expected an event of one output, \"crossing LOWER UPPER\", \"side 1\"");
    rational from = text.number(l, 1), to = text.number(l, 2);
    if (from > to) invalid(l.number, "the ends are not in order");
    if (what.f.direction < 0) {
        std::swap(from, to);
        from = -from;
        to = -to;
    }
    if (from.sign() <= 0) invalid(l.number, "the crossing is not certainly apart from the start");
    what.until.emplace(
        crossing{event, places(event, what.names), from, to, side.words[1] == "1" ? 1 : -1});
}

} // namespace

std::string check_flow(document& text, meter& work) {
    flow what = read_flow(text, work);
    const std::size_t n = what.f.states;
    int direction = 0;
    std::vector<tube_step> steps;
    for (const line* l : text.all({"step"})) {
        steps.push_back(read_step(text, *l, n, direction));
        const auto bytes = static_cast<std::size_t>(steps.back().bits) / 8 + 64;
        if (what.f.plain.steps.size() * steps.back().order * bytes > std::size_t{1} << 28)
            unreadable(l->number, "the tape, the order and the bits together need too much memory");
    }
    what.f.direction = direction < 0 ? -1 : 1;
    if (text.has_tape("event")) read_crossing(text, what);
    const line& last = text.only("final");
    expect_semicolons(last, 4 + 2 * n, {1 + n, 2 + 2 * n});
    const auto centre = text.numbers(last, 1, n), weights = positive_numbers(text, last, 2 + n, n);
    const rational error = text.number(last, 3 + 2 * n);
    if (error.sign() < 0) unreadable(last.number, "a negative error");
    text.nothing_else();

    std::int64_t bits = steps.empty() ? guard_bits : steps[0].bits;
    place known{{}, std::vector<ball>(n, ball(rational(1), bits)), ball(rational(0), bits)};
    for (const rational& q : what.start)
        known.centre.emplace_back(q, bits);
    for (const tube_step& step : steps) {
        bits = step.bits;
        link(known, step.centre, step.weights, step.before, bits, step.line);
        const tube t = follow(what.f, step);
        if (what.until) what.watch(t, step);
        known = {{}, t.weights, t.error_end};
        for (const series& p : t.polynomial)
            known.centre.push_back(at(p, ball(step.length, bits)));
        what.passed += step.length;
    }
    link(known, centre, weights, error, bits, last.number);
    if (what.until && !what.until->passed)
        invalid(last.number, "the steps end before the upper end of the crossing");
    if (!what.until) {
        std::vector<ball> states;
        for (std::size_t i = 0; i < n; ++i) {
            const rational aside = error * weights[i];
            states.push_back(ball::hull(centre[i] - aside, centre[i] + aside, bits));
        }
        what.check_values(what.everything(states, what.passed, what.passed, bits), bits);
    }
    return std::to_string(what.values.size()) + " values " +
           (what.until ? "at the first zero of an event" : "at the end") + " of a flow, " +
           std::to_string(steps.size()) + " steps";
}

} // namespace flowproof::check
