#pragma once
// Includes FLINT: for .cpp files only.

#include <algorithm>
#include <cstddef>

#include "numerics/scalar/flint.hpp"

namespace flowproof {

/// An upper bound of a number that is not negative: 30 bits, any exponent, maybe infinite. Every
/// operation rounds up, so a formula in magnitudes bounds the same formula in what they bound.
class magnitude {
public:
    magnitude() { mag_init(m_); }
    /// At least x >= 0; infinite for a NaN.
    explicit magnitude(double x) : magnitude() { mag_set_d(m_, x); }
    explicit magnitude(const mag_t x) : magnitude() { mag_set(m_, x); }
    magnitude(const magnitude& x) : magnitude() { mag_set(m_, x.m_); }
    magnitude(magnitude&& x) noexcept : magnitude() { mag_swap(m_, x.m_); }
    magnitude& operator=(const magnitude& x) {
        mag_set(m_, x.m_);
        return *this;
    }
    magnitude& operator=(magnitude&& x) noexcept {
        mag_swap(m_, x.m_);
        return *this;
    }
    ~magnitude() { mag_clear(m_); }

    static magnitude infinite() {
        magnitude r;
        mag_inf(r.m_);
        return r;
    }
    /// At most x >= 0: a lower bound, to divide by.
    static magnitude at_most(double x) {
        magnitude r;
        mag_set_d_lower(r.m_, x);
        return r;
    }
    /// |x|; of a ball, its largest member's.
    static magnitude of(const arf_t x) {
        magnitude r;
        arf_get_mag(r.m_, x);
        return r;
    }
    static magnitude of(const arb_t x) {
        magnitude r;
        arb_get_mag(r.m_, x);
        return r;
    }
    /// exp(x), x of either sign.
    static magnitude exp(double x) {
        arb_t e;
        arb_init(e);
        arb_set_d(e, x);
        arb_exp(e, e, 53);
        magnitude r = of(e);
        arb_clear(e);
        return r;
    }

    magnitude& operator+=(const magnitude& x) {
        mag_add(m_, m_, x.m_);
        return *this;
    }
    magnitude& operator*=(const magnitude& x) {
        mag_mul(m_, m_, x.m_);
        return *this;
    }
    /// Divided by a number of at least this size: a divisor is a *lower* bound.
    magnitude& operator/=(const magnitude& lower) {
        mag_div(m_, m_, lower.m_);
        return *this;
    }
    void add_product(const magnitude& x, const magnitude& y) { mag_addmul(m_, x.m_, y.m_); }
    friend magnitude operator+(magnitude x, const magnitude& y) { return x += y; }
    friend magnitude operator*(magnitude x, const magnitude& y) { return x *= y; }
    friend magnitude operator/(magnitude x, const magnitude& y) { return x /= y; }
    /// x 2^n exactly.
    friend magnitude scaled(magnitude x, long n) {
        mag_mul_2exp_si(x.m_, x.m_, n);
        return x;
    }

    // The numbers themselves are compared, not what they bound.
    friend bool operator<(const magnitude& x, const magnitude& y) {
        return mag_cmp(x.m_, y.m_) < 0;
    }
    friend const magnitude& max(const magnitude& x, const magnitude& y) { return x < y ? y : x; }
    bool is_zero() const { return mag_is_zero(m_); }
    bool is_finite() const { return mag_is_finite(m_); }
    /// The next double above; infinite beyond the range.
    double upper() const { return mag_get_d(m_); }
    /// About log2; for decisions, not for bounds.
    double log2() const { return mag_get_d_log2_approx(m_); }

    mag_ptr raw() { return m_; }
    mag_srcptr raw() const { return m_; }

private:
    mag_t m_;
};

} // namespace flowproof
