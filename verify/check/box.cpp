#include "verify/check/box.hpp"

#include <algorithm>

namespace flowproof::check {

box box::centre() const {
    box result = *this;
    for (std::size_t i = 0; i < size(); ++i)
        result.lower[i] = result.upper[i] = middle(i);
    return result;
}

void add_side(box& b, document& text, const line& from) {
    if (from.words.size() != 4) unreadable(from.number, "expected a name and two numbers");
    const std::string name(from.words[1]);
    if (std::find(b.names.begin(), b.names.end(), name) != b.names.end())
        unreadable(from.number, "a second side of " + name);
    b.names.push_back(name);
    b.lower.push_back(text.number(from, 2));
    b.upper.push_back(text.number(from, 3));
    if (b.lower.back() > b.upper.back())
        unreadable(from.number, "the lower end is above the upper");
}

std::int64_t precision_for(const document& text) {
    return static_cast<std::int64_t>(128 + std::min<std::size_t>(text.widest(), 1 << 20));
}

range side_of(const box& b, std::size_t i, std::int64_t bits) {
    return {ball(b.lower[i], bits), ball(b.upper[i], bits)};
}
range offset_of(const box& b, std::size_t i, std::int64_t bits) {
    const ball half((b.upper[i] - b.lower[i]) / rational(2), bits);
    return {-half, half};
}

enclosed_program::enclosed_program(const program& p, const box& domain, std::int64_t bits,
                                   meter& work)
    : program_(&p), at_(places(p, domain.names)), bits_(bits), work_(&work) {}

std::vector<range> enclosed_program::direct(const box& b) const {
    work_->spend(program_->weight * cost(static_cast<std::uint64_t>(bits_)));
    std::vector<range> in, out;
    for (const std::size_t i : at_)
        in.push_back(side_of(b, i, bits_));
    const std::vector<range> all = run(*program_, in, in_ranges{bits_});
    for (const std::size_t o : program_->outputs)
        out.push_back(all[o]);
    return out;
}

std::vector<jet> enclosed_program::jets(const box& b) const {
    work_->spend(program_->weight * (1 + b.size()) * cost(static_cast<std::uint64_t>(bits_)));
    const range zero(ball(rational(0), bits_)), one(ball(rational(1), bits_));
    std::vector<jet> in, out;
    for (const std::size_t i : at_) {
        in.push_back({side_of(b, i, bits_), std::vector<range>(b.size(), zero)});
        in.back().slope[i] = one;
    }
    const std::vector<jet> all = run(*program_, in, in_jets{bits_});
    for (const std::size_t o : program_->outputs) {
        out.push_back(all[o]);
        out.back().slope.resize(b.size(), zero); // of constants
    }
    return out;
}

std::vector<range> enclosed_program::centred(const box& b, const std::vector<jet>& over) const {
    std::vector<range> result = direct(b.centre());
    for (std::size_t o = 0; o < result.size(); ++o)
        for (std::size_t i = 0; i < b.size(); ++i)
            result[o] = result[o] + over[o].slope[i] * offset_of(b, i, bits_);
    return result;
}

} // namespace flowproof::check
