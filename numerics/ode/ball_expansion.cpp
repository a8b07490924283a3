#include "numerics/ode/ball_expansion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "numerics/ode/ball_recurrence.hpp"
#include "numerics/ode/follow.hpp"

namespace flowproof::approx {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

arb_srcptr raw(const ball& x) { return static_cast<arb_srcptr>(x.raw()); }

ball make(arb_srcptr x, std::int64_t bits) {
    ball result = ball(0).with_bits(bits);
    arf_set(arb_midref(static_cast<arb_ptr>(result.raw())), mid(x));
    return result;
}

std::vector<ball> with_bits(const std::vector<ball>& x, std::int64_t bits) {
    std::vector<ball> result;
    for (const ball& b : x)
        result.push_back(make(raw(b), bits));
    return result;
}

/// x 2^shift in double.
double scaled(const arf_t x, double log2_factor) {
    const double size = log2_abs(x) + log2_factor;
    if (size < -1000) return 0;
    return (arf_sgn(x) < 0 ? -1 : 1) * std::exp2(size);
}

} // namespace

struct ball_expansion::numbers : ball_recurrence {
    std::vector<row> saved; // states (and event) before move()
    row work{4}, clock{2};  // clock: duration, time
    bool defined = false;

    numbers(const vector_field& f, const std::vector<ball>& parameters, slong order_, slong bits_)
        : ball_recurrence(f, parameters, order_, bits_) {
        for (std::size_t r = 0; r <= program.states(); ++r)
            saved.emplace_back(1);
    }
};

ball_expansion::ball_expansion(const vector_field& f, const std::vector<ball>& parameters,
                               const std::vector<ball>& start, const ball& duration, int order,
                               std::int64_t bits)
    : n_(std::make_unique<numbers>(f, with_bits(parameters, bits), order, bits)) {
    for (std::size_t i = 0; i < start.size(); ++i)
        arf_set_round(mid(n_->rows[i][0]), mid(raw(start[i])), bits, ARF_RND_NEAR);
    arf_set(mid(n_->clock[0]), mid(raw(duration)));
    n_->unit = log2_abs(mid(n_->clock[0]));
    n_->defined = n_->evaluate();
}
ball_expansion::~ball_expansion() = default;

int ball_expansion::order() const { return static_cast<int>(n_->order); }
int ball_expansion::resolution() const { return static_cast<int>(std::min<slong>(n_->bits, 100)); }
bool ball_expansion::defined() const { return n_->defined; }

bool ball_expansion::expand() {
    if (!n_->expand()) return false;
    n_->weigh();
    return true;
}

double ball_expansion::unit() const { return n_->unit; }
double ball_expansion::reach() const { return limit() + 1; }
double ball_expansion::limit() const { return unit() + n_->slack; }
void ball_expansion::set_unit(double log2_unit) { n_->unit = std::min(log2_unit, log2_left()); }

double ball_expansion::size(int k) const { return n_->size(k); }

ball ball_expansion::left() const {
    arb_ptr w = n_->work[0];
    arf_sub(mid(w), mid(n_->clock[0]), mid(n_->clock[1]), n_->bits + 64, ARF_RND_DOWN);
    return make(w, n_->bits);
}
double ball_expansion::log2_left() const { return log2_abs(mid(raw(left()))); }
double ball_expansion::log2_time() const { return log2_abs(mid(n_->clock[1])); }

ball ball_expansion::length(double log2_length) const {
    const double whole = std::floor(log2_length);
    ball result = ball(0).with_bits(n_->bits);
    arf_ptr h = mid(static_cast<arb_ptr>(result.raw()));
    // Few bits: sums of lengths stay exact for long.
    arf_set_d(h, std::floor(std::exp2(log2_length - whole) * 0x1p12) * 0x1p-12);
    fmpz_t e;
    fmpz_init(e);
    fmpz_set_d(e, whole);
    arf_mul_2exp_fmpz(h, h, e);
    fmpz_clear(e);
    if (arf_sgn(mid(n_->clock[0])) < 0) arf_neg(h, h);
    return result;
}

ball ball_expansion::half(const ball& h) const {
    ball result(h);
    arb_mul_2exp_si(static_cast<arb_ptr>(result.raw()), raw(h), -1);
    return result;
}

std::vector<double> ball_expansion::event_polynomial(const ball& h) const {
    const double unit = log2_abs(mid(raw(h)));
    double largest = -infinity;
    for (int k = 0; k <= order(); ++k)
        largest = std::max(largest, log2_abs(mid(n_->event()[k])) + k * unit);
    std::vector<double> c;
    const bool backward = arf_sgn(mid(raw(h))) < 0;
    for (int k = 0; k <= order(); ++k)
        c.push_back((backward && k % 2 ? -1 : 1) * scaled(mid(n_->event()[k]), k * unit - largest));
    return c;
}

ball ball_expansion::event_time(const std::vector<double>& polynomial, int zeros, double low,
                                double high, const ball& h) const {
    // Newton's iteration from the root in double doubles its bits each time.
    numbers& n = *n_;
    const double first = root_between(polynomial, low, high);
    ball result = ball(0).with_bits(n.bits);
    arf_ptr s = mid(static_cast<arb_ptr>(result.raw()));
    arf_set_d(s, first);
    arf_mul(s, s, mid(raw(h)), n.bits, ARF_RND_DOWN);
    arf_ptr p = mid(n.work[0]), slope = mid(n.work[1]);
    const double goal = log2_abs(s) - static_cast<double>(n.bits) + 8;
    for (int i = 0; i < 40; ++i) {
        arf_zero(p);
        arf_zero(slope);
        for (slong k = n.order; k >= zeros; --k) {
            arf_mul(slope, slope, s, n.bits, ARF_RND_DOWN);
            arf_add(slope, slope, p, n.bits, ARF_RND_DOWN);
            arf_mul(p, p, s, n.bits, ARF_RND_DOWN);
            arf_add(p, p, mid(n.event()[k]), n.bits, ARF_RND_DOWN);
        }
        if (arf_is_zero(p) || arf_is_zero(slope)) break;
        arf_div(p, p, slope, n.bits, ARF_RND_DOWN);
        arf_sub(s, s, p, n.bits, ARF_RND_DOWN);
        if (log2_abs(p) < goal) break;
    }
    return result;
}

double ball_expansion::move(const ball& h) {
    numbers& n = *n_;
    arf_srcptr s = mid(raw(h));
    double displaced = -infinity, largest = -infinity;
    std::vector<double> gaps;
    row slopes(n.states());
    // Before the states move: the event may be one of them.
    if (n.has_event()) arf_set(mid(n.saved.back()[0]), mid(n.event()[0]));
    for (slong i = 0; i < n.states(); ++i) {
        row& c = n.rows[static_cast<std::size_t>(i)];
        arb_ptr saved = n.saved[static_cast<std::size_t>(i)][0];
        arf_set(mid(saved), mid(c[0]));
        n.sum(n.work[0], slopes[i], c, s);
        arf_add(mid(c[0]), mid(c[0]), mid(n.work[0]), n.bits, ARF_RND_NEAR);
        largest = std::max({largest, log2_abs(mid(saved)), log2_abs(mid(c[0])),
                            log2_abs(mid(c[1])) + log2_abs(s)});
    }
    n.defined = n.evaluate();
    if (!n.defined) return infinity;
    for (slong i = 0; i < n.states(); ++i) {
        arf_mul(mid(n.work[0]), mid(n.speed[i]), s, n.bits, ARF_RND_DOWN);
        arf_sub(mid(n.work[0]), mid(n.work[0]), mid(slopes[i]), n.bits, ARF_RND_DOWN);
        displaced = std::max(displaced, log2_abs(mid(n.work[0])));
    }
    double result = displaced == -infinity ? -infinity : displaced - largest;
    if (n.has_event()) {
        double size = log2_abs(mid(n.saved.back()[0]));
        for (int k = 1; k <= order(); ++k)
            size = std::max(size, log2_abs(mid(n.event()[k])) + k * log2_abs(s));
        n.sum(n.work[0], n.work[1], n.event(), s);
        arf_add(mid(n.work[0]), mid(n.work[0]), mid(n.saved.back()[0]), n.bits, ARF_RND_DOWN);
        arf_sub(mid(n.work[0]), mid(n.work[0]), mid(n.event()[0]), n.bits, ARF_RND_DOWN);
        const double gap = log2_abs(mid(n.work[0]));
        if (gap > -infinity) result = std::max(result, gap - size);
    }
    return std::exp2(result);
}

void ball_expansion::undo() {
    numbers& n = *n_;
    for (slong i = 0; i < n.states(); ++i)
        arf_set(mid(n.rows[static_cast<std::size_t>(i)][0]),
                mid(n.saved[static_cast<std::size_t>(i)][0]));
    if (n.has_event())
        arf_set(mid(n.rows[static_cast<std::size_t>(n.program.event())][0]),
                mid(n.saved.back()[0]));
}

void ball_expansion::accept(const ball& h) {
    arf_ptr t = mid(n_->clock[1]);
    arf_add(t, t, mid(raw(h)), n_->bits + 64, ARF_RND_NEAR);
    n_->follow_trend();
}
void ball_expansion::arrive() { arf_set(mid(n_->clock[1]), mid(n_->clock[0])); }

ball ball_expansion::time() const { return make(n_->clock[1], n_->bits); }

std::vector<ball> ball_expansion::state() const {
    std::vector<ball> result;
    for (slong i = 0; i < n_->states(); ++i)
        result.push_back(make(n_->rows[static_cast<std::size_t>(i)][0], n_->bits));
    return result;
}

taylor_step<ball> ball_expansion::step(const ball& length) const {
    taylor_step<ball> result{time(), length, order(), {}};
    for (slong i = 0; i < n_->states(); ++i) {
        result.coefficients.push_back(make(n_->saved[static_cast<std::size_t>(i)][0], n_->bits));
        for (slong k = 1; k <= n_->order; ++k)
            result.coefficients.push_back(make(n_->rows[static_cast<std::size_t>(i)][k], n_->bits));
    }
    return result;
}

ball horner(const ball* c, int n, const ball& s, std::int64_t bits) {
    ball result = ball(0).with_bits(bits);
    arf_ptr p = mid(static_cast<arb_ptr>(result.raw()));
    for (int k = n; k >= 0; --k) {
        arf_mul(p, p, mid(raw(s)), bits, ARF_RND_DOWN);
        arf_add(p, p, mid(raw(c[k])), bits, ARF_RND_DOWN);
    }
    return result;
}

} // namespace flowproof::approx
