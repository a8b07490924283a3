#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <functional>
#include <vector>

namespace flowproof::bench {

/// Of the calling thread.
inline double cpu_seconds() {
    timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Medians of the seconds that each of them takes, in turns, so that all meet the same machine.
inline std::vector<double> medians(int repeats, const std::vector<std::function<void()>>& work) {
    std::vector<std::vector<double>> seconds(work.size());
    for (int i = 0; i < repeats; ++i)
        for (std::size_t w = 0; w < work.size(); ++w) {
            const double start = cpu_seconds();
            work[w]();
            seconds[w].push_back(cpu_seconds() - start);
        }
    std::vector<double> result;
    for (auto& s : seconds) {
        std::nth_element(s.begin(), s.begin() + repeats / 2, s.end());
        result.push_back(s[static_cast<std::size_t>(repeats / 2)]);
    }
    return result;
}

inline double median(int repeats, const std::function<void()>& work) {
    return medians(repeats, {work}).front();
}

} // namespace flowproof::bench
