// expect: constraints not satisfied|constraint.* was not satisfied|candidate template ignored
#include "tests/support/scalar_archetype.hpp"
template <flowproof::elementary T> T formula(const T& x) { return exp(x); }
auto f(const flowproof::support::field_archetype& x) { return formula(x); }
