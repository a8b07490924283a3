// expect: incomplete type|implicit instantiation of undefined template
#include "numerics/interval/interval.hpp"
const flowproof::interval<float> x(1);
