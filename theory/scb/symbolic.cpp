#include "theory/scb/symbolic.hpp"

namespace flowproof::scb {

symbolic_instance two_by_two(worksheet& sheet, weights kind) {
    const expr m = sheet.symbol("m"), p = sheet.symbol("p");
    const expr q1 = sheet.symbol("q[1]"), q2 = sheet.symbol("q[2]");
    sheet.require(m, relation::positive, "m > 0");
    sheet.require(1 - m, relation::positive, "m < 1");
    const auto around_mu = [&m](const expr& strength) {
        matrix<expr> result(2, 2);
        result(0, 0) = m + strength * (1 - m);
        result(0, 1) = m - strength * m;
        result(1, 0) = (1 - m) - strength * (1 - m);
        result(1, 1) = (1 - m) + strength * m;
        return result;
    };
    symbolic_instance result;
    result.b.mu = matrix<expr>(2, 1);
    result.b.mu(0, 0) = m;
    result.b.mu(1, 0) = 1 - m;
    result.b.P = around_mu(p);
    result.b.Q = matrix<expr>(2, 2);
    result.b.Q(0, 0) = q1;
    result.b.Q(1, 0) = 1 - q1;
    result.b.Q(0, 1) = q2;
    result.b.Q(1, 1) = 1 - q2;
    if (kind == weights::free) {
        result.V = sheet.symbols("v", 2, 2);
        result.A = sheet.symbols("a", 2, 2);
    } else if (kind == weights::on_C) {
        result.V = around_mu(sheet.symbol("v"));
        result.A = A_on_C(sheet.symbols("a", 1, 2));
    }
    return result;
}

symbolic_instance over_R0(worksheet& sheet, weights kind) {
    symbolic_instance result;
    result.b = constants(R0());
    const Index N = result.b.N(), T = result.b.T();
    if (kind == weights::none) return result;
    if (kind == weights::free) {
        result.V = sheet.symbols("v", N, N);
        result.A = sheet.symbols("a", T, N);
        return result;
    }
    result.V = V_on_C(result.b, sheet.symbols("v", N - 1, N - 1));
    if (kind == weights::on_C) {
        result.A = A_on_C(sheet.symbols("a", T - 1, N));
        return result;
    }
    const matrix<rational> Q = R0().Q;
    result.A = matrix<expr>::Constant(T, N, expr(0));
    for (Index k = 0; k < N; ++k) { // two attended positions a column
        const expr first = sheet.symbol("a[" + std::to_string(k + 1) + "]");
        bool used = false;
        for (Index t = 0; t < T; ++t) {
            if (Q(t, k).is_zero()) continue;
            result.A(t, k) = used ? 1 - first : first;
            used = true;
        }
    }
    return result;
}

sizes<expr> symbolic_sizes(worksheet& sheet) {
    const sizes<expr> c{sheet.symbol("KP"), sheet.symbol("KQ"), sheet.symbol("T")};
    sheet.require(c.KP, relation::positive, "KP > 0");
    sheet.require(c.KQ, relation::positive, "KQ > 0");
    sheet.require(c.T, relation::positive, "T > 0");
    return c;
}

gram gram::combined(const expr& x, const expr& y) const {
    return {x * x * own + 2 * x * y * cross + y * y * signal, x * cross + y * signal, signal};
}

std::vector<std::string> listed_two_by_two() { return {"N = 2", "T = 2"}; }
std::vector<std::string> listed_R0() { return {"N = 3, T = 4, mu, P and Q of R0"}; }

} // namespace flowproof::scb
