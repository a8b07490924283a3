#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace flowproof {

/// How a program of somebody else (gnuplot, pandoc) ended.
struct program_end {
    bool found = true;    ///< false: no such program along PATH; nothing was run
    int status = 0;       ///< exit status, or 128 + signal number
    std::string messages; ///< what it wrote to its output and error streams, its first 64 KiB
    bool well() const { return found && status == 0; }
    /// "was not found", or "ended with status 1: " and the first of its messages.
    std::string what() const;
};

/// Runs `command` (name, then arguments; no shell reads them) with empty input and waits for its
/// end. @throws std::runtime_error if the system refuses to start it.
program_end run_program(const std::vector<std::string>& command);

} // namespace flowproof
