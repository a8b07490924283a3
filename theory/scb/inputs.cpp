#include "theory/scb/inputs.hpp"

#include <stdexcept>

#include "theory/core/worksheet.hpp"

namespace flowproof::scb {

parameter declared(const std::string& name) {
    const std::vector<parameter> all = {
        {"KP", "signal of P, K_P", "1", "> 0"},
        {"KQ", "signal of Q, K_Q", "1", "> 0"},
        {"T", "context length", "1", "> 0"},
        {"alphaV", "signal strength of V", "1", ""},
        {"alphaA", "signal strength of A", "1", ""},
        {"deltaV", "off-manifold energy of V", "1", ">= 0"},
        {"deltaA", "off-manifold energy of A", "1", ">= 0"},
        {"etaV", "step size of V", "1", "> 0"},
        {"etaA", "step size of A", "1", "> 0"},
        {"n", "number of steps", "1", "integer in 0 .. 10^6"},
        {"theta", "share of the pretrained weights", "1", ""},
        {"t", "time", "1", ""},
        {"epsilon", "excess loss to be reached", "1", "> 0"},
        {"Qs", "attended positions per column, Q_s", "1", "> 0"},
        {"lambda", "l1 weight", "1", ">= 0"},
        {"eta", "step size", "1", "> 0"},
        {"z", "one column before the l1 step", "T x 1", ""},
        {"q", "one column of Q", "T x 1", "sums to 1"},
        {"C", "<Pbar, Vbar>_mu", "1", ""},
        {"W", "|Vbar|_mu^2", "1", "> 0"},
    };
    for (const parameter& p : all)
        if (p.name == name) return p;
    throw std::logic_error("scb::declared: no parameter " + name);
}

rational default_of(const std::string& name) {
    if (name == "KP" || name == "etaV" || name == "etaA" || name == "theta") return {1, 2};
    if (name == "KQ") return {1, 3};
    if (name == "T") return rational(100);
    if (name == "n") return rational(20);
    if (name == "t") return rational(10);
    if (name == "epsilon") return {1, 1000};
    if (name == "Qs") return rational(2);
    if (name == "eta") return rational(1);
    return rational(0);
}

quantity of_scalars(std::string id, std::string description, std::string latex,
                    const std::vector<std::string>& names, recorded_formula value) {
    quantity q{.id = std::move(id),
               .description = std::move(description),
               .latex = std::move(latex),
               .parameters = {},
               .defaults = {},
               .value = formula{}};
    worksheet sheet;
    std::vector<expr> inputs;
    for (const std::string& name : names) {
        const parameter p = declared(name);
        q.parameters.push_back(p);
        q.defaults.set(name, default_of(name));
        inputs.push_back(sheet.symbol(name));
        if (p.domain == "> 0") sheet.require(inputs.back(), relation::positive, name + " > 0");
        if (p.domain == ">= 0") sheet.require(inputs.back(), relation::nonnegative, name + " >= 0");
    }
    const std::vector<expr> outputs = value(inputs);
    q.value = sheet.finish(outputs, outputs.size(), 1);
    if (outputs.size() > 1) q.shape = std::to_string(outputs.size()) + " x 1";
    return q;
}

} // namespace flowproof::scb
