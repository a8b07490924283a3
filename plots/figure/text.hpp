#pragma once

#include <string>
#include <string_view>

#include "plots/figure/format.hpp"

namespace flowproof::plots {

/// A gnuplot string constant of exactly these characters, for paths and for plain text:
/// single-quoted, quotes doubled. Line breaks become blanks.
std::string quoted(std::string_view text);

/// The string constant and the mode in which gnuplot prints `text` as it stands: "'a_b'
/// noenhanced". For tikz, characters that are special in TeX are escaped.
std::string literal(std::string_view text, image_format format);

/// As literal, but `_` and `^` lower or raise the character or the {group} that follows, as in
/// "α_V" or "10^{-3}".
std::string label(std::string_view text, image_format format);

} // namespace flowproof::plots
