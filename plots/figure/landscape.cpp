#include "plots/figure/landscape.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <gnuplot-iostream.h>

#include "plots/figure/key.hpp"
#include "plots/figure/overlay.hpp"
#include "plots/figure/text.hpp"
#include "plots/figure/theme.hpp"

namespace flowproof::plots {
namespace {

/// Where the level sets of a surface lie.
struct levels {
    bool logarithmic = false;
    double low = 0, high = 1; ///< of the values drawn; of their logarithms where logarithmic
    double step = 0.1;
};

levels choose_levels(const std::vector<grid_row>& grid) {
    std::vector<double> values;
    for (const grid_row& scan : grid)
        for (const auto& r : scan)
            if (std::isfinite(std::get<2>(r))) values.push_back(std::get<2>(r));
    if (values.empty()) return {};
    std::sort(values.begin(), values.end());
    levels out;
    out.low = values.front();
    out.high = values.back();
    constexpr int bands = 18;
    const double positive = *std::upper_bound(values.begin(), values.end() - 1, 0.0);
    if (out.low >= 0 && positive > 0 && out.high > 100 * positive) {
        // The deepest values are few and would take all the colours: begin where one in 200 lies.
        out.logarithmic = true;
        const double begin = std::max(positive, values[values.size() / 200]);
        out.low = std::log10(begin);
        out.high = std::log10(out.high);
    }
    const double ideal = (out.high - out.low) / bands;
    if (!(ideal > 0)) return {out.logarithmic, out.low - 1, out.low + 1, 0.5};
    if (out.logarithmic) {
        out.step = ideal <= 0.125 ? 0.125 : ideal <= 0.25 ? 0.25 : ideal <= 0.5 ? 0.5 : 1;
    } else {
        const double power = std::pow(10, std::floor(std::log10(ideal)));
        const double lead = ideal / power;
        out.step = (lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
    }
    out.low = std::floor(out.low / out.step) * out.step;
    out.high = std::ceil(out.high / out.step) * out.step;
    return out;
}

/// In a free place if there is one, a little inside the frame. In screen coordinates: where an axis
/// is logarithmic, splot mistakes those of the graph.
void write_key(Gnuplot& gp, const std::vector<overlaid>& over, const view& where) {
    const key_size size = measure_key(over);
    if (size.width == 0) {
        gp << "unset key\n";
        return;
    }
    const std::string found = free_place(over, where, size);
    const std::string at = found.empty() ? "right top" : found;
    const auto has = [&](const char* word) { return at.find(word) != std::string::npos; };
    const double x = has("right") ? 0.985 : has("left") ? 0.015 : 0.5;
    const double y = has("top") ? 0.975 : has("bottom") ? 0.025 : 0.5;
    gp << fmt::format(
        "set key at screen {:.5g}, screen {:.5g} {} opaque fillcolor rgb '{}' Left reverse "
        "samplen 3 spacing 1.2 height 0.4 textcolor rgb '{}'\n",
        where.left + x * (where.right - where.left), where.bottom + y * (where.top - where.bottom),
        at, theme::paper, theme::ink);
}

} // namespace

void write_landscape(Gnuplot& gp, const figure_series& s, std::size_t surface,
                     image_format format) {
    const layer_series& layer = s.layers[surface];
    const auto grid = scans(layer, place(s, surface));
    const levels l = choose_levels(grid);
    gp << "$surface << e\n";
    gp.send2d(grid);
    const auto [x0, y0, v0] = grid.front().front();
    const auto [x1, y1, v1] = grid.back().back();
    view where;
    where.x = {std::min(x0, x1), std::max(x0, x1), s.x.logarithmic};
    where.y = {std::min(y0, y1), std::max(y0, y1), s.panels.front().logarithmic};
    where.right = theme::right_of_surface;
    const std::vector<overlaid> over = overlays(s, 0, true);
    const std::vector<std::string> clauses = write_overlays(gp, over, where, format, true);
    const auto density = [](std::size_t n) { return n >= 90 ? 1 : static_cast<int>(89 / n) + 1; };
    if (l.logarithmic)
        gp << fmt::format("height(v) = v <= {0:.17g} ? {1:.17g} : log10(v)\n", std::pow(10, l.low),
                          l.low);
    else
        gp << "height(v) = v\n";
    gp << "set contour base\nset cntrparam linear\n"
       << fmt::format("set cntrparam levels incremental {:.17g}, {:.17g}, {:.17g}\n",
                      l.low + l.step, l.step, l.high - l.step / 2)
       << "unset surface\nset table $levels\n"
       << "splot $surface using 1:2:(height($3)) notitle\n"
       << "unset table\nunset contour\nset surface\n";
    write_axis(gp, 'x', where.x, s.x.label, format);
    write_axis(gp, 'y', where.y, s.panels.front().label, format);
    if (where.y.logarithmic) gp << "set ylabel offset -1.5, 0\n"; // splot forgets wide numbers
    gp << "set view map\nset border 15\nset pm3d explicit corners2color mean interpolate "
       << density(grid.size()) << "," << density(grid.front().size()) << "\n"
       << "set palette " << theme::palette << "\n"
       << fmt::format("set cbrange [{:.17g}:{:.17g}]\n", l.low, l.high)
       << "set colorbox user origin screen 0.865, screen 0.115 size screen 0.022, screen 0.77 "
          "noborder\n"
       << "set cblabel " << label(layer.label, format) << " offset 0.8, 0 textcolor rgb '"
       << theme::ink << "'\n";
    if (l.logarithmic) {
        gp << "set cbtics scale 0.4 (";
        const int first = static_cast<int>(std::ceil(l.low)),
                  last = static_cast<int>(std::floor(l.high));
        for (int k = first; k <= last; ++k)
            gp << (k == first ? "" : ", ")
               << (format == image_format::tikz ? fmt::format("'$10^{{{}}}$' {}", k, k)
                                                : fmt::format("'10^{{{}}}' {}", k, k));
        gp << ")\n";
    } else {
        gp << "set cbtics scale 0.4\n";
    }
    std::vector<std::string> plots = {
        "$surface using 1:2:(height($3)) with pm3d notitle",
        fmt::format("$levels using 1:2:(0) with lines linewidth {} linecolor rgb '{}' notitle",
                    theme::level_width, theme::level_set)};
    plots.insert(plots.end(), clauses.begin(), clauses.end());
    write_margins(gp, where);
    write_key(gp, over, where);
    gp << "splot " << joined(plots);
}

} // namespace flowproof::plots
