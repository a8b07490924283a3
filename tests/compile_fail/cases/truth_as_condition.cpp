// expect: could not convert|not contextually convertible
#include "numerics/scalar/truth.hpp"
int f(flowproof::truth t) {
    if (t) return 1;
    return 0;
}
