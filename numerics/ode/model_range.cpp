#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "numerics/ode/taylor_model.hpp"
#include "numerics/scalar/evaluate.hpp"

namespace flowproof::rigorous {

namespace {

using set = interval<double>;
using box = std::vector<set>;

constexpr std::size_t most_cells = 256;
constexpr double fine_enough = 2e-4; ///< of the width

struct cell {
    box symbols;
    std::vector<model> values;
    std::vector<set> range;
};

/// About the largest value of a model, seen at the corner where its linear part is largest.
double sample(const model& x, double sign) {
    const monomials& basis = x.basis();
    std::vector<double> corner;
    for (int s = 0; s < basis.symbols(); ++s) {
        const std::int32_t linear = basis.multiplied(0, s);
        corner.push_back(
            linear >= 0 && sign * x.coefficients()[static_cast<std::size_t>(linear)] < 0 ? -1.0
                                                                                         : 1.0);
    }
    double value = 0;
    for (std::size_t i = 0; i < basis.size(); ++i) {
        double term = x.coefficients()[i];
        for (int s = 0; s < basis.symbols(); ++s)
            if (basis.exponent(i, s) % 2 != 0) term *= corner[static_cast<std::size_t>(s)];
        value += term;
    }
    return value;
}

/// The symbol that the nonlinear part of a model depends on most.
std::size_t most_curved(const model& x) {
    const monomials& basis = x.basis();
    std::vector<double> weight(static_cast<std::size_t>(basis.symbols()), 0.0);
    for (std::size_t i = 0; i < basis.size(); ++i)
        for (int s = 0; s < basis.symbols() && basis.degree_of(i) > 1; ++s)
            if (basis.exponent(i, s) > 0)
                weight[static_cast<std::size_t>(s)] += std::abs(x.coefficients()[i]);
    return static_cast<std::size_t>(std::max_element(weight.begin(), weight.end()) -
                                    weight.begin());
}

/// Hulls of what `values_on` says of parts of a box; the parts that decide an end are halved.
std::vector<set> hulls(const box& whole,
                       const std::function<std::vector<model>(const box&)>& values_on) {
    std::vector<cell> cells;
    const auto add = [&](box symbols) {
        cell next{std::move(symbols), {}, {}};
        next.values = values_on(next.symbols);
        for (const model& x : next.values)
            next.range.push_back(x.range());
        cells.push_back(std::move(next));
    };
    add(whole);
    const std::size_t outputs = cells[0].values.size();
    std::vector<set> result;
    for (std::size_t o = 0; o < outputs; ++o) {
        while (true) {
            set hull = set::empty();
            for (const cell& c : cells)
                hull = convex_hull(hull, c.range[o]);
            // Which end is further from values that are taken?
            std::size_t decides = 0;
            double excess = 0;
            for (const double sign : {1.0, -1.0}) {
                std::size_t extreme = 0;
                double taken = -std::numeric_limits<double>::infinity();
                const auto end = [&](const set& x) { return sign > 0 ? x.upper() : -x.lower(); };
                for (std::size_t i = 0; i < cells.size(); ++i) {
                    if (end(cells[i].range[o]) > end(cells[extreme].range[o])) extreme = i;
                    if (cells[i].values[o].is_finite())
                        taken = std::max(taken, sign * sample(cells[i].values[o], sign));
                }
                const model& x = cells[extreme].values[o];
                const double gap = x.is_finite() ? end(hull) - taken - x.remainder().value()
                                                 : std::numeric_limits<double>::infinity();
                if (gap > excess) {
                    excess = gap;
                    decides = extreme;
                }
            }
            const bool bounded = hull.is_bounded();
            if (whole.empty() || cells.size() >= most_cells ||
                (bounded && excess <= fine_enough * hull.width())) {
                result.push_back(hull);
                break;
            }
            cell chosen = std::move(cells[decides]);
            cells.erase(cells.begin() + static_cast<std::ptrdiff_t>(decides));
            std::size_t axis = chosen.values[o].is_finite() ? most_curved(chosen.values[o]) : 0;
            if (!chosen.values[o].is_finite())
                for (std::size_t s = 1; s < whole.size(); ++s)
                    if (chosen.symbols[s].width() > chosen.symbols[axis].width()) axis = s;
            const set side = chosen.symbols[axis];
            box left = chosen.symbols, right = chosen.symbols;
            left[axis] = set(side.lower(), side.midpoint());
            right[axis] = set(side.midpoint(), side.upper());
            add(std::move(left));
            add(std::move(right));
        }
    }
    return result;
}

box whole_if_empty(symbol_box part, const model_tube& tube) {
    const int n = tube.parameters.empty() ? 0 : tube.parameters[0].basis().symbols();
    if (part.empty()) return box(static_cast<std::size_t>(n), set(-1.0, 1.0));
    return {part.begin(), part.end()};
}

std::vector<model> restricted(const std::vector<model>& values, const box& part) {
    std::vector<model> result;
    for (const model& x : values)
        result.push_back(x.restricted(part));
    return result;
}

/// The states at all times u of a step.
std::vector<model> during(const model_step& step, const set& u,
                          const std::shared_ptr<const monomials>& basis, std::size_t states) {
    std::vector<model> result;
    const double* row = step.coefficients.data();
    for (std::size_t s = 0; s < states; ++s) {
        std::vector<double> c;
        upper remainder(step.deviation[s]);
        for (std::size_t i = 0; i < basis->size(); ++i, row += step.order + 1) {
            set value(row[step.order]);
            for (int k = step.order; k-- > 0;)
                value = value * u + set(row[k]);
            c.push_back(value.midpoint());
            remainder += upper(value.radius());
        }
        result.emplace_back(basis, std::move(c), remainder);
    }
    return result;
}

} // namespace

std::vector<interval<double>> model_tube::range(symbol_box part) const {
    return hulls(whole_if_empty(part, *this),
                 [&](const box& symbols) { return restricted(state, symbols); });
}

std::vector<interval<double>> observe(const tape& observed, const model_tube& tube,
                                      symbol_box part) {
    const auto& names = observed.variables();
    if (names.size() < tube.state.size())
        throw std::invalid_argument("observe: need " + std::to_string(tube.state.size()) +
                                    " states among the variables, got " +
                                    std::to_string(names.size()) + " variables");
    std::vector<model> inputs = tube.state;
    for (std::size_t v = tube.state.size(); v < names.size(); ++v) {
        const auto place = std::find(tube.names.begin(), tube.names.end(), names[v]);
        if (place != tube.names.end())
            inputs.push_back(tube.parameters[static_cast<std::size_t>(place - tube.names.begin())]);
        else if (names[v] == "t")
            inputs.push_back(tube.state[0].adopt(tube.time));
        else
            throw std::invalid_argument("observe: need parameters or t after the states, got " +
                                        names[v]);
    }
    const embed<model> constants{tube.state[0].shared_basis()};
    return hulls(whole_if_empty(part, tube), [&](const box& symbols) {
        return evaluate(observed, restricted(inputs, symbols), constants);
    });
}

std::vector<interval<double>> model_tube::over(const interval<double>& t) const {
    const auto text = [](const rational& q) { return q.decimal(10); };
    const rational first = std::min(rational(0), time), last = std::max(rational(0), time);
    if (path.empty() || !t.is_bounded() || rational::exactly(t.lower()) < first ||
        rational::exactly(t.upper()) > last)
        throw std::invalid_argument("model_tube::over: need times within [" + text(first) + ", " +
                                    text(last) + "] and a kept path, got " + t.str());
    std::vector<set> result(state.size(), set::empty());
    const std::shared_ptr<const monomials>& basis = state[0].shared_basis();
    for (const model_step& step : path) {
        // All u of the step that t may mean.
        const set u = intersection((t - set(step.time)) / set(step.length), set(0.0, 1.0));
        if (u.is_empty()) continue;
        const int pieces = std::max(1, static_cast<int>(std::ceil(u.width() * 8)));
        const set width = (set(u.upper()) - set(u.lower())) / set(pieces);
        for (int piece = 0; piece < pieces; ++piece) {
            const set part = intersection(u, set(u.lower()) + (set(piece) + set(0.0, 1.0)) * width);
            const std::vector<model> values = during(step, part, basis, state.size());
            const std::vector<set> range =
                hulls(whole_if_empty({}, *this),
                      [&](const box& symbols) { return restricted(values, symbols); });
            for (std::size_t s = 0; s < state.size(); ++s)
                result[s] = convex_hull(result[s], range[s]);
        }
    }
    return result;
}

} // namespace flowproof::rigorous
