#include <stdexcept>

#include "verify/engine/engines.hpp"

namespace flowproof::engine {
decision decide_flow_table(const flow_table&, const engine_context&) {
    throw std::logic_error("flow_table: not built yet");
}
} // namespace flowproof::engine
