#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <vector>

#include "numerics/scalar/rational.hpp"

namespace flowproof::io {

/// A matrix of exact numbers, at least 1 x 1, row-major: entry (i, j) is entries[i * cols + j].
struct exact_table {
    std::size_t rows = 0, cols = 0;
    std::vector<rational> entries;
};

/// Larger files and matrices are refused before any memory is asked for them.
constexpr std::size_t largest_matrix = std::size_t{1} << 26;      ///< entries
constexpr std::size_t largest_matrix_file = std::size_t{1} << 30; ///< bytes

/// Reads a matrix by the extension of its file, in either case: .csv, .tsv and .txt as
/// parse_csv does, .npy as parse_npy does. Every entry is the number in the file, not rounded.
/// @throws std::invalid_argument naming the file, the place in it, the rule and what was found.
/// @throws std::runtime_error if the file is missing, unreadable or not a regular file.
exact_table read_matrix(const std::filesystem::path& file);

/// Text with one row a line. Cells are integers, quotients (1/3) or decimals (2.5e-3), read
/// exactly; commas, semicolons, tabs or blanks separate them, the same throughout. Blank lines
/// and what follows a # are skipped; line ends may be CRLF and a UTF-8 mark may come first.
/// There is no header line and no decimal comma, and every cell holds a finite number.
/// @param name  what messages call the text; their lines and columns (cells) count from 1.
/// @throws std::invalid_argument
exact_table parse_csv(std::string_view text, std::string_view name);

/// NumPy's format, versions 1.0, 2.0 and 3.0: f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 in either byte
/// order, C or Fortran order. Shape () is read as 1 x 1 and (n,) as a column n x 1. Binary
/// fractions convert exactly (-0.0 is 0); NaN and infinities are refused. Half precision,
/// booleans, complex, object (pickle) and structured arrays are refused too.
/// @param name  what messages call the bytes; their indices count from 0, as NumPy's do.
/// @throws std::invalid_argument
exact_table parse_npy(std::string_view bytes, std::string_view name);

} // namespace flowproof::io
