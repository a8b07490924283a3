// expect: could not convert|not contextually convertible
#include "numerics/scalar/expr.hpp"
int f(const flowproof::expr& x) { return x ? 1 : 0; }
