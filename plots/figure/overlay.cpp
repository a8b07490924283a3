#include "plots/figure/overlay.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <gnuplot-iostream.h>
#include <set>

#include "plots/figure/text.hpp"
#include "plots/figure/theme.hpp"

namespace flowproof::plots {
namespace {

/// Start and displacement of arrows of one length on the screen, centred at their points.
std::vector<std::tuple<double, double, double, double>> normalised(const overlaid& o,
                                                                   const view& where) {
    std::set<double> xs, ys;
    for (const arrow& a : o.arrows) {
        xs.insert(a.x);
        ys.insert(a.y);
    }
    const double across = where.pixels_across(), up = where.pixels_up();
    const double length = theme::arrow_share * std::min(across / static_cast<double>(xs.size()),
                                                        up / static_cast<double>(ys.size()));
    std::vector<std::tuple<double, double, double, double>> out;
    for (const arrow& a : o.arrows) {
        const double dx = where.x.rate(a.x, a.dx) * across, dy = where.y.rate(a.y, a.dy) * up;
        const double size = std::hypot(dx, dy);
        if (!std::isfinite(size) || size == 0) continue;
        const double half_x = dx / size * length / across / 2, half_y = dy / size * length / up / 2;
        const double px = where.x.place(a.x), py = where.y.place(a.y);
        const auto cut = [half = length / 2](double place, double pixels) {
            return !(place * pixels >= half && (1 - place) * pixels >= half);
        };
        if (cut(px, across) || cut(py, up)) continue; // in some direction it would be
        const double x0 = where.x.value(px - half_x), y0 = where.y.value(py - half_y);
        out.emplace_back(x0, y0, where.x.value(px + half_x) - x0, where.y.value(py + half_y) - y0);
    }
    return out;
}

std::string title(const overlaid& o, image_format format) {
    return keyed(o) ? "title " + label(o.layer->label, format) : "notitle";
}

} // namespace

bool keyed(const overlaid& o) { return !o.layer->label.empty() && !o.lone() && !o.repeats; }

std::string joined(const std::vector<std::string>& clauses) {
    std::string out;
    for (const std::string& c : clauses)
        out += (out.empty() ? "" : ", \\\n  ") + c;
    return out + "\n";
}

std::vector<std::string> write_overlays(Gnuplot& gp, const std::vector<overlaid>& layers,
                                        const view& where, image_format format, bool on_surface) {
    std::vector<std::string> clauses;
    const char* columns = on_surface ? "using 1:2:(0)" : "using 1:2";
    for (const overlaid& o : layers) {
        const std::string block = fmt::format("$layer{}", o.index);
        gp << block << " << e\n";
        if (o.is("field")) {
            gp.send1d(normalised(o, where));
            clauses.push_back(fmt::format(
                "{} using {} with vectors head filled size screen 0.008,22 linewidth {} "
                "linecolor rgb '{}' {}",
                block, on_surface ? "1:2:(0):3:4:(0)" : "1:2:3:4", theme::arrow_width, o.colour,
                title(o, format)));
            continue;
        }
        if (o.is("boxes")) {
            std::vector<std::array<double, 6>> rows;
            for (const auto& [x0, x1, y0, y1] : o.boxes)
                rows.push_back({(x0 + x1) / 2, (y0 + y1) / 2, x0, x1, y0, y1});
            // A block without rows is no data to gnuplot; the key has its entry all the same.
            if (rows.empty()) rows.push_back({NAN, NAN, NAN, NAN, NAN, NAN});
            gp.send1d(rows);
            clauses.push_back(fmt::format(
                "{} using 1:2:3:4:5:6 with boxxyerror fillstyle solid {} border rgb '{}' "
                "linewidth {} fillcolor rgb '{}' {}",
                block, theme::box_opacity, theme::paper, theme::box_edge, o.colour,
                title(o, format)));
            continue;
        }
        if (o.is("band")) {
            gp.send2d(o.band);
            clauses.push_back(fmt::format("{} using 1:2:3 with filledcurves fillstyle transparent "
                                          "solid {} noborder fillcolor rgb '{}' {}",
                                          block, theme::band_opacity, o.colour, title(o, format)));
            for (const char* edge : {"1:2", "1:3"})
                clauses.push_back(
                    fmt::format("{} using {} with lines linewidth {} linecolor rgb '{}' notitle",
                                block, edge, theme::band_edge, o.colour));
            continue;
        }
        gp.send2d(o.parts);
        if (o.joined()) {
            clauses.push_back(fmt::format(
                "{} {} with lines linewidth {} dashtype {} linecolor rgb '{}' {}", block, columns,
                theme::curve_width, on_surface ? "(12, 6)" : "solid", o.colour, title(o, format)));
            continue;
        }
        const double size = o.is("points") ? theme::point_size : theme::data_point_size;
        // A light rim keeps the mark apart from whatever lies under it.
        clauses.push_back(fmt::format("{} {} with points pointtype 7 pointsize {} linecolor rgb "
                                      "'{}' notitle",
                                      block, columns, size * 1.45, theme::paper));
        clauses.push_back(
            fmt::format("{} {} with points pointtype 7 pointsize {} linecolor rgb '{}' {}", block,
                        columns, size, o.colour, title(o, format)));
        if (o.lone() && !o.layer->label.empty())
            gp << fmt::format("set label {} {} at first {:.17g}, {:.17g} left offset 1.2, 0.9 "
                              "boxed front textcolor rgb '{}'\n",
                              10 + o.index, label(o.layer->label, format),
                              o.parts.front().front().first, o.parts.front().front().second,
                              theme::ink);
    }
    return clauses;
}

} // namespace flowproof::plots
