#include "theory/scb/softmax.hpp"

#include <stdexcept>

namespace flowproof::scb {

void check_softmax(const arguments& at) {
    const auto need = [&](bool holds, const std::string& rule) {
        if (!holds) throw std::invalid_argument("scb.softmax: need " + rule + ", got " + at.str());
    };
    need(at.scalar("KP").sign() > 0, "KP > 0");
    need(at.scalar("eta").sign() > 0, "eta > 0");
    need(at.scalar("Qs").sign() > 0, "Qs > 0");
    need(at.scalar("T") > at.scalar("Qs"), "T > Qs");
    at.integer("n", 0, 1'000'000);
}

namespace {

/// @param midpoints  radii are dropped after every step: a number near the orbit, not an enclosure.
matrix<ball> orbit_after(const arguments& at, std::int64_t n, std::int64_t bits, bool midpoints) {
    const auto in = [&](const char* name) { return ball(at.scalar(name), bits); };
    const ball Qs = in("Qs"), T = in("T"), eta = in("eta");
    const sizes<ball> c{in("KP"), uniform_KQ(T, Qs), T};
    const ball zero(rational(0), bits);
    softmax_state<ball> z{zero, zero};
    for (std::int64_t i = 0; i < n; ++i) {
        z = softmax_step(c, Qs, z, eta);
        if (midpoints) z = {ball(z.d.midpoint(), bits), ball(z.alphaV.midpoint(), bits)};
    }
    const ball alphaA = attended(ball(exp(z.d)), T, Qs).alphaA(T);
    matrix<ball> result(3, 1);
    result(0, 0) = alphaA;
    result(1, 0) = z.alphaV;
    result(2, 0) = n * manifold_energy(c, z.alphaV, alphaA);
    return result;
}

} // namespace

ball_closure softmax_orbit() {
    return [](const arguments& at, std::int64_t bits) {
        check_softmax(at);
        return orbit_after(at, at.integer("n", 0, 1'000'000), bits, false);
    };
}

ball softmax_excess(const arguments& at, std::int64_t n, std::int64_t bits) {
    return orbit_after(at, n, bits, true)(2, 0);
}

} // namespace flowproof::scb
