#include "numerics/ode/sign_change.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace flowproof::approx {

namespace {

/// b_i = sum_j binomial(i, j) / binomial(n, j) c_j
std::vector<double> bernstein(std::span<const double> c) {
    const std::size_t n = c.size() - 1;
    std::vector<double> b(c.begin(), c.end());
    double binomial = 1;
    for (std::size_t j = 1; j <= n; ++j) {
        binomial *= static_cast<double>(n + 1 - j) / static_cast<double>(j);
        b[j] /= binomial;
    }
    for (std::size_t i = 1; i <= n; ++i)
        for (std::size_t j = n; j >= i; --j)
            b[j] += b[j - 1];
    return b;
}

int sign(double x) { return (x > 0) - (x < 0); }

int sign_changes(const std::vector<double>& b) {
    int count = 0, last = 0;
    for (const double x : b) {
        if (sign(x) == 0) continue;
        count += last != 0 && sign(x) != last;
        last = sign(x);
    }
    return count;
}

/// b becomes the part on the first half, the result is the second (de Casteljau).
std::vector<double> split(std::vector<double>& b) {
    std::vector<double> second = b;
    for (std::size_t i = 1; i < b.size(); ++i) {
        for (std::size_t j = 0; j + i < b.size(); ++j)
            second[j] = (second[j] + second[j + 1]) / 2;
        b[i] = second[0];
    }
    return second;
}

/// Values within rounding of 0 have no sign.
void clear(std::vector<double>& b, double noise) {
    for (double& x : b)
        if (std::abs(x) <= noise) x = 0;
}

struct piece {
    double low, high;
    std::vector<double> b;
};

} // namespace

std::optional<std::pair<double, double>> first_sign_change(std::span<const double> c) {
    // Terms below rounding do not decide a sign and would only raise the degree.
    double sum = 0;
    for (const double x : c)
        sum += std::abs(x);
    std::size_t size = c.size();
    while (size > 1 && std::abs(c[size - 1]) <= 0x1p-60 * sum)
        --size;
    c = c.first(size);
    if (size < 2 || sum <= 2 * std::abs(c[0])) return std::nullopt;
    constexpr double narrowest = 0x1p-40;
    const double noise = 0x1p-50 * sum;
    const int before = sign(c[0]); // up to the first change
    std::vector<piece> left{{0, 1, bernstein(c)}};
    while (!left.empty()) {
        piece p = std::move(left.back());
        left.pop_back();
        clear(p.b, noise);
        const auto start = std::find_if(p.b.begin(), p.b.end(), [](double x) { return x != 0; });
        if (start == p.b.end()) continue;
        if (sign(*start) != before) { // at the border to the piece before
            const double reach = (p.high - p.low) / 2;
            return std::pair(std::max(p.low - reach, 0.0), p.low + reach);
        }
        const int changes = sign_changes(p.b);
        if (changes == 0) continue;
        if (changes == 1 || p.high - p.low < narrowest) {
            if (changes % 2 == 1) return std::pair(p.low, p.high);
            continue; // touches, or two roots closer than one sees in double
        }
        const double middle = (p.low + p.high) / 2;
        piece second{middle, p.high, split(p.b)};
        p.high = middle;
        left.push_back(std::move(second));
        left.push_back(std::move(p));
    }
    return std::nullopt;
}

double root_between(std::span<const double> c, double low, double high) {
    const auto value = [&](double u) {
        double p = 0, slope = 0;
        for (std::size_t j = c.size(); j-- > 0;) {
            slope = slope * u + p;
            p = p * u + c[j];
        }
        return std::pair(p, slope);
    };
    const int at_low = sign(c[0]);
    double u = (low + high) / 2;
    for (int i = 0; i < 200; ++i) {
        const auto [p, slope] = value(u);
        if (p == 0) return u;
        (sign(p) == at_low ? low : high) = u;
        double next = u - p / slope;
        if (!(next > low && next < high)) next = (low + high) / 2;
        if (next == u || next == low || next == high) return next;
        u = next;
    }
    return u;
}

} // namespace flowproof::approx
