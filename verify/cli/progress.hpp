#pragma once

#include <chrono>
#include <string>

#include "verify/registry/run.hpp"

namespace flowproof::cli {

/// Shows how far a run is, on standard error: a bar with an estimate that redraws itself on a
/// terminal, one plain line a claim elsewhere.
class progress_view {
public:
    explicit progress_view(bool quiet);
    void operator()(const progress& p);
    void finish(); ///< takes the bar off the screen

private:
    bool quiet_, terminal_;
    std::size_t drawn_ = 0;
    std::chrono::steady_clock::time_point start_;
};

/// "4 s", "3 min 20 s", "1 h 05 min"
std::string duration(double seconds);

} // namespace flowproof::cli
