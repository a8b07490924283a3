#include "verify/result/run_program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern char** environ; // NOLINT: POSIX asks for it

namespace flowproof {
namespace {

[[noreturn]] void refused(const std::string& program, int error) {
    throw std::runtime_error(fmt::format("run_program: {} cannot be started: {}", program,
                                         std::generic_category().message(error)));
}

class descriptor {
public:
    explicit descriptor(int fd) : fd_(fd) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() { close(); }
    int get() const { return fd_; }
    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

private:
    int fd_;
};

/// All that comes until the other end is closed; what exceeds the limit is read and dropped, so
/// that the writer never waits.
std::string drain(int fd) {
    constexpr std::size_t limit = 65536;
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return text;
        text.append(buffer.data(), std::min(static_cast<std::size_t>(n), limit - text.size()));
    }
}

} // namespace

std::string program_end::what() const {
    if (!found) return "was not found";
    const auto first = messages.find_first_not_of(" \t\r\n");
    std::string text = first == messages.npos ? "no message" : messages.substr(first, 600);
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    return fmt::format("ended with status {}: {}", status, text);
}

program_end run_program(const std::vector<std::string>& command) {
    if (command.empty()) throw std::invalid_argument("run_program: need a program, got none");
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) refused(command.front(), errno);
    const descriptor from(ends[0]);
    descriptor into(ends[1]);

    std::vector<std::string> words = command;
    std::vector<char*> arguments;
    for (std::string& w : words)
        arguments.push_back(w.data());
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    if (const int error = ::posix_spawn_file_actions_init(&actions); error != 0)
        refused(command.front(), error);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, into.get(), 1);
    ::posix_spawn_file_actions_adddup2(&actions, into.get(), 2);
    pid_t child = 0;
    const int error =
        ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    program_end end;
    end.found = error != ENOENT;
    if (!end.found) return end;
    if (error != 0) refused(command.front(), error);
    into.close();
    end.messages = drain(from.get());
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR) refused(command.front(), errno);
    end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return end;
}

} // namespace flowproof
