#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>

/// Random numbers whose bits are ours: a counter-based generator and transforms that use only
/// integer operations, + - * / sqrt and correctly rounded tables, so that a (seed, stream,
/// trajectory, step) gives the same numbers with every compiler, machine and number of threads.
namespace flowproof::random {

/// Philox4x32 with ten rounds: a bijection of 128-bit counters, indexed by a 64-bit key.
///
/// Source  J. Salmon, M. Moraes, R. Dror, D. Shaw, Parallel random numbers: as easy as 1, 2, 3,
///         SC 2011, doi:10.1145/2063384.2063405. Words in the order of the Random123 library.
constexpr std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                                     std::array<std::uint32_t, 2> key) noexcept {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t p = std::uint64_t{0xD2511F53} * counter[0];
        const std::uint64_t q = std::uint64_t{0xCD9E8D57} * counter[2];
        counter = {static_cast<std::uint32_t>(q >> 32) ^ counter[1] ^ key[0],
                   static_cast<std::uint32_t>(q),
                   static_cast<std::uint32_t>(p >> 32) ^ counter[3] ^ key[1],
                   static_cast<std::uint32_t>(p)};
        key[0] += 0x9E3779B9;
        key[1] += 0xBB67AE85;
    }
    return counter;
}

/// A sequence of random words that is a pure function of its four names.
///
/// Counter  (block, step, trajectory, stream), key = (low, high) half of the seed; fixed for ever.
/// A value: cheap to create anywhere, copies continue independently with the same words. Streams
/// whose names differ in any part share no counter block. Random access replaces splitting:
/// trajectory 7, step 1000 is available without computing what comes before it.
/// Length   2^32 blocks of four words; asking for more throws std::length_error.
class stream {
public:
    constexpr explicit stream(std::uint64_t seed, std::uint32_t stream_id = 0,
                              std::uint32_t trajectory = 0, std::uint32_t step = 0,
                              std::uint32_t first_block = 0) noexcept
        : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
          names_{step, trajectory, stream_id}, block_(first_block) {}

    /// 32 independent fair bits.
    constexpr std::uint32_t next() {
        if (used_ == 4) refill();
        return words_[used_++];
    }

    /// Two words, the first one low.
    constexpr std::uint64_t next64() {
        const std::uint64_t low = next();
        return low | std::uint64_t{next()} << 32;
    }

private:
    constexpr void refill() {
        if (block_ >> 32)
            throw std::length_error("random::stream: a stream has 2^32 blocks of four words, all "
                                    "used (take another step, trajectory or stream)");
        words_ = philox4x32_10(
            {static_cast<std::uint32_t>(block_), names_[0], names_[1], names_[2]}, key_);
        ++block_;
        used_ = 0;
    }

    std::array<std::uint32_t, 2> key_;
    std::array<std::uint32_t, 3> names_;
    std::array<std::uint32_t, 4> words_{};
    std::uint64_t block_;
    unsigned used_ = 4;
};

} // namespace flowproof::random
