#include "plots/figure/script.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <gnuplot-iostream.h>
#include <memory>
#include <stdexcept>
#include <unistd.h>

#include "plots/figure/layer.hpp"
#include "plots/figure/text.hpp"
#include "plots/figure/theme.hpp"

namespace flowproof::plots {
namespace {

/// What gnuplot-iostream writes through `draw`, as text: it wants a file, so it gets one.
template <class Draw> std::string written(Draw draw) {
    const auto failed = [] {
        return std::runtime_error("plots::gnuplot_script: a temporary file cannot be written");
    };
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
    if (!file) throw failed();
    // Gnuplot closes the file that it is given.
    std::FILE* const script = ::fdopen(::dup(::fileno(file.get())), "w");
    if (script == nullptr) throw failed();
    {
        Gnuplot gp(script);
        gp << std::scientific << std::setprecision(16); // 17 digits: every double reads back
        draw(gp);
        if (!gp.flush()) throw failed();
    }
    std::string text;
    std::array<char, 65536> buffer{};
    std::rewind(file.get());
    for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), file.get())) > 0;)
        text.append(buffer.data(), n);
    if (std::ferror(file.get())) throw failed();
    return text;
}

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

const char* colour(const claim_record* verdict) {
    if (verdict != nullptr && holds(verdict->result)) return theme::stands;
    if (verdict != nullptr && falls(verdict->result)) return theme::falls;
    return theme::open;
}

/// Title, axes, frame: what all figures share.
void write_frame(Gnuplot& gp, const figure_series& s, const claim_record* verdict,
                 image_format format) {
    const std::string result{name(verdict != nullptr ? verdict->result : outcome::not_run)};
    gp << "set encoding utf8\n"
       << "set label 1 " << label(s.title, format) << " at screen 0.12, screen 0.963 left font ',"
       << theme::title_points << "' textcolor rgb '" << theme::ink << "' front\n"
       << "set label 2 " << literal(s.claim + ": " + result, format)
       << " at screen 0.12, screen 0.92 left textcolor rgb '" << colour(verdict) << "' front\n"
       << "set xlabel " << label(s.x_label, format) << " textcolor rgb '" << theme::ink << "'\n"
       << "set ylabel " << label(s.y_label, format) << " textcolor rgb '" << theme::ink << "'\n"
       << "set border 3 front linecolor rgb '" << theme::frame << "' linewidth "
       << fmt::format("{}", theme::frame_width) << "\n"
       << "set tics nomirror out scale 0.6 textcolor rgb '" << theme::ink << "'\n"
       << "set style textbox opaque noborder fillcolor rgb '" << theme::paper
       << "' margins 0.6, 0.4\n";
}

std::string place(const figure_series& s, std::size_t layer) {
    return fmt::format("figure {}, layer {} ({})", s.id, layer, s.layers[layer].label);
}

/// What is drawn in front of a surface, or alone: names of data blocks and their style.
struct overlay {
    std::vector<std::string> plots;
    double x_low = HUGE_VAL, x_high = -HUGE_VAL, y_low = HUGE_VAL, y_high = -HUGE_VAL;
    bool keyed = false;

    void grow(const point& p) {
        x_low = std::min(x_low, p.first);
        x_high = std::max(x_high, p.first);
        y_low = std::min(y_low, p.second);
        y_high = std::max(y_high, p.second);
    }
};

/// Data blocks of the curves and points; on a surface (three columns wanted) or in the plane.
overlay write_overlay(Gnuplot& gp, const figure_series& s, image_format format, bool on_surface) {
    overlay out;
    std::size_t drawn = 0;
    const char* columns = on_surface ? "using 1:2:(0)" : "using 1:2";
    for (std::size_t i = 0; i < s.layers.size(); ++i) {
        const layer_series& layer = s.layers[i];
        if (layer.draw == "surface") continue;
        if (layer.draw != "curve" && layer.draw != "points")
            throw std::invalid_argument("plots: " + place(s, i) +
                                        ": need surface, curve or points, got " + layer.draw);
        const auto parts = stretches(layer, place(s, i));
        for (const auto& part : parts)
            for (const point& p : part)
                out.grow(p);
        const std::string block = fmt::format("$layer{}", i);
        gp << block << " << e\n";
        gp.send2d(parts);
        const std::string hue = on_surface
                                    ? theme::over_surface[drawn % std::size(theme::over_surface)]
                                    : theme::series[drawn % std::size(theme::series)];
        ++drawn;
        if (layer.draw == "curve") {
            out.plots.push_back(
                fmt::format("{} {} with lines linewidth {} dashtype {} linecolor rgb '{}' title {}",
                            block, columns, theme::curve_width, on_surface ? "(12, 6)" : "solid",
                            hue, label(layer.label, format)));
            out.keyed = true;
            continue;
        }
        const bool alone = parts.front().size() == 1;
        // A light rim keeps the mark apart from whatever lies under it.
        out.plots.push_back(fmt::format("{} {} with points pointtype 7 pointsize {} linecolor rgb "
                                        "'{}' notitle",
                                        block, columns, theme::point_size * 1.45, theme::paper));
        out.plots.push_back(fmt::format(
            "{} {} with points pointtype 7 pointsize {} linecolor rgb '{}' {}", block, columns,
            theme::point_size, hue, alone ? "notitle" : "title " + label(layer.label, format)));
        if (!alone) out.keyed = true;
        if (alone && !layer.label.empty())
            gp << fmt::format("set label {} {} at first {:.17g}, {:.17g} left offset 1.2, 0.9 "
                              "boxed front textcolor rgb '{}'\n",
                              10 + i, label(layer.label, format), parts.front().front().first,
                              parts.front().front().second, theme::ink);
    }
    return out;
}

std::string joined(const std::vector<std::string>& plots) {
    std::string out;
    for (const std::string& p : plots)
        out += (out.empty() ? "" : ", \\\n  ") + p;
    return out + "\n";
}

void write_landscape(Gnuplot& gp, const figure_series& s, std::size_t surface,
                     image_format format) {
    const layer_series& layer = s.layers[surface];
    const auto grid = scans(layer, place(s, surface));
    const levels l = choose_levels(grid);
    gp << "$surface << e\n";
    gp.send2d(grid);
    overlay over = write_overlay(gp, s, format, true);

    const auto [x0, y0, v0] = grid.front().front();
    const auto [x1, y1, v1] = grid.back().back();
    const auto density = [](std::size_t n) { return n >= 90 ? 1 : static_cast<int>(89 / n) + 1; };
    gp << fmt::format("set xrange [{:.17g}:{:.17g}]\nset yrange [{:.17g}:{:.17g}]\n",
                      std::min(x0, x1), std::max(x0, x1), std::min(y0, y1), std::max(y0, y1));
    if (l.logarithmic)
        gp << fmt::format("height(v) = v <= {0:.17g} ? {1:.17g} : log10(v)\n", std::pow(10, l.low),
                          l.low);
    else
        gp << "height(v) = v\n";
    gp << "set view map\nset border 15\nset pm3d explicit corners2color mean interpolate "
       << density(grid.size()) << "," << density(grid.front().size()) << "\n"
       << "set palette " << theme::palette << "\n"
       << fmt::format("set cbrange [{:.17g}:{:.17g}]\n", l.low, l.high)
       << "set colorbox user origin screen 0.865, screen 0.115 size screen 0.022, screen 0.77 "
          "noborder\n"
       << "set cblabel " << label(layer.label, format) << " textcolor rgb '" << theme::ink << "'\n";
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
    gp << "set contour base\nset cntrparam linear\n"
       << fmt::format("set cntrparam levels incremental {:.17g}, {:.17g}, {:.17g}\n",
                      l.low + l.step, l.step, l.high - l.step / 2)
       << "unset surface\nset table $levels\n"
       << "splot $surface using 1:2:(height($3)) notitle\n"
       << "unset table\nunset contour\nset surface\n";
    std::vector<std::string> plots = {
        "$surface using 1:2:(height($3)) with pm3d notitle",
        fmt::format("$levels using 1:2:(0) with lines linewidth {} linecolor rgb '{}' notitle",
                    theme::level_width, theme::level_set)};
    plots.insert(plots.end(), over.plots.begin(), over.plots.end());
    gp << "set lmargin at screen 0.12\nset rmargin at screen 0.845\n"
       << "set bmargin at screen 0.115\nset tmargin at screen 0.885\n"
       << "set key at graph 0.985, graph 0.975 right top opaque fillcolor rgb '" << theme::paper
       << "' Left reverse samplen 3 spacing 1.2 height 0.4 textcolor rgb '" << theme::ink << "'\n";
    if (!over.keyed) gp << "unset key\n";
    gp << "splot " << joined(plots);
}

void write_curves(Gnuplot& gp, const figure_series& s, image_format format) {
    const overlay over = write_overlay(gp, s, format, false);
    gp << "set grid linecolor rgb '" << theme::grid << "' linewidth 0.6 dashtype solid\n"
       << "set lmargin at screen 0.12\nset rmargin at screen 0.965\n"
       << "set bmargin at screen 0.115\nset tmargin at screen 0.885\n"
       << "set offsets graph 0.03, graph 0.03, graph 0.05, graph 0.05\n"
       << "set key right top opaque fillcolor rgb '" << theme::paper
       << "' Left reverse samplen 3 spacing 1.2 textcolor rgb '" << theme::ink << "'\n";
    if (!over.keyed) gp << "unset key\n";
    gp << "plot " << joined(over.plots);
}

} // namespace

std::string gnuplot_script(const figure_series& series, const claim_record* verdict,
                           image_format format) {
    if (!series.error.empty())
        throw std::invalid_argument(fmt::format("plots: figure {}: it could not be evaluated: {}",
                                                series.id, series.error));
    if (series.layers.empty())
        throw std::invalid_argument("plots: figure " + series.id + ": no layers to draw");
    const auto is_surface = [](const layer_series& l) { return l.draw == "surface"; };
    const auto surface = std::find_if(series.layers.begin(), series.layers.end(), is_surface);
    if (surface != series.layers.end() && std::any_of(surface + 1, series.layers.end(), is_surface))
        throw std::invalid_argument("plots: figure " + series.id +
                                    ": need one surface at most, got two or more");
    return written([&](Gnuplot& gp) {
        write_frame(gp, series, verdict, format);
        if (surface != series.layers.end())
            write_landscape(gp, series, static_cast<std::size_t>(surface - series.layers.begin()),
                            format);
        else
            write_curves(gp, series, format);
    });
}

} // namespace flowproof::plots
