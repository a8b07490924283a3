#include "numerics/box/minimum.hpp"

#include <algorithm>
#include <limits>
#include <queue>
#include <stdexcept>
#include <string>

#include "numerics/box/enclosed_tape.hpp"
#include "numerics/box/krawczyk.hpp"
#include "numerics/scalar/expr.hpp"

namespace flowproof {

namespace {

using fast = interval<double>;
using fast_box = std::vector<fast>;

constexpr double infinity = std::numeric_limits<double>::infinity();

void check(const char* who, const tape& f, std::span<const fast> box) {
    if (f.outputs().size() != 1 || f.variables().size() != box.size() || box.empty())
        throw std::invalid_argument(std::string(who) +
                                    ": need one output and a side for each variable, got " +
                                    std::to_string(f.outputs().size()) + " outputs, " +
                                    std::to_string(f.variables().size()) + " variables and " +
                                    std::to_string(box.size()) + " sides");
    for (std::size_t j = 0; j < box.size(); ++j)
        if (!box[j].is_bounded())
            throw std::invalid_argument(std::string(who) + ": the side of " + f.variables()[j] +
                                        " must be bounded and not empty, got " + box[j].str());
}

struct part {
    fast_box box;
    double lower;       ///< bound of f
    std::size_t number; ///< of its making; decides between equal bounds
};
struct later {
    bool operator()(const part& x, const part& y) const {
        return x.lower > y.lower || (x.lower == y.lower && x.number > y.number);
    }
};

class search {
public:
    search(const tape& f, std::span<const fast> box, const minimum_options& options)
        : options_(options), n_(box.size()), whole_(box.begin(), box.end()), value_(f),
          jet_(with_derivatives(f)), hessian_(with_derivatives(gradient(f))),
          value_work_(value_.workspace()), jet_work_(jet_.workspace()),
          hessian_work_(hessian_.workspace()) {}

    minimum_answer run() {
        take({whole_, -infinity, 0});
        while (!rest_.empty()) {
            if (answer_.parts >= options_.parts ||
                (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)))
                break;
            const part p = rest_.top();
            rest_.pop();
            if (p.lower > answer_.value.upper()) continue;
            const std::size_t j = side_to_halve(p.box);
            if (j == n_) {
                done_.push_back(p);
                continue;
            }
            const double middle = p.box[j].midpoint();
            for (const fast& half :
                 {fast(p.box[j].lower(), middle), fast(middle, p.box[j].upper())}) {
                part child{p.box, p.lower, ++made_};
                child.box[j] = half;
                take(std::move(child));
            }
        }
        answer_.complete = rest_.empty();
        for (; !rest_.empty(); rest_.pop())
            done_.push_back(rest_.top());
        double lower = infinity;
        for (const part& p : done_) {
            if (p.lower > answer_.value.upper()) continue;
            lower = std::min(lower, p.lower);
            answer_.minimisers.push_back(p.box);
        }
        answer_.value = {std::min(lower, answer_.value.upper()), answer_.value.upper()};
        answer_.unique = has_one_minimiser();
        return std::move(answer_);
    }

private:
    /// Is f strictly convex on the hull of the boxes that are left, in the sides that it has?
    bool has_one_minimiser() {
        if (answer_.minimisers.empty()) return false;
        fast_box hull = answer_.minimisers.front(), H;
        for (const fast_box& box : answer_.minimisers)
            for (std::size_t j = 0; j < n_; ++j)
                hull[j] = convex_hull(hull[j], box[j]);
        if (at(hull).is_empty()) return false;
        hessian_.evaluate(hull, hessian_work_);
        std::vector<std::size_t> free;
        for (std::size_t j = 0; j < n_; ++j)
            if (!hull[j].is_point()) free.push_back(j);
        for (const std::size_t i : free)
            for (const std::size_t j : free)
                H.push_back(hessian_.output(hessian_work_, n_ + i * n_ + j));
        return certainly_positive_definite(H, free.size());
    }

    fast at(std::span<const fast> x) {
        value_.evaluate(x, value_work_);
        return value_.output(value_work_, 0);
    }

    /// f at the centre may be the smallest value met.
    fast try_centre(const fast_box& box, fast_box& centre) {
        centre.clear();
        for (const fast& side : box)
            centre.emplace_back(side.midpoint());
        const fast value = at(centre);
        if (!value.is_empty() && value.upper() < answer_.value.upper()) {
            answer_.value = {-infinity, value.upper()};
            answer_.best.clear();
            for (const fast& x : centre)
                answer_.best.push_back(x.lower());
        }
        return value;
    }

    /// n if every side is narrow. Else the one along which f may vary most.
    std::size_t side_to_halve(const fast_box& box) {
        jet_.evaluate(box, jet_work_);
        std::size_t best = n_;
        double most = -1;
        for (std::size_t j = 0; j < n_; ++j) {
            const double middle = box[j].midpoint();
            if (box[j].width() <= options_.width || middle == box[j].lower() ||
                middle == box[j].upper())
                continue;
            const fast& slope = jet_.output(jet_work_, 1 + j);
            const double smear = slope.is_empty() ? infinity : slope.magnitude() * box[j].width();
            if (smear > most) {
                most = smear;
                best = j;
            }
        }
        return best;
    }

    /// Drops the part, or shrinks it and keeps it with its bound.
    void take(part p) {
        ++answer_.parts;
        fast_box centre;
        for (int round = 0; round < 20; ++round) {
            const fast direct = at(p.box);
            if (direct.is_empty()) { // undefined somewhere: nothing is known
                try_centre(p.box, centre);
                p.lower = -infinity;
                break;
            }
            p.lower = std::max(p.lower, direct.lower());
            if (p.lower > answer_.value.upper()) return;
            jet_.evaluate(p.box, jet_work_);
            fast around = try_centre(p.box, centre);
            bool replaced = false;
            for (std::size_t j = 0; j < n_; ++j) {
                const fast& slope = jet_.output(jet_work_, 1 + j);
                around += slope * (p.box[j] - centre[j]);
                if (slope.is_empty() || p.box[j].is_point()) continue;
                const bool rises = slope.lower() > 0, falls = slope.upper() < 0;
                if (!rises && !falls) continue;
                const double end = rises ? p.box[j].lower() : p.box[j].upper();
                if (end != (rises ? whole_[j].lower() : whole_[j].upper())) return;
                p.box[j] = fast(end);
                replaced = true;
            }
            if (!around.is_empty()) p.lower = std::max(p.lower, around.lower());
            if (p.lower > answer_.value.upper()) return;
            if (replaced) continue;
            if (!contract(p, centre)) return;
            break;
        }
        rest_.push(std::move(p));
    }

    /// Where f is strictly convex in the sides that are left and the part does not reach the ends
    /// of the box there: contracts it about the stationary point. False: there is none.
    bool contract(part& p, fast_box& centre) {
        std::vector<std::size_t> free;
        for (std::size_t j = 0; j < n_; ++j) {
            if (p.box[j].is_point()) continue;
            free.push_back(j);
            if (p.box[j].lower() == whole_[j].lower() || p.box[j].upper() == whole_[j].upper())
                return true;
        }
        const std::size_t m = free.size();
        for (int round = 0; m > 0 && round < 10; ++round) {
            hessian_.evaluate(p.box, hessian_work_);
            fast_box H;
            std::vector<double> middle;
            for (const std::size_t i : free)
                for (const std::size_t j : free) {
                    H.push_back(hessian_.output(hessian_work_, n_ + i * n_ + j));
                    middle.push_back(H.back().midpoint());
                }
            if (!certainly_positive_definite(H, m)) return true;
            const auto C = approximate_inverse(std::move(middle), m);
            if (!C) return true;
            try_centre(p.box, centre);
            jet_.evaluate(centre, jet_work_);
            fast below = jet_.output(jet_work_, 0);
            fast_box slope, X, K;
            std::vector<double> c;
            for (const std::size_t j : free) {
                slope.push_back(jet_.output(jet_work_, 1 + j));
                X.push_back(p.box[j]);
                c.push_back(centre[j].lower());
                // A convex function lies above its tangents.
                below += slope.back() * (X.back() - fast(c.back()));
            }
            if (!below.is_empty()) p.lower = std::max(p.lower, below.lower());
            if (p.lower > answer_.value.upper()) return false;
            krawczyk(X, c, *C, slope, H, K);
            bool shrunk = false;
            for (std::size_t i = 0; i < m; ++i) {
                if (K[i].is_empty()) return true;
                const fast left = intersection(K[i], X[i]);
                if (left.is_empty()) return false;
                shrunk = shrunk || left.width() < 0.9 * X[i].width();
                p.box[free[i]] = left;
            }
            if (!shrunk) return true;
        }
        return true;
    }

    minimum_options options_;
    std::size_t n_, made_ = 0;
    fast_box whole_;
    enclosed_tape<fast> value_, jet_, hessian_;
    fast_box value_work_, jet_work_, hessian_work_;
    std::priority_queue<part, std::vector<part>, later> rest_;
    std::vector<part> done_;
    minimum_answer answer_;
};

} // namespace

bool certainly_positive_definite(std::span<const fast> entries, std::size_t n) {
    fast_box a(entries.begin(), entries.end());
    for (std::size_t k = 0; k < n; ++k) {
        const fast& pivot = a[k * n + k];
        if (pivot.is_empty() || !(pivot.lower() > 0)) return false;
        for (std::size_t i = k + 1; i < n; ++i) {
            const fast factor = a[i * n + k] / pivot;
            for (std::size_t j = k + 1; j < i; ++j)
                a[i * n + j] -= factor * a[j * n + k];
            a[i * n + i] -= square(a[i * n + k]) / pivot;
        }
    }
    return true;
}

bool certainly_convex(const tape& f, std::span<const fast> box) {
    check("certainly_convex", f, box);
    const std::size_t n = box.size();
    const enclosed_tape<fast> value(f), hessian(with_derivatives(gradient(f)));
    fast_box value_work = value.workspace(), work = hessian.workspace(), H;
    value.evaluate(box, value_work);
    if (value.output(value_work, 0).is_empty()) return false;
    hessian.evaluate(box, work);
    for (std::size_t k = 0; k < n * n; ++k)
        H.push_back(hessian.output(work, n + k));
    return certainly_positive_definite(H, n);
}

minimum_answer minimise(const tape& f, std::span<const fast> box, const minimum_options& options) {
    check("minimise", f, box);
    return search(f, box, options).run();
}

} // namespace flowproof
