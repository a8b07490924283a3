#include "verify/registry/figure_boxes.hpp"

#include <functional>

#include "numerics/interval/elementary.hpp"
#include "numerics/interval/interval.hpp"
#include "numerics/interval/order.hpp"

namespace flowproof {

namespace {

struct rectangle {
    rational x_low, x_high, y_low, y_high;
};

interval<double> range(const rational& low, const rational& high) {
    return convex_hull(interval<double>(low), interval<double>(high));
}

/// 1: all outputs are certainly positive; -1: one is certainly negative; 0: neither.
int sign_on(const formula& f, const axis& x, const axis& y, const arguments& at,
            const rectangle& part) {
    const auto given = [&](const tape& t) {
        std::vector<interval<double>> inputs;
        for (const std::string& name : t.variables())
            inputs.push_back(name == x.parameter   ? range(part.x_low, part.x_high)
                             : name == y.parameter ? range(part.y_low, part.y_high)
                                                   : interval<double>(at.scalar(name)));
        return inputs;
    };
    if (!f.relations.empty() && !certainly(domain_holds(f, given(f.domain)).holds)) return 0;
    bool all_positive = true;
    for (const interval<double>& value : evaluate(f.value, given(f.value))) {
        if (!value.is_empty() && value.upper() < 0) return -1;
        all_positive = all_positive && !value.is_empty() && value.lower() > 0;
    }
    return all_positive ? 1 : 0;
}

} // namespace

std::vector<figure_part> parts_of_sign(const formula& f, const axis& x, const axis& y,
                                       const arguments& at, int sign, int halvings) {
    constexpr int digits = 17;
    std::vector<figure_part> result;
    const std::function<void(const rectangle&, int)> visit = [&](const rectangle& part, int left) {
        const int found = sign_on(f, x, y, at, part);
        if (found == 0 && left > 0) {
            const rational x_mid = (part.x_low + part.x_high) / rational(2),
                           y_mid = (part.y_low + part.y_high) / rational(2);
            visit({part.x_low, x_mid, part.y_low, y_mid}, left - 1);
            visit({part.x_low, x_mid, y_mid, part.y_high}, left - 1);
            visit({x_mid, part.x_high, part.y_low, y_mid}, left - 1);
            visit({x_mid, part.x_high, y_mid, part.y_high}, left - 1);
        } else if (found == sign) {
            result.push_back({part.x_low.decimal(digits), part.x_high.decimal(digits),
                              part.y_low.decimal(digits), part.y_high.decimal(digits)});
        }
    };
    visit({x.low, x.high, y.low, y.high}, halvings);
    return result;
}

} // namespace flowproof
