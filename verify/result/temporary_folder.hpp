#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace flowproof {

/// An empty folder inside `parent`, removed with all it holds at the end of its scope. Work that
/// must appear in one step is done here, on the same file system, and renamed into place.
class temporary_folder {
public:
    /// @throws std::runtime_error with the system's reason.
    explicit temporary_folder(const std::filesystem::path& parent) {
        std::string pattern = (parent / ".flowproof-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            throw std::runtime_error("no folder can be made in " + parent.string() + ": " +
                                     std::generic_category().message(errno));
        path_ = pattern;
    }
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    ~temporary_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::filesystem::path operator/(const char* name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

} // namespace flowproof
