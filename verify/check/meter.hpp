#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "verify/check/check.hpp"

namespace flowproof::check {

/// Why a text is not accepted; ends the check wherever it is thrown.
struct refusal : std::runtime_error {
    refusal(verdict::answer why, std::size_t line, const std::string& rule)
        : std::runtime_error(line == 0 ? rule : "line " + std::to_string(line) + ": " + rule),
          is(why) {}
    verdict::answer is;
};
[[noreturn]] inline void unreadable(std::size_t line, const std::string& rule) {
    throw refusal(verdict::answer::unreadable, line, rule);
}
[[noreturn]] inline void invalid(std::size_t line, const std::string& rule) {
    throw refusal(verdict::answer::invalid, line, rule);
}

/// Counts work, so that every text is answered in bounded time.
class meter {
public:
    explicit meter(const limits& allowed) : allowed_(allowed), left_(allowed.work) {}
    void spend(std::uint64_t units) {
        if (allowed_.stop != nullptr && *allowed_.stop) unreadable(0, "interrupted");
        if (units > left_)
            unreadable(0, "asks for more than " + std::to_string(allowed_.work) +
                              " units of work, the most that is done for one certificate");
        left_ -= units;
    }

private:
    limits allowed_;
    std::uint64_t left_;
};

/// Cost of one product of numbers of this many bits; elementary functions count 64 of them.
inline std::uint64_t cost(std::uint64_t bits) {
    return 1 + bits / 64 + (bits / 1024) * (bits / 1024) / 8;
}

} // namespace flowproof::check
