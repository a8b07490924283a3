#include "numerics/ode/ball_recurrence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/ode/follow.hpp"
#include "numerics/scalar/evaluate.hpp"

namespace flowproof::approx {

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
}

double log2_abs(const arf_t x) {
    if (arf_is_zero(x)) return -infinity;
    if (!arf_is_finite(x)) return infinity;
    arf_t m;
    fmpz_t e;
    arf_init(m);
    fmpz_init(e);
    arf_frexp(m, e, x);
    const double result = std::log2(std::abs(arf_get_d(m, ARF_RND_DOWN))) + fmpz_get_d(e);
    arf_clear(m);
    fmpz_clear(e);
    return result;
}

ball_recurrence::ball_recurrence(const vector_field& f, const std::vector<ball>& parameters,
                                 slong order_, slong bits_, residuals how)
    : field(f), program(field.program()), order(order_), bits(bits_),
      speed(static_cast<slong>(program.states())), bounded_(how == residuals::bounded),
      residual_(bounded_ ? program.rows() * static_cast<std::size_t>(order + 1) : 0),
      enclosed_(flowproof::evaluate(program.coefficients(), parameters, embed<ball>{bits})),
      coefficient_(static_cast<slong>(enclosed_.size())), work_(1),
      pivot_(static_cast<slong>(program.instructions().size())), factor_(enclosed_.size()),
      divisor_(program.instructions().size()), weight_(program.states() + 1),
      precision_(static_cast<std::size_t>(order_) + 1, bits_) {
    for (std::size_t r = 0; r < program.rows(); ++r) {
        rows.emplace_back(order + 1);
        series_.emplace_back(order + 1);
    }
    for (std::size_t i = 0; i < enclosed_.size(); ++i)
        arf_set(mid(coefficient_[static_cast<slong>(i)]),
                mid(static_cast<arb_srcptr>(enclosed_[i].raw())));
}

/// A computed coefficient 0 becomes its midpoint.
void ball_recurrence::settle(std::int32_t r) {
    mag_ptr radius = arb_radref(at(r)[0]);
    if (bounded_) mag_swap(residual(r, 0).raw(), radius);
    mag_zero(radius);
}

/// Coefficient 0 solves  factor r_0 = right, the ball in row r, with pivot about 1 / factor.
void ball_recurrence::solve(std::int32_t r, arb_srcptr pivot, arb_srcptr factor) {
    arb_ptr c = at(r)[0];
    arb_swap(work_[0], c);
    arf_mul(mid(c), mid(work_[0]), mid(pivot), bits, ARF_RND_DOWN);
    if (bounded_) {
        arb_submul(work_[0], c, factor, MAG_BITS);
        arb_get_mag(residual(r, 0).raw(), work_[0]);
    }
    mag_zero(arb_radref(work_[0]));
    mag_zero(arb_radref(c));
}

/// result = coefficient 0 of a form.
void ball_recurrence::form(arb_ptr result, const affine_form& f) {
    if (f.constant >= 0)
        arb_set(result, coefficient_[f.constant]);
    else
        arb_zero(result);
    for (const auto& t : f.terms) {
        arb_srcptr x = at(t.row)[0];
        if (t.coefficient == affine_form::one)
            arb_add(result, result, x, bits);
        else if (t.coefficient == affine_form::minus_one)
            arb_sub(result, result, x, bits);
        else
            arb_addmul(result, x, coefficient_[t.coefficient], bits);
    }
}

bool ball_recurrence::evaluate() {
    bool defined = true;
    for (std::size_t number = 0; number < program.instructions().size(); ++number) {
        const taylor_instruction& i = program.instructions()[number];
        arb_ptr r = at(i.out)[0];
        arb_ptr p = pivot_[static_cast<slong>(number)];
        const auto inverse = [&](arb_srcptr y) {
            arb_inv(p, y, bits);
            mag_zero(arb_radref(p));
        };
        switch (i.op) {
        case taylor_op::affine:
            form(r, program.forms()[static_cast<std::size_t>(i.x)]);
            break;
        case taylor_op::product:
            arb_mul(r, at(i.x)[0], at(i.y)[0], bits);
            break;
        case taylor_op::square:
            arb_mul(r, at(i.x)[0], at(i.x)[0], bits);
            break;
        case taylor_op::quotient:
            inverse(at(i.y)[0]);
            arb_set(r, at(i.x)[0]);
            solve(i.out, p, at(i.y)[0]);
            continue;
        case taylor_op::reciprocal:
            inverse(at(i.x)[0]);
            arb_one(r);
            solve(i.out, p, at(i.x)[0]);
            continue;
        case taylor_op::sqrt:
            arf_sqrt(mid(r), mid(at(i.x)[0]), bits, ARF_RND_DOWN);
            if (bounded_) {
                arb_set(work_[0], at(i.x)[0]);
                arb_submul(work_[0], r, r, MAG_BITS);
                arb_get_mag(residual(i.out, 0).raw(), work_[0]);
                mag_zero(arb_radref(work_[0]));
            }
            inverse(r);
            continue;
        case taylor_op::slope:
            arb_zero(r);
            break;
        case taylor_op::exp:
            arb_exp(r, at(i.x)[0], bits);
            break;
        case taylor_op::log:
            arb_log(r, at(i.x)[0], bits);
            break;
        case taylor_op::sin_cos:
            arb_sin_cos(r, at(i.out + 1)[0], at(i.x)[0], bits);
            settle(i.out + 1);
            break;
        }
        settle(i.out);
    }
    for (slong i = 0; i < states(); ++i) {
        form(speed[i], velocity(i));
        const auto y = static_cast<std::int32_t>(i);
        if (bounded_) mag_swap(residual(y, 1).raw(), arb_radref(speed[i]));
        mag_zero(arb_radref(speed[i]));
        defined = defined && arf_is_finite(mid(speed[i])) && arf_is_finite(mid(at(y)[0]));
    }
    if (has_event()) defined = defined && arf_is_finite(mid(event()[0]));
    return defined;
}

void ball_recurrence::follow_trend() {
    const double now = unit;
    if (std::isfinite(last_unit_)) unit += std::clamp(now - last_unit_, -1.0, 1.0);
    last_unit_ = now;
}

double ball_recurrence::log2_term(const row& c, slong k) const {
    return log2_abs(mid(c[k])) + static_cast<double>(k) * unit;
}

void ball_recurrence::weigh() {
    double largest = -infinity;
    for (std::size_t i = 0; i < program.states(); ++i) {
        const row& c = rows[i];
        weight_[i] = std::max(log2_term(c, 0), std::log2(relative_to::derivatives) +
                                                   std::max(log2_term(c, 1), log2_term(c, 2)));
        largest = std::max(largest, weight_[i]);
    }
    for (std::size_t i = 0; i < program.states(); ++i)
        weight_[i] = std::max(weight_[i], std::log2(relative_to::others) + largest);
    if (!has_event()) return;
    double size = log2_term(event(), 0);
    for (slong k = 1; k <= order / 2; ++k)
        size = std::max(size, log2_term(event(), k));
    weight_.back() = size;
}

double ball_recurrence::size(slong k) const {
    double largest = -infinity;
    for (std::size_t i = 0; i < program.states(); ++i)
        largest = std::max(largest, log2_term(rows[i], k) - weight_[i]);
    if (has_event())
        largest = std::max(largest, log2_term(rows[static_cast<std::size_t>(program.event())], k) -
                                        weight_.back());
    return std::isnan(largest) ? -infinity : largest;
}

void ball_recurrence::sum(arb_ptr p, arb_ptr slope, const row& c, arf_srcptr s) const {
    const slong half = bits / 2 + 16;
    arf_zero(mid(p));
    arf_zero(mid(slope));
    for (slong k = order; k >= 0; --k) {
        arf_mul(mid(slope), mid(slope), s, half, ARF_RND_DOWN);
        arf_add(mid(slope), mid(slope), mid(p), half, ARF_RND_DOWN);
        if (k == 0) break;
        const slong enough = precision_[static_cast<std::size_t>(k)];
        arf_mul(mid(p), mid(p), s, enough, ARF_RND_DOWN);
        arf_add(mid(p), mid(p), mid(c[k]), enough, ARF_RND_DOWN);
    }
    arf_mul(mid(slope), mid(slope), s, half, ARF_RND_DOWN);
    arf_mul(mid(p), mid(p), s, bits, ARF_RND_DOWN);
}

} // namespace flowproof::approx
