#pragma once

namespace flowproof::stats {

/// Every `level` in this folder is an error probability alpha: an interval misses the truth, a test
/// rejects a true hypothesis, with probability (at most, or nearly: see each method) alpha.
/// Levels down to 1e-12 are tested.
/// @throws std::invalid_argument unless 0 < level < 1, naming the caller.
void check_level(const char* who, double level);

} // namespace flowproof::stats
