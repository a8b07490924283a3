#pragma once

#include <span>
#include <string_view>

#include "numerics/interval/interval.hpp"

/// Operations on arrays of intervals, several intervals at a time.
///
///     z[i] = x[i] op y[i],   the same as the operators of interval.hpp for every single interval
///
/// Tightest results are unique, so every instruction set gives the same bits: AVX-512 rounds in the
/// instruction, AVX2 with FMA finds the errors of roundings to nearest, as interval.hpp does. A
/// block with an empty or unbounded interval, an underflow or the like goes through interval.hpp.
///
/// Shapes    all of one length; z may be x or y, but must not overlap them otherwise.
/// Errors    std::invalid_argument if the lengths differ.
/// Measured  0005-double-intervals-by-error-free-transforms.md; numerics/bench/interval.cpp.
namespace flowproof {

enum class instruction_set { baseline, avx2, avx512 };
std::string_view name(instruction_set set);
/// Does this machine have it?
bool is_available(instruction_set set);
/// The widest available, found once.
instruction_set widest();

using interval_view = std::span<const interval<double>>;
using interval_span = std::span<interval<double>>;

/// The last argument is for tests. @throws std::invalid_argument if it is not available.
void add(interval_view x, interval_view y, interval_span z, instruction_set with = widest());
void subtract(interval_view x, interval_view y, interval_span z, instruction_set with = widest());
void multiply(interval_view x, interval_view y, interval_span z, instruction_set with = widest());
void divide(interval_view x, interval_view y, interval_span z, instruction_set with = widest());
void sqrt(interval_view x, interval_span z, instruction_set with = widest());

/// z[i] = z[i] + c x[i], with the two roundings of the operators.
void add_multiple(const interval<double>& c, interval_view x, interval_span z,
                  instruction_set with = widest());

} // namespace flowproof
