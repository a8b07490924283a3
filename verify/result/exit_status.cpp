#include <algorithm>
#include <stdexcept>
#include <string>

#include "verify/result/record.hpp"

namespace flowproof {

comparison compare(outcome result, outcome expected) {
    if (expected == outcome::error || expected == outcome::not_run)
        throw std::invalid_argument("compare: need an outcome that can be expected, got " +
                                    std::string(name(expected)));
    if (result == expected) return comparison::as_expected;
    if (!holds(result) && !falls(result)) return comparison::weaker;
    if (expected == outcome::undecided)
        return holds(result) ? comparison::stronger : comparison::against;
    if (holds(result) != holds(expected)) return comparison::against;
    return result < expected ? comparison::stronger : comparison::weaker;
}

int exit_status(const run_record& record) {
    const auto some = [&record](auto is) {
        return std::any_of(record.claims.begin(), record.claims.end(), is);
    };
    const auto compares = [](comparison as) {
        return [as](const claim_record& c) {
            return c.result != outcome::not_run && compare(c.result, c.expected) == as;
        };
    };
    if (some([](const claim_record& c) { return c.result == outcome::error; })) return 4;
    if (some(compares(comparison::against))) return 1;
    if (some(compares(comparison::weaker))) return 2;
    return record.run.interrupted ? 130 : 0;
}

} // namespace flowproof
