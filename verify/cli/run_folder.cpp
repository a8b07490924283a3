#include "verify/cli/run_folder.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace flowproof::cli {

run_folder::run_folder(const std::filesystem::path& folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure)
        throw std::runtime_error("verify: cannot create the run folder " + folder.string() + ": " +
                                 failure.message());
    const std::filesystem::path file = folder / ".lock";
    lock_ = open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
    if (lock_ < 0)
        throw std::runtime_error("verify: cannot write to " + folder.string() + ": " +
                                 std::strerror(errno));
    if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        close(lock_);
        throw std::runtime_error("verify: another flowproof is writing to " + folder.string() +
                                 "; wait for it or choose another folder with --out");
    }
}

run_folder::~run_folder() { close(lock_); }

partial_record::partial_record(std::filesystem::path folder,
                               const std::map<std::string, claim_record>& kept)
    : folder_(std::move(folder)), written_(std::chrono::steady_clock::now()) {
    for (const auto& [id, claim] : kept)
        record_.claims.push_back(claim);
}

void partial_record::add(const progress& finished) {
    record_.claims.push_back(*finished.last);
    const auto now = std::chrono::steady_clock::now();
    if (now - written_ < std::chrono::seconds(1)) return;
    record_.run = *finished.run;
    record_.run.interrupted = true; // until the whole record takes its place
    write_record(record_, folder_);
    written_ = now;
}

} // namespace flowproof::cli
