#include "plots/figure/key.hpp"

#include <algorithm>
#include <array>

#include "plots/figure/overlay.hpp"

namespace flowproof::plots {
namespace {

/// Characters as gnuplot counts them for the width of a key, markup included; continuation bytes
/// are none.
double counted(const std::string& text) {
    return static_cast<double>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

/// Where the panel's ink lies, in pixels from its lower left corner.
std::vector<point> ink(const std::vector<overlaid>& layers, const view& w) {
    constexpr int steps = 24;
    const double across = w.pixels_across(), up = w.pixels_up();
    std::vector<point> out;
    const auto at = [&](double x, double y) {
        return point{w.x.place(x) * across, w.y.place(y) * up};
    };
    const auto segment = [&](const point& a, const point& b) {
        for (int k = 0; k <= steps; ++k) {
            const double share = static_cast<double>(k) / steps;
            out.emplace_back(a.first + share * (b.first - a.first),
                             a.second + share * (b.second - a.second));
        }
    };
    for (const overlaid& o : layers) {
        for (const auto& part : o.parts)
            for (std::size_t i = 0; i < part.size(); ++i) {
                const point here = at(part[i].first, part[i].second);
                if (o.joined() && i > 0)
                    segment(at(part[i - 1].first, part[i - 1].second), here);
                else
                    out.push_back(here);
                if (o.lone()) // its label
                    segment({here.first, here.second + 14},
                            {here.first + 12 + 7 * counted(o.layer->label), here.second + 14});
            }
        for (const auto& [x0, x1, y0, y1] : o.boxes)
            segment(at(x0, y0), at(x1, y1));
        for (const auto& part : o.band)
            for (std::size_t i = 0; i < part.size(); ++i) {
                const auto& [x, lower, upper] = part[i];
                segment(at(x, lower), at(x, upper));
                if (i == 0) continue;
                const auto& [x0, lower0, upper0] = part[i - 1];
                segment(at(x0, lower0), at(x, lower));
                segment(at(x0, upper0), at(x, upper));
            }
    }
    return out;
}

} // namespace

key_size measure_key(const std::vector<overlaid>& layers) {
    double longest = 0, rows = 0;
    for (const overlaid& o : layers)
        if (keyed(o)) {
            longest = std::max(longest, counted(o.layer->label));
            ++rows;
        }
    if (rows == 0) return {};
    // As pngcairo draws it; the other terminals need less.
    return {84 + 8.8 * longest, 6 + 22.5 * rows}; // sample, gaps, text
}

std::string free_place(const std::vector<overlaid>& layers, const view& where,
                       const key_size& key) {
    struct place {
        const char* name;
        double x, y; ///< 0: at the lower end, 1: at the upper end
    };
    constexpr std::array<place, 8> places = {{{"right top", 1, 1},
                                              {"left top", 0, 1},
                                              {"right bottom", 1, 0},
                                              {"left bottom", 0, 0},
                                              {"center top", 0.5, 1},
                                              {"center bottom", 0.5, 0},
                                              {"right center", 1, 0.5},
                                              {"left center", 0, 0.5}}};
    constexpr double margin_x = 20, margin_y = 10; // of key to frame, and to the ink
    const double room_x = where.pixels_across() - key.width - 2 * margin_x;
    const double room_y = where.pixels_up() - key.height - 2 * margin_y;
    if (room_x < 0 || room_y < 0) return {};
    const std::vector<point> all = ink(layers, where);
    for (const place& c : places) {
        const double x = c.x * room_x, y = c.y * room_y;
        const double x_end = x + key.width + 2 * margin_x, y_end = y + key.height + 2 * margin_y;
        if (std::none_of(all.begin(), all.end(), [&](const point& q) {
                return q.first > x && q.first < x_end && q.second > y && q.second < y_end;
            }))
            return c.name;
    }
    return {};
}

} // namespace flowproof::plots
