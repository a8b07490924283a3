#include "verify/cli/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>

#include "verify/cli/console.hpp"

namespace flowproof::cli {

std::string duration(double seconds) {
    if (seconds < 10) return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<long>(std::lround(seconds));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

progress_view::progress_view(bool quiet)
    : quiet_(quiet), terminal_(error_is_terminal()), start_(std::chrono::steady_clock::now()) {}

void progress_view::operator()(const progress& p) {
    if (quiet_) return;
    const std::string result(name(p.last->result));
    if (!terminal_) {
        fmt::print(stderr, "[{}/{}] {} {} ({})\n", p.finished, p.total, p.last->id, result,
                   duration(p.last->seconds));
        return;
    }
    const double elapsed =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    const double left =
        elapsed / static_cast<double>(p.finished) * static_cast<double>(p.total - p.finished);
    constexpr std::size_t cells = 24;
    const std::size_t full = cells * p.finished / std::max<std::size_t>(p.total, 1);
    std::string line = fmt::format("[{}{}] {}/{}  about {} left  {}", std::string(full, '#'),
                                   std::string(cells - full, '.'), p.finished, p.total,
                                   duration(left), p.last->id);
    const std::size_t width = standard_output().width - 1;
    if (line.size() > width) line.resize(width);
    const std::size_t pad = drawn_ > line.size() ? drawn_ - line.size() : 0;
    fmt::print(stderr, "\r{}{}", line, std::string(pad, ' '));
    std::fflush(stderr);
    drawn_ = line.size();
}

void progress_view::finish() {
    if (drawn_ == 0) return;
    fmt::print(stderr, "\r{}\r", std::string(drawn_, ' '));
    std::fflush(stderr);
    drawn_ = 0;
}

} // namespace flowproof::cli
