// expect: use of deleted function|call to deleted constructor
#include "numerics/scalar/expr.hpp"
const flowproof::expr x(0.5);
