// expect: no match for .operator/.|invalid operands to binary expression
#include "tests/support/scalar_archetype.hpp"
using flowproof::support::ring_archetype;
template <class T> T formula(const T& x) { return 1 / (1 + x); }
auto f(const ring_archetype& x) { return formula(x); }
