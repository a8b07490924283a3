#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "numerics/ode/ball_recurrence.hpp"

namespace flowproof::approx {

namespace {

constexpr int radix_bits = digits::radix_bits;
/// Bits of a row beyond those asked for: its rounding errors are added up.
constexpr std::int64_t guard = 12;

std::int64_t floor_div(std::int64_t x, std::int64_t y) {
    return x >= 0 ? x / y : -((-x + y - 1) / y);
}

/// What a sum left out, in units of scaled coefficients.
magnitude lost(const columns& sum) {
    magnitude result;
    if (sum.left_out() > 0)
        mag_set_ui_2exp_si(result.raw(), sum.left_out(), radix_bits * (sum.low() + 1) - 2);
    return result;
}

} // namespace

/// Where the terms of a sum have their digits.
struct ball_recurrence::extent {
    std::int64_t low = std::numeric_limits<std::int64_t>::max(), top = digit_row::no_top;
    const digit_row *x = nullptr, *y = nullptr; ///< with an inner product of these
    std::int64_t other_top = digit_row::no_top; ///< and this

    bool empty() const { return top == digit_row::no_top; }
    void add(std::int64_t l, std::int64_t t) {
        low = std::min(low, l);
        top = std::max(top, t);
    }
    void add(const digit_row& r, slong k) {
        if (r.is_zero()) return;
        add(r.low(), r.top(k));
        other_top = std::max(other_top, r.top(k));
    }
    void add(const digit_row& r, const digit_row& s) {
        if (r.is_zero() || s.is_zero()) return;
        add(r.low() + s.low(), r.top() + s.top());
        x = &r;
        y = &s;
    }
    /// A bound of their size at order k.
    std::int64_t top_at(slong k) const {
        if (!x) return top;
        std::int64_t result = other_top;
        for (slong j = 0; j <= k; ++j)
            result = std::max(result, x->top(j) + y->top(k - j));
        return result;
    }
};

/// Digits that order k may do without.
std::int64_t ball_recurrence::fall(slong k) const {
    return static_cast<std::int64_t>(static_cast<double>(k) * fall_);
}

/// Begins a sum for coefficient k of row r: `spare` digits below its lowest; of a row that was 0 so
/// far all digits of the terms. Far below the terms nothing is needed.
void ball_recurrence::open(std::int32_t r, slong k, std::int64_t spare, const extent& terms) {
    if (terms.empty()) return sum_.open(0);
    const std::int64_t far = 4 + 2 * ((bits + guard) / radix_bits + 1);
    const auto needed = [&](std::int64_t top) { return floor_div(top, radix_bits) - far; };
    std::int64_t low = series(r).is_zero() ? terms.low : series(r).floor + fall(k) - spare;
    if (low < needed(terms.top)) low = std::max(low, needed(terms.top_at(k)));
    sum_.open(low);
}

/// Coefficient k of row r is about 2^top: no digit is needed that is smaller by `bits`.
void ball_recurrence::raise_floor(std::int32_t r, slong k, std::int64_t top) {
    const std::int64_t lowest = floor_div(top - bits - guard, radix_bits) - fall(k);
    series(r).floor = std::max(series(r).floor, lowest);
}

/// Coefficient k of row r is the sum, rounded; it lacks as much as the sum and `more`.
void ball_recurrence::store(std::int32_t r, slong k, const magnitude& more) {
    sum_.close(x_);
    if (!x_.is_zero()) raise_floor(r, k, x_.top());
    const std::int64_t lowest = series(r).floor + fall(k);
    const int cut = x_.is_zero() ? 0 : x_.cut(lowest);
    series(r).set(k, x_);
    if (!bounded_) return;
    magnitude& bound = residual(r, k);
    mag_set_ui_2exp_si(bound.raw(), static_cast<ulong>(cut), cut ? radix_bits * lowest - 2 : 0);
    bound += lost(sum_);
    bound += more;
    bound = scaled(std::move(bound), -k * scale_);
}

/// Coefficient k of row r is the sum times 2^shift / divisor.
void ball_recurrence::store_quotient(std::int32_t r, slong k, slong divisor, std::int64_t shift) {
    const std::int64_t whole = floor_div(shift, radix_bits);
    const magnitude more = bounded_ ? scaled(lost(sum_), shift) : magnitude();
    sum_.close(x_, static_cast<int>(shift - whole * radix_bits));
    if (x_.is_zero()) {
        sum_.open(0);
    } else {
        x_.low += whole;
        raise_floor(r, k,
                    x_.top() -
                        static_cast<std::int64_t>(std::bit_width(static_cast<ulong>(divisor))));
        sum_.open(series(r).floor + fall(k) - 1);
        sum_.add_quotient(x_, divisor);
    }
    store(r, k, more);
}

/// Coefficient k of row r solves  times factor_0 r_k = the sum, with pivot about
/// 1 / (times factor_0).
void ball_recurrence::store_solution(std::int32_t r, slong k, const digits& pivot,
                                     std::int32_t factor, int times) {
    magnitude bound = lost(sum_);
    sum_.close(z_);
    extent product;
    if (!z_.is_zero()) product.add(z_.low + pivot.low, z_.top() + pivot.top());
    open(r, k, 1, product);
    sum_.add_product(z_, pivot, 1);
    store(r, k, {});
    if (!bounded_) return;
    series(factor).get(0, y_);
    sum_.open(
        std::min(z_.is_zero() ? x_.low + y_.low : z_.low, x_.is_zero() ? z_.low : x_.low + y_.low));
    sum_.add(z_, 1);
    sum_.add_product(x_, y_, -times);
    sum_.close(x_);
    bound += x_.size();
    residual(r, k) = scaled(std::move(bound), -k * scale_);
}

ball_recurrence::extent ball_recurrence::of_form(const affine_form& f, slong k) {
    extent result;
    const auto of_factor = [&](std::int32_t i) -> const digits& {
        return factor_[static_cast<std::size_t>(i)];
    };
    if (k == 0 && f.constant >= 0 && !of_factor(f.constant).is_zero())
        result.add(of_factor(f.constant).low, of_factor(f.constant).top());
    for (const auto& t : f.terms) {
        const digit_row& x = series(t.row);
        if (t.coefficient < 0)
            result.add(x, k);
        else if (!x.is_zero() && !of_factor(t.coefficient).is_zero())
            result.add(x.low() + of_factor(t.coefficient).low,
                       x.top(k) + of_factor(t.coefficient).top());
    }
    return result;
}

void ball_recurrence::add_form(const affine_form& f, slong k) {
    if (k == 0 && f.constant >= 0) sum_.add(factor_[static_cast<std::size_t>(f.constant)], 1);
    for (const auto& t : f.terms) {
        series(t.row).get(k, x_);
        if (t.coefficient == affine_form::one)
            sum_.add(x_, 1);
        else if (t.coefficient == affine_form::minus_one)
            sum_.add(x_, -1);
        else
            sum_.add_product(x_, factor_[static_cast<std::size_t>(t.coefficient)], 1);
    }
}

void ball_recurrence::run(const taylor_instruction& i, slong number, slong k) {
    const auto product = [&](std::int32_t x, std::int32_t y) {
        extent result;
        result.add(series(x), series(y));
        return result;
    };
    const auto with = [&](extent e, std::int32_t x) {
        e.add(series(x), k);
        return e;
    };
    const auto add = [&](std::int32_t x, slong times) {
        series(x).get(k, x_);
        sum_.add(x_, times);
    };
    const auto add_inner = [&](std::int32_t x, std::int32_t y, slong low, slong high, int times) {
        sum_.add_inner(series(x), series(y), k, low, high, times);
    };
    // times (x_low x_(k-low) + ... + x_(k-low) x_low)
    const auto add_square = [&](std::int32_t x, slong low, int times) {
        add_inner(x, x, low, (k - 1) / 2, 2 * times);
        if (k % 2 == 0) add_inner(x, x, k / 2, k / 2, times);
    };
    const digits& pivot = divisor_[static_cast<std::size_t>(number)];
    switch (i.op) {
    case taylor_op::affine: {
        const affine_form& f = program.forms()[static_cast<std::size_t>(i.x)];
        open(i.out, k, 1, of_form(f, k));
        add_form(f, k);
        return store(i.out, k, {});
    }
    case taylor_op::product:
        open(i.out, k, 1, product(i.x, i.y));
        add_inner(i.x, i.y, 0, k, 1);
        return store(i.out, k, {});
    case taylor_op::square:
        open(i.out, k, 1, product(i.x, i.x));
        add_square(i.x, 0, 1);
        return store(i.out, k, {});
    case taylor_op::quotient:
        open(i.out, k, 2 + pivot.high(), with(product(i.out, i.y), i.x));
        add(i.x, 1);
        add_inner(i.out, i.y, 0, k - 1, -1);
        return store_solution(i.out, k, pivot, i.y, 1);
    case taylor_op::reciprocal:
        open(i.out, k, 2 + pivot.high(), product(i.out, i.x));
        add_inner(i.out, i.x, 0, k - 1, -1);
        return store_solution(i.out, k, pivot, i.x, 1);
    case taylor_op::sqrt:
        open(i.out, k, 2 + pivot.high(), with(product(i.out, i.out), i.x));
        add(i.x, 1);
        add_square(i.out, 1, -1);
        return store_solution(i.out, k, pivot, i.out, 2);
    case taylor_op::slope: // exact
        series(i.x).get(k, x_);
        sum_.open(x_.low);
        sum_.add(x_, k);
        sum_.close(x_);
        series(i.out).set(k, x_);
        return;
    case taylor_op::exp:
        open(i.out, k, 2, product(i.y, i.out));
        add_inner(i.y, i.out, 1, k, 1);
        return store_quotient(i.out, k, k, 0);
    case taylor_op::log:
        open(i.out, k, 2, with({}, i.y));
        add(i.y, 1);
        return store_quotient(i.out, k, k, 0);
    case taylor_op::sin_cos:
        open(i.out, k, 2, product(i.y, i.out + 1));
        add_inner(i.y, i.out + 1, 1, k, 1);
        store_quotient(i.out, k, k, 0);
        open(i.out + 1, k, 2, product(i.y, i.out));
        add_inner(i.y, i.out, 1, k, -1);
        return store_quotient(i.out + 1, k, k, 0);
    }
}

/// Digits of all that is there before coefficient 1; false if a number has an absurd exponent.
bool ball_recurrence::start() {
    scale_ = static_cast<std::int64_t>(std::ceil(unit + slack));
    fall_ = (static_cast<double>(scale_) - unit - slack) / radix_bits;
    for (std::size_t i = 0; i < factor_.size(); ++i)
        if (!factor_[i].set(mid(coefficient_[static_cast<slong>(i)]))) return false;
    for (std::size_t i = 0; i < divisor_.size(); ++i) {
        arf_ptr pivot = mid(work_[0]);
        arf_set(pivot, mid(pivot_[static_cast<slong>(i)]));
        if (program.instructions()[i].op == taylor_op::sqrt) arf_mul_2exp_si(pivot, pivot, -1);
        const bool fits = divisor_[i].set(pivot);
        arf_zero(pivot);
        if (!fits) return false;
    }
    for (std::size_t r = 0; r < series_.size(); ++r) {
        series_[r].clear();
        if (!x_.set(mid(rows[r][0]))) return false;
        series_[r].set(0, x_);
        if (!x_.is_zero()) raise_floor(static_cast<std::int32_t>(r), 0, x_.top());
    }
    return true;
}

/// After coefficients k of the states. If they grow from k / 2 to k by more than their digits, the
/// unit becomes shorter.
bool ball_recurrence::fits(slong k) {
    constexpr std::int64_t much = 2 * radix_bits;
    if (k % 8 != 0) return true;
    double steepest = 0;
    for (slong i = 0; i < states(); ++i) {
        const digit_row& y = series(static_cast<std::int32_t>(i));
        std::int64_t before = digit_row::no_top;
        for (slong j = 1; j <= k / 2; ++j)
            before = std::max(before, y.top(j));
        if (before != digit_row::no_top && y.top(k) > before + much)
            steepest = std::max(steepest, static_cast<double>(y.top(k) - before) /
                                              static_cast<double>(k - k / 2));
    }
    unit -= steepest;
    return steepest == 0;
}

bool ball_recurrence::compute_orders() {
    const auto& instructions = program.instructions();
    for (slong k = 0;; ++k) {
        if (k > 0 && k <= row_order())
            for (std::size_t number = 0; number < instructions.size(); ++number)
                run(instructions[number], static_cast<slong>(number), k);
        if (k == order) return true;
        for (slong i = 0; i < states(); ++i) {
            const auto y = static_cast<std::int32_t>(i);
            const affine_form& f = velocity(i);
            open(y, k + 1, 2 + floor_div(scale_, radix_bits), of_form(f, k));
            add_form(f, k);
            store_quotient(y, k + 1, k + 1, scale_);
        }
        if (!fits(k + 1)) return false;
    }
}

bool ball_recurrence::expand() {
    constexpr int attempts = 64;
    for (int i = 0; i < attempts; ++i) {
        if (!start()) return false;
        if (!compute_orders()) continue;
        write_rows();
        return true;
    }
    return false;
}

void ball_recurrence::write_rows() {
    std::fill(precision_.begin(), precision_.end(), 64);
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const auto y = static_cast<std::int32_t>(r);
        const bool summed = y < states() || y == program.event();
        const slong last = y < states() ? order : row_order();
        for (slong k = 1; k <= last; ++k) {
            series_[r].get(k, x_);
            x_.get(mid(rows[r][k]), -k * scale_);
            slong& enough = precision_[static_cast<std::size_t>(k)];
            if (summed && !x_.is_zero())
                enough = std::max(enough, x_.top() - radix_bits * (series_[r].floor + fall(k)));
        }
    }
    // Horner's scheme has the larger terms before the others.
    precision_[0] = bits;
    for (slong k = order; k > 0; --k) {
        slong& enough = precision_[static_cast<std::size_t>(k)];
        if (k < order) enough = std::max(enough, precision_[static_cast<std::size_t>(k) + 1]);
        enough = std::min(enough, bits + guard);
    }
}

} // namespace flowproof::approx
