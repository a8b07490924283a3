#include "plots/figure/script.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fmt/format.h>
#include <gnuplot-iostream.h>
#include <memory>
#include <stdexcept>
#include <unistd.h>

#include "plots/figure/landscape.hpp"
#include "plots/figure/layer.hpp"
#include "plots/figure/panels.hpp"
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

const char* colour(const claim_record* verdict) {
    if (verdict != nullptr && holds(verdict->result)) return theme::stands;
    if (verdict != nullptr && falls(verdict->result)) return theme::falls;
    return theme::open;
}

/// Title and frame: what all figures share.
void write_frame(Gnuplot& gp, const figure_series& s, const claim_record* verdict,
                 image_format format) {
    const std::string result{name(verdict != nullptr ? verdict->result : outcome::not_run)};
    const double height = theme::height_of(s.panels.size());
    const double title_at = 1 - (1 - theme::title_at) / height;
    const double verdict_at = 1 - (1 - theme::verdict_at) / height;
    gp << "set encoding utf8\n"
       << fmt::format("set label 1 {} at screen {}, screen {:.5g} left font ',",
                      label(s.title, format), theme::left, title_at)
       << theme::title_points << "' textcolor rgb '" << theme::ink << "' front\n"
       << "set label 2 " << literal(s.claim + ": " + result, format)
       << fmt::format(" at screen {}, screen {:.5g} left textcolor rgb '{}' front\n", theme::left,
                      verdict_at, colour(verdict))
       << "set border 3 front linecolor rgb '" << theme::frame << "' linewidth "
       << fmt::format("{}", theme::frame_width) << "\n"
       << "set tics nomirror out scale 0.6 textcolor rgb '" << theme::ink << "'\n"
       << "set style textbox opaque noborder fillcolor rgb '" << theme::paper
       << "' margins 0.6, 0.4\n";
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
    if (series.panels.empty() || (surface != series.layers.end() && series.panels.size() > 1))
        throw std::invalid_argument(fmt::format(
            "plots: figure {}: need {}, got {} panels", series.id,
            series.panels.empty() ? "a panel" : "one panel for a surface", series.panels.size()));
    for (std::size_t i = 0; i < series.layers.size(); ++i)
        if (series.layers[i].panel >= series.panels.size())
            throw std::invalid_argument(fmt::format("plots: {}: stands in panel {} of {}",
                                                    place(series, i), series.layers[i].panel,
                                                    series.panels.size()));
    return written([&](Gnuplot& gp) {
        write_frame(gp, series, verdict, format);
        if (surface != series.layers.end())
            write_landscape(gp, series, static_cast<std::size_t>(surface - series.layers.begin()),
                            format);
        else
            write_panels(gp, series, format);
    });
}

} // namespace flowproof::plots
