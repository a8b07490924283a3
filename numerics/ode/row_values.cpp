#include "numerics/ode/row_values.hpp"

#include "numerics/interval/elementary.hpp"
#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/evaluate.hpp"

namespace flowproof::rigorous {

using real_set = interval<double>;

std::vector<real_set> row_values(const taylor_program& program, const std::vector<real_set>& start,
                                 const std::vector<real_set>& parameters) {
    std::vector<ball> q;
    for (const real_set& p : parameters)
        q.push_back(ball::hull(rational::exactly(p.lower()), rational::exactly(p.upper()), 128));
    std::vector<real_set> coefficients;
    for (const ball& c : evaluate<ball>(program.coefficients(), q, embed<ball>{128}))
        coefficients.push_back(c.is_finite() ? real_set::hull(c.lower(), c.upper())
                                             : real_set::entire());
    std::vector<real_set> row = start;
    row.resize(program.rows());
    const auto at = [](std::int32_t i) { return static_cast<std::size_t>(i); };
    for (const taylor_instruction& i : program.instructions()) {
        real_set& r = row[at(i.out)];
        const real_set x = row[i.op == taylor_op::affine ? 0 : at(i.x)];
        switch (i.op) {
        case taylor_op::affine: {
            const affine_form& f = program.forms()[at(i.x)];
            real_set sum = f.constant >= 0 ? coefficients[at(f.constant)] : real_set();
            for (const auto& t : f.terms)
                sum += t.coefficient == affine_form::one ? row[at(t.row)]
                       : t.coefficient == affine_form::minus_one
                           ? -row[at(t.row)]
                           : coefficients[at(t.coefficient)] * row[at(t.row)];
            r = sum;
            break;
        }
        case taylor_op::product:
            r = x * row[at(i.y)];
            break;
        case taylor_op::square:
            r = square(x);
            break;
        case taylor_op::quotient:
            r = x / row[at(i.y)];
            break;
        case taylor_op::reciprocal:
            r = 1 / x;
            break;
        case taylor_op::sqrt:
            r = sqrt(x);
            break;
        case taylor_op::slope:
            break;
        case taylor_op::exp:
            r = exp(x);
            break;
        case taylor_op::log:
            r = log(x);
            break;
        case taylor_op::sin_cos:
            r = sin(x);
            row[at(i.out) + 1] = cos(x);
            break;
        }
    }
    return row;
}

} // namespace flowproof::rigorous
