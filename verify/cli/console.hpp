#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace flowproof::cli {

/// What standard output is: width in columns, and whether colours are welcome.
struct console {
    std::size_t width; ///< of the terminal; 100 elsewhere; COLUMNS overrides
    bool colour;       ///< a terminal, NO_COLOR unset or empty, TERM not "dumb"
};
console standard_output();
bool error_is_terminal();

/// Text broken at blanks to the width, each line after the first indented.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

} // namespace flowproof::cli
