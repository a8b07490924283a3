#pragma once

#include <string>
#include <utility>
#include <vector>

#include "theory/core/arguments.hpp"

namespace flowproof::cli {

/// The values given by --set, and the files they came from.
struct settings {
    arguments values;
    std::vector<std::pair<std::string, std::string>> inputs; ///< file -> hash of its contents
};

/// Reads "name=value" words: a decimal or quotient (T=10000, KP=1/2, theta=0.3), a matrix in place
/// (V=[[1,0],[0,1/2]]) or a file (V=weights.npy, mu=mu.csv).
/// @throws std::invalid_argument naming the word and what is wrong with it.
settings read_settings(const std::vector<std::string>& words);

} // namespace flowproof::cli
