#include "plots/render/render.hpp"

#include <fmt/format.h>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "plots/figure/text.hpp"
#include "plots/figure/theme.hpp"
#include "verify/result/run_program.hpp"
#include "verify/result/temporary_folder.hpp"

namespace flowproof::plots {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void failed(const fs::path& output, const std::string& why) {
    throw std::runtime_error("plots::render: cannot draw " + output.string() + ": " + why);
}

/// Beside the output, so that the rename stays within one file system.
fs::path folder_of(const fs::path& output) {
    return output.has_parent_path() ? output.parent_path() : fs::path(".");
}

std::string terminal(image_format format, std::size_t panels) {
    using namespace theme;
    const double stretch = height_of(panels), inches = height_inches * stretch;
    const int pixels = static_cast<int>(height * stretch + 0.5);
    switch (format) {
    case image_format::svg:
        return fmt::format("svg size {},{} font '{},{}' enhanced background rgb '{}'", width,
                           pixels, font, font_points, paper);
    case image_format::png:
        return fmt::format("pngcairo size {},{} font '{},{}' fontscale 2 linewidth 2 pointscale 2 "
                           "enhanced background rgb '{}'",
                           2 * width, 2 * pixels, font, font_points, paper);
    case image_format::pdf:
        return fmt::format("pdfcairo size {}in,{}in font '{},{}' fontscale 0.72 linewidth 1.4 "
                           "pointscale 0.6 enhanced background rgb '{}'",
                           width_inches, inches, font, font_points, paper);
    case image_format::tikz:
        break;
    }
    return fmt::format("tikz size {}in,{}in", width_inches, inches);
}

} // namespace

void render(const std::string& script, const fs::path& output, image_format format,
            const render_options& options) {
    const temporary_folder folder = [&] {
        try {
            return temporary_folder(folder_of(output));
        } catch (const std::runtime_error& e) {
            failed(output, e.what());
        }
    }();
    const fs::path image = folder / "image", source = folder / "script.gp";
    {
        std::ofstream out(source, std::ios::binary);
        out << "set terminal " << terminal(format, options.panels) << "\nset output "
            << quoted(image.string()) << "\n"
            << script << "\nunset output\n";
        out.close();
        if (!out) failed(output, "its script cannot be written");
    }
    const program_end end = run_program({options.gnuplot, source.string()});
    if (!end.found)
        failed(output, options.gnuplot + " was not found; install it (Debian, Ubuntu: "
                                         "apt-get install gnuplot-nox)");
    if (!end.well()) failed(output, options.gnuplot + " " + end.what());
    std::error_code error;
    const auto size = fs::file_size(image, error);
    if (error || size == 0)
        failed(output, fmt::format("{} left no image ({})", options.gnuplot, end.what()));
    fs::rename(image, output, error);
    if (error) failed(output, error.message());
}

} // namespace flowproof::plots
