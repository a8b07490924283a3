#include "numerics/interval/integer_functions.hpp"

namespace flowproof {

namespace {

/// f of a nondecreasing step function, which is exact in double.
template <class F> interval<double> stepwise(const interval<double>& x, F f) {
    if (x.is_empty()) return x;
    return {f(x.lower()), f(x.upper())}; // the constructor turns -0 into 0
}

} // namespace

interval<double> sign(const interval<double>& x) {
    return stepwise(x, [](double a) { return a > 0 ? 1.0 : a < 0 ? -1.0 : 0.0; });
}
interval<double> floor(const interval<double>& x) {
    return stepwise(x, [](double a) { return std::floor(a); });
}
interval<double> ceil(const interval<double>& x) {
    return stepwise(x, [](double a) { return std::ceil(a); });
}
interval<double> trunc(const interval<double>& x) {
    return stepwise(x, [](double a) { return std::trunc(a); });
}
interval<double> round_to_even(const interval<double>& x) {
    return stepwise(x, [](double a) { return std::nearbyint(a); });
}
interval<double> round_away(const interval<double>& x) {
    return stepwise(x, [](double a) { return std::round(a); });
}

} // namespace flowproof
