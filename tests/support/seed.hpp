#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

namespace flowproof::support {

/// The seed of a random test: its own, or FLOWPROOF_TEST_SEED to look elsewhere.
inline std::uint64_t seed(std::uint64_t own) {
    const char* text = std::getenv("FLOWPROOF_TEST_SEED");
    return text ? std::stoull(text) : own;
}

/// How often a random test tries: FLOWPROOF_TEST_MULTIPLIER (such as 10 or 0.5) times its own
/// number, at least once.
inline int trials(int own) {
    const char* text = std::getenv("FLOWPROOF_TEST_MULTIPLIER");
    const double scaled = own * (text ? std::stod(text) : 1.0);
    return scaled < 1 ? 1 : static_cast<int>(scaled);
}

} // namespace flowproof::support
