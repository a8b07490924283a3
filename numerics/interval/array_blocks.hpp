#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

/// Blocks of intervals in the registers of AVX2 and AVX-512, for array.cpp only. Lanes are
/// (lower, upper, lower, upper, ...) as in memory. A function returns false, and no result, where
/// its reasoning fails for a lane; the caller then takes the block one by one.
namespace flowproof {

enum class array_operation { add, subtract, multiply, divide, sqrt, add_multiple };

} // namespace flowproof

#if defined(__x86_64__) && defined(__GNUC__)
#define FLOWPROOF_HAS_BLOCKS 1

#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored                                                                     \
    "-Wmaybe-uninitialized" // intrinsics of g++ 12 that ask for any value
#endif
#include <immintrin.h>

namespace flowproof {

// run<Op>(x, y, z, n, one): the operation on n intervals, one(i) being that on the i-th alone. The
// loop over blocks has to be compiled for the instruction set of the block, which a template
// cannot ask for.
#define FLOWPROOF_LOOP(target)                                                                     \
    template <array_operation Op, class One>                                                       \
    target void run(const double* x, const double* y, double* z, std::size_t n, One one) {         \
        constexpr bool repeats = Op == array_operation::add_multiple;                              \
        const lanes factor = n > 0 ? repeat(x) : lanes{};                                          \
        std::size_t i = 0;                                                                         \
        for (; i + intervals <= n; i += intervals) {                                               \
            const lanes u = repeats ? factor : load(x + 2 * i), v = load(y + 2 * i);               \
            lanes result;                                                                          \
            bool good = false;                                                                     \
            if constexpr (Op == array_operation::add) good = add(u, v, result);                    \
            if constexpr (Op == array_operation::subtract) good = subtract(u, v, result);          \
            if constexpr (Op == array_operation::multiply) good = multiply(u, v, result);          \
            if constexpr (Op == array_operation::divide) good = divide(u, v, result);              \
            if constexpr (Op == array_operation::sqrt) good = sqrt(u, v, result);                  \
            if constexpr (repeats) {                                                               \
                lanes product;                                                                     \
                good = multiply(u, v, product);                                                    \
                good &= add(load(z + 2 * i), product, result);                                     \
            }                                                                                      \
            if (good) [[likely]]                                                                   \
                store(z + 2 * i, result);                                                          \
            else                                                                                   \
                for (std::size_t j = i; j < i + intervals; ++j)                                    \
                    one(j);                                                                        \
        }                                                                                          \
        for (; i < n; ++i)                                                                         \
            one(i);                                                                                \
    }

/// Two intervals, rounded as in ends.hpp.
struct avx2_block {
    using lanes = __m256d;
    static constexpr std::size_t intervals = 2;
#define FLOWPROOF_AVX2 [[gnu::target("avx2,fma"), gnu::always_inline]] static inline

    FLOWPROOF_AVX2 lanes load(const double* x) { return _mm256_loadu_pd(x); }
    FLOWPROOF_AVX2 lanes repeat(const double* x) {
        return _mm256_broadcast_pd(reinterpret_cast<const __m128d*>(x));
    }
    FLOWPROOF_AVX2 void store(double* z, const lanes& x) { _mm256_storeu_pd(z, x); }

    FLOWPROOF_AVX2 lanes swapped(const lanes& x) { return _mm256_permute_pd(x, 0b0101); }
    FLOWPROOF_AVX2 lanes outward(const lanes& x) {
        return _mm256_xor_pd(x, _mm256_setr_pd(-0.0, 0.0, -0.0, 0.0));
    }
    FLOWPROOF_AVX2 lanes negated(const lanes& x) {
        return _mm256_sub_pd(_mm256_setzero_pd(), swapped(x));
    }
    FLOWPROOF_AVX2 lanes magnitude(const lanes& x) {
        return _mm256_andnot_pd(_mm256_set1_pd(-0.0), x);
    }
    FLOWPROOF_AVX2 lanes positive(const lanes& x) {
        return _mm256_cmp_pd(x, _mm256_setzero_pd(), _CMP_GT_OQ);
    }
    FLOWPROOF_AVX2 lanes is_zero(const lanes& x) {
        return _mm256_cmp_pd(x, _mm256_setzero_pd(), _CMP_EQ_OQ);
    }
    FLOWPROOF_AVX2 bool all(const lanes& mask) { return _mm256_movemask_pd(mask) == 15; }
    FLOWPROOF_AVX2 lanes stepped_up(const lanes& x, const lanes& mask) {
        const lanes sign = _mm256_cmp_pd(x, _mm256_setzero_pd(), _CMP_LT_OQ);
        const __m256i one = _mm256_or_si256(_mm256_castpd_si256(sign), _mm256_set1_epi64x(1));
        return _mm256_castsi256_pd(_mm256_add_epi64(
            _mm256_castpd_si256(x), _mm256_and_si256(_mm256_castpd_si256(mask), one)));
    }
    /// Does |x| lie in [2^-960, 2^1000]? Errors of products and quotients, by FMA, are exact then.
    FLOWPROOF_AVX2 lanes in_range(const lanes& x) {
        constexpr auto least = std::bit_cast<std::uint64_t>(0x1p-960) << 1;
        constexpr auto span = (std::bit_cast<std::uint64_t>(0x1p1000) << 1) - least;
        constexpr auto bias = std::uint64_t{1} << 63; // comparisons are signed
        const __m256i bits = _mm256_castpd_si256(x);
        const __m256i offset =
            _mm256_sub_epi64(_mm256_add_epi64(bits, bits), repeated(least + bias));
        return _mm256_castsi256_pd(_mm256_cmpgt_epi64(repeated(span + 1 + bias), offset));
    }
    FLOWPROOF_AVX2 __m256i repeated(std::uint64_t bits) {
        return _mm256_set1_epi64x(static_cast<std::int64_t>(bits));
    }

    FLOWPROOF_AVX2 bool add(const lanes& x, const lanes& y, lanes& z) {
        const lanes s = _mm256_add_pd(x, y);
        const lanes x_part = _mm256_sub_pd(s, y), y_part = _mm256_sub_pd(s, x_part);
        const lanes error = _mm256_add_pd(_mm256_sub_pd(x, x_part), _mm256_sub_pd(y, y_part));
        z = outward(stepped_up(outward(s), positive(outward(error))));
        return all(_mm256_cmp_pd(magnitude(error), _mm256_set1_pd(0x1p1000), _CMP_LE_OQ));
    }
    FLOWPROOF_AVX2 bool subtract(const lanes& x, const lanes& y, lanes& z) {
        return add(x, negated(y), z);
    }
    FLOWPROOF_AVX2 bool multiply(const lanes& x, const lanes& y, lanes& z) {
        const lanes a = _mm256_movedup_pd(x), b = _mm256_permute_pd(x, 0b1111);
        const lanes with_a = _mm256_blendv_pd(y, swapped(y), a),
                    with_b = _mm256_blendv_pd(y, swapped(y), b);
        const lanes u = outward(a), v = outward(b);
        const lanes p = _mm256_mul_pd(u, with_a), q = _mm256_mul_pd(v, with_b);
        const lanes most = _mm256_max_pd(p, q); // q if either is NaN
        // Above 0 if a product lies above `most`, which only one that rounded to it can.
        const lanes error =
            _mm256_max_pd(_mm256_fmsub_pd(u, with_a, most), _mm256_fmsub_pd(v, with_b, most));
        z = outward(stepped_up(most, positive(error)));
        const lanes fine = in_range(most);
        if (all(fine)) [[likely]]
            return true;
        // 0 is exact if it comes from a factor 0, not from underflow.
        z = _mm256_add_pd(z, _mm256_setzero_pd()); // -0 to 0
        const lanes p_exact = _mm256_or_pd(is_zero(a), is_zero(with_a)),
                    q_exact = _mm256_or_pd(is_zero(b), is_zero(with_b));
        const lanes exact =
            _mm256_and_pd(is_zero(most), _mm256_and_pd(_mm256_or_pd(p_exact, unlike(is_zero(p))),
                                                       _mm256_or_pd(q_exact, unlike(is_zero(q)))));
        return all(_mm256_or_pd(fine, exact));
    }
    FLOWPROOF_AVX2 lanes unlike(const lanes& mask) {
        return _mm256_xor_pd(mask, _mm256_castsi256_pd(_mm256_set1_epi64x(-1)));
    }
    FLOWPROOF_AVX2 bool divide(const lanes& x, const lanes& y, lanes& z) {
        const lanes zero = _mm256_setzero_pd();
        const lanes below = _mm256_cmp_pd(y, zero, _CMP_LT_OQ);
        const lanes d = _mm256_blendv_pd(y, negated(y), below),
                    n = _mm256_blendv_pd(x, negated(x), below);
        const lanes by = _mm256_blendv_pd(swapped(d), d, n);
        const lanes q = _mm256_div_pd(n, by), rest = _mm256_fnmadd_pd(q, by, n);
        z = outward(stepped_up(outward(q), positive(outward(rest))));
        const lanes in_both = _mm256_and_pd(in_range(n), in_range(q));
        return all(_mm256_and_pd(_mm256_and_pd(positive(d), in_range(by)),
                                 _mm256_or_pd(in_both, is_zero(n))));
    }
    FLOWPROOF_AVX2 bool sqrt(const lanes& x, const lanes&, lanes& z) {
        const lanes root = _mm256_sqrt_pd(x), rest = _mm256_fnmadd_pd(root, root, x);
        z = outward(stepped_up(outward(root), positive(outward(rest))));
        return all(_mm256_or_pd(_mm256_and_pd(in_range(x), positive(x)), is_zero(x)));
    }
    FLOWPROOF_LOOP([[gnu::target("avx2,fma")]] static)
#undef FLOWPROOF_AVX2
};

/// Four intervals; roundings are part of the instruction, so underflow and overflow need no care.
struct avx512_block {
    using lanes = __m512d;
    static constexpr std::size_t intervals = 4;
#define FLOWPROOF_AVX512 [[gnu::target("avx512f,avx512dq"), gnu::always_inline]] static inline
    static constexpr __mmask8 uppers = 0xaa;
    static constexpr int down = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC;
    static constexpr int up = _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC;
    enum kind { // of _mm512_fpclass_pd_mask
        nan = 0x81,
        zero = 0x06,
        infinite = 0x18,
        negative = 0x40
    };

    FLOWPROOF_AVX512 lanes load(const double* x) { return _mm512_loadu_pd(x); }
    FLOWPROOF_AVX512 lanes repeat(const double* x) {
        return _mm512_broadcast_f64x2(_mm_loadu_pd(x));
    }
    FLOWPROOF_AVX512 void store(double* z, const lanes& x) { _mm512_storeu_pd(z, x); }

    FLOWPROOF_AVX512 lanes swapped(const lanes& x) { return _mm512_permute_pd(x, 0x55); }
    FLOWPROOF_AVX512 lanes negated(const lanes& x) {
        return _mm512_sub_pd(_mm512_setzero_pd(), swapped(x));
    }
    FLOWPROOF_AVX512 lanes without_minus_zero(const lanes& x) {
        return _mm512_add_pd(x, _mm512_setzero_pd());
    }

    FLOWPROOF_AVX512 bool add(const lanes& x, const lanes& y, lanes& z) {
        const lanes low = _mm512_add_round_pd(x, y, down);
        z = without_minus_zero(_mm512_mask_add_round_pd(low, uppers, x, y, up));
        // Empty plus unbounded is the one sum with a NaN; empty plus bounded is right.
        return _mm512_cmp_pd_mask(z, z, _CMP_UNORD_Q) == 0;
    }
    FLOWPROOF_AVX512 bool subtract(const lanes& x, const lanes& y, lanes& z) {
        return add(x, negated(y), z);
    }
    FLOWPROOF_AVX512 bool multiply(const lanes& x, const lanes& y, lanes& z) {
        const lanes other = swapped(y); // products (ac, bd) and (ad, bc) of [a, b] and [c, d]
        const lanes low =
            _mm512_min_pd(_mm512_mul_round_pd(x, y, down), _mm512_mul_round_pd(x, other, down));
        const lanes high =
            _mm512_max_pd(_mm512_mul_round_pd(x, y, up), _mm512_mul_round_pd(x, other, up));
        const lanes left = _mm512_unpacklo_pd(low, high), right = _mm512_unpackhi_pd(low, high);
        z = without_minus_zero(_mm512_mask_max_pd(_mm512_min_pd(left, right), uppers, left, right));
        return (_mm512_fpclass_pd_mask(x, infinite) | _mm512_fpclass_pd_mask(y, infinite)) == 0;
    }
    FLOWPROOF_AVX512 bool divide(const lanes& x, const lanes& y, lanes& z) {
        const auto below = _mm512_movepi64_mask(_mm512_castpd_si512(y));
        const lanes d = _mm512_mask_blend_pd(below, y, negated(y)),
                    n = _mm512_mask_blend_pd(below, x, negated(x));
        const auto falls = _mm512_movepi64_mask(_mm512_castpd_si512(n));
        const lanes by = _mm512_mask_blend_pd(falls, swapped(d), d);
        // One division: the lower end is minus a quotient rounded up.
        const lanes sign = _mm512_setr_pd(-0.0, 0, -0.0, 0, -0.0, 0, -0.0, 0);
        const lanes q = _mm512_div_round_pd(_mm512_xor_pd(n, sign), by, up);
        z = without_minus_zero(_mm512_xor_pd(q, sign));
        return (_mm512_fpclass_pd_mask(x, infinite) | _mm512_fpclass_pd_mask(d, infinite) |
                _mm512_fpclass_pd_mask(d, zero | negative)) == 0;
    }
    FLOWPROOF_AVX512 bool sqrt(const lanes& x, const lanes&, lanes& z) {
        // One root: rounded down, it is exact or its successor is the upper end. Its remainder is
        // not negative and, rounded up, 0 only if it is.
        const lanes low = _mm512_sqrt_round_pd(x, down);
        const lanes rest = _mm512_fnmadd_round_pd(low, low, x, up);
        const auto steps = uppers & _mm512_cmp_pd_mask(rest, _mm512_setzero_pd(), _CMP_GT_OQ);
        const __m512i bits = _mm512_castpd_si512(low);
        z = _mm512_castsi512_pd(
            _mm512_mask_add_epi64(bits, static_cast<__mmask8>(steps), bits, _mm512_set1_epi64(1)));
        return _mm512_fpclass_pd_mask(x, infinite | negative | nan) == 0;
    }
    FLOWPROOF_LOOP([[gnu::target("avx512f,avx512dq")]] static)
#undef FLOWPROOF_AVX512
};
#undef FLOWPROOF_LOOP

} // namespace flowproof
#pragma GCC diagnostic pop

#else
#define FLOWPROOF_HAS_BLOCKS 0
#endif
