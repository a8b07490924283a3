#pragma once

#include <span>

#include "numerics/random/philox.hpp"

namespace flowproof::random {

/// One draw from the standard normal law.
///
/// Method   Ziggurat with 256 layers; layer, sign and position come from disjoint bits of one
///          next64(). Tables are correctly rounded (ziggurat.hpp); the wedge compares with a Taylor
///          polynomial of expm1, the tail draws from two exponentials, so that no libm function
///          takes part and the bits are the same everywhere.
/// Accuracy The distribution function differs from Phi by less than 2^-45, argued in normal.cpp.
/// Source   G. Marsaglia, W. W. Tsang, The ziggurat method for generating random variables, J.
///          Stat. Softw. 5 (2000), with the disjoint bits of J. Doornik (2005).
double normal(stream& bits);

/// One draw from the exponential law of mean 1, by comparing uniforms only.
///
/// Accuracy The distribution function differs from 1 - exp(-x) by less than 2^-50 (ties between
///          53-bit uniforms).
/// Source   J. von Neumann, Various techniques used in connection with random digits, 1951.
double exponential(stream& bits);

/// One draw of a standard normal X given X > start, by Marsaglia's method on two exponentials;
/// fast for start >= 1 (acceptance above 0.65), correct for every start.
/// Source   G. Marsaglia, Generating a variable from the tail of the normal distribution,
///          Technometrics 6 (1964).
/// @throws std::invalid_argument unless start > 0.
double normal_tail(stream& bits, double start);

/// The numbers that out.size() calls of normal(bits) return, in order.
void fill_normal(stream& bits, std::span<double> out);

} // namespace flowproof::random
