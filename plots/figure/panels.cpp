#include "plots/figure/panels.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <gnuplot-iostream.h>
#include <limits>
#include <optional>
#include <stdexcept>

#include "plots/figure/key.hpp"
#include "plots/figure/overlay.hpp"
#include "plots/figure/theme.hpp"

namespace flowproof::plots {
namespace {

/// What can be seen of the layers' data: calls visit(x, y).
template <class Visit> void visit_points(const std::vector<overlaid>& layers, const Visit& visit) {
    for (const overlaid& o : layers) {
        for (const auto& part : o.parts)
            for (const auto& [x, y] : part)
                visit(x, y);
        for (const auto& part : o.band)
            for (const auto& [x, lower, upper] : part) {
                visit(x, lower);
                visit(x, upper);
            }
        for (const auto& [x0, x1, y0, y1] : o.boxes) {
            visit(x0, y0);
            visit(x1, y1);
        }
        for (const arrow& a : o.arrows)
            visit(a.x, a.y);
    }
}

/// The range of the axis, or else that of the data with a margin.
class range_of_data {
public:
    explicit range_of_data(const axis_series& a) : axis_(a) {}

    void add(double v) {
        if (axis_.logarithmic && v <= 0) return;
        low_ = std::min(low_, v);
        high_ = std::max(high_, v);
    }
    scale chosen(double margin, const std::string& where) const {
        if (!axis_.low.empty()) {
            const scale given{std::stod(axis_.low), std::stod(axis_.high), axis_.logarithmic};
            if (!(given.low < given.high) || (given.logarithmic && given.low <= 0))
                throw std::invalid_argument(
                    fmt::format("plots: {}: need a range that increases{}, got [{}, {}]", where,
                                given.logarithmic ? " from above 0" : "", axis_.low, axis_.high));
            return given;
        }
        if (!(low_ <= high_))
            throw std::invalid_argument("plots: " + where + ": nothing lies on its axis");
        const bool thin = high_ - low_ <= 1e-12 * std::max(std::abs(low_), std::abs(high_));
        if (axis_.logarithmic) {
            const scale tight = thin ? scale{low_ / 2, high_ * 2, true} : scale{low_, high_, true};
            return {tight.value(-margin), tight.value(1 + margin), true};
        }
        const double pad =
            high_ == 0 && low_ == 0 ? 1 : std::max(std::abs(low_), std::abs(high_)) / 10;
        const scale tight = thin ? scale{low_ - pad, high_ + pad} : scale{low_, high_};
        return {tight.value(-margin), tight.value(1 + margin)};
    }

private:
    const axis_series& axis_;
    double low_ = std::numeric_limits<double>::infinity();
    double high_ = -std::numeric_limits<double>::infinity();
};

struct drawn_panel {
    std::vector<overlaid> layers;
    view where;
    key_size key;
    std::string key_at{}; ///< as free_place; empty: to the right of the panels
};

/// Keys into free places; those that find none go to the right of the panels, which make room.
void place_keys(std::vector<drawn_panel>& panels) {
    for (double right = theme::right;;) {
        double wanted = 0;
        for (drawn_panel& p : panels) {
            p.where.right = right;
            p.key_at = p.key.width > 0 ? free_place(p.layers, p.where, p.key) : "";
            if (p.key_at.empty()) wanted = std::max(wanted, p.key.width);
        }
        const double narrower =
            wanted == 0 ? right : std::max(theme::left + 0.3, 0.985 - wanted / theme::width);
        if (narrower >= right) return;
        right = narrower;
    }
}

std::vector<drawn_panel> prepared(const figure_series& s) {
    const std::size_t n = s.panels.size();
    std::vector<drawn_panel> panels(n);
    range_of_data x(s.x);
    for (std::size_t i = 0; i < n; ++i) {
        panels[i].layers = overlays(s, i, false);
        if (panels[i].layers.empty())
            throw std::invalid_argument(
                fmt::format("plots: figure {}: no layers to draw in panel {}", s.id, i));
        visit_points(panels[i].layers, [&](double at, double) { x.add(at); });
    }
    const scale across = x.chosen(0.03, "figure " + s.id + ", x");
    const double height = theme::height_of(n), count = static_cast<double>(n);
    const double bottom = theme::bottom / height, top = 1 - (1 - theme::top) / height;
    const double gap = n < 2 ? 0 : theme::gap / height, each = (top - bottom + gap) / count;
    for (std::size_t i = 0; i < n; ++i) {
        range_of_data y(s.panels[i]);
        visit_points(panels[i].layers, [&](double at, double v) {
            const double place = across.place(at);
            if (place >= 0 && place <= 1) y.add(v);
        });
        view& w = panels[i].where;
        w.x = across;
        w.y = y.chosen(0.05, fmt::format("figure {}, y of panel {}", s.id, i));
        w.top = top - each * static_cast<double>(i);
        w.bottom = w.top - each + gap;
        w.height = height;
        panels[i].key = measure_key(panels[i].layers);
    }
    place_keys(panels);
    return panels;
}

} // namespace

void write_panels(Gnuplot& gp, const figure_series& s, image_format format) {
    const std::vector<drawn_panel> panels = prepared(s);
    const bool stacked = panels.size() > 1;
    if (stacked) gp << "set multiplot\n";
    gp << "set grid linetype 1 linecolor rgb '" << theme::grid << "' linewidth 0.6\n";
    for (std::size_t i = 0; i < panels.size(); ++i) {
        const drawn_panel& p = panels[i];
        const view& w = p.where;
        const bool last = i + 1 == panels.size();
        if (i == 1) gp << "unset label\n"; // the title
        const std::vector<std::string> clauses = write_overlays(gp, p.layers, w, format, false);
        write_margins(gp, w);
        write_axis(gp, 'x', w.x, last ? s.x.label : "", format, last);
        write_axis(gp, 'y', w.y, s.panels[i].label, format);
        if (p.key.width == 0)
            gp << "unset key\n";
        else
            gp << "set key "
               << (p.key_at.empty() ? fmt::format("at screen 0.99, screen {:.5g} right top", w.top)
                                    : "inside " + p.key_at)
               << " opaque fillcolor rgb '" << theme::paper
               << "' Left reverse samplen 3 spacing 1.2 textcolor rgb '" << theme::ink << "'\n";
        gp << "plot " << joined(clauses);
        for (const overlaid& o : p.layers)
            if (stacked && o.lone()) gp << "unset label " << 10 + o.index << "\n";
        if (stacked && w.y.logarithmic) gp << "unset logscale y\n";
    }
    if (stacked) gp << "unset multiplot\n";
}

} // namespace flowproof::plots
