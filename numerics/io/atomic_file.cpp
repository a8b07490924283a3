#include "numerics/io/atomic_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <system_error>
#include <unistd.h>

namespace flowproof::io {
namespace {

[[noreturn]] void failed(const std::filesystem::path& file, const std::string& why) {
    throw std::runtime_error("io::write_file_atomically: cannot write " + file.string() + ": " +
                             why);
}

[[noreturn]] void failed(const std::filesystem::path& file, int error) {
    failed(file, std::generic_category().message(error));
}

/// A new file in the folder of its target, removed again unless it took the target's name.
class temporary {
public:
    explicit temporary(const std::filesystem::path& target) : target_(target) {
        // The process id keeps processes apart, O_EXCL the threads of one.
        const std::string stem = ".flowproof-" + std::to_string(::getpid()) + "-";
        for (int attempt = 0; descriptor_ < 0; ++attempt) {
            path_ = target.parent_path() / (stem + std::to_string(attempt) + ".tmp");
            descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
            if (descriptor_ < 0 && (errno != EEXIST || attempt == 1000)) failed(target_, errno);
        }
    }
    temporary(const temporary&) = delete;
    temporary& operator=(const temporary&) = delete;
    ~temporary() {
        if (descriptor_ >= 0) ::close(descriptor_);
        if (!renamed_) ::unlink(path_.c_str());
    }

    void write(std::string_view content) {
        while (!content.empty()) {
            const ssize_t written = ::write(descriptor_, content.data(), content.size());
            if (written >= 0)
                content.remove_prefix(static_cast<std::size_t>(written));
            else if (errno != EINTR)
                failed(target_, errno);
        }
    }

    /// Errors of delayed writes appear in fsync and close, so both must have succeeded first.
    void take_name() {
        if (::fsync(descriptor_) != 0) failed(target_, errno);
        const int closed = ::close(descriptor_);
        descriptor_ = -1;
        if (closed != 0) failed(target_, errno);
        if (::rename(path_.c_str(), target_.c_str()) != 0) failed(target_, errno);
        renamed_ = true;
    }

private:
    const std::filesystem::path& target_;
    std::filesystem::path path_;
    int descriptor_ = -1;
    bool renamed_ = false;
};

} // namespace

void write_file_atomically(const std::filesystem::path& file, std::string_view content) {
    // A rename over a device or a pipe would remove it.
    std::error_code ignored;
    const auto status = std::filesystem::status(file, ignored);
    if (exists(status) && !is_regular_file(status))
        failed(file, is_directory(status) ? "it is a directory" : "it is not a regular file");
    temporary written(file);
    written.write(content);
    written.take_name();
}

} // namespace flowproof::io
