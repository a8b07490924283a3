#pragma once

#include <string>
#include <vector>

#include "plots/figure/layer.hpp"
#include "plots/figure/view.hpp"

namespace flowproof::plots {

/// In pixels, estimated; 0 where nothing is labelled.
struct key_size {
    double width = 0, height = 0;
};
key_size measure_key(const std::vector<overlaid>& layers);

/// The first place for the key that no curve, point, label or band touches: "right top", "left
/// bottom", ...; empty if there is none.
std::string free_place(const std::vector<overlaid>& layers, const view& where, const key_size& key);

} // namespace flowproof::plots
