#include "theory/scb/claims.hpp"
#include "theory/scb/dynamics.hpp"

namespace flowproof::scb {

namespace {

struct landing {
    rational T;
    bounds alphaV, alphaA, p;
};

/// Where all flows of the box have landed at t = 80.
flow_on_box landed(const landing& at) {
    return {.of = ask({.observed =
                           [](letters& x) {
                               return std::vector<expr>{x["u"], x["v"], x.p()};
                           }}),
            .box = {{"KP", {29, 100}, {31, 100}},
                    {"KQ", {44, 100}, {46, 100}},
                    {"T", at.T, at.T},
                    {"t", 80, 80}},
            .within = {at.alphaV, at.alphaA, at.p}};
}

bounds decimal(const char* lower, const char* upper) {
    return between(rational::parse(lower), rational::parse(upper));
}

landing short_context() {
    return {100, decimal("1.0714", "1.0941"), decimal("0.9129", "0.9325"),
            decimal("0.9986", "0.9993")};
}
landing long_context() {
    return {100'000'000, decimal("1.0912", "1.1225"), decimal("0.8908", "0.9164"),
            decimal("0.999", "1.001")};
}

claim box_claim() {
    const std::string quick = "T = 10^2", slow = "T = 10^8";
    landing low_V = short_context(), high_A = long_context();
    low_V.alphaV = decimal("1.0714", "1.0930");
    high_A.alphaA = decimal("0.8920", "0.9164");
    return {
        .id = "scb.flow.box",
        .statement = "for all K_P within 0.01 of 0.3 and K_Q within 0.01 of 0.45 the flow from "
                     "(0, 0) has landed at t = 80, above 1 in alphaV and below in alphaA",
        .latex =
            R"(T=10^2:\ \alpha_V\in[1.0714,1.0941],\ \alpha_A\in[0.9129,0.9325],\ p\in[0.9986,0.9993];\quad T=10^8:\ \alpha_V\in[1.0912,1.1225],\ \alpha_A\in[0.8908,0.9164])",
        .from = extension("ranges over a box of parameters"),
        .hypotheses = {"K_P in [29/100, 31/100], K_Q in [44/100, 46/100]; T = 10^2, 10^8",
                       "start at (0, 0)"},
        .method = "one integration for the whole box with K_P and K_Q as symbols, without "
                  "splitting it",
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma(quick, landed(short_context())),
                            make_lemma(slow, landed(long_context()))}},
        .twins = {{"alphaV up to 1.0930", landed(low_V), quick},
                  {"alphaA from 0.8920", landed(high_A), slow}},
        .quantities = {"scb.flow"},
        .figures = {"scb.enclosure"},
    };
}

} // namespace

std::vector<claim> flow_box_claims() { return {box_claim()}; }

} // namespace flowproof::scb
