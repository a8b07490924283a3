#include <string>

#include "theory/scb/figures.hpp"

namespace flowproof::scb {

namespace {

using kind = layer::kind;

const std::vector<side>& signal_box() {
    static const std::vector<side> box = {{"KP", rational(29, 100), rational(31, 100)},
                                          {"KQ", rational(44, 100), rational(46, 100)}};
    return box;
}

arguments from_zero(const rational& T) {
    return arguments().set("T", T).set("alphaV", rational(0)).set("alphaA", rational(0));
}

/// The enclosure for the whole box, and the orbit at its centre.
void add_flow(panel& to, const rational& T, std::size_t entry, const std::string& label) {
    layer tube{kind::tube, "scb.flow", from_zero(T), label.empty() ? "" : label + ", enclosed"};
    tube.entries = {entry};
    tube.box = signal_box();
    to.layers.push_back(std::move(tube));
    layer orbit{kind::curve, "scb.flow", from_zero(T), label.empty() ? "" : label + ", centre"};
    for (const side& s : signal_box())
        orbit.at.set(s.variable, (s.lower + s.upper) / rational(2));
    orbit.entries = {entry};
    to.layers.push_back(std::move(orbit));
}

} // namespace

figure enclosed_flow() {
    const axis t{"t", "time t", rational(0), rational(80), 321};
    std::vector<panel> panels;
    for (const std::size_t entry : {std::size_t{0}, std::size_t{1}}) {
        panel p{{entry == 0 ? "alphaV" : "alphaA", entry == 0 ? "α_V" : "α_A", rational(0),
                 rational(0), 2},
                {}};
        add_flow(p, rational(100), entry, entry == 0 ? "T = 10^2" : "");
        add_flow(p, rational(100'000'000), entry, entry == 0 ? "T = 10^8" : "");
        panels.push_back(std::move(p));
    }
    return {.id = "scb.enclosure",
            .title = "Enclosed for all K_P in [0.29, 0.31], K_Q in [0.44, 0.46]",
            .claim = "scb.flow.box",
            .x = t,
            .panels = std::move(panels)};
}

figure stability() {
    const axis etaV{"etaV", "step size η_V", rational(1, 64), rational(6), 2};
    const axis etaA{"etaA", "step size η_A", rational(1, 64), rational(6), 2};
    arguments at;
    at.set("KP", rational(1, 2)).set("KQ", rational(1, 3)).set("T", rational(10));
    panel plane{etaA, {}};
    for (const auto& [sign, label] : std::vector<std::pair<int, const char*>>{
             {1, "stable, proved"}, {-1, "unstable, proved"}, {0, "boundary, undecided"}}) {
        layer parts{kind::boxes, "scb.discrete.jury", at, label};
        parts.sign = sign;
        plane.layers.push_back(std::move(parts));
    }
    return {.id = "scb.discrete.stability",
            .title = "Steps for which (1, 1) is stable, K_P = 1/2, K_Q = 1/3, T = 10",
            .claim = "scb.discrete",
            .x = etaV,
            .panels = {std::move(plane)}};
}

} // namespace flowproof::scb
