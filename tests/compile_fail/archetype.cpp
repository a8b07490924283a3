// Compiled, never linked: generic code asks for no more than its rung of the ladder offers.
#include "numerics/scalar/dual.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "numerics/scalar/series.hpp"
#include "tests/support/scalar_archetype.hpp"

using namespace flowproof;
using namespace flowproof::support;

template std::vector<ring_archetype>
flowproof::evaluate(const tape&, const std::vector<ring_archetype>&, const embed<ring_archetype>&);
template std::vector<field_archetype> flowproof::evaluate(const tape&,
                                                          const std::vector<field_archetype>&,
                                                          const embed<field_archetype>&);
template std::vector<ordered_archetype> flowproof::evaluate(const tape&,
                                                            const std::vector<ordered_archetype>&,
                                                            const embed<ordered_archetype>&);
template std::vector<elementary_archetype>
flowproof::evaluate(const tape&, const std::vector<elementary_archetype>&,
                    const embed<elementary_archetype>&);
template ring_archetype flowproof::power(const ring_archetype&, std::int64_t);
template field_archetype flowproof::power(const field_archetype&, std::int64_t);

namespace {

// Formulas as papers write them: integers and quotients as literals, nothing else.
template <ring T> T loss(const T& a, const T& b) { return 1 - 2 * a * b + power(a * b, 2); }
template <field T> T drift(const T& a, const T& b, const T& T_) {
    return (1 - a) / T_ + rational(1, 2) * b * (1 - a * b);
}
template <elementary T> T logistic(const T& x) { return 1 / (1 + exp(-x)) + log(x) / sqrt(x); }

} // namespace

ring_archetype use(const ring_archetype& x) { return loss(x, x); }
field_archetype use(const field_archetype& x) {
    const dual<field_archetype> d(x, x);
    const series<field_archetype> s(x);
    return (drift(d, d, d) + power(d, 3)).slope + drift(s, s, s)[0] + drift(x, x, x);
}
elementary_archetype use(const elementary_archetype& x) {
    const dual<elementary_archetype> d(x, x);
    const series<elementary_archetype> s(x);
    return logistic(d).slope + logistic(s)[0] + logistic(x) + sin(d).slope + cos(s)[0];
}
