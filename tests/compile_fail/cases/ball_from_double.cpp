// expect: use of deleted function|call to deleted constructor
#include "numerics/scalar/ball.hpp"
const flowproof::ball x(0.1);
