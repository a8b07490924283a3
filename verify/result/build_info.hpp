#pragma once

#include <string>
#include <utility>
#include <vector>

namespace flowproof {

/// What a run record says of the build that made it. All text, for people and for comparing.
struct build_info {
    std::string version;    ///< of flowproof
    std::string commit;     ///< 40 hex digits, "-dirty" after them if files differed; or "unknown"
    std::string compiler;   ///< "GNU 12.2.0"
    std::string build_type; ///< "Release"
    std::string flags;      ///< as given to the compiler, warnings apart
    /// Name and version; FLINT, Arb, GMP and MPFR as loaded now, the others as compiled against.
    std::vector<std::pair<std::string, std::string>> libraries;
    /// What the compiler was allowed to use, then what this processor offers of what matters to
    /// our kernels: "x86-64 sse2; processor: avx2 fma".
    std::string instruction_set;
};

/// The build that is running. Safe to call from any thread.
const build_info& current_build();

} // namespace flowproof
