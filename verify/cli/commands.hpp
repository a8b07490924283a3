#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "theory/core/paper.hpp"

namespace flowproof::cli {

/// Exit statuses beyond those of a record (verify/result/record.hpp).
constexpr int misuse = 3;
constexpr int broken = 4;

/// Set by Ctrl-C once watch_interrupts() was called, which then prints the message (it must outlive
/// the program); a second Ctrl-C ends the program at once.
extern std::atomic<bool> stop_requested;
void watch_interrupts(const char* message);

struct list_options {
    std::vector<std::string> patterns;
};
int list_command(const std::vector<paper>& papers, const list_options& options);

struct show_options {
    std::string id;
    std::filesystem::path run = "out";
};
int show_command(const std::vector<paper>& papers, const show_options& options);

struct verify_options {
    std::vector<std::string> patterns;
    std::string profile = "quick";
    int digits = 30;
    std::uint64_t seed = 1;
    int threads = 0;
    std::filesystem::path out = "out";
    std::vector<std::string> set;
    std::string json, junit;
    bool resume = false, quiet = false;
};
int verify_command(const std::vector<paper>& papers, const verify_options& options);

struct eval_options {
    std::string quantity;
    std::vector<std::string> set;
    int digits = 30;
    bool list = false;
};
int eval_command(const std::vector<paper>& papers, const eval_options& options);

struct plot_options {
    std::vector<std::string> patterns;
    std::string format = "svg";
    std::filesystem::path run = "out";
};
int plot_command(const plot_options& options);

struct report_options {
    std::string format = "html";
    std::filesystem::path run = "out";
};
int report_command(const report_options& options);

struct recheck_options {
    std::filesystem::path folder, run = "out"; ///< the folder named without an option goes first
};
int recheck_command(const recheck_options& options);

/// The text of --version: program, libraries, instruction set.
std::string version_text();

} // namespace flowproof::cli
