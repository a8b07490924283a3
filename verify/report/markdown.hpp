#pragma once

#include <map>
#include <string>
#include <string_view>

#include "verify/result/record.hpp"

namespace flowproof {

/// Figure id -> path of its image, as the report shall name it (relative to the report's folder).
using figure_images = std::map<std::string, std::string>;

/// The report of a run, surprises first: what went against expectation, statements that are wrong
/// as usually stated, the verdict table, then every claim with its formula, hypotheses, evidence,
/// twins and figures, and how the run was made and is made again. Pandoc's and GitHub's Markdown
/// with `$` mathematics; outcomes carry their names as CSS classes. Nothing is recomputed.
/// @param images  a figure that has none here is listed without a picture
std::string markdown_report(const run_record& record, const figure_images& images = {});

/// Text that Markdown prints as it stands, on one line: what is special is escaped.
std::string markdown_text(std::string_view text);

} // namespace flowproof
