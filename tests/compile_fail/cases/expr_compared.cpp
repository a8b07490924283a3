// expect: no match for .operator<.|invalid operands to binary expression
#include "numerics/scalar/expr.hpp"
bool f(const flowproof::expr& x) { return x < 1; }
