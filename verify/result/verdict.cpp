#include "verify/result/verdict.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <stdexcept>
#include <utility>

#include "numerics/scalar/rational.hpp"

namespace flowproof {
namespace {

outcome reached(coverage c) { return c == coverage::whole ? outcome::proved : outcome::certified; }

/// Evidence that compared nothing says nothing: an engine that hands it over has a bug.
void require_some(std::size_t count, const char* what) {
    if (count == 0)
        throw std::invalid_argument(
            fmt::format("verdict: need evidence of at least one {}, got 0", what));
}

std::string counted(std::size_t n, const char* one, const char* many) {
    return fmt::format("{} {}", n, n == 1 ? one : many);
}

/// A value of any length on one line of a terminal; the evidence keeps it in full.
std::string shortened(const std::string& text) {
    constexpr std::size_t most = 48;
    if (text.size() <= most) return text;
    std::size_t cut = most - 3;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
        --cut;
    return text.substr(0, cut) + "...";
}

/// The largest of the rows' errors, as it is printed.
std::string largest_error(const integrated& e) {
    const integrated::row* largest = nullptr;
    for (const integrated::row& r : e.rows)
        if (!r.error.empty() &&
            (largest == nullptr || rational::parse(largest->error) < rational::parse(r.error)))
            largest = &r;
    return largest == nullptr ? "unknown" : largest->error;
}

/// One line for each alternative of the evidence.
struct one_line {
    std::string operator()(const std::monostate&) const { return {}; }
    std::string operator()(const exact_identity& e) const {
        return fmt::format(
            "equal as polynomials ({}, {}, {})", counted(e.outputs, "entry", "entries"),
            counted(e.generators, "generator", "generators"), counted(e.terms, "term", "terms"));
    }
    std::string operator()(const exact_agreement& e) const {
        return fmt::format("equal as rationals at {} ({})",
                           counted(e.instances, "instance", "instances"),
                           counted(e.values, "entry", "entries"));
    }
    std::string operator()(const enclosed& e) const {
        return fmt::format("{} enclosed within bounds at {} bits",
                           counted(e.rows.size(), "value", "values"), e.bits);
    }
    std::string operator()(const counterexample& e) const {
        return fmt::format("false at {}: left {}, right {}", e.where, shortened(e.left),
                           shortened(e.right));
    }
    std::string operator()(const refinement& e) const {
        return fmt::format("{} against {}: difference {}, error {}, tolerance {}",
                           shortened(e.value), shortened(e.reference), shortened(e.difference),
                           shortened(e.error), e.tolerance);
    }
    std::string operator()(const integrated& e) const {
        if (e.rows.size() != 1)
            return fmt::format("{} values along flows within bounds, estimated errors up to {}",
                               e.rows.size(), largest_error(e));
        const integrated::row& r = e.rows.front();
        return fmt::format("{}: {} +/- {} (estimated) against {}", r.name, shortened(r.value),
                           r.error, shortened(r.target));
    }
    std::string operator()(const sampled& e) const {
        return fmt::format("mean {} in [{}, {}] against {} within {} ({}, level {})", e.mean,
                           e.lower, e.upper, e.expected, e.tolerance,
                           counted(e.draws, "draw", "draws"), e.level);
    }
    std::string operator()(const scaled& e) const {
        std::string points;
        for (const scaled::point& p : e.points)
            points += fmt::format("{}{}: {}", points.empty() ? "" : ", ", p.value, p.moment);
        return fmt::format(
            "exponent {} in [{}, {}] against [{}, {}], {} of {} by {} = {} ({} each, "
            "level {})",
            e.slope, e.lower, e.upper, e.band_lower, e.band_upper, e.moment, e.statistic,
            e.parameter, points, counted(e.draws, "draw", "draws"), e.level);
    }
    std::string operator()(const signs_certain& e) const {
        return fmt::format("{} of certain sign on {} ({} outside the conditions, depth {})",
                           counted(e.outputs, "expression", "expressions"),
                           counted(e.parts, "box", "boxes"), e.outside, e.depth);
    }
    std::string operator()(const zeros_isolated& e) const {
        return fmt::format("{} isolated, none elsewhere ({})",
                           counted(e.zeros.size(), "zero", "zeros"),
                           counted(e.parts, "box", "boxes"));
    }
    std::string operator()(const witnessed& e) const {
        return fmt::format("checked in rationals: {}", e.what);
    }
    std::string operator()(const composite& e) const {
        std::array<std::size_t, static_cast<std::size_t>(outcome::not_run) + 1> count{};
        for (const composite::part& p : e.parts)
            ++count[static_cast<std::size_t>(p.result)];
        std::string line = counted(e.parts.size(), "part", "parts");
        const char* separator = ": ";
        for (std::size_t i = 0; i < count.size(); ++i) {
            if (count[i] == 0) continue;
            line += fmt::format("{}{} {}", separator, count[i], name(static_cast<outcome>(i)));
            separator = ", ";
        }
        return line;
    }
};

} // namespace

verdict verdict::holds(exact_identity e) {
    require_some(e.outputs, "entry compared");
    const outcome result = reached(e.covers);
    return {result, std::move(e)};
}

verdict verdict::holds(enclosed e) {
    require_some(e.rows.size(), "value enclosed");
    const outcome result = reached(e.covers);
    return {result, std::move(e)};
}

verdict verdict::holds(signs_certain e) {
    require_some(std::min(e.outputs, e.parts - std::min(e.parts, e.outside)),
                 "expression on one box");
    const outcome result = reached(e.covers);
    return {result, e};
}

verdict verdict::holds(zeros_isolated e) {
    require_some(e.parts, "box");
    const outcome result = reached(e.covers);
    return {result, std::move(e)};
}

verdict verdict::holds(witnessed e) {
    require_some(e.count, "witness");
    const outcome result = reached(e.covers);
    return {result, std::move(e)};
}

verdict verdict::holds(exact_agreement e) {
    require_some(std::min(e.instances, e.values), "entry compared");
    return {outcome::certified, std::move(e)};
}

verdict verdict::holds(refinement e) { return {outcome::supported, std::move(e)}; }

verdict verdict::holds(integrated e) {
    require_some(e.rows.size(), "value computed");
    return {outcome::supported, std::move(e)};
}

verdict verdict::holds(sampled e) {
    require_some(e.draws, "draw");
    return {outcome::supported, std::move(e)};
}

verdict verdict::falls(counterexample e) { return {outcome::refuted, std::move(e)}; }

verdict verdict::falls(refinement e) { return {outcome::contradicted, std::move(e)}; }

verdict verdict::falls(integrated e) {
    require_some(e.rows.size(), "value computed");
    return {outcome::contradicted, std::move(e)};
}

verdict verdict::falls(sampled e) {
    require_some(e.draws, "draw");
    return {outcome::contradicted, std::move(e)};
}

verdict verdict::holds(scaled e) {
    require_some(std::min<std::size_t>(e.points.size(), e.draws), "draw");
    return {outcome::supported, std::move(e)};
}

verdict verdict::falls(scaled e) {
    require_some(std::min<std::size_t>(e.points.size(), e.draws), "draw");
    return {outcome::contradicted, std::move(e)};
}

verdict verdict::undecided(std::string reason, std::string cure, evidence partial) {
    return {outcome::undecided, std::move(partial), std::move(reason), std::move(cure)};
}

verdict verdict::broken(std::string what) {
    return {outcome::error, std::monostate{}, std::move(what)};
}

verdict verdict::composed(const std::vector<part>& parts) {
    require_some(parts.size(), "part");
    composite grounds;
    outcome weakest = outcome::proved;
    const part *refuted = nullptr, *contradicted = nullptr, *broke = nullptr, *open = nullptr;
    for (const part& p : parts) {
        if (p.result == nullptr)
            throw std::invalid_argument("verdict::composed: part " + p.name + " has no verdict");
        const outcome o = p.result->result();
        grounds.parts.push_back({p.name, o, p.necessary, p.result->summary()});
        weakest = std::max(weakest, o);
        if (flowproof::holds(o)) continue;
        const part*& first = o == outcome::error                         ? broke
                             : p.necessary && o == outcome::refuted      ? refuted
                             : p.necessary && o == outcome::contradicted ? contradicted
                                                                         : open;
        if (first == nullptr) first = &p;
    }
    if (refuted != nullptr) {
        evidence why = refuted->result->grounds(); // the counterexample, in full
        if (auto* point = std::get_if<counterexample>(&why))
            point->where = refuted->name + ": " + point->where;
        return {outcome::refuted, std::move(why)};
    }
    if (contradicted != nullptr) return {outcome::contradicted, contradicted->result->grounds()};
    if (broke != nullptr)
        return {outcome::error, std::move(grounds), broke->name + ": " + broke->result->reason()};
    if (open == nullptr) return {weakest, std::move(grounds)};
    const verdict& cause = *open->result;
    if (flowproof::falls(cause.result()))
        return undecided(fmt::format("{} is {}, but the claim does not need it", open->name,
                                     name(cause.result())),
                         "show the claim without " + open->name, std::move(grounds));
    return undecided(open->name + ": " + cause.reason(), cause.cure(), std::move(grounds));
}

std::string verdict::summary() const {
    if (result_ == outcome::error) return reason_;
    if (result_ == outcome::undecided)
        return cure_.empty() ? reason_ : fmt::format("{}; {}", reason_, cure_);
    return std::visit(one_line{}, grounds_);
}

} // namespace flowproof
