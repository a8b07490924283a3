#include "numerics/poly/point_search.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/flint.hpp"

namespace flowproof {

namespace {

/// splitmix64: the same numbers with every compiler.
class small_numbers {
public:
    explicit small_numbers(std::uint64_t seed) : state_(seed) {}
    std::int64_t below(std::int64_t n) {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        z ^= z >> 31;
        return static_cast<std::int64_t>(z % static_cast<std::uint64_t>(n));
    }

private:
    std::uint64_t state_;
};

enum class flavour { proper_fractions, positive, any };

rational draw(small_numbers& random, flavour kind) {
    if (kind == flavour::proper_fractions) {
        const std::int64_t above = 1 + random.below(6);
        return {above, above + 1 + random.below(6)};
    }
    const std::int64_t below = random.below(2) == 0 ? 1 : 1 + random.below(7);
    if (kind == flavour::positive) return {1 + random.below(12), below};
    return {random.below(25) - 12, below};
}

rational draw(small_numbers& random, const variable_range& range) {
    return range.lower + (range.upper - range.lower) * rational(random.below(17), 16);
}

double bits_of(const rational& x) {
    return static_cast<double>(std::max(x.numerator().str().size(), x.denominator().str().size()) *
                               4);
}

/// Are the exact values at this point short of a million bits?
bool affordable(const tape& t, const std::vector<rational>& point) {
    constexpr double limit = 1e6;
    std::vector<double> bits;
    bits.reserve(t.nodes().size());
    for (const node& n : t.nodes()) {
        const auto a = [&] { return bits[static_cast<std::size_t>(n.a)]; };
        const auto b = [&] { return bits[static_cast<std::size_t>(n.b)]; };
        double size = 0;
        switch (n.op) {
        case opcode::constant:
            size = bits_of(t.constants()[static_cast<std::size_t>(n.a)]);
            break;
        case opcode::variable:
            size = bits_of(point[static_cast<std::size_t>(n.a)]);
            break;
        case opcode::neg:
            size = a();
            break;
        case opcode::power:
            size = a() * std::abs(static_cast<double>(n.b));
            break;
        default:
            size = a() + b() + 1;
        }
        if (size > limit) return false;
        bits.push_back(size);
    }
    return true;
}

/// The outputs, or nothing where some operation is not defined.
std::optional<std::vector<rational>> exact_values(const tape& t,
                                                  const std::vector<rational>& point) {
    try {
        return evaluate(t, point);
    } catch (const std::domain_error&) {
        return std::nullopt; // a division by 0: not a point to look at
    }
}

/// The outputs, or nothing unless every operation is defined for certain.
std::optional<std::vector<ball>> enclosures(const tape& t, const std::vector<rational>& point,
                                            std::int64_t bits) {
    std::vector<ball> inputs;
    for (const rational& x : point)
        inputs.emplace_back(x, bits);
    const std::vector<ball> value = evaluate_nodes<ball>(t, inputs, embed<ball>{bits});
    for (const ball& x : value)
        if (!x.is_finite()) return std::nullopt;
    std::vector<ball> result;
    for (const std::int32_t i : t.outputs())
        result.push_back(value[static_cast<std::size_t>(i)]);
    return result;
}

/// Has x a decimal form of reasonable length? Balls reach numbers like 2^(10^18).
bool printable(const ball& x) {
    constexpr slong limit = 20000;
    const auto* value = static_cast<const arb_struct*>(x.raw());
    const auto* mid = arb_midref(value);
    const auto* rad = arb_radref(value);
    return arf_cmpabs_2exp_si(mid, limit) < 0 &&
           (arf_is_zero(mid) != 0 || arf_cmpabs_2exp_si(mid, -limit) > 0) &&
           (mag_is_zero(rad) != 0 || mag_cmp_2exp_si(rad, -2 * limit) > 0);
}

template <class T>
bool all_hold(const std::optional<std::vector<T>>& values, std::span<const relation> relations,
              const T& zero) {
    if (!values) return false;
    for (std::size_t i = 0; i < relations.size(); ++i)
        if (!certainly(holds(relations[i], (*values)[i], zero))) return false;
    return true;
}

bool inside(const tape& conditions, std::span<const relation> relations,
            const std::vector<rational>& point, std::int64_t most_bits) {
    if (conditions.is_rational() && affordable(conditions, point))
        return all_hold(exact_values(conditions, point), relations, rational(0));
    for (std::int64_t bits = 64; bits <= most_bits; bits *= 2)
        if (all_hold(enclosures(conditions, point, bits), relations, ball(0))) return true;
    return false;
}

std::optional<difference_point> compare_at(const tape& left, const tape& right,
                                           const std::vector<rational>& point,
                                           std::int64_t most_bits) {
    difference_point found;
    if (left.is_rational() && right.is_rational() && affordable(left, point) &&
        affordable(right, point)) {
        const auto a = exact_values(left, point), b = exact_values(right, point);
        if (!a || !b) return std::nullopt;
        const auto [x, y] = std::mismatch(a->begin(), a->end(), b->begin());
        if (x == a->end()) return std::nullopt;
        found.output = static_cast<std::size_t>(x - a->begin());
        found.exact = true;
        found.left = x->str();
        found.right = y->str();
        return found;
    }
    constexpr int digits = 20;
    for (std::int64_t bits = 64; bits <= most_bits; bits *= 2) {
        const auto a = enclosures(left, point, bits), b = enclosures(right, point, bits);
        if (!a || !b) continue;
        for (std::size_t i = 0; i < a->size(); ++i) {
            if ((*a)[i].overlaps((*b)[i])) continue;
            if (!printable((*a)[i]) || !printable((*b)[i])) continue;
            found.output = i;
            found.left = (*a)[i].str(digits);
            found.right = (*b)[i].str(digits);
            return found;
        }
    }
    return std::nullopt;
}

void check(const tape& left, const tape& right, const tape& conditions,
           std::span<const relation> relations, const point_search_options& options) {
    if (left.variables() != right.variables() || left.variables() != conditions.variables())
        throw std::invalid_argument(
            "find_difference: both sides and the conditions need the same variables in the same "
            "order, got " +
            std::to_string(left.variables().size()) + ", " +
            std::to_string(right.variables().size()) + " and " +
            std::to_string(conditions.variables().size()) + " of them");
    if (left.outputs().size() != right.outputs().size())
        throw std::invalid_argument("find_difference: the sides have " +
                                    std::to_string(left.outputs().size()) + " and " +
                                    std::to_string(right.outputs().size()) + " outputs");
    if (conditions.outputs().size() != relations.size())
        throw std::invalid_argument(
            "find_difference: " + std::to_string(conditions.outputs().size()) +
            " conditions with " + std::to_string(relations.size()) + " relations");
    if (options.bits < 64)
        throw std::invalid_argument("find_difference: need bits >= 64, got " +
                                    std::to_string(options.bits));
    for (const variable_range& r : options.ranges)
        if (left.index_of(r.variable); r.upper < r.lower)
            throw std::invalid_argument("find_difference: the range of " + r.variable +
                                        " is empty: [" + r.lower.str() + ", " + r.upper.str() +
                                        "]");
}

} // namespace

std::optional<difference_point> find_difference(const tape& left, const tape& right,
                                                const tape& conditions,
                                                std::span<const relation> relations,
                                                const point_search_options& options) {
    check(left, right, conditions, relations, options);
    const auto& names = left.variables();
    std::vector<const variable_range*> range(names.size(), nullptr);
    for (const variable_range& r : options.ranges)
        range[left.index_of(r.variable)] = &r;
    small_numbers random(options.seed);
    std::vector<rational> point(names.size());
    for (std::size_t tried = 1; tried <= options.tries; ++tried) {
        if (options.stop != nullptr && options.stop->load(std::memory_order_relaxed)) break;
        const auto kind = static_cast<flavour>(tried % 3);
        for (std::size_t v = 0; v < names.size(); ++v)
            point[v] = range[v] != nullptr ? draw(random, *range[v]) : draw(random, kind);
        if (!inside(conditions, relations, point, options.bits)) continue;
        auto found = compare_at(left, right, point, options.bits);
        if (!found) continue;
        for (std::size_t v = 0; v < names.size(); ++v)
            found->point.emplace_back(names[v], point[v]);
        found->tries = tried;
        return found;
    }
    return std::nullopt;
}

} // namespace flowproof
