#include "plots/figure/layer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <stdexcept>

namespace flowproof::plots {
namespace {

double number(const std::string& text, const std::string& where, std::size_t row) {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc::result_out_of_range && stop == end)
        return text.find("e-") != text.npos ? 0.0 : HUGE_VAL;
    if (error != std::errc{} || stop != end)
        throw std::invalid_argument(
            fmt::format("plots: {}, row {}: need a decimal number, got \"{}\"", where, row, text));
    return value;
}

void require_columns(const layer_series& layer, const std::string& where, std::size_t least,
                     std::size_t most) {
    if (layer.rows.empty()) throw std::invalid_argument("plots: " + where + ": no rows to draw");
    for (std::size_t i = 0; i < layer.rows.size(); ++i) {
        const std::size_t n = layer.rows[i].size();
        if (n < least || n > most)
            throw std::invalid_argument(fmt::format(
                "plots: {}, row {}: a {} needs {} columns, got {}", where, i, layer.draw,
                least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most),
                n));
    }
}

} // namespace

std::vector<grid_row> scans(const layer_series& layer, const std::string& where) {
    require_columns(layer, where, 3, 3);
    grid_row all;
    all.reserve(layer.rows.size());
    for (std::size_t i = 0; i < layer.rows.size(); ++i) {
        const auto& row = layer.rows[i];
        all.emplace_back(number(row[0], where, i), number(row[1], where, i),
                         number(row[2], where, i));
    }
    // The slow coordinate is the one that the first two rows share.
    const bool x_is_slow = all.size() < 2 || std::get<0>(all[0]) == std::get<0>(all[1]);
    const auto slow = [x_is_slow](const auto& r) {
        return x_is_slow ? std::get<0>(r) : std::get<1>(r);
    };
    const auto fast = [x_is_slow](const auto& r) {
        return x_is_slow ? std::get<1>(r) : std::get<0>(r);
    };
    std::vector<grid_row> grid;
    for (const auto& r : all) {
        if (grid.empty() || slow(grid.back().front()) != slow(r)) grid.emplace_back();
        grid.back().push_back(r);
    }
    bool full = grid.size() > 1 && grid.front().size() > 1;
    for (const grid_row& scan : grid) {
        full = full && scan.size() == grid.front().size();
        for (std::size_t j = 0; full && j < scan.size(); ++j)
            full = fast(scan[j]) == fast(grid.front()[j]);
    }
    if (!full)
        throw std::invalid_argument(
            fmt::format("plots: {}: need a full grid, scan by scan, of 2 x 2 points or more, got "
                        "{} rows that begin {} scans, the first of {} points",
                        where, all.size(), grid.size(), grid.front().size()));
    return grid;
}

std::vector<std::vector<point>> stretches(const layer_series& layer, const std::string& where) {
    const bool joined = layer.draw == "curve";
    require_columns(layer, where, 2, joined ? 3 : 2);
    std::vector<std::vector<point>> out(1);
    for (std::size_t i = 0; i < layer.rows.size(); ++i) {
        const auto& row = layer.rows[i];
        const point p{number(row[row.size() - 2], where, i), number(row[row.size() - 1], where, i)};
        if (std::isfinite(p.first) && std::isfinite(p.second))
            out.back().push_back(p);
        else if (!joined)
            throw std::invalid_argument(
                fmt::format("plots: {}, row {}: need a finite point", where, i));
        else if (!out.back().empty())
            out.emplace_back();
    }
    if (joined)
        out.erase(std::remove_if(out.begin(), out.end(),
                                 [](const auto& stretch) { return stretch.size() < 2; }),
                  out.end());
    if (out.empty())
        throw std::invalid_argument("plots: " + where + ": no two finite points in a row");
    return out;
}

} // namespace flowproof::plots
