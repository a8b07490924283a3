#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "numerics/random/philox.hpp"
#include "numerics/scalar/rational.hpp"

namespace flowproof::random {

/// Draws i with probability law[i] exactly, whatever the denominators, given fair bits.
///
/// Method  Alias table built in rationals: column c is chosen uniformly, then kept with probability
///         p_c, else replaced by its alias. The choice compares a 32-bit word with the first 32
///         binary digits of p_c and, on a tie (probability below 2^-32), the next word with the
///         next digits, so that nothing is ever rounded. One draw takes two words almost always.
/// Source  A. J. Walker (1977); construction of M. D. Vose, IEEE Trans. Softw. Eng. 17 (1991).
class discrete {
public:
    /// @param law  at least one and at most 2^31 probabilities: each >= 0, sum exactly 1.
    /// @throws std::invalid_argument otherwise, naming the entry or the sum.
    explicit discrete(std::span<const rational> law);

    std::size_t operator()(stream& bits) const;

    std::size_t size() const noexcept { return columns_.size(); }
    /// The law that the finished table draws from, read back from its digits.
    std::vector<rational> law() const;

private:
    struct column {
        std::uint64_t digits = 0;   // floor(2^32 p)
        std::uint32_t alias = 0;    // used when the column is not kept
        rational rest = rational{}; // 2^32 p - digits, in [0, 1)
    };
    static bool kept_on_tie(rational rest, stream& bits);

    std::vector<column> columns_;
};

} // namespace flowproof::random
