#include "numerics/box/sign_judge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace flowproof {

namespace {

using fast = interval<double>;
using exact = rational_interval;
using place = bounded_function<fast>::place;

std::string printed(const exact& x) {
    if (x.is_empty()) return "undefined";
    if (x.lower() == x.upper() && x.lower().str().size() < 60) return x.lower().str();
    const fast outer = fast::hull(x.lower(), x.upper());
    return outer.str();
}

goal goal_of(relation r) { return r == relation::positive ? goal::positive : goal::nonnegative; }

} // namespace

sign_judge::expression::expression(const tape& t, relation asked, const halved_box& box)
    : is(asked), doubles(t), rationals(t) {
    for (const std::string& variable : t.variables())
        sides.push_back(box.index_of(variable));
}

sign_judge::sign_judge(const sign_statement& what) : box_("decide_signs", what.box) {
    for (std::size_t k = 0; k < what.signs.size(); ++k)
        outputs_.emplace_back(one_output(what.value, k), what.signs[k], box_);
    for (std::size_t k = 0; k < what.relations.size(); ++k)
        conditions_.emplace_back(one_output(what.domain, k), what.relations[k], box_);
}

sign_judge::scratch sign_judge::make_scratch() const {
    scratch result;
    for (const expression& e : outputs_)
        result.outputs.emplace_back(e);
    for (const expression& e : conditions_)
        result.conditions.emplace_back(e);
    return result;
}

/// The goal on the part: doubles, then rationals where rounding is in the way.
form sign_judge::show(goal asked, const expression& e, const sign_part& c, workspaces& w) const {
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

/// Adds, for each side, its part of what the last show() left open; where all sides were
/// replaced by an end, or nothing can be said, sides count by their size. Conditions weigh more
/// than outputs: a part that lies outside them need not be looked at again.
void sign_judge::add_shares(const expression& e, const sign_part& c, const workspaces& w,
                            double weight, std::vector<double>& share) const {
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

sign_step sign_judge::look_at(const sign_part& c, bool corners, scratch& mine) const {
    sign_step result;
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
                result.is = sign_step::kind::outside;
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
        if (!result.fails) result.fails = refuted(k, c, w, rises, result.inside, corners, mine);
    }
    if (all) {
        result.is = static_cast<sign_step::kind>(weakest);
        return result;
    }
    const auto most = std::max_element(mine.share.begin(), mine.share.end());
    if (*most > 0) {
        result.is = sign_step::kind::halve;
        result.side = static_cast<std::size_t>(most - mine.share.begin());
    }
    return result;
}

std::vector<rational> sign_judge::point_of(const sign_part& c, const expression& e,
                                           const places& at) const {
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

exact sign_judge::value_at(const expression& e, const std::vector<rational>& point, workspaces& w) {
    std::vector<exact> at;
    for (const std::size_t j : e.sides)
        at.emplace_back(point[j]);
    return e.rationals.direct(at, w.rationals);
}

bool sign_judge::in_domain(const std::vector<rational>& point, scratch& mine) const {
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

/// A point of the domain where output k certainly has not its sign, among those of the part
/// where doubles cannot exclude it, and its corners if asked.
std::optional<sign_witness> sign_judge::refuted(std::size_t k, const sign_part& c, workspaces& w,
                                                const std::optional<places>& rises, bool inside,
                                                bool corners, scratch& mine) const {
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
    if (corners && e.sides.size() <= 8)
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
        if (wrong && in_domain(point, mine)) return sign_witness{k, at(point), printed(x)};
    }
    // A continuous function that changes its sign between two points of a part has a zero.
    if (e.is != relation::nonzero || !inside || !w.doubles.defined || !rises || !falls) return {};
    const exact low = value_at(e, point_of(c, e, *falls), w),
                high = value_at(e, point_of(c, e, *rises), w);
    if (low.is_empty() || high.is_empty() || low.upper() >= 0 || high.lower() <= 0) return {};
    return sign_witness{k, box_.exactly(c.sides),
                        "both signs, from " + printed(low) + " to " + printed(high)};
}

} // namespace flowproof
