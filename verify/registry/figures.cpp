#include "verify/registry/figures.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <stdexcept>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "numerics/interval/interval.hpp"
#include "verify/engine/flow.hpp"
#include "verify/engine/support.hpp"
#include "verify/registry/enclose.hpp"
#include "verify/registry/eval.hpp"
#include "verify/registry/figure_boxes.hpp"
#include "verify/registry/select.hpp"

namespace flowproof {

namespace {

constexpr int digits = 17;      // enough to give every double back
constexpr int flow_digits = 12; // more than a figure shows

using row = std::vector<std::string>;

std::string_view name(layer::kind k) {
    switch (k) {
    case layer::kind::surface:
        return "surface";
    case layer::kind::curve:
        return "curve";
    case layer::kind::points:
        return "points";
    case layer::kind::band:
        return "band";
    case layer::kind::boxes:
        return "boxes";
    case layer::kind::tube:
        return "band";
    case layer::kind::field:
        break;
    }
    return "field";
}

/// Runs all, in any order and thread, and then rethrows the first failure.
template <class Work> void for_each_index(std::size_t count, const Work& work) {
    std::vector<std::exception_ptr> failures(count);
    // Isolated: a thread that waits here must not pick up another figure meanwhile.
    tbb::this_task_arena::isolate([&] {
        tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
            const kept_float_environment keep;
            try {
                work(i);
            } catch (...) {
                failures[i] = std::current_exception();
            }
        });
    });
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
}

/// A geometric grid is rounded to 15 digits, so that powers of ten are met exactly.
std::vector<rational> grid(const axis& a) {
    if (a.count < 1)
        throw std::invalid_argument("figure: the axis of " + a.parameter + " has no grid points");
    if (a.logarithmic && (a.low.sign() <= 0 || a.high.sign() <= 0))
        throw std::invalid_argument(
            fmt::format("figure: the logarithmic axis of {} needs a range above 0, got [{}, {}]",
                        a.parameter, a.low.str(), a.high.str()));
    const auto last = static_cast<std::int64_t>(a.count) - 1;
    const auto between = [&](std::int64_t i) {
        if (!a.logarithmic) return a.low + (a.high - a.low) * rational(i, last);
        const ball ratio = log(ball(a.high / a.low, 128)) * rational(i, last);
        return rational::parse((a.low * exp(ratio)).midpoint().decimal(15));
    };
    std::vector<rational> points{a.low};
    for (std::int64_t i = 1; i < last; ++i)
        points.push_back(between(i));
    if (last > 0) points.push_back(a.high);
    return points;
}

/// The outputs at one point. Precision is raised until 17 digits are right, or, near a zero, until
/// the radius is far below what can be drawn.
row values(const quantity& q, const arguments& set) {
    row result;
    if (std::holds_alternative<flow_request>(q.value)) {
        for (const evaluated::entry& e : evaluate_quantity(q, set, flow_digits).entries)
            result.push_back(e.decimal);
        return result;
    }
    constexpr std::int64_t most = 4096;
    const rational invisible = power(rational(10), -30);
    const arguments at = complete_arguments(q, set);
    for (std::int64_t bits = 128;; bits *= 2) {
        const matrix<ball> m = enclose(q, at, bits);
        bool finite = true, sharp = true;
        result.clear();
        for (Eigen::Index i = 0; i < m.rows(); ++i)
            for (Eigen::Index j = 0; j < m.cols(); ++j) {
                const ball& x = m(i, j);
                finite = finite && x.is_finite();
                if (!finite) break;
                sharp = sharp && (x.relative_accuracy_bits() > 60 || x.radius() < invisible);
                result.push_back(x.midpoint().decimal(digits));
            }
        if (finite && sharp) return result;
        if (bits >= most)
            throw std::runtime_error(fmt::format("{} does not reach {} digits with {} bits at {}",
                                                 q.id, digits, bits, at.str()));
    }
}

/// The outputs that the layer draws, of all that there are.
row drawn(const layer& l, const row& all, std::size_t least, std::size_t most) {
    row result;
    for (const std::size_t i : l.entries) {
        if (i >= all.size())
            throw std::invalid_argument(fmt::format("{} has {} outputs, the figure draws number {}",
                                                    l.quantity, all.size(), i));
        result.push_back(all[i]);
    }
    if (l.entries.empty()) result = all;
    if (result.size() < least || result.size() > most)
        throw std::invalid_argument(fmt::format("{} has {} outputs where the figure draws {}",
                                                l.quantity, result.size(),
                                                least == most ? std::to_string(least) : "1 or 2"));
    return result;
}

/// The flow that is followed to the parameter t; nullptr for any other quantity.
const flow_value* followed_in_time(const quantity& q) {
    const auto* request = std::get_if<flow_request>(&q.value);
    const auto* flow = request != nullptr ? std::get_if<flow_value>(request) : nullptr;
    return flow != nullptr && flow->until.outputs().empty() ? flow : nullptr;
}

/// The outputs at every value of one parameter: a flow along its time by one integration.
std::vector<row> values_along(const quantity& q, const arguments& fixed,
                              const std::string& parameter, const std::vector<rational>& grid) {
    std::vector<row> result(grid.size());
    if (const flow_value* flow = followed_in_time(q); flow != nullptr && parameter == "t") {
        arguments at = fixed;
        const auto found =
            evaluate_along(*flow, complete_arguments(q, at.set("t", grid.front())), grid);
        for (std::size_t i = 0; i < grid.size(); ++i)
            for (const double x : found.at(i))
                result[i].push_back(fmt::format("{:.16e}", x));
        return result;
    }
    for_each_index(grid.size(), [&](std::size_t i) {
        arguments at = fixed;
        result[i] = values(q, at.set(parameter, grid[i]));
    });
    return result;
}

/// What the layers of a panel are evaluated with.
struct setting {
    const std::vector<paper>& papers;
    const figure& whole;
    const panel& part;
    std::uint64_t seed;
};

/// The parameter along which a curve or band runs, and its values.
struct path {
    std::string parameter;
    std::vector<rational> at;
};
path path_of(const layer& l, const setting& s) {
    const axis& along = l.along.empty() ? s.whole.x : l.along.front();
    return {along.parameter, l.positions.empty() ? grid(along) : l.positions};
}

/// The quantity over a grid of the plane, y fastest.
void over_plane(const layer& l, const setting& s, std::size_t outputs, layer_series& into) {
    const quantity& q = find_quantity(s.papers, l.quantity);
    if (l.along.size() == 1 || l.along.size() > 2)
        throw std::invalid_argument(fmt::format("figure: a {} needs two axes or none, got {}",
                                                name(l.draw), l.along.size()));
    const axis& x = l.along.empty() ? s.whole.x : l.along[0];
    const axis& y = l.along.empty() ? s.part.y : l.along[1];
    const std::vector<rational> xs = grid(x), ys = grid(y);
    into.columns = outputs == 1
                       ? row{x.parameter, y.parameter, "value"}
                       : row{x.parameter, y.parameter, "d" + x.parameter, "d" + y.parameter};
    into.rows.resize(xs.size() * ys.size());
    for_each_index(into.rows.size(), [&](std::size_t i) {
        const rational &at_x = xs[i / ys.size()], &at_y = ys[i % ys.size()];
        arguments at = l.at;
        at.set(x.parameter, at_x).set(y.parameter, at_y);
        row r = drawn(l, values(q, at), outputs, outputs);
        r.insert(r.begin(), {at_x.decimal(digits), at_y.decimal(digits)});
        into.rows[i] = std::move(r);
    });
}

/// One or two outputs over a parameter; for a band the two are lower and upper.
void along_path(const layer& l, const setting& s, layer_series& into) {
    const bool is_band = l.draw == layer::kind::band;
    const path p = path_of(l, s);
    const std::vector<row> found =
        values_along(find_quantity(s.papers, l.quantity), l.at, p.parameter, p.at);
    for (std::size_t i = 0; i < p.at.size(); ++i) {
        row r = drawn(l, found[i], is_band ? 2 : 1, 2);
        into.columns = is_band         ? row{p.parameter, "lower", "upper"}
                       : r.size() == 1 ? row{p.parameter, "value"}
                                       : row{p.parameter, "x", "y"};
        r.insert(r.begin(), p.at[i].decimal(digits));
        into.rows.push_back(std::move(r));
    }
}

const experiment& find_experiment(const std::vector<paper>& papers, const std::string& id) {
    for (const paper& p : papers)
        for (const experiment& e : p.experiments)
            if (e.id == id) return e;
    throw std::invalid_argument("figure: no experiment " + id);
}

/// Where NAME[0], ..., NAME[count - 1] stand among the statistics.
std::vector<std::size_t> slots_of(const experiment& e, const std::string& statistic,
                                  std::size_t count) {
    std::vector<std::size_t> slots;
    for (std::size_t k = 0; k < count; ++k) {
        const std::string wanted = fmt::format("{}[{}]", statistic, k);
        const auto it = std::find(e.statistics.begin(), e.statistics.end(), wanted);
        if (it == e.statistics.end())
            throw std::invalid_argument(
                fmt::format("figure: {} grid points, but experiment {} has no statistic {}", count,
                            e.id, wanted));
        slots.push_back(static_cast<std::size_t>(it - e.statistics.begin()));
    }
    return slots;
}

/// The smallest of the draws that a share of them does not exceed; reorders them.
double quantile(std::vector<double>& draws, double share) {
    const auto n = static_cast<double>(draws.size());
    const auto rank = static_cast<std::ptrdiff_t>(std::ceil(share * n - 1e-9)) - 1;
    const auto at = draws.begin() + std::max<std::ptrdiff_t>(rank, 0);
    std::nth_element(draws.begin(), at, draws.end());
    return *at;
}

/// All statistics of all draws, one row a draw.
using draw_table = std::vector<std::vector<double>>;

draw_table draw_all(const layer& l, const setting& s) {
    constexpr std::uint64_t least = 20; // one draw beyond each quantile
    constexpr std::uint64_t most = 100'000'000;
    const experiment& e = find_experiment(s.papers, l.experiment);
    if (l.draws < least || l.draws > most / e.statistics.size())
        throw std::invalid_argument(
            fmt::format("figure: a band from an experiment of {} statistics needs {} to {} draws, "
                        "got {}",
                        e.statistics.size(), least, most / e.statistics.size(), l.draws));
    const experiment::draw draw = e.prepare(e.defaults.overridden_by(l.at));
    const std::uint64_t seed = derived_seed(s.seed, s.whole.id + " " + e.id);
    draw_table all(l.draws, std::vector<double>(e.statistics.size(),
                                                std::numeric_limits<double>::quiet_NaN()));
    for_each_index(l.draws, [&](std::size_t i) { draw(seed, i, all[i].data()); });
    return all;
}

/// The draws of a figure's bands; those that show several statistics of equal draws share them.
class shared_draws {
public:
    void add(const layer& l, const setting& s) {
        const auto [it, fresh] = entries_.try_emplace(name(l));
        if (!fresh) return;
        try {
            it->second.drawn = draw_all(l, s);
        } catch (...) {
            it->second.failure = std::current_exception();
        }
    }
    /// Of a layer that was added. @throws what its draws threw.
    const draw_table& of(const layer& l) const {
        const entry& e = entries_.at(name(l));
        if (e.failure) std::rethrow_exception(e.failure);
        return e.drawn;
    }

private:
    struct entry {
        draw_table drawn;
        std::exception_ptr failure;
    };
    static std::string name(const layer& l) {
        return fmt::format("{} {} {}", l.experiment, l.draws, l.at.str());
    }
    std::map<std::string, entry> entries_;
};

void band_of_experiment(const layer& l, const setting& s, const shared_draws& draws,
                        layer_series& into) {
    const experiment& e = find_experiment(s.papers, l.experiment);
    const path p = path_of(l, s);
    const std::vector<std::size_t> slots = slots_of(e, l.statistic, p.at.size());
    const draw_table& all = draws.of(l);
    into.columns = {p.parameter, "lower", "upper"};
    for (std::size_t k = 0; k < slots.size(); ++k) {
        std::vector<double> drawn;
        for (std::size_t i = 0; i < all.size(); ++i) {
            drawn.push_back(all[i][slots[k]]);
            if (std::isnan(drawn.back()))
                throw std::runtime_error(fmt::format("draw {} of {}: {} is not a number", i, e.id,
                                                     e.statistics[slots[k]]));
        }
        into.rows.push_back({p.at[k].decimal(digits), fmt::format("{:.16e}", quantile(drawn, 0.05)),
                             fmt::format("{:.16e}", quantile(drawn, 0.95))});
    }
}

/// Two rows for each stretch of the grid, so that the bounds are drawn as the steps that they are.
void enclosed_band(const layer& l, const setting& s, layer_series& into) {
    const quantity& q = find_quantity(s.papers, l.quantity);
    const flow_value* flow = followed_in_time(q);
    if (flow == nullptr || l.entries.size() != 1)
        throw std::invalid_argument("figure: a tube needs one output of a flow followed to t, " +
                                    l.quantity + " is none");
    into.columns = {"t", "lower", "upper"};
    for (const flow_band& b :
         enclose_along(*flow, l.box, l.at, path_of(l, s).at, l.entries.front()))
        for (const rational& t : {b.from, b.to})
            into.rows.push_back({t.decimal(digits), decimal_down(b.lower), decimal_up(b.upper)});
}

void parts_by_sign(const layer& l, const setting& s, layer_series& into) {
    const auto* f = std::get_if<formula>(&find_quantity(s.papers, l.quantity).value);
    if (f == nullptr)
        throw std::invalid_argument("figure: boxes need a formula, " + l.quantity + " is none");
    into.columns = {"x_low", "x_high", "y_low", "y_high"};
    into.rows = parts_of_sign(*f, s.whole.x, s.part.y, l.at, l.sign);
    into.verdict = l.sign > 0 ? "proved" : l.sign < 0 ? "refuted" : "undecided";
}

void evaluate(const layer& l, const setting& s, const shared_draws& draws, layer_series& into) {
    switch (l.draw) {
    case layer::kind::surface:
        return over_plane(l, s, 1, into);
    case layer::kind::field:
        return over_plane(l, s, 2, into);
    case layer::kind::tube:
        return enclosed_band(l, s, into);
    case layer::kind::boxes:
        return parts_by_sign(l, s, into);
    case layer::kind::points:
        into.columns = {"x", "y"};
        into.rows = {drawn(l, values(find_quantity(s.papers, l.quantity), l.at), 2, 2)};
        return;
    case layer::kind::band:
        if (!l.experiment.empty()) return band_of_experiment(l, s, draws, into);
        [[fallthrough]];
    case layer::kind::curve:
        return along_path(l, s, into);
    }
}

axis_series drawn_as(const axis& a) {
    axis_series result{a.label, a.logarithmic};
    if (a.low < a.high) {
        result.low = a.low.decimal(digits);
        result.high = a.high.decimal(digits);
    }
    return result;
}

} // namespace

std::vector<const figure*> figures_of(const std::vector<paper>& papers,
                                      const std::vector<claim_record>& claims) {
    std::vector<const figure*> wanted;
    for (const paper& p : papers)
        for (const figure& f : p.figures)
            if (std::any_of(claims.begin(), claims.end(), [&](const claim_record& c) {
                    return c.id == f.claim ||
                           std::find(c.figures.begin(), c.figures.end(), f.id) != c.figures.end();
                }))
                wanted.push_back(&f);
    return wanted;
}

figure_series evaluate_figure(const std::vector<paper>& papers, const figure& what,
                              std::uint64_t seed) {
    figure_series result{what.id, what.title, what.claim, drawn_as(what.x), {}, {}, {}};
    std::vector<const layer*> layers;
    for (const panel& part : what.panels) {
        for (const layer& l : part.layers) {
            layers.push_back(&l);
            layer_series& series = result.layers.emplace_back();
            series.draw = name(l.draw);
            series.label = l.label;
            series.quantity = l.experiment.empty() ? l.quantity : l.experiment;
            series.panel = result.panels.size();
            series.as_points = l.as_points;
        }
        result.panels.push_back(drawn_as(part.y));
    }
    std::vector<std::string> failures(layers.size());
    shared_draws draws;
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (!layers[i]->experiment.empty())
            draws.add(*layers[i], {papers, what, what.panels[result.layers[i].panel], seed});
    for_each_index(layers.size(), [&](std::size_t i) {
        layer_series& into = result.layers[i];
        try {
            evaluate(*layers[i], {papers, what, what.panels[into.panel], seed}, draws, into);
            return;
        } catch (const std::exception& e) {
            failures[i] = e.what();
        } catch (...) {
            failures[i] = "an exception that is not a std::exception";
        }
        into.rows.clear();
    });
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (!failures[i].empty())
            result.error += (result.error.empty() ? "" : "; ") + ("layer " + layers[i]->label) +
                            ": " + failures[i];
    return result;
}

} // namespace flowproof
