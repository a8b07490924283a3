#include "numerics/train/shrinkage.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace flowproof::train {

namespace {

void check_lambda(const char* who, double lambda) {
    if (!(lambda >= 0) || !std::isfinite(lambda))
        throw std::domain_error(std::string("train::") + who + ": need a finite lambda >= 0, got " +
                                std::to_string(lambda));
}

double shrunk(double x, double lambda) {
    return x > lambda ? x - lambda : x < -lambda ? x + lambda : 0;
}

} // namespace

void soft_threshold(std::span<double> x, double lambda) {
    check_lambda("soft_threshold", lambda);
    for (double& entry : x)
        entry = shrunk(entry, lambda);
}

void constrained_prox(std::span<double> z, double lambda, std::vector<double>& breakpoints) {
    check_lambda("constrained_prox", lambda);
    if (z.empty() || !std::all_of(z.begin(), z.end(), [](double x) { return std::isfinite(x); }))
        throw std::domain_error("train::constrained_prox: need a column of finite entries");
    breakpoints.clear();
    for (const double x : z) {
        breakpoints.push_back(x - lambda);
        breakpoints.push_back(x + lambda);
    }
    std::sort(breakpoints.begin(), breakpoints.end());
    const auto sum_at = [&](double nu) {
        double sum = 0;
        for (const double x : z)
            sum += shrunk(x - nu, lambda);
        return sum;
    };
    // The sum falls with nu and is <= 0 at the last breakpoint; nu lies in [after[-1], after).
    const auto after = std::partition_point(breakpoints.begin(), breakpoints.end(),
                                            [&](double nu) { return sum_at(nu) >= 1; });
    const bool leftmost = after == breakpoints.begin();
    double sum = 0;
    std::size_t active = 0;
    for (const double x : z) {
        const bool positive = x - lambda >= *after;
        const bool negative = !leftmost && x + lambda <= after[-1];
        if (!positive && !negative) continue;
        sum += positive ? x - lambda : x + lambda;
        ++active;
    }
    const double nu = (sum - 1) / static_cast<double>(active);
    for (double& x : z)
        x = shrunk(x - nu, lambda);
}

} // namespace flowproof::train
