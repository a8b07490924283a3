// expect: no match for .operator\*.|use of deleted function|deleted|invalid operands to binary
#include "numerics/scalar/ball.hpp"
auto f(const flowproof::ball& x) { return 0.1 * x; }
