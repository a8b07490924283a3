// expect: constraints not satisfied|constraint.* was not satisfied|candidate template ignored
#include "numerics/scalar/evaluate.hpp"
struct group {
    friend group operator+(const group&, const group&);
    friend group operator-(const group&, const group&);
    friend group operator-(const group&);
};
template <> struct flowproof::embed<group> { group operator()(const flowproof::rational&) const; };
auto f(const flowproof::tape& t, const std::vector<group>& x) {
    return flowproof::evaluate(t, x, flowproof::embed<group>{});
}
