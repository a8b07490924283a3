#include <array>
#include <boost/multiprecision/mpfr.hpp>

namespace flowproof::bench {
using number = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<50>,
                                             boost::multiprecision::et_off>;
}

// Odeint takes a multiprecision number for a container of its value_type.
#include <boost/numeric/odeint/algebra/detail/extract_value_type.hpp>
namespace boost::numeric::odeint::detail {
template <> struct extract_value_type<flowproof::bench::number, void> {
    using type = flowproof::bench::number;
};
} // namespace boost::numeric::odeint::detail

#include <boost/numeric/odeint/algebra/array_algebra.hpp>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/bulirsch_stoer.hpp>

#include "numerics/bench/peers.hpp"

namespace flowproof::bench {

std::string odeint_mpfr(long T, const char* tolerance) {
    using state = std::array<number, 2>;
    namespace odeint = boost::numeric::odeint;
    const auto velocity = [T, p = number(3) / 10, q = number(9) / 20](const state& y, state& d,
                                                                      const number&) {
        const number gap = 1 - y[0] * y[1];
        d[0] = (1 - y[0]) / T + q * y[1] * gap;
        d[1] = p * y[0] * gap;
    };
    state y{number(0), number(0)};
    odeint::bulirsch_stoer<state, number> stepper(number{tolerance}, number{tolerance});
    odeint::integrate_adaptive(stepper, velocity, y, number(0), number(80), number(1) / 10);
    return y[1].str(60);
}

} // namespace flowproof::bench
