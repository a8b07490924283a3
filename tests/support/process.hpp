#pragma once
// Runs the flowproof executable as a user would and keeps what it said.

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "tests/support/scratch_folder.hpp"

namespace flowproof::test {

using support::scratch_folder;

struct said {
    int status; ///< exit status, or 128 + signal
    std::string out, err;
};

inline std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

/// Starts the program; standard output and error go to files in the folder.
inline pid_t start(const std::vector<std::string>& arguments, const scratch_folder& folder,
                   const std::vector<std::pair<std::string, std::string>>& environment = {}) {
    const std::string out = folder / "stdout", err = folder / "stderr";
    const pid_t child = fork();
    if (child != 0) return child;
    for (const auto& [name, value] : environment)
        setenv(name.c_str(), value.c_str(), 1);
    if (std::freopen(out.c_str(), "w", stdout) == nullptr ||
        std::freopen(err.c_str(), "w", stderr) == nullptr)
        _exit(126);
    std::vector<char*> argv{const_cast<char*>(FLOWPROOF_EXECUTABLE)};
    for (const auto& a : arguments)
        argv.push_back(const_cast<char*>(a.c_str()));
    argv.push_back(nullptr);
    execv(FLOWPROOF_EXECUTABLE, argv.data());
    _exit(127);
}

inline said wait_for(pid_t child, const scratch_folder& folder) {
    int status = 0;
    waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            contents(folder / "stdout"), contents(folder / "stderr")};
}

inline said run(const std::vector<std::string>& arguments,
                const std::vector<std::pair<std::string, std::string>>& environment = {}) {
    const scratch_folder folder;
    return wait_for(start(arguments, folder, environment), folder);
}

} // namespace flowproof::test
