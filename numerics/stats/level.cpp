#include "numerics/stats/level.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace flowproof::stats {

void check_level(const char* who, double level) {
    if (!(level > 0 && level < 1))
        throw std::invalid_argument(
            fmt::format("{}: need an error level 0 < level < 1, got {}", who, level));
}

} // namespace flowproof::stats
