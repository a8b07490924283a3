#include "numerics/train/byte_law.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace flowproof::train {

byte_law::byte_law(std::span<const rational> law) : size_(law.size()) {
    if (law.size() > most_outcomes)
        throw std::invalid_argument("train::byte_law: need at most 32768 outcomes, got " +
                                    std::to_string(law.size()));
    const random::discrete checked(law); // throws for what is not a law
    std::size_t i = 0;
    rational below; // law[0] + ... + law[i - 1]
    for (std::int64_t byte = 0; byte < 256; ++byte) {
        const rational left(byte, 256), right(byte + 1, 256);
        while (below + law[i] <= left)
            below += law[i++];
        // Parts of the interval, until it is filled.
        std::vector<rational> parts;
        rational from = left, start = below;
        for (std::size_t j = i; from < right; ++j) {
            const rational end = std::min(start + law[j], right);
            parts.push_back((end - from) * rational(256));
            from = end;
            start += law[j];
        }
        if (parts.size() == 1) {
            table_[static_cast<std::size_t>(byte)] = static_cast<std::int16_t>(i);
        } else {
            splits_.push_back({i, random::discrete(parts)});
            table_[static_cast<std::size_t>(byte)] =
                static_cast<std::int16_t>(-static_cast<std::int64_t>(splits_.size()));
        }
    }
}

std::vector<rational> byte_law::law() const {
    std::vector<rational> result(size_);
    for (const std::int16_t entry : table_) {
        if (entry >= 0) {
            result[static_cast<std::size_t>(entry)] += rational(1, 256);
            continue;
        }
        const split& s = splits_[static_cast<std::size_t>(-1 - entry)];
        const std::vector<rational> parts = s.law.law();
        for (std::size_t j = 0; j < parts.size(); ++j)
            result[s.first + j] += parts[j] / rational(256);
    }
    return result;
}

} // namespace flowproof::train
