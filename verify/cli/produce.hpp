#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "verify/result/record.hpp"

namespace flowproof::cli {

/// The record of a run that the user names. @throws std::invalid_argument for a folder without one,
/// and as read_record.
run_record record_of(const std::filesystem::path& run);

/// What was drawn and written from a record, and what could not be.
struct production {
    std::vector<std::filesystem::path> figures;
    std::filesystem::path report; ///< empty if it could not be written
    std::vector<std::string> problems;
};

/// Draws every figure of the record into FOLDER/figures and writes FOLDER/report. A missing tool
/// (gnuplot, pandoc) becomes a problem, not an exception: the record is complete without them.
production produce(const run_record& record, const std::filesystem::path& folder);

} // namespace flowproof::cli
