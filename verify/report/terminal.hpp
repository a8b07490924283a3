#pragma once

#include <cstddef>
#include <string>

#include "verify/result/record.hpp"

namespace flowproof {

struct terminal_options {
    std::size_t width = 80; ///< columns, at least 40
    bool colour = false;    ///< ANSI colours for outcomes
};

/// The verdicts as lines for a terminal, with a last line of totals:
///
///     ok   proved     scb.loss.population   twins 1/1  The population loss is ...
///     !!   refuted    scb.early             twins 2/2  ...
///
/// "!!" marks what broke or went against its expectation, "??" what came out weaker, "++" what
/// came out stronger, "--" what was not run. Ids and outcomes are never broken; statements wrap
/// below the id where less than 24 columns remain and are cut there to what fits.
/// @throws std::invalid_argument for a width below 40.
std::string verdict_table(const run_record& record, const terminal_options& options = {});

} // namespace flowproof
