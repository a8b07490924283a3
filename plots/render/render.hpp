#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "plots/figure/format.hpp"

namespace flowproof::plots {

struct render_options {
    std::string gnuplot = "gnuplot"; ///< program, searched along PATH
    std::size_t panels = 1;          ///< of the figure: more make the image higher
};

/// Runs gnuplot on a script and puts the image at `output`, whose folder must exist. The image
/// takes its name in one step, after gnuplot has ended well and left a file that is not empty;
/// before, whatever was at `output` stays. The script's own warnings do not matter.
/// @throws std::runtime_error naming output and cause: gnuplot missing, ended with a status or a
///         signal (with what it wrote to its error stream), no or an empty image, no permission.
void render(const std::string& script, const std::filesystem::path& output, image_format format,
            const render_options& options = {});

} // namespace flowproof::plots
