// plot and report: a record drawn again, nothing computed.
#include "verify/cli/produce.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

#include "numerics/io/atomic_file.hpp"
#include "plots/figure/script.hpp"
#include "plots/render/render.hpp"
#include "verify/cli/commands.hpp"
#include "verify/registry/select.hpp"
#include "verify/report/html.hpp"

namespace flowproof::cli {

namespace {

/// Script and image of one figure, in FOLDER/figures.
std::filesystem::path draw(const run_record& record, const figure_series& series,
                           const std::filesystem::path& folder, plots::image_format format) {
    if (!series.error.empty()) throw std::runtime_error(series.error);
    const auto verdict = std::find_if(record.claims.begin(), record.claims.end(),
                                      [&](const claim_record& c) { return c.id == series.claim; });
    const std::string script =
        plots::gnuplot_script(series, verdict == record.claims.end() ? nullptr : &*verdict, format);
    std::filesystem::create_directories(folder / "figures");
    io::write_file_atomically(folder / "figures" / (series.id + ".gp"), script);
    const std::filesystem::path image =
        folder / "figures" / fmt::format("{}.{}", series.id, plots::extension(format));
    plots::render(script, image, format, {.panels = series.panels.size()});
    return image;
}

/// The images that a report shows: PNG, which is small, before SVG.
figure_images images_of(const run_record& record, const std::filesystem::path& folder) {
    figure_images images;
    for (const figure_series& f : record.series)
        for (const char* ending : {".png", ".svg"})
            if (std::filesystem::exists(folder / "figures" / (f.id + ending)) &&
                !images.contains(f.id))
                images.emplace(f.id, "../figures/" + f.id + ending);
    return images;
}

} // namespace

run_record record_of(const std::filesystem::path& run) {
    if (!std::filesystem::exists(run / "results.json"))
        throw std::invalid_argument(
            fmt::format("{} holds no results.json; run `flowproof verify` first, or name "
                        "the folder of a run with --run",
                        run.string()));
    return read_record(run);
}

production produce(const run_record& record, const std::filesystem::path& folder) {
    production made;
    for (const figure_series& f : record.series) {
        try { // a vector image to use, a small one for the report to carry
            made.figures.push_back(draw(record, f, folder, plots::image_format::svg));
            draw(record, f, folder, plots::image_format::png);
        } catch (const std::exception& e) {
            made.problems.push_back(fmt::format("figure {}: {}", f.id, e.what()));
        }
    }
    try {
        made.report = write_html_report(record, folder, images_of(record, folder));
    } catch (const std::exception& e) {
        made.problems.push_back(fmt::format("report: {}", e.what()));
    }
    return made;
}

int plot_command(const plot_options& options) {
    const run_record record = record_of(options.run);
    const auto format = plots::format_named(options.format);
    if (!format)
        throw std::invalid_argument("plot: --format is svg, png, pdf or tikz, got " +
                                    options.format);
    const auto wanted = [&](const std::string& id) {
        return options.patterns.empty() ||
               std::any_of(options.patterns.begin(), options.patterns.end(),
                           [&](const std::string& p) { return matches(p, id); });
    };
    std::vector<std::string> ids;
    for (const figure_series& f : record.series)
        ids.push_back(f.id);
    if (std::none_of(ids.begin(), ids.end(), wanted)) {
        std::string list;
        for (const std::string& id : ids)
            list += (list.empty() ? "" : ", ") + id;
        throw std::invalid_argument(
            fmt::format("plot: no figure of {} matches; it has {}", options.run.string(),
                        list.empty() ? "none: verify a claim that names a figure" : list));
    }
    for (const figure_series& f : record.series)
        if (wanted(f.id)) fmt::print("{}\n", draw(record, f, options.run, *format).string());
    return 0;
}

int report_command(const report_options& options) {
    const run_record record = record_of(options.run);
    if (options.format == "md") {
        std::filesystem::create_directories(options.run / "report");
        const std::filesystem::path file = options.run / "report" / "report.md";
        io::write_file_atomically(file, markdown_report(record, images_of(record, options.run)));
        fmt::print("{}\n", file.string());
    } else {
        fmt::print("{}\n",
                   write_html_report(record, options.run, images_of(record, options.run)).string());
    }
    return 0;
}

} // namespace flowproof::cli
