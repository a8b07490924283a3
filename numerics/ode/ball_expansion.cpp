#include "numerics/ode/ball_expansion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "numerics/ode/follow.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/flint.hpp"

namespace flowproof::approx {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

arb_srcptr raw(const ball& x) { return static_cast<arb_srcptr>(x.raw()); }

/// A row of Arb numbers with radius 0.
class row {
public:
    explicit row(slong size) : data_(_arb_vec_init(size)), size_(size) {}
    row(row&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(other.size_) {}
    row(const row&) = delete;
    row& operator=(const row&) = delete;
    ~row() {
        if (data_) _arb_vec_clear(data_, size_);
    }
    arb_ptr operator[](slong k) { return data_ + k; }
    arb_srcptr operator[](slong k) const { return data_ + k; }

private:
    arb_ptr data_;
    slong size_;
};

arf_ptr mid(arb_ptr x) { return arb_midref(x); }
arf_srcptr mid(arb_srcptr x) { return arb_midref(x); }

ball make(arb_srcptr x, std::int64_t bits) {
    ball result = ball(0).with_bits(bits);
    arf_set(arb_midref(static_cast<arb_ptr>(result.raw())), mid(x));
    return result;
}

/// log2 |x|, -infinity for 0.
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

/// x 2^shift in double.
double scaled(const arf_t x, double log2_factor) {
    const double size = log2_abs(x) + log2_factor;
    if (size < -1000) return 0;
    return (arf_sgn(x) < 0 ? -1 : 1) * std::exp2(size);
}

} // namespace

struct ball_expansion::numbers {
    const vector_field field; // keeps the program
    const taylor_program& program;
    slong order, bits;
    std::vector<row> rows;  // coefficients 0 to order
    std::vector<row> saved; // states (and event) before move()
    row coefficient;        // of the forms
    row pivot;              // an instruction's 1 / y_0, 1 / x_0, 1 / (2 r_0)
    row speed;              // velocity at the present state
    row work;
    row clock; // duration, time
    std::vector<double> weight;
    double unit = std::numeric_limits<double>::infinity(); // log2, of time; infinite: not known
    std::vector<slong> precision;                          // bits of coefficient k
    slong bits_now;                                        // of the present coefficient
    bool defined = false;

    numbers(const vector_field& f, slong order_, slong bits_)
        : field(f), program(field.program()), order(order_), bits(bits_),
          coefficient(static_cast<slong>(program.coefficients().outputs().size())),
          pivot(static_cast<slong>(program.instructions().size())),
          speed(static_cast<slong>(program.states())), work(4), clock(2),
          weight(program.states() + 1), precision(static_cast<std::size_t>(order_) + 1, bits_),
          bits_now(bits_) {
        for (std::size_t r = 0; r < program.rows(); ++r)
            rows.emplace_back(order + 1);
        for (std::size_t r = 0; r <= program.states(); ++r)
            saved.emplace_back(1);
    }

    slong states() const { return static_cast<slong>(program.states()); }
    row& at(std::int32_t r) { return rows[static_cast<std::size_t>(r)]; }
    const row& event() const { return rows[static_cast<std::size_t>(program.event())]; }
    bool has_event() const { return program.event() >= 0; }

    /// result = coefficient k of a form.
    void form(arb_ptr result, const affine_form& f, slong k) {
        if (k == 0 && f.constant >= 0)
            arf_set(mid(result), mid(coefficient[f.constant]));
        else
            arf_zero(mid(result));
        for (const auto& t : f.terms) {
            arf_srcptr x = mid(at(t.row)[k]);
            if (t.coefficient == affine_form::one)
                arf_add(mid(result), mid(result), x, bits_now, ARF_RND_DOWN);
            else if (t.coefficient == affine_form::minus_one)
                arf_sub(mid(result), mid(result), x, bits_now, ARF_RND_DOWN);
            else
                arf_addmul(mid(result), x, mid(coefficient[t.coefficient]), bits_now, ARF_RND_DOWN);
        }
    }

    /// Coefficient 0 of everything, and the velocity.
    void evaluate() {
        for (std::size_t number = 0; number < program.instructions().size(); ++number) {
            const taylor_instruction& i = program.instructions()[number];
            arb_ptr r = at(i.out)[0];
            arb_ptr p = pivot[static_cast<slong>(number)];
            const auto inverse = [&](arb_srcptr y) {
                arb_inv(p, y, bits);
                mag_zero(arb_radref(p));
            };
            switch (i.op) {
            case taylor_op::affine:
                form(r, program.forms()[static_cast<std::size_t>(i.x)], 0);
                break;
            case taylor_op::product:
                arf_mul(mid(r), mid(at(i.x)[0]), mid(at(i.y)[0]), bits, ARF_RND_DOWN);
                break;
            case taylor_op::square:
                arf_mul(mid(r), mid(at(i.x)[0]), mid(at(i.x)[0]), bits, ARF_RND_DOWN);
                break;
            case taylor_op::quotient:
                arf_div(mid(r), mid(at(i.x)[0]), mid(at(i.y)[0]), bits, ARF_RND_DOWN);
                inverse(at(i.y)[0]);
                break;
            case taylor_op::reciprocal:
                arf_ui_div(mid(r), 1, mid(at(i.x)[0]), bits, ARF_RND_DOWN);
                arb_set(p, r);
                break;
            case taylor_op::sqrt:
                arf_sqrt(mid(r), mid(at(i.x)[0]), bits, ARF_RND_DOWN);
                inverse(r);
                arb_mul_2exp_si(p, p, -1);
                break;
            case taylor_op::slope:
                arf_zero(mid(r));
                break;
            case taylor_op::exp:
                arb_exp(r, at(i.x)[0], bits);
                break;
            case taylor_op::log:
                arb_log(r, at(i.x)[0], bits);
                break;
            case taylor_op::sin_cos:
                arb_sin_cos(r, at(i.out + 1)[0], at(i.x)[0], bits);
                mag_zero(arb_radref(at(i.out + 1)[0]));
                break;
            }
            mag_zero(arb_radref(r));
        }
        defined = true;
        for (slong i = 0; i < states(); ++i) {
            form(speed[i], program.forms()[velocity(i)], 0);
            defined = defined && arf_is_finite(mid(speed[i])) &&
                      arf_is_finite(mid(at(static_cast<std::int32_t>(i))[0]));
        }
        if (has_event()) defined = defined && arf_is_finite(mid(event()[0]));
    }

    std::size_t velocity(slong i) const {
        return static_cast<std::size_t>(program.velocity()[static_cast<std::size_t>(i)]);
    }

    /// result = initial -+ (x_low y_(k-low) + ... + x_high y_(k-high))
    void inner(arb_ptr result, arb_srcptr initial, bool subtract, std::int32_t x, std::int32_t y,
               slong k, slong low, slong high) {
        arb_approx_dot(result, initial, subtract, at(x)[low], 1, at(y)[k - low], -1, high - low + 1,
                       bits_now);
    }

    /// result = x_low x_(k-low) + ... + x_(k-low) x_low
    void inner_square(arb_ptr result, std::int32_t x, slong k, slong low) {
        const slong pairs = (k + 1) / 2 - low; // k even: without the middle
        arb_approx_dot(result, nullptr, 0, at(x)[low], 1, at(x)[k - low], -1, pairs, bits_now);
        arf_mul_2exp_si(mid(result), mid(result), 1);
        if (k % 2 == 0)
            arf_addmul(mid(result), mid(at(x)[k / 2]), mid(at(x)[k / 2]), bits_now, ARF_RND_DOWN);
    }

    void run(const taylor_instruction& i, slong number, slong k) {
        arb_ptr r = at(i.out)[k];
        const auto divide_by_k = [&](arb_ptr x) {
            arf_div_ui(mid(x), mid(x), static_cast<ulong>(k), bits_now, ARF_RND_DOWN);
        };
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
            arf_mul(mid(r), mid(r), mid(pivot[number]), bits_now, ARF_RND_DOWN);
            break;
        case taylor_op::reciprocal:
            inner(r, nullptr, true, i.out, i.x, k, 0, k - 1);
            arf_mul(mid(r), mid(r), mid(pivot[number]), bits_now, ARF_RND_DOWN);
            break;
        case taylor_op::sqrt:
            inner_square(r, i.out, k, 1);
            arf_sub(mid(r), mid(at(i.x)[k]), mid(r), bits_now, ARF_RND_DOWN);
            arf_mul(mid(r), mid(r), mid(pivot[number]), bits_now, ARF_RND_DOWN);
            break;
        case taylor_op::slope:
            arf_mul_ui(mid(r), mid(at(i.x)[k]), static_cast<ulong>(k), bits_now, ARF_RND_DOWN);
            break;
        case taylor_op::exp:
            inner(r, nullptr, false, i.y, i.out, k, 1, k);
            divide_by_k(r);
            break;
        case taylor_op::log:
            arf_set(mid(r), mid(at(i.y)[k]));
            divide_by_k(r);
            break;
        case taylor_op::sin_cos:
            inner(r, nullptr, false, i.y, i.out + 1, k, 1, k);
            divide_by_k(r);
            inner(at(i.out + 1)[k], nullptr, true, i.y, i.out, k, 1, k);
            divide_by_k(at(i.out + 1)[k]);
            break;
        }
    }

    /// Chooses the bits of every coefficient while they are computed: that of order k is multiplied
    /// with h^k, so that high orders need few. The terms of the last order say how small they are;
    /// a gap in a series (an even function) is not taken for smallness.
    class trim {
    public:
        explicit trim(numbers& n)
            : n_(n), largest_(n.program.rows(), -infinity),
              steepest_(static_cast<double>(n.bits) / static_cast<double>(n.order)) {}
        /// After coefficient k of every row.
        void look_at(slong k) {
            double size = -infinity;
            for (std::size_t r = 0; r < largest_.size(); ++r) {
                arf_srcptr c = mid(n_.rows[r][k]);
                if (arf_is_special(c)) continue;
                const double term = fmpz_get_d(ARF_EXPREF(c)) + static_cast<double>(k) * n_.reach();
                largest_[r] = std::max(largest_[r], term);
                size = std::max(size, term - largest_[r]);
            }
            size_ = k == 0 ? 0 : std::max(size, size_ - steepest_);
            const double needed = static_cast<double>(n_.bits) + spare + size_;
            n_.bits_now = std::clamp(static_cast<slong>(needed), slong{64}, n_.bits);
            if (k < n_.order) n_.precision[static_cast<std::size_t>(k) + 1] = n_.bits_now;
        }

    private:
        static constexpr double spare = 12;
        numbers& n_;
        std::vector<double> largest_; // log2 of the largest term of each row
        double steepest_, size_ = 0;
    };

    /// log2 of the longest step for which the coefficients have bits enough.
    double reach() const { return unit + 0.5; }

    double log2_term(const row& c, slong k) const {
        return log2_abs(mid(c[k])) + static_cast<double>(k) * (std::isfinite(unit) ? unit : 0);
    }

    /// weight = log2 of what size() refers to.
    void weigh() {
        double largest = -infinity;
        for (std::size_t i = 0; i < program.states(); ++i) {
            const row& c = rows[i];
            weight[i] = std::max(log2_term(c, 0), std::log2(relative_to::derivatives) +
                                                      std::max(log2_term(c, 1), log2_term(c, 2)));
            largest = std::max(largest, weight[i]);
        }
        for (std::size_t i = 0; i < program.states(); ++i)
            weight[i] = std::max(weight[i], std::log2(relative_to::others) + largest);
        if (!has_event()) return;
        double size = log2_term(event(), 0);
        for (slong k = 1; k <= order / 2; ++k)
            size = std::max(size, log2_term(event(), k));
        weight.back() = size;
    }

    /// p = polynomial without its constant term at s, slope = s p'(s) to half the digits.
    void sum(arb_ptr p, arb_ptr slope, const row& c, arf_srcptr s) {
        const slong half = bits / 2 + 16;
        arf_zero(mid(p));
        arf_zero(mid(slope));
        for (slong k = order; k >= 0; --k) {
            arf_mul(mid(slope), mid(slope), s, half, ARF_RND_DOWN);
            arf_add(mid(slope), mid(slope), mid(p), half, ARF_RND_DOWN);
            if (k == 0) break;
            const slong enough = precision[static_cast<std::size_t>(k)];
            arf_mul(mid(p), mid(p), s, enough, ARF_RND_DOWN);
            arf_add(mid(p), mid(p), mid(c[k]), enough, ARF_RND_DOWN);
        }
        arf_mul(mid(slope), mid(slope), s, half, ARF_RND_DOWN);
        arf_mul(mid(p), mid(p), s, bits, ARF_RND_DOWN);
    }
};

ball_expansion::ball_expansion(const vector_field& f, const std::vector<ball>& parameters,
                               const std::vector<ball>& start, const ball& duration, int order,
                               std::int64_t bits)
    : n_(std::make_unique<numbers>(f, order, bits)) {
    std::vector<ball> inputs;
    for (const ball& p : parameters)
        inputs.push_back(make(raw(p), bits));
    const std::vector<ball> c = evaluate(n_->program.coefficients(), inputs, embed<ball>{bits});
    for (std::size_t i = 0; i < c.size(); ++i)
        arf_set(mid(n_->coefficient[static_cast<slong>(i)]), mid(raw(c[i])));
    for (std::size_t i = 0; i < start.size(); ++i)
        arf_set_round(mid(n_->rows[i][0]), mid(raw(start[i])), bits, ARF_RND_NEAR);
    arf_set(mid(n_->clock[0]), mid(raw(duration)));
    n_->evaluate();
}
ball_expansion::~ball_expansion() = default;

int ball_expansion::order() const { return static_cast<int>(n_->order); }
int ball_expansion::resolution() const { return static_cast<int>(std::min<slong>(n_->bits, 100)); }
bool ball_expansion::defined() const { return n_->defined; }

bool ball_expansion::expand() {
    numbers& n = *n_;
    const auto& instructions = n.program.instructions();
    for (slong i = 0; i < n.states(); ++i)
        arf_set(mid(n.rows[static_cast<std::size_t>(i)][1]), mid(n.speed[i]));
    const bool trimmed = std::isfinite(n.unit);
    numbers::trim trim(n);
    std::fill(n.precision.begin(), n.precision.end(), n.bits);
    if (trimmed) trim.look_at(0);
    for (slong k = 1; k <= n.order; ++k) {
        const std::size_t count = k < n.order     ? instructions.size()
                                  : n.has_event() ? instructions.size()
                                                  : 0;
        for (std::size_t number = 0; number < count; ++number)
            n.run(instructions[number], static_cast<slong>(number), k);
        if (k == n.order) break;
        for (slong i = 0; i < n.states(); ++i) {
            arb_ptr next = n.rows[static_cast<std::size_t>(i)][k + 1];
            n.form(next, n.program.forms()[n.velocity(i)], k);
            arf_div_ui(mid(next), mid(next), static_cast<ulong>(k + 1), n.bits_now, ARF_RND_DOWN);
        }
        if (trimmed) trim.look_at(k);
    }
    n.bits_now = n.bits;
    for (slong i = 0; i < n.states(); ++i)
        if (!arf_is_finite(mid(n.rows[static_cast<std::size_t>(i)][n.order]))) return false;
    if (n.has_event() && !arf_is_finite(mid(n.event()[n.order]))) return false;
    n.weigh();
    return true;
}

double ball_expansion::unit() const { return std::isfinite(n_->unit) ? n_->unit : 0; }
double ball_expansion::reach() const { return n_->reach(); }
void ball_expansion::set_unit(double log2_unit) { n_->unit = log2_unit; }

double ball_expansion::size(int k) const {
    const auto states = static_cast<std::size_t>(n_->states());
    double largest = -infinity;
    for (std::size_t i = 0; i < states; ++i)
        largest = std::max(largest, n_->log2_term(n_->rows[i], k) - n_->weight[i]);
    if (n_->has_event())
        largest = std::max(largest, n_->log2_term(n_->event(), k) - n_->weight[states]);
    return std::isnan(largest) ? -infinity : largest;
}

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
    for (slong i = 0; i < n.states(); ++i) {
        row& c = n.rows[static_cast<std::size_t>(i)];
        arb_ptr saved = n.saved[static_cast<std::size_t>(i)][0];
        arf_set(mid(saved), mid(c[0]));
        n.sum(n.work[0], slopes[i], c, s);
        arf_add(mid(c[0]), mid(c[0]), mid(n.work[0]), n.bits, ARF_RND_NEAR);
        largest = std::max({largest, log2_abs(mid(saved)), log2_abs(mid(c[0])),
                            log2_abs(mid(c[1])) + log2_abs(s)});
    }
    if (n.has_event()) arf_set(mid(n.saved.back()[0]), mid(n.event()[0]));
    n.evaluate();
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
