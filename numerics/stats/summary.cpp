#include "numerics/stats/summary.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace flowproof::stats {

namespace {

void need_draws(const char* who, std::int64_t needed, std::int64_t count) {
    if (count < needed)
        throw std::domain_error(std::string(who) + ": need at least " + std::to_string(needed) +
                                " draws, got " + std::to_string(count));
}

} // namespace

void summary::add(double x) {
    ++count_;
    const double change = x - mean_;
    mean_ += change / static_cast<double>(count_);
    squares_ += change * (x - mean_);
    minimum_ = std::min(minimum_, x);
    maximum_ = std::max(maximum_, x);
}

void summary::combine(const summary& other) {
    if (other.count_ == 0) return;
    const auto ours = static_cast<double>(count_), theirs = static_cast<double>(other.count_);
    count_ += other.count_;
    const double change = other.mean_ - mean_, share = theirs / static_cast<double>(count_);
    mean_ += change * share;
    squares_ += other.squares_ + change * change * (ours * share);
    minimum_ = std::min(minimum_, other.minimum_);
    maximum_ = std::max(maximum_, other.maximum_);
}

double summary::mean() const {
    need_draws("stats::summary::mean", 1, count_);
    return mean_;
}

double summary::variance() const {
    need_draws("stats::summary::variance", 2, count_);
    return squares_ / static_cast<double>(count_ - 1);
}

double summary::standard_error() const {
    need_draws("stats::summary::standard_error", 2, count_);
    return std::sqrt(variance() / static_cast<double>(count_));
}

summary combine_lanes(const std::array<summary, virtual_lanes>& lanes) {
    auto tree = lanes;
    for (std::size_t width = tree.size() / 2; width > 0; width /= 2)
        for (std::size_t i = 0; i < width; ++i)
            tree[i].combine(tree[i + width]);
    return tree[0];
}

summary summarise(std::span<const double> sample) {
    return summarise(static_cast<std::int64_t>(sample.size()),
                     [&](std::int64_t i) { return sample[static_cast<std::size_t>(i)]; });
}

void exact_summary::add(const rational& x) {
    ++count_;
    sum_ += x;
    squares_ += x * x;
}

void exact_summary::combine(const exact_summary& other) {
    count_ += other.count_;
    sum_ += other.sum_;
    squares_ += other.squares_;
}

rational exact_summary::mean() const {
    need_draws("stats::exact_summary::mean", 1, count_);
    return sum_ / rational(count_);
}

rational exact_summary::variance() const {
    need_draws("stats::exact_summary::variance", 2, count_);
    return (squares_ - sum_ * sum_ / rational(count_)) / rational(count_ - 1);
}

} // namespace flowproof::stats
