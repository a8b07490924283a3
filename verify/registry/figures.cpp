#include "verify/registry/figures.hpp"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <stdexcept>

#include "verify/engine/support.hpp"
#include "verify/registry/enclose.hpp"
#include "verify/registry/select.hpp"

namespace flowproof {

namespace {

constexpr int digits = 17; // enough to give every double back

std::string_view name(layer::kind k) {
    return k == layer::kind::surface ? "surface" : k == layer::kind::curve ? "curve" : "points";
}

std::vector<rational> grid(const axis& a) {
    if (a.count < 1)
        throw std::invalid_argument("figure: the axis of " + a.parameter + " has no grid points");
    std::vector<rational> points{a.low};
    const auto last = static_cast<std::int64_t>(a.count) - 1;
    for (std::int64_t i = 1; i <= last; ++i)
        points.push_back(a.low + (a.high - a.low) * rational(i, last));
    return points;
}

/// The outputs at one point. Precision is raised until 17 digits are right, or, near a zero, until
/// the radius is far below what can be drawn.
std::vector<std::string> values(const quantity& q, const arguments& set) {
    constexpr std::int64_t most = 4096;
    const rational invisible = power(rational(10), -30);
    const arguments at = complete_arguments(q, set);
    for (std::int64_t bits = 128;; bits *= 2) {
        const matrix<ball> m = enclose(q, at, bits);
        bool finite = true, sharp = true;
        std::vector<std::string> result;
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

std::vector<std::string> values(const quantity& q, const arguments& set, std::size_t least,
                                std::size_t most) {
    std::vector<std::string> result = values(q, set);
    if (result.size() < least || result.size() > most)
        throw std::invalid_argument(fmt::format("{} has {} outputs where the figure draws {}", q.id,
                                                result.size(),
                                                least == most ? std::to_string(least) : "1 or 2"));
    return result;
}

void surface(const quantity& q, const figure& f, const layer& l, layer_series& into) {
    into.columns = {f.x.parameter, f.y.parameter, "value"};
    for (const rational& x : grid(f.x))
        for (const rational& y : grid(f.y)) {
            arguments at = l.at;
            at.set(f.x.parameter, x).set(f.y.parameter, y);
            into.rows.push_back(
                {x.decimal(digits), y.decimal(digits), values(q, at, 1, 1).front()});
        }
}

void curve(const quantity& q, const figure& f, const layer& l, layer_series& into) {
    const axis& along = l.along.empty() ? f.x : l.along.front();
    for (const rational& t : grid(along)) {
        arguments at = l.at;
        at.set(along.parameter, t);
        std::vector<std::string> row = values(q, at, 1, 2);
        into.columns = row.size() == 1 ? std::vector<std::string>{along.parameter, "value"}
                                       : std::vector<std::string>{along.parameter, "x", "y"};
        row.insert(row.begin(), t.decimal(digits));
        into.rows.push_back(std::move(row));
    }
}

void evaluate(const std::vector<paper>& papers, const figure& f, const layer& l,
              layer_series& into) {
    const quantity& q = find_quantity(papers, l.quantity);
    switch (l.draw) {
    case layer::kind::surface:
        return surface(q, f, l, into);
    case layer::kind::curve:
        return curve(q, f, l, into);
    case layer::kind::points:
        into.columns = {"x", "y"};
        into.rows = {values(q, l.at, 2, 2)};
    }
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

figure_series evaluate_figure(const std::vector<paper>& papers, const figure& what) {
    figure_series result;
    result.id = what.id;
    result.title = what.title;
    result.claim = what.claim;
    result.x_label = what.x.label;
    result.y_label = what.y.label;
    for (const layer& l : what.layers) {
        layer_series series;
        series.draw = name(l.draw);
        series.label = l.label;
        series.quantity = l.quantity;
        const kept_float_environment keep;
        const auto failed = [&](const std::string& why) {
            series.rows.clear();
            result.error += (result.error.empty() ? "" : "; ") + ("layer " + l.label + ": ") + why;
        };
        try {
            evaluate(papers, what, l, series);
        } catch (const std::exception& e) {
            failed(e.what());
        } catch (...) {
            failed("an exception that is not a std::exception");
        }
        result.layers.push_back(std::move(series));
    }
    return result;
}

} // namespace flowproof
