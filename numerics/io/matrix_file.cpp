#include "numerics/io/matrix_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace flowproof::io {
namespace {

[[noreturn]] void unreadable(const std::filesystem::path& file, const std::string& why) {
    throw std::runtime_error("io::read_matrix: cannot read " + file.string() + ": " + why);
}

std::string contents(const std::filesystem::path& file) {
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::none) unreadable(file, error.message());
    if (!exists(status)) unreadable(file, "there is no such file");
    if (is_directory(status)) unreadable(file, "it is a directory");
    if (!is_regular_file(status)) unreadable(file, "it is not a regular file");
    const auto size = std::filesystem::file_size(file, error);
    if (error) unreadable(file, error.message());
    if (size > largest_matrix_file)
        throw std::invalid_argument(
            "io::read_matrix: " + file.string() + ": a matrix file must have at most " +
            std::to_string(largest_matrix_file) + " bytes, got " + std::to_string(size));
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in) unreadable(file, std::generic_category().message(errno));
    std::string bytes(size, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(size));
    if (static_cast<std::uintmax_t>(in.gcount()) != size)
        unreadable(file,
                   "got " + std::to_string(in.gcount()) + " of " + std::to_string(size) + " bytes");
    return bytes;
}

} // namespace

exact_table read_matrix(const std::filesystem::path& file) {
    std::string extension = file.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (extension == ".npy") return parse_npy(contents(file), file.string());
    if (extension == ".csv" || extension == ".tsv" || extension == ".txt")
        return parse_csv(contents(file), file.string());
    throw std::invalid_argument("io::read_matrix: the file of a matrix must end in .csv, .tsv, "
                                ".txt or .npy, got " +
                                file.string());
}

} // namespace flowproof::io
