#include "numerics/interval/array.hpp"

#include <stdexcept>

#include "numerics/interval/array_blocks.hpp"

namespace flowproof {

namespace {

using set = interval<double>;
static_assert(sizeof(set) == 2 * sizeof(double), "an array of intervals is one of pairs");

template <array_operation Op>
void run(const char* who, interval_view x, interval_view y, interval_span z, instruction_set with) {
    constexpr bool repeats = Op == array_operation::add_multiple;
    if ((!repeats && x.size() != z.size()) || y.size() != z.size())
        throw std::invalid_argument(std::string(who) + ": need arrays of one length, got " +
                                    std::to_string(x.size()) + ", " + std::to_string(y.size()) +
                                    " and " + std::to_string(z.size()));
    if (!is_available(with))
        throw std::invalid_argument(std::string(who) + ": this machine has no " +
                                    std::string(name(with)));
    const auto one = [x = x.data(), y = y.data(), z = z.data()](std::size_t i) {
        if constexpr (Op == array_operation::add) z[i] = x[i] + y[i];
        if constexpr (Op == array_operation::subtract) z[i] = x[i] - y[i];
        if constexpr (Op == array_operation::multiply) z[i] = x[i] * y[i];
        if constexpr (Op == array_operation::divide) z[i] = x[i] / y[i];
        if constexpr (Op == array_operation::sqrt) z[i] = sqrt(x[i]);
        if constexpr (Op == array_operation::add_multiple) z[i] = z[i] + *x * y[i];
    };
    [[maybe_unused]] const auto ends = [](auto* p) {
        using pointer = std::conditional_t<std::is_const_v<std::remove_pointer_t<decltype(p)>>,
                                           const double*, double*>;
        return reinterpret_cast<pointer>(p);
    };
    switch (with) {
#if FLOWPROOF_HAS_BLOCKS
    case instruction_set::avx512:
        return avx512_block::run<Op>(ends(x.data()), ends(y.data()), ends(z.data()), z.size(), one);
    case instruction_set::avx2:
        return avx2_block::run<Op>(ends(x.data()), ends(y.data()), ends(z.data()), z.size(), one);
#endif
    default:
        for (std::size_t i = 0; i < z.size(); ++i)
            one(i);
    }
}

} // namespace

std::string_view name(instruction_set set) {
    switch (set) {
    case instruction_set::avx512:
        return "AVX-512";
    case instruction_set::avx2:
        return "AVX2 with FMA";
    case instruction_set::baseline:
        break;
    }
    return "baseline";
}

bool is_available(instruction_set set) {
#if FLOWPROOF_HAS_BLOCKS
    switch (set) {
    case instruction_set::avx512:
        return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0;
    case instruction_set::avx2:
        return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
    case instruction_set::baseline:
        break;
    }
#endif
    return set == instruction_set::baseline;
}

instruction_set widest() {
    static const instruction_set found = [] {
        for (const instruction_set set : {instruction_set::avx512, instruction_set::avx2})
            if (is_available(set)) return set;
        return instruction_set::baseline;
    }();
    return found;
}

void add(interval_view x, interval_view y, interval_span z, instruction_set with) {
    run<array_operation::add>("add", x, y, z, with);
}
void subtract(interval_view x, interval_view y, interval_span z, instruction_set with) {
    run<array_operation::subtract>("subtract", x, y, z, with);
}
void multiply(interval_view x, interval_view y, interval_span z, instruction_set with) {
    run<array_operation::multiply>("multiply", x, y, z, with);
}
void divide(interval_view x, interval_view y, interval_span z, instruction_set with) {
    run<array_operation::divide>("divide", x, y, z, with);
}
void sqrt(interval_view x, interval_span z, instruction_set with) {
    run<array_operation::sqrt>("sqrt", x, x, z, with);
}
void add_multiple(const interval<double>& c, interval_view x, interval_span z,
                  instruction_set with) {
    const set factor = c; // c may lie in z
    run<array_operation::add_multiple>("add_multiple", {&factor, 1}, x, z, with);
}

} // namespace flowproof
