#pragma once

#include <cstdint>

#include "numerics/interval/rounding.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/// Both ends of an interval in one register: lane 0 rounds down, lane 1 rounds up.
///
/// The same error-free transforms as rounding.hpp, on two lanes without a branch. Everything here
/// returns false instead of a result where the transforms are not exact (overflow, underflow, NaN),
/// and for the caller to take the careful path.
namespace flowproof::rounding {

using ends = double __attribute__((vector_size(16)));
using end_mask = std::int64_t __attribute__((vector_size(16)));

inline end_mask bits_of(ends x) { return reinterpret_cast<end_mask>(x); }
inline ends as_ends(end_mask x) { return reinterpret_cast<ends>(x); }
inline ends chosen(end_mask mask, ends yes, ends no) {
    return as_ends((bits_of(yes) & mask) | (bits_of(no) & ~mask));
}
inline ends kept(end_mask mask, ends x) { return as_ends(bits_of(x) & mask); }
inline ends swapped(ends x) { return __builtin_shufflevector(x, x, 1, 0); }
inline ends magnitude(ends x) { return kept(end_mask{} + 0x7fffffffffffffff, x); }
/// The lower end negated: then both ends round up.
inline ends outward(ends x) {
    constexpr end_mask lower_sign{std::numeric_limits<std::int64_t>::min(), 0};
    return as_ends(bits_of(x) ^ lower_sign);
}
// Comparisons; where there is SSE2, by its instructions: g++ 12 takes masks apart that it combines.
#ifdef __SSE2__
inline end_mask less(ends x, ends y) { return bits_of(_mm_cmplt_pd(x, y)); }
inline end_mask at_most(ends x, ends y) { return bits_of(_mm_cmple_pd(x, y)); }
inline end_mask equal(ends x, ends y) { return bits_of(_mm_cmpeq_pd(x, y)); }
inline bool both(end_mask mask) { return _mm_movemask_pd(as_ends(mask)) == 3; }
inline bool neither(end_mask mask) { return _mm_movemask_pd(as_ends(mask)) == 0; }
#else
inline end_mask less(ends x, ends y) { return x < y; }
inline end_mask at_most(ends x, ends y) { return x <= y; }
inline end_mask equal(ends x, ends y) { return x == y; }
inline bool both(end_mask mask) { return (mask[0] & mask[1]) != 0; }
inline bool neither(end_mask mask) { return (mask[0] | mask[1]) == 0; }
#endif

/// The next double above where the mask is set and x is not 0, x itself elsewhere.
inline ends stepped_up(ends x, end_mask mask) {
    return as_ends(bits_of(x) + ((less(x, ends{}) | 1) & mask));
}

/// error = u v - p exactly, for p = u v to nearest; NaN if a factor is beyond 2^996.
inline ends product_error(ends u, ends v, ends p) {
#ifdef __FMA__
    return ends{__builtin_fma(u[0], v[0], -p[0]), __builtin_fma(u[1], v[1], -p[1])};
#else
    const ends u_shifted = 0x1p27 * u + u, v_shifted = 0x1p27 * v + v;
    const ends u_high = u_shifted - (u_shifted - u), v_high = v_shifted - (v_shifted - v);
    const ends u_low = u - u_high, v_low = v - v_high;
    return ((u_high * v_high - p) + u_high * v_low + u_low * v_high) + u_low * v_low;
#endif
}

/// a - b c exactly, for b = a / c to nearest; NaN if a factor is beyond 2^996.
inline ends residual(ends a, ends b, ends c) {
#ifdef __FMA__
    return ends{__builtin_fma(-b[0], c[0], a[0]), __builtin_fma(-b[1], c[1], a[1])};
#else
    const ends p = b * c;
    return (a - p) - product_error(b, c, p);
#endif
}

/// Where x = fl(u v) or fl(u / v) is at least 2^-960 in magnitude and the error computed is finite:
/// no underflow and no overflow on the way, hence exact.
inline end_mask is_exact(ends x, ends error) {
    return at_most(ends{} + 0x1p-960, magnitude(x)) & at_most(magnitude(error), ends{} + 0x1p1000);
}

/// x + y, each end rounded outward.
inline bool sum(ends x, ends y, ends& result) {
    const ends s = x + y, x_part = s - y, y_part = s - x_part;
    const ends error = (x - x_part) + (y - y_part);
    if (!is_finite(error[0] + error[1])) return false;
    result = outward(stepped_up(outward(s), less(ends{}, outward(error))));
    return true;
}

/// The hull of all products of members. Minimum and maximum are each one of two products, as the
/// sign of a factor decides which end of the other it meets.
inline bool product(ends x, ends y, ends& result) {
    const ends zero{};
    const ends a = __builtin_shufflevector(x, x, 0, 0), b = __builtin_shufflevector(x, x, 1, 1);
    const end_mask differ = bits_of(y) ^ bits_of(swapped(y));
    const ends with_a = as_ends(bits_of(y) ^ (differ & less(a, zero))),
               with_b = as_ends(bits_of(y) ^ (differ & less(b, zero)));
    const ends p = outward(a) * with_a, q = outward(b) * with_b; // both ends want the larger
    const end_mask first = less(q, p);
    const ends most = chosen(first, p, q); // not finite if p or q is NaN
    const ends u = outward(chosen(first, a, b)), v = chosen(first, with_a, with_b);
    ends error = product_error(u, v, most);
    end_mask exact = is_exact(most, error);
    if (!both(exact)) { // a factor 0 is as good
        exact |= equal(most, zero) & (equal(u, zero) | equal(v, zero));
        error = kept(exact, error);
        if (!both(exact)) return false;
    }
    if (const end_mask tied = equal(p, q); !neither(tied) && x[0] != x[1]) {
        // Products that round to the same double may differ.
        const ends other = product_error(outward(a), with_a, p);
        const end_mask none = equal(p, zero) & (equal(a, zero) | equal(with_a, zero));
        if (!both(~tied | is_exact(p, other) | none)) return false;
        error = chosen(tied & ~none & less(error, other), other, error);
    }
    result = outward(stepped_up(most, less(zero, error))) + 0.0; // + 0.0 turns -0 into 0
    return true;
}

/// x / y for 0 < y, each end rounded outward.
inline bool quotient(ends x, ends y, ends& result) {
    const ends by = chosen(less(x, ends{}), y, swapped(y)), q = x / by;
    const ends rest = residual(x, q, by);
    const end_mask in_range = at_most(ends{} + 0x1p-960, magnitude(x)) & is_exact(q, rest);
    if (!both((in_range | equal(x, ends{})) & at_most(by, ends{} + 0x1p1000))) return false;
    result = outward(stepped_up(outward(q), less(ends{}, outward(rest))));
    return true;
}

} // namespace flowproof::rounding
