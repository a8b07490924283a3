#pragma once

#include <filesystem>
#include <string>

#include "verify/report/markdown.hpp"

namespace flowproof {

/// Writes RUN/report/report.md and, through pandoc, RUN/report/index.html: one file with its
/// style, its mathematics (MathML) and its pictures inside, which asks nothing of the network.
/// @param images  paths relative to RUN/report, such as "../figures/scb.landscape.png"
/// @param pandoc  program, searched along PATH
/// @returns the HTML file
/// @throws std::runtime_error naming file and cause. If pandoc is missing or fails, the Markdown
///         report is kept and an older index.html stays as it was; the message says so.
std::filesystem::path write_html_report(const run_record& record,
                                        const std::filesystem::path& run_folder,
                                        const figure_images& images = {},
                                        const std::string& pandoc = "pandoc");

} // namespace flowproof
