#include "numerics/interval/self_test.hpp"

#include <cstring>
#include <vector>

#include "numerics/interval/array.hpp"
#include "numerics/scalar/flint.hpp"

namespace flowproof {

namespace {

/// x as the compiler may not know it: nothing computed from it is folded at compile time.
double opaque(double x) {
    volatile double hidden = x;
    return hidden;
}

// Compared as bits: with denormals-are-zero the comparison itself would lie.
bool same_bits(double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
}

__attribute__((noinline)) double multiply_add(double a, double b, double c) { return a * b + c; }
__attribute__((noinline)) double scale_and_back(double a, double b) { return a * b / b; }

std::string to_nearest() {
    struct sum {
        double a, b, result;
    };
    constexpr sum sums[] = {
        {1, 0x1p-53, 1},                       // upward gives the next double
        {1, 0x1.8p-53, 1 + 0x1p-52},           // downward and to zero give 1
        {-1, -0x1p-53, -1},                    // downward gives the next double
        {-1, -0x1.8p-53, -1 - 0x1p-52},        // upward and to zero give -1
        {1 + 0x1p-52, 0x1p-53, 1 + 0x1p-51},   // a tie goes to the even neighbour
        {1, 0x1.00000000001p-53, 1 + 0x1p-52}, // extended precision gives 1
        {0x1.fffffffffffffp1023, 0x1p969, 0x1.fffffffffffffp1023},
    };
    for (const sum& s : sums)
        if (const double seen = opaque(s.a) + opaque(s.b); !same_bits(seen, s.result))
            return "sums do not round to nearest: " + rational::exactly(s.a).decimal(17) + " + " +
                   rational::exactly(s.b).decimal(17) + " gave " + decimal_down(seen);
    if (same_bits(scale_and_back(opaque(0x1p1023), opaque(2)), 0x1p1023))
        return "excess precision: 2^1023 * 2 / 2 did not overflow";
    if (!same_bits(multiply_add(opaque(1 + 0x1p-27), opaque(1 + 0x1p-27), opaque(-1 - 0x1p-26)), 0))
        return "a * b + c was contracted to one rounding; compile with -ffp-contract=off";
    return {};
}

std::string gradual_underflow() {
    constexpr double least = std::numeric_limits<double>::denorm_min();
    if (!same_bits(opaque(0x1p-1022) * opaque(0.5), 0x1p-1023))
        return "subnormal results are flushed to zero (FTZ): 2^-1022 * 0.5 is not 2^-1023";
    if (!same_bits(opaque(least) * opaque(0x1p1000), 0x1p-74))
        return "subnormal operands are read as zero (DAZ): 2^-1074 * 2^1000 is not 2^-74";
    if (!same_bits(opaque(least) + opaque(least), 2 * least))
        return "subnormal sums are flushed to zero: 2^-1074 + 2^-1074 is not 2^-1073";
    return {};
}

std::string interval_operations() {
    using set = interval<double>;
    struct pair {
        double a, b;
    };
    // Exact ties, errors of one unit in the 106th bit, underflow, overflow and cancellation.
    constexpr pair pairs[] = {
        {1, 0x1p-53},
        {1, -0x1p-54},
        {1 + 0x1p-52, 0x1p-53},
        {1 + 0x1p-52, 1 + 0x1p-52},
        {1 - 0x1p-53, 1 + 0x1p-52},
        {-1 - 0x1p-52, 1 - 0x1p-53},
        {1, 3},
        {-2, 3},
        {0x1p27 + 1, 0x1p27 - 1},
        {0x1p-1074, 0.5},
        {-0x1p-1074, 0x1p-1074},
        {0x1.8p-1022, 0x1.0000000000001p-1},
        {0x1.fffffffffffffp1023, 0x1p-1074},
        {0x1.fffffffffffffp1023, 0x1.fffffffffffffp1023},
        {0x1p-537, 0x1.0000000000001p-537},
    };
    const auto wrong = [](const char* symbol, const pair& p, const set& seen,
                          const rational& exact) {
        if (same_bits(seen.lower(), exact.round_down()) &&
            same_bits(seen.upper(), exact.round_up()))
            return std::string();
        return "interval " + decimal_down(p.a) + " " + symbol + " " + decimal_down(p.b) + " gave " +
               seen.str() + ", not the neighbours of " + exact.decimal(20);
    };
    std::vector<set> left, right;
    for (const pair& p : pairs) {
        const set x(opaque(p.a)), y(opaque(p.b));
        left.push_back(x);
        right.push_back(y);
        const rational a = rational::exactly(p.a), b = rational::exactly(p.b);
        for (const std::string& failure :
             {wrong("+", p, x + y, a + b), wrong("-", p, x - y, a - b), wrong("*", p, x * y, a * b),
              wrong("/", p, x / y, a / b)})
            if (!failure.empty()) return failure;
    }
    std::vector<set> sums(left.size()), products(left.size());
    for (const auto set_of :
         {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (!is_available(set_of)) continue;
        add(left, right, sums, set_of);
        multiply(left, right, products, set_of);
        for (std::size_t i = 0; i < left.size(); ++i)
            if (sums[i] != left[i] + right[i] || products[i] != left[i] * right[i])
                return "arrays of intervals with " + std::string(name(set_of)) +
                       " differ from the operators at " + left[i].str() + " and " + right[i].str();
    }
    for (const double a : {2.0, 1 + 0x1p-52, 1 - 0x1p-53, 0x1p-1074, 0x1.fffffffffffffp1023}) {
        const set root = sqrt(set(opaque(a)));
        const rational low = rational::exactly(root.lower()),
                       high = rational::exactly(root.upper());
        const rational exact = rational::exactly(a);
        if (low * low > exact || high * high < exact ||
            (root.is_point() ? low * low != exact
                             : !same_bits(rounding::step_up(root.lower(), true), root.upper())))
            return "interval sqrt of " + decimal_down(a) + " gave " + root.str();
    }
    return {};
}

std::string arb_encloses() {
    arb_t third;
    arb_init(third);
    arb_set_ui(third, 1);
    arb_div_ui(third, third, 3, 64);
    const rational one_third(1, 3);
    const bool sound = arb_contains_fmpq(third, static_cast<const fmpq*>(one_third.raw())) != 0 &&
                       !arb_is_exact(third) && arb_rel_accuracy_bits(third) >= 60;
    arb_clear(third);
    return sound ? "" : "Arb: 1/3 at 64 bits is not a small ball around 1/3";
}

} // namespace

rounding_report rounding_self_test() {
    // The environment first: the rationals and Arb lean on it as well.
    for (const auto check : {to_nearest, gradual_underflow, interval_operations, arb_encloses})
        if (std::string failure = check(); !failure.empty()) return {false, std::move(failure)};
    return {};
}

} // namespace flowproof
