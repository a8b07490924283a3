#include "verify/engine/support.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <stdexcept>

namespace flowproof {

fnv_hash& fnv_hash::add(std::uint64_t word) {
    for (int shift = 0; shift < 64; shift += 8)
        byte(static_cast<unsigned char>(word >> shift));
    return *this;
}

fnv_hash& fnv_hash::add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    for (const char c : text)
        byte(static_cast<unsigned char>(c));
    return *this;
}

std::string fnv_hash::str() const { return fmt::format("fnv1a64:{:016x}", state_); }

std::uint64_t derived_seed(std::uint64_t seed, std::string_view name) {
    std::uint64_t x = fnv_hash().add(seed).add(name).value();
    // FNV mixes high bits poorly; finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

void look(const engine_context& context) {
    if (context.stop != nullptr && context.stop->load(std::memory_order_relaxed))
        throw interrupted{};
}

std::uint64_t work_factor(profile p) {
    return p == profile::quick ? 1 : p == profile::full ? 10 : 100;
}

void add_payload(certificate& proof, std::string name, std::string text, std::string_view recipe) {
    constexpr std::size_t longest = 200'000;
    if (text.size() > longest && !text.starts_with("flowproof-certificate "))
        text = fmt::format("{} bytes, {}; {}", text.size(), fnv_hash().add(text).str(), recipe);
    proof.payload.emplace_back(std::move(name), std::move(text));
}

namespace {

/// Rounding to nearest moves by at most half a unit of the last digit, which is at most
/// |x| 10^(1 - digits) / 2; one such step outward and rounding again cannot come back inside.
rational step(const rational& x, int digits) {
    return abs(x) * power(rational(10), 1 - std::int64_t{digits});
}

} // namespace

std::string decimal_below(const rational& x, int digits) {
    const std::string nearest = x.decimal(digits);
    return rational::parse(nearest) <= x ? nearest : (x - step(x, digits)).decimal(digits);
}

std::string decimal_above(const rational& x, int digits) {
    const std::string nearest = x.decimal(digits);
    return rational::parse(nearest) >= x ? nearest : (x + step(x, digits)).decimal(digits);
}

std::string printed(const ball& x, int digits) {
    if (!x.is_finite()) return "not finite";
    return "[" + decimal_below(x.lower(), digits) + ", " + decimal_above(x.upper(), digits) + "]";
}

std::string printed(const bounds& b) {
    if (!b.upper) return b.lower ? ">= " + b.lower->str() : "any number";
    if (!b.lower) return "<= " + b.upper->str();
    if (!b.printed.empty() && b.printed.find('/') == std::string::npos) {
        const bounds rounded = within_last_digit(b.printed);
        if (rounded.lower == b.lower && rounded.upper == b.upper)
            return b.printed + " within one unit of its last digit";
    }
    return "[" + b.lower->str() + ", " + b.upper->str() + "]";
}

truth lies_within(const rational& lower, const rational& upper, const bounds& b) {
    if ((b.upper && lower > *b.upper) || (b.lower && upper < *b.lower)) return truth::no;
    const bool inside = (!b.lower || *b.lower <= lower) && (!b.upper || upper <= *b.upper);
    return inside ? truth::yes : truth::unknown;
}

std::pair<Eigen::Index, Eigen::Index> place_of(const table_row& row, Eigen::Index rows,
                                               Eigen::Index cols, const std::string& engine) {
    if (row.entry < 0 || row.entry >= rows * cols)
        throw std::invalid_argument(
            fmt::format("{}: row \"{}\" asks for entry {}, the value has {} x {} entries", engine,
                        row.name, row.entry, rows, cols));
    return {row.entry / cols, row.entry % cols};
}

void check_rows(const std::string& engine, const std::vector<table_row>& rows) {
    if (rows.empty())
        throw std::invalid_argument(engine + ": a claim without rows says nothing; list one");
    for (const table_row& row : rows)
        if (row.within.lower && row.within.upper && *row.within.upper < *row.within.lower)
            throw std::invalid_argument(engine + ": row \"" + row.name +
                                        "\" needs lower <= upper, got " + printed(row.within));
}

bindings bindings_of(const arguments& at) {
    bindings result;
    for (const auto& [name, value] : at.all())
        result.emplace_back(name, str(value));
    return result;
}

arguments restricted(const arguments& values, const std::vector<parameter>& parameters) {
    arguments result;
    for (const auto& [name, value] : values.all())
        if (std::any_of(parameters.begin(), parameters.end(),
                        [&name = name](const parameter& p) { return p.name == name; }))
            result.set(name, value);
    return result;
}

void check_shapes(const std::string& who, const std::vector<parameter>& parameters,
                  const arguments& at) {
    std::map<std::string, std::string> sizes;
    for (const auto& [name, value] : at.all())
        if (value.size() == 1) sizes[name] = value(0, 0).str();
    for (const parameter& p : parameters) {
        if (!at.has(p.name)) continue;
        const matrix<rational>& value = at.at(p.name);
        const auto refuse = [&](const std::string& rule) {
            throw std::invalid_argument(fmt::format("{}: {} must be {}, got a {} x {} matrix", who,
                                                    p.name, rule, value.rows(), value.cols()));
        };
        if (p.shape == "1" && value.size() != 1) refuse("a single number");
        const auto cross = p.shape.find(" x ");
        if (cross == std::string::npos) continue;
        const auto agree = [&](const std::string& token, Eigen::Index size) {
            const bool number = token.find_first_not_of("0123456789") == std::string::npos;
            const bool name = token.find_first_of("+-*/( ") == std::string::npos;
            if (token.empty() || (!number && !name)) return;
            const std::string actual = std::to_string(size);
            const std::string wanted =
                number ? token : sizes.try_emplace(token, actual).first->second;
            if (wanted != actual)
                refuse(p.shape + (number ? "" : " with " + token + " = " + wanted));
        };
        agree(p.shape.substr(0, cross), value.rows());
        agree(p.shape.substr(cross + 3), value.cols());
    }
}

} // namespace flowproof
