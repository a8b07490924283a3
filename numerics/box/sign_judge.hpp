#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "numerics/box/bounded_function.hpp"
#include "numerics/box/sign.hpp"

namespace flowproof {

struct sign_part {
    std::vector<side_part> sides;
    bool inside; ///< all conditions certainly hold on it
};

/// A point (or part) where an output certainly has not its sign.
struct sign_witness {
    std::size_t output;
    std::vector<variable_range> point;
    std::string value;
};

/// What became of a part: a leaf, or the side to halve.
struct sign_step {
    enum class kind : std::uint8_t { outside, direct, centred, monotone, halve, stuck };
    kind is = kind::stuck;
    std::size_t side = 0;
    bool inside = false;
    bool undefined = false;
    std::size_t output = 0; ///< first undecided one
    interval<double> enclosure;
    std::optional<sign_witness> fails;
};

/// Decides what can be said of one part of the box without halving it.
class sign_judge {
    using fast = interval<double>;
    using exact = rational_interval;
    using places = bounded_function<fast>::places;

    /// One expression and what is asked of it, in both arithmetics.
    struct expression {
        expression(const tape& t, relation asked, const halved_box& box);
        relation is;
        std::vector<std::size_t> sides; ///< of the box, one a variable
        bounded_function<fast> doubles;
        bounded_function<exact> rationals;
    };
    struct workspaces {
        explicit workspaces(const expression& e)
            : doubles(e.doubles.make_workspace()), rationals(e.rationals.make_workspace()) {}
        bounded_function<fast>::workspace doubles;
        bounded_function<exact>::workspace rationals;
        std::vector<box_side<fast>> fast_box;
        std::vector<box_side<exact>> exact_box;
    };

public:
    /// For one thread at a time.
    struct scratch {
        std::vector<workspaces> outputs, conditions;
        std::vector<double> share;
    };

    /// @param what  whose variables all have a side
    explicit sign_judge(const sign_statement& what);

    const halved_box& box() const { return box_; }
    sign_part whole() const { return {box_.whole(), conditions_.empty()}; }
    scratch make_scratch() const;
    /// @param corners  try those of the part as well where a sign may fail
    sign_step look_at(const sign_part& part, bool corners, scratch& mine) const;

private:
    form show(goal asked, const expression& e, const sign_part& c, workspaces& w) const;
    bool is_fixed(std::size_t j) const { return box_.sides()[j].lower == box_.sides()[j].upper; }
    void add_shares(const expression& e, const sign_part& c, const workspaces& w, double weight,
                    std::vector<double>& share) const;
    std::vector<rational> point_of(const sign_part& c, const expression& e, const places& at) const;
    static exact value_at(const expression& e, const std::vector<rational>& point, workspaces& w);
    bool in_domain(const std::vector<rational>& point, scratch& mine) const;
    std::optional<sign_witness> refuted(std::size_t k, const sign_part& c, workspaces& w,
                                        const std::optional<places>& rises, bool inside,
                                        bool corners, scratch& mine) const;

    halved_box box_;
    std::deque<expression> outputs_, conditions_;
};

} // namespace flowproof
