#include "verify/cli/console.hpp"

#include <algorithm>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace flowproof::cli {

console standard_output() {
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    std::size_t width = 100;
    if (const char* columns = std::getenv("COLUMNS");
        columns != nullptr && std::atoi(columns) > 0) {
        width = static_cast<std::size_t>(std::atoi(columns));
    } else if (winsize size{};
               terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        width = size.ws_col;
    }
    const char* no_colour = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    const bool plain = (no_colour != nullptr && *no_colour != '\0') ||
                       (term != nullptr && std::string_view(term) == "dumb");
    return {std::max<std::size_t>(width, 40), terminal && !plain};
}

bool error_is_terminal() { return isatty(STDERR_FILENO) == 1; }

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
    std::string out;
    std::size_t column = 0;
    const std::size_t room = width > indent + 10 ? width : indent + 10;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \n", i), text.size());
        const std::string_view word = text.substr(i, end - i);
        if (column > 0 && indent + column + 1 + word.size() > room) {
            out += "\n" + std::string(indent, ' ');
            column = 0;
        } else if (column > 0) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
        if (end < text.size() && text[end] == '\n') {
            out += "\n" + std::string(indent, ' ');
            column = 0;
        }
        i = end + 1;
    }
    return out;
}

} // namespace flowproof::cli
