#include "numerics/ode/flow_certificate.hpp"

#include <algorithm>
#include <stdexcept>

#include "numerics/ode/magnitude.hpp"
#include "numerics/scalar/flint.hpp"

namespace flowproof::rigorous {

namespace {

arb_srcptr raw(const ball& x) { return static_cast<arb_srcptr>(x.raw()); }

/// "m*2^e", m odd, or an integer.
std::string dyadic(const arf_t x) {
    fmpz_t m, e;
    fmpz_init(m);
    fmpz_init(e);
    arf_get_fmpz_2exp(m, e, x);
    char* const mantissa = fmpz_get_str(nullptr, 10, m);
    char* const exponent = fmpz_get_str(nullptr, 10, e);
    std::string text = mantissa;
    if (!fmpz_is_zero(e) && !fmpz_is_zero(m)) text += std::string("*2^") + exponent;
    flint_free(mantissa);
    flint_free(exponent);
    fmpz_clear(m);
    fmpz_clear(e);
    return text;
}
std::string dyadic(const ball& exact) { return dyadic(arb_midref(raw(exact))); }
std::string dyadic(const magnitude& x) {
    arf_t y;
    arf_init(y);
    arf_set_mag(y, x.raw());
    std::string text = dyadic(y);
    arf_clear(y);
    return text;
}

std::string number(const rational& q) { return q.str(); }

void add_tape(std::string& text, const char* name, const tape& t) {
    text += std::string("tape ") + name + "\n" + t.text();
    if (text.back() != '\n') text += '\n';
    text += "end\n";
}

/// The crossing, widened on both sides by what another arithmetic may need to see its ends apart
/// from it, but within the steps: "from to".
std::string wider_crossing(const tube<ball>& run) {
    constexpr slong widening = 16;
    const slong bits = run.time.bits() + 64;
    const tube_step<ball>& last = run.path.back();
    arf_t low, high, margin, end;
    for (arf_ptr x : {low, high, margin, end})
        arf_init(x);
    arb_get_interval_arf(low, high, raw(run.time), bits);
    arf_sub(margin, high, low, bits, ARF_RND_UP);
    arf_mul_si(margin, margin, widening, bits, ARF_RND_UP);
    arf_sub(low, low, margin, bits, ARF_RND_FLOOR);
    arf_add(high, high, margin, bits, ARF_RND_CEIL);
    arf_add(end, arb_midref(raw(last.time)), arb_midref(raw(last.length)), ARF_PREC_EXACT,
            ARF_RND_DOWN); // of few bits
    if (arf_sgn(arb_midref(raw(last.length))) > 0) {
        if (arf_cmp(high, end) > 0) arf_set(high, end);
    } else if (arf_cmp(low, end) < 0) {
        arf_set(low, end);
    }
    std::string text = dyadic(low) + " " + dyadic(high);
    for (arf_ptr x : {low, high, margin, end})
        arf_clear(x);
    return text;
}

/// The centre at the end of the step, with weights and error: "m ; w ; e".
std::string end_of(const tube_step<ball>& step) {
    const norm_claim<ball>& claim = *step.norm;
    const std::size_t n = step.deviation.size(), stride = static_cast<std::size_t>(step.order) + 1;
    std::string centre, weights;
    magnitude error;
    arb_t y;
    arb_init(y);
    for (std::size_t i = 0; i < n; ++i) {
        arb_zero(y);
        for (std::size_t k = stride; k-- > 0;) {
            arb_mul(y, y, raw(step.length), claim.bits + 10);
            arb_add(y, y, raw(step.coefficients[i * stride + k]), claim.bits + 10);
        }
        arb_set_round(y, y, claim.bits);
        centre += dyadic(arb_midref(y)) + " ";
        weights += dyadic(claim.weights[i]) + " ";
        const magnitude w = magnitude::of(raw(claim.weights[i])); // exact, of few bits
        error = max(error, magnitude(arb_radref(y)) / w);
    }
    arb_clear(y);
    return centre + "; " + weights + "; " + dyadic(error + magnitude::of(raw(claim.after)));
}

} // namespace

std::string flow_certificate(const flow_statement& statement, const tube<ball>& run) {
    const auto refuse = [](const std::string& rule, const std::string& got) {
        throw std::invalid_argument("flow_certificate: need " + rule + ", got " + got);
    };
    const std::vector<std::string>& names = statement.velocity.variables();
    const std::size_t states = statement.velocity.outputs().size();
    if (run.why != (statement.event ? ending::crossed : ending::reached))
        refuse("a run that has come to its end or its event", std::string(name(run.why)));
    if (statement.start.size() != states || names.size() != states + statement.parameters.size() ||
        run.state.size() != states)
        refuse(std::to_string(states) + " starts and a value for each of " +
                   std::to_string(names.size()) + " variables",
               std::to_string(statement.start.size()) + " and " +
                   std::to_string(statement.parameters.size()) + " parameters");
    if (run.path.empty() || !std::all_of(run.path.begin(), run.path.end(),
                                         [](const auto& s) { return s.norm.has_value(); }))
        refuse("a path kept with transport::norm", "another or none");

    std::string text = "flowproof-certificate 1 flow\n";
    add_tape(text, "velocity", statement.velocity);
    text += "states";
    for (std::size_t i = 0; i < states; ++i)
        text += " " + names[i];
    text += "\n";
    for (std::size_t i = states; i < names.size(); ++i)
        text += "parameter " + names[i] + " " + number(statement.parameters[i - states]) + "\n";
    text += "start";
    for (const rational& q : statement.start)
        text += " " + number(q);
    text += "\n";
    add_tape(text, "observed", statement.observed);
    if (statement.event) {
        add_tape(text, "event", *statement.event);
        text += "crossing " + wider_crossing(run) + "\n";
        text += "side " + std::to_string(run.side) + "\n";
    }
    for (const tube_step<ball>& step : run.path) {
        const norm_claim<ball>& claim = *step.norm;
        const std::size_t stride = static_cast<std::size_t>(step.order) + 1;
        text += "step " + dyadic(step.length) + " " + std::to_string(step.order) + " " +
                std::to_string(claim.bits) + " ;";
        for (std::size_t i = 0; i < states; ++i)
            text += " " + dyadic(step.coefficients[i * stride]);
        text += " ;";
        for (const ball& w : claim.weights)
            text += " " + dyadic(w);
        for (const ball& x : {claim.before, claim.within, claim.after})
            text += " ; " + dyadic(x);
        text += "\n";
    }
    text += "final " + end_of(run.path.back()) + "\n";
    for (const auto& v : statement.values)
        text += "value " + std::to_string(v.output) + " " + (v.lower ? number(*v.lower) : "-inf") +
                " " + (v.upper ? number(*v.upper) : "inf") + "\n";
    return text + "qed\n";
}

} // namespace flowproof::rigorous
