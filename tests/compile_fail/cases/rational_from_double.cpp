// expect: use of deleted function|call to deleted constructor
#include "numerics/scalar/rational.hpp"
const flowproof::rational x(0.1);
