#include "numerics/random/ziggurat.hpp"

#include <cmath>
#include <stdexcept>

#include "numerics/scalar/flint.hpp"

namespace flowproof::random {

namespace {

constexpr slong bits = 192;

/// The tail's start r = edge[1]: the root of v / edge[255] + f(edge[255]) = 1, v the common area.
/// A wrong digit leaves unequal areas, which the test of the table would see.
constexpr const char* tail_start =
    "3.6541528853610087716454297203995157629748545995462738859686762834";

class ball {
public:
    ball() { arb_init(x_); }
    ~ball() { arb_clear(x_); }
    ball(const ball&) = delete;
    ball& operator=(const ball&) = delete;
    arb_ptr get() { return x_; }

    /// The double nearest to every point of the ball.
    double nearest() {
        arf_t lower, upper;
        arf_init(lower);
        arf_init(upper);
        arb_get_lbound_arf(lower, x_, bits);
        arb_get_ubound_arf(upper, x_, bits);
        const double low = arf_get_d(lower, ARF_RND_NEAR), high = arf_get_d(upper, ARF_RND_NEAR);
        arf_clear(lower);
        arf_clear(upper);
        if (low != high) throw std::logic_error("random::normal_ziggurat: precision too low");
        return low;
    }

private:
    arb_t x_;
};

/// y = exp(-x^2 / 2)
void density(ball& y, ball& x) {
    arb_mul(y.get(), x.get(), x.get(), bits);
    arb_mul_2exp_si(y.get(), y.get(), -1);
    arb_neg(y.get(), y.get());
    arb_exp(y.get(), y.get(), bits);
}

/// y = v, the area of region 0: r f(r) + sqrt(pi / 2) erfc(r / sqrt(2)).
void common_area(ball& y, ball& r) {
    ball root, tail;
    arb_sqrt_ui(root.get(), 2, bits);
    arb_div(tail.get(), r.get(), root.get(), bits);
    arb_hypgeom_erfc(tail.get(), tail.get(), bits);
    arb_const_pi(root.get(), bits);
    arb_mul_2exp_si(root.get(), root.get(), -1);
    arb_sqrt(root.get(), root.get(), bits);
    arb_mul(tail.get(), tail.get(), root.get(), bits);
    density(y, r);
    arb_mul(y.get(), y.get(), r.get(), bits);
    arb_add(y.get(), y.get(), tail.get(), bits);
}

ziggurat make() {
    ziggurat table{};
    ball area, here, next, f_here, f_next, t;
    arb_set_str(next.get(), tail_start, bits);
    common_area(area, next);
    density(f_next, next);
    arb_div(here.get(), area.get(), f_next.get(), bits);
    for (std::size_t i = 0; i < 256; ++i) {
        // here = edge[i], next = edge[i + 1], f_next = f(next); for i >= 1 f_here = f(here).
        table.edge[i] = here.nearest();
        table.unit[i] = std::ldexp(table.edge[i], -53);
        arb_div(t.get(), next.get(), here.get(), bits);
        arb_mul_2exp_si(t.get(), t.get(), 53);
        arb_floor(t.get(), t.get(), bits);
        table.inner[i] = static_cast<std::uint64_t>(t.nearest());
        if (i >= 1) {
            arb_div(t.get(), f_next.get(), f_here.get(), bits);
            arb_sub_ui(t.get(), t.get(), 1, bits);
            table.rise[i] = t.nearest();
        }
        if (i == 255) break;
        arb_set(here.get(), next.get());
        arb_set(f_here.get(), f_next.get());
        if (i == 254) { // the top region ends at the axis
            arb_zero(next.get());
            arb_one(f_next.get());
            continue;
        }
        // f(edge[i + 2]) = f(edge[i + 1]) + area / edge[i + 1]
        arb_div(t.get(), area.get(), here.get(), bits);
        arb_add(f_next.get(), f_here.get(), t.get(), bits);
        arb_log(t.get(), f_next.get(), bits);
        arb_mul_si(t.get(), t.get(), -2, bits);
        arb_sqrt(next.get(), t.get(), bits);
    }
    return table;
}

} // namespace

const ziggurat& normal_ziggurat() {
    static const ziggurat table = make();
    return table;
}

} // namespace flowproof::random
