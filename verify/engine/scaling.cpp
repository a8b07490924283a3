#include <stdexcept>

#include "verify/engine/engines.hpp"

namespace flowproof::engine {
decision decide_scaling(const scaling&, const engine_context&) {
    throw std::logic_error("scaling: not built yet");
}
} // namespace flowproof::engine
