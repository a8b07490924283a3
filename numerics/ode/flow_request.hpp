#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "numerics/ode/enclose.hpp"

namespace flowproof::rigorous {

/// @throws std::invalid_argument for a request that breaks the rules of enclose().
template <class T>
void check_request(const vector_field& f, const std::vector<T>& start,
                   const std::vector<T>& parameters, const T& duration, const flow_options& options,
                   int most_digits) {
    const auto refuse = [](const std::string& rule, const std::string& got) {
        throw std::invalid_argument("enclose: need " + rule + ", got " + got);
    };
    const auto in_range = [&](const std::string& what, std::int64_t x, std::int64_t low,
                              std::int64_t high) {
        if (x < low || x > high)
            refuse(what + " from " + std::to_string(low) + " to " + std::to_string(high),
                   std::to_string(x));
    };
    const auto finite = [](const T& x) {
        if constexpr (std::same_as<T, ball>)
            return x.is_finite();
        else
            return !x.is_empty() && x.is_bounded();
    };
    const auto all_finite = [&](const std::vector<T>& x, std::size_t count, const char* what) {
        if (x.size() != count)
            refuse(std::to_string(count) + " values for the " + what, std::to_string(x.size()));
        for (std::size_t i = 0; i < count; ++i)
            if (!finite(x[i]))
                refuse(std::string("finite ") + what,
                       "one that is not at position " + std::to_string(i));
    };
    all_finite(start, f.states(), "states");
    all_finite(parameters, f.parameters(), "parameters");
    if (!finite(duration)) refuse("a finite duration", "one that is not");
    in_range("digits", options.digits, 1, most_digits);
    if (options.order != 0) in_range("order 0 or", options.order, 4, 200'000);
    if (options.bits != 0) in_range("bits 0 or", options.bits, 64, 1 << 24);
    if (options.max_steps < 0) refuse("max_steps >= 0", std::to_string(options.max_steps));
}

} // namespace flowproof::rigorous
