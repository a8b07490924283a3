#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

#include "verify/registry/run.hpp"
#include "verify/result/record.hpp"

namespace flowproof::cli {

/// A run's folder, created if need be and held against a second writer while this object lives.
class run_folder {
public:
    /// @throws std::runtime_error if it cannot be created, or another process holds it.
    explicit run_folder(const std::filesystem::path& folder);
    ~run_folder();
    run_folder(const run_folder&) = delete;
    run_folder& operator=(const run_folder&) = delete;

private:
    int lock_ = -1;
};

/// Keeps the finished claims of a run on disk while it goes on, at most once a second, so that
/// even a killed run can be resumed.
class partial_record {
public:
    partial_record(std::filesystem::path folder, const std::map<std::string, claim_record>& kept);
    void add(const progress& finished);

private:
    std::filesystem::path folder_;
    run_record record_;
    std::chrono::steady_clock::time_point written_;
};

} // namespace flowproof::cli
