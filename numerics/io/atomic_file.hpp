#pragma once

#include <filesystem>
#include <string_view>

namespace flowproof::io {

/// Makes `file` hold exactly `content`, or leaves what was there: the text goes to a temporary
/// file in the same folder, reaches the disk and takes the name in one step. A reader, a crash
/// or a second writer never sees a part of it. A symbolic link is replaced, not followed.
/// @throws std::runtime_error naming the file and the system's reason (folder missing or not
///         writable, disk full, target not a regular file); nothing is left behind then.
void write_file_atomically(const std::filesystem::path& file, std::string_view content);

} // namespace flowproof::io
