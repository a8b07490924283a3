// expect: no match for .operator!.|invalid argument type
#include "numerics/scalar/truth.hpp"
auto f(flowproof::truth t) { return !t; }
