#include "numerics/ode/series_program.hpp"

#include <limits>
#include <utility>

#include "numerics/interval/interval.hpp"

namespace flowproof::rigorous {

enclosed_number enclosed(const ball& x) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (!x.is_finite()) return {infinity, 0, infinity};
    const rational middle = x.midpoint();
    const double high = middle.nearest();
    if (!rounding::is_finite(high)) return {infinity, 0, infinity};
    const rational rest = middle - rational::exactly(high);
    const double low = rest.nearest();
    const rational error = abs(rest - rational::exactly(low)) + x.radius();
    return {high, low, interval<double>::enclosing(error).upper()};
}

series_program bound_to(const taylor_program& program, std::vector<enclosed_number> coefficients,
                        bool with_event) {
    const auto& all = program.instructions();
    const auto count =
        static_cast<std::ptrdiff_t>(with_event ? all.size() : program.velocity_instructions());
    return {program.states(), program.rows(),     {all.begin(), all.begin() + count},
            program.forms(),  program.velocity(), std::move(coefficients)};
}

namespace {

/// Writes the derivative of each instruction in one direction.
class differentiator {
public:
    differentiator(const taylor_program& source, series_program& out)
        : source_(source), out_(out), base_(out.states - source.states()) {
        // Rows of the source follow all the states.
        two_ = constant(2), half_ = constant(0.5);
        out_.rows = base_ + source.rows();
        for (std::size_t n = 0; n < source.velocity_instructions(); ++n) {
            taylor_instruction i = source.instructions()[n];
            const taylor_op op = i.op;
            i.out = moved(i.out);
            if (op == taylor_op::affine) {
                i.x = moved_form(source.forms()[static_cast<std::size_t>(i.x)]);
            } else {
                i.x = moved(i.x), i.y = moved(i.y);
            }
            out_.instructions.push_back(i);
        }
        for (const std::int32_t v : source.velocity())
            base_velocity_.push_back(v);
    }

    /// @param first   where the n tangent states begin.
    /// @param slopes  of the coefficients; none for a direction of the start.
    void add(std::int32_t first, const std::vector<enclosed_number>* slopes) {
        tangent_.assign(source_.rows(), 0);
        for (std::size_t i = 0; i < source_.states(); ++i)
            tangent_[i] = first + static_cast<std::int32_t>(i);
        slope_.assign(source_.coefficients().outputs().size(), affine_form::none);
        if (slopes)
            for (std::size_t c = 0; c < slopes->size(); ++c) {
                const enclosed_number& s = (*slopes)[c];
                if (s.high == 0 && s.low == 0 && s.error == 0) continue;
                slope_[c] = static_cast<std::int32_t>(out_.coefficients.size());
                out_.coefficients.push_back(s);
            }
        for (std::size_t n = 0; n < source_.velocity_instructions(); ++n)
            differentiate(source_.instructions()[n]);
        for (const std::int32_t v : base_velocity_)
            out_.velocity.push_back(keep(derivative(source_.forms()[static_cast<std::size_t>(v)])));
    }

private:
    std::int32_t constant(double value) {
        out_.coefficients.push_back({value, 0, 0});
        return static_cast<std::int32_t>(out_.coefficients.size()) - 1;
    }
    std::int32_t moved(std::int32_t row) const {
        return static_cast<std::size_t>(row) < source_.states()
                   ? row
                   : row + static_cast<std::int32_t>(base_);
    }
    std::int32_t keep(affine_form f) {
        out_.forms.push_back(std::move(f));
        return static_cast<std::int32_t>(out_.forms.size()) - 1;
    }
    std::int32_t moved_form(affine_form f) {
        for (auto& t : f.terms)
            t.row = moved(t.row);
        return keep(std::move(f));
    }
    /// sum c_i dx_i + dc_0 + sum dc_i x_i
    affine_form derivative(const affine_form& f) const {
        affine_form d;
        if (f.constant >= 0) d.constant = slope_[static_cast<std::size_t>(f.constant)];
        for (const auto& t : f.terms)
            d.terms.push_back({t.coefficient, tangent_[static_cast<std::size_t>(t.row)]});
        for (const auto& t : f.terms)
            if (t.coefficient >= 0 && slope_[static_cast<std::size_t>(t.coefficient)] >= 0)
                d.terms.push_back({slope_[static_cast<std::size_t>(t.coefficient)], moved(t.row)});
        return d;
    }
    std::int32_t emit(taylor_op op, std::int32_t x, std::int32_t y) {
        const auto row = static_cast<std::int32_t>(out_.rows++);
        out_.instructions.push_back({op, row, x, y});
        return row;
    }
    std::int32_t sum(std::int32_t c, std::int32_t x) {
        return emit(taylor_op::affine, keep({affine_form::none, {{c, x}}}), 0);
    }
    std::int32_t sum(std::int32_t c, std::int32_t x, std::int32_t d, std::int32_t y) {
        return emit(taylor_op::affine, keep({affine_form::none, {{c, x}, {d, y}}}), 0);
    }
    std::int32_t product(std::int32_t x, std::int32_t y) { return emit(taylor_op::product, x, y); }

    void differentiate(const taylor_instruction& i) {
        constexpr std::int32_t one = affine_form::one, minus = affine_form::minus_one;
        const auto tangent = [&](std::int32_t row) {
            return tangent_[static_cast<std::size_t>(row)];
        };
        std::int32_t& d = tangent_[static_cast<std::size_t>(i.out)];
        const std::int32_t r = moved(i.out);
        switch (i.op) {
        case taylor_op::affine:
            d = emit(taylor_op::affine,
                     keep(derivative(source_.forms()[static_cast<std::size_t>(i.x)])), 0);
            break;
        case taylor_op::product:
            d = sum(one, product(moved(i.x), tangent(i.y)), one, product(moved(i.y), tangent(i.x)));
            break;
        case taylor_op::square:
            d = sum(two_, product(moved(i.x), tangent(i.x)));
            break;
        case taylor_op::quotient:
            if (is_slope(i.x)) break; // of log, which needs no derivative of it
            d = emit(taylor_op::quotient, sum(one, tangent(i.x), minus, product(r, tangent(i.y))),
                     moved(i.y));
            break;
        case taylor_op::reciprocal:
            d = sum(minus, product(r, product(r, tangent(i.x))));
            break;
        case taylor_op::sqrt:
            d = sum(half_, emit(taylor_op::quotient, tangent(i.x), r));
            break;
        case taylor_op::slope:
            break;
        case taylor_op::exp:
            d = product(r, tangent(i.x));
            break;
        case taylor_op::log:
            d = emit(taylor_op::quotient, tangent(i.x), moved(i.x));
            break;
        case taylor_op::sin_cos:
            d = product(r + 1, tangent(i.x));
            tangent_[static_cast<std::size_t>(i.out) + 1] = sum(minus, product(r, tangent(i.x)));
            break;
        }
    }
    bool is_slope(std::int32_t row) const {
        for (const taylor_instruction& i : source_.instructions())
            if (i.out == row) return i.op == taylor_op::slope;
        return false;
    }

    const taylor_program& source_;
    series_program& out_;
    std::size_t base_;
    std::int32_t two_ = 0, half_ = 0;
    std::vector<std::int32_t> tangent_, slope_, base_velocity_;
};

} // namespace

series_program linearised(const taylor_program& program, std::vector<enclosed_number> coefficients,
                          std::span<const std::vector<enclosed_number>> slopes) {
    const std::size_t n = program.states();
    series_program result;
    result.coefficients = std::move(coefficients);
    result.states = n * (1 + n + slopes.size());
    result.velocity.assign(n, series_program::given);
    differentiator all(program, result);
    for (std::size_t j = 0; j < n + slopes.size(); ++j)
        all.add(static_cast<std::int32_t>(n * (j + 1)), j < n ? nullptr : &slopes[j - n]);
    return result;
}

} // namespace flowproof::rigorous
