// Intervals of doubles: our operators and arrays beside Boost.Interval with its default policy, on
// 1024 elements of both signs. One thread, in turns; the least of the times, in CPU nanoseconds for
// an operation. Exit status 1 if an array differs from the operators.

#include <algorithm>
#include <boost/numeric/interval.hpp>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <functional>
#include <random>
#include <vector>

#include "numerics/interval/array.hpp"

using namespace flowproof;

namespace {

using ours = interval<double>;
using boosts = boost::numeric::interval<double>;
constexpr std::size_t count = 1024;

double cpu_nanoseconds() {
    timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return 1e9 * static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec);
}

/// The least times for one element that each of them takes, in turns.
std::vector<double> least_times(const std::vector<std::function<void()>>& work) {
    constexpr int rounds = 200, repeats = 10;
    std::vector<double> least(work.size(), 1e300);
    for (int round = 0; round < rounds; ++round)
        for (std::size_t w = 0; w < work.size(); ++w) {
            const double start = cpu_nanoseconds();
            for (int i = 0; i < repeats; ++i)
                work[w]();
            least[w] = std::min(least[w], (cpu_nanoseconds() - start) / (repeats * count));
        }
    return least;
}

template <class T, class F>
std::function<void()> each(const std::vector<T>& x, const std::vector<T>& y, std::vector<T>& z,
                           F f) {
    return [&x, &y, &z, f] {
        const T *a = x.data(), *b = y.data();
        T* const c = z.data();
        for (std::size_t i = 0; i < count; ++i)
            c[i] = f(a[i], b[i]);
        asm volatile("" : : "r"(c) : "memory"); // z is wanted
    };
}

std::vector<boosts> copied(const std::vector<ours>& x) {
    std::vector<boosts> result;
    for (const ours& t : x)
        result.emplace_back(t.lower(), t.upper());
    return result;
}

class table {
public:
    table() {
        for (const auto s :
             {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512})
            if (is_available(s)) sets_.push_back(s);
        fmt::print("{:<6}{:>12}{:>12}", "ns", "Boost", "operator");
        for (const auto s : sets_)
            fmt::print("{:>16}", name(s));
        fmt::print("{:>20}\n", "Boost / best array");
    }

    template <class One, class Other, class Many>
    void row(const char* what, const std::vector<ours>& x, const std::vector<ours>& y, One one,
             Other other, Many many) {
        const auto bx = copied(x), by = copied(y);
        std::vector<ours> z(count), w(count);
        std::vector<boosts> bz(count);
        std::vector<std::function<void()>> work = {each(bx, by, bz, other), each(x, y, z, one)};
        for (const auto s : sets_)
            work.push_back([&, s] { many(x, y, w, s); });
        const auto times = least_times(work);
        for (const auto s : sets_) {
            many(x, y, w, s);
            same_ = same_ && std::memcmp(z.data(), w.data(), count * sizeof(ours)) == 0;
        }
        fmt::print("{:<6}{:>12.2f}{:>12.2f}", what, times[0], times[1]);
        for (std::size_t i = 2; i < times.size(); ++i)
            fmt::print("{:>16.2f}", times[i]);
        fmt::print("{:>20.1f}\n", times[0] / *std::min_element(times.begin() + 2, times.end()));
    }
    bool same() const { return same_; }

private:
    std::vector<instruction_set> sets_;
    bool same_ = true;
};

} // namespace

int main() {
    std::mt19937_64 bits(20261122);
    const auto number = [&bits] { return 0x1p-61 * static_cast<double>(bits() >> 1) - 2; };
    std::vector<ours> x, y, without_zero, positive;
    for (std::size_t i = 0; i < count; ++i) {
        const double a = number(), b = number(), c = number(), d = number();
        x.emplace_back(std::min(a, b), std::max(a, b));
        y.emplace_back(std::min(c, d), std::max(c, d));
        without_zero.push_back(i % 2 == 0 ? y.back() + 3 : y.back() - 3);
        positive.push_back(abs(x.back()));
    }
    fmt::print("instruction set of arrays: {}; {} elements\n", name(widest()), count);
    table t;
    const auto row = [&t](const char* what, const auto& u, const auto& v, auto f, auto many) {
        t.row(what, u, v, f, f, many);
    };
    row(
        "add", x, y, [](const auto& a, const auto& b) { return a + b; },
        [](auto&... a) { add(a...); });
    row(
        "sub", x, y, [](const auto& a, const auto& b) { return a - b; },
        [](auto&... a) { subtract(a...); });
    row(
        "mul", x, y, [](const auto& a, const auto& b) { return a * b; },
        [](auto&... a) { multiply(a...); });
    row(
        "div", x, without_zero, [](const auto& a, const auto& b) { return a / b; },
        [](auto&... a) { divide(a...); });
    row(
        "sqrt", positive, y, [](const auto& a, const auto&) { return sqrt(a); },
        [](auto& a, auto&, auto& z, auto s) { sqrt(a, z, s); });
    if (!t.same()) fmt::print("an array differs from the operators\n");
    return t.same() ? 0 : 1;
}
