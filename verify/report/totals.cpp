#include "verify/report/totals.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <utility>

namespace flowproof {

std::string totals(const run_record& record) {
    std::string line =
        fmt::format("{} claim{}", record.claims.size(), record.claims.size() == 1 ? "" : "s");
    const char* separator = ": ";
    const auto add = [&](std::size_t count, std::string_view what) {
        if (count == 0) return;
        line += fmt::format("{}{} {}", separator, count, what);
        separator = ", ";
    };
    for (int o = 0; o <= static_cast<int>(outcome::not_run); ++o)
        add(static_cast<std::size_t>(std::count_if(
                record.claims.begin(), record.claims.end(),
                [o](const claim_record& c) { return c.result == static_cast<outcome>(o); })),
            name(static_cast<outcome>(o)));
    separator = "; ";
    bool plain = true;
    for (const char* other :
         {"against expectation", "weaker than expected", "stronger than expected"}) {
        const auto count =
            std::count_if(record.claims.begin(), record.claims.end(),
                          [other](const claim_record& c) { return standing(c) == other; });
        plain = plain && count == 0;
        add(static_cast<std::size_t>(count), other);
    }
    const bool broke =
        std::any_of(record.claims.begin(), record.claims.end(),
                    [](const claim_record& c) { return c.result == outcome::error; });
    if (plain && !broke && !record.claims.empty()) line += "; all as expected";
    if (record.run.interrupted) line += "; interrupted";
    return line;
}

std::string twins_rejected(const claim_record& claim) {
    if (claim.twins.empty()) return claim.control.empty() ? "none" : "control " + claim.control;
    const auto rejected = std::count_if(claim.twins.begin(), claim.twins.end(),
                                        [](const twin_record& t) { return t.rejected; });
    return fmt::format("{}/{}", rejected, claim.twins.size());
}

std::string standing(const claim_record& claim) {
    if (claim.result == outcome::error) return "broke";
    if (claim.result == outcome::not_run) return "not run";
    switch (compare(claim.result, claim.expected)) {
    case comparison::as_expected:
        return "as expected";
    case comparison::stronger:
        return "stronger than expected";
    case comparison::weaker:
        return "weaker than expected";
    case comparison::against:
        break;
    }
    return "against expectation";
}

} // namespace flowproof
