#pragma once

#include <string>

/// Other integrators on P1 (flow.cpp) to t = 80; each in its own file, compiled once.
namespace flowproof::bench {

/// Boost.Odeint, controlled Runge-Kutta-Fehlberg 7(8), tolerances 1e-14 / 1e-14, right-hand side
/// written by hand. @return b(80)
double odeint_double(double T);

/// Boost.Odeint, Bulirsch-Stoer on boost::multiprecision::mpfr_float_50 (without expression
/// templates), both tolerances this decimal. @return b(80), 60 digits
std::string odeint_mpfr(long T, const char* tolerance);

} // namespace flowproof::bench
