#include "verify/check/tube.hpp"

#include "verify/check/jet.hpp"

namespace flowproof::check {

namespace {

ball constant(const rational& q, std::int64_t bits) { return ball(q, bits); }
ball around_zero(const ball& radius) {
    return ball::hull(rational(-1), rational(1), radius.bits()) * radius;
}

/// Coefficient k of what the velocity reads, where the states are x.
std::vector<ball> inputs(const field& f, const std::vector<series>& x, std::size_t k,
                         std::int64_t bits) {
    std::vector<ball> in;
    for (const std::size_t place : f.at) {
        if (place < f.states)
            in.push_back(k < x[place].size() ? x[place][k] : constant(rational(0), bits));
        else
            in.push_back(constant(k == 0 ? f.parameters[place - f.states] : rational(0), bits));
    }
    return in;
}

/// A Taylor polynomial of the solution through the centre: any exact coefficients will do, these
/// are the midpoints of the recurrences'.
std::vector<series> polynomial_through(const field& f, const tube_step& step) {
    std::vector<series> x;
    for (const rational& m : step.centre) {
        x.push_back({constant(m, step.bits)});
        if (!x.back()[0].is_exact())
            invalid(step.line, "the centre has more bits than the step, or is no dyadic number");
    }
    recurrences r(f.plain, step.bits, *f.work);
    for (std::size_t k = 0; k < step.order; ++k) {
        r.advance(inputs(f, x, k, step.bits));
        for (std::size_t i = 0; i < f.states; ++i) {
            const ball next = r.output(i) * f.direction / static_cast<std::int64_t>(k + 1);
            x[i].push_back(constant(next.midpoint(), step.bits));
        }
    }
    return x;
}

/// Bounds of |direction f(x) - x'| for |s| <= r, each component: the first terms of its Taylor
/// series at s = 0, and the next coefficient over all |s| <= r (Lagrange).
std::vector<ball> defect(const field& f, const std::vector<series>& x, const ball& r,
                         std::size_t terms, std::int64_t bits) {
    std::vector<series> over;
    for (const series& p : x)
        over.push_back(shifted(p, around_zero(r)));
    std::vector<ball> bound(f.states, constant(rational(0), bits));
    recurrences here(f.plain, bits, *f.work), anywhere(f.plain, bits, *f.work);
    ball scale = constant(rational(1), bits);
    for (std::size_t k = 0; k <= terms; ++k) {
        here.advance(inputs(f, x, k, bits));
        anywhere.advance(inputs(f, over, k, bits));
        for (std::size_t i = 0; i < f.states; ++i) {
            const bool last = k == terms;
            const series& p = last ? over[i] : x[i];
            ball g = (last ? anywhere : here).output(i) * f.direction;
            if (k + 1 < p.size()) g -= p[k + 1] * static_cast<std::int64_t>(k + 1);
            bound[i] += abs(g) * scale;
        }
        scale *= r;
    }
    return bound;
}

/// The logarithmic norm of direction f' in these weights over the states x: an upper bound.
ball logarithmic_norm(const field& f, const std::vector<range>& x, const std::vector<ball>& w,
                      std::int64_t bits) {
    f.work->spend(f.velocity.weight * (1 + f.states) * cost(static_cast<std::uint64_t>(bits)));
    const range zero(constant(rational(0), bits)), one(constant(rational(1), bits));
    std::vector<jet_of<range>> in;
    for (const std::size_t place : f.at) {
        if (place >= f.states) {
            in.push_back({range(constant(f.parameters[place - f.states], bits)), {}});
        } else {
            in.push_back({x[place], std::vector<range>(f.states, zero)});
            in.back().slope[place] = one;
        }
    }
    const auto all = run(f.velocity, in, in_jets<in_ranges>{{bits}});
    ball norm;
    for (std::size_t i = 0; i < f.states; ++i) {
        const jet_of<range>& fi = all[f.velocity.outputs[i]];
        ball row = constant(rational(0), bits);
        for (std::size_t j = 0; j < fi.slope.size(); ++j) {
            const range slope = f.direction > 0 ? fi.slope[j] : -fi.slope[j];
            row += j == i ? slope.hi : greater(abs(slope.lo), abs(slope.hi)) * w[j] / w[i];
        }
        if (!fi.value.lo.is_finite()) row = fi.value.lo; // not defined: of no certain order
        norm = i == 0 ? row : greater(norm, row);
    }
    return norm;
}

/// (exp(z) - 1) / z: at most the mean of exp at the ends.
ball phi(const ball& z, std::int64_t bits) {
    const ball small = constant(power(rational(2), -32), bits);
    if (certainly(less(small, abs(z)))) return (exp(z) - 1) / z;
    return (exp(z) + 1) / 2;
}

/// The values of p for middle - half <= s <= middle + half: between those at the ends where it is
/// monotonic.
range range_of(const series& p, const ball& middle, const ball& half) {
    const ball slope = at(derivative(p), middle + around_zero(half));
    const ball a = at(p, middle - half), b = at(p, middle + half);
    if (certainly(less(ball(0), slope))) return {a, b};
    if (certainly(less(slope, ball(0)))) return {b, a};
    const ball here = at(p, middle), aside = around_zero(abs(slope) * half);
    return range(here + aside);
}

/// The step in so many pieces, each with an expansion and a bound of the defect of its own, and in
/// 16 parts of each with a logarithmic norm of its own.
tube follow_in_pieces(const field& f, const tube_step& step, const std::vector<series>& p,
                      std::int64_t pieces) {
    constexpr std::int64_t parts = 16;
    const std::int64_t bits = step.bits;
    tube result{p, {}, constant(step.before, bits), constant(step.before, bits), bits};
    for (const rational& w : step.weights)
        result.weights.push_back(constant(w, bits));
    const std::size_t terms = step.order + step.order / 4 + 4;
    const ball within = constant(step.within, bits);
    const rational width = step.length / rational(pieces);
    const ball r = constant(width / rational(2), bits), h = constant(width / rational(parts), bits);
    ball e = result.error;
    for (std::int64_t j = 0; j < pieces; ++j) {
        const ball middle = constant(width * rational(2 * j + 1, 2), bits);
        std::vector<series> x;
        for (const series& q : p)
            x.push_back(shifted(q, middle));
        ball d(0);
        const std::vector<ball> bound = defect(f, x, r, terms, bits);
        for (std::size_t i = 0; i < f.states; ++i)
            d = greater(d, bound[i] / result.weights[i]);
        for (std::int64_t k = 0; k < parts; ++k) {
            const ball here = constant(width * rational(2 * k + 1 - parts, 2 * parts), bits);
            std::vector<range> around;
            for (std::size_t i = 0; i < f.states; ++i) {
                const ball error = within * result.weights[i];
                around.push_back(range_of(x[i], here, h / 2) + range(-error, error));
            }
            const ball z = logarithmic_norm(f, around, result.weights, bits) * h;
            const ball throughout = (e + d * h) * greater(ball(1), exp(z));
            if (!certainly(less(throughout, within)))
                invalid(step.line, "the solution may leave the tube: its error is bounded by " +
                                       throughout.str(5) + ", the tube is " + within.str(5));
            result.error = greater(result.error, throughout);
            e = e * exp(z) + d * h * phi(z, bits);
        }
    }
    result.error_end = e;
    if (!certainly_not(less(constant(step.after, bits), e)))
        invalid(step.line, "the error at the end is bounded by " + e.str(5) + ", not by " +
                               constant(step.after, bits).str(5));
    return result;
}

} // namespace

std::vector<ball> tube::states(const rational& a, const rational& b) const {
    const ball middle((a + b) / rational(2), bits), all = ball::hull(a, b, bits);
    const ball aside = around_zero(ball((b - a) / rational(2), bits));
    std::vector<ball> result;
    for (std::size_t i = 0; i < polynomial.size(); ++i)
        result.push_back(at(polynomial[i], middle) + at(derivative(polynomial[i]), all) * aside +
                         around_zero(error * weights[i]));
    return result;
}

tube follow(const field& f, const tube_step& step) {
    const std::vector<series> p = polynomial_through(f, step);
    for (const std::int64_t pieces : {1, 8}) {
        try {
            return follow_in_pieces(f, step, p, pieces);
        } catch (const refusal& why) {
            if (why.is != verdict::answer::invalid) throw;
        }
    }
    return follow_in_pieces(f, step, p, 64);
}

} // namespace flowproof::check
