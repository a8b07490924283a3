#include "theory/scb/closures.hpp"

#include <concepts>

#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

formula equilibrium_eigenvalues() {
    worksheet sheet;
    const sizes<expr> c = symbolic_sizes(sheet);
    const auto root = [](const quadratic<expr>& q) {
        return sqrt(q.linear * q.linear - 4 * q.constant);
    };
    const quadratic<expr> low = characteristic_at_minimum(c), high = characteristic_at_saddle(c);
    const expr fast = -(low.linear + root(low)) * rational(1, 2);
    const expr minus = -(high.linear + root(high)) * rational(1, 2);
    return sheet.finish({fast, low.constant / fast, high.constant / minus, minus}, 4, 1);
}

namespace {

template <class Scalar> struct plane_point { Scalar alphaV, alphaA; };

/// Balls wider than 1 grow doubly exponentially under the cubic map: the orbit is lost.
template <class Scalar> bool lost(const plane_point<Scalar>& z) {
    if constexpr (std::same_as<Scalar, ball>)
        for (const ball& x : {z.alphaV, z.alphaA})
            if (!x.is_finite() || x.radius() > rational(1)) return true;
    return false;
}

template <class Scalar>
plane_point<Scalar> iterate(const sizes<Scalar>& c, plane_point<Scalar> z, const Scalar& etaV,
                            const Scalar& etaA, std::int64_t n, update order) {
    for (; n > 0; --n) {
        const auto both = manifold_step(c, z.alphaV, z.alphaA, etaV, etaA);
        const Scalar alphaA = order == update::simultaneous
                                  ? both[1]
                                  : manifold_step(c, both[0], z.alphaA, etaV, etaA)[1];
        z = {both[0], alphaA};
        if (lost(z)) return {1 / (z.alphaV - z.alphaV), 1 / (z.alphaV - z.alphaV)}; // not finite
    }
    return z;
}

} // namespace

ball_closure discrete_orbit(update order) {
    return [order](const arguments& at, std::int64_t bits) {
        const auto in = [&](const char* name) { return ball(at.scalar(name), bits); };
        const auto end =
            iterate<ball>({in("KP"), in("KQ"), in("T")}, {in("alphaV"), in("alphaA")}, in("etaV"),
                          in("etaA"), at.integer("n", 0, 1'000'000), order);
        matrix<ball> result(2, 1);
        result(0, 0) = end.alphaV;
        result(1, 0) = end.alphaA;
        return result;
    };
}

exact_closure exact_discrete_orbit(update order) {
    return [order](const arguments& at) {
        const auto end =
            iterate<rational>({at.scalar("KP"), at.scalar("KQ"), at.scalar("T")},
                              {at.scalar("alphaV"), at.scalar("alphaA")}, at.scalar("etaV"),
                              at.scalar("etaA"), at.integer("n", 0, 8), order);
        matrix<rational> result(2, 1);
        result(0, 0) = end.alphaV;
        result(1, 0) = end.alphaA;
        return result;
    };
}

} // namespace flowproof::scb
