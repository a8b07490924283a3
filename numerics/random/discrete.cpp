#include "numerics/random/discrete.hpp"

#include <string>
#include <utility>

#include "numerics/random/uniform.hpp"

namespace flowproof::random {

namespace {

rational two_to_32() { return std::int64_t{1} << 32; }

void check_law(std::span<const rational> law) {
    if (law.empty() || law.size() > std::size_t{1} << 31)
        throw std::invalid_argument("random::discrete: need 1 to 2^31 probabilities, got " +
                                    std::to_string(law.size()));
    rational sum;
    for (std::size_t i = 0; i < law.size(); ++i) {
        if (law[i].sign() < 0)
            throw std::invalid_argument("random::discrete: probabilities must be >= 0, got " +
                                        law[i].str() + " at index " + std::to_string(i));
        sum += law[i];
    }
    if (sum != rational(1))
        throw std::invalid_argument("random::discrete: probabilities must sum to 1, got " +
                                    sum.str());
}

} // namespace

discrete::discrete(std::span<const rational> law) {
    check_law(law);
    const std::size_t n = law.size();
    columns_.resize(n);
    // Fill n columns of height 1 with the masses n law[i]; each holds at most two outcomes.
    std::vector<rational> mass(n);
    std::vector<std::size_t> small, large;
    for (std::size_t i = 0; i < n; ++i) {
        mass[i] = law[i] * rational(static_cast<std::int64_t>(n));
        (mass[i] < rational(1) ? small : large).push_back(i);
    }
    const auto close = [&](std::size_t i, const rational& kept, std::size_t alias) {
        const rational scaled = kept * two_to_32(), whole = scaled.floor();
        columns_[i].digits = static_cast<std::uint64_t>(whole.to_int64());
        columns_[i].alias = static_cast<std::uint32_t>(alias);
        columns_[i].rest = scaled - whole;
    };
    while (!small.empty()) { // exact sums: a small mass implies a large one
        const std::size_t i = small.back(), giver = large.back();
        small.pop_back();
        close(i, mass[i], giver);
        mass[giver] -= rational(1) - mass[i];
        if (mass[giver] < rational(1)) {
            large.pop_back();
            small.push_back(giver);
        }
    }
    for (const std::size_t i : large)
        close(i, rational(1), i);
}

std::size_t discrete::operator()(stream& bits) const {
    const auto index = static_cast<std::size_t>(uniform_below(bits, columns_.size()));
    const column& c = columns_[index];
    const std::uint64_t word = bits.next();
    const bool kept = word != c.digits ? word < c.digits : kept_on_tie(c.rest, bits);
    return kept ? index : c.alias;
}

bool discrete::kept_on_tie(rational rest, stream& bits) {
    for (;;) {
        const rational scaled = rest * two_to_32(), digits = scaled.floor();
        const rational word(static_cast<std::int64_t>(bits.next()));
        if (word != digits) return word < digits;
        rest = scaled - digits;
    }
}

std::vector<rational> discrete::law() const {
    std::vector<rational> result(columns_.size());
    const rational share(1, static_cast<std::int64_t>(columns_.size()));
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const column& c = columns_[i];
        const rational kept =
            (rational(static_cast<std::int64_t>(c.digits)) + c.rest) / two_to_32();
        result[i] += share * kept;
        result[c.alias] += share * (rational(1) - kept);
    }
    return result;
}

} // namespace flowproof::random
