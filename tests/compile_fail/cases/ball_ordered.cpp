// expect: no match for .operator<.|invalid operands to binary expression
#include "numerics/scalar/ball.hpp"
bool f(const flowproof::ball& x, const flowproof::ball& y) { return x < y; }
