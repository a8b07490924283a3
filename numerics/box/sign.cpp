#include "numerics/box/sign.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <stdexcept>
#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include "numerics/box/bounded_function.hpp"

namespace flowproof {

namespace {

using fast = interval<double>;
using exact = rational_interval;
using place = bounded_function<fast>::place;
using places = bounded_function<fast>::places;

/// One expression and what is asked of it, in both arithmetics.
struct expression {
    expression(const tape& t, std::size_t output, relation asked, const halved_box& box)
        : expression(one_output(t, output), asked, box) {}
    expression(const tape& t, relation asked, const halved_box& box)
        : is(asked), doubles(t), rationals(t) {
        for (const std::string& variable : t.variables())
            sides.push_back(box.index_of(variable));
    }
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

struct cell {
    std::vector<side_part> sides;
    bool inside; ///< all conditions certainly hold on it
    std::size_t node;
};

struct witness {
    std::size_t output;
    std::vector<variable_range> point;
    std::string value;
};

/// What became of a cell: a leaf, or the side to halve.
struct step {
    enum class kind : std::uint8_t { outside, direct, centred, monotone, halve, stuck };
    kind is = kind::stuck;
    std::size_t side = 0;
    bool inside = false;
    bool undefined = false;
    std::size_t output = 0; ///< first undecided one
    fast enclosure;
    std::optional<witness> fails;
};

std::string printed(const exact& x) {
    if (x.is_empty()) return "undefined";
    if (x.lower() == x.upper() && x.lower().str().size() < 60) return x.lower().str();
    const fast outer = fast::hull(x.lower(), x.upper());
    return outer.str();
}

goal goal_of(relation r) { return r == relation::positive ? goal::positive : goal::nonnegative; }

class search {
public:
    search(const sign_statement& what, const sign_options& options)
        : options_(options), box_("decide_signs", what.box) {
        for (std::size_t k = 0; k < what.signs.size(); ++k)
            outputs_.emplace_back(what.value, k, what.signs[k], box_);
        for (std::size_t k = 0; k < what.relations.size(); ++k)
            conditions_.emplace_back(what.domain, k, what.relations[k], box_);
    }

    sign_answer run() {
        sign_answer answer;
        std::vector<cell> level{{box_.whole(), conditions_.empty(), 0}};
        nodes_.push_back({});
        std::size_t looked_at = 0;
        for (int depth = 0; !level.empty(); ++depth) {
            if (stopped() || looked_at + level.size() > options_.parts)
                return open(std::move(answer), level.front());
            looked_at += level.size();
            answer.depth = depth;
            const std::vector<step> steps = look_at(level, depth == 0);
            for (const step& s : steps)
                if (s.fails) {
                    answer.is = sign_answer::kind::fails;
                    answer.output = s.fails->output;
                    answer.point = s.fails->point;
                    answer.value = s.fails->value;
                    return answer;
                }
            std::vector<cell> next;
            for (std::size_t i = 0; i < level.size(); ++i) {
                const step& s = steps[i];
                nodes_[level[i].node].is = s.is;
                if (s.is == step::kind::stuck) return open(std::move(answer), level[i]);
                if (s.is != step::kind::halve) {
                    ++answer.leaves;
                    answer.outside += s.is == step::kind::outside ? 1 : 0;
                    continue;
                }
                nodes_[level[i].node].side = static_cast<std::uint32_t>(s.side);
                nodes_[level[i].node].first = nodes_.size();
                for (int which = 0; which < 2; ++which) {
                    cell child{level[i].sides, s.inside, nodes_.size()};
                    child.sides[s.side] = box_.half(s.side, level[i].sides[s.side], which);
                    nodes_.push_back({});
                    next.push_back(std::move(child));
                }
            }
            level = std::move(next);
        }
        answer.is = sign_answer::kind::holds;
        answer.tree = tree();
        return answer;
    }

private:
    struct tree_node {
        step::kind is = step::kind::stuck;
        std::uint32_t side = 0;
        std::size_t first = 0;
    };
    struct scratch {
        std::vector<workspaces> outputs, conditions;
        std::vector<double> share;
    };

    bool stopped() const {
        return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
    }

    scratch make_scratch() const {
        scratch result;
        for (const expression& e : outputs_)
            result.outputs.emplace_back(e);
        for (const expression& e : conditions_)
            result.conditions.emplace_back(e);
        return result;
    }

    std::vector<step> look_at(const std::vector<cell>& level, bool whole) const {
        std::vector<step> steps(level.size());
        tbb::enumerable_thread_specific<scratch> local([this] { return make_scratch(); });
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, level.size(), 16),
                          [&](const tbb::blocked_range<std::size_t>& range) {
                              scratch& mine = local.local();
                              for (std::size_t i = range.begin(); i != range.end(); ++i)
                                  if (!stopped()) steps[i] = look_at(level[i], whole, mine);
                          });
        return steps;
    }

    /// The goal on the cell: doubles, then rationals where rounding is in the way.
    form show(goal asked, const expression& e, const cell& c, workspaces& w) const {
        w.fast_box.clear();
        for (const std::size_t j : e.sides) {
            const side_part& s = c.sides[j];
            w.fast_box.push_back({s.range(), s.lower(), s.upper(), is_fixed(j)});
        }
        const form by = e.doubles.show(asked, w.fast_box, w.doubles);
        if (by != form::none || !w.doubles.defined || !w.doubles.rounding) return by;
        w.exact_box.clear();
        for (const std::size_t j : e.sides) {
            const rational lower = box_.lower(j, c.sides[j]), upper = box_.upper(j, c.sides[j]);
            w.exact_box.push_back({{lower, upper}, lower, upper, is_fixed(j)});
        }
        return e.rationals.show(asked, w.exact_box, w.rationals);
    }
    bool is_fixed(std::size_t j) const { return box_.sides()[j].lower == box_.sides()[j].upper; }

    /// Adds, for each side, its part of what the last show() left open; where all sides were
    /// replaced by an end, or nothing can be said, sides count by their size. Conditions weigh more
    /// than outputs: a part that lies outside them need not be looked at again.
    void add_shares(const expression& e, const cell& c, const workspaces& w, double weight,
                    std::vector<double>& share) const {
        std::vector<double> own(e.sides.size(), 0.0);
        double sum = 0;
        for (std::size_t i = 0; i < own.size() && w.doubles.defined; ++i) {
            // Slopes of sides that were replaced by an end are known there only.
            if (w.doubles.held[i] || !box_.splits(e.sides[i], c.sides[e.sides[i]])) continue;
            const fast& slope = e.doubles.derivative(i, w.doubles);
            own[i] = slope.is_empty() ? std::numeric_limits<double>::infinity()
                                      : slope.magnitude() * w.fast_box[i].range.width();
            sum += own[i];
        }
        if (!(sum > 0) || !std::isfinite(sum)) {
            sum = 0;
            for (std::size_t i = 0; i < own.size(); ++i) {
                const side_part& s = c.sides[e.sides[i]];
                own[i] = box_.splits(e.sides[i], s) ? std::ldexp(1.0, -s.halvings) : 0.0;
                sum += own[i];
            }
        }
        for (std::size_t i = 0; i < own.size() && sum > 0; ++i)
            share[e.sides[i]] += weight * own[i] / sum;
    }

    step look_at(const cell& c, bool whole, scratch& mine) const {
        step result;
        result.inside = true;
        mine.share.assign(box_.sides().size(), 0.0);
        for (std::size_t k = 0; k < conditions_.size() && !c.inside; ++k) {
            const expression& e = conditions_[k];
            workspaces& w = mine.conditions[k];
            const bool strict = e.is == relation::positive;
            if (e.is == relation::nonzero) {
                if (show(goal::positive, e, c, w) != form::none ||
                    show(goal::negative, e, c, w) != form::none)
                    continue;
            } else {
                if (show(goal_of(e.is), e, c, w) != form::none) continue;
                if (show(strict ? goal::nonpositive : goal::negative, e, c, w) != form::none) {
                    result.is = step::kind::outside;
                    return result;
                }
            }
            result.inside = false;
            add_shares(e, c, w, 2, mine.share);
        }

        form weakest = form::direct;
        bool all = true;
        for (std::size_t k = 0; k < outputs_.size(); ++k) {
            const expression& e = outputs_[k];
            workspaces& w = mine.outputs[k];
            form by = form::none;
            std::optional<places> rises;
            if (e.is == relation::nonzero) {
                by = show(goal::negative, e, c, w);
                if (by == form::none)
                    for (const auto& sample : w.doubles.samples)
                        if (sample.value.lower() > 0) rises = sample.at;
                if (by == form::none) by = show(goal::positive, e, c, w);
            } else {
                by = show(goal_of(e.is), e, c, w);
            }
            if (by != form::none) {
                weakest = std::max(weakest, by);
                continue;
            }
            if (all) {
                result.output = k;
                result.undefined = !w.doubles.defined;
                result.enclosure = w.doubles.enclosure;
            }
            all = false;
            add_shares(e, c, w, 1, mine.share);
            if (!result.fails) result.fails = refuted(k, c, w, rises, result.inside, whole, mine);
        }
        if (all) {
            result.is = static_cast<step::kind>(weakest);
            return result;
        }
        const auto most = std::max_element(mine.share.begin(), mine.share.end());
        if (*most > 0) {
            result.is = step::kind::halve;
            result.side = static_cast<std::size_t>(most - mine.share.begin());
        }
        return result;
    }

    std::vector<rational> point_of(const cell& c, const expression& e, const places& at) const {
        std::vector<rational> result;
        for (std::size_t j = 0; j < c.sides.size(); ++j) {
            const auto i = static_cast<std::size_t>(std::find(e.sides.begin(), e.sides.end(), j) -
                                                    e.sides.begin());
            const place p = i < at.size() ? at[i] : place::centre;
            result.push_back(p == place::lower   ? box_.lower(j, c.sides[j])
                             : p == place::upper ? box_.upper(j, c.sides[j])
                                                 : box_.middle(j, c.sides[j]));
        }
        return result;
    }

    static exact value_at(const expression& e, const std::vector<rational>& point, workspaces& w) {
        std::vector<exact> at;
        for (const std::size_t j : e.sides)
            at.emplace_back(point[j]);
        return e.rationals.direct(at, w.rationals);
    }

    bool in_domain(const std::vector<rational>& point, scratch& mine) const {
        for (std::size_t k = 0; k < conditions_.size(); ++k) {
            const exact x = value_at(conditions_[k], point, mine.conditions[k]);
            const relation is = conditions_[k].is;
            if (x.is_empty()) return false;
            if (is == relation::nonzero ? x.contains_zero()
                                        : !bounded_function<exact>::meets(goal_of(is), x))
                return false;
        }
        return true;
    }

    /// A point of the domain where output k certainly has not its sign, among those of the cell
    /// where doubles cannot exclude it; of the whole box also the corners.
    std::optional<witness> refuted(std::size_t k, const cell& c, workspaces& w,
                                   const std::optional<places>& rises, bool inside, bool whole,
                                   scratch& mine) const {
        const expression& e = outputs_[k];
        std::vector<places> candidates;
        std::optional<places> falls;
        for (const auto& [at_places, value] : w.doubles.samples) {
            if (value.upper() < 0) falls = at_places;
            const bool doubtful = e.is == relation::positive      ? value.lower() <= 0
                                  : e.is == relation::nonnegative ? value.lower() < 0
                                                                  : value.contains(0.0);
            if (doubtful) candidates.push_back(at_places);
        }
        if (whole && e.sides.size() <= 8)
            for (unsigned corner = 0; corner < 1u << e.sides.size(); ++corner) {
                places at;
                for (std::size_t i = 0; i < e.sides.size(); ++i)
                    at.push_back((corner >> i) & 1u ? place::upper : place::lower);
                candidates.push_back(std::move(at));
            }
        const auto at = [&](const std::vector<rational>& point) {
            std::vector<variable_range> result;
            for (std::size_t j = 0; j < point.size(); ++j)
                result.push_back({box_.sides()[j].variable, point[j], point[j]});
            return result;
        };
        for (const places& p : candidates) {
            const std::vector<rational> point = point_of(c, e, p);
            const exact x = value_at(e, point, w);
            if (x.is_empty()) continue;
            const bool wrong = e.is == relation::positive      ? x.upper() <= 0
                               : e.is == relation::nonnegative ? x.upper() < 0
                                                               : x.lower() == 0 && x.upper() == 0;
            if (wrong && in_domain(point, mine)) return witness{k, at(point), printed(x)};
        }
        // A continuous function that changes its sign between two points of a cell has a zero.
        if (e.is != relation::nonzero || !inside || !w.doubles.defined || !rises || !falls)
            return {};
        const exact low = value_at(e, point_of(c, e, *falls), w),
                    high = value_at(e, point_of(c, e, *rises), w);
        if (low.is_empty() || high.is_empty() || low.upper() >= 0 || high.lower() <= 0) return {};
        return witness{k, box_.exactly(c.sides),
                       "both signs, from " + printed(low) + " to " + printed(high)};
    }

    sign_answer open(sign_answer answer, const cell& c) const {
        scratch mine = make_scratch();
        const step s = look_at(c, false, mine);
        answer.is = sign_answer::kind::open;
        answer.output = s.output;
        answer.undefined = s.undefined;
        answer.value = s.enclosure.str();
        answer.part = box_.exactly(c.sides);
        return answer;
    }

    std::string tree() const {
        std::string text;
        std::vector<std::size_t> rest{0};
        while (!rest.empty()) {
            const tree_node& n = nodes_[rest.back()];
            rest.pop_back();
            if (!text.empty()) text += ' ';
            if (n.is == step::kind::halve) {
                text.append("s").append(std::to_string(n.side));
                rest.push_back(n.first + 1);
                rest.push_back(n.first);
            } else {
                text += "oncm"[static_cast<std::size_t>(n.is)];
            }
        }
        return text;
    }

    sign_options options_;
    halved_box box_;
    std::deque<expression> outputs_, conditions_;
    std::vector<tree_node> nodes_;
};

void check(const sign_statement& what) {
    const auto refuse = [](const std::string& rule) {
        throw std::invalid_argument("decide_signs: " + rule);
    };
    if (what.signs.empty() || what.signs.size() != what.value.outputs().size())
        refuse("need one sign an output and one at least, got " +
               std::to_string(what.value.outputs().size()) + " outputs and " +
               std::to_string(what.signs.size()) + " signs");
    if (what.relations.size() != what.domain.outputs().size())
        refuse("need one relation a condition, got " +
               std::to_string(what.domain.outputs().size()) + " conditions and " +
               std::to_string(what.relations.size()) + " relations");
    for (const tape* t : {&what.value, &what.domain})
        for (const std::string& v : t->variables())
            if (std::none_of(what.box.begin(), what.box.end(),
                             [&](const variable_range& s) { return s.variable == v; }))
                refuse("variable " + v + " has no side in the box");
}

} // namespace

sign_answer decide_signs(const sign_statement& what, const sign_options& options) {
    check(what);
    return search(what, options).run();
}

} // namespace flowproof
