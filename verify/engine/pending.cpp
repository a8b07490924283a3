#include <stdexcept>

#include "verify/engine/engines.hpp"

namespace flowproof::engine {

decision decide_real_roots(const real_roots&, const engine_context&) {
    throw std::runtime_error("real_roots: not available");
}
decision decide_definite_matrices(const definite_matrices&, const engine_context&) {
    throw std::runtime_error("definite_matrices: not available");
}
decision decide_sum_of_squares(const sum_of_squares&, const engine_context&) {
    throw std::runtime_error("sum_of_squares: not available");
}

} // namespace flowproof::engine
