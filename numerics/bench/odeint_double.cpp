#include <array>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>

#include "numerics/bench/peers.hpp"

namespace flowproof::bench {

double odeint_double(double T) {
    using state = std::array<double, 2>;
    namespace odeint = boost::numeric::odeint;
    const auto velocity = [rate = 1 / T](const state& y, state& d, double) {
        const double gap = 1 - y[0] * y[1];
        d[0] = (1 - y[0]) * rate + 0.45 * y[1] * gap;
        d[1] = 0.3 * y[0] * gap;
    };
    state y{0, 0};
    odeint::integrate_adaptive(
        odeint::make_controlled<odeint::runge_kutta_fehlberg78<state>>(1e-14, 1e-14), velocity, y,
        0.0, 80.0, 0.1);
    return y[1];
}

} // namespace flowproof::bench
