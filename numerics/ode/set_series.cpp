#include "numerics/ode/set_series.hpp"

#include <algorithm>
#include <cstddef>

namespace flowproof::rigorous {

namespace {

class series_of_set {
public:
    series_of_set(const taylor_program& program, const std::vector<ball>& coefficients,
                  const std::vector<ball>& states)
        : program_(program), coefficients_(coefficients), row_(program.rows()) {
        for (std::size_t i = 0; i < states.size(); ++i) {
            row_[i].push_back(states[i]);
            bits_ = std::max(bits_, states[i].bits());
        }
    }

    /// Coefficient k of all rows, then k + 1 of the states.
    void advance(std::size_t k) {
        for (const taylor_instruction& i : program_.instructions())
            run(i, k);
        for (std::size_t i = 0; i < program_.states(); ++i)
            row_[i].push_back(form(program_.velocity()[i], k) / number(k + 1));
    }
    const std::vector<ball>& event() const {
        return row_[static_cast<std::size_t>(program_.event())];
    }

private:
    ball number(std::size_t k) const { return ball(static_cast<std::int64_t>(k)).with_bits(bits_); }
    std::vector<ball>& at(std::int32_t r) { return row_[static_cast<std::size_t>(r)]; }

    ball form(std::int32_t number_of_form, std::size_t k) {
        const affine_form& f = program_.forms()[static_cast<std::size_t>(number_of_form)];
        ball sum = k == 0 && f.constant >= 0 ? coefficients_[static_cast<std::size_t>(f.constant)]
                                             : number(0);
        for (const auto& t : f.terms) {
            const ball& x = at(t.row)[k];
            if (t.coefficient == affine_form::one)
                sum += x;
            else if (t.coefficient == affine_form::minus_one)
                sum -= x;
            else
                sum += coefficients_[static_cast<std::size_t>(t.coefficient)] * x;
        }
        return sum;
    }
    /// x_low y_(k-low) + ... + x_high y_(k-high)
    ball inner(std::int32_t x, std::int32_t y, std::size_t k, std::size_t low, std::size_t high) {
        ball sum = number(0);
        for (std::size_t j = low; j <= high && j <= k; ++j)
            sum += at(x)[j] * at(y)[k - j];
        return sum;
    }

    void run(const taylor_instruction& i, std::size_t k) {
        std::vector<ball>& r = at(i.out);
        switch (i.op) {
        case taylor_op::affine:
            r.push_back(form(i.x, k));
            break;
        case taylor_op::product:
            r.push_back(inner(i.x, i.y, k, 0, k));
            break;
        case taylor_op::square:
            r.push_back(k == 0 ? power(at(i.x)[0], 2) : inner(i.x, i.x, k, 0, k));
            break;
        case taylor_op::quotient:
            r.push_back((k == 0 ? at(i.x)[0] : at(i.x)[k] - inner(i.out, i.y, k, 0, k - 1)) /
                        at(i.y)[0]);
            break;
        case taylor_op::reciprocal:
            r.push_back((k == 0 ? number(1) : -inner(i.out, i.x, k, 0, k - 1)) / at(i.x)[0]);
            break;
        case taylor_op::sqrt:
            r.push_back(k == 0 ? sqrt(at(i.x)[0])
                               : (at(i.x)[k] - inner(i.out, i.out, k, 1, k - 1)) / (2 * r[0]));
            break;
        case taylor_op::slope:
            r.push_back(number(k) * at(i.x)[k]);
            break;
        case taylor_op::exp:
            r.push_back(k == 0 ? exp(at(i.x)[0]) : inner(i.y, i.out, k, 1, k) / number(k));
            break;
        case taylor_op::log:
            r.push_back(k == 0 ? log(at(i.x)[0]) : at(i.y)[k] / number(k));
            break;
        case taylor_op::sin_cos:
            std::vector<ball>& c = at(i.out + 1);
            if (k == 0) {
                r.push_back(sin(at(i.x)[0]));
                c.push_back(cos(at(i.x)[0]));
            } else {
                ball sine = inner(i.y, i.out + 1, k, 1, k) / number(k);
                c.push_back(-inner(i.y, i.out, k, 1, k) / number(k));
                r.push_back(std::move(sine));
            }
            break;
        }
    }

    const taylor_program& program_;
    const std::vector<ball>& coefficients_;
    std::vector<std::vector<ball>> row_;
    std::int64_t bits_ = 64;
};

} // namespace

std::vector<ball> event_series(const taylor_program& program, const std::vector<ball>& coefficients,
                               const std::vector<ball>& states, int order) {
    series_of_set s(program, coefficients, states);
    for (int k = 0; k <= order; ++k)
        s.advance(static_cast<std::size_t>(k));
    return {s.event().begin(), s.event().begin() + order + 1};
}

} // namespace flowproof::rigorous
