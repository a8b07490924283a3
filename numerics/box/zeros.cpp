#include "numerics/box/zeros.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include "numerics/box/krawczyk.hpp"
#include "numerics/box/zero_isolator.hpp"

namespace flowproof {

namespace {

using fast = interval<double>;
using fast_box = std::vector<fast>;

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<std::string> names(const std::vector<variable_range>& sides) {
    std::vector<std::string> result;
    for (const variable_range& s : sides)
        result.push_back(s.variable);
    return result;
}

bool inside(const fast_box& x, const fast_box& y) {
    for (std::size_t i = 0; i < x.size(); ++i)
        if (x[i].is_empty() || !subset(x[i], y[i])) return false;
    return true;
}
double width_of(const fast& x) { return x.upper() - x.lower(); } // of a guess
/// x with its ends moved outward (inward for a negative share) by this share of its width.
fast stretched(const fast& x, double share) {
    const double more = share * width_of(x), centre = x.midpoint();
    return {std::min(x.lower() - more, centre), std::max(x.upper() + more, centre)};
}
fast_box stretched(const fast_box& x, double share) {
    fast_box result;
    for (const fast& side : x)
        result.push_back(stretched(side, share));
    return result;
}
std::vector<double> middle(const fast_box& x) {
    std::vector<double> result;
    for (const fast& side : x)
        result.push_back(side.midpoint());
    return result;
}
fast_box points(const std::vector<double>& x) { return {x.begin(), x.end()}; }

/// The zeros for one cell of the parameters.
class cell_search {
public:
    enum class ending { done, halve_parameters, clusters, budget };

    /// @param divisible  may the cell be halved if zeros or their signs stay open?
    cell_search(square_system& system, const zero_indicators& indicators,
                const zeros_question& what, const halved_box& unknowns, fast_box parameters,
                bool divisible)
        : system_(system), unknowns_(unknowns), divisible_(divisible), n_(system.size()) {
        system_.set_parameters(parameters);
        fast_box whole;
        for (const side_part& s : unknowns_.whole()) {
            whole.push_back(s.range());
            // Strictly inside, whatever the ends round to.
            inner_.emplace_back(std::nextafter(s.lower_up, infinity),
                                std::max(std::nextafter(s.lower_up, infinity),
                                         std::nextafter(s.upper_down, -infinity)));
        }
        isolator_.emplace(system, indicators, std::move(parameters), std::move(whole), inner_,
                          divisible ? what.needed : std::vector<char>());
    }

    ending run(std::size_t allowed, const std::atomic<bool>* stop) {
        std::vector<std::vector<side_part>> rest{unknowns_.whole()};
        while (!rest.empty()) {
            if (looked_at == allowed ||
                (stop != nullptr && stop->load(std::memory_order_relaxed))) {
                cluster = unknowns_.exactly(rest.back());
                return ending::budget;
            }
            ++looked_at;
            const std::vector<side_part> part = std::move(rest.back());
            rest.pop_back();
            const std::string token = look_at(part);
            if (give_up_) {
                cluster = unknowns_.exactly(part);
                return ending::halve_parameters;
            }
            if (!token.empty()) {
                add(token);
                ++result.leaves;
                continue;
            }
            const std::size_t j = side_to_halve(part);
            if (j == n_) {
                if (clusters++ == 0) cluster = unknowns_.exactly(part);
                // More of them tell nothing new.
                if (divisible_ || clusters == 1000) break;
                continue;
            }
            add("s" + std::to_string(j));
            for (const int which : {1, 0}) {
                rest.push_back(part);
                rest.back()[j] = unknowns_.half(j, part[j], which);
            }
        }
        return clusters == 0 ? ending::done
               : divisible_  ? ending::halve_parameters
                             : ending::clusters;
    }

    zeros_cell result;
    std::size_t looked_at = 0, clusters = 0;
    std::vector<variable_range> cluster;
    bool undefined = false; ///< the system is not certainly defined on some cluster

private:
    void add(const std::string& token) {
        if (!result.tree.empty()) result.tree += ' ';
        result.tree += token;
    }

    /// The leaf that decides the part, or nothing.
    std::string look_at(const std::vector<side_part>& part) {
        X_.clear();
        for (const side_part& s : part)
            X_.push_back(s.range());
        share_.assign(n_, 0.0);
        for (std::size_t k = 0; k < result.zeros.size(); ++k)
            if (inside(X_, result.zeros[k].box)) return "z" + std::to_string(k);
        system_.value(X_, F_);
        if (const std::size_t i = without_zero(F_); i < n_) return "e" + std::to_string(i);
        defined_ = std::none_of(F_.begin(), F_.end(), [](const fast& f) { return f.is_empty(); });
        if (!defined_) return {};

        system_.jacobian(X_, F_, J_);
        const std::vector<double> c = middle(X_);
        system_.value(points(c), F_at_c_);
        aside_.clear();
        for (std::size_t j = 0; j < n_; ++j)
            aside_.push_back(X_[j] - fast(c[j]));
        for (std::size_t i = 0; i < n_; ++i) {
            fast around = F_at_c_[i];
            moves_.assign(n_, 0.0);
            double sum = 0;
            for (std::size_t j = 0; j < n_; ++j) {
                const fast move = J_[i * n_ + j] * aside_[j];
                around += move;
                if (!move.is_empty()) moves_[j] = move.magnitude();
                sum += moves_[j];
            }
            if (!around.is_empty()) F_[i] = intersection(F_[i], around);
            for (std::size_t j = 0; j < n_ && sum > 0 && std::isfinite(sum); ++j)
                share_[j] += moves_[j] / sum;
        }
        if (const std::size_t i = without_zero(F_); i < n_) return "e" + std::to_string(i);
        for (std::size_t i = 0; i < n_; ++i) {
            const bool above = F_at_c_[i].lower() > 0;
            if (!leaves_a_face(i)) continue; // then its face is all of the part
            const fast face = system_.on_face(i, X_, J_, above);
            if (!face.is_empty() && (above ? face.lower() > 0 : face.upper() < 0))
                return "e" + std::to_string(i);
        }
        return by_krawczyk(c);
    }

    /// Has equation i a slope of certain sign?
    bool leaves_a_face(std::size_t i) const {
        return std::any_of(
            J_.begin() + static_cast<std::ptrdiff_t>(i * n_),
            J_.begin() + static_cast<std::ptrdiff_t>((i + 1) * n_), [](const fast& slope) {
                return !slope.is_empty() && (slope.lower() >= 0 || slope.upper() <= 0);
            });
    }

    std::string by_krawczyk(const std::vector<double>& c) {
        const auto C = inverse_of_middle(J_, n_);
        if (!C) return {};
        // A guess, without bounds, of what each row of the operator will say.
        K_.assign(n_, fast(0));
        bool narrows = true;
        for (std::size_t i = 0; i < n_; ++i) {
            double shift = 0, radius = 0;
            for (std::size_t k = 0; k < n_; ++k)
                shift += (*C)[i * n_ + k] * F_at_c_[k].midpoint();
            for (std::size_t j = 0; j < n_; ++j) {
                double spread = 0;
                for (std::size_t k = 0; k < n_; ++k)
                    spread += std::abs((*C)[i * n_ + k]) * width_of(J_[k * n_ + j]);
                radius += 0.25 * spread * width_of(X_[j]);
            }
            narrows = narrows && radius < width_of(X_[i]);
            // A margin, so that a checker with a slightly different preconditioner agrees.
            if (std::abs(shift) > 1.02 * (0.5 * width_of(X_[i]) + radius)) {
                const fast row = krawczyk_row(i, X_, c, *C, F_at_c_, J_);
                if (!row.is_empty() && disjoint(row, stretched(X_[i], 0.005))) return "k";
            }
        }
        // Where the operator widens the part, it is too early to look for zeros.
        if (!narrows) return {};
        krawczyk(X_, c, *C, F_at_c_, J_, K_);
        fast_box left;
        for (std::size_t i = 0; i < n_; ++i) {
            left.push_back(intersection(K_[i], X_[i]));
            if (left.back().is_empty()) return {}; // no zero, but without the margin
        }
        for (std::size_t k = 0; k < result.zeros.size(); ++k)
            if (inside(left, stretched(result.zeros[k].box, -0.01))) return "z" + std::to_string(k);
        const std::size_t known = result.zeros.size();
        find_zero(middle(left));
        if (result.zeros.size() == known) return {};
        const fast_box& last = result.zeros.back().box;
        return inside(X_, last) || inside(left, stretched(last, -0.01))
                   ? "z" + std::to_string(known)
                   : std::string();
    }

    std::size_t without_zero(const fast_box& F) const {
        return static_cast<std::size_t>(
            std::find_if(F.begin(), F.end(),
                         [](const fast& f) { return !f.is_empty() && !f.contains(0.0); }) -
            F.begin());
    }

    /// n if it is small enough to be called a cluster.
    std::size_t side_to_halve(const std::vector<side_part>& part) {
        std::size_t best = n_;
        bool small = true;
        for (std::size_t j = 0; j < n_; ++j) {
            if (!unknowns_.splits(j, part[j])) continue;
            small = small && part[j].halvings >= (divisible_ ? 20 : 36);
            // Sides that the shares forget are halved too, in the end.
            const double own = share_[j] + 1e-3 * std::ldexp(1.0, -part[j].halvings);
            share_[j] = own;
            if (best == n_ || own > share_[best]) best = j;
        }
        if (small) undefined = undefined || !defined_;
        return small ? n_ : best;
    }

    /// Newton's iteration from here; a new zero that can be isolated is added.
    void find_zero(const std::vector<double>& start) {
        const auto found = system_.newton(start, stretched(X_, 0.5));
        if (!found) return;
        for (std::size_t i = 0; i < n_; ++i)
            if (!inner_[i].contains((*found)[i])) return;
        const fast_box point = points(*found);
        for (const isolated_zero& z : result.zeros)
            if (inside(point, z.box)) return;
        if (auto zero = isolator_->isolate(*found, result.zeros))
            result.zeros.push_back(std::move(*zero));
        else // the zero of the middle parameter cannot be followed over all of them
            give_up_ = divisible_;
    }

    square_system& system_;
    const halved_box& unknowns_;
    bool divisible_;
    std::size_t n_;
    fast_box inner_;
    std::optional<zero_isolator> isolator_;
    bool give_up_ = false, defined_ = true;
    fast_box X_, aside_, F_, J_, F_at_c_, K_;
    std::vector<double> share_, moves_;
};

} // namespace

zeros_answer isolate_zeros(const zeros_question& what, const zeros_options& options) {
    const halved_box unknowns("isolate_zeros", what.unknowns);
    for (const variable_range& s : what.unknowns)
        if (s.lower == s.upper)
            throw std::invalid_argument("isolate_zeros: the side of an unknown needs lower < "
                                        "upper, got " +
                                        s.variable + " = " + s.lower.str());
    std::optional<halved_box> parameters;
    if (!what.parameters.empty()) parameters.emplace("isolate_zeros", what.parameters);
    square_system system(what.system, names(what.unknowns), names(what.parameters));
    zero_indicators indicators{enclosed_tape<fast>(what.indicators), {}};
    for (const std::string& v : what.indicators.variables()) {
        std::size_t at = unknowns.index_of(v);
        if (at == what.unknowns.size() && parameters) at += parameters->index_of(v);
        if (at >= what.unknowns.size() + what.parameters.size())
            throw std::invalid_argument("isolate_zeros: indicators use " + v +
                                        ", which has no side");
        indicators.inputs.push_back(at);
    }

    zeros_answer answer;
    std::size_t looked_at = 0;
    std::vector<std::vector<side_part>> rest{parameters ? parameters->whole()
                                                        : std::vector<side_part>{}};
    const auto add = [&](const std::string& token) {
        if (!answer.cell_tree.empty()) answer.cell_tree += ' ';
        answer.cell_tree += token;
    };
    while (!rest.empty()) {
        const std::vector<side_part> part = std::move(rest.back());
        rest.pop_back();
        fast_box p;
        bool divisible = false;
        for (std::size_t j = 0; j < part.size(); ++j) {
            p.push_back(part[j].range());
            divisible = divisible || parameters->splits(j, part[j]);
        }
        cell_search search(system, indicators, what, unknowns, p, divisible);
        const std::size_t left = options.parts - looked_at;
        const std::size_t most = 4000 * what.unknowns.size();
        const std::size_t allowed = divisible ? std::min(left, most) : left;
        const auto end = search.run(allowed, options.stop);
        looked_at += search.looked_at;
        if (end == cell_search::ending::done) {
            search.result.parameters =
                parameters ? parameters->exactly(part) : std::vector<variable_range>{};
            answer.parts += search.result.leaves;
            answer.cells.push_back(std::move(search.result));
            add("c");
            continue;
        }
        const bool stopped =
            options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
        if (divisible && looked_at < options.parts && !stopped) {
            // The parameter that moves the equations most, about the part that failed.
            fast_box X;
            for (const variable_range& s : search.cluster)
                X.push_back(fast::hull(s.lower, s.upper));
            const std::vector<double> influence = system.influence(X);
            std::size_t best = part.size();
            for (std::size_t j = 0; j < part.size(); ++j)
                if (parameters->splits(j, part[j]) &&
                    (best == part.size() || influence[j] > influence[best]))
                    best = j;
            add("s" + std::to_string(best));
            for (const int which : {1, 0}) {
                rest.push_back(part);
                rest.back()[best] = parameters->half(best, part[best], which);
            }
            continue;
        }
        answer.parts += search.result.leaves;
        answer.parameters = parameters ? parameters->exactly(part) : std::vector<variable_range>{};
        answer.cluster = search.cluster;
        answer.clusters = search.clusters;
        answer.reason = end == cell_search::ending::clusters
                            ? search.undefined
                                  ? "the system is not certainly defined there"
                                  : "neither excluded nor isolated: a multiple zero, a zero on the "
                                    "boundary, or two zeros closer than 2^-36 of the box"
                            : "the budget of " + std::to_string(options.parts) + " parts is spent";
        return answer;
    }
    answer.complete = true;
    return answer;
}

} // namespace flowproof
