// expect: no match for .operator<.|invalid operands to binary expression
#include "numerics/interval/interval.hpp"
bool f(const flowproof::interval<double>& x) { return x < x; }
