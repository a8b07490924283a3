#include "numerics/stats/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <stdexcept>

#include "numerics/random/uniform.hpp"

namespace flowproof::stats {

double bootstrap_replicate(std::span<const double> sample, const statistic& f, std::uint64_t seed,
                           std::uint32_t stream_id, std::uint32_t index) {
    if (sample.empty())
        throw std::invalid_argument("stats::bootstrap_replicate: need a sample, got 0 draws");
    random::stream bits(seed, stream_id, index);
    std::vector<double> resample(sample.size());
    for (double& x : resample)
        x = sample[static_cast<std::size_t>(random::uniform_below(bits, sample.size()))];
    return f(resample);
}

interval_estimate percentile_interval(std::vector<double> replicates, double level) {
    check_level("stats::percentile_interval", level);
    const double rank = std::floor(level / 2 * (static_cast<double>(replicates.size()) + 1));
    if (rank < 1)
        throw std::invalid_argument(
            fmt::format("stats::percentile_interval: need at least 2 / level - 1 = {} replicates, "
                        "got {}",
                        2 / level - 1, replicates.size()));
    if (std::any_of(replicates.begin(), replicates.end(), [](double x) { return std::isnan(x); }))
        throw std::domain_error("stats::percentile_interval: a replicate is NaN");
    std::sort(replicates.begin(), replicates.end());
    const auto low = static_cast<std::size_t>(rank) - 1;
    return {replicates[low], replicates[replicates.size() - 1 - low], level,
            interval_method::percentile_bootstrap};
}

interval_estimate bootstrap_interval(std::span<const double> sample, const statistic& f,
                                     double level, std::uint32_t replicates, std::uint64_t seed,
                                     std::uint32_t stream_id) {
    std::vector<double> values(replicates);
    for (std::uint32_t i = 0; i < replicates; ++i)
        values[i] = bootstrap_replicate(sample, f, seed, stream_id, i);
    return percentile_interval(std::move(values), level);
}

} // namespace flowproof::stats
