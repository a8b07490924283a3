#include "numerics/ode/ball_recurrence.hpp"

#include <algorithm>
#include <cmath>

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
      pivot_(static_cast<slong>(program.instructions().size())), weight_(program.states() + 1),
      precision_(static_cast<std::size_t>(order_) + 1, bits_), bits_now_(bits_) {
    for (std::size_t r = 0; r < program.rows(); ++r)
        rows.emplace_back(order + 1);
    for (std::size_t i = 0; i < enclosed_.size(); ++i)
        arf_set(mid(coefficient_[static_cast<slong>(i)]),
                mid(static_cast<arb_srcptr>(enclosed_[i].raw())));
}

/// A computed coefficient becomes its midpoint.
void ball_recurrence::settle(std::int32_t r, slong k) {
    mag_ptr radius = arb_radref(at(r)[k]);
    if (bounded_) mag_swap(residual(r, k).raw(), radius);
    mag_zero(radius);
}

/// Coefficient k solves  factor r_k = right, the ball in row r, with pivot about 1 / factor.
void ball_recurrence::solve(std::int32_t r, slong k, arb_srcptr pivot, arb_srcptr factor) {
    arb_ptr c = at(r)[k];
    arb_swap(work_[0], c);
    arf_mul(mid(c), mid(work_[0]), mid(pivot), bits_now_, ARF_RND_DOWN);
    if (bounded_) {
        arb_submul(work_[0], c, factor, MAG_BITS);
        arb_get_mag(residual(r, k).raw(), work_[0]);
    }
    mag_zero(arb_radref(work_[0]));
    mag_zero(arb_radref(c));
}

/// result = coefficient k of a form.
void ball_recurrence::form(arb_ptr result, const affine_form& f, slong k) {
    if (k == 0 && f.constant >= 0)
        arb_set(result, coefficient_[f.constant]);
    else
        arb_zero(result);
    for (const auto& t : f.terms) {
        arb_srcptr x = at(t.row)[k];
        if (t.coefficient == affine_form::one)
            arb_add(result, result, x, bits_now_);
        else if (t.coefficient == affine_form::minus_one)
            arb_sub(result, result, x, bits_now_);
        else
            arb_addmul(result, x, coefficient_[t.coefficient], bits_now_);
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
            form(r, program.forms()[static_cast<std::size_t>(i.x)], 0);
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
            solve(i.out, 0, p, at(i.y)[0]);
            continue;
        case taylor_op::reciprocal:
            inverse(at(i.x)[0]);
            arb_one(r);
            solve(i.out, 0, p, at(i.x)[0]);
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
            settle(i.out + 1, 0);
            break;
        }
        settle(i.out, 0);
    }
    for (slong i = 0; i < states(); ++i) {
        form(speed[i], velocity(i), 0);
        const auto y = static_cast<std::int32_t>(i);
        if (bounded_) mag_swap(residual(y, 1).raw(), arb_radref(speed[i]));
        mag_zero(arb_radref(speed[i]));
        defined = defined && arf_is_finite(mid(speed[i])) && arf_is_finite(mid(at(y)[0]));
    }
    if (has_event()) defined = defined && arf_is_finite(mid(event()[0]));
    return defined;
}

/// result = initial -+ (x_low y_(k-low) + ... + x_high y_(k-high))
void ball_recurrence::inner(arb_ptr result, arb_srcptr initial, bool subtract, std::int32_t x,
                            std::int32_t y, slong k, slong low, slong high) {
    (bounded_ ? arb_dot : arb_approx_dot)(result, initial, subtract, at(x)[low], 1, at(y)[k - low],
                                          -1, high - low + 1, bits_now_);
}

/// result = x_low x_(k-low) + ... + x_(k-low) x_low
void ball_recurrence::inner_square(arb_ptr result, std::int32_t x, slong k, slong low) {
    const slong pairs = (k + 1) / 2 - low; // k even: without the middle
    inner(result, nullptr, false, x, x, k, low, low + pairs - 1);
    arb_mul_2exp_si(result, result, 1);
    if (k % 2 == 0) arb_addmul(result, at(x)[k / 2], at(x)[k / 2], bits_now_);
}

void ball_recurrence::run(const taylor_instruction& i, slong number, slong k) {
    arb_ptr r = at(i.out)[k];
    const auto divide_by_k = [&](arb_ptr x) { arb_div_ui(x, x, static_cast<ulong>(k), bits_now_); };
    switch (i.op) {
    case taylor_op::affine:
        form(r, program.forms()[static_cast<std::size_t>(i.x)], k);
        break;
    case taylor_op::product:
        inner(r, nullptr, false, i.x, i.y, k, 0, k);
        break;
    case taylor_op::square:
        inner_square(r, i.x, k, 0);
        break;
    case taylor_op::quotient:
        inner(r, at(i.x)[k], true, i.out, i.y, k, 0, k - 1);
        solve(i.out, k, pivot_[number], at(i.y)[0]);
        return;
    case taylor_op::reciprocal:
        inner(r, nullptr, true, i.out, i.x, k, 0, k - 1);
        solve(i.out, k, pivot_[number], at(i.x)[0]);
        return;
    case taylor_op::sqrt:
        inner_square(r, i.out, k, 1);
        arb_sub(r, at(i.x)[k], r, bits_now_);
        arb_mul_2exp_si(r, r, -1);
        solve(i.out, k, pivot_[number], at(i.out)[0]);
        if (bounded_) residual(i.out, k) = scaled(residual(i.out, k), 1);
        return;
    case taylor_op::slope:
        arf_mul_ui(mid(r), mid(at(i.x)[k]), static_cast<ulong>(k), ARF_PREC_EXACT, ARF_RND_DOWN);
        break;
    case taylor_op::exp:
        inner(r, nullptr, false, i.y, i.out, k, 1, k);
        divide_by_k(r);
        break;
    case taylor_op::log:
        arb_set(r, at(i.y)[k]);
        divide_by_k(r);
        break;
    case taylor_op::sin_cos:
        inner(r, nullptr, false, i.y, i.out + 1, k, 1, k);
        divide_by_k(r);
        inner(at(i.out + 1)[k], nullptr, true, i.y, i.out, k, 1, k);
        divide_by_k(at(i.out + 1)[k]);
        settle(i.out + 1, k);
        break;
    }
    settle(i.out, k);
}

/// Chooses the bits of every coefficient while they are computed: that of order k is multiplied
/// with h^k, so that high orders need few. The terms of the last order say how small they are;
/// a gap in a series (an even function) is not taken for smallness. From order to order at most
/// bits / order bits are saved. A step keeps term k below 2^(-k tolerance / order), so its noise
/// stays below what is asked also if the step is longer than the unit.
class ball_recurrence::trim {
public:
    explicit trim(ball_recurrence& n)
        : n_(n), largest_(n.program.rows(), -infinity),
          steepest_(static_cast<double>(n.bits) / static_cast<double>(n.order)) {}
    /// After coefficient k of every row.
    void look_at(slong k) {
        double size = -infinity;
        for (std::size_t r = 0; r < largest_.size(); ++r) {
            arf_srcptr c = mid(n_.rows[r][k]);
            if (arf_is_special(c)) continue;
            const double term =
                fmpz_get_d(ARF_EXPREF(c)) + static_cast<double>(k) * (n_.unit + 0.5);
            largest_[r] = std::max(largest_[r], term);
            size = std::max(size, term - largest_[r]);
        }
        size_ = k == 0 ? 0 : std::max(size, size_ - steepest_);
        const double needed = static_cast<double>(n_.bits) + spare + size_;
        n_.bits_now_ = std::clamp(static_cast<slong>(needed), slong{64}, n_.bits);
        if (k < n_.order) n_.precision_[static_cast<std::size_t>(k) + 1] = n_.bits_now_;
    }

private:
    static constexpr double spare = 12;
    ball_recurrence& n_;
    std::vector<double> largest_; // log2 of the largest term of each row
    double steepest_, size_ = 0;
};

bool ball_recurrence::expand() {
    const auto& instructions = program.instructions();
    for (slong i = 0; i < states(); ++i)
        arf_set(mid(rows[static_cast<std::size_t>(i)][1]), mid(speed[i]));
    const bool trimmed = std::isfinite(unit);
    trim bits_of(*this);
    std::fill(precision_.begin(), precision_.end(), bits);
    if (trimmed) bits_of.look_at(0);
    for (slong k = 1; k <= order; ++k) {
        const std::size_t count = k <= row_order() ? instructions.size() : 0;
        for (std::size_t number = 0; number < count; ++number)
            run(instructions[number], static_cast<slong>(number), k);
        if (k == order) break;
        for (slong i = 0; i < states(); ++i) {
            arb_ptr next = rows[static_cast<std::size_t>(i)][k + 1];
            form(next, velocity(i), k);
            arb_div_ui(next, next, static_cast<ulong>(k + 1), bits_now_);
            settle(static_cast<std::int32_t>(i), k + 1);
        }
        if (trimmed) bits_of.look_at(k);
    }
    bits_now_ = bits;
    for (slong i = 0; i < states(); ++i)
        if (!arf_is_finite(mid(rows[static_cast<std::size_t>(i)][order]))) return false;
    if (has_event() && !arf_is_finite(mid(event()[order]))) return false;
    return true;
}

double ball_recurrence::log2_term(const row& c, slong k) const {
    return log2_abs(mid(c[k])) + static_cast<double>(k) * (std::isfinite(unit) ? unit : 0);
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
