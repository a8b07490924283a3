#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "numerics/random/discrete.hpp"

namespace flowproof::train {

/// The words of a stream, byte by byte, the low byte of a word first.
class byte_stream {
public:
    explicit byte_stream(const random::stream& words) : words_(words) {}

    unsigned next() {
        if (left_ == 0) {
            word_ = words_.next();
            left_ = 4;
        }
        const unsigned byte = word_ & 0xFFU;
        word_ >>= 8;
        --left_;
        return byte;
    }
    /// Whole words, in turn with the bytes.
    random::stream& words() { return words_; }

private:
    random::stream words_;
    std::uint32_t word_ = 0;
    unsigned left_ = 0;
};

/// Draws i with probability law[i] exactly, from one random byte almost always.
///
/// Method  Inversion: byte u stands for the interval [u, u + 1) / 256. If the distribution function
///         has no jump inside, the byte decides; else the outcome is drawn from the conditional law
///         of that interval by random::discrete. At most law.size() - 1 of the 256 bytes need that,
///         none where 256 law[i] are integers.
class byte_law {
public:
    static constexpr std::size_t most_outcomes = 32768;

    /// @param law  1 to 32768 probabilities: each >= 0, sum exactly 1.
    /// @throws std::invalid_argument otherwise, naming the entry or the sum.
    explicit byte_law(std::span<const rational> law);

    std::size_t operator()(byte_stream& bits) const { return outcome(bits.next(), bits.words()); }

    /// out[0], ..., out[n - 1] as n calls would draw them, if the stream stands between two words.
    /// @param out  an unsigned type that holds every outcome.
    template <class Unsigned> void fill(byte_stream& bits, Unsigned* out, std::size_t n) const {
        std::size_t i = 0;
        for (; i + 4 <= n; i += 4) {
            const std::uint32_t word = bits.words().next();
            for (unsigned j = 0; j < 4; ++j)
                out[i + j] = static_cast<Unsigned>(outcome(word >> (8 * j) & 0xFFU, bits.words()));
        }
        for (; i < n; ++i)
            out[i] = static_cast<Unsigned>((*this)(bits));
    }

    std::size_t size() const noexcept { return size_; }
    /// The law that the finished tables draw from.
    std::vector<rational> law() const;

private:
    struct split {
        std::size_t first; ///< the outcomes of the interval start here
        random::discrete law;
    };
    std::size_t outcome(unsigned byte, random::stream& words) const {
        const std::int16_t entry = table_[byte];
        if (entry >= 0) return static_cast<std::size_t>(entry);
        const split& s = splits_[static_cast<std::size_t>(-1 - entry)];
        return s.first + s.law(words);
    }

    std::array<std::int16_t, 256> table_{}; // the outcome, or -1 - index of the split
    std::vector<split> splits_;
    std::size_t size_;
};

} // namespace flowproof::train
