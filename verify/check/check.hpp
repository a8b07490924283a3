#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A small separate checker of certificates (format: verify/check/README.md).
///
/// Shares nothing with the engines but balls and rationals: what it accepts is true if those two
/// and this folder are right, whoever wrote the text.
namespace flowproof::check {

struct verdict {
    enum class answer {
        valid,     ///< the statement that the text prints is proved
        invalid,   ///< the text can be read, its proof does not hold; the statement may be true
        unreadable ///< not in the format, or it asks for more work than the limits allow
    };
    answer is;
    std::string kind;      ///< "flow", ...; empty if the first line cannot be read
    std::string statement; ///< what was proved, in words
    std::string reason;    ///< why not: line and rule
    std::vector<std::pair<std::string, std::string>> tapes{}; ///< name and text, as in the text
};

struct limits {
    /// Bound on the work, in units of about 50 ns: ten minutes. Memory stays below about 2 GB.
    std::uint64_t work = 10'000'000'000;
    const std::atomic<bool>* stop = nullptr; ///< ends the check early: unreadable, "interrupted"
};

/// Proves the statement of one certificate again, from its text alone. Never throws, always ends.
verdict validate(std::string_view text, const limits& allowed = {}) noexcept;

/// Do the certificates of zeros_in_box, in order, speak of the same system over cells that fill the
/// box of parameters? Does not look at their proofs. @param cells  the entry `cells`.
verdict validate_cells(std::string_view cells, const std::vector<std::string>& texts,
                       const limits& allowed = {}) noexcept;

/// Does a payload entry claim to be a certificate?
bool is_certificate(std::string_view text);

} // namespace flowproof::check
