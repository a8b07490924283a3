#include "numerics/ode/step_bounds.hpp"

#include <limits>

namespace flowproof::rigorous {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

interval<double> around_zero(double radius) {
    if (!(radius < infinity)) return interval<double>::entire();
    return {-radius, radius};
}

} // namespace

interval<double> in_doubles(const arb_t x) {
    arf_t low, high;
    arf_init(low);
    arf_init(high);
    arb_get_interval_arf(low, high, x, 64);
    interval<double> result = interval<double>::entire();
    if (arf_is_finite(low) && arf_is_finite(high))
        result = {arf_get_d(low, ARF_RND_FLOOR), arf_get_d(high, ARF_RND_CEIL)};
    arf_clear(low);
    arf_clear(high);
    return result;
}

step_bounds::step_bounds(const approx::ball_recurrence& n, const arf_t h)
    : n_(n), h_(h), stride_(static_cast<std::size_t>(n.order) + 2), order_(n.row_order()),
      power_(stride_), term_(n.program.rows() * stride_), from_(n.program.rows() * stride_),
      error_(n.program.rows()), defect_(n.program.states()), largest_defect_(n.program.states()),
      own_(n.program.rows()), outline_(n.program.rows()) {
    const magnitude length = magnitude::of(h);
    power_[0] = magnitude(1.0);
    for (std::size_t k = 1; k < stride_; ++k)
        power_[k] = power_[k - 1] * length;
    const taylor_program& program = n.program;
    bool defined = true;
    for (std::size_t i = 0; i < program.states(); ++i)
        measure(i);
    for (std::size_t i = 0; i < program.instructions().size(); ++i) {
        const taylor_instruction& x = program.instructions()[i];
        if (i >= program.velocity_instructions() && !n.has_event()) break;
        measure(static_cast<std::size_t>(x.out));
        if (x.op == taylor_op::sin_cos) measure(static_cast<std::size_t>(x.out) + 1);
        bound(x);
        if (i < program.velocity_instructions() &&
            !error_[static_cast<std::size_t>(x.out)].is_finite())
            defined = false; // also where the row is multiplied with 0
    }
    for (std::size_t i = 0; i < program.states(); ++i) {
        const auto& form = program.forms()[static_cast<std::size_t>(program.velocity()[i])];
        magnitude rate; // of what the orders computed leave out
        for (const auto& t : form.terms) {
            const auto row = static_cast<std::size_t>(t.row);
            const magnitude left_out = error_[row] + from(row, n.order);
            if (t.coefficient < 0) {
                rate += left_out;
                continue;
            }
            const auto c = static_cast<arb_srcptr>(
                n.coefficients()[static_cast<std::size_t>(t.coefficient)].raw());
            rate += magnitude::of(c) * left_out;
            rate.add_product(magnitude(arb_radref(c)), from(row, 0));
        }
        if (form.constant >= 0)
            rate += magnitude(arb_radref(static_cast<arb_srcptr>(
                n.coefficients()[static_cast<std::size_t>(form.constant)].raw())));
        if (!defined) {
            defect_[i] = largest_defect_[i] = magnitude::infinite();
            continue;
        }
        rate *= length;
        defect_[i] = residuals(i, 1) + rate;
        magnitude largest; // the residual's term of order k has its derivative here
        for (slong k = 1; k <= n.order; ++k)
            largest.add_product(n.residual(i, k) * magnitude(static_cast<double>(k)),
                                power_[at(k)]);
        largest_defect_[i] = largest + rate;
    }
}

void step_bounds::measure(std::size_t row) {
    const slong last = row < n_.program.states() ? n_.order : order_;
    for (slong k = last; k >= 0; --k) {
        magnitude& t = term_[row * stride_ + at(k)];
        arf_get_mag(t.raw(), arb_midref(n_.rows[row][k]));
        t *= power_[at(k)];
        from_[row * stride_ + at(k)] = t + from(row, k + 1);
    }
}

magnitude step_bounds::residuals(std::size_t row, slong first) const {
    magnitude sum;
    const slong last = row < n_.program.states() ? n_.order : order_;
    for (slong k = first; k <= last; ++k)
        sum.add_product(n_.residual(row, k), power_[at(k)]);
    return sum;
}

/// Bounds the terms of x y beyond the order of the rows.
magnitude step_bounds::tail(std::size_t x, std::size_t y) const {
    magnitude sum;
    for (slong k = 0; k <= n_.order; ++k)
        sum.add_product(term(x, k), from(y, std::max<slong>(order_ + 1 - k, 0)));
    return sum;
}

const step_bounds::outline& step_bounds::outline_of(std::size_t row) const {
    outline& o = outline_[row];
    if (!o.c.empty()) return o;
    const double enough = from(row, 0).log2() - 44;
    arb_t t, power;
    arb_init(t);
    arb_init(power);
    arb_one(power);
    slong k = 0;
    for (;; ++k) {
        arb_mul(t, power, n_.rows[row][k], 64);
        o.c.push_back(in_doubles(t));
        if (k == n_.order || from(row, k + 1).is_zero() || from(row, k + 1).log2() < enough) break;
        arb_mul_arf(power, power, h_, 64);
    }
    o.rest = from(row, k + 1).upper();
    magnitude slope;
    for (++k; k <= n_.order; ++k)
        slope.add_product(term(row, k), magnitude(static_cast<double>(k)));
    o.slope_rest = slope.upper();
    arb_clear(t);
    arb_clear(power);
    return o;
}

interval<double> step_bounds::range(std::size_t row, const interval<double>& u) const {
    const outline& o = outline_of(row);
    interval<double> p = o.c.back();
    for (std::size_t k = o.c.size() - 1; k-- > 0;)
        p = p * u + o.c[k];
    return p + around_zero(o.rest);
}

interval<double> step_bounds::slope(std::size_t row, const interval<double>& u) const {
    const outline& o = outline_of(row);
    interval<double> p = 0;
    for (std::size_t k = o.c.size() - 1; k > 0; --k)
        p = p * u + interval<double>(static_cast<std::int64_t>(k)) * o.c[k];
    return p + around_zero(o.slope_rest);
}

interval<double> step_bounds::range(std::size_t row) const {
    interval<double> all = range(row, part(0));
    for (int j = 1; j < parts; ++j)
        all = convex_hull(all, range(row, part(j)));
    return all;
}

/// A lower bound of the polynomial's absolute value, less the error; 0 if there is none.
magnitude step_bounds::least(std::size_t row, const magnitude& error) const {
    double low = infinity;
    for (int j = 0; j < parts; ++j)
        low = std::min(low, range(row, part(j)).mignitude());
    low = error.is_finite() ? rounding::down_sub(low, error.upper()) : 0;
    return magnitude::at_most(low > 0 ? low : 0);
}

void step_bounds::bound(const taylor_instruction& i) {
    const auto out = static_cast<std::size_t>(i.out), x = static_cast<std::size_t>(i.x),
               y = static_cast<std::size_t>(i.y);
    magnitude& error = error_[out];
    // Terms of x of an order that the row does not have: states have one more.
    const auto beyond = [&](std::size_t row) -> const magnitude& { return from(row, order_ + 1); };
    switch (i.op) {
    case taylor_op::affine: {
        const auto& form = n_.program.forms()[x];
        error = residuals(out, 0);
        for (const auto& t : form.terms) {
            const auto row = static_cast<std::size_t>(t.row);
            const magnitude left_out = error_[row] + beyond(row);
            if (t.coefficient < 0) {
                error += left_out;
                continue;
            }
            const auto c = static_cast<arb_srcptr>(
                n_.coefficients()[static_cast<std::size_t>(t.coefficient)].raw());
            error += magnitude::of(c) * left_out;
            error.add_product(magnitude(arb_radref(c)), from(row, 0));
        }
        if (form.constant >= 0)
            error += magnitude(arb_radref(static_cast<arb_srcptr>(
                n_.coefficients()[static_cast<std::size_t>(form.constant)].raw())));
        break;
    }
    case taylor_op::product:
        error = residuals(out, 0) + tail(x, y) + from(x, 0) * error_[y] + from(y, 0) * error_[x] +
                error_[x] * error_[y];
        break;
    case taylor_op::square:
        error = residuals(out, 0) + tail(x, x) + scaled(from(x, 0) * error_[x], 1) +
                error_[x] * error_[x];
        break;
    case taylor_op::quotient:
        // r~ - x/y = (r~ y~ - x~ + r~ (y - y~) - (x - x~)) / y
        own_[out] = residuals(out, 0) + tail(out, y) + beyond(x);
        error = (own_[out] + from(out, 0) * error_[y] + error_[x]) / least(y, error_[y]);
        break;
    case taylor_op::reciprocal:
        error = (residuals(out, 0) + tail(out, x) + from(out, 0) * error_[x]) / least(x, error_[x]);
        break;
    case taylor_op::sqrt: {
        // |r~ - sqrt x| = |r~^2 - x| / (r~ + sqrt x); x is positive where r~^2 exceeds the error.
        const magnitude square = residuals(out, 0) + tail(out, out) + beyond(x) + error_[x];
        const magnitude root = least(out, magnitude());
        error = square / root;
        if (!(range(out).lower() > 0) || !(error < root)) error = magnitude::infinite();
        break;
    }
    case taylor_op::slope: // its error is that of a derivative; those who use it need the
                           // polynomial
        break;
    case taylor_op::exp: {
        // s (r~ e^-x~)' = k(s) e^-x~, where k collects the residuals of k r_k = v_k.
        const interval<double> arguments = range(x);
        if (!arguments.is_bounded()) {
            error = magnitude::infinite();
            break;
        }
        const auto spread =
            interval<double>(arguments.upper()) - interval<double>(arguments.lower());
        const magnitude moved = residuals(out, 0) + tail(y, out) + from(out, 0) * beyond(x);
        error = magnitude::exp(spread.upper()) * moved;
        const magnitude by_x = // e^x~ |e^(x - x~) - 1|
            magnitude::exp(arguments.upper()) * magnitude::exp(error_[x].upper()) * error_[x];
        error += by_x;
        break;
    }
    case taylor_op::log: {
        // y = (slope of x) / x as polynomials, up to own_[y]; then s (r~ - log x~)' is what is
        // left.
        const magnitude low = least(x, magnitude());
        error = residuals(out, 0) + (own_[y] + beyond(x)) / low + error_[x] / least(x, error_[x]);
        if (!(range(x).lower() > 0) || !n_.residual(y, 0).is_zero()) error = magnitude::infinite();
        break;
    }
    case taylor_op::sin_cos:
        error = residuals(out, 0) + residuals(out + 1, 0) + error_[x] + tail(y, out) +
                tail(y, out + 1) + (from(out, 0) + from(out + 1, 0)) * beyond(x);
        error_[out + 1] = error;
        break;
    }
}

} // namespace flowproof::rigorous
