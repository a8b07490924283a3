#include "numerics/ode/error_frame.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>

#include "numerics/ode/comparison.hpp"
#include "numerics/ode/doubleton.hpp"
#include "numerics/ode/field_range.hpp"
#include "numerics/ode/series_model.hpp"
#include "numerics/scalar/dual.hpp"
#include "numerics/scalar/evaluate.hpp"

namespace flowproof::rigorous {

namespace {

using bounds = std::vector<upper>;

/// Of the rows along p and of the linearised flow, which need not be more precise than the sets it
/// moves: higher terms of p count as deviations.
constexpr int order = 16;
constexpr std::int64_t bits = 128;

ball ball_of(const interval<double>& x) {
    return ball::hull(rational::exactly(x.lower()), rational::exactly(x.upper()), bits);
}

interval<double> interval_of(const ball& x) {
    return x.is_finite() ? interval<double>::hull(x.lower(), x.upper())
                         : interval<double>::entire();
}

bounds rescaled(const magnitudes& m, std::int64_t exponent) {
    bounds result;
    for (const double x : m.value)
        result.push_back(scaled(upper(x), m.exponent - exponent));
    return result;
}

magnitudes as_magnitudes(const bounds& b, std::int64_t exponent) {
    magnitudes result{{}, exponent};
    for (const upper& x : b)
        result.value.push_back(x.value());
    return result;
}

double largest_of(const bounds& b) {
    double result = 0;
    for (const upper& x : b)
        result = std::max(result, x.value());
    return result;
}

/// The exponent that makes the largest about 1; of zeros, so small that it does not count.
std::int64_t leading(const magnitudes& m) {
    const double largest = m.value.empty() ? 0 : *std::max_element(m.value.begin(), m.value.end());
    if (!(largest > 0 && std::isfinite(largest))) return std::numeric_limits<std::int32_t>::min();
    return m.exponent + std::ilogb(largest);
}

} // namespace

struct error_frame::parts {
    parts(const taylor_program& p, const std::vector<interval<double>>& q, const magnitudes& start,
          const magnitudes& d, transport transport_kind);

    outcome advance(const step_polynomial& p, const magnitudes& defect, const magnitudes& shift);

    const taylor_program& program;
    std::size_t n;
    transport how;
    magnitudes deviation;
    std::vector<std::size_t> wide; ///< parameters with a deviation
    std::vector<ball> parameters;  ///< q
    std::vector<enclosed_number> coefficients;
    std::vector<coefficient_range> ranges; ///< derivatives over deviation.exponent

    field_range field;
    std::optional<series_model> along, linear;
    doubleton set;
    bounds box;         ///< another bound of the errors, over the exponent of the set
    double growth = 2;  ///< of the largest error over the last step
    bool small = false; ///< are the errors so small that only the linear flow moved them?

    magnitudes tube, event;

private:
    void range_coefficients();
    std::vector<coefficient_range> ranges_at(std::int64_t exponent) const;
    void linearise();
    bool follow(const step_polynomial& p);
    std::int64_t choose_exponent(const magnitudes& defect, const magnitudes& shift) const;
};

error_frame::parts::parts(const taylor_program& p, const std::vector<interval<double>>& q,
                          const magnitudes& start, const magnitudes& d, transport kind)
    : program(p), n(p.states()), how(kind == transport::norm ? kind : transport::frame),
      deviation(d), field(program), set(0, {}, 0) {
    if (q.size() != p.parameters() || d.value.size() != q.size() || start.value.size() != n)
        throw std::invalid_argument(
            "error_frame: need " + std::to_string(n) + " states and " +
            std::to_string(p.parameters()) + " parameters and deviations, got " +
            std::to_string(start.value.size()) + ", " + std::to_string(q.size()) + " and " +
            std::to_string(d.value.size()));
    for (const auto& x : q)
        parameters.push_back(ball_of(x));
    const std::int64_t exponent = std::max(leading(start), leading(d));
    std::vector<double> origin;
    for (const upper& x : rescaled(start, exponent))
        origin.push_back(x.value());
    for (std::size_t j = 0; j < q.size(); ++j)
        if (d.value[j] != 0) {
            wide.push_back(j);
            origin.push_back(scaled(upper(d.value[j]), d.exponent - exponent).value());
        }
    set = doubleton(n, std::move(origin), exponent);
    box = set.radius();
    const auto constants = embed<ball>{bits};
    for (const ball& c : evaluate<ball>(program.coefficients(), parameters, constants))
        coefficients.push_back(enclosed(c));
    range_coefficients();
    along.emplace(bound_to(program, coefficients, true), order, 0);
    if (how == transport::frame) linearise();
}

/// Coefficients over all q + d, and their derivatives in the directions d.
void error_frame::parts::range_coefficients() {
    std::vector<ball> over_box = parameters;
    for (const std::size_t j : wide) {
        const double r = scaled(upper(deviation.value[j]), deviation.exponent).value();
        over_box[j] += ball::hull(-rational::exactly(r), rational::exactly(r), bits);
    }
    const embed<ball> constants{bits};
    const tape& t = program.coefficients();
    for (const ball& c : evaluate<ball>(t, over_box, constants))
        ranges.push_back({interval_of(c), 0, 0});
    using first = dual<ball>;
    using second = dual<first>;
    const embed<second> embedding{embed<first>{constants}};
    const ball zero(rational(0), bits), one(rational(1), bits);
    for (const std::size_t j : wide)
        for (const std::size_t k : wide) {
            if (k < j) continue;
            std::vector<second> inputs;
            for (std::size_t i = 0; i < over_box.size(); ++i)
                inputs.push_back({{over_box[i], i == j ? one : zero}, {i == k ? one : zero, zero}});
            const auto values = evaluate<second>(t, inputs, embedding);
            const upper dj = deviation.value[j], dk = deviation.value[k];
            for (std::size_t c = 0; c < values.size(); ++c) {
                const auto size = [](const ball& b) { return upper(interval_of(b).magnitude()); };
                if (j == k) ranges[c].first += size(values[c].value.slope) * dj;
                ranges[c].second += (j == k ? 1 : 2) * (size(values[c].slope.slope) * dj * dk);
            }
        }
}

std::vector<coefficient_range> error_frame::parts::ranges_at(std::int64_t exponent) const {
    std::vector<coefficient_range> result = ranges;
    const std::int64_t by = deviation.exponent - exponent;
    for (auto& r : result) {
        r.first = scaled(r.first, by);
        r.second = scaled(r.second, 2 * by);
    }
    return result;
}

void error_frame::parts::linearise() {
    using number = dual<ball>;
    const embed<number> constants{embed<ball>{bits}};
    const ball zero(rational(0), bits), one(rational(1), bits);
    std::vector<std::vector<enclosed_number>> slopes;
    for (const std::size_t j : wide) {
        std::vector<number> inputs;
        for (std::size_t i = 0; i < parameters.size(); ++i)
            inputs.push_back({parameters[i], i == j ? one : zero});
        slopes.emplace_back();
        for (const number& c : evaluate<number>(program.coefficients(), inputs, constants))
            slopes.back().push_back(enclosed(c.slope));
    }
    linear.emplace(linearised(program, coefficients, slopes), order, 0);
}

/// Rows along p and, for a frame, the linearised flow.
bool error_frame::parts::follow(const step_polynomial& p) {
    const std::size_t terms = static_cast<std::size_t>(p.order) + 1;
    std::vector<double> centre(order + 1);
    for (std::size_t i = 0; i < n; ++i) {
        upper rest = 0;
        for (std::size_t k = 0; k < terms; ++k) {
            const interval<double>& c = p.coefficients[i * terms + k];
            if (c.is_empty() || !c.is_bounded()) return false;
            if (k < centre.size()) {
                centre[k] = c.midpoint();
                rest += c.radius();
            } else {
                rest += c.magnitude();
            }
        }
        along->set_given(i, centre.data(), rest.value());
        if (linear) linear->set_given(i, centre.data(), rest.value());
    }
    if (linear)
        for (std::size_t j = 1; j < 1 + n + wide.size(); ++j)
            for (std::size_t i = 0; i < n; ++i)
                linear->set_start(j * n + i, {i + 1 == j ? 1.0 : 0.0});
    return along->expand(p.length) && along->bound(1) &&
           (!linear || (linear->expand(p.length) && linear->bound(1)));
}

/// Keeps the largest numbers near 1, but the exponent as long as it serves.
std::int64_t error_frame::parts::choose_exponent(const magnitudes& defect,
                                                 const magnitudes& shift) const {
    magnitudes now = as_magnitudes(box, set.exponent());
    now.value.insert(now.value.end(), set.origin().begin(), set.origin().end());
    const std::int64_t size = std::max({leading(now), leading(defect), leading(shift)});
    return std::abs(size - set.exponent()) > 300 ? size : set.exponent();
}

error_frame::outcome error_frame::parts::advance(const step_polynomial& p, const magnitudes& defect,
                                                 const magnitudes& shift) {
    if (!follow(p)) return outcome::undefined;
    const std::int64_t exponent = choose_exponent(defect, shift);
    if (exponent != set.exponent()) {
        for (upper& x : box)
            x = scaled(x, set.exponent() - exponent);
        set.set_exponent(exponent);
    }
    const auto range = ranges_at(exponent);
    const double h = std::abs(p.length);
    const bounds jump = rescaled(defect, exponent), moved = rescaled(shift, exponent);

    bounds start(n);
    for (std::size_t i = 0; i < n; ++i)
        start[i] = box[i] + jump[i];
    const double before = largest_of(start);

    // A tube: assumed, then confirmed by what the errors can do inside it. As long as errors are
    // small, a generous one, the same for all components, costs nothing.
    const double generous = 2 * growth * before;
    bounds w(n), forcing(n), throughout;
    const auto assume = [&](const bounds& about, double factor) {
        for (std::size_t i = 0; i < n; ++i)
            w[i] = upper(factor) * about[i] + 0x1p-900;
    };
    if (small)
        w.assign(n, generous + 0x1p-900);
    else
        assume(start, 1.5);
    std::optional<comparison> bound;
    bool confirmed = false, defined = true;
    for (int attempt = 0; attempt < 6 && !confirmed; ++attempt) {
        defined = field.evaluate(*along, range, w, exponent);
        if (!defined) {
            if (attempt > 0 || !small) return outcome::undefined;
            assume(start, 1.5);
            continue;
        }
        bound.emplace(field.jacobian(), n, p.length);
        if (!bound->usable()) return outcome::too_wide;
        forcing = jump;
        const bounds slope = field.parameter_slope(range);
        for (std::size_t i = 0; i < n; ++i)
            forcing[i] += slope[i] * h;
        throughout = bound->throughout(box, forcing);
        confirmed = true;
        for (std::size_t i = 0; i < n; ++i)
            if (!(throughout[i].value() < w[i].value())) confirmed = false;
        if (!confirmed) assume(throughout, 1.125);
    }
    if (!confirmed) return outcome::too_wide;
    const double met = before + largest_of(forcing); // what a flow at rest would make of it
    const double grown = largest_of(throughout) / met;

    bounds rest = field.curvature(range);
    for (upper& x : rest)
        x = scaled(upper(0.5) * x * h, exponent);
    const double share = largest_of(rest) / met;
    // The tube's bounds hold for all of a step: where they matter, it should not grow much.
    if (share > 0.01 && grown > 1.5) return outcome::too_wide;

    bounds next = bound->end(box, forcing);
    for (std::size_t i = 0; i < n; ++i)
        next[i] += moved[i];
    if (how == transport::frame) {
        bounds local = jump;
        for (std::size_t i = 0; i < n; ++i)
            local[i] += rest[i];
        local = bound->response(local);
        for (std::size_t i = 0; i < n; ++i)
            local[i] += moved[i];
        const std::size_t directions = n + wide.size();
        near_matrix flow{std::vector<double>(n * n), bounds(n * n)};
        near_matrix later{std::vector<double>(n * wide.size()), bounds(n * wide.size())};
        bounds defects(n);
        for (std::size_t j = 0; j < directions; ++j) {
            for (std::size_t i = 0; i < n; ++i)
                defects[i] = linear->defect((j + 1) * n + i);
            const bounds off = bound->response(defects);
            for (std::size_t i = 0; i < n; ++i) {
                double rounding = 0;
                const double value = linear->end((j + 1) * n + i, rounding).high;
                const std::size_t place = j < n ? i * n + j : i * wide.size() + (j - n);
                near_matrix& m = j < n ? flow : later;
                m.centre[place] = value;
                m.error[place] = off[i] + rounding + std::abs(value) * 0x1p-52;
            }
        }
        set.move(flow, later, local);
        const bounds own = set.radius();
        for (std::size_t i = 0; i < n; ++i)
            next[i] = std::min(next[i].value(), own[i].value());
    }
    box = next;
    growth = grown;
    small = share < 1e-6;
    tube = as_magnitudes(throughout, exponent);
    event = {};
    if (program.event() >= 0) {
        event.exponent = exponent;
        event.value = {field.deviation(static_cast<std::size_t>(program.event())).value()};
    }
    return outcome::moved;
}

error_frame::error_frame(const taylor_program& program, std::vector<interval<double>> parameters,
                         const magnitudes& start, const magnitudes& deviation, transport how)
    : parts_(std::make_unique<parts>(program, parameters, start, deviation, how)) {}
error_frame::error_frame(const error_frame& x) : parts_(std::make_unique<parts>(*x.parts_)) {}
error_frame::error_frame(error_frame&&) noexcept = default;
error_frame& error_frame::operator=(error_frame&&) noexcept = default;
error_frame::~error_frame() = default;

error_frame::outcome error_frame::advance(const step_polynomial& p, const magnitudes& defect,
                                          const magnitudes& shift) {
    return parts_->advance(p, defect, shift);
}
magnitudes error_frame::radius() const {
    return as_magnitudes(parts_->box, parts_->set.exponent());
}
const magnitudes& error_frame::tube() const { return parts_->tube; }
const magnitudes& error_frame::event_deviation() const { return parts_->event; }
interval<double> error_frame::event_rate() const { return parts_->field.event_rate(); }

} // namespace flowproof::rigorous
